"""When a car comes into the picture, is released by a light, and leaves its box."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.analysis.car_passing import passing_events
from codefx_desktop.analysis.car_stops import find_car_stops
from codefx_desktop.analysis.ground import Ground
from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile
from codefx_desktop.domain.events import Event, EventStatus
from tests.moving_car import HEIGHT, METRE_PX, WIDTH, Pass, Track, between

if TYPE_CHECKING:
    from codefx_desktop.domain.observations import Observations

CAMERA = CameraProfile()
CAR = Pass(middle=(650.0, 350.0))


def events_of(seen: Observations, camera: CameraProfile = CAMERA) -> dict[str, Event]:
    (stop,) = find_car_stops(seen, camera)
    ground = Ground.of(camera, WIDTH, HEIGHT)
    return {event.kind: event for event in passing_events(seen, stop.views[0], ground)}


def with_lights(seen: Observations, *lights: tuple[float, float, float, float]) -> Observations:
    assert seen.motion is not None
    return replace(seen, motion=replace(seen.motion, lights=np.array(lights, np.float32)))


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("detected", [True, False], ids=["detector", "motion"])
def test_the_nose_comes_over_the_border(sign: float, detected: bool) -> None:
    track = Track(rate=50, passes=(replace(CAR, towards=(sign, 0.0)),))
    # Nose at 925 (or 375) at rest; braking at 10 m/s².
    way_m = (925 if sign > 0 else WIDTH - 375) / METRE_PX
    true_s = 2.6 - np.sqrt(2 * way_m / 10)
    event = events_of(track.seen(detected=detected))["arrive"]
    assert event.time_s == pytest.approx(true_s, abs=0.04)
    assert event.earliest_s is not None
    assert event.latest_s is not None
    assert event.earliest_s <= true_s <= event.latest_s


def test_a_car_that_is_there_from_the_start_does_not_arrive() -> None:
    seen = between(Track(rate=50).seen(), 1.9, 8.0)
    assert events_of(seen)["arrive"].status is EventStatus.NOT_FOUND


def test_the_rear_leaves_the_box() -> None:
    event = events_of(Track(rate=50).seen())["depart"]
    true_s = 5.4 + np.sqrt(2 * 5.65 / 7.5)
    assert event.time_s == pytest.approx(true_s, abs=0.08)
    assert event.earliest_s is not None
    assert event.latest_s is not None
    assert event.earliest_s <= true_s <= event.latest_s


def test_marks_make_it_narrower() -> None:
    corners = tuple(
        ((650 + METRE_PX * x) / WIDTH, (350 - METRE_PX * y) / HEIGHT)
        for x, y in ((3.1, 1.45), (3.1, -1.45), (-3.1, -1.45), (-3.1, 1.45))
    )
    marks = BoxMarks(corners, 6.2, 2.9)  # type: ignore[arg-type]
    seen = Track(rate=50).seen()
    known = events_of(seen, CameraProfile(marks=marks))["depart"]
    guessed = events_of(seen)["depart"]
    true_s = 5.4 + np.sqrt(2 * (3.1 + 2.75) / 7.5)
    assert known.time_s == pytest.approx(true_s, abs=0.06)
    assert known.latest_s is not None
    assert known.earliest_s is not None
    assert guessed.latest_s is not None
    assert guessed.earliest_s is not None
    assert known.latest_s - known.earliest_s < guessed.latest_s - guessed.earliest_s


def test_a_light_near_the_front_releases() -> None:
    seen = with_lights(Track(rate=50).seen(), (255, 1010.0, 110.0, 24.0))
    event = events_of(seen)["release"]
    assert (event.earliest_s, event.latest_s) == pytest.approx((254 / 50, 255 / 50))


@pytest.mark.parametrize(
    "lights",
    [
        [],
        [(100, 1010.0, 110.0, 24.0)],
        [(300, 1010.0, 110.0, 24.0)],
        [(255, 20.0, 110.0, 24.0)],
        [(255, 1010.0, 110.0, 24.0), (245, 900.0, 600.0, 22.0)],
        [(255, 1010.0, 110.0, 14.0)],
        [(255, 1010.0, 110.0, 60.0)],
        [(255, 800.0, 110.0, 24.0)],
        [(230, 1010.0, 110.0, 24.0)],
        [(269, 1010.0, 110.0, 24.0)],
    ],
    ids=[
        "none",
        "before the stop",
        "after the go",
        "behind the car",
        "two lights",
        "too small",
        "too large",
        "behind the driver",
        "nobody reacts so late",
        "nobody reacts so soon",
    ],
)
def test_other_lights_release_nobody(lights: list[tuple[float, float, float, float]]) -> None:
    seen = Track(rate=50).seen()
    if lights:
        seen = with_lights(seen, *lights)
    assert events_of(seen)["release"].status is EventStatus.NOT_FOUND


@pytest.mark.parametrize("towards", [1.0, -1.0])
def test_where_nobody_knows_which_end_is_the_front_no_light_releases(towards: float) -> None:
    # Only while it stands, with a light at one of its ends.
    track = Track(rate=50, passes=(replace(CAR, towards=(towards, 0.0)),))
    standing = with_lights(between(track.seen(), 3.0, 5.2), (75, 1010.0, 110.0, 24.0))
    told = events_of(standing)["release"]
    assert told.status is EventStatus.NOT_FOUND
    assert "which way" in told.evidence["why"]
    known = events_of(standing, CameraProfile(front_deg=0.0))["release"]
    assert known.time_s == pytest.approx(74.5 / 50, abs=0.01)


def test_small_spots_beside_a_lamp_do_not_hide_it() -> None:
    seen = with_lights(Track(rate=50).seen(), (255, 1010.0, 110.0, 24.0), (240, 900.0, 600.0, 8.0))
    assert events_of(seen)["release"].time_s == pytest.approx(254.5 / 50)


def test_a_light_long_before_the_car_goes_is_not_its_release() -> None:
    early, due = (180, 900.0, 400.0, 20.0), (255, 1010.0, 110.0, 24.0)
    seen = Track(rate=50).seen()
    assert events_of(with_lights(seen, early, due))["release"].time_s == pytest.approx(254.5 / 50)
    assert events_of(with_lights(seen, early))["release"].status is EventStatus.NOT_FOUND


def test_a_car_that_is_first_seen_some_way_in_still_came_over_the_border() -> None:
    seen = Track(rate=24, passes=(CAR,)).seen()
    usual = events_of(seen)["arrive"]
    assert usual.time_s is not None
    assert usual.latest_s is not None
    assert seen.motion is not None
    flow = seen.motion.flow[:].copy()
    # Nothing is seen to move in the three pictures after the nose came in.
    first = int(np.searchsorted(seen.times_s, usual.time_s))
    flow[first : first + 3] = 0.0
    late = events_of(replace(seen, motion=replace(seen.motion, flow=flow)))["arrive"]
    assert late.time_s == pytest.approx(usual.time_s, abs=0.08)
    assert late.time_s is not None
    assert late.latest_s is not None
    assert late.latest_s - late.time_s > usual.latest_s - usual.time_s


def test_what_does_not_brake_as_the_car_does_is_not_its_nose() -> None:
    seen = Track(rate=50, passes=(CAR,)).seen()
    (stop,) = find_car_stops(seen, CAMERA)
    view = stop.views[0]
    assert view.arrival is not None
    slower = replace(view.arrival.onset, acceleration=0.78 * view.arrival.onset.acceleration)
    odd = replace(view, arrival=replace(view.arrival, onset=slower))
    event = passing_events(seen, odd, None)[0]
    assert event.status is EventStatus.NOT_FOUND
    assert "brake" in event.evidence["why"]


def test_where_the_stop_is_not_known_nothing_is_told_from_how_the_car_braked() -> None:
    (stop,) = find_car_stops(Track(rate=50).seen(), CAMERA)
    view = stop.views[0]
    blind = replace(view, frame=replace(view.frame, stop=Event("stop"), go=Event("go")))
    arrive, _, depart = passing_events(Track(rate=50).seen(), blind, None)
    assert arrive.status is depart.status is EventStatus.NOT_FOUND


def test_a_car_that_may_have_come_before_the_first_picture_has_no_arrival() -> None:
    seen = Track(rate=50, passes=(CAR,)).seen()
    arrive = events_of(seen)["arrive"]
    assert arrive.time_s is not None
    for before_s, is_told in ((0.3, True), (0.03, False)):
        part = events_of(between(seen, arrive.time_s - before_s, 8.0))["arrive"]
        assert (part.status is not EventStatus.NOT_FOUND) == is_told


def test_a_car_that_another_camera_may_have_shown_come_has_no_arrival_after_the_cut() -> None:
    track = Track(rate=50, passes=(CAR,))
    arrive = events_of(track.seen())["arrive"]
    assert arrive.time_s is not None
    for before_s, is_told in ((0.8, True), (0.3, False)):
        cut = round((arrive.time_s - before_s) * 50)
        after = events_of(replace(track.seen(), cuts=(cut,)))["arrive"]
        assert (after.status is not EventStatus.NOT_FOUND) == is_told


def test_a_nose_is_known_less_exactly_than_an_edge_as_wide_as_a_car() -> None:
    event = events_of(Track(rate=50, passes=(CAR,)).seen())["arrive"]
    assert event.time_s is not None
    assert event.latest_s is not None
    # Two cells of 40 pixels, at the speed of a car that brakes at 10 m/s² since 9 metres.
    speed_px_s = METRE_PX * np.sqrt(2 * 10 * 925 / METRE_PX)
    assert event.latest_s - event.time_s > 2 * 40 / speed_px_s
