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


class ClassCounts:
    """How many detections of each class count; a threshold that moves counts its class anew only.

    Args:
        objects: Detections.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._stored = np.bincount(objects.class_id, minlength=len(objects.class_names))
        self._sure: dict[int, npt.NDArray[np.float32]] = {}
        self._known: dict[int, tuple[float, int]] = {}

    def at(
        self, thresholds: Mapping[int, float], job_confidence: float
    ) -> dict[int, tuple[int, int]]:
        """Return how many detections of each class count, and how many are stored.

        Args:
            thresholds: From which confidence on a class counts.
            job_confidence: From which on others do.
        """
        return {
            class_id: (
                self._count(class_id, thresholds.get(class_id, job_confidence)),
                int(self._stored[class_id]),
            )
            for class_id in np.flatnonzero(self._stored).tolist()
        }

    def _count(self, class_id: int, least: float) -> int:
        known = self._known.get(class_id)
        if known is None or known[0] != least:
            known = least, int(np.count_nonzero(self._of(class_id) >= np.float32(least)))
            self._known[class_id] = known
        return known[1]

    def _of(self, class_id: int) -> npt.NDArray[np.float32]:
        sure = self._sure.get(class_id)
        if sure is None:
            sure = self._objects.confidence[self._objects.class_id == class_id]
            self._sure[class_id] = sure
        return sure
