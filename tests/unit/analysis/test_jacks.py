"""When a car is lifted and set down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.analysis.hubs import find_hubs
from codefx_desktop.analysis.jacks import jack_events
from codefx_desktop.domain.events import Event, EventStatus, Place
from tests.standing_car import HUBS_M, Footage, ease

if TYPE_CHECKING:
    from codefx_desktop.domain.observations import Observations

UP_S, DOWN_S = 1.0, 3.5


def reach(time_s: float) -> float:
    """Come from 0.7 m, rest 50 ms before the lift, go as the car is down."""
    coming = 0.7 * (1 - ease((time_s - UP_S + 0.4) / 0.35))
    return coming + 0.5 * ease((time_s - DOWN_S) / 0.2)


def press(time_s: float) -> float:
    return 0.15 * (ease((time_s - UP_S + 0.05) / 0.27) - ease((time_s - DOWN_S + 0.16) / 0.16))


def events_of(footage: Footage) -> dict[tuple[str, Place], Event]:
    footage.mounted(*HUBS_M)
    seen, stop = footage.seen(), footage.stop()
    place, _ = find_hubs(seen, stop)
    return {(event.kind, event.place): event for event in jack_events(seen, stop, place)}


@pytest.mark.parametrize("rate", [24.0, 30.0, 60.0])
@pytest.mark.parametrize(("end", "sign"), [(Place.FRONT, 1.0), (Place.REAR, -1.0)])
def test_a_jack_that_comes_lifts_and_goes(end: Place, sign: float, rate: float) -> None:
    footage = Footage(5.0, rate)
    footage.jack(sign, reach, press)
    events = events_of(footage)
    for kind, truth_s in (("jack_up", UP_S), ("jack_down", DOWN_S)):
        event = events[kind, end]
        assert event.time_s == pytest.approx(truth_s, abs=0.02)
        assert event.earliest_s is not None
        assert event.latest_s is not None
        assert event.earliest_s < truth_s < event.latest_s
    other = Place.REAR if end is Place.FRONT else Place.FRONT
    assert events["jack_up", other].status is EventStatus.NOT_FOUND
    assert events["jack_up", other].evidence["why"]


def waiting(wait_s: float) -> Event:
    """Return a lift whose jack is in its place so long before it is pressed."""
    footage = Footage(5.0)
    footage.jack(1.0, reach, lambda t: press(t - wait_s) if t < 2.5 else press(t))
    return events_of(footage)["jack_up", Place.FRONT]


def test_a_crew_that_waits_widens_the_bounds() -> None:
    up = waiting(0.17)
    assert up.earliest_s is not None
    assert up.latest_s is not None
    assert up.earliest_s < UP_S + 0.17 < up.latest_s
    assert up.latest_s - up.earliest_s > 0.2


def test_a_jack_and_a_handle_that_contradict_each_other_tell_nothing() -> None:
    assert waiting(0.4).status is EventStatus.NOT_FOUND


def test_a_jack_that_stands_all_the_time_lifts_nothing() -> None:
    footage = Footage(5.0)
    footage.jack(1.0, lambda _: 0.0, lambda _: 0.0)
    events = events_of(footage)
    assert all(event.status is EventStatus.NOT_FOUND for event in events.values())


def test_a_jack_that_waits_beside_or_before_the_car_lifts_nothing() -> None:
    footage = Footage(5.0)
    footage.jack(1.0, lambda t: 0.7 + reach(t), press)
    footage.add("jack", (1.5, 0.6), lambda t: (3.0 + reach(t), 2.5))
    events = events_of(footage)
    assert all(event.status is EventStatus.NOT_FOUND for event in events.values())


def test_a_shot_that_ends_as_the_car_comes_down_still_tells_when() -> None:
    footage = Footage(DOWN_S + 0.03)
    footage.jack(1.0, reach, press)
    down = events_of(footage)["jack_down", Place.FRONT]
    assert down.time_s == pytest.approx(DOWN_S, abs=0.04)


def test_a_shot_that_ends_while_the_car_is_up_does_not_tell() -> None:
    footage = Footage(DOWN_S - 0.5)
    footage.jack(1.0, reach, press)
    events = events_of(footage)
    assert events["jack_up", Place.FRONT].time_s == pytest.approx(UP_S, abs=0.02)
    assert events["jack_down", Place.FRONT].status is EventStatus.NOT_FOUND


def test_a_jack_that_only_arrived_has_not_set_the_car_down() -> None:
    footage = Footage(UP_S + 0.22)
    footage.jack(-1.0, reach, press)
    events = events_of(footage)
    assert events["jack_up", Place.REAR].time_s == pytest.approx(UP_S, abs=0.03)
    assert events["jack_down", Place.REAR].status is EventStatus.NOT_FOUND


def hidden(seen: Observations, begin_s: float, end_s: float) -> Observations:
    """Return what is seen where nothing is found for a while."""
    times = seen.times_s[seen.objects.frame]
    return replace(seen, objects=seen.objects.where((times < begin_s) | (times > end_s)))


def jacks_of(footage: Footage, begin_s: float, end_s: float) -> dict[tuple[str, Place], Event]:
    footage.mounted(*HUBS_M)
    seen, stop = footage.seen(), footage.stop()
    place, _ = find_hubs(seen, stop)
    found = jack_events(hidden(seen, begin_s, end_s), stop, place)
    return {(event.kind, event.place): event for event in found}


def waves(time_s: float) -> float:
    """Press as usual; the box of the handle grows once more just before the shot ends."""
    return press(time_s) - 0.15 * ease((time_s - 3.7) / 0.16)


def test_a_jack_that_left_unseen_is_not_taken_for_one_that_leaves_as_the_shot_ends() -> None:
    footage = Footage(3.9)
    footage.jack(1.0, reach, waves)
    down = jacks_of(footage, DOWN_S - 0.05, 3.7)["jack_down", Place.FRONT]
    assert down.time_s is None or abs(down.time_s - DOWN_S) < 0.1


def test_a_jack_that_came_unseen_did_not_lift_as_the_shot_began() -> None:
    footage = Footage(5.0)
    footage.jack(1.0, lambda t: reach(t + UP_S - 0.45), lambda t: press(t + UP_S - 0.45))
    up = jacks_of(footage, 0.02, 0.42)["jack_up", Place.FRONT]
    assert up.time_s is None or abs(up.time_s - 0.45) < 0.1


def test_a_jack_that_is_leaving_as_the_clip_begins_left_before_it() -> None:
    footage = Footage(3.0)
    footage.jack(1.0, lambda t: reach(t + DOWN_S - 0.01), lambda t: press(t + DOWN_S - 0.01))
    assert events_of(footage)["jack_down", Place.FRONT].status is EventStatus.NOT_FOUND


def test_a_track_that_jumps_to_the_other_jack_was_not_pulled_away_there() -> None:
    footage = Footage(5.0)
    footage.mounted(*HUBS_M)
    footage.jack(1.0, reach, press)
    footage.jack(-1.0, reach, press)
    seen, stop = footage.seen(), footage.stop()
    objects = seen.objects
    late = seen.times_s[objects.frame] > 2.0
    front, rear = np.unique(objects.of("jack").track_id)
    tracks = objects.track_id.copy()
    tracks[late & (objects.track_id == front)] = rear
    tracks[late & (objects.track_id == rear)] = front
    swapped = replace(seen, objects=replace(objects, track_id=tracks))
    place, _ = find_hubs(swapped, stop)
    for event in jack_events(swapped, stop, place):
        truth_s = UP_S if event.kind == "jack_up" else DOWN_S
        assert event.time_s == pytest.approx(truth_s, abs=0.03)


def half_s(event: Event) -> float:
    assert event.earliest_s is not None
    assert event.latest_s is not None
    return (event.latest_s - event.earliest_s) / 2


def lifted(rate: float, late_s: float) -> Event:
    """Return the lift of a crew that presses so late."""
    footage = Footage(5.0, rate)
    footage.jack(1.0, reach, lambda t: press(t - late_s) if t < 2.5 else press(t))
    return events_of(footage)["jack_up", Place.FRONT]


def test_pictures_farther_apart_and_a_handle_that_disagrees_widen_the_bounds() -> None:
    usual_s = half_s(lifted(60.0, 0.0))
    assert half_s(lifted(24.0, 0.0)) > usual_s + 0.004
    assert half_s(lifted(60.0, 0.08)) > usual_s + 0.004
