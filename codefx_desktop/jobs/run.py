"""Runs one job from clip to verified output; knows neither the history nor the window.

``run_job`` is the same in the window's process, in the terminal and in tests: it gets a task,
ports, a function to tell about its progress and a signal to stop.
"""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.paint import Painter
from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import (
    ClipLost,
    CodefxError,
    EncodeError,
    NoSpace,
    NotWritable,
)
from codefx_desktop.domain.job import JobSpec, JobStatus, LogLine, OutputFile, Stage
from codefx_desktop.domain.overlay import Overlays
from codefx_desktop.domain.ports import Detector, DetectorRequest, VisionFactory
from codefx_desktop.domain.run import (
    Cancelled,
    CancelSignal,
    ClipKnown,
    Emit,
    JobFinished,
    JobLogged,
)
from codefx_desktop.jobs.kept_clips import KeptClips, WantedClip, not_missing_but_lost
from codefx_desktop.jobs.pipeline import Parts, Pipeline, channel_size
from codefx_desktop.jobs.progress import ProgressMeter
from codefx_desktop.settings.weights import DEMO_CLIP, DEMO_NOTICE, FoundWeights
from codefx_desktop.store.detections import DetectionWriter
from codefx_desktop.video.encoders import X264, EncodePlan, Encoder, EncoderChoice
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.writer import ClipAudio, VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.jobs.encoder_trials import EncoderTrials
    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)

LEAST_FREE_BYTES = 256 * 1024 * 1024
"""Below this much free space no run is begun."""


@dataclass(frozen=True, slots=True)
class JobTask:
    """Everything a run needs to know.

    Attributes:
        job_id: The job.
        wanted: The footage; read where it is, never written to.
        spec: How it is to be analysed.
        layout: Where results go.
        find_weights: Finds the weights when the run begins; raises WeightsError.
        clips: Opens the footage.
        wants_preview: Whether anybody looks at the preview.
        encoders: Chooses the video encoder; None: libx264.
    """

    job_id: str
    wanted: WantedClip
    spec: JobSpec
    layout: JobLayout
    find_weights: Callable[[], FoundWeights]
    clips: KeptClips
    wants_preview: bool = False
    encoders: EncoderTrials | None = None

    @property
    def clip(self) -> Path:
        """Where the footage is."""
        return self.wanted.path


@dataclass(slots=True)
class _Run:
    """One run in work: the task, its voice, its counts."""

    task: JobTask
    vision: VisionFactory
    emit: Emit
    cancel: CancelSignal
    meter: ProgressMeter
    started: float = field(default_factory=time.perf_counter)
    frames_in: int = 0
    frames_out: int = 0
    frames_per_s: float = 0.0
    output: OutputFile | None = None
    encoder: Encoder = X264

    def say(self, text: str, *, level: str = "INFO", stage: Stage | None = None) -> None:
        line = LogLine(datetime.now(UTC), level, text, stage, self.task.job_id)
        self.emit(JobLogged(self.task.job_id, line))

    def check_cancel(self) -> None:
        if self.cancel.is_set():
            raise Cancelled


def run_job(task: JobTask, vision: VisionFactory, emit: Emit, cancel: CancelSignal) -> JobFinished:
    """Run a job on the calling worker; never raises for anything but a broken ``emit``.

    Returns:
        The same ``JobFinished`` that was emitted last; exactly one is.
    """
    run = _Run(task, vision, emit, cancel, ProgressMeter(task.job_id, task.spec.stages, emit))
    status, message = JobStatus.COMPLETE, ""
    try:
        _work(run)
    except Cancelled:
        status = JobStatus.CANCELLED
        run.say("Cancelled.", level="WARNING")
    except ClipLost as error:
        status, message = JobStatus.INTERRUPTED, str(error)
        run.say(message, level="ERROR")
    except CodefxError as error:
        status, message = JobStatus.FAILED, str(error)
        run.say(message, level="ERROR")
    except Exception as error:
        status = JobStatus.FAILED
        message = f"An unexpected error stopped this job: {type(error).__name__}: {error}"
        log.exception("Job %s failed unexpectedly", task.job_id)
        run.say(message, level="ERROR")
    if status is not JobStatus.COMPLETE:
        with suppress(OSError):  # its drive may be what went away
            task.layout.annotated_part(task.clip.stem).unlink()
    finished = JobFinished(
        task.job_id,
        status,
        message,
        run.frames_in,
        run.frames_out,
        time.perf_counter() - run.started,
        run.frames_per_s,
        run.meter.stage_seconds,
        run.output,
    )
    emit(finished)
    return finished


def _work(run: _Run) -> None:
    clip = _import(run)
    run.check_cancel()
    with ExitStack() as stack:
        stack.enter_context(not_missing_but_lost())
        detector = stack.enter_context(_load_detector(run))
        run.check_cancel()
        plan = EncodePlan.of(clip.info, clip.index.time_base, run.task.spec.quality)
        run.encoder = _choose_encoder(run, plan)
        stack.enter_context(_encoder_blamed(run, plan))
        started = time.perf_counter()
        part = _analyse(run, clip, detector)
        run.check_cancel()
        run.output = _finalise(run, clip, part)
        seconds = time.perf_counter() - started
    run.frames_per_s = run.frames_out / seconds
    run.say(
        f"Complete: {run.frames_out} frames in {seconds:.1f} s "
        f"({run.frames_per_s:.1f} frames/s). {run.output.path}"
    )


def _import(run: _Run) -> ProbedClip:
    task, meter = run.task, run.meter
    start = time.perf_counter()
    run.say(f"Reading {task.clip}", stage=Stage.IMPORT)
    found = task.clips.open(
        task.wanted, lambda done: meter.fraction(Stage.IMPORT, done * 0.95), run.cancel
    )
    run.check_cancel()
    clip, info = found.clip, found.clip.info
    if found.was_kept:
        run.say("Its index was kept from when it was first read.", stage=Stage.IMPORT)
    run.emit(ClipKnown(task.job_id, info))
    level = "INFO" if info.verdict is Verdict.OK else "WARNING"
    rate = f"{float(info.average_rate):.3f} frames/s" if info.average_rate else "unknown rate"
    run.say(
        f"{len(clip.index)} frames, {info.width}x{info.height}, {rate}"
        f"{', variable rate' if info.variable_rate else ''}, {info.codec}, "
        f"{'with' if info.has_audio else 'without'} sound. {info.message}".strip(),
        level=level,
        stage=Stage.IMPORT,
    )
    meter.expect(len(clip.index))
    _check_output_place(task.layout)
    meter.fraction(Stage.IMPORT, 0.99, time.perf_counter() - start)
    meter.complete(Stage.IMPORT)
    return clip


def _check_output_place(layout: JobLayout) -> None:
    try:
        layout.output_dir.mkdir(parents=True, exist_ok=True)
        layout.detections.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(layout.dir).free
    except OSError as error:
        raise NotWritable(
            f"The output folder {layout.dir} cannot be written to: {error.strerror}.",
            hint="Choose another output folder or change its permissions.",
            path=layout.dir,
        ) from error
    if free < LEAST_FREE_BYTES:
        raise NoSpace(
            f"Only {free / 1e6:.0f} MB are free where {layout.dir} is.",
            hint="Free some space or choose another output folder.",
            path=layout.dir,
        )


def _load_detector(run: _Run) -> Detector:
    task = run.task
    weights = task.find_weights()
    run.say(f"Weights: {weights.path.name} ({weights.reason})", stage=Stage.DETECTING)
    if weights.is_demo and task.clip.name != DEMO_CLIP:
        run.say(DEMO_NOTICE, level="WARNING", stage=Stage.DETECTING)
    spec = task.spec
    detector = run.vision.detector(
        DetectorRequest(weights.path, spec.iou, spec.image_size_px, spec.device)
    )
    info = detector.info
    run.say(
        f"Device: {info.device.label} ({info.device.reason}); classes: "
        f"{', '.join(info.class_names[:20])}{' ...' if len(info.class_names) > 20 else ''}; "
        f"SHA-256 {info.sha256[:16]}",
        stage=Stage.DETECTING,
    )
    return detector


def _analyse(run: _Run, clip: ProbedClip, detector: Detector) -> Path:
    task, info = run.task, clip.info
    part = task.layout.annotated_part(task.clip.stem)
    rate = float(info.average_rate) if info.average_rate else 30.0
    with ExitStack() as stack:
        reader = stack.enter_context(FrameReader(clip))
        writer = stack.enter_context(
            VideoWriter(
                part,
                width=info.width,
                height=info.height,
                time_base=clip.index.time_base,
                average_rate=info.average_rate,
                preset=task.spec.quality,
                encoder=run.encoder,
                warn=lambda text: run.say(text, level="WARNING", stage=Stage.RENDERING),
            )
        )
        run.encoder = writer.encoder
        detections = stack.enter_context(
            DetectionWriter(task.layout.detections, model=detector.info, index=clip.index)
        )
        parts = Parts(
            reader,
            detector,
            run.vision.tracker(rate),
            Overlays(detector.info.class_names, task.spec.confidence),
            detections,
            Painter(info.width, info.height),
            writer,
        )
        size = channel_size(info.width, info.height)
        pipeline = Pipeline(
            task.job_id,
            parts,
            size,
            run.meter,
            run.emit,
            run.cancel,
            wants_preview=task.wants_preview,
        )
        try:
            pipeline.run()
        finally:
            run.frames_in = reader.report.frames
        run.frames_out = writer.finish()
        if reader.report.message:
            run.say(reader.report.message, level="WARNING", stage=Stage.IMPORT)
    run.meter.complete(Stage.RENDERING)
    return part


def _choose_encoder(run: _Run, plan: EncodePlan) -> Encoder:
    choice = EncoderChoice()
    if run.task.encoders is not None:
        choice = run.task.encoders.choose(plan, run.cancel)
    level = "WARNING" if choice.is_second_best else "INFO"
    run.say(f"{choice}; quality: {plan.preset}", level=level, stage=Stage.RENDERING)
    return choice.encoder


@contextmanager
def _encoder_blamed(run: _Run, plan: EncodePlan) -> Iterator[None]:
    """A hardware encoder that fails a job is not used when the job is run again, nor soon after."""
    try:
        yield
    except EncodeError as error:
        if run.task.encoders is not None and run.encoder.is_hardware:
            run.task.encoders.distrust(run.encoder, plan, f"it failed a job: {error.message}")
        raise


def _finalise(run: _Run, clip: ProbedClip, part: Path) -> OutputFile:
    task = run.task
    start = time.perf_counter()
    whole = run.frames_in == len(clip.index)
    output = finalise(
        part,
        task.layout.annotated(task.clip.stem),
        expected_frames=run.frames_in,
        expected_index=clip.index if whole else None,
        audio=ClipAudio(task.clip) if clip.info.has_audio else None,
        progress=lambda done: run.meter.fraction(Stage.TRANSCODING, done),
        cancel=run.cancel,
        warn=lambda text: run.say(text, level="WARNING", stage=Stage.TRANSCODING),
    )
    run.meter.fraction(Stage.TRANSCODING, 0.99, time.perf_counter() - start)
    run.meter.complete(Stage.TRANSCODING)
    return output
