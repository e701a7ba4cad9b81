"""The first stage of a run: the clip is opened, and the place for results is looked at."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import NoSpace, NotWritable
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import ClipKnown
from codefx_desktop.jobs.counting import frame_count

if TYPE_CHECKING:
    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.jobs.task import Run
    from codefx_desktop.video.probe import ProbedClip

LEAST_FREE_BYTES = 256 * 1024 * 1024
"""Below this much free space no run is begun."""


def import_clip(run: Run) -> ProbedClip:
    """Open the job's clip, say what it is, and make sure that there is a place for results.

    Raises:
        Cancelled: If the person cancelled.
        ClipError: If the clip cannot be used.
        NotWritable: If the output folder cannot be written to.
        NoSpace: If too little is free there.
    """
    task, meter = run.task, run.meter
    start = time.perf_counter()
    run.say(f"Reading {task.clip}", stage=Stage.IMPORT)
    found = task.clips.open(
        task.wanted, lambda done: meter.fraction(Stage.IMPORT, done * 0.95), run.cancel
    )
    run.check_cancel()
    clip = found.clip
    if found.was_kept:
        run.say("Its index was kept from when it was first read.", stage=Stage.IMPORT)
    run.emit(ClipKnown(task.job_id, clip.info))
    _say_clip(run, clip.info, len(clip.index))
    meter.expect(len(clip.index))
    _check_output_place(task.layout)
    meter.fraction(Stage.IMPORT, 0.99, time.perf_counter() - start)
    meter.complete(Stage.IMPORT)
    return clip


def _say_clip(run: Run, info: VideoInfo, frames: int) -> None:
    level = "INFO" if info.verdict is Verdict.OK else "WARNING"
    rate = f"{float(info.average_rate):.3f} frames/s" if info.average_rate else "unknown rate"
    run.say(
        f"{frame_count(frames)}, {info.width}x{info.height}, {rate}"
        f"{', variable rate' if info.variable_rate else ''}, {info.codec}, "
        f"{'with' if info.has_audio else 'without'} sound. {info.message}".strip(),
        level=level,
        stage=Stage.IMPORT,
    )


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
            f"Only {free / 1e6:.0f} MB are free where {layout.dir} is; "
            f"{LEAST_FREE_BYTES / 1e6:.0f} MB are wanted.",
            hint="Free some space or choose another output folder.",
            path=layout.dir,
        )
