"""Release lights: a red lamp that goes out as a green one beside it comes on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Plane = npt.NDArray[np.uint8]

_LIT: Final = 60
"""A lamp's colour stands out by so many levels. Source: rendered lights, day and night, 120-150."""
_AREA_PX: Final = (10, 2500)
"""Size of a lamp on the small picture."""
_FILLED: Final = 0.5
"""A lamp fills so much of its box."""
_RATIO: Final = 3.0
"""One lamp is at most so much larger than the other, in area."""
_NEAR: Final = 4.5
"""Lamps of one light are so many of their diameters apart at most."""
_STEADY: Final = 6
"""Frames for which red was on before and green stays on after."""
_STAYS: Final = 0.6
"""Part of the lamp's brightness that counts as on."""


@dataclass(frozen=True, slots=True)
class _Lamp:
    """A spot of one colour: where, how large, and how bright, on the small picture."""

    x: float
    y: float
    area: float
    box: tuple[int, int, int, int]


@dataclass(slots=True)
class _Change:
    """A change from red to green that is not sure yet."""

    frame: int
    green: _Lamp
    level: float
    frames_left: int


class LightWatcher:
    """Watches small pictures, in order, for lights that change from red to green.

    What moves and is red or green is told from a lamp by standing still: red was on at its place
    for some frames before, green stays on for as many after.
    """

    def __init__(self) -> None:
        self._frame = -1
        self._green: Plane | None = None
        self._reds: deque[Plane] = deque(maxlen=_STEADY)
        self._open: list[_Change] = []
        self._sure: list[tuple[float, float, float, float]] = []

    def update(self, small: npt.NDArray[np.uint8]) -> None:
        """Look at the next picture, RGB (height, width, 3)."""
        self._frame += 1
        red, green, blue = cv2.split(small)
        greens = cv2.subtract(green, cv2.max(red, blue))
        reds = cv2.subtract(red, cv2.max(green, blue))
        self._check(greens)
        if self._green is not None and len(self._reds) == _STEADY:
            self._look(greens, reds)
        self._green = greens
        self._reds.append(reds)

    def cut(self) -> None:
        """Forget what was before: another camera is on."""
        self._reds.clear()
        self._open.clear()

    def finish(self) -> npt.NDArray[np.float32]:
        """Return the changes so far, float32 (L, 4): frame, x, y, diameter of the lamp.

        The frame is the first that shows green; the rest are pixels of the small picture.
        """
        return np.array(self._sure, np.float32).reshape(-1, 4)

    def _look(self, greens: Plane, reds: Plane) -> None:
        assert self._green is not None
        came = cv2.compare(cv2.subtract(greens, self._green), _LIT, cv2.CMP_GT)
        if cv2.countNonZero(came) < _AREA_PX[0]:
            return
        went = cv2.compare(cv2.subtract(self._reds[-1], reds), _LIT, cv2.CMP_GT)
        if cv2.countNonZero(went) < _AREA_PX[0]:
            return
        off = _lamps(went)
        for lamp in _lamps(came):
            if any(_are_one_light(lamp, other) and self._was_on(other) for other in off):
                self._open.append(_Change(self._frame, lamp, _level(greens, lamp), _STEADY))

    def _was_on(self, lamp: _Lamp) -> bool:
        levels = [_level(reds, lamp) for reds in self._reds]
        return min(levels) > _STAYS * levels[-1]

    def _check(self, greens: Plane) -> None:
        """Go on with the changes that are still to be sure of."""
        kept = []
        for change in self._open:
            if _level(greens, change.green) < _STAYS * change.level:
                continue
            change.frames_left -= 1
            if change.frames_left:
                kept.append(change)
                continue
            lamp = change.green
            diameter = 2.0 * float(np.sqrt(lamp.area / np.pi))
            self._sure.append((change.frame, lamp.x, lamp.y, diameter))
        self._open = kept


def _lamps(mask: Plane) -> list[_Lamp]:
    """Return the spots of a mask that may be lamps."""
    count, _, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for index in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[index])
        is_size = _AREA_PX[0] <= area <= _AREA_PX[1]
        if (
            is_size
            and area > _FILLED * width * height
            and max(width, height) < 3 * min(width, height)
        ):
            middle = middles[index]
            found.append(_Lamp(float(middle[0]), float(middle[1]), area, (x, y, width, height)))
    return found


def _are_one_light(green: _Lamp, red: _Lamp) -> bool:
    larger, smaller = max(green.area, red.area), min(green.area, red.area)
    apart = float(np.hypot(green.x - red.x, green.y - red.y))
    return larger < _RATIO * smaller and apart < _NEAR * 2.0 * float(np.sqrt(larger / np.pi))


def _level(plane: Plane, lamp: _Lamp) -> float:
    """Return how bright a colour is where a lamp is."""
    x, y, width, height = lamp.box
    return float(plane[y : y + height, x : x + width].mean())
