"""The job under review for the screen: read, changed step by step, its stops found again."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.review_apply import active_ops, as_told
from codefx_desktop.jobs.review_values import (
    EditDeed,
    EditKept,
    MovedOn,
    ReviewRead,
    ReviewState,
    StopsAgain,
)
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.review_values import FrameLooks, Retracked, ReviewCalls

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 10_000
GROWS_MS: Final = 1_000
"""A running job stores what it found once a second."""


class ReviewDesk(QObject):
    """Reads and changes the review of a job; lives in the main thread, works on workers.

    Every call returns at once. Of several readings only the newest counts, and answers about a
    job that is no longer open are dropped; changes are kept one after the other, all of them,
    also those of a job that was left. Call ``shutdown`` before letting go of it; the hub does so
    for those it made.

    Args:
        files_of: Returns what reads and changes reviews. Called on a worker; may block until the
            signal it is given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

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
    noticed = Signal(object)
    """Something that the person should know: ``Notice``."""

    _arrived = Signal(object)

    def __init__(
        self,
        files_of: Callable[[CancelSignal], ReviewCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._files_of = files_of
        self._reads, self._finds = NewestCalls(new_pool(1)), NewestCalls(new_pool(1))
        self._tracks = NewestCalls(new_pool(1))
        self._edits = new_pool(1)
        self._job_id: str | None = None
        self._newest: ReviewRead | None = None
        self._kept: EditKept | None = None
        self._closing = False
        self._revisions = itertools.count(1)
        self._wanted: dict[str, int] = {}
        self._to_keep: dict[str, int] = {}
        self._waiting: dict[str, int] = {}
        self._broken: set[str] = set()
        self._told_back: set[tuple[str, str]] = set()
        self._grows = QTimer(self)
        self._grows.setInterval(GROWS_MS)
        self._grows.timeout.connect(self._look_for_more)
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def open(self, job_id: str) -> None:
        """Read a job; of the one that is open, read again."""
        self._job_id = job_id
        self._grows.stop()
        known = self._kept
        self._reads.ask("read", lambda: self._read(job_id, known))

    def close(self) -> None:
        """Have no job open; changes that were asked for are kept all the same."""
        self._job_id = self._newest = None
        self._grows.stop()
        self._reads.clear()

    def edit(
        self, job_id: str, deed: EditDeed, text: str, ops: Sequence[EditOp], run: str = ""
    ) -> None:
        """Add to a job's log: something new, or the last step taken back or done again.

        Where one could not be kept, those that were asked for after it are not tried: they were
        made on what is not there. ``run``: as ``ReviewRead`` has it, whose boxes are named.
        """
        if self._closing:
            return
        kept = tuple(ops)
        self._waiting[job_id] = self._waiting.get(job_id, 0) + 1
        self._edits.start(Call(lambda: self._edit(job_id, deed, text, kept, run)))

    def find_stops(self, read: ReviewRead, ops: Sequence[EditOp], *, keeps: bool) -> int:
        """Find a job's stops again; return the number that the answer carries.

        Args:
            read: The job, with its detections as they are corrected now.
            ops: What was done, and what is only tried.
            keeps: Whether everybody is to read them; otherwise they are only shown.
        """
        revision = next(self._revisions)
        wanted = tuple(ops)
        self._wanted[read.job_id] = revision
        if keeps:
            self._to_keep[read.job_id] = revision
        kind = f"{'keep' if keeps else 'try'} {read.job_id}"
        self._finds.ask(kind, lambda: self._find(read, wanted, revision, keeps=keeps))
        return revision

    def look_at(self, job_id: str, number: int) -> None:
        """Read outlines and faces of a frame; the newest wish wins."""
        self._reads.ask("look", lambda: self._look(job_id, number))

    def retrack(self, read: ReviewRead) -> None:
        """Join a job's detections into tracks again."""
        self._tracks.ask("retrack", lambda: self._retrack(read))

    def shutdown(self) -> None:
        """Keep what was asked for, end all other work, wait ten seconds at most."""
        if self._closing:
            return
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        ended = self._edits.waitForDone(deadline.remainingTime())
        self._closing = True
        self.close()
        for calls in (self._reads, self._tracks):
            calls.close()
        for calls in (self._reads, self._tracks, self._finds):
            ended = calls.wait(deadline.remainingTime()) and ended
        self._finds.close()
        if not ended:
            log.warning("A worker of the review desk did not end within %d ms", SHUTDOWN_MS)

    def is_open(self, job_id: str) -> bool:
        """Return whether a job is the one that is open; may be asked on any thread."""
        return job_id == self._job_id and not self._closing

    def is_newest(self, job_id: str, revision: int) -> bool:
        """Return whether no later wish for a job's stops came; may be asked on any thread."""
        return self._wanted.get(job_id) == revision

    @property
    def is_closing(self) -> bool:
        """Whether all work is to end; may be asked on any thread."""
        return self._closing

    # -- inside: on workers -------------------------------------------------------------------

    def _read(self, job_id: str, known: EditKept | None) -> None:
        left = _Signal(lambda: not self.is_open(job_id))
        try:
            found = self._files_of(left).read(job_id, left)
        except Cancelled:
            return
        except CodefxError as error:
            found = ReviewRead(job_id, ReviewState.UNREADABLE, str(error))
        except Exception as error:
            log.exception("The review of job %s could not be read", job_id)
            found = ReviewRead(job_id, ReviewState.UNREADABLE, unexpected(error))
        self._tell(lambda: self._on_read(found, known))

    def _grow(self, before: ReviewRead, known: EditKept | None) -> None:
        left = _Signal(lambda: not self.is_open(before.job_id))
        try:
            found = self._files_of(left).grown(before, left)
        except Cancelled:
            return
        except CodefxError:
            return  # its file is in somebody's hands this moment; the next look tells
        except Exception:
            log.exception("The running job %s could not be followed", before.job_id)
            return
        if found is not None:
            self._tell(lambda: self._on_read(found, known))

    def _edit(
        self, job_id: str, deed: EditDeed, text: str, ops: tuple[EditOp, ...], run: str
    ) -> None:
        why = ""
        steps: tuple[EditStep, ...] | None = None
        redo: tuple[int, ...] = ()
        try:
            files = self._files_of(_Signal(lambda: False))
            if job_id in self._broken:
                why = "a change before it could not be kept."
                steps, redo = files.log_of(job_id)
            else:
                steps, redo = files.edit(job_id, deed, text, ops, run)
        except Cancelled:
            return
        except (CodefxError, ValueError) as error:
            why = str(error)
        except Exception as error:
            log.exception("A step of the review of job %s was not kept", job_id)
            why = unexpected(error)
        if why and job_id not in self._broken:
            self._broken.add(job_id)
            self._say("error", f"Not kept: {text}. {why}", job_id)
        if steps is None:
            steps, redo = self._log_of(job_id)
        kept = EditKept(job_id, deed, steps, redo, why=why)
        self._tell(lambda: self._on_edited(kept))

    def _log_of(self, job_id: str) -> tuple[tuple[EditStep, ...], tuple[int, ...]]:
        """Return the log of a job that could not be added to; nothing if it is not readable."""
        try:
            return self._files_of(_Signal(lambda: False)).log_of(job_id)
        except (CodefxError, Cancelled):
            return (), ()

    def _find(
        self, read: ReviewRead, ops: tuple[EditOp, ...], revision: int, *, keeps: bool
    ) -> None:
        job_id = read.job_id
        # What is to be kept is found even where only something to try came after it.
        older = _Signal(
            lambda: not keeps and (self._closing or not self.is_newest(job_id, revision))
        )
        try:
            files = self._files_of(older)
            again = files.stops_again(read, ops, revision, older)
            self._say_stops(again)
            record = self._keep(files, read, ops, again) if keeps else None
            if self.is_newest(job_id, revision) and not self._closing:
                more = files.suspected(read, ops, again)
                if more is not None:
                    self._say_stops(more)
        except Cancelled:
            return
        except MovedOn:
            self._tell(lambda: self._on_moved_on(job_id, revision))
        except (CodefxError, ValueError) as error:
            self._say_stops(StopsAgain(job_id, revision, why=str(error)))
        except Exception as error:
            log.exception("The stops of job %s could not be found again", job_id)
            self._say_stops(StopsAgain(job_id, revision, why=unexpected(error)))
        else:
            if record is not None:
                self._tell(lambda: self.changed.emit(record))

    def _keep(
        self, files: ReviewCalls, read: ReviewRead, ops: tuple[EditOp, ...], again: StopsAgain
    ) -> JobRecord | None:
        said = active_ops(read.steps)
        if ops != said:  # a threshold that is only tried is nobody else's
            again = files.stops_again(read, said, again.revision, _Signal(lambda: False))
        self._edits.waitForDone(SHUTDOWN_MS)  # what they were found from is on the disk before
        return files.keep_stops(again)

    def _settle(self, job_id: str) -> None:
        try:
            record = self._files_of(_Signal(lambda: self._closing)).settle(
                job_id, _Signal(lambda: self._closing)
            )
        except (Cancelled, MovedOn):
            return  # the next start of the program finds it
        except CodefxError as error:
            text = f"The stops do not tell yet what was changed in the review. {error}"
            self._say("warning", text, job_id)
        except Exception as error:
            log.exception("The stops of job %s could not be settled", job_id)
            self._say("error", unexpected(error), job_id)
        else:
            if record is not None:
                self._tell(lambda: self.changed.emit(record))

    def _say_stops(self, again: StopsAgain) -> None:
        self._tell(lambda: self._on_stops(again))

    def _look(self, job_id: str, number: int) -> None:
        left = _Signal(lambda: not self.is_open(job_id))
        try:
            found = self._files_of(left).looks_of(job_id, number)
        except Cancelled:
            return
        except CodefxError as error:
            self._say("warning", f"Outlines of frame {number:,} cannot be read. {error}", job_id)
            return
        except Exception as error:
            log.exception("Outlines of frame %d of job %s could not be read", number, job_id)
            self._say("error", unexpected(error), job_id)
            return
        self._tell(lambda: self._on_looks(found))

    def _retrack(self, read: ReviewRead) -> None:
        job_id = read.job_id
        left = _Signal(lambda: not self.is_open(job_id))
        self._say_retracking(0.0)
        try:
            found = self._files_of(left).retracked(read, self._say_retracking, left)
        except Cancelled:
            return
        except (CodefxError, ValueError) as error:
            self._say("error", f"Tracks were not found again. {error}", job_id)
        except Exception as error:
            log.exception("Tracks of job %s could not be found again", job_id)
            self._say("error", f"Tracks were not found again. {unexpected(error)}", job_id)
        else:
            self._tell(lambda: self._on_retracked(found))
        finally:
            self._tell(lambda: self.retracking.emit(None))

    def _say_retracking(self, fraction: float) -> None:
        self._tell(lambda: self.retracking.emit(fraction))

    def _say(self, level: str, text: str, job_id: str | None = None) -> None:
        self._tell(lambda: self.noticed.emit(Notice(level, text, job_id)))

    def _tell(self, act: Callable[[], None]) -> None:
        if not self._closing:
            self._arrived.emit(act)

    # -- inside: in the main thread -----------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        if not self._closing:
            act()

    def _on_read(self, found: ReviewRead, known: EditKept | None) -> None:
        if found.job_id != self._job_id:
            return
        kept = self._kept
        if kept is not None and kept is not known and kept.job_id == found.job_id:
            # It may have been read before that change was kept, which must not go out of sight.
            found = as_told(found, kept.steps, kept.redoable)
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
            known = self._kept
            self._reads.ask("grow", lambda: self._grow(newest, known))

    def _on_edited(self, kept: EditKept) -> None:
        left = self._waiting[kept.job_id] = self._waiting[kept.job_id] - 1
        if not left:
            self._broken.discard(kept.job_id)
        if not kept.why:
            self._kept = kept
        if self._newest is not None and self._newest.job_id == kept.job_id:
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
            self._finds.ask(f"settle {job_id}", lambda: self._settle(job_id))

    def _on_looks(self, found: FrameLooks) -> None:
        if found.job_id == self._job_id:
            self.looks_of_frame.emit(found)

    def _on_retracked(self, found: Retracked) -> None:
        if found.job_id == self._job_id:
            self.retracked.emit(found)


class _Signal:
    """A signal that asks whether an answer is still wanted."""

    def __init__(self, is_over: Callable[[], bool]) -> None:
        self._is_over = is_over

    def is_set(self) -> bool:
        """Return whether nobody waits any more."""
        return self._is_over()
