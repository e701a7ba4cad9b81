"""What two people corrected differently: what each said, which of them holds, where to look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.edit import BoxOp, ChooseOp, EventDeed, EventOp, MarkOp, TrackOp
from codefx_desktop.domain.edit_log import holding
from codefx_desktop.ui.models.stop_words import event_name

if TYPE_CHECKING:
    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.edit_merge import Conflict
    from codefx_desktop.domain.events import Event
    from codefx_desktop.jobs.review_values import ReviewRead


class Kept(StrEnum):
    """Which of two corrections holds."""

    BOTH = "both"
    MINE = "mine"
    THEIRS = "theirs"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Two steps of two people that touch the same.

    Attributes:
        conflict: The steps.
        about: What both touch.
        mine: What this machine's step said.
        theirs: What the other one said.
        who: Whose the other one is.
        kept: Which of them holds; both: nobody has decided.
        frame: Where to look; None where it is about no frame.
    """

    conflict: Conflict
    about: str
    mine: str
    theirs: str
    who: str
    kept: Kept
    frame: int | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.kept is Kept.BOTH

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.kept is Kept.BOTH:
            return f"yours and {self.who}'s"
        held = {Kept.MINE: "yours holds", Kept.THEIRS: f"{self.who}'s holds"}
        return held.get(self.kept, "neither holds")

    def choice(self, *, mine: bool) -> tuple[str, ChooseOp]:
        """Return the step that decides for one of them: its words, and what it does."""
        keys = self.conflict.mine.key, self.conflict.theirs.key
        kept, dropped = keys if mine else reversed(keys)
        word = "Keep mine" if mine else f"Take {self.who}'s"
        return f"{word}: {self.about}", ChooseOp(kept, dropped)


def conflict_rows(read: ReviewRead | None) -> tuple[ConflictRow, ...]:
    """Return all conflicts of a review, those that wait for a decision first."""
    if read is None or not read.conflicts:
        return ()
    held = {step.key for step in holding(read.steps)}
    rows = [_row(one, held, read) for one in read.conflicts]
    return tuple(sorted(rows, key=lambda row: not row.is_open))


def conflicts_left(read: ReviewRead) -> tuple[Conflict, ...]:
    """Return the conflicts that wait for a decision."""
    return tuple(row.conflict for row in conflict_rows(read) if row.is_open)


def _row(one: Conflict, held: set[str], read: ReviewRead) -> ConflictRow:
    both = one.mine.key in held, one.theirs.key in held
    kept = {(True, True): Kept.BOTH, (True, False): Kept.MINE, (False, True): Kept.THEIRS}
    about = _about(one, read)
    return ConflictRow(
        one,
        f"{about[:1].upper()}{about[1:]}",
        _said(one.mine),
        _said(one.theirs),
        one.theirs.who or "somebody",
        kept.get(both, Kept.NONE),
        next(filter(lambda n: n is not None, map(_frame, (*one.mine.ops, *one.theirs.ops))), None),
    )


def _about(one: Conflict, read: ReviewRead) -> str:
    """Return what both touch; an event by the name that it has on screen."""
    ops = one.mine.ops
    if len(ops) != 1 or not isinstance(ops[0], EventOp):
        return ", ".join(one.about)
    op = ops[0]
    name = event_name(op.before.kind, op.before.place, read.labels)
    stop = f" of stop {op.stop}" if len(read.stops) > 1 else ""
    return f"{'Note at ' if op.deed is EventDeed.NOTE else ''}{name}{stop}"


def _said(step: EditStep) -> str:
    """Return a step in words, of a moved event also where that is now."""
    if len(step.ops) == 1 and isinstance(step.ops[0], EventOp):
        op = step.ops[0]
        more = f"“{op.note}”" if op.deed is EventDeed.NOTE else _when(op.after)
        return f"{step.text}: {more}"
    return step.text


def _when(event: Event) -> str:
    if event.time_s is None:
        return "it did not happen so"
    at = f"{event.time_s:.3f} s"
    return at if event.frame_number is None else f"{at}, frame {event.frame_number:,}"


def _frame(op: EditOp) -> int | None:
    """Return a frame on which to look at what an op does."""
    match op:
        case BoxOp():
            return op.frame_number
        case TrackOp():
            return op.first_frame
        case EventOp():
            said, found = op.after.frame_number, op.before.frame_number
            return found if said is None else said
        case MarkOp():
            return None if op.after is None else op.after.begins_frame
        case _:
            return None
