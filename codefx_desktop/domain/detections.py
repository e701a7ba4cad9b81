"""What a detector and a tracker say about one frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

NO_TRACK = -1


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Arrays of N detections in one frame.

    Attributes:
        xyxy: float32 (N, 4), pixels of the upright full-size frame, origin top left.
        confidence: float32 (N,), 0 to 1.
        class_id: int16 (N,).
        track_id: int32 (N,), -1 where the detection belongs to no track.
    """

    xyxy: npt.NDArray[np.float32]
    confidence: npt.NDArray[np.float32]
    class_id: npt.NDArray[np.int16]
    track_id: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        """Check shapes and types.

        Raises:
            ValueError: If a shape or dtype is not the documented one.
        """
        n = len(self.xyxy)
        expected: tuple[tuple[str, npt.NDArray[np.generic], tuple[int, ...], type], ...] = (
            ("xyxy", self.xyxy, (n, 4), np.float32),
            ("confidence", self.confidence, (n,), np.float32),
            ("class_id", self.class_id, (n,), np.int16),
            ("track_id", self.track_id, (n,), np.int32),
        )
        for name, array, shape, dtype in expected:
            if array.shape != shape or array.dtype != dtype:
                raise ValueError(
                    f"{name}: expected {shape} {np.dtype(dtype)}, got {array.shape} {array.dtype}"
                )

    @classmethod
    def empty(cls) -> Detections:
        """Return detections of a frame in which nothing was found."""
        return cls(
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
            np.zeros(0, np.int16),
            np.zeros(0, np.int32),
        )

    def __len__(self) -> int:
        """Return N."""
        return len(self.xyxy)

    def where(self, mask: npt.NDArray[np.bool_]) -> Detections:
        """Return the detections for which ``mask``, bool (N,), is True."""
        return Detections(
            self.xyxy[mask], self.confidence[mask], self.class_id[mask], self.track_id[mask]
        )

    def at_least(self, confidence: float) -> Detections:
        """Return the detections with at least this confidence."""
        return self.where(self.confidence >= np.float32(confidence))

    def with_tracks(self, track_id: npt.NDArray[np.int32]) -> Detections:
        """Return the same detections with other track ids, int32 (N,)."""
        return replace(self, track_id=track_id)
