"""What the measurement of stages says, for a person and as JSON."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any, Final

GOAL_RATIO: Final = 0.85
GOAL_COST: Final = 0.10
"""Of the throughput, at one frame in 15."""
USUAL: Final = "every:15"


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage alone.

    Attributes:
        frames: Frames it looked at.
        cpu_s: Processor seconds a frame, of all threads.
        wall_s: Seconds a frame on the clock.
    """

    frames: int
    cpu_s: float
    wall_s: float

    @classmethod
    def of(cls, frames: int, cpu_s: float, wall_s: float) -> StageFigures:
        """Return the figures of a stage that took so much for so many frames."""
        return cls(frames, round(cpu_s / frames, 6), round(wall_s / frames, 6))


@dataclass(frozen=True, slots=True)
class JobFigures:
    """One whole job, some runs of it.

    Attributes:
        plan: What was looked for.
        artifacts: Which frames got artifacts.
        artifact_frames: How many these were.
        fps: Frames per second of each run, from the first frame read to the output closed.
        cpu_s: Processor seconds a frame of each run; reading the clip and loading left out.
        alone_s: Processor seconds a frame that its stages take alone, all together.
        limit_fps: Cores over that.
        peak_bytes: The most memory of all runs.
        stage_s: Busy seconds of each stage in the first run.
    """

    plan: str
    artifacts: str
    artifact_frames: int
    fps: tuple[float, ...]
    cpu_s: tuple[float, ...]
    alone_s: float
    limit_fps: float
    peak_bytes: int
    stage_s: dict[str, float]

    @property
    def ratio(self) -> float:
        """Median throughput over the limit."""
        return statistics.median(self.fps) / self.limit_fps

    def cost_over(self, other: JobFigures) -> tuple[float, float]:
        """Return what this one takes more than another, run by run, as shares.

        Returns:
            Median of the throughput that is lost, and of the processor time that is added.
        """
        lost = [1 - mine / theirs for mine, theirs in zip(self.fps, other.fps, strict=True)]
        added = [mine / theirs - 1 for mine, theirs in zip(self.cpu_s, other.cpu_s, strict=True)]
        return statistics.median(lost), statistics.median(added)


@dataclass(frozen=True, slots=True)
class StagesReport:
    """Stages alone and whole jobs.

    Attributes:
        frames: Frames of the clip.
        cores: Cores that could be used.
        segmenter: Name of the segmentation weights.
        stages: Each stage alone; ``texts`` is the part of ``artifacts`` that is JSON and TOON,
            ``artifacts_of_boxes`` what artifacts take where nothing but objects is detected.
        jobs: Whole jobs; empty where none were run.
    """

    frames: int
    cores: int
    segmenter: str
    stages: dict[str, StageFigures]
    jobs: tuple[JobFigures, ...] = ()

    @property
    def costs(self) -> dict[str, dict[str, tuple[float, float]]]:
        """What artifacts cost, by plan and choice: throughput lost, processor time added."""
        bare = {job.plan: job for job in self.jobs if job.artifacts == "none"}
        costs: dict[str, dict[str, tuple[float, float]]] = {plan: {} for plan in bare}
        for job in self.jobs:
            if job.plan in bare and job is not bare[job.plan]:
                costs[job.plan][job.artifacts] = job.cost_over(bare[job.plan])
        return costs

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        costs = {
            plan: {
                choice: {"throughput_lost": round(lost, 4), "cpu_added": round(added, 4)}
                for choice, (lost, added) in by_choice.items()
            }
            for plan, by_choice in self.costs.items()
        }
        jobs = [{**asdict(job), "ratio": round(job.ratio, 3)} for job in self.jobs]
        return {**asdict(self), "jobs": jobs, "artifact_costs": costs}

    def lines(self) -> list[str]:
        """Return the report for a person."""
        lines = [
            f"{self.frames} frames of 1280x720, {self.cores} cores; segmentation: {self.segmenter}",
            "each stage alone, a frame it looks at",
            *(_stage_line(name, stage) for name, stage in self.stages.items()),
        ]
        if self.jobs:
            lines += ["whole jobs", *map(_job_line, self.jobs)]
            lines += [f"  goal           at least {GOAL_RATIO:.0%} of the limit"]
            lines += ["cost of artifacts, run by run", *self._cost_lines()]
        return lines

    def _cost_lines(self) -> list[str]:
        lines = [
            f"  {plan}, {choice:<9} {lost:+.1%} of the throughput, {added:+.1%} processor time"
            for plan, by_choice in self.costs.items()
            for choice, (lost, added) in by_choice.items()
        ]
        return [*lines, f"  goal           at most {GOAL_COST:.0%} at {USUAL}"]


def _stage_line(name: str, stage: StageFigures) -> str:
    of = "  (part of artifacts)" if name == "texts" else ""
    return (
        f"  {name:<18} {stage.cpu_s * 1000:7.2f} core-ms, "
        f"{stage.wall_s * 1000:7.2f} ms on the clock{of}"
    )


def _job_line(job: JobFigures) -> str:
    return (
        f"  {job.plan}, artifacts {job.artifacts}: {statistics.median(job.fps):.2f} frames/s of at "
        f"most {job.limit_fps:.2f}, ratio {job.ratio:.2f}; "
        f"{statistics.median(job.cpu_s) * 1000:.0f} core-ms a frame, alone "
        f"{job.alone_s * 1000:.0f}, "
        f"{job.peak_bytes / 1e6:.0f} MB at most"
    )
