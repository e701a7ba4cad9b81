"""Which model looks at which frames, and when: in the pass over the whole clip, or afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codefx_desktop.jobs.looking import Look, detecting, finding_faces, segmenting

if TYPE_CHECKING:
    from collections.abc import Container

    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.jobs.model_loading import Models


def main_looks(plan: StagePlan, models: Models, wanted: Container[int]) -> list[Look[Any]]:
    """Return the looks at frames as they are decoded, in order.

    Args:
        plan: What is looked for.
        models: The models it needs.
        wanted: Numbers of the frames that get artifacts, where they are known beforehand.
    """
    is_late = plan.artifacts.is_late
    looks: list[Look[Any]] = []
    if models.detector is not None:
        looks.append(detecting(models.detector))
    if models.segmenter is not None and (plan.segments_everywhere or not is_late):
        looks.append(segmenting(models.segmenter, None if plan.segments_everywhere else wanted))
    if models.faces is not None and (plan.faces_everywhere or not is_late):
        looks.append(finding_faces(models.faces, None if plan.faces_everywhere else wanted))
    return looks


def late_looks(plan: StagePlan, models: Models) -> list[Look[Any]]:
    """Return the looks at frames that get artifacts, once they are known, in order."""
    looks: list[Look[Any]] = []
    if models.segmenter is not None and not plan.segments_everywhere:
        looks.append(segmenting(models.segmenter, None))
    if models.faces is not None and not plan.faces_everywhere:
        looks.append(finding_faces(models.faces, None))
    return looks
