"""States of detections that undo and redo go through, and which of them are reached at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.corrections import active, further
from codefx_desktop.domain.edit import BoxOp, ChooseOp, RetrackOp, TrackOp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from codefx_desktop.domain.corrected import CorrectedObjects
    from codefx_desktop.domain.edit import EditOp, EditStep

MOST_QUICK: Final = 64
"""So many boxes, or an eighth as many tracks, are changed among 1,000,000 within 20 ms."""
_OF_BOXES: Final = frozenset({BoxOp, TrackOp, RetrackOp, ChooseOp})
"""What changes detections: by itself, or since an earlier step no longer holds."""


def is_quick(ops: Sequence[EditOp]) -> bool:
    """Return whether a step can be applied to what is before it at once, among any number of boxes.

    A choice cannot: a step further back no longer holds.
    """
    if len(ops) > MOST_QUICK:
        return _OF_BOXES.isdisjoint(map(type, ops))
    tracks = sum(isinstance(op, TrackOp) for op in ops)
    return 8 * tracks <= MOST_QUICK and not any(isinstance(op, RetrackOp | ChooseOp) for op in ops)


def walked(
    known: Mapping[int, CorrectedObjects],
    numbers: npt.NDArray[np.int32],
    steps: Sequence[EditStep],
    most: int,
) -> dict[int, CorrectedObjects]:
    """Return what the first steps of a log lead to, for the last few numbers of steps.

    Undo and redo go through these without any of them being worked out again.

    Args:
        known: What a number of first steps leads to; at least of 0: what was measured.
        numbers: int32 (F,), number of each analysed frame, rising.
        steps: Those that are not undone, in order.
        most: Before so many of the last steps that change any detections.

    Raises:
        ValueError: As ``further`` does.
    """
    changing = [at for at, step in enumerate(steps) if step.kinds & _OF_BOXES]
    first = changing[-most] if len(changing) >= most else 0
    begin = max(at for at in known if at <= first)
    state = known[begin]
    choices = [at for at in changing if ChooseOp in steps[at].kinds]
    if any(begin <= at < first for at in choices):
        state = further(known[0], numbers, active(steps[:first]))
    else:
        state = further(state, numbers, [op for step in steps[begin:first] for op in step.ops])
    found = {first: state}
    for at in range(first, len(steps)):
        if at in choices:  # an earlier step no longer holds
            state = further(known[0], numbers, active(steps[: at + 1]))
        else:
            state = known.get(at + 1) or further(state, numbers, steps[at].ops)
        found[at + 1] = state
    return found
