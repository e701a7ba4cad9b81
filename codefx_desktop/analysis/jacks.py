"""When each end of the car is lifted and set down, by the jack under it.

Seen from above the lift itself moves a wheel by a pixel or two, less than a box is wrong. The
jack moves much more: it comes to rest under the car and is pressed at once, and it is pulled away
at once when it is down. Where the handle's own way can be seen it says the same a second time,
and tells when a crew waited. A car under which no jack was seen may have its own (``air_jacks``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.air_jacks import air_jack_events
from codefx_desktop.analysis.hubs import CarAxes
from codefx_desktop.analysis.jack_paths import JACK, STANDS_S, JackPath, find_jack
from codefx_desktop.analysis.ramps import Ramp, Usual, fit_ramp
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.zone import CarPlace

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

# Source of the following: measured on rendered stops.
_COMES: Final = Usual(0.1, 0.7, 0.35, 20.0, 1.5)
_GOES: Final = Usual(0.1, 0.7, 0.2, 20.0, 1.5)
_LIFTS: Final = Usual(0.14, 0.5, 0.27, 8.0, 0.8)
_DROPS: Final = Usual(0.09, 0.4, 0.16, 8.0, 0.8)
_PLAY: Final = 0.185
"""Part of the handle's way in which the pad rises to the car."""
_PLAY_S: Final = 0.056
"""How long that takes after the jack came to rest."""
_LEAST_WAY_PX: Final = 15.0
"""A jack that was seen to come or go came from or went to at least so far."""
_FAR_PX: Final = 60.0
"""Farther away than this it does not tell when it comes to rest."""
_LEAST_PRESS_PX: Final = 6.0
"""A shorter way of the handle cannot be told from a box's errors."""
_ALONE_PX: Final = 8.0
"""A handle that has to be believed alone moves at least so far,"""
_AT_EDGE_S: Final = 0.1
"""and the shot hides that the jack came or went: it is pressed so near to its edge."""
_STOOD_S: Final = 0.05
"""A jack that was not seen to stand so long before it goes went earlier than it was seen."""
_APART_S: Final = 0.15
"""Handle and jack that disagree by more than this: the crew waited."""
_MOST_APART_S: Final = 0.2
"""By more than this: one of them is another movement, and nobody knows which. Source: of 206 jacks
of 51 rendered stops (seeds 800000-800045, 801000-801006) one disagreed by more than 0.15 s, by
0.16 s; by 0.21 s and 0.40 s with a detector that loses parts of jacks, and both were wrong."""
_HANDLE: Final = 0.1
"""Weight of the handle's instant, which is known half as well as the jack's."""
_ERROR_S: Final = 0.03
"""How far an instant may be wrong,"""
_PICTURE: Final = 0.25
"""with this part of the time between pictures, in which the jack may turn;"""
_DISPUTE: Final = 0.125
"""and with this part of how far handle and jack are apart: one of them misleads."""


@dataclass(frozen=True, slots=True)
class _Instant:
    """When an end was lifted or set down, how sure, and why."""

    time_s: float
    half_s: float
    why: str


def jack_events(
    seen: Observations,
    stop: StopFrame,
    place: CarPlace,
    air_jacks: Callable[[], tuple[Event, ...]] | None = None,
) -> tuple[Event, ...]:
    """Return ``jack_up`` and ``jack_down`` of both ends; what was not measured is not found.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        place: Where the car and its hubs are (``find_hubs``).
        air_jacks: Finds when the car is up on its own jacks (``air_jack_events``), or knows it.
    """
    del place
    axes = CarAxes.of(stop)
    if axes is None:
        return ()
    events: list[Event] = []
    ends = ((Place.FRONT, 1.0), (Place.REAR, -1.0))
    jacks = {end: find_jack(seen, stop, axes, sign) for end, sign in ends}
    # Where nobody looked for jacks the car is not known to have its own.
    if JACK in seen.objects.class_names:
        own = air_jack_events(seen, stop) if air_jacks is None else air_jacks()
        events += own if _holds_itself(own, jacks.values()) else ()
    for end, jack in jacks.items():
        shot = (float(seen.times_s[stop.begin]), float(seen.times_s[stop.end]))
        events.append(_event(seen, "jack_up", end, _lift(jack, shot[0]) if jack else None))
        events.append(_event(seen, "jack_down", end, _drop(jack, shot[1]) if jack else None))
    found = {(event.kind, event.place): event for event in reversed(events)}
    return tuple(found[kind, end] for end, _ in ends for kind in ("jack_up", "jack_down"))


def _holds_itself(own: Sequence[Event], jacks: Iterable[JackPath | None]) -> bool:
    """Return whether a car is up on its own jacks, by when these would have lifted it.

    A jack that holds a car stands under it all the while: one that is there for less than half of
    that time is something else.
    """
    times = [event.time_s for event in own if event.time_s is not None]
    half_s = (max(times) - min(times)) / 2 if times else 0.0
    stand_s = [it.times_s[it.left] - it.times_s[it.arrived] for it in jacks if it is not None]
    return all(stood_s < half_s for stood_s in stand_s)


def _lift(jack: JackPath, shot_s: float) -> _Instant | None:
    """Return when the wheels leave the ground; ``shot_s`` is when the shot begins."""
    t, place_s = jack.times_s, jack.times_s[jack.arrived]
    left_s = t[jack.left]
    near = (t > place_s - 0.5) & (t < min(place_s + 0.25, left_s + 1e-6)) & (jack.away < _FAR_PX)
    comes = _way(jack, near, near & (t < place_s), _COMES)
    stood = left_s - place_s >= STANDS_S
    if comes is None:
        handle = _press(jack, t < shot_s + _AT_EDGE_S + 0.5, _LIFTS, least_px=_ALONE_PX)
        if handle is None or not stood or abs(handle.begin_s - shot_s) > _AT_EDGE_S:
            return None
        # A jack that came later, unseen, did not lift yet.
        if place_s - shot_s > _AT_EDGE_S:
            return None
        lift_s = handle.begin_s + _PLAY * handle.duration_s
        return _Instant(lift_s, 2 * _error_s(t), f"the jack's handle went down from {lift_s:.3f} s")
    rest_s = comes.end_s
    handle = _press(jack, (t > rest_s - 0.03) & (t < rest_s + 0.55), _LIFTS)
    words = f"the jack came to rest under the car at {rest_s:.3f} s and lifts {_PLAY_S:.2f} s later"
    other_s = None if handle is None else handle.begin_s + _PLAY * handle.duration_s
    return _agreed(rest_s + _PLAY_S, other_s, _error_s(t), words)


def _drop(jack: JackPath, shot_s: float) -> _Instant | None:
    """Return when the wheels touch the ground; ``shot_s`` is when the shot ends."""
    t, left_s = jack.times_s, jack.times_s[jack.left]
    place_s = t[jack.arrived]
    usual_s = float(np.median(np.diff(t)))
    before_s, after_s = max(0.25, 3.5 * usual_s), max(0.14, 2.5 * usual_s)
    near = (t > max(left_s - before_s, place_s - 1e-6)) & (t < left_s + after_s)
    goes = _way(jack, near, near & (t > left_s), _GOES)
    stood = left_s - place_s >= STANDS_S
    if goes is None:
        handle = _press(jack, t > shot_s - _AT_EDGE_S - 0.5, _DROPS, least_px=_ALONE_PX)
        if handle is None or not stood or abs(handle.end_s - shot_s) > _AT_EDGE_S:
            return None
        # A jack that left before, unseen, had set the car down.
        if shot_s - left_s > _AT_EDGE_S:
            return None
        words = f"the jack's handle was up at {handle.end_s:.3f} s"
        return _Instant(handle.end_s, 2 * _error_s(t), words)
    if goes.begin_s - place_s < _STOOD_S:
        return None
    handle = _press(jack, (t > goes.begin_s - 0.45) & (t < goes.begin_s + 0.02), _DROPS)
    words = f"the jack was pulled away from {goes.begin_s:.3f} s"
    other_s = None if handle is None else handle.end_s
    return _agreed(goes.begin_s, other_s, _error_s(t), words)


def _way(jack: JackPath, mask: Mask, under_way: Mask, usual: Usual) -> Ramp | None:
    """Return the movement by which a jack comes or goes, where that was seen.

    Args:
        jack: The jack.
        mask: The moments that tell.
        under_way: Those of them in which it is not in its place.
        usual: What such movements are like.
    """
    if mask.sum() < 5 or float(jack.away[under_way].max(initial=0.0)) < _LEAST_WAY_PX:
        return None
    return fit_ramp(jack.times_s[mask], jack.pad[mask], usual, beyond_s=0.2)


def _press(
    jack: JackPath,
    mask: Mask,
    usual: Usual,
    least_px: float = _LEAST_PRESS_PX,
) -> Ramp | None:
    """Return the handle's movement, where it is large enough to be told from errors."""
    if jack.cut_off:
        return None
    ramp = fit_ramp(jack.times_s[mask], jack.handle[mask], usual)
    return ramp if ramp and ramp.size >= max(least_px, 5.0 * ramp.noise) else None


def _error_s(times_s: Floats) -> float:
    """Return how far an instant may be wrong; 95 % are less."""
    return _ERROR_S + _PICTURE * float(np.median(np.diff(times_s)))


def _agreed(time_s: float, handle_s: float | None, error_s: float, words: str) -> _Instant | None:
    """Return the instant that jack and handle tell together; None where they contradict."""
    if handle_s is None:
        return _Instant(time_s, 1.3 * error_s, words)
    words += f", its handle says {handle_s:.3f} s"
    apart = handle_s - time_s
    if abs(apart) > _MOST_APART_S:
        return None
    if abs(apart) > _APART_S:
        return _Instant(time_s + apart / 2, abs(apart) / 2 + error_s, words)
    return _Instant(time_s + _HANDLE * apart, error_s + _DISPUTE * abs(apart), words)


def _event(seen: Observations, kind: str, end: Place, at: _Instant | None) -> Event:
    if at is None:
        return Event(kind, end, evidence={"why": "no jack was seen to come and go at this end"})
    return Event(
        kind,
        end,
        at.time_s,
        at.time_s - at.half_s,
        at.time_s + at.half_s,
        int(seen.numbers[np.abs(seen.times_s - at.time_s).argmin()]),
        EventSource.TRACK,
        EventStatus.PROPOSED,
        0.8,
        {"jack": at.why},
    )
