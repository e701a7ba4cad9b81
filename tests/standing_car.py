"""A car that stands at a known place, with wheels and jacks that move as they are told to.

It points to the right, seen from above: 100 pixels are a metre, its middle is at (640, 360).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Event, Place
from codefx_desktop.domain.observations import Objects, Observations
from codefx_desktop.domain.stop import Heading

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[[float], tuple[float, float] | None]
    """Metres ahead and to the left of the car's middle at an instant; None where hidden."""

CLASSES = ("car", "wheel", "crew", "wheel_gun", "jack")
METRE_PX = 100.0
HUBS_M = {
    Place.FRONT_LEFT: (1.75, 0.83),
    Place.FRONT_RIGHT: (1.75, -0.83),
    Place.REAR_LEFT: (-1.75, 0.8),
    Place.REAR_RIGHT: (-1.75, -0.8),
}
BOX = (365.0, 260.0, 915.0, 460.0)


def ease(part: float) -> float:
    """Return minimum-jerk progress."""
    u = min(1.0, max(0.0, part))
    return u**3 * (10 - 15 * u + 6 * u * u)


class Footage:
    """Collects what a detector would see of a car that stands all the time."""

    def __init__(self, seconds: float = 5.0, rate: float = 50.0) -> None:
        self.times_s = np.arange(round(seconds * rate)) / rate
        self._rows: list[tuple[int, str, int, tuple[float, ...], float]] = []
        self._tracks = 0

    def add(
        self, name: str, size_m: tuple[float, float], way: Way, *, confidence: float = 0.8
    ) -> None:
        """Add an object of a size, along and across the car, that goes a way."""
        self._tracks += 1
        rng = np.random.default_rng(self._tracks)
        for frame, time_s in enumerate(self.times_s.tolist()):
            at = way(time_s)
            if at is None:
                continue
            x, y = 640 + METRE_PX * at[0], 360 - METRE_PX * at[1]
            half = METRE_PX * size_m[0] / 2, METRE_PX * size_m[1] / 2
            box = np.array((x - half[0], y - half[1], x + half[0], y + half[1]))
            box += 0.3 * rng.standard_normal(4)
            self._rows.append((frame, name, self._tracks, tuple(box.tolist()), confidence))

    def jack(
        self, end: float, reach: Callable[[float], float], press: Callable[[float], float]
    ) -> None:
        """Add a jack at an end (1 front, -1 rear), so far out and so far pressed, metres."""
        self._tracks += 1
        rng = np.random.default_rng(self._tracks)
        for frame, time_s in enumerate(self.times_s.tolist()):
            pad = 640 + end * METRE_PX * (2.6 + reach(time_s))
            handle = pad + end * METRE_PX * (1.5 - press(time_s))
            box = np.array((min(pad, handle), 330.0, max(pad, handle), 390.0))
            box += 0.3 * rng.standard_normal(4)
            self._rows.append((frame, "jack", self._tracks, tuple(box.tolist()), 0.8))

    def mounted(self, *corners: Place) -> None:
        """Add wheels that stay on their hubs."""
        for corner in corners:
            self.add("wheel", (0.72, 0.35), lambda _, at=HUBS_M[corner]: at)

    def seen(self) -> Observations:
        """Return it all."""
        rows = sorted(self._rows, key=lambda row: row[0])
        objects = Objects(
            np.array([row[0] for row in rows], np.int32),
            np.array([row[3] for row in rows], np.float32).reshape(-1, 4),
            np.array([row[4] for row in rows], np.float32),
            np.array([CLASSES.index(row[1]) for row in rows], np.int16),
            np.array([row[2] for row in rows], np.int32),
            CLASSES,
        )
        numbers = np.arange(len(self.times_s), dtype=np.int32)
        end = float(self.times_s[-1]) + 0.02
        return Observations(1280, 720, self.times_s, numbers, objects, None, None, (), end)

    def stop(self, heading: Heading | None = None) -> StopFrame:
        """Return the stop, which lasts all the time."""
        last = len(self.times_s) - 1
        steady = Steady(np.zeros((last + 1, 4)), 0, 1280, 720)
        return StopFrame(
            0, last, 0, last, Event("stop"), Event("go"), BOX,
            heading or Heading(0.0, "arrival"), steady, CameraProfile(),
        )  # fmt: skip
