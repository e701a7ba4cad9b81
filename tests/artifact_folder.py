"""Job folders with artifacts in them, written by the product's own writers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from artifact_samples import artifact, provenance

from codefx_desktop.artifacts.files import write_frame, write_picture, write_summary
from codefx_desktop.artifacts.job_artifact import JobArtifact
from codefx_desktop.artifacts.layout import FrameKind, JobLayout
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.clip import FrameIndex, FrameTime, VideoInfo
from codefx_desktop.domain.errors import UnknownJob
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus, Stage
from codefx_desktop.domain.plan import EVERYTHING, StagePlan
from codefx_desktop.domain.scene import Scene
from codefx_desktop.video.clip_file import save_clip
from codefx_desktop.video.probe import ProbedClip

if TYPE_CHECKING:
    from pathlib import Path

JOB = "job-1"
RATE = Fraction(30_000, 1001)
PLAN = EVERYTHING.plan
KINDS = frozenset(FrameKind)


class Folder:
    """A job's folder and its record; frames are added one by one.

    Args:
        root: The folder that holds the ``jobs/`` tree.
        plan: What the job looks for.
    """

    def __init__(self, root: Path, plan: StagePlan = PLAN) -> None:
        self.layout = JobLayout(root, JOB)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        self.record = JobRecord(
            JOB,
            JobStatus.COMPLETE,
            Stage.COMPLETE,
            1.0,
            root / "clip.mp4",
            1000,
            "v1:a",
            JobSpec(profile="everything", plan=plan),
            JobMetadata(),
            self.layout.dir,
            "0.1.0",
            now,
            now,
        )

    def get(self, job_id: str) -> JobRecord:
        """Return the record, as the history does."""
        if job_id != JOB:
            raise UnknownJob(f"There is no job {job_id}.", job_id=job_id)
        return self.record

    def change(self, **fields: object) -> None:
        """Change the record."""
        self.record = replace(self.record, **fields)

    def add(self, *numbers: int, scene_frames: int = 100, **changes: object) -> None:
        """Write all that a frame has."""
        for number in numbers:
            made = artifact(
                provenance=provenance(job_id=JOB),
                number=number,
                time=time_of(number),
                scene=number // scene_frames,
                pictures=KINDS,
                **changes,
            )
            write_frame(self.layout, number, made.content())
            for place, kind in enumerate(sorted(KINDS)):
                write_picture(self.layout, kind, number, picture(place))

    def summarise(
        self, numbers: tuple[int, ...], scene_frames: int = 100, *, complete: bool = True
    ) -> None:
        """Write the job's summary."""
        count = max(numbers, default=0) // scene_frames + 1
        scenes = tuple(
            Scene(n, n * scene_frames, (n + 1) * scene_frames - 1, n * 4.0, n * 4.0 + 4)
            for n in range(count)
        )
        said = JobArtifact(
            provenance(job_id=JOB),
            count * scene_frames,
            count * 4.0,
            complete,
            ArtifactChoice.parse("every:5"),
            numbers,
            KINDS,
            scenes if complete else (),
        )
        write_summary(self.layout, said.content())

    def keep_index(self, frames: int = 1000) -> None:
        """Keep the clip's exact times beside the job."""
        ticks = np.arange(frames, dtype=np.int64) * 1001
        index = FrameIndex(ticks, ticks.copy(), ticks == 0, Fraction(1, 30_000))
        info = VideoInfo(
            path=self.record.input_path,
            size_bytes=1000,
            container="mp4",
            codec="h264",
            pixel_format="yuv420p",
            width=2,
            height=2,
            coded_width=2,
            coded_height=2,
            frames=frames,
            duration_s=frames / float(RATE),
            fingerprint="v1:a",
        )
        save_clip(self.layout.clip_index, ProbedClip(info, index))


def time_of(number: int) -> FrameTime:
    """Return a frame's time at 29.97 frames per second."""
    return FrameTime(number * 1001, Fraction(1, 30_000), number * 1001)


def picture(place: int, width: int = 320, height: int = 180) -> np.ndarray:
    """Return a picture of one grey."""
    return np.full((height, width, 3), 40 + 50 * place, np.uint8)
