"""Works on jobs of the history: lock, run, record. The same for the window and the terminal."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.job_json import read_job_json, write_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import CodefxError, JobStateError, OutputError, UnknownJob
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus, LogLine
from codefx_desktop.domain.run import CancelSignal, Emit, JobFinished, JobLogged, RunEvent
from codefx_desktop.jobs.encoder_trials import EncoderTrials
from codefx_desktop.jobs.kept_clips import KeptClips, WantedClip
from codefx_desktop.jobs.kept_outbox import KeptOutbox
from codefx_desktop.jobs.lock import is_locked, job_lock
from codefx_desktop.jobs.run import JobTask, run_job
from codefx_desktop.jobs.stop_noting import note_job
from codefx_desktop.settings.templates import find_template
from codefx_desktop.settings.weights import find_segment_weights, find_weights

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.ports import Downloads, VisionFactory
    from codefx_desktop.jobs.recorder import Recorder
    from codefx_desktop.jobs.target_keeper import TargetKeeper
    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.settings.settings import Settings
    from codefx_desktop.store.history import History

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
INTERRUPTED_MESSAGE = (
    "The program ended while this job was running (power, crash or kill). Run it again."
)

CLAIM_GRACE = timedelta(seconds=5)
"""A job is claimed a moment before its lock is taken; this long it is not taken for dead."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What working on jobs needs; built once by bootstrap."""

    paths: AppPaths
    settings: Settings
    history: History
    recorder: Recorder
    vision: VisionFactory
    downloads: Downloads
    targets: TargetKeeper
    clips: KeptClips = field(default_factory=KeptClips)
    changing_stops: threading.Lock = field(default_factory=threading.Lock)
    """Held while a job's stops are read and written again: panel, review, fetch may do so."""
    unsettled_reviews: SimpleQueue[str] = field(default_factory=SimpleQueue)
    """Jobs whose stops do not follow their reviews yet: others' steps came in, or it ran again."""
    outbox: KeptOutbox = field(init=False)

    def __post_init__(self) -> None:
        """Know where the outbox is; it is opened when somebody pushes."""
        object.__setattr__(self, "outbox", KeptOutbox(self.paths.outbox))


def layout_of(record: JobRecord) -> JobLayout:
    """Return the layout of a job's folder."""
    return JobLayout(record.job_dir.parent.parent, record.id)


def wanted_clip(record: JobRecord, shop: Workshop) -> WantedClip:
    """Return which clip a job is about."""
    limit = shop.settings.max_file_size_mb * MEGABYTE
    kept = layout_of(record).clip_index
    return WantedClip(record.input_path, kept, record.fingerprint, limit)


def begin(shop: Workshop, clip: Path, spec: JobSpec, metadata: JobMetadata) -> JobRecord:
    """Add a job that the caller works on itself at once; no queue takes it."""
    clip = plain_path(clip)
    return shop.history.add(
        input_path=clip,
        input_size_bytes=file_size(clip),
        spec=spec,
        metadata=metadata,
        job_root=spec.output_root or shop.paths.data,
        claimed=True,
    )


def plain_path(path: Path) -> Path:
    """Return an absolute path without ``..``; links stay as the person named them."""
    path = path.expanduser().absolute()
    return path.resolve() if ".." in path.parts else path


def file_size(path: Path) -> int:
    """Return a clip's size; 0 when it is not there (its job will say so)."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def work_on(
    record: JobRecord,
    shop: Workshop,
    emit: Emit,
    cancel: CancelSignal,
    *,
    wants_preview: bool = False,
) -> JobFinished:
    """Run a claimed (PROCESSING) job on the calling worker and record how it went.

    Everything the run says goes to ``emit`` and to the history; ``JobFinished`` reaches ``emit``
    after the history has it, so whoever hears it finds the final row. Where the history cannot be
    written, a log line says so, and the recorder keeps the end for ``catch_up``.
    """

    def tell(event: RunEvent) -> None:
        shop.recorder.record(event)
        if not isinstance(event, JobFinished):
            emit(event)

    layout = layout_of(record)
    try:
        with job_lock(layout.lock, record.id):
            task = JobTask(
                record.id,
                wanted_clip(record, shop),
                record.spec,
                layout,
                lambda: find_weights(record.spec, shop.settings, shop.paths),
                shop.clips,
                wants_preview,
                EncoderTrials(shop.settings.video_encoder, shop.paths.cache),
                lambda: find_segment_weights(record.spec, shop.settings, shop.paths),
                lambda name: find_template(shop.paths, name),
            )
            finished = run_job(task, shop.vision, tell, cancel)
            shop.recorder.drain()
            if shop.recorder.trouble(record.id) is None:
                _write_job_json(record, shop, layout)
                if finished.stop_count is not None:
                    _tell_stops(shop, layout)
                shop.recorder.drain()
    except JobStateError as error:
        # Somebody else works on it, so the row is theirs to end.
        finished = JobFinished(record.id, JobStatus.FAILED, str(error))
    except OutputError as error:
        finished = JobFinished(record.id, JobStatus.FAILED, str(error))
        tell(JobLogged(record.id, _line(record.id, "ERROR", str(error))))
        tell(finished)
        shop.recorder.drain()
    if trouble := shop.recorder.trouble(record.id):
        text = f"The job's end is not in the history yet. {trouble}"
        emit(JobLogged(record.id, _line(record.id, "ERROR", text)))
    emit(finished)
    return finished


def is_claimed_just_now(record: JobRecord) -> bool:
    """Return whether a job was claimed so short a time ago that its lock may still come."""
    if record.status is not JobStatus.PROCESSING or record.started_at is None:
        return False
    # A start in the future is a clock that was set back, not a claim of this moment.
    return timedelta(0) <= datetime.now(UTC) - record.started_at < CLAIM_GRACE


def recover(shop: Workshop) -> tuple[JobRecord, ...]:
    """Mark jobs whose program died as INTERRUPTED.

    Ends of this program's own runs that could not be written before are written first.

    Returns:
        The jobs that were marked.
    """
    shop.recorder.catch_up()
    shop.recorder.drain()
    marked = []
    for record in shop.history.processing():
        ended_here = shop.recorder.trouble(record.id) is not None
        if ended_here or is_claimed_just_now(record) or is_locked(layout_of(record).lock):
            continue
        with suppress(UnknownJob):  # deleted a moment ago
            if shop.history.interrupt(record.id, INTERRUPTED_MESSAGE):  # or ended, a moment ago
                shop.history.log(record.id, [_line(record.id, "ERROR", INTERRUPTED_MESSAGE)])
                marked.append(shop.history.get(record.id))
    return tuple(marked)


def restore(history: History, data: Path) -> int:
    """Rebuild rows of an empty history from the ``job.json`` of the jobs in the data folder.

    Returns:
        How many jobs were found again.
    """
    records = []
    for file in sorted(data.glob("jobs/*/job.json")):
        try:
            records.append(read_job_json(JobLayout(data, file.parent.name)))
        except (CodefxError, ValueError) as error:
            log.warning("%s cannot be read: %s", file, error)
    return history.restore(records)


def _write_job_json(record: JobRecord, shop: Workshop, layout: JobLayout) -> None:
    try:
        write_job_json(shop.history.get(record.id), layout)
    except CodefxError as error:
        shop.recorder.log(_line(record.id, "WARNING", f"job.json was not written: {error}"))


def _tell_stops(shop: Workshop, layout: JobLayout) -> None:
    """Have statistics know a run's stops; those of a job under review follow it a little later."""
    note_job(shop.history, layout.job_id)
    if layout.review.is_file():
        shop.unsettled_reviews.put(layout.job_id)


def _line(job_id: str, level: str, text: str) -> LogLine:
    return LogLine(datetime.now(UTC), level, text, None, job_id)
