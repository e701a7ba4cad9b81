"""Looks whether all artifacts that a job promised are there, can be read and agree."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.artifacts.layout import AnalysisFormat
from codefx_desktop.artifacts.promise import Broken, Promise, check_frame, check_summary
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_scan import Scan, Summary, measure, read_summary, scan
from codefx_desktop.jobs.artifact_stage import pictures_of
from codefx_desktop.jobs.work import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.artifact_values import ArtifactFile

_SUMMARY_NAME: Final = "analysis/job.json"


@dataclass(frozen=True, slots=True)
class ArtifactCheck:
    """What is there of a job's artifacts.

    Attributes:
        frames: Frames that were promised; of a job that did not come to its end, those begun.
        files: Files that are there.
        promised_files: Files that are to be there.
        size_bytes: Of those that are there.
        scenes: Scenes of the clip; None where nobody looked, or nothing tells.
        broken: What is missing, cannot be read or does not agree.
        is_checked: Whether anybody looked inside; not while the job is at work.
    """

    frames: int
    files: int
    promised_files: int
    size_bytes: int
    scenes: int | None
    broken: tuple[Broken, ...] = ()
    is_checked: bool = True


def check_artifacts(
    record: JobRecord,
    progress: Callable[[float], None] = lambda _: None,
    cancel: CancelSignal | None = None,
) -> ArtifactCheck:
    """Look at all artifacts of a job; reads every file of analyses, and the ends of pictures.

    Args:
        record: The job.
        progress: Told 0 to 1.
        cancel: Ends the work early.

    Raises:
        Cancelled: If the signal was seen.
        HistoryError: If a folder that is there cannot be read.
    """
    layout, plan = layout_of(record), record.spec.plan
    signal = cancel or threading.Event()
    found, summary = _scan(layout, signal), _summary(layout)
    promise = Promise(
        _numbers(summary, found), pictures_of(plan), summary=plan.has_artifacts or plan.scenes
    )
    is_at_work = record.status in (JobStatus.PROCESSING, JobStatus.QUEUED)
    broken: list[Broken] = []
    if not is_at_work:
        for done, number in enumerate(promise.frames, start=1):
            if signal.is_set():
                raise Cancelled
            broken += check_frame(layout, promise, number)
            progress(done / len(promise.frames))
        broken += _summary_faults(record, layout, promise)
    scenes = None if summary is None or summary.scenes is None else len(summary.scenes)
    return ArtifactCheck(
        len(promise.frames),
        _count_files(layout, found),
        promise.files,
        measure(layout, signal),
        scenes,
        tuple(broken),
        is_checked=not is_at_work,
    )


def _count_files(layout: JobLayout, found: Scan) -> int:
    """Return how many artifact files a job has: those of frames that were found, and its own."""
    own = sum(layout.summary(kind).is_file() for kind in AnalysisFormat)
    return int(np.bitwise_count(found.files).sum()) + own


def count_artifacts(record: JobRecord) -> tuple[int, int]:
    """Return how many artifact files a job has and their bytes; nothing is read.

    Raises:
        HistoryError: If a folder that is there cannot be read.
    """
    layout, never = layout_of(record), threading.Event()
    return _count_files(layout, _scan(layout, never)), measure(layout, never)


def frames_with(layout: JobLayout, file: ArtifactFile) -> tuple[int, ...]:
    """Return the numbers of the frames that have a file of a kind, ascending.

    Raises:
        HistoryError: If a folder that is there cannot be read.
    """
    found = _scan(layout, threading.Event())
    return tuple(found.numbers[(found.files & np.uint8(file)) != 0].tolist())


def _scan(layout: JobLayout, cancel: CancelSignal) -> Scan:
    try:
        return scan(layout, cancel)
    except OSError as error:
        raise HistoryError(
            f"{error.filename or layout.dir} cannot be read: {error.strerror or error}.",
            hint="Connect its drive, or make the folder readable.",
            path=layout.dir,
            job_id=layout.job_id,
        ) from error


def _summary(layout: JobLayout) -> Summary | None:
    try:
        return read_summary(layout)
    except ValueError:
        return None  # what is wrong with it is told with everything else


def _numbers(summary: Summary | None, found: Scan) -> tuple[int, ...]:
    """Return the frames that were promised, and any others that there is something of.

    A program that died could not tell in the end what it had written.
    """
    told = () if summary is None else summary.frames
    return tuple(sorted({*told, *found.numbers.tolist()}))


def _summary_faults(record: JobRecord, layout: JobLayout, promise: Promise) -> Iterator[Broken]:
    if not promise.summary:
        return
    yield from check_summary(layout)
    known, told = record.artifact_frames, len(promise.frames)
    if record.status is JobStatus.COMPLETE and known is not None and known != told:
        yield Broken(_SUMMARY_NAME, f"tells of {told} frames, the history of {known}")
