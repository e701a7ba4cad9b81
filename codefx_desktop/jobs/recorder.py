"""The one database writer: puts what runs say into the history, in order, on its own worker."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import CodefxError, JobStateError, UnknownJob
from codefx_desktop.domain.run import (
    ClipKnown,
    JobFinished,
    JobLogged,
    RunEvent,
    ScenesKnown,
    StageProgress,
)
from codefx_desktop.jobs.pools import Call

if TYPE_CHECKING:
    from PySide6.QtCore import QThreadPool

    from codefx_desktop.domain.job import LogLine
    from codefx_desktop.store.history import History

log = logging.getLogger(__name__)

PROGRESS_EVERY_S = 1.0
"""So often at most a run's progress is written, and how many scenes it knows of."""


class Recorder:
    """Records run events.

    Args:
        history: Where to.
        pool: A pool of exactly one worker, so that writes keep their order.
    """

    def __init__(self, history: History, pool: QThreadPool) -> None:
        if pool.maxThreadCount() != 1:
            raise ValueError("the database writer needs a pool of one worker")
        self._history = history
        self._pool = pool
        self._progress_at: dict[str, float] = {}
        self._scenes_at: dict[str, float] = {}
        self._scenes: dict[str, ScenesKnown] = {}
        self._unwritten: dict[str, tuple[JobFinished, CodefxError]] = {}

    def record(self, event: RunEvent) -> None:
        """Queue an event to be written; returns at once. Previews are not for the database."""
        if isinstance(event, JobLogged | ClipKnown | JobFinished) or (
            isinstance(event, StageProgress) and _is_due(self._progress_at, event.job_id)
        ):
            self._pool.start(Call(lambda: self._write(event)))
        self._record_scenes(event)

    def log(self, line: LogLine) -> None:
        """Queue a log line of the program or of a job."""
        self._pool.start(Call(lambda: self._write_line(line)))

    def catch_up(self) -> None:
        """Queue again the ends of runs that could not be written (disk full, database busy)."""
        for finished, _ in tuple(self._unwritten.values()):
            self._pool.start(Call(lambda event=finished: self._write(event)))  # type: ignore[misc]

    def trouble(self, job_id: str) -> CodefxError | None:
        """Return why a run's end is not in the history; ask after ``drain``."""
        kept = self._unwritten.get(job_id)
        return None if kept is None else kept[1]

    def drain(self) -> None:
        """Wait until everything queued so far is written. Not for the main thread."""
        self._pool.waitForDone()

    def _record_scenes(self, event: RunEvent) -> None:
        """Queue the newest count of scenes; one that comes too soon goes with a later event.

        The last one is in the run's end.
        """
        if isinstance(event, ScenesKnown):
            self._scenes[event.job_id] = event
        elif isinstance(event, JobFinished):
            self._scenes.pop(event.job_id, None)
        if event.job_id in self._scenes and _is_due(self._scenes_at, event.job_id):
            known = self._scenes.pop(event.job_id, None)
            if known is not None:  # a run's events come from several workers
                self._pool.start(Call(lambda: self._write(known)))

    def _write(self, event: RunEvent) -> None:
        try:
            self._write_one(event)
        except (UnknownJob, JobStateError):
            # A job deleted while it ran has no row any more; its last words have nowhere to go.
            log.warning("Could not record %s", type(event).__name__, exc_info=True)
            self._unwritten.pop(event.job_id, None)
        except CodefxError as error:
            log.warning("Could not record %s", type(event).__name__, exc_info=True)
            if isinstance(event, JobFinished):
                self._unwritten[event.job_id] = (event, error)
        else:
            if isinstance(event, JobFinished):
                self._unwritten.pop(event.job_id, None)

    def _write_line(self, line: LogLine) -> None:
        try:
            self._history.log(line.job_id, [line])
        except CodefxError:
            log.warning("Could not record the line: %s", line.text, exc_info=True)

    def _write_one(self, event: RunEvent) -> None:
        if isinstance(event, JobLogged):
            self._history.log(event.job_id, [event.line])
        elif isinstance(event, StageProgress):
            self._history.progress(event.job_id, event.stage, event.overall)
        elif isinstance(event, ClipKnown):
            self._history.set_clip(
                event.job_id,
                fingerprint=event.info.fingerprint,
                size_bytes=event.info.size_bytes,
            )
        elif isinstance(event, ScenesKnown):
            self._history.set_scene_count(event.job_id, event.count)
        elif isinstance(event, JobFinished):
            self._history.finish(
                event.job_id,
                event.status,
                event.error_message,
                event.output,
                scene_count=event.scene_count,
                stop_count=event.stop_count,
                classic=event.classic,
                artifact_frames=event.artifact_frames,
            )
            for kept in (self._progress_at, self._scenes_at):
                kept.pop(event.job_id, None)


def _is_due(written_at: dict[str, float], job_id: str) -> bool:
    """Return whether it is time to write again; from then on that counts as written."""
    now = time.monotonic()
    if now - written_at.get(job_id, float("-inf")) < PROGRESS_EVERY_S:
        return False
    written_at[job_id] = now
    return True
