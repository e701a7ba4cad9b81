"""Steps of a review laid over the run of the job that there is.

Boxes and tracks are named by their place among what one run found: after another run they would
hit others. Such steps stay in the log and are not done; what names events, marks and classes by
what they are holds for every run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codefx_desktop.domain.edit import BoxOp, RetrackOp, TrackOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codefx_desktop.domain.edit import EditOp, EditStep

BY_PLACE = BoxOp | TrackOp | RetrackOp


def names_places(ops: Iterable[EditOp]) -> bool:
    """Return whether ops name something by its place among what a run found."""
    return any(isinstance(op, BY_PLACE) for op in ops)


def laid_over(steps: Iterable[EditStep], run: str) -> tuple[EditStep, ...]:
    """Return steps with only what can be done to what a run found.

    Args:
        steps: As the log has them.
        run: The run; empty: not known, then it is taken for that of all steps.
    """
    return tuple(_fitting(step) if _is_of_other(step, run) else step for step in steps)


def held_back(steps: Sequence[EditStep], run: str) -> int:
    """Return how many steps are not done, or not all of them: they are of another run."""
    return sum(_is_of_other(step, run) and not step.is_undone for step in steps)


def _is_of_other(step: EditStep, run: str) -> bool:
    return bool(step.run and run and step.run != run) and names_places(step.ops)


def _fitting(step: EditStep) -> EditStep:
    return replace(step, ops=tuple(op for op in step.ops if not isinstance(op, BY_PLACE)))
