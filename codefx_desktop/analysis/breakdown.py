"""The breakdown of a stop: the durations that follow from its events, each with its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.critical_path import critical_path
from codefx_desktop.analysis.instants import between, bounds, found_events, time_of
from codefx_desktop.domain.breakdown import Breakdown, CornerDone
from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop import Duration
from codefx_desktop.domain.template import CORNERS_OF, slot_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import Slot, StopTemplate

CORNER_DONE: Final = "tighten_end"
"""A corner is done when its gun stops turning the new wheel's nut."""

_CLASSIC_TYRES: Final = {
    "front_left_tyre_time_s": Place.FRONT_LEFT,
    "front_right_tyre_time_s": Place.FRONT_RIGHT,
    "back_left_tyre_time_s": Place.REAR_LEFT,
    "back_right_tyre_time_s": Place.REAR_RIGHT,
}
_CLASSIC: Final[Mapping[str, tuple[Slot, Slot]]] = {
    "fuel_time_s": (("probe_in", Place.NONE), ("probe_out", Place.NONE)),
    **{n: (("loosen_start", p), ("tighten_end", p)) for n, p in _CLASSIC_TYRES.items()},
    "driver_out_time_s": (("stop", Place.NONE), ("driver_out", Place.NONE)),
    "driver_in_time_s": (("driver_out", Place.NONE), ("helper_clear", Place.NONE)),
}
_SYNCHRONY: Final = (
    ("loosen_start", "loosen_spread", "Guns on, spread"),
    ("tighten_end", "tighten_spread", "Guns done, spread"),
)


def breakdown(stop: PitStop, template: StopTemplate) -> Breakdown:
    """Return what follows from a stop's events.

    Args:
        stop: The stop; what a person corrected counts as what was measured does.
        template: How stops of its series go.

    Returns:
        All but how its marks were hit and its crew's idle time, which need the footage.
    """
    found, scale = found_events(stop), stop.time_scale
    durations = _durations(template, found, scale)
    by_name = {(one.name, one.place): one for one in reversed(durations)}
    first, last = _corners_done(template, found)
    return Breakdown(
        stationary=by_name.get(("stationary", Place.NONE)) or _plain("stationary", found, scale),
        reaction=_reaction(durations) or _plain("reaction", found, scale),
        durations=durations,
        classic=classic_times(stop),
        first_corner=first,
        last_corner=last,
        synchrony=_synchrony(template, found, scale),
        order_breaks=order_breaks(stop, template),
        critical=critical_path(stop, template),
    )


def classic_durations(stop: PitStop) -> tuple[Duration, ...]:
    """Return the seven classic times as durations, in the classic order, with their bounds.

    An end before its begin is a contradiction for a person to solve, not a time.
    """
    found = found_events(stop)
    durations = (
        between(name, name, Place.NONE, ends, found, stop.time_scale)
        for name, ends in _CLASSIC.items()
    )
    return tuple(
        one
        if one.value_s is None or one.value_s >= 0.0
        else Duration(one.name, one.label, one.place, begins=one.begins, ends=one.ends)
        for one in durations
    )


def classic_times(stop: PitStop) -> ClassicTimes:
    """Return the seven classic times of a stop, each None unless both its ends were found."""
    return ClassicTimes(**{one.name: one.value_s for one in classic_durations(stop)})


def order_breaks(stop: PitStop, template: StopTemplate) -> tuple[str, ...]:
    """Return in words which events break an order rule beyond what their bounds allow."""
    found = found_events(stop)
    return tuple(
        f"{_sentence(slot_text(before))} must come before {slot_text(after)}, "
        f"but came {time_of(found[before]) - time_of(found[after]):.3f} s after it."
        for before, after in template.rules()
        if before in found and after in found and bounds(found[before])[0] > bounds(found[after])[1]
    )


def _durations(
    template: StopTemplate, found: Mapping[Slot, Event], scale: float
) -> tuple[Duration, ...]:
    return tuple(
        between(
            one.span.name,
            one.span.label,
            one.place,
            None if one.begins is None else (one.begins, one.ends),
            found,
            scale,
        )
        for one in template.placed(template.durations)
    )


def _plain(name: str, found: Mapping[Slot, Event], scale: float) -> Duration:
    """Return stationary or reaction of a template that does not have it."""
    begins = {"stationary": "stop", "reaction": "release"}[name]
    ends = ((begins, Place.NONE), ("go", Place.NONE))
    return between(name, name.capitalize(), Place.NONE, ends, found, scale)


def _reaction(durations: Sequence[Duration]) -> Duration | None:
    return next((one for one in durations if one.name == "reaction"), None)


def _corners_done(
    template: StopTemplate, found: Mapping[Slot, Event]
) -> tuple[CornerDone | None, CornerDone | None]:
    """Return the corners that were done first and last; one that was not seen may be either."""
    slots = [slot for slot in template.slots if slot[0] == CORNER_DONE]
    if not slots or not all(slot in found for slot in slots):
        return None, None
    ends = [found[slot] for slot in slots]
    first, last = min(ends, key=time_of), max(ends, key=time_of)
    return (
        _done(first, all(bounds(first)[1] < bounds(one)[0] for one in ends if one is not first)),
        _done(last, all(bounds(last)[0] > bounds(one)[1] for one in ends if one is not last)),
    )


def _done(event: Event, is_sure: bool) -> CornerDone:
    return CornerDone(event.place, time_of(event), is_sure)


def _synchrony(
    template: StopTemplate, found: Mapping[Slot, Event], scale: float
) -> tuple[Duration, ...]:
    return tuple(
        _spread(name, label, group, [found.get((kind, place)) for place in group], scale)
        for group in template.together
        if len(group) > 1
        for kind, name, label in _SYNCHRONY
    )


def _spread(
    name: str, label: str, group: Sequence[Place], events: Sequence[Event | None], scale: float
) -> Duration:
    """Return how far apart events are; without a value unless all were found."""
    place = _place_of(group)
    known = [event for event in events if event is not None]
    if len(known) < len(events):
        return Duration(name, label, place)
    first, last = min(known, key=time_of), max(known, key=time_of)
    lows, highs = zip(*map(bounds, known), strict=True)
    return Duration(
        name,
        label,
        place,
        (time_of(last) - time_of(first)) * scale,
        max(max(lows) - min(highs), 0.0) * scale,
        (max(highs) - min(lows)) * scale,
        first,
        last,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _place_of(group: Sequence[Place]) -> Place:
    """Return the end or side that a group of corners is; none where it is all or no such."""
    return next((place for place, one in CORNERS_OF.items() if set(one) == set(group)), Place.NONE)
