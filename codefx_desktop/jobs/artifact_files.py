"""Artifacts on the disk, as the artifact desk asks for them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import UnknownJob
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_reading import first_line, read_frame, read_note, read_picture
from codefx_desktop.jobs.artifact_scan import (
    Heads,
    Scan,
    Summary,
    expected_files,
    measure,
    read_heads,
    read_summary,
    scan,
    scenes_of,
    times_of,
)
from codefx_desktop.jobs.artifact_values import (
    UNKNOWN,
    ArtifactFile,
    ArtifactList,
    ArtifactPicture,
    ArtifactState,
    FrameNote,
    ShownArtifact,
    empty_list,
)
from codefx_desktop.jobs.work import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal

_ENDED: Final = {
    JobStatus.FAILED: "The job failed.",
    JobStatus.CANCELLED: "The job was cancelled.",
    JobStatus.INTERRUPTED: "The job was interrupted.",
}


class ArtifactFiles:
    """Lists and reads the artifacts of jobs; every call blocks and belongs on a worker.

    What is told of one job is kept until another is listed, so that looking again costs less.

    Args:
        get: Returns a job of the history.
    """

    def __init__(self, get: Callable[[str], JobRecord]) -> None:
        self._get = get
        self._heads: tuple[object, Heads] = (None, {})

    def list(self, job_id: str, cancel: CancelSignal) -> ArtifactList:
        """Return the frames of a job that have artifacts, and where these stand.

        Raises:
            Cancelled: If the signal was seen.
            HistoryError: If the history cannot be read.
        """
        began = time.perf_counter()
        try:
            record = self._get(job_id)
        except UnknownJob as error:
            return empty_list(job_id, ArtifactState.UNREADABLE, str(error), Path())
        layout = layout_of(record)
        try:
            found = scan(layout, cancel)
        except OSError as error:
            why = f"{error.filename or layout.dir} cannot be read: {error.strerror or error}."
            return empty_list(job_id, ArtifactState.UNREADABLE, why, layout.dir)
        summary, fault = _read_summary(layout)
        return self._listed(record, found, summary, fault, began, cancel)

    def measure(self, job_id: str, cancel: CancelSignal) -> int:
        """Return the bytes of all artifacts of a job.

        Raises:
            Cancelled: If the signal was seen.
            HistoryError: If there is no such job.
        """
        return measure(layout_of(self._get(job_id)), cancel)

    def describe(
        self, job_id: str, numbers: Sequence[int], cancel: CancelSignal
    ) -> tuple[FrameNote, ...]:
        """Return what was found in some frames.

        Raises:
            Cancelled: If the signal was seen.
            HistoryError: If there is no such job.
        """
        layout = layout_of(self._get(job_id))
        notes = []
        for number in numbers:
            if cancel.is_set():
                raise Cancelled
            notes.append(read_note(layout, number))
        return tuple(notes)

    def read(
        self, job_id: str, number: int, kinds: ArtifactFile, at_most: tuple[int, int]
    ) -> ShownArtifact:
        """Return one frame's artifacts as far as they can be read.

        Args:
            job_id: The job.
            number: Of the frame.
            kinds: Which pictures.
            at_most: Width and height of the place of each picture in pixels of the screen.

        Raises:
            HistoryError: If there is no such job.
        """
        return read_frame(layout_of(self._get(job_id)), number, kinds, at_most)

    def picture(self, job_id: str, number: int, kind: ArtifactFile) -> ArtifactPicture:
        """Return a picture of its full size.

        Raises:
            HistoryError: If there is no such job.
        """
        return read_picture(layout_of(self._get(job_id)), kind, number, None)

    def _listed(
        self,
        record: JobRecord,
        found: Scan,
        summary: Summary | None,
        fault: str,
        began: float,
        cancel: CancelSignal,
    ) -> ArtifactList:
        layout, numbers = layout_of(record), found.numbers
        heads = self._heads_of(record)
        times = times_of(layout, numbers, heads)
        tells = summary is not None and summary.complete
        unknown = times == UNKNOWN
        if record.spec.plan.scenes and not tells:
            unknown |= scenes_of(None, numbers, heads) == UNKNOWN
        fresh = [n for n in numbers[unknown].tolist() if n not in heads]
        if fresh:
            read_heads(layout, fresh, heads, cancel)
            times = times_of(layout, numbers, heads)
        expected = expected_files(record.spec.plan, summary)
        state, why = judge(record, found, summary, fault, expected)
        return ArtifactList(
            record.id,
            state,
            why,
            layout.dir,
            numbers,
            found.files,
            times,
            scenes_of(summary, numbers, heads),
            expected,
            len(summary.scenes) if tells and summary and summary.scenes is not None else None,
            took_s=time.perf_counter() - began,
        )

    def _heads_of(self, record: JobRecord) -> Heads:
        """Return what is kept of a run of a job; another run may have cut other scenes."""
        run = (record.id, record.started_at)
        if self._heads[0] != run:
            self._heads = (run, {})
        return self._heads[1]


def judge(
    record: JobRecord, found: Scan, summary: Summary | None, fault: str, expected: ArtifactFile
) -> tuple[ArtifactState, str]:
    """Return where a job's artifacts stand, and why they are partial.

    Args:
        record: The job.
        found: What is in its folder.
        summary: What its summary says.
        fault: Why the summary cannot be read; empty if it can, or is not there.
        expected: The files that each frame is to have.
    """
    if not record.spec.plan.has_artifacts and not len(found.numbers):
        return ArtifactState.NONE, ""
    if record.status is JobStatus.QUEUED:
        return ArtifactState.WAITING, ""
    if record.status is JobStatus.PROCESSING:
        return ArtifactState.GROWING, ""
    if record.status is not JobStatus.COMPLETE:
        told = record.error_message or _ENDED[record.status]
        return ArtifactState.PARTIAL, told
    if fault or (summary is None and expected):
        return ArtifactState.PARTIAL, f"analysis/job.json {fault or 'is missing'}."
    missing = _missing(found, summary, expected)
    return (ArtifactState.PARTIAL, missing) if missing else (ArtifactState.COMPLETE, "")


def _missing(found: Scan, summary: Summary | None, expected: ArtifactFile) -> str:
    """Return how many of the promised files are gone, as a sentence; empty if none is."""
    have = dict(zip(found.numbers.tolist(), found.files.tolist(), strict=True))
    promised = have if summary is None else summary.frames
    lacking = {n: expected & ~have.get(n, 0) for n in promised if expected & ~have.get(n, 0)}
    if not lacking:
        return ""
    count = sum(ArtifactFile(files).bit_count() for files in lacking.values())
    frame = min(lacking)
    files = "1 file is" if count == 1 else f"{count:,} files are"
    frames = f"of frame {frame:,}" if len(lacking) == 1 else f"of {len(lacking):,} frames"
    return f"{files} missing, {frames}; the job had written all."


def _read_summary(layout: JobLayout) -> tuple[Summary | None, str]:
    try:
        return read_summary(layout), ""
    except ValueError as error:
        return None, first_line(error)
