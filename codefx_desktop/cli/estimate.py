"""How much artifacts will take, told before the work begins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from codefx_desktop.cli.output import counted, size_text
from codefx_desktop.domain.artifact_choice import ArtifactEstimate, estimate_artifacts
from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.domain.plan import StagePlan


def estimate_lines(clips: list[Path], plan: StagePlan, root: Path) -> Iterator[str]:
    """Yield what artifacts of each clip will take, as far as the clips' headers tell.

    Args:
        clips: The clips.
        plan: What is looked for; without artifacts nothing is yielded.
        root: The folder that results go to.
    """
    if not plan.has_artifacts:
        return
    from codefx_desktop.jobs.dropped import clip_sizes

    whole = 0
    for clip, size in clip_sizes(clips):
        if size is None:
            yield f"{clip.name}: how much its artifacts will take cannot be told beforehand."
            continue
        estimate = _estimate(plan, size)
        whole += estimate.size_bytes
        yield f"{clip.name}: {_told(plan, estimate)}"
    free = _free_bytes(root)
    if free is not None and whole > free:
        yield f"There are {size_text(free)} free where they go, which will not do."


def _estimate(plan: StagePlan, size: ClipSize) -> ArtifactEstimate:
    return estimate_artifacts(
        plan.artifacts,
        frames=size.frames,
        duration_s=size.duration_s,
        size=(size.width, size.height),
        pictures=plan.picture_kinds,
        outlines=plan.segment,
    )


def _told(plan: StagePlan, estimate: ArtifactEstimate) -> str:
    frames, files = counted(estimate.frames, "frame"), counted(estimate.files, "file")
    size = size_text(estimate.size_bytes)
    if estimate.at_least:
        return f"artifacts ({plan.artifacts}) of each scene: {frames}, {files}, about {size}."
    return f"artifacts ({plan.artifacts}) of about {frames}: {files}, about {size}."


def _free_bytes(folder: Path) -> int | None:
    """Return the free space where a folder is or is going to be."""
    for place in (folder, *folder.parents):
        if place.exists():
            try:
                return shutil.disk_usage(place).free
            except OSError:
                return None
    return None
