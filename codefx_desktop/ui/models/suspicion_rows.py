"""Tracks that may have been mixed up, for a person to walk through, and what can be done there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.domain.edit import DismissOp, TrackDeed, TrackOp
from codefx_desktop.domain.edit_log import said
from codefx_desktop.jobs import review_boxes
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.corrected import Suspicion
    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.jobs.review_values import ReviewRead


@dataclass(frozen=True, slots=True)
class TrackFix:
    """Something that can be done about a suspicion.

    Attributes:
        name: On its button.
        told: For the undo menu and the audit.
        op: What it does; None where it cannot be done.
        why: What it does, or why it cannot be done, as a sentence.
    """

    name: str
    told: str
    op: EditOp | None
    why: str


def suspicions_left(read: ReviewRead | None) -> tuple[Suspicion, ...]:
    """Return the suspicions that no person has found to be none."""
    if read is None or not read.suspicions:
        return ()
    fine = {(op.track_id, op.other_id, op.frame_number) for op in said(read.steps, DismissOp)}
    return tuple(
        one for one in read.suspicions if (one.track_id, one.other_id, one.frame_number) not in fine
    )


def head_of(one: Suspicion) -> str:
    """Return which tracks a suspicion is about: ``#2 and #3``."""
    return f"#{one.track_id}" if one.other_id is None else f"#{one.track_id} and #{one.other_id}"


def line_of(one: Suspicion) -> str:
    """Return where it is and how much speaks for it: ``frame 120, 4.000 s, 80 %``."""
    at = f"frame {words.count(one.frame_number)}, {one.time_s:.3f} s"
    return f"{at}, {one.score * 100:.0f} % suspicious"


def whole_of(one: Suspicion) -> str:
    """Return all about a suspicion in one line."""
    return f"{head_of(one)}, {line_of(one)}: {one.why}"


def fixes_of(read: ReviewRead, one: Suspicion) -> tuple[TrackFix, TrackFix, TrackFix]:
    """Return what can be done: exchange or join, split, leave it."""
    track, number = one.track_id, one.frame_number
    split = TrackFix(
        "Split",
        f"Split #{track} at frame {number}",
        review_boxes.split(read, track, number),
        f"From frame {number} on #{track} is a new track",
    )
    fine = TrackFix(
        "Fine",
        f"Track {head_of(one)} is fine at frame {number}",
        DismissOp(track, one.other_id, number),
        "Nothing is wrong here; it is not listed again",
    )
    return _exchange(read, one), split, fine


def _exchange(read: ReviewRead, one: Suspicion) -> TrackFix:
    track, other, number = one.track_id, one.other_id, one.frame_number
    if other is None:
        why = "Only one track is suspected here: there is none to exchange it with"
        return TrackFix("Exchange", "", None, why)
    if not _goes_on(read, track, number):  # it ended: the other one is how it goes on
        return TrackFix(
            "Join",
            f"Join #{other} to #{track} from frame {number}",
            TrackOp(TrackDeed.RELABEL, other, number, other_id=track),
            f"From frame {number} on #{other} is #{track}, which ended before",
        )
    return TrackFix(
        "Exchange",
        f"Exchange #{track} and #{other} from frame {number}",
        TrackOp(TrackDeed.SWAP, track, number, other_id=other),
        f"From frame {number} on #{track} and #{other} exchange their boxes",
    )


def _goes_on(read: ReviewRead, track: int, number: int) -> bool:
    """Return whether a track has boxes on a frame or later."""
    if read.corrected is None:
        return False
    objects = read.corrected.objects
    first = np.searchsorted(read.numbers, number)
    begin = int(np.searchsorted(objects.frame, first))
    return bool((objects.track_id[begin:] == track).any())
