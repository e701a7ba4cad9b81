"""What a segmenter and a face finder say about one frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LANDMARKS = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
"""The five points of a face in the order of ``Faces.landmarks``; left is the picture's left."""

Polygon = npt.NDArray[np.float32]
"""float32 (P, 2), P >= 3: corners in pixels of the upright full-size frame, not closed."""


def _check(name: str, array: npt.NDArray[np.generic], shape: tuple[int, ...], kind: type) -> None:
    if array.shape != shape or array.dtype != kind:
        raise ValueError(
            f"{name}: expected {shape} {np.dtype(kind)}, got {array.shape} {array.dtype}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Arrays of N segmented objects in one frame.

    Attributes:
        xyxy: float32 (N, 4), pixels of the upright full-size frame, origin top left.
        confidence: float32 (N,), 0 to 1.
        class_id: int16 (N,), of the segmentation model.
        polygons: One tuple of polygons for each object: its separate parts, largest first; empty
            where the mask is too small for an outline.
    """

    xyxy: npt.NDArray[np.float32]
    confidence: npt.NDArray[np.float32]
    class_id: npt.NDArray[np.int16]
    polygons: tuple[tuple[Polygon, ...], ...]

    def __post_init__(self) -> None:
        """Check shapes and types.

        Raises:
            ValueError: If a shape or dtype is not the documented one.
        """
        n = len(self.xyxy)
        _check("xyxy", self.xyxy, (n, 4), np.float32)
        _check("confidence", self.confidence, (n,), np.float32)
        _check("class_id", self.class_id, (n,), np.int16)
        if len(self.polygons) != n:
            raise ValueError(f"polygons: expected {n}, got {len(self.polygons)}")
        for polygon in (part for parts in self.polygons for part in parts):
            _check("polygon", polygon, (max(3, len(polygon)), 2), np.float32)

    @classmethod
    def empty(cls) -> Segments:
        """Return segments of a frame in which nothing was found."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int16), ())

    def __len__(self) -> int:
        """Return N."""
        return len(self.xyxy)

    def at_least(self, confidence: float) -> Segments:
        """Return the segments with at least this confidence."""
        mask = self.confidence >= np.float32(confidence)
        kept = tuple(parts for parts, keep in zip(self.polygons, mask, strict=True) if keep)
        return Segments(self.xyxy[mask], self.confidence[mask], self.class_id[mask], kept)


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Arrays of N faces in one frame.

    Attributes:
        xyxy: float32 (N, 4), pixels of the upright full-size frame, origin top left.
        confidence: float32 (N,), 0 to 1.
        landmarks: float32 (N, 5, 2), pixels, in the order of ``LANDMARKS``.
        track_id: int32 (N,), of the faces' own tracks; -1 where a face belongs to none.
    """

    xyxy: npt.NDArray[np.float32]
    confidence: npt.NDArray[np.float32]
    landmarks: npt.NDArray[np.float32]
    track_id: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        """Check shapes and types.

        Raises:
            ValueError: If a shape or dtype is not the documented one.
        """
        n = len(self.xyxy)
        _check("xyxy", self.xyxy, (n, 4), np.float32)
        _check("confidence", self.confidence, (n,), np.float32)
        _check("landmarks", self.landmarks, (n, len(LANDMARKS), 2), np.float32)
        _check("track_id", self.track_id, (n,), np.int32)

    @classmethod
    def empty(cls) -> Faces:
        """Return faces of a frame in which none was found."""
        return cls(
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
            np.zeros((0, len(LANDMARKS), 2), np.float32),
            np.zeros(0, np.int32),
        )

    def __len__(self) -> int:
        """Return N."""
        return len(self.xyxy)
