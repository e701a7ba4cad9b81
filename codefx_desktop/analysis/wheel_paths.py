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
    order, firsts = np.unique(wheels.frame, return_index=True)
    frames = list(zip(firsts.tolist(), [*firsts[1:].tolist(), len(near)], strict=True))
    start = int(on_hub[-1] if backwards else on_hub[0])
    at = int(np.searchsorted(order, wheels.frame[start]))
    walker = _Walker(wheels, times_s, radius)
    walker.take(start)
    for first, after in reversed(frames[:at]) if backwards else frames[at + 1 :]:
        if not walker.step(first, after) or walker.away(hub.place) > _ENOUGH:
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
    """Takes one detection a frame; with numbers of Python's own, for there are few in each."""

    def __init__(self, wheels: WheelsSeen, times_s: Floats, radius: float) -> None:
        self._wheels, self._radius = wheels, radius
        self._when: list[float] = times_s[wheels.frame].tolist()
        self._place: list[complex] = wheels.place.tolist()
        self._track = wheels.track_id.tolist()
        self._taken: list[int] = []

    def take(self, index: int) -> None:
        """Take a detection, by its index."""
        self._taken.append(index)

    def away(self, hub: complex) -> float:
        """Return how far the last one is from the hub, in radii."""
        return abs(self._place[self._taken[-1]] - hub) / self._radius

    def step(self, first: int, after: int) -> bool:
        """Look at the detections of the next frame; False when unseen for too long.

        Args:
            first: The first of them.
            after: After the last.
        """
        last = self._taken[-1]
        elapsed = self._when[first] - self._when[last]
        if abs(elapsed) > _FORGET_S:
            return False
        expected, radius, track = self._expected(elapsed), self._radius, self._track
        offs = [abs(place - expected) / radius for place in self._place[first:after]]
        costs = [
            off + _STRANGER * (track[index] != track[last])
            for index, off in enumerate(offs, start=first)
        ]
        best = costs.index(min(costs))
        if offs[best] <= _GATE + _GATE_PER_S * abs(elapsed):
            self.take(first + best)
        return True

    def _expected(self, elapsed: float) -> complex:
        """Return where the wheel should be so much later (or earlier)."""
        last = self._taken[-1]
        place, now = self._place[last], self._when[last]
        for index in reversed(self._taken[:-1]):
            past = now - self._when[index]
            if abs(past) >= _MEMORY_S / 2:
                if abs(past) <= 2 * _MEMORY_S:
                    place += (place - self._place[index]) / past * elapsed
                break
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
        times = np.array(self._when)[taken]
        confidence = self._wheels.confidence[taken]
        size = diameter / float(np.median(diameter[rests]))
        return WheelPath(taken, times, distance, size, confidence, wide / 2, math.degrees(tilt))
