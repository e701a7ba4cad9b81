"""The log of a job's review: added to, read, taken up where a program's end cut it off."""

from __future__ import annotations

import getpass
import logging
from typing import TYPE_CHECKING

from codefx_desktop.analysis.corrected_stops import with_headings
from codefx_desktop.domain.edit import EventOp
from codefx_desktop.domain.edit_log import redoable, steps_of
from codefx_desktop.domain.errors import CodefxError, HistoryError
from codefx_desktop.jobs.review_aside import alone, aside, aside_files, has_aside, put_aside
from codefx_desktop.jobs.review_run import laid_over, names_places
from codefx_desktop.jobs.review_values import Edit, EditDeed
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile, StepIsAnother

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.edit import EditOp, EditStep
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
            HistoryError: If they name boxes or tracks and the job was run again since, or what
                was put aside before them cannot be kept yet.
            CodefxError: If it cannot be written; then nothing was done.
        """
        layout = layout_of(self._history.get(edit.job_id))
        try:
            _take_up(layout)
        except (CodefxError, OSError) as error:
            raise HistoryError(
                f"Earlier changes of this review wait to be kept. {error}",
                hint="Try again in a moment: they come first.",
                job_id=edit.job_id,
            ) from error
        run = _run_of(layout)
        with ReviewFile(layout.review) as file:
            try:
                _write(file, layout, edit, run)
            except ValueError as error:
                raise HistoryError(
                    f"That cannot be kept in the review: {error}.",
                    hint="Nothing was changed; do it another way.",
                    job_id=edit.job_id,
                ) from error
            return _log(file, run)

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

        What resists in one job, or that it is gone, is logged: those of the others are written.
        """
        for job_id in dict.fromkeys(edit.job_id for edit in edits):
            of_job = [edit for edit in edits if edit.job_id == job_id]
            try:
                put_aside(layout_of(self._history.get(job_id)), of_job)
            except Exception:
                log.exception("%d changes of job %s were not put aside", len(of_job), job_id)


def take_up(layout: JobLayout) -> None:
    """Keep what the last end of the program had no time for; what resists waits."""
    try:
        _take_up(layout)
    except (CodefxError, OSError) as error:
        log.warning("Changes of %s still wait to be kept: %s", layout.review, error)


def _take_up(layout: JobLayout) -> None:
    """Keep what was put aside.

    Raises:
        CodefxError: If the review, or what the job found, cannot be used now.
        OSError: If what was put aside cannot be read or removed now.
    """
    if not has_aside(layout):
        return
    with alone(layout):
        run = _run_of(layout)
        for path in aside_files(layout):
            with ReviewFile(layout.review) as file:
                _keep_all(file, layout, list(aside(path, layout.job_id)), run)
            path.unlink(missing_ok=True)


def _keep_all(file: ReviewFile, layout: JobLayout, edits: list[Edit], run: str) -> None:
    """Keep changes in order, each as a program decided about it that died since.

    What comes before one that is in the log was kept too, or refused for good. Tried again, an
    undo that was refused might hit a step that was done after it; and what takes back a step that
    was refused, an older one of the same text.
    """
    known = {entry.key for entry in file.entries()}
    places = (place for place, edit in enumerate(edits, start=1) if edit.key in known)
    decided = max(places, default=0)
    do = EditDeed.DO
    refused = {it.text for it in edits[:decided] if it.deed is do and it.key not in known}
    for edit in edits[decided:]:
        if edit.deed is not do and edit.text in refused:
            log.error("Not kept, its step was not either: %s (job %s)", edit.text, edit.job_id)
            continue
        try:
            _write(file, layout, edit, run)
        except (RunIsAnother, StepIsAnother, ValueError):
            log.exception("Not kept: %s (job %s)", edit.text, edit.job_id)
            if edit.deed is do:
                refused.add(edit.text)


def _write(file: ReviewFile, layout: JobLayout, edit: Edit, run: str) -> None:
    """Add to a log; ``run`` found the boxes that there are. One whose key is there changes nothing.

    Raises:
        RunIsAnother: If boxes or tracks are named that another run found.
        StepIsAnother: If the step to be taken back or done again is not the one that is meant.
        ValueError: If it does nothing.
        CodefxError: If it cannot be written now.
    """
    if edit.deed is EditDeed.UNDO:
        file.undo(_person(), edit.text, edit.key)
    elif edit.deed is EditDeed.REDO:
        file.redo(_person(), edit.text, edit.key)
    else:
        bound = edit.run if names_places(edit.ops) else ""
        if bound and not run:
            raise HistoryError(
                "What the job found cannot be read now.",
                hint="Try again in a moment.",
                job_id=edit.job_id,
            )
        if bound and bound != run:
            raise RunIsAnother(
                "The job was run again meanwhile; its boxes are others.",
                hint="Look at them, then try again.",
                job_id=edit.job_id,
            )
        file.append(_headed(layout, edit.ops), edit.text, _person(), bound, edit.key)


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
