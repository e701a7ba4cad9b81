"""Runs one job from clip to verified output; knows neither the history nor the window.

``run_job`` is the same in the window's process, in the terminal and in tests: it gets a task,
ports, a function to tell about its progress and a signal to stop.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.promise import tell_broken
from codefx_desktop.domain.errors import ArtifactsBroken, ClipLost, CodefxError
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.run import Cancelled, CancelSignal, Emit, JobFinished
from codefx_desktop.jobs.analysing import Analysis
from codefx_desktop.jobs.counting import frame_count
from codefx_desktop.jobs.encoding import choose_encoder, encoder_blamed, finish_video
from codefx_desktop.jobs.importing import import_clip
from codefx_desktop.jobs.kept_clips import not_missing_but_lost
from codefx_desktop.jobs.model_loading import load_models
from codefx_desktop.jobs.progress import ProgressMeter
from codefx_desktop.jobs.task import JobTask, Run
from codefx_desktop.video.encoders import EncodePlan

if TYPE_CHECKING:
    from codefx_desktop.domain.ports import VisionFactory

__all__ = ["JobTask", "run_job"]

log = logging.getLogger(__name__)


def run_job(task: JobTask, vision: VisionFactory, emit: Emit, cancel: CancelSignal) -> JobFinished:
    """Run a job on the calling worker; never raises for anything but a broken ``emit``.

    Returns:
        The same ``JobFinished`` that was emitted last; exactly one is.
    """
    run = Run(task, vision, emit, cancel, ProgressMeter(task.job_id, task.spec.stages, emit))
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
        run.scene_count,
        run.artifact_frames,
        run.stop_count,
        run.classic,
    )
    emit(finished)
    return finished


def _work(run: Run) -> None:
    clip = import_clip(run)
    run.check_cancel()
    task = run.task
    with ExitStack() as stack:
        stack.enter_context(not_missing_but_lost())
        models = load_models(run, stack)
        plan = EncodePlan.of(clip.info, clip.index.time_base, task.spec.quality)
        run.encoder = choose_encoder(run, plan)
        stack.enter_context(encoder_blamed(run, plan))
        started = time.perf_counter()
        broken = Analysis(run, clip, models).work()
        run.check_cancel()
        run.output = finish_video(run, clip, task.layout.annotated_part(task.clip.stem))
        seconds = time.perf_counter() - started
    run.frames_per_s = run.frames_out / seconds
    if broken:
        raise ArtifactsBroken(
            tell_broken(broken),
            hint="The annotated video is finished; run the job again for the rest.",
        )
    run.say(
        f"Complete: {frame_count(run.frames_out)} in {seconds:.1f} s "
        f"({run.frames_per_s:.1f} frames/s). {run.output.path}"
    )
