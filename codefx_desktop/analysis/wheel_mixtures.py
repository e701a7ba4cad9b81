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
"""A wheel that was lost and left behind is seen again, or was seen, within this time,"""
_SOON_S: Final = 0.3
"""and no crew has the next wheel on sooner than this after the old one, where that is not known."""
_BEFORE_S: Final = 0.1
"""A wheel so shortly before it is on, or after it is off, is near its hub."""
_WHOLE: Final = 0.93
"""Of a wheel's size. Source: of rendered stops' bare hubs that were sure enough to be taken for
wheels half seemed smaller."""
_SURE: Final = 0.5
_SURER: Final = 0.7
_SMALLER: Final = 0.95
"""A wheel on its hub is found with more confidence than ``_SURE``, and with less than ``_SURER``
only where it seems to be as large as before; a bare hub often is not. Source: so were all but 1 of
575 wheels of rendered and simulated stops in their last half second, and all but 5 of 570 in their
first."""
_LAST_S: Final = 0.5


def share_a_way(old: WheelPath, new: WheelPath) -> bool:
    """Return whether the wheel that left a hub and the one that came are one while off it."""
    away = old.taken[old.distance > _ON], new.taken[new.distance > _ON]
    return bool(np.isin(*away).any())


def was_left_behind(
    wheels: WheelsSeen, times_s: Floats, path: WheelPath, told: Event, other: Event
) -> bool:
    """Return whether a wheel is seen on its hub, or near it, while it was told to be away.

    Then another one was followed: away from where the old one still is or, backwards, from where
    the new one is already.

    Args:
        wheels: All wheels of the stop.
        times_s: float64 (F,), of the frames.
        path: The way that was followed from the hub.
        told: What was told of it: when the wheel left, or came.
        other: What was told of the hub's other wheel.
    """
    begin_s, end_s = _while_away(told, other, forwards=path.is_forwards)
    rest = path.taken[: max(1, int(np.argmax(path.distance > _ON)))][-_REST:]
    places = wheels.place[rest]
    middle = complex(float(np.median(places.real)), float(np.median(places.imag)))
    when, away = times_s[wheels.frame], np.abs(wheels.place - middle) / path.radius_px
    same = np.isin(wheels.track_id, wheels.track_id[rest])
    whole = wheels.diameter > _WHOLE * float(np.median(wheels.diameter[rest]))
    there = (away < _ON) & (same | (whole & (wheels.confidence > _SURE)))
    # Where another track's wheel was followed on, its own tells that it is not away yet.
    if not same[path.taken[int(np.argmax(path.distance > 1.0))]]:
        there |= same & (away < 1.0) & ~np.isin(np.arange(len(same)), path.taken)
    return bool((there & (when > begin_s) & (when < end_s)).any())


def _while_away(told: Event, other: Event, *, forwards: bool) -> tuple[float, float]:
    """Return from when to when, after it left or before it came, a hub has no wheel on it."""
    edge_s = told.latest_s if forwards else told.earliest_s
    far_s = other.earliest_s if forwards else other.latest_s
    if edge_s is None:
        return 0.0, 0.0
    within_s = _SOON_S
    bare_s = 0.0 if far_s is None else far_s - edge_s if forwards else edge_s - far_s
    if bare_s > 0.0:
        within_s = min(_LONG_S, bare_s - _BEFORE_S)
    return (edge_s, edge_s + within_s) if forwards else (edge_s - within_s, edge_s)


def bare_since(path: WheelPath, passes_s: float) -> list[float]:
    """Return since, or until, when what was seen on a hub may be the hub without its wheel.

    Then the wheel was last surely on it, or first; nothing where it surely was all the time.

    Args:
        path: The way of a wheel that leaves its hub or comes there.
        passes_s: When it passes half a wheel.
    """
    before_s = passes_s - path.times_s if path.is_forwards else path.times_s - passes_s
    before = (before_s > 0.0) & (before_s < _LAST_S)
    small = path.size < _SMALLER
    doubtful = (path.confidence < _SURE) | (small & (path.confidence < _SURER))
    bare = np.flatnonzero(before & doubtful & (path.distance < _ON))
    return [float(path.times_s[max(0, int(bare[0]) - 1)])] if len(bare) else []
