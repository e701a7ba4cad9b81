"""What each stage of a job costs alone, and how near the whole job comes to what that allows.

Every stage runs in a process of its own, where the processor time of all threads is its own. The
limit of a job is the cores over the sum of what its stages take for a frame: it would be reached if
no core ever waited and no stage cost another anything. Jobs run through the history as any other,
in turns, so that a machine that becomes slower does so for all. Run: ``codefx bench stages``.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.bench.side import refuse_frozen, run_side
from codefx_desktop.bench.spent import usable_cores
from codefx_desktop.bench.stage_report import JobFigures, StageFigures, StagesReport
from codefx_desktop.bench.stops import stops_clip
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.weights import DemoTask, find_demo_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ALONE: Final = (
    *("decode", "scenes", "detect", "segment", "faces", "track", "render"),
    *("artifacts", "artifacts_of_boxes", "texts", "finalise"),
)
"""Stages in the order in which each finds what it needs."""
JOBS: Final = (
    ("everything", "none"),
    ("everything", "every:15"),
    ("everything", "all"),
    ("everything on artifact frames", "every:15"),
    ("detection", "none"),
    ("detection", "every:15"),
    ("detection", "all"),
)
"""Plan and artifacts of each job."""
_ALWAYS: Final = ("decode", "detect", "track", "render", "finalise")


def measure_stages(
    *, seconds: float = 6.0, rounds: int = 2, tell: Callable[[str], None] = lambda _: None
) -> StagesReport:
    """Measure every stage alone, then whole jobs.

    Args:
        seconds: Length of the clip.
        rounds: How often each job is run; 0 measures the stages only.
        tell: Told what is going on.

    Raises:
        CodefxError: If a side fails, or if this is the frozen program.
    """
    refuse_frozen("its stages")
    tell("rendering the clip")
    clip = stops_clip(app_paths().cache / "bench", seconds)
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as name:
        folder = Path(name)
        segmenter = find_demo_model(DemoTask.SEGMENT)
        stages = _alone(clip, segmenter, folder, tell)
        jobs = _jobs(clip, segmenter, folder, stages, rounds, tell)
    frames = stages["decode"].frames
    return StagesReport(frames, usable_cores(), segmenter.name, stages, tuple(jobs))


def _alone(
    clip: Path, segmenter: Path, folder: Path, tell: Callable[[str], None]
) -> dict[str, StageFigures]:
    figures = {}
    for stage in ALONE:
        tell(f"{stage} alone")
        said = run_side("stage_alone", stage, clip, segmenter, folder, home=folder / "home")
        figures[stage] = StageFigures.of(**said)
    return figures


def _jobs(
    clip: Path,
    segmenter: Path,
    folder: Path,
    stages: dict[str, StageFigures],
    rounds: int,
    tell: Callable[[str], None],
) -> Iterable[JobFigures]:
    said: dict[tuple[str, str], list[dict[str, Any]]] = {job: [] for job in JOBS}
    for turn in range(rounds):
        for number, (plan, artifacts) in enumerate(JOBS):
            tell(f"{plan}, artifacts {artifacts}, run {turn + 1} of {rounds}")
            home = folder / f"job{turn}_{number}"
            runs = said[plan, artifacts]
            runs.append(run_side("stage_job", plan, artifacts, clip, segmenter, home=home))
    frames = stages["decode"].frames
    for (plan, artifacts), runs in said.items():
        if runs:
            costs = shares(plan, artifacts, frames)
            core_s = sum(stages[name].cpu_s * share for name, share in costs.items())
            yield _figures(plan, artifacts, runs, core_s)


def shares(plan: str, artifacts: str, frames: int) -> dict[str, float]:
    """Return which stages a job has, and the share of the clip's frames that each looks at.

    Args:
        plan: Name of one of the measured plans.
        artifacts: Which frames get artifacts.
        frames: Frames of the clip.
    """
    chosen = ArtifactChoice.parse(artifacts).count(frames, 0.0) / frames
    if plan == "detection":
        return {**dict.fromkeys(_ALWAYS, 1.0), "artifacts_of_boxes": chosen}
    looked = 1.0 if plan == "everything" else chosen
    shares = {**dict.fromkeys(_ALWAYS, 1.0), "scenes": 1.0, "segment": looked, "faces": looked}
    return {**shares, "artifacts": chosen}


def _figures(plan: str, artifacts: str, runs: list[dict[str, Any]], alone_s: float) -> JobFigures:
    def median(name: str) -> float:
        return float(statistics.median(run[name] for run in runs))

    return JobFigures(
        plan=plan,
        artifacts=artifacts,
        artifact_frames=int(median("artifact_frames")),
        fps=tuple(round(run["fps"], 3) for run in runs),
        cpu_s=tuple(round(run["cpu_s"] / run["frames"], 5) for run in runs),
        alone_s=round(alone_s, 5),
        limit_fps=round(usable_cores() / alone_s, 3),
        peak_bytes=int(max(run["peak_bytes"] for run in runs)),
        stage_s=runs[0]["stage_s"],
    )
