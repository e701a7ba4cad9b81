"""The log of a job's review: added to, read, taken up where a program's end cut it off."""

from __future__ import annotations

import getpass
import logging
from typing import TYPE_CHECKING

from codefx_desktop.analysis.corrected_stops import with_headings
from codefx_desktop.domain.edit import EventOp
from codefx_desktop.domain.edit_log import LogDeed, steps_of
from codefx_desktop.domain.errors import CodefxError, HistoryError
from codefx_desktop.jobs.review_aside import aside, forget_aside, has_aside, put_aside
from codefx_desktop.jobs.review_run import laid_over, names_places
from codefx_desktop.jobs.review_values import Edit, EditDeed
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.edit_log import LogEntry
    from codefx_desktop.store.history import History

    Log = tuple[tuple[EditStep, ...], tuple[int, ...]]

log = logging.getLogger(__name__)


class RunIsAnother(HistoryError):  # noqa: N818 # as the errors of the domain are named
    """Boxes or tracks are named that another run of the job found."""


class ReviewLog:
    """Adds to and reads the logs of jobs; every call blocks and belongs on a worker.

    Args:
        history: Knows the jobs.
    """

    def __init__(self, history: History) -> None:
        self._history = history

    def edit(self, edit: Edit) -> Log:
        """Add to a job's log; return all steps, and the numbers of those that redo brings back.

        What is done is on the disk when this returns. A step is only taken back or done again
        while it is the one that its text says; empty: whichever is next.

        Raises:
            HistoryError: If they name boxes or tracks and the job was run again since.
            CodefxError: If it cannot be written; then nothing was done.
        """
        layout = layout_of(self._history.get(edit.job_id))
        self.take_up(layout)
        return self._written(layout, edit)

    def log_of(self, job_id: str) -> Log:
        """Return all steps of a job, and the numbers of those that redo brings back.

        Raises:
            CodefxError: If the log cannot be read.
        """
        layout = layout_of(self._history.get(job_id))
        with ReviewFile(layout.review) as file:
            return _log(file, _run_of(layout))

    def put_aside(self, edits: Sequence[Edit]) -> None:
        """Write down changes that there is no time to keep; they are when their job is read.

        Raises:
            UnknownJob: If one is of a job that is gone.
            OSError: If it cannot be written.
        """
        for job_id in dict.fromkeys(edit.job_id for edit in edits):
            layout = layout_of(self._history.get(job_id))
            put_aside(layout, [edit for edit in edits if edit.job_id == job_id])

    def take_up(self, layout: JobLayout) -> None:
        """Keep what the last end of the program had no time for."""
        if not has_aside(layout):
            return
        try:
            for key, edit in aside(layout):
                try:
                    self._written(layout, edit, key)
                except HistoryError as error:
                    is_refused = edit.deed is not EditDeed.DO and error.__cause__ is None
                    if not (is_refused or isinstance(error, RunIsAnother)):
                        raise  # the file cannot be used now; what was put aside stays
                    log.exception("Not kept: %s (job %s)", edit.text, edit.job_id)
            forget_aside(layout)
        except (CodefxError, OSError):
            log.warning("Changes of %s still wait to be kept", layout.review, exc_info=True)

    def _written(self, layout: JobLayout, edit: Edit, key: str = "") -> Log:
        who, now = _person(), _run_of(layout)
        with ReviewFile(layout.review) as file:
            if edit.deed is EditDeed.DO:
                bound = edit.run if names_places(edit.ops) else ""
                if bound and not now:
                    raise HistoryError(
                        "What the job found cannot be read now.",
                        hint="Try again in a moment.",
                        job_id=edit.job_id,
                    )
                if bound and bound != now:
                    raise RunIsAnother(
                        "The job was run again meanwhile; its boxes are others.",
                        hint="Look at them, then try again.",
                        job_id=edit.job_id,
                    )
                if not key or all(one.key != key for one in file.entries()):
                    file.append(_headed(layout, edit.ops), edit.text, who, bound, key)
            elif edit.deed is EditDeed.UNDO:
                file.undo(who, edit.text)
            else:
                file.redo(who, edit.text)
            return _log(file, now)


def _log(file: ReviewFile, run: str) -> Log:
    entries = file.entries()
    steps = steps_of(entries)
    return laid_over(steps, run), redoable(entries, steps)


def _run_of(layout: JobLayout) -> str:
    """Return which run's boxes there are; empty where that is not known."""
    if not layout.detections.is_file():
        return ""
    try:
        with DetectionReader(layout.detections) as reader:
            return reader.run
    except HistoryError:  # it is being begun, or damaged: reading the job tells
        return ""


def redoable(entries: Iterable[LogEntry], steps: Iterable[EditStep]) -> tuple[int, ...]:
    """Return the numbers of the steps that redo brings back, the next one first."""
    waiting: list[str] = []
    for entry in entries:
        if entry.deed is LogDeed.DO:
            waiting = []
        elif entry.deed is LogDeed.UNDO:
            waiting.append(entry.step)
        elif entry.step in waiting:
            waiting.remove(entry.step)
    numbers = {step.key: step.number for step in steps}
    return tuple(numbers[key] for key in reversed(waiting) if key in numbers)


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without names of users
        return ""


def _headed(layout: JobLayout, ops: Sequence[EditOp]) -> Sequence[EditOp]:
    """Return ops that know which way the car points: what is said of a corner follows its wheel."""
    if not any(isinstance(op, EventOp) and op.heading is None for op in ops):
        return ops
    with DetectionReader(layout.detections) as reader:
        return with_headings(ops, reader.stops() or ())
