"""The job under review for the screen: read, changed step by step, its stops found again."""

from __future__ import annotations

import itertools
import logging
import uuid
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QTimer, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.hand import Hand
from codefx_desktop.jobs.open_job_desk import OpenJobDesk
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.review_apply import active_ops, as_told
from codefx_desktop.jobs.review_values import (
    Edit,
    EditDeed,
    EditKept,
    MovedOn,
    ReviewRead,
    ReviewState,
    StopsAgain,
)
from codefx_desktop.jobs.unkept import Unkept
from codefx_desktop.jobs.until import NEVER, Until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QDeadlineTimer, QObject

    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.review_values import FrameLooks, Retracked, ReviewCalls

log = logging.getLogger(__name__)

ASIDE_MS: Final = 2_000
"""So long the end waits for edits to be put aside that there was no time to keep."""
GROWS_MS: Final = 1_000
"""A running job stores what it found once a second."""


class ReviewDesk(OpenJobDesk):
    """Reads and changes the review of a job; lives in the main thread, works on workers.

    Every call returns at once. Of several readings only the newest counts, and answers about a
    job that is no longer open are dropped; changes are kept one after the other, all of them,
    also those of a job that was left. Those that the end of the desk had no time for are put aside
    and kept when the job is read again.

    Args:
        files_of: Returns what reads and changes reviews. Called on a worker; may block until the
            signal it is given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
        hand: Nobody looks for suspicious tracks while it moves.
    """

    SHUTDOWN_MS: ClassVar[int] = 10_000

    read = Signal(object)
    """``ReviewRead`` of the job that is open; again and again while it runs."""
    edited = Signal(object)
    """How keeping a change went: ``EditKept``."""
    stops = Signal(object)
    """The stops found again for the newest wish: ``StopsAgain``."""
    looks_of_frame = Signal(object)
    """Outlines and faces of the frame that was asked for last: ``FrameLooks``."""
    retracked = Signal(object)
    """Tracks were found again: ``Retracked``."""
    retracking = Signal(object)
    """How far finding tracks again is, 0 to 1; None when it has ended."""
    changed = Signal(object)
    """A job is another one in the history now: ``JobRecord``."""

    def __init__(
        self,
        files_of: Callable[[CancelSignal], ReviewCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
        hand: Hand | None = None,
    ) -> None:
        super().__init__(parent, new_pool)
        self.hand = hand or Hand()
        self._files_of = files_of
        self._reads, self._finds = self._newest_calls(), self._newest_calls()
        self._edits = self._queued_calls(keeps=True)
        self._unkept = Unkept()
        self._newest: ReviewRead | None = None
        self._kept: EditKept | None = None
        self._revisions = itertools.count(1)
        self._wanted: dict[str, int] = {}
        self._to_keep: dict[str, int] = {}
        self._waiting: dict[str, int] = {}
        self._leaves = 0
        self._broken: set[str] = set()
        self._told_back: set[tuple[str, str]] = set()
        self._grows = QTimer(self)
        self._grows.setInterval(GROWS_MS)
        self._grows.timeout.connect(self._look_for_more)

    def open(self, job_id: str) -> None:
        """Read a job; of the one that is open, read again."""
        if job_id != self._job_id:
            self._leaves += 1
        self._job_id = job_id
        self._grows.stop()
        known = self._kept
        left = Until(lambda: not self.is_open(job_id))
        self._ask(
            self._reads,
            "read",
            lambda: self._files_of(left).read(job_id, left),
            partial(self._on_read, known),
            partial(ReviewRead, job_id, ReviewState.UNREADABLE),
        )

    def close(self) -> None:
        """Have no job open; changes that were asked for are kept all the same."""
        self._job_id = self._newest = None
        self._leaves += 1
        self._grows.stop()
        self._reads.clear()
        self._thoughts.clear()

    def edit(
        self, job_id: str, deed: EditDeed, text: str, ops: Sequence[EditOp], run: str = ""
    ) -> None:
        """Add to a job's log: something new, or the last step taken back or done again.

        Where one could not be kept, those that were asked for after it are not tried: they were
        made on what is not there. ``run``: as ``ReviewRead`` has it, whose boxes are named.
        """
        if self.closing.is_set():
            return
        self._waiting[job_id] = self._waiting.get(job_id, 0) + 1
        self._unkept.put(Edit(job_id, deed, text, tuple(ops), run, uuid.uuid4().hex))
        self._edits.ask("edit", self._edit)

    def find_stops(self, read: ReviewRead, ops: Sequence[EditOp], *, keeps: bool) -> int:
        """Find a job's stops again; return the number that the answer carries.

        Args:
            read: The job, with its detections as they are corrected now.
            ops: What was done, and what is only tried.
            keeps: Whether everybody is to read them; otherwise they are only shown.
        """
        revision, leaves, wanted = next(self._revisions), self._leaves, tuple(ops)
        self._wanted[read.job_id] = revision
        if keeps:
            self._to_keep[read.job_id] = revision
        kind = f"{'keep' if keeps else 'try'} {read.job_id}"
        # A job that was left and opened again is another one: it is read anew.
        left = Until(
            lambda: (
                leaves != self._leaves
                or not (self.is_open(read.job_id) and self.is_newest(read.job_id, revision))
            )
        )
        self._do(
            self._finds,
            kind,
            lambda: self._find(read, wanted, revision, left, keeps=keeps),
            lambda why: self._on_stops(StopsAgain(read.job_id, revision, why=why)),
            ValueError,
            receive=self._on_record,
        )
        return revision

    def look_at(self, job_id: str, number: int) -> None:
        """Read outlines and faces of a frame; the newest wish wins."""
        left = Until(lambda: not self.is_open(job_id))
        why = f"Outlines of frame {number:,} cannot be read."
        self._do(
            self._reads,
            "look",
            lambda: self._files_of(left).looks_of(job_id, number),
            lambda trouble: self._say("warning", f"{why} {trouble}", job_id),
            receive=self._on_looks,
        )

    def retrack(self, read: ReviewRead) -> None:
        """Join a job's detections into tracks again."""
        self._take_long(
            "retrack",
            self.retracking,
            lambda progress, left: self._files_of(left).retracked(read, progress, left),
            self._on_retracked,
            lambda why: self._say("error", f"Tracks were not found again. {why}", read.job_id),
            Until(lambda: not self.is_open(read.job_id)),
        )

    def is_newest(self, job_id: str, revision: int) -> bool:
        """Return whether no later wish for a job's stops came; may be asked on any thread."""
        return self._wanted.get(job_id) == revision

    # -- inside: the end ----------------------------------------------------------------------

    def _finish(self, deadline: QDeadlineTimer) -> None:
        if self._edits.wait(deadline.remainingTime()):
            return
        unkept = self._unkept.give_up()
        left = tuple(edit for edit in unkept if edit.job_id not in self._broken)
        log.error("Changes of reviews are still being kept: %d", len(left))
        if not left:
            return
        for edit in left:
            log.error("Put aside, not kept yet: %s (job %s)", edit.text, edit.job_id)
        pool = self._new_pool(1)
        pool.start(Call(lambda: self._files_of(NEVER).put_aside(left)))
        if not pool.waitForDone(ASIDE_MS):
            log.error("%d changes of reviews could not be put aside", len(left))

    def _leave(self, deadline: QDeadlineTimer) -> None:
        self.close()
        # What is to be kept of stops is; what is only tried sees that nobody waits any more.
        self._finds.wait(deadline.remainingTime())

    # -- inside: on workers -------------------------------------------------------------------

    def _edit(self) -> None:
        edit = self._unkept.begin()
        if edit is None:
            return  # put aside: there is no time for it
        job_id, kept = edit.job_id, EditKept(edit.job_id, edit.deed)
        if job_id in self._broken:
            kept = replace(kept, why="a change before it could not be kept.")
        else:
            kept = self._outcome(
                f"edit of job {job_id}",
                lambda: self._kept_now(edit),
                lambda why: replace(kept, why=why),
                (ValueError,),
            )
        self._unkept.end()
        if kept.why:
            if job_id not in self._broken:
                self._broken.add(job_id)
                self._say("error", f"Not kept: {edit.text}. {kept.why}", job_id)
            kept = self._with_log(kept)
        self._tell(self._on_edited, kept)

    def _kept_now(self, edit: Edit) -> EditKept:
        steps, redo = self._files_of(NEVER).edit(
            edit.job_id, edit.deed, edit.text, edit.ops, edit.run, edit.key
        )
        return EditKept(edit.job_id, edit.deed, steps, redo)

    def _with_log(self, kept: EditKept) -> EditKept:
        """Return how an edit went with the log that could not be added to, if it is readable."""
        with suppress(CodefxError, Cancelled):
            steps, redo = self._files_of(NEVER).log_of(kept.job_id)
            return replace(kept, steps=steps, redoable=redo)
        return kept

    def _find(
        self,
        read: ReviewRead,
        ops: tuple[EditOp, ...],
        revision: int,
        left: CancelSignal,
        *,
        keeps: bool,
    ) -> JobRecord | None:
        # What is to be kept is found even where only something to try came after it.
        older = NEVER if keeps else left
        files = self._files_of(older)
        again = files.stops_again(read, ops, revision, older)
        self._tell(self._on_stops, again)
        try:
            record = self._keep(files, read, ops, again) if keeps else None
        except MovedOn:
            self._tell(self._on_moved_on, read.job_id, revision)
            return None
        # That list takes as long as the stops: a threshold that is only tried has to be kept first.
        is_tried = ops != active_ops(read.steps)
        if not is_tried and not left.is_set():
            with suppress(Cancelled):  # what was kept is told all the same
                more = files.suspected(read, ops, again, self.hand.before(left))
                if more is not None:
                    self._tell(self._on_stops, more)
        return record

    def _keep(
        self, files: ReviewCalls, read: ReviewRead, ops: tuple[EditOp, ...], again: StopsAgain
    ) -> JobRecord | None:
        said = active_ops(read.steps)
        if ops != said:  # a threshold that is only tried is nobody else's
            again = files.stops_again(read, said, again.revision, NEVER)
        self._edits.wait(self.SHUTDOWN_MS)  # what they were found from is on the disk before
        return files.keep_stops(again)

    def _settled(self, job_id: str) -> JobRecord | None:
        with suppress(MovedOn):  # the next start of the program finds it
            return self._files_of(self.closing).settle(job_id, self.closing)
        return None

    # -- inside: in the main thread -----------------------------------------------------------

    def _on_record(self, record: JobRecord | None) -> None:
        if record is not None:
            self.changed.emit(record)

    def _on_read(self, known: EditKept | None, found: ReviewRead | None) -> None:
        if found is None or found.job_id != self._job_id:
            return
        kept = self._kept
        if kept is not None and kept is not known and kept.job_id == found.job_id:
            # It may have been read before that change was kept, which must not go out of sight.
            self._ask(
                self._reads,
                "tell",
                partial(as_told, found, kept.steps, kept.redoable),
                partial(self._on_read, kept),
                partial(ReviewRead, found.job_id, ReviewState.UNREADABLE),
            )
            return
        self._newest = found
        if found.state is ReviewState.GROWING:
            self._grows.start()
        else:
            self._grows.stop()
        self.read.emit(found)
        if found.held_back and (found.job_id, found.run) not in self._told_back:
            self._told_back.add((found.job_id, found.run))
            many = "1 change" if found.held_back == 1 else f"{found.held_back:,} changes"
            text = (
                f"This job was run again. {many} of boxes and tracks that the earlier run had "
                "found stay in the log and are not done here; what was said of events is."
            )
            self._say("warning", text, found.job_id)

    def _look_for_more(self) -> None:
        if (newest := self._newest) is not None:
            left = Until(lambda: not self.is_open(newest.job_id))
            self._ask(
                self._reads,
                "grow",
                lambda: self._files_of(left).grown(newest, left),
                partial(self._on_read, self._kept),
                lambda _why: None,  # its file is in somebody's hands; the next look tells
            )

    def _on_edited(self, kept: EditKept) -> None:
        left = self._waiting[kept.job_id] = self._waiting[kept.job_id] - 1
        if not left:
            self._broken.discard(kept.job_id)
        if not kept.why:
            self._kept = kept
        is_known = not kept.why or bool(kept.steps)  # otherwise the log could not be read either
        if is_known and self._newest is not None and self._newest.job_id == kept.job_id:
            # What a running job stores next is joined to what is known with these steps.
            self._newest = replace(self._newest, steps=kept.steps, redoable=kept.redoable)
        self.edited.emit(replace(kept, left=left))

    def _on_stops(self, again: StopsAgain) -> None:
        if again.job_id == self._job_id and self.is_newest(again.job_id, again.revision):
            self.stops.emit(again)

    def _on_moved_on(self, job_id: str, revision: int) -> None:
        """Look again at what others changed: the basis, or the log; unless a newer wish does."""
        if self._to_keep.get(job_id) != revision:
            return
        if job_id == self._job_id:
            self.open(job_id)  # it is read as it is now, and its stops are found from that
        else:
            why = "The stops do not tell yet what was changed in the review."
            self._do(
                self._finds,
                f"settle {job_id}",
                lambda: self._settled(job_id),
                lambda trouble: self._say("warning", f"{why} {trouble}", job_id),
                receive=self._on_record,
            )

    def _on_looks(self, found: FrameLooks) -> None:
        if found.job_id == self._job_id:
            self.looks_of_frame.emit(found)

    def _on_retracked(self, found: Retracked) -> None:
        if found.job_id == self._job_id:
            self.retracked.emit(found)
