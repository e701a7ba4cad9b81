"""How far two sets of detections of the same clip agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

BOX_TOLERANCE_PX = 0.5
CONFIDENCE_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts over both sides: a detection agrees if the other side has one like it."""

    frames_ours: int
    frames_peer: int
    detections: int
    agreeing: int

    @property
    def share(self) -> float | None:
        """Share of detections of both sides that have a partner; None if there are none."""
        return self.agreeing / self.detections if self.detections else None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "frames_ours": self.frames_ours,
            "frames_peer": self.frames_peer,
            "detections_both": self.detections,
            "agreeing": self.agreeing,
            "share": None if self.share is None else round(self.share, 5),
        }

    def sentence(self) -> str:
        """Return the result for a person."""
        if not self.detections:
            return "neither side detected anything, so nothing can be compared"
        return (
            f"{self.share:.3%} of {self.detections} detections agree within "
            f"{BOX_TOLERANCE_PX} px and {CONFIDENCE_TOLERANCE} "
            f"(frames: {self.frames_ours} and {self.frames_peer})"
        )


Rows = npt.NDArray[np.float32]
"""(M, 7): frame, x1, y1, x2, y2, confidence, class."""


def compare(ours: Mapping[str, Any], peer: Mapping[str, Any]) -> Agreement:
    """Compare two sides.

    Args:
        ours: ``rows`` float32 (M, 7) and ``frames`` (a count).
        peer: The same of the other side.
    """
    a: Rows = ours["rows"]
    b: Rows = peer["rows"]
    agreeing = 0
    for frame in np.union1d(a[:, 0], b[:, 0]):
        agreeing += _agreeing(a[a[:, 0] == frame], b[b[:, 0] == frame])
    return Agreement(int(ours["frames"]), int(peer["frames"]), len(a) + len(b), agreeing)


def _agreeing(a: Rows, b: Rows) -> int:
    if not len(a) or not len(b):
        return 0
    near = np.abs(a[:, None, 1:5] - b[None, :, 1:5]).max(axis=2) <= BOX_TOLERANCE_PX
    near &= np.abs(a[:, None, 5] - b[None, :, 5]) <= CONFIDENCE_TOLERANCE
    near &= a[:, None, 6] == b[None, :, 6]
    return int(near.any(axis=1).sum() + near.any(axis=0).sum())
