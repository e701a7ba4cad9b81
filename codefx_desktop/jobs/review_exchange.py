"""The log of a review between machines: pushed as a new revision, others' steps taken in.

A log that somebody else pushed is never written over: what it has and this machine's has not comes
in first, before this one's own steps. Where two people touched the same, both stay in the log and
a person is told; a push waits for them once.
"""

from __future__ import annotations

import logging
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import CodefxError, HistoryError, NotWritable, ReviewConflict
from codefx_desktop.domain.job import LogLine
from codefx_desktop.jobs.push_files import sha256_hex
from codefx_desktop.jobs.review_key import review_key
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detection_copy import copy_review
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.edit_log import LogEntry
    from codefx_desktop.domain.edit_merge import Conflict, Merge
    from codefx_desktop.domain.push import Piece
    from codefx_desktop.jobs.push_route import Route
    from codefx_desktop.jobs.work import Workshop

log = logging.getLogger(__name__)

CONFLICTS_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class ReviewJoined:
    """What of a pushed review is new here.

    Attributes:
        steps: Steps and undoings of others that came in.
        conflicts: Steps that touch the same as this machine's, in words for a person.
    """

    steps: int = 0
    conflicts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as a text for a person; empty where nothing is new."""
        if not self.steps:
            return ""
        many = "1 change" if self.steps == 1 else f"{self.steps:,} changes"
        text = f"{many} of the review by others came in, before your own that were not pushed."
        if not self.conflicts:
            return text
        told = "; ".join(self.conflicts[:CONFLICTS_TOLD])
        more = len(self.conflicts) - CONFLICTS_TOLD
        rest = f"; and {more:,} more" if more > 0 else ""
        return f"{text} Two people touched the same: {told}{rest}. Decide in Review, at Conflicts."


def join_pushed(shop: Workshop, route: Route, piece: Piece) -> None:
    """Take in what others pushed of a review, before this machine's is put in its place.

    The copy that is to be pushed is made anew, with all
    steps until now.

    Args:
        shop: The history.
        route: The push.
        piece: The review's.

    Raises:
        ReviewConflict: If others touched the same; the logs are joined all the same, and a retry
            pushes both.
        CodefxError: If one of the two logs cannot be read or written, or the place not asked.
    """
    layout = layout_of(shop.history.get(route.push.job_id))
    if not layout.review.is_file():
        return  # freed; what was pushed of it stays
    copy_review(layout.review, piece.path)
    manifest = route.read_manifest()
    entries = () if manifest is None else manifest.entries
    entry = next((one for one in entries if one.key == piece.key), None)
    if manifest is None or entry is None or route.store.facts(route.key(piece)) is None:
        return
    data = route.store.read(route.key(piece))
    if sha256_hex(data) != entry.sha256:
        return  # what is foreign is dealt with when the piece is sent
    joined = take_in(layout, data, manifest.revision)
    if not joined.steps:
        return
    copy_review(layout.review, piece.path)
    shop.unsettled_reviews.put(layout.job_id)  # not now: the reports are being pushed as they were
    note(shop, layout.job_id, str(joined))
    if joined.conflicts:
        raise ReviewConflict(
            f"Others pushed revision {manifest.revision} of this review. {joined}",
            hint="Then retry: the push has both.",
            job_id=layout.job_id,
        )


def take_in(layout: JobLayout, data: bytes, revision: int) -> ReviewJoined:
    """Take a pushed review into that of this machine.

    Args:
        layout: The job here.
        data: The pushed file.
        revision: Which revision of the job it came with.

    Raises:
        HistoryError: If one of the two cannot be read.
        NotWritable: If this machine's cannot be written.
        NoSpace: If the disk is full.
    """
    theirs = _entries_of(data)
    with ReviewFile(layout.review) as file:
        merge = file.take_in(theirs, revision)
    return _told(merge)


def note_pushed(layout: JobLayout, sha256: str, revision: int) -> None:
    """Note that a revision of a job has the review as it is, if it was pushed so.

    Args:
        layout: The job.
        sha256: Of the review that was pushed, hexadecimal.
        revision: Of the manifest that names it.

    Raises:
        CodefxError: If the review cannot be read.
    """
    if not layout.review.is_file():
        return
    with tempfile.TemporaryDirectory(prefix="codefx-review-") as folder:
        copy = Path(folder) / layout.review.name
        copy_review(layout.review, copy)
        if sha256_hex(copy.read_bytes()) != sha256:
            return  # somebody went on meanwhile; the next push tells
    note_fetched(layout, revision)


def note_fetched(layout: JobLayout, revision: int) -> None:
    """Note that a revision of a job has the review as it is here.

    Raises:
        CodefxError: If the review cannot be read.
    """
    with ReviewFile(layout.review) as file:
        entries = file.entries()
        if entries:
            file.note_pushed(revision, entries[-1].key)


def note(shop: Workshop, job_id: str, text: str) -> None:
    """Say something in the job's log; where that fails, the review is joined all the same."""
    try:
        shop.history.log(job_id, [LogLine(datetime.now(UTC), "INFO", text, None, job_id)])
    except HistoryError as error:
        log.warning("The log of job %s was not written: %s", job_id, error)


def _entries_of(data: bytes) -> Sequence[LogEntry]:
    """Return the entries of a pushed review.

    Raises:
        HistoryError: If it is damaged, or of a newer version.
    """
    with tempfile.TemporaryDirectory(prefix="codefx-review-") as folder:
        path = Path(folder) / "review.sqlite"
        try:
            path.write_bytes(data)
        except OSError as error:
            raise NotWritable(
                f"{path} cannot be written: {error.strerror or error}.",
                hint="Free some space in the folder for temporary files.",
                path=path,
            ) from error
        with ReviewFile(path) as file:
            return file.entries()


def _told(merge: Merge) -> ReviewJoined:
    return ReviewJoined(len(merge.theirs), tuple(map(_conflict_text, merge.conflicts)))


def _conflict_text(one: Conflict) -> str:
    who = one.theirs.who or "somebody"
    return f"{', '.join(one.about)} (yours: {one.mine.text}; {who}: {one.theirs.text})"


def settle_pushed(shop: Workshop, job_id: str, pieces: Sequence[Piece], revision: int) -> None:
    """Note which steps others have, after a push; what resists is no reason to stop."""
    key = review_key(job_id)
    piece = next((one for one in pieces if one.key == key), None)
    if piece is None:
        return
    with suppress(CodefxError):
        note_pushed(layout_of(shop.history.get(job_id)), piece.sha256, revision)
