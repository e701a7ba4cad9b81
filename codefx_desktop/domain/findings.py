"""What all stages together found in one frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import FrameTime
    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.outlines import Faces, Segments


@dataclass(frozen=True, slots=True, eq=False)
class FrameFindings:
    """Findings of one frame; None means that nobody looked, empty that there was nothing.

    Attributes:
        number: Of the frame.
        time: Of the frame.
        detections: Tracked objects, at the detector's low threshold.
        segments: Objects with outlines, of the segmentation model's classes.
        faces: Faces, with tracks of their own.
    """

    number: int
    time: FrameTime
    detections: Detections | None = None
    segments: Segments | None = None
    faces: Faces | None = None
