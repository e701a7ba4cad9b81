"""Follows a car by the flow inside it, from where it stands backwards and forwards in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.observations import Motion

    Floats = npt.NDArray[np.float64]

Box = tuple[float, float, float, float]

_INNER: Final = 0.25
"""Part of a car's box that is left out at each edge: wings and wheels end before the box does, and
the ground beyond them stands still."""
_LEAST_CELLS: Final = 6
_REACH: Final = 1.6
"""A car is followed for so many of its lengths."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Where a car was around its place of rest, all on the reference picture.

    Attributes:
        frames: int (N,), consecutive frames, ascending.
        places: float64 (N, 2), from its place of rest, pixels.
        shifts: float64 (N, 2), how far it came since the frame before; nan where not measured.
    """

    frames: npt.NDArray[np.int64]
    places: Floats
    shifts: Floats


class Follower:
    """Follows one car through one shot.

    Args:
        motion: What moved in the clip.
        path: float64 (F, 4), the camera's place at each frame (``camera_path``).
        reference: The frame on whose picture places are told.
        size: Width and height of the frames, pixels.
    """

    def __init__(self, motion: Motion, path: Floats, reference: int, size: tuple[int, int]) -> None:
        self._flow = motion.flow
        self._path, self._from = path[:, :2], path[reference, :2]
        rows, columns = motion.flow.shape[1:3]
        self._x = (np.arange(columns) + 0.5) / columns * size[0]
        self._y = (np.arange(rows) + 0.5) / rows * size[1]

    def shift(self, frame: int, box: Floats) -> Floats:
        """Return how far a car in a box came since the frame before, pixels; nan if unknown."""
        width, height = box[2] - box[0], box[3] - box[1]
        x = (self._x > box[0] + _INNER * width) & (self._x < box[2] - _INNER * width)
        y = (self._y > box[1] + _INNER * height) & (self._y < box[3] - _INNER * height)
        cells = self._flow[frame][np.ix_(y, x)].reshape(-1, 2).astype(np.float64)
        if len(cells) < _LEAST_CELLS:
            return np.full(2, np.nan)
        middle: Floats = np.median(cells, axis=0)
        return middle

    def backwards(self, box: Box, start: int, first: int) -> Way:
        """Follow from where a car stands to where it came from.

        Args:
            box: Of the standing car, pixels of the reference picture.
            start: A frame in which it stands.
            first: First frame of the shot; it has no frame before it.
        """
        edges, place = np.array(box), np.zeros(2)
        frames, places, shifts = [start], [place], []
        for frame in range(start, first, -1):
            shift = self.shift(frame, edges + self._offset(frame, place))
            shifts.append(shift)
            if self._is_gone(shift, place, box):
                break
            place = place - shift
            frames.append(frame - 1)
            places.append(place)
        shifts += [np.full(2, np.nan)] * (len(frames) - len(shifts))
        return Way(
            np.array(frames[::-1]), np.array(places[::-1]), np.array(shifts[: len(frames)][::-1])
        )

    def forwards(self, box: Box, start: int, last: int) -> Way:
        """Follow from where a car stands to where it goes.

        Args:
            box: Of the standing car, pixels of the reference picture.
            start: A frame in which it stands.
            last: Last frame of the shot.
        """
        edges, place, shift = np.array(box), np.zeros(2), np.zeros(2)
        frames, places, shifts = [start], [place], [np.full(2, np.nan)]
        for frame in range(start + 1, last + 1):
            for _ in range(2):  # a cell's flow is that of what is in it after the shift
                shift = self.shift(frame, edges + self._offset(frame, place + np.nan_to_num(shift)))
            if self._is_gone(shift, place, box):
                break
            place = place + shift
            frames.append(frame)
            places.append(place)
            shifts.append(shift)
        return Way(np.array(frames), np.array(places), np.array(shifts))

    def _offset(self, frame: int, place: Floats) -> Floats:
        """Return where a box on the reference picture lies on a frame, less itself."""
        return np.tile(place + (self._path[frame] - self._from), 2)

    @staticmethod
    def _is_gone(shift: Floats, place: Floats, box: Box) -> bool:
        length = max(box[2] - box[0], box[3] - box[1])
        return bool(np.isnan(shift).any() or np.hypot(*place) > _REACH * length)
