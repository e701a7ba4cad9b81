"""Follows one wheel away from the place at which it rested, forwards or backwards in time.

The tracker's identities help but are not relied on: they may change where wheels meet or where a
crew member hides one for a moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from codefx_desktop.analysis.hubs import WheelsSeen

Floats = npt.NDArray[np.float64]

_RESTS: Final = 0.3
"""Within this many wheel radii of its hub a wheel is on it."""
_GATE: Final = 0.35
"""A wheel may lie so many radii from where it was expected, and"""
_GATE_PER_S: Final = 9.0
"""so many more for every second that it was not seen: a quick crew moves it at 3 m/s."""
_FORGET_S: Final = 0.3
"""A wheel that was not seen for so long is not followed any further."""
_STRANGER: Final = 0.35
"""A detection of another track has to be nearer by this many radii to be taken."""
_MEMORY_S: Final = 0.12
"""Velocity is taken over this time."""
_REST_FRAMES: Final = 12
"""Its place on the hub is taken over the last so many frames before it leaves."""
_MOST_ASKEW: Final = math.radians(40.0)
"""From farther aside a wheel's extent does not tell the angle any more."""
_ENOUGH: Final = 3.0
"""Followed so many radii away, it is gone."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub that wheels are followed from.

    Attributes:
        place: On the reference picture, pixels as x + iy.
        ahead: Unit vector to the car's front.
        width: Width of its wheels in their diameters.
    """

    place: complex
    ahead: complex
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class WheelPath:
    """One wheel's way, in the order in which it was followed, from its hub outwards.

    Attributes:
        taken: int64 (N,), which of the wheels' detections they are.
        times_s: float64 (N,), rises or, followed backwards, falls.
        distance: float64 (N,), from where it rested on the hub, in radii of the wheel.
        size: float64 (N,), its diameter; 1.0 is what it was while it rested.
        confidence: float32 (N,), of its detections.
        radius_px: Half of its diameter on the picture while it rested.
        tilt_deg: How far from straight above the camera sees it, across the car.
    """

    taken: npt.NDArray[np.int64]
    times_s: Floats
    distance: Floats
    size: Floats
    confidence: npt.NDArray[np.float32]
    radius_px: float
    tilt_deg: float

    @property
    def is_forwards(self) -> bool:
        """Whether it was followed forwards in time: a wheel that leaves, not one that comes."""
        return bool(self.times_s[-1] > self.times_s[0])


def follow(wheels: WheelsSeen, times_s: Floats, hub: Hub, *, backwards: bool) -> WheelPath | None:
    """Follow the wheel that is on a hub first (or, backwards, last) until it is off and away.

    Args:
        wheels: All wheels of the stop.
        times_s: float64 (F,), ``Observations.times_s``.
        hub: Where wheels are followed from.
        backwards: Begin at the end.

    Returns:
        Its way; None where no wheel was ever on the hub.
    """
    near = np.abs(wheels.place - hub.place)
    if not len(near):
        return None
    radius = float(np.median(wheels.diameter[near <= near.min() + 2.0])) / 2
    on_hub = np.flatnonzero(near <= _RESTS * radius)
    if not len(on_hub):
        return None
    order = np.unique(wheels.frame)
    order = order[::-1] if backwards else order
    start = int(on_hub[-1] if backwards else on_hub[0])
    walker = _Walker(wheels, times_s, radius)
    walker.take(start)
    for frame in order[int(np.flatnonzero(order == wheels.frame[start])[0]) + 1 :]:
        if not walker.step(int(frame)) or walker.away(hub.place) > _ENOUGH:
            break
    return walker.path(hub)


def _seen_from(across: float, width: float) -> float:
    """Return the angle from straight above at which a standing wheel is seen, radians.

    Args:
        across: Its extent across the car, in diameters.
        width: Its width, in diameters.
    """
    # Straight above only the tread is seen, askew the disc as well:
    # across = width * cos(angle) + sin(angle).
    size = math.hypot(1.0, width)
    angle = math.asin(min(1.0, across / size)) - math.atan2(width, 1.0)
    return min(max(angle, 0.0), _MOST_ASKEW)


class _Walker:
    """Takes one detection a frame."""

    def __init__(self, wheels: WheelsSeen, times_s: Floats, radius: float) -> None:
        self._wheels, self._times_s, self._radius = wheels, times_s, radius
        self._taken: list[int] = []
        self._firsts = np.searchsorted(wheels.frame, np.arange(len(times_s) + 1))

    def take(self, index: int) -> None:
        """Take a detection, by its index."""
        self._taken.append(index)

    def away(self, hub: complex) -> float:
        """Return how far the last one is from the hub, in radii."""
        return abs(complex(self._wheels.place[self._taken[-1]]) - hub) / self._radius

    def step(self, frame: int) -> bool:
        """Look at the next frame; False when the wheel has not been seen for too long."""
        last = self._taken[-1]
        elapsed = float(self._times_s[frame] - self._times_s[self._wheels.frame[last]])
        if abs(elapsed) > _FORGET_S:
            return False
        here = np.arange(self._firsts[frame], self._firsts[frame + 1])
        if len(here):
            off = np.abs(self._wheels.place[here] - self._expected(elapsed)) / self._radius
            stranger = self._wheels.track_id[here] != self._wheels.track_id[last]
            cost = off + _STRANGER * stranger
            best = int(cost.argmin())
            if off[best] <= _GATE + _GATE_PER_S * abs(elapsed):
                self.take(int(here[best]))
        return True

    def _expected(self, elapsed: float) -> complex:
        """Return where the wheel should be so much later (or earlier)."""
        last = self._taken[-1]
        place, now = complex(self._wheels.place[last]), self._times_s[self._wheels.frame[last]]
        for index in reversed(self._taken[:-1]):
            past = float(now - self._times_s[self._wheels.frame[index]])
            if abs(past) >= _MEMORY_S / 2:
                if abs(past) > 2 * _MEMORY_S:
                    break
                return place + (place - complex(self._wheels.place[index])) / past * elapsed
        return place

    def path(self, hub: Hub) -> WheelPath:
        """Return the way taken, in radii on the ground, as far as that can be told."""
        taken = np.array(self._taken)
        place, diameter = self._wheels.place[taken], self._wheels.diameter[taken]
        gone = np.flatnonzero(np.abs(place - hub.place) > _RESTS * self._radius)
        # The last of its rest: a car on its jacks is not quite where it was on its wheels.
        rests = np.arange(gone[0] if len(gone) else len(taken))
        rest = rests[-_REST_FRAMES:]
        middle = complex(float(np.median(place[rest].real)), float(np.median(place[rest].imag)))
        wide = float(np.median(diameter[rest]))
        across = float(np.median(self._wheels.across[taken][rest])) / wide
        tilt = _seen_from(across, hub.width)
        off = (place - middle) * np.conj(hub.ahead) * 2 / wide
        distance = np.hypot(off.real, off.imag / math.cos(tilt))
        times = self._times_s[self._wheels.frame[taken]]
        confidence = self._wheels.confidence[taken]
        size = diameter / float(np.median(diameter[rests]))
        return WheelPath(taken, times, distance, size, confidence, wide / 2, math.degrees(tilt))
