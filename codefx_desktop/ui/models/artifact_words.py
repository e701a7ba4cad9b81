"""How much the artifacts of dropped clips will be, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.artifact_choice import ArtifactEstimate, estimate_artifacts
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import ClipSize
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.jobs.messages import ClipSizes

NOTHING = "Only the annotated video is written."
LOOKING = "Looking at the clips…"


def estimate_text(plan: StagePlan, sizes: ClipSizes | None, free_bytes: int | None = None) -> str:
    """Return about how much a plan writes besides the annotated videos.

    Args:
        plan: What is looked for, and which frames get artifacts.
        sizes: What is known of the clips; None while nobody has looked at them.
        free_bytes: What the disk has left; None while that is not known.
    """
    if not plan.has_artifacts:
        return NOTHING
    if sizes is None:
        return LOOKING
    if not sizes.known:
        headers = "the clip's header does" if len(sizes.unknown) < 2 else "the clips' headers do"
        return f"How much that will be is not known: {headers} not tell."
    parts = [_estimate(plan, size) for size in sizes.known]
    text = _sum_text(plan, parts) + _scene_text(plan, parts) + _unknown_text(sizes.unknown)
    if free_bytes is not None and sum(part.size_bytes for part in parts) > free_bytes:
        text += f". The disk has only {words.size(free_bytes)} free"
    return text


def _estimate(plan: StagePlan, size: ClipSize) -> ArtifactEstimate:
    return estimate_artifacts(
        plan.artifacts,
        frames=size.frames,
        duration_s=size.duration_s,
        size=(size.width, size.height),
        pictures=plan.picture_kinds,
        outlines=plan.segment,
    )


def _sum_text(plan: StagePlan, parts: list[ArtifactEstimate]) -> str:
    frames = sum(part.frames for part in parts)
    pictures = words.count(frames * plan.picture_kinds)
    files = words.count(sum(part.files for part in parts))
    size = words.size(sum(part.size_bytes for part in parts))
    return f"≈ {words.frames(frames)}, {pictures} pictures, {files} files, {size}"


def _scene_text(plan: StagePlan, parts: list[ArtifactEstimate]) -> str:
    """Return what each scene beyond a clip's first adds, while nobody has looked for scenes."""
    if not any(part.at_least for part in parts):
        return ""
    frames = int(plan.artifacts.value)
    most = max(part.size_bytes / part.frames for part in parts if part.frames)
    files = frames * (plan.picture_kinds + 2)
    return f" (+ {files} files, {words.size(round(most * frames))} for each further scene)"


def _unknown_text(unknown: tuple[str, ...]) -> str:
    if not unknown:
        return ""
    if len(unknown) == 1:
        return f"; {unknown[0]} not counted, its header does not tell"
    return f"; {words.clips(len(unknown))} not counted, their headers do not tell"
