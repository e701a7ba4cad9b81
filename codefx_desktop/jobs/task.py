"""What a run is given, and what it has to show while it is in work."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import SettingsError, WeightsNotChosen
from codefx_desktop.domain.job import LogLine, OutputFile, Stage
from codefx_desktop.domain.run import Cancelled, JobLogged
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.video.encoders import X264, Encoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.classic import ClassicTimes
    from codefx_desktop.domain.job import JobSpec
    from codefx_desktop.domain.ports import VisionFactory
    from codefx_desktop.domain.run import CancelSignal, Emit
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.jobs.encoder_trials import EncoderTrials
    from codefx_desktop.jobs.kept_clips import KeptClips, WantedClip
    from codefx_desktop.jobs.progress import ProgressMeter
    from codefx_desktop.settings.weights import FoundWeights


def _built_in_template(name: str) -> StopTemplate:
    for template in built_in_templates():
        if template.name == name:
            return template
    raise SettingsError(
        f"There is no stop template {name!r}.", hint="Choose another one for this job."
    )


def _no_segment_weights() -> FoundWeights:
    raise WeightsNotChosen(
        "There are no segmentation weights.", hint="Choose some, or switch segmentation off."
    )


@dataclass(frozen=True, slots=True)
class JobTask:
    """Everything a run needs to know.

    Attributes:
        job_id: The job.
        wanted: The footage; read where it is, never written to.
        spec: How it is to be analysed.
        layout: Where results go.
        find_weights: Finds the detector's weights when the run begins; raises WeightsError. Not
            asked where nothing is to be detected.
        clips: Opens the footage.
        wants_preview: Whether anybody looks at the preview.
        encoders: Chooses the video encoder; None: libx264.
        find_segment_weights: As ``find_weights``, of the segmenter.
        find_template: Finds a stop template by its name; raises SettingsError.
    """

    job_id: str
    wanted: WantedClip
    spec: JobSpec
    layout: JobLayout
    find_weights: Callable[[], FoundWeights]
    clips: KeptClips
    wants_preview: bool = False
    encoders: EncoderTrials | None = None
    find_segment_weights: Callable[[], FoundWeights] = _no_segment_weights
    find_template: Callable[[str], StopTemplate] = _built_in_template

    @property
    def clip(self) -> Path:
        """Where the footage is."""
        return self.wanted.path


@dataclass(slots=True)
class Run:
    """One run in work: the task, its voice, its counts.

    ``scene_count``, ``artifact_frames``, ``stop_count`` and ``classic`` are as
    ``domain.run.JobFinished`` tells them.
    """

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
    scene_count: int | None = None
    artifact_frames: int | None = None
    stop_count: int | None = None
    classic: ClassicTimes | None = None

    def say(self, text: str, *, level: str = "INFO", stage: Stage | None = None) -> None:
        """Add a line to the job's log."""
        line = LogLine(datetime.now(UTC), level, text, stage, self.task.job_id)
        self.emit(JobLogged(self.task.job_id, line))

    def check_cancel(self) -> None:
        """Do nothing while the job is to go on.

        Raises:
            Cancelled: If it is to stop.
        """
        if self.cancel.is_set():
            raise Cancelled
