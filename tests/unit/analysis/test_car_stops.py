"""Which stretches of a clip are a stop, with a detector and without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.analysis.car_stops import find_car_stops
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.observations import Objects
from tests.moving_car import Pass, Track, between

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Event

BOTH = pytest.mark.parametrize("detected", [True, False], ids=["detector", "motion"])
CAMERA = CameraProfile()


def contains(event: Event, time_s: float) -> bool:
    assert event.earliest_s is not None
    assert event.latest_s is not None
    return event.earliest_s <= time_s <= event.latest_s


@BOTH
@pytest.mark.parametrize("rate", [24.0, 30.0, 60.0])
def test_stop_and_go_are_told_between_frames(detected: bool, rate: float) -> None:
    track = Track(rate=rate, passes=(Pass(stop_s=2.613, go_s=5.421),))
    (stop,) = find_car_stops(track.seen(detected=detected), CAMERA)
    (view,) = stop.views
    for event, true_s in ((view.frame.stop, 2.613), (view.frame.go, 5.421)):
        assert event.status is EventStatus.PROPOSED
        assert event.time_s == pytest.approx(true_s, abs=0.3 / rate)
        assert contains(event, true_s)
    times = track.times_s
    assert times[view.frame.first] == pytest.approx(2.613, abs=1.01 / rate)
    assert times[view.frame.last] == pytest.approx(5.421, abs=1.01 / rate)
    assert view.frame.box == pytest.approx((375, 250, 925, 450), abs=60)


@BOTH
@pytest.mark.parametrize(("towards", "deg"), [((1.0, 0.0), 0), ((-1.0, 0.0), 180)])
def test_the_front_leads_on_arrival(
    detected: bool, towards: tuple[float, float], deg: float
) -> None:
    seen = Track(passes=(Pass(towards=towards),)).seen(detected=detected)
    heading = find_car_stops(seen, CAMERA)[0].views[0].frame.heading
    assert heading.front_deg is not None
    assert (heading.front_deg - deg + 180) % 360 - 180 == pytest.approx(0, abs=2)
    assert heading.source == "arrival"


def test_the_camera_profile_knows_better_where_the_front_is() -> None:
    camera = CameraProfile(front_deg=90.0, mirrored=True)
    heading = find_car_stops(Track().seen(), camera)[0].views[0].frame.heading
    assert (heading.front_deg, heading.source, heading.mirrored) == (90.0, "camera", True)


@BOTH
def test_a_car_that_drives_through_does_not_stop(detected: bool) -> None:
    track = Track(passes=(Pass(stop_s=None, go_s=None),), through_px_s=900.0)
    assert find_car_stops(track.seen(detected=detected), CAMERA) == ()


@BOTH
def test_nothing_moves(detected: bool) -> None:
    seen = Track(passes=()).seen(detected=detected)
    assert find_car_stops(seen, CAMERA) == ()


def test_cars_in_the_next_boxes_are_no_stops() -> None:
    standing = Pass(stop_s=None, go_s=None, middle=(1250.0, 350.0))
    assert find_car_stops(Track(passes=(standing,)).seen(), CAMERA) == ()


def test_a_car_beside_does_not_disturb() -> None:
    beside = Pass(stop_s=None, go_s=None, middle=(1250.0, 350.0))
    (stop,) = find_car_stops(Track(passes=(Pass(), beside)).seen(), CAMERA)
    assert stop.views[0].frame.stop.time_s == pytest.approx(2.6, abs=0.01)


@BOTH
def test_a_clip_that_ends_inside_the_stop_has_no_go(detected: bool) -> None:
    seen = between(Track().seen(detected=detected), 0.0, 4.5)
    (stop,) = find_car_stops(seen, CAMERA)
    assert stop.views[0].frame.stop.time_s == pytest.approx(2.6, abs=0.01)
    assert stop.views[0].frame.go.status is EventStatus.NOT_FOUND
    assert any("move off" in note for note in stop.notes)


@BOTH
def test_a_clip_that_begins_inside_the_stop_has_no_stop_instant(detected: bool) -> None:
    seen = between(Track().seen(detected=detected), 3.5, 8.0)
    (stop,) = find_car_stops(seen, CAMERA)
    view = stop.views[0]
    assert view.frame.stop.status is EventStatus.NOT_FOUND
    assert view.frame.go.time_s == pytest.approx(5.4 - 3.5, abs=0.02)
    assert view.frame.heading.source == "departure"
    assert any("come to stand" in note for note in stop.notes)


def test_a_car_that_only_stands_asks_which_way_it_points() -> None:
    (stop,) = find_car_stops(between(Track().seen(), 3.0, 5.0), CAMERA)
    assert stop.views[0].frame.heading.front_deg is None
    assert any("which way" in note for note in stop.notes)


@BOTH
def test_a_cut_in_the_middle_of_the_stop_leaves_one_stop(detected: bool) -> None:
    seen = Track(cuts=(120,)).seen(detected=detected)
    (stop,) = find_car_stops(seen, CAMERA)
    first, second = stop.views
    assert first.frame.stop.time_s == pytest.approx(2.6, abs=0.01)
    assert first.frame.go.status is EventStatus.NOT_FOUND
    assert second.frame.stop.status is EventStatus.NOT_FOUND
    assert second.frame.go.time_s == pytest.approx(5.4, abs=0.02)
    assert (first.frame.end, second.frame.begin) == (119, 120)


@BOTH
def test_nothing_is_measured_across_a_cut_at_the_instant(detected: bool) -> None:
    seen = Track(cuts=(round(2.6 * 30),)).seen(detected=detected)
    for stop in find_car_stops(seen, CAMERA):
        for view in stop.views:
            assert view.frame.stop.status is EventStatus.NOT_FOUND


@BOTH
def test_two_stops_of_two_cars_one_after_the_other(detected: bool) -> None:
    first = Pass(stop_s=2.0, go_s=4.0)
    second = Pass(stop_s=9.0, go_s=11.0)
    seen = Track(seconds=14.0, passes=(first, second)).seen(detected=detected)
    # Until the first has gone the second has not come: both drive in from far outside.
    stops = find_car_stops(seen, CAMERA)
    found = [(stop.views[0].frame.stop.time_s, stop.views[0].frame.go.time_s) for stop in stops]
    assert found == [
        (pytest.approx(2.0, abs=0.02), pytest.approx(4.0, abs=0.02)),
        (pytest.approx(9.0, abs=0.02), pytest.approx(11.0, abs=0.02)),
    ]
    assert stops[0].views[0].frame.end < stops[1].views[0].frame.begin


def test_a_small_thing_that_stops_is_no_car() -> None:
    person = Pass(braking=1.0, launch=1.0, size=(80.0, 80.0))
    assert find_car_stops(Track(passes=(person,)).seen(detected=False), CAMERA) == ()


def test_a_picture_that_moves_as_a_whole_is_the_camera() -> None:
    whole = Pass(size=(4000.0, 2000.0))
    assert find_car_stops(Track(passes=(whole,)).seen(detected=False), CAMERA) == ()


def test_shake_is_taken_out() -> None:
    seen = Track().seen()
    assert seen.motion is not None
    sway = 5.0 * np.sin(7.0 * seen.times_s)
    steps = np.diff(sway, prepend=0.0)
    camera = seen.motion.camera.copy()
    camera[:, 0] = steps
    xyxy = seen.objects.xyxy.copy()
    xyxy[:, [0, 2]] += sway[seen.objects.frame, None].astype(np.float32)
    shaken = replace(
        seen,
        motion=replace(seen.motion, camera=camera),
        objects=replace(seen.objects, xyxy=xyxy),
    )
    (stop,) = find_car_stops(shaken, CAMERA)
    frame = stop.views[0].frame
    assert frame.stop.time_s == pytest.approx(2.6, abs=0.01)
    place = frame.to_stop(np.array([500.0 + sway[100], 300.0]), 100)
    assert place == pytest.approx((500.0, 300.0), abs=0.01)


def test_without_motion_nothing_is_invented() -> None:
    seen = replace(Track().seen(), motion=None)
    assert find_car_stops(seen, CAMERA) == ()
    assert find_car_stops(replace(seen, objects=Objects.none()), CAMERA) == ()


def test_a_box_that_wanders_does_not_make_two_stops_of_one() -> None:
    seen = Track(rate=50).seen()
    objects = seen.objects
    late = (seen.times_s[objects.frame] > 4.0) & (seen.times_s[objects.frame] < 5.3)
    boxes = objects.xyxy.copy()
    boxes[late] += np.float32(40.0)
    wandered = replace(seen, objects=replace(objects, xyxy=boxes))
    assert len(find_car_stops(wandered, CAMERA)) == 1


def test_an_instant_that_lost_pictures_hide_is_not_found() -> None:
    seen = Track(rate=50).seen()
    assert seen.motion is not None
    (stop,) = find_car_stops(seen, CAMERA)
    stop_s = stop.views[0].frame.stop.time_s
    assert stop_s is not None
    flow = seen.motion.flow.copy()
    lost = np.flatnonzero((seen.times_s > stop_s - 0.2) & (seen.times_s < stop_s))[1::3]
    flow[lost] = 0.0
    (torn,) = find_car_stops(replace(seen, motion=replace(seen.motion, flow=flow)), CAMERA)
    assert torn.views[0].frame.stop.status is EventStatus.NOT_FOUND
    assert "its motion tells" in torn.views[0].frame.stop.evidence["why"]
    assert torn.views[0].frame.go.status is EventStatus.PROPOSED
