"""Tracks as paths: all boxes of one after the other, found without a loop over tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Objects

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class TrackPaths:
    """The boxes of all tracks, track by track, each in order of time.

    Attributes:
        ids: int32 (T,), the tracks, rising.
        begins: intp (T + 1,), where the boxes of each begin; the last is where all end.
        frame: int32 (M,), index of each box's frame among the analysed ones.
        time_s: float64 (M,), when that is.
        xyxy: float32 (M, 4), pixels.
        class_id: int16 (M,).
    """

    ids: npt.NDArray[np.int32]
    begins: npt.NDArray[np.intp]
    frame: npt.NDArray[np.int32]
    time_s: Floats
    xyxy: npt.NDArray[np.float32]
    class_id: npt.NDArray[np.int16]

    @classmethod
    def of(cls, objects: Objects, times_s: npt.NDArray[np.float64]) -> TrackPaths:
        """Return the paths of all tracks in detections."""
        rows = np.flatnonzero(objects.track_id >= 0)
        rows = rows[np.argsort(objects.track_id[rows], kind="stable")]
        track, frame = objects.track_id[rows], objects.frame[rows]
        ids, first = np.unique(track, return_index=True)
        return cls(
            ids=ids,
            begins=np.append(first, len(rows)),
            frame=frame,
            time_s=np.asarray(times_s[frame], np.float64),
            xyxy=objects.xyxy[rows],
            class_id=objects.class_id[rows],
        )

    @property
    def center(self) -> Floats:
        """The middle of each box: float64 (M, 2), pixels."""
        middle: Floats = (self.xyxy[:, :2].astype(np.float64) + self.xyxy[:, 2:]) / 2
        return middle

    @property
    def size(self) -> Floats:
        """The root of each box's area: float64 (M,), pixels."""
        sides = np.maximum(self.xyxy[:, 2:].astype(np.float64) - self.xyxy[:, :2], 0.0)
        root: Floats = np.sqrt(sides[:, 0] * sides[:, 1])
        return root

    def parts(self, boxes: int) -> Iterator[tuple[int, TrackPaths]]:
        """Yield the paths in parts of whole tracks and about so many boxes; nothing is copied.

        With each the place of its first box.
        """
        first, tracks = 0, len(self.ids)
        while first < tracks:
            begin = int(self.begins[first])
            after = int(np.searchsorted(self.begins, begin + boxes, side="right")) - 1
            after = min(max(after, first + 1), tracks)
            end = int(self.begins[after])
            part = TrackPaths(
                self.ids[first:after],
                self.begins[first : after + 1] - begin,
                self.frame[begin:end],
                self.time_s[begin:end],
                self.xyxy[begin:end],
                self.class_id[begin:end],
            )
            yield begin, part
            first = after

    def box(self, row: int) -> Floats:
        """Return a box as float64 (4,), pixels."""
        found: Floats = self.xyxy[row].astype(np.float64)
        return found

    def rows_of(self, track: int) -> slice:
        """Return where the boxes of a track are, by its place in ``ids``."""
        return slice(int(self.begins[track]), int(self.begins[track + 1]))

    def velocity(self, row: int, first: int, span_s: float) -> Floats:
        """Return how a track moves up to one of its boxes: float64 (2,), pixels a second.

        Args:
            row: The box.
            first: The track's first box.
            span_s: Over how long.
        """
        since = first + int(np.searchsorted(self.time_s[first:row], self.time_s[row] - span_s))
        passed_s = self.time_s[row] - self.time_s[since]
        if passed_s <= 0.0:
            return np.zeros(2)
        boxes = self.xyxy[[since, row]].astype(np.float64)
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        speed: Floats = (middle[1] - middle[0]) / passed_s
        return speed


def overlap(a: npt.NDArray[np.floating], b: npt.NDArray[np.floating]) -> Floats:
    """Return the IoU of boxes in pairs: float64 (N,), of two xyxy (N, 4)."""
    sides = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    both = np.clip(sides, 0.0, None).prod(axis=1)
    areas = [np.clip(one[:, 2:] - one[:, :2], 0.0, None).prod(axis=1) for one in (a, b)]
    return np.asarray(both / np.maximum(areas[0] + areas[1] - both, 1e-9), np.float64)
