"""Chooses a run's video encoder, and makes the finished video of what was encoded."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import EncodeError
from codefx_desktop.domain.job import Stage
from codefx_desktop.video.encoders import EncodePlan, Encoder, EncoderChoice
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.writer import ClipAudio, VideoWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.job import OutputFile
    from codefx_desktop.jobs.task import Run
    from codefx_desktop.video.probe import ProbedClip


def choose_encoder(run: Run, plan: EncodePlan) -> Encoder:
    """Choose the encoder and say which.

    Raises:
        Cancelled: If the person cancelled meanwhile.
    """
    choice = EncoderChoice()
    if run.task.encoders is not None:
        choice = run.task.encoders.choose(plan, run.cancel)
    level = "WARNING" if choice.is_second_best else "INFO"
    run.say(f"{choice}; quality: {plan.preset}", level=level, stage=Stage.RENDERING)
    return choice.encoder


@contextmanager
def encoder_blamed(run: Run, plan: EncodePlan) -> Iterator[None]:
    """A hardware encoder that fails a job is not used when the job is run again, nor soon after."""
    try:
        yield
    except EncodeError as error:
        if run.task.encoders is not None and run.encoder.is_hardware:
            run.task.encoders.distrust(run.encoder, plan, f"it failed a job: {error.message}")
        raise


def open_writer(run: Run, clip: ProbedClip) -> VideoWriter:
    """Return what the annotated video is encoded by, with the run's encoder."""
    task, info = run.task, clip.info
    return VideoWriter(
        task.layout.annotated_part(task.clip.stem),
        width=info.width,
        height=info.height,
        time_base=clip.index.time_base,
        average_rate=info.average_rate,
        preset=task.spec.quality,
        encoder=run.encoder,
        warn=lambda text: run.say(text, level="WARNING", stage=Stage.RENDERING),
    )


def finish_video(run: Run, clip: ProbedClip, part: Path) -> OutputFile:
    """Return the finished video: with sound, verified, under its name.

    Raises:
        Cancelled: If the person cancelled.
        EncodeError: If it does not verify.
        NoSpace: If the disk is full.
    """
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
