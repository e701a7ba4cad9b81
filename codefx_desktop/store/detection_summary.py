"""Sums over a detections file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class TrackCount:
    """Sums over one track; its class is the one most of its detections have."""

    track_id: int
    class_id: int
    detections: int
    first_frame: int
    last_frame: int
    best_confidence: float

    @classmethod
    def joined(cls, rows: Sequence[tuple[int, int, int, int, int, float]]) -> TrackCount:
        """Join the sums of one track's classes, the most frequent class first."""
        track_id, class_id = rows[0][:2]
        _, _, detections, first, last, best = zip(*rows, strict=True)
        return cls(track_id, class_id, sum(detections), min(first), max(last), max(best))


@dataclass(frozen=True, slots=True)
class FaceTrackCount:
    """Sums over one track of faces."""

    track_id: int
    faces: int
    first_frame: int
    last_frame: int
    best_confidence: float


@dataclass(frozen=True, slots=True)
class DetectionSummary:
    """Sums over everything that is stored, at all confidences.

    Attributes:
        frames: Frames analysed so far.
        detections: Detections in them.
        complete: Whether the run that wrote them came to its end.
        classes: Detections of each class id.
        tracks: Each track, in the order of ids.
    """

    frames: int
    detections: int
    complete: bool
    classes: dict[int, int]
    tracks: tuple[TrackCount, ...]
