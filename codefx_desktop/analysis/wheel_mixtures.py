"""Whether the wheel that was followed off a hub, or onto it, was one and the same all the way.

Where a wheel is lost for a moment another one may be followed on: one that stands ready, one that
is carried past, or a hub without its wheel. What was left behind, or is still there, tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.hubs import WheelsSeen
    from codefx_desktop.analysis.wheel_paths import WheelPath
    from codefx_desktop.domain.events import Event

    Floats = npt.NDArray[np.float64]

_ON: Final = 0.3
"""A wheel on its hub seems to be nearer to it than this, in radii."""
_REST: Final = 12
"""Which wheel rested on the hub is told by its last so many pictures there."""
_LONG_S: Final = 0.6
"""A wheel that was lost and left behind is seen again within this time,"""
_SOON_S: Final = 0.3
"""and no crew has the next wheel on sooner than this after the old one, where that is not known."""
_BEFORE_S: Final = 0.1
"""A wheel so shortly before it is on is near its hub."""
_WHOLE: Final = 0.93
"""Of a wheel's size. Source: of rendered stops' bare hubs that were sure enough to be taken for
wheels half seemed smaller."""
_SURE: Final = 0.5
_SURER: Final = 0.7
_SMALLER: Final = 0.95
"""A wheel on its hub is found with more confidence than ``_SURE``, and with less than ``_SURER``
only where it seems to be as large as before; a bare hub often is not. Source: so were all but 1 of
571 wheels of rendered and simulated stops in their last half second."""
_LAST_S: Final = 0.5


def share_a_way(old: WheelPath, new: WheelPath) -> bool:
    """Return whether the wheel that left a hub and the one that came are one while off it."""
    away = old.taken[old.distance > _ON], new.taken[new.distance > _ON]
    return bool(np.isin(*away).any())


def was_left_behind(
    wheels: WheelsSeen, times_s: Floats, old: WheelPath, off: Event, on: Event
) -> bool:
    """Return whether a wheel is still seen on its hub, or near it, after it was told to be off.

    Then another one was followed away.

    Args:
        wheels: All wheels of the stop.
        times_s: float64 (F,), of the frames.
        old: The way that was followed off the hub.
        off: What was told of it.
        on: What was told of the next wheel.
    """
    begin_s = off.latest_s or 0.0
    end_s = begin_s + _SOON_S
    if on.earliest_s is not None and on.earliest_s > begin_s:
        end_s = min(begin_s + _LONG_S, on.earliest_s - _BEFORE_S)
    rest = old.taken[: max(1, int(np.argmax(old.distance > _ON)))][-_REST:]
    places = wheels.place[rest]
    middle = complex(float(np.median(places.real)), float(np.median(places.imag)))
    when, away = times_s[wheels.frame], np.abs(wheels.place - middle) / old.radius_px
    same = np.isin(wheels.track_id, wheels.track_id[rest])
    whole = wheels.diameter > _WHOLE * float(np.median(wheels.diameter[rest]))
    there = (away < _ON) & (same | (whole & (wheels.confidence > _SURE)))
    # Where another track's wheel was followed on, its own tells that it is not away yet.
    if not same[old.taken[int(np.argmax(old.distance > 1.0))]]:
        there |= same & (away < 1.0) & ~np.isin(np.arange(len(same)), old.taken)
    return bool((there & (when > begin_s) & (when < end_s)).any())


def bare_since(path: WheelPath, passes_s: float) -> list[float]:
    """Return when a wheel was last surely on its hub, if what was seen later may be the bare hub.

    Args:
        path: The way of a wheel that leaves its hub.
        passes_s: When it passes half a wheel.
    """
    before = (path.times_s < passes_s) & (path.times_s > passes_s - _LAST_S)
    small = path.size < _SMALLER
    doubtful = (path.confidence < _SURE) | (small & (path.confidence < _SURER))
    bare = np.flatnonzero(before & doubtful & (path.distance < _ON))
    return [float(path.times_s[max(0, int(bare[0]) - 1)])] if len(bare) else []
