"""The one entry point: all stops of a clip, each with every event of its template."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile
from codefx_desktop.domain.events import EventStatus, Place
from codefx_desktop.domain.template import StopTemplate, TemplateEvent
from codefx_desktop.domain.zone import Zone, ZoneAnchor, ZoneSet
from codefx_desktop.settings.templates import built_in_templates
from tests.moving_car import Pass, Track

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import PitStop

CORNERS = (Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT)
TEMPLATE = StopTemplate(
    "short",
    "Short",
    (
        TemplateEvent("go"),
        TemplateEvent("stop"),
        TemplateEvent("wheel_off", CORNERS),
        TemplateEvent("probe_in"),
    ),
)
CAMERA = CameraProfile()
F1 = built_in_templates()[0]


@pytest.mark.parametrize("detected", [True, False], ids=["detector", "motion"])
def test_a_stop_has_each_event_of_its_template_in_its_order(detected: bool) -> None:
    (stop,) = find_stops(Track().seen(detected=detected), TEMPLATE, CAMERA)
    assert [(event.kind, event.place) for event in stop.events] == list(TEMPLATE.slots)
    assert stop.event("stop") is not None
    assert stop.event("go") is not None
    measured = [event for event in stop.events if event.status is not EventStatus.NOT_FOUND]
    assert len(measured) == 2, "nothing but the car was there"
    assert (stop.number, stop.template) == (1, "short")
    assert stop.car is not None


def test_a_clip_without_a_stop_has_none() -> None:
    through = Track(passes=(Pass(stop_s=None, go_s=None),), through_px_s=900.0)
    assert find_stops(through.seen(), TEMPLATE, CAMERA) == ()


def test_stops_are_numbered_and_do_not_share_time() -> None:
    passes = (Pass(stop_s=2.0, go_s=4.0), Pass(stop_s=9.0, go_s=11.0))
    stops = find_stops(Track(seconds=14.0, passes=passes).seen(), TEMPLATE, CAMERA)
    assert [stop.number for stop in stops] == [1, 2]
    assert stops[0].ends_s < stops[1].begins_s


def test_a_cut_that_only_motion_saw_parts_the_shots() -> None:
    seen = Track(cuts=(120,)).seen()
    assert seen.motion is not None
    alone = replace(seen, cuts=(), motion=replace(seen.motion, cuts=(120,)))
    (told,) = find_stops(seen, TEMPLATE, CAMERA)
    (found,) = find_stops(alone, TEMPLATE, CAMERA)
    assert found.event("stop") == told.event("stop")
    assert found.event("go") == told.event("go")


def test_marks_that_make_no_box_are_told_and_not_used() -> None:
    line = ((0.1, 0.5), (0.2, 0.5), (0.3, 0.5), (0.4, 0.5))
    camera = CameraProfile(marks=BoxMarks(line, 6.2, 2.9))
    (stop,) = find_stops(Track().seen(), TEMPLATE, camera)
    assert any("box cannot be used" in note for note in stop.notes)
    assert stop.event("stop") is not None


def test_zones_of_the_car_need_a_car_they_were_drawn_around() -> None:
    points = ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2))
    zones = ZoneSet((Zone("Fuel side", points, anchor=ZoneAnchor.CAR),))
    (stop,) = find_stops(Track().seen(), TEMPLATE, CameraProfile(zones=zones))
    assert any("Fuel side" in note for note in stop.notes)


def test_the_same_stop_at_other_rates_agrees_within_its_uncertainty() -> None:
    rates = (24.0, 30.0, 50.0, 60.0)
    stops = [find_stops(Track(rate=rate).seen(), TEMPLATE, CAMERA)[0] for rate in rates]
    for kind in ("stop", "go"):
        events = [stop.event(kind) for stop in stops]
        earliest = [event.earliest_s for event in events if event and event.earliest_s]
        latest = [event.latest_s for event in events if event and event.latest_s]
        assert len(earliest) == len(rates)
        assert np.max(earliest) <= np.min(latest)


def test_slow_motion_has_its_own_scale_of_time() -> None:
    seen = Track().seen()
    rate = (len(seen.times_s) - 1) / float(seen.times_s[-1] - seen.times_s[0])
    (plain,) = find_stops(seen, F1, CAMERA)
    (slow,) = find_stops(seen, F1, CameraProfile(capture_rate_hz=8.0 * rate))
    assert (plain.time_scale, slow.time_scale) == (1.0, pytest.approx(1 / 8))
    # Events stay on the clip's clock, durations are true ones.
    assert plain.event("stop") == slow.event("stop")
    whole, eighth = (classic_standing(stop) for stop in (plain, slow))
    assert eighth == pytest.approx(whole / 8)


def classic_standing(stop: PitStop) -> float:
    told = breakdown(stop, F1).durations
    value = next(one.value_s for one in told if one.name == "stationary")
    assert value is not None
    return value
