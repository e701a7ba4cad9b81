"""Whether a wheel gun is seen on each corner's nut, frame by frame.

A gun on a nut lies at one place beside its hub, and comes back to that place after the wheel was
changed. Where that place is, the guns themselves show: it depends on camera and gun. Half of the
guns are half hidden by their gunners, so also what the detector is not sure of counts, as much as
it is sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.hubs import CORNERS, CarAxes, WheelsSeen, hub_px

if TYPE_CHECKING:
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.events import Place
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.zone import CarPlace

Floats = npt.NDArray[np.float64]

GUN: Final = "wheel_gun"
BEFORE_S: Final = 0.8
"""Guns are watched from a little before the car stands until a little after it moves off."""
NEAR: Final = (0.05, 1.25)
"""A gun on a nut lies so many wheel diameters out from the hub, by its middle."""
ASIDE: Final = 0.6
FAR: Final = 3.5
CELL: Final = 0.1
SPREAD: Final = 0.15
"""How far a gun's box strays about its place on the nut, in wheel diameters."""
LEAST_S: Final = 0.1
CHANCE: Final = 0.06
"""Confidence a detector spends on nothing."""
MOST: Final = 2.0
"""No frame says more than this for or against a gun on its nut, nepers."""

GLIMPSE: Final = 0.2
"""A frame that says less than this shows nothing of the gun."""
CLEAR: Final = 0.6
"""Nepers for a gun on its nut, or against it, that are beyond doubt. Source: chosen while looking
at rendered stops, not measured on real ones."""
EDGE_S: Final = 0.2
"""What is seen so long before an instant and after it makes a coming, or a leaving, clear."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is seen of one corner's gun.

    Attributes:
        frame: int64 (T,), indices into ``Observations.times_s``, one after the other.
        times_s: float64 (T,), their times.
        on_nut: float64 (T,), nepers for a gun on the nut: above 0 for, below 0 against, 0 unseen.
        out: float64 (T,), how far out of its place on the nut the gun is, wheel diameters; nan
            where it is not seen.
        comes_s: float64 (C,), when it is first seen on the nut, each time.
        leaves_s: float64 (L,), when it is last seen there, each time.
    """

    frame: npt.NDArray[np.int64]
    times_s: Floats
    on_nut: Floats
    out: Floats
    comes_s: Floats
    leaves_s: Floats

    def between(self, begin_s: float, end_s: float) -> float:
        """Return nepers for a gun on its nut from one instant to another, seconds x nepers."""
        if end_s <= begin_s or len(self.times_s) < 2:
            return 0.0
        edges = np.concatenate(
            (self.times_s[:1], (self.times_s[1:] + self.times_s[:-1]) / 2, self.times_s[-1:])
        )
        shown = np.clip(edges[1:], begin_s, end_s) - np.clip(edges[:-1], begin_s, end_s)
        return float(shown @ self.on_nut)

    def glimpses(self, time_s: float) -> tuple[float, float]:
        """Return when the gun was last seen, on its nut or off, up to an instant, and when next.

        Infinite where it was not.
        """
        seen = self.times_s[np.abs(self.on_nut) > GLIMPSE]
        return (
            float(seen[seen <= time_s].max(initial=-np.inf)),
            float(seen[seen > time_s].min(initial=np.inf)),
        )

    def turns_clearly(self, edge_s: float, *, leaving: bool) -> bool:
        """Return whether a gun is surely seen on its nut on one side of an instant, off after."""
        sides = [(edge_s - EDGE_S, edge_s - EDGE_S / 4), (edge_s + EDGE_S / 4, edge_s + EDGE_S)]
        on, off = sides if leaving else reversed(sides)
        least = CLEAR * 0.75 * EDGE_S
        return self.between(*on) > least and self.between(*off) < -least


def guns_seen(seen: Observations, stop: StopFrame, place: CarPlace) -> dict[Place, Sight]:
    """Return what is seen of the guns, by corner; corners without a hub or a gun are missing."""
    axes = CarAxes.of(stop)
    if axes is None:
        return {}
    wheels = WheelsSeen.of(seen, stop, axes)
    rate_hz = 1.0 / max(float(np.median(np.diff(seen.times_s))), 1e-3)
    guns = stop.objects(seen, GUN, margin=round(BEFORE_S * rate_hz))
    margin = round(BEFORE_S * rate_hz)
    first, last = max(stop.begin, stop.first - margin), min(stop.end, stop.last + margin)
    frames = np.arange(first, last + 1)
    boxes = guns.xyxy.astype(np.float64)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2 + 1j * (boxes[:, 1] + boxes[:, 3]) / 2
    found: dict[Place, Sight] = {}
    for corner in CORNERS:
        hub = hub_px(seen, place, corner)
        diameter = None if hub is None else wheel_diameter(wheels, hub)
        if hub is None or diameter is None:
            continue
        outward = axes.left if corner.value.endswith("L") else -axes.left
        local = (middle - hub) * np.conj(outward) / diameter
        sight = _sight(seen.times_s, frames, guns.frame, guns.confidence.astype(float), local)
        if sight is not None:
            found[corner] = sight
    return found


def wheel_diameter(wheels: WheelsSeen, hub: complex) -> float | None:
    """Return the diameter of the wheels on a hub, pixels."""
    near = np.abs(wheels.place - hub) < 0.4 * wheels.diameter
    sure = near & (wheels.confidence >= 0.3)
    return float(np.median(wheels.diameter[sure])) if sure.any() else None


def _sight(
    times_s: Floats,
    frames: npt.NDArray[np.int64],
    frame: npt.NDArray[np.int32],
    confidence: Floats,
    local: npt.NDArray[np.complex128],
) -> Sight | None:
    """Return what is seen of one corner's gun.

    Args:
        times_s: float64 (F,), of all frames.
        frames: The frames to tell about.
        frame: int32 (N,), of each gun that was detected.
        confidence: float64 (N,).
        local: complex128 (N,), real part out of the hub, in wheel diameters.
    """
    usual_s = float(np.median(np.diff(times_s)))
    nut = _nut(confidence, local, LEAST_S / usual_s)
    if nut is None:
        return None
    out, aside = local.real, local.imag
    here = confidence * np.exp(-0.5 * (np.abs(local - nut) / SPREAD) ** 2)
    beyond = np.abs(local - nut) > 2.2 * SPREAD
    there = confidence * (beyond & (out > nut.real) & (out < FAR) & (np.abs(aside) < 0.4 * FAR))
    count = len(frames)
    at, off = np.zeros(count), np.zeros(count)
    place = np.full(count, np.nan)
    row = frame.astype(np.int64) - frames[0]
    np.maximum.at(at, row, here)
    np.maximum.at(off, row, there)
    best = np.zeros(count)
    for i in np.flatnonzero((np.abs(aside) < ASIDE) & (out < FAR) & (out > nut.real - 0.4)):
        if confidence[i] > best[row[i]]:
            best[row[i]], place[row[i]] = confidence[i], out[i] - nut.real
    on_nut = np.clip(np.log((at + CHANCE) / (off + CHANCE)), -MOST, MOST)
    comes, leaves = _crossings(times_s[frames], on_nut)
    return Sight(frames, times_s[frames], on_nut, place, comes, leaves)


def _crossings(times_s: Floats, on_nut: Floats) -> tuple[Floats, Floats]:
    """Return when a gun comes to its nut and when it leaves it, between frames."""
    level = np.convolve(np.pad(on_nut, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    before, after = level[:-1], level[1:]
    step = np.where(before == after, 1.0, before - after)
    at = times_s[:-1] + before / step * np.diff(times_s)
    return at[(before <= 0) & (after > 0)], at[(before > 0) & (after <= 0)]


def _nut(confidence: Floats, local: npt.NDArray[np.complex128], least: float) -> complex | None:
    """Return where a gun on the nut lies: where, near the hub, guns stay longest."""
    near = (local.real > NEAR[0]) & (local.real < NEAR[1]) & (np.abs(local.imag) < ASIDE)
    if confidence[near].sum() < 0.3 * least:
        return None
    places, weight = local[near], confidence[near]
    best, most = 0j, 0.0
    for centre in np.unique(np.round(places / CELL)) * CELL:
        value = float((weight * np.exp(-0.5 * (np.abs(places - centre) / CELL) ** 2)).sum())
        if value > most:
            best, most = complex(centre), value
    close = np.abs(places - best) < 1.5 * CELL
    return complex(np.average(places[close], weights=weight[close]))
