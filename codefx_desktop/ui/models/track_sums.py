"""What each class and each track of a clip adds up to, from arrays; fast enough for each edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.detections import NO_TRACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Objects


MOST_FREE: Final = 1_000_000
"""So many numbers that no track has cost less than looking for those that tracks have."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackSums:
    """All tracks of a clip, in order of ids.

    Attributes:
        track_id: int32 (T,).
        class_id: int16 (T,), that of its last box.
        boxes: int64 (T,), how many boxes it has.
        first: int64 (T,), index of its first frame into the analysed frames.
        last: int64 (T,), of its last one.
        confidence: float64 (T,), mean.
    """

    track_id: npt.NDArray[np.int32]
    class_id: npt.NDArray[np.int16]
    boxes: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """Return T."""
        return len(self.track_id)

    @classmethod
    def of(cls, objects: Objects) -> TrackSums:
        """Return the sums over detections; those without a track are in none."""
        followed = objects.track_id > NO_TRACK
        track = objects.track_id[followed]
        size = int(track.max()) + 1 if len(track) else 0
        ids = None
        if size > MOST_FREE + len(track):  # a number by hand may be any: room for all is not had
            ids, places = np.unique(track, return_inverse=True)
            track, size = places.astype(np.int32), len(ids)
        boxes = np.bincount(track, minlength=size)
        sure = np.bincount(track, objects.confidence[followed], minlength=size)
        frame = objects.frame[followed]
        first, last = np.zeros(size, np.int64), np.zeros(size, np.int64)
        of_class = np.zeros(size, np.int16)
        # Frames never fall: of several values for one track the last that is assigned stays.
        first[track[::-1]] = frame[::-1]
        last[track] = frame
        of_class[track] = objects.class_id[followed]
        there = np.flatnonzero(boxes)
        return cls(
            there.astype(np.int32) if ids is None else ids,
            of_class[there],
            boxes[there],
            first[there],
            last[there],
            sure[there] / boxes[there],
        )

    def of_class(self, class_id: int) -> npt.NDArray[np.intp]:
        """Return the places of a class's tracks, the longest first."""
        places: npt.NDArray[np.intp] = np.flatnonzero(self.class_id == class_id)
        order = np.argsort(-self.boxes[places], kind="stable")
        return places[order]


def counted(
    objects: Objects, thresholds: Mapping[int, float], job_confidence: float
) -> dict[int, tuple[int, int]]:
    """Return how many detections of each class count, and how many are stored.

    Args:
        objects: Detections.
        thresholds: From which confidence on a class counts.
        job_confidence: From which on others do.
    """
    names = max(len(objects.class_names), int(objects.class_id.max(initial=-1)) + 1)
    least = np.full(names, job_confidence, np.float32)
    for class_id, confidence in thresholds.items():
        if 0 <= class_id < names:
            least[class_id] = confidence
    stored = np.bincount(objects.class_id, minlength=names)
    is_counted = objects.confidence >= least[objects.class_id]
    count = np.bincount(objects.class_id[is_counted], minlength=names)
    return {
        class_id: (int(count[class_id]), int(stored[class_id]))
        for class_id in np.flatnonzero(stored).tolist()
    }
