"""What is told of a stop on each frame: nothing before its time, nothing that was not found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codefx_desktop.analysis.instants import between, found_events
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import PitStop, StopFacts
from codefx_desktop.domain.stop_overlay import (
    CHAIN_LINES,
    PanelCorner,
    Progress,
    StopClock,
    StopOverlay,
    StopPart,
)
from codefx_desktop.domain.stop_overlays import StopOverlays
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneRole

FL, FR, RL, RR = Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT
SIZE = (1000, 500)


def event(
    kind: str, time_s: float | None, place: Place = Place.NONE, half_s: float | None = 0.02
) -> Event:
    if time_s is None:
        return Event(kind, place)
    return Event(
        kind,
        place,
        time_s,
        None if half_s is None else time_s - half_s,
        None if half_s is None else time_s + half_s,
        0,
        EventSource.TRACK,
        EventStatus.PROPOSED,
        0.9,
    )


def change(place: Place, first_s: float | None, last_s: float | None) -> list[Event]:
    return [event("loosen_start", first_s, place), event("tighten_end", last_s, place)]


EVENTS = (
    event("arrive", 1.0),
    event("stop", 3.0, half_s=0.01),
    event("jack_up", 3.2, Place.FRONT),
    *change(FL, 3.25, 4.75),
    *change(FR, 3.3, 5.0),
    *change(RL, 3.35, None),
    *change(RR, None, 5.2),
    event("jack_down", 5.1, Place.FRONT),
    event("release", None),
    event("go", 5.5, half_s=0.015),
    event("depart", 7.0),
)
CAR = CarPlace((0.3, 0.3, 0.7, 0.6), {FL: (0.6, 0.3), RR: (0.4, 0.6)})
STOP = PitStop(1, "f1", EVENTS, 0.5, 8.0, car=CAR)
SQUARE = ((100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0))
ZONES = (
    Zone("Box", SQUARE, ZoneRole.BOX),
    Zone("Left front", SQUARE, ZoneRole.CORNER, FL),
    Zone("Left rear", SQUARE, ZoneRole.CORNER, RL),
    Zone("Jack", SQUARE, ZoneRole.JACK, Place.FRONT),
)


def without(*kinds: str) -> PitStop:
    return replace(
        STOP,
        events=tuple(Event(one.kind, one.place) if one.kind in kinds else one for one in EVENTS),
    )


def at(time_s: float, stop: PitStop = STOP, number: int = 0) -> StopOverlay:
    overlay = StopOverlays([stop], [ZONES], *SIZE).at(number, time_s)
    assert overlay is not None
    return overlay


def clock(time_s: float, stop: PitStop = STOP) -> StopClock:
    found = at(time_s, stop).clock
    assert found is not None
    return found


def chain(time_s: float, stop: PitStop = STOP) -> list[str]:
    return [line.text for line in at(time_s, stop).chain]


def corner(time_s: float, place: Place, stop: PitStop = STOP) -> tuple[str, str, Progress]:
    found = next(one for one in at(time_s, stop).corner_times if one.place is place)
    return found.time, found.plus_minus, found.progress


def test_nothing_is_told_outside_every_stop() -> None:
    overlays = StopOverlays([STOP, replace(STOP, number=2, begins_s=20.0, ends_s=30.0)], [], *SIZE)
    assert overlays.at(0, 0.4) is None
    assert overlays.at(0, 8.1) is None
    second = overlays.at(0, 25.0)
    assert second is not None
    assert second.clock is not None
    assert second.clock.title == "Stop 2"


def test_the_clock_runs_from_the_stop_and_stands_from_go_on() -> None:
    assert (clock(2.9).time, clock(2.9).progress) == ("arrives", Progress.WAITING)
    assert (clock(3.0).time, clock(4.234).time) == ("0.00 s", "1.23 s")
    assert clock(4.0).plus_minus == ""
    for time_s in (5.5, 7.9):
        done = clock(time_s)
        assert (done.time, done.plus_minus, done.progress) == ("2.50 s", "±0.03", Progress.DONE)


def test_slow_motion_is_told_in_true_seconds() -> None:
    slow = replace(STOP, time_scale=0.5)
    assert clock(4.0, slow).time == "0.50 s"
    assert (clock(6.0, slow).time, clock(6.0, slow).plus_minus) == ("1.25 s", "±0.02")
    assert "slow motion" in clock(4.0, slow).note
    assert chain(3.21, slow)[:2] == ["front jack up +0.10 s ±0.02", "stop at 3.00 s ±0.01"]
    assert corner(4.25, FL, slow)[0] == "0.50 s"


def test_an_end_that_was_not_found_is_said_and_not_made_up() -> None:
    lost = clock(4.0, without("stop"))
    assert (lost.time, lost.progress) == ("stop not found", Progress.UNKNOWN)
    endless = clock(7.0, without("go"))
    assert (endless.time, endless.progress) == ("4.00 s", Progress.RUNNING)
    assert "go not found" in endless.note
    for place in (RL, RR):
        assert corner(4.0, place) == ("not found", "", Progress.UNKNOWN)
        assert corner(2.0, place) == ("", "", Progress.WAITING)


def test_corner_times_run_and_stand() -> None:
    assert corner(3.2, FL) == ("", "", Progress.WAITING)
    assert corner(3.75, FL) == ("0.50 s", "", Progress.RUNNING)
    assert corner(6.0, FL) == ("1.50 s", "±0.04", Progress.DONE)
    assert [one.place for one in at(4.0).corner_times] == [FL, FR, RL, RR]


def test_an_end_before_its_begin_is_no_time() -> None:
    torn = replace(STOP, events=(event("stop", 3.0), *change(FL, 5.0, 4.0)))
    assert corner(6.0, FL, torn)[0] == "not found"


def test_the_chain_tells_the_newest_first_and_nothing_before_its_time() -> None:
    assert chain(0.9) == []
    assert chain(3.3)[:3] == [
        "FR loosen start +0.30 s ±0.03",
        "FL loosen start +0.25 s ±0.03",
        "front jack up +0.20 s ±0.03",
    ]
    newest = at(7.9).chain
    assert len(newest) == CHAIN_LINES == at(0.9).chain_room
    strengths = [line.strength for line in newest]
    assert strengths[0] == 1.0
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[-1] > 0.5
    assert not any("release" in text for time_s in (2.0, 4.0, 7.9) for text in chain(time_s))


def test_before_the_stop_times_do_not_tell_when_it_will_be() -> None:
    assert chain(2.0) == ["arrive at 1.00 s ±0.02"]
    assert chain(3.1) == ["stop at 3.00 s ±0.01", "arrive \N{MINUS SIGN}2.00 s ±0.03"]
    assert chain(3.3, without("stop"))[0] == "FR loosen start at 3.30 s ±0.02"


def test_uncertainty_is_the_wider_side_rounded_up_and_only_where_stated() -> None:
    uneven = replace(event("go", 5.0, half_s=None), earliest_s=4.999, latest_s=5.041)
    stop = replace(STOP, events=(event("stop", 3.0, half_s=None), uneven))
    assert clock(6.0, stop).plus_minus == "±0.05"
    plain = replace(STOP, events=(event("stop", 3.0, half_s=None), event("go", 5.0, half_s=None)))
    assert clock(6.0, plain).plus_minus == ""
    assert chain(6.0, plain) == ["go +2.00 s", "stop at 3.00 s"]


def test_times_are_those_of_the_breakdown() -> None:
    found = found_events(STOP)
    ends = (("loosen_start", FR), ("tighten_end", FR))
    tyre = between("tyre", "Tyre", FR, ends, found)
    assert tyre.value_s is not None
    assert tyre.high_s is not None
    time, doubt, _ = corner(6.0, FR)
    assert time == f"{tyre.value_s:.2f} s"
    assert float(doubt.removeprefix("±")) == pytest.approx(tyre.high_s - tyre.value_s)


def test_corners_are_named_at_the_hubs_while_the_car_stands() -> None:
    assert at(2.9).corners == ()
    assert at(5.6).corners == ()
    marks = at(4.0).corners
    assert [(mark.place, mark.xy) for mark in marks] == [(FL, (600.0, 150.0)), (RR, (400.0, 300.0))]
    assert marks[0].progress is Progress.RUNNING
    assert marks[0].outward[0] > 0.0 > marks[0].outward[1]
    assert np.hypot(*marks[0].outward) == pytest.approx(1.0)


def test_zones_say_where_somebody_is_at_work() -> None:
    def active(time_s: float) -> list[str]:
        return [zone.label for zone in at(time_s).zones if zone.is_active]

    assert active(2.0) == []
    assert active(4.0) == ["Left front", "Jack"]
    assert active(6.0) == []
    assert all(zone.is_quiet for zone in at(2.0).zones)
    assert not any(zone.is_quiet for zone in at(4.0).zones)
    assert at(4.0).zones[0].points == SQUARE


def test_a_moving_camera_is_followed_and_other_shots_show_no_places() -> None:
    camera = np.full((3, 2, 3), np.nan)
    camera[0] = ((1.0, 0.0, 10.0), (0.0, 1.0, -5.0))
    overlays = StopOverlays([STOP], [ZONES], *SIZE, cameras=[camera])
    moved = overlays.at(0, 4.0)
    assert moved is not None
    assert moved.corners[0].xy == (610.0, 145.0)
    assert moved.zones[0].points[0] == (110.0, 95.0)
    for number in (1, 5):
        elsewhere = overlays.at(number, 4.0)
        assert elsewhere is not None
        assert (elsewhere.zones, elsewhere.corners) == ((), ())
        assert elsewhere.chain


def test_each_part_can_be_switched_off() -> None:
    fields = {
        StopPart.ZONES: "zones",
        StopPart.CORNERS: "corners",
        StopPart.CLOCK: "clock",
        StopPart.CORNER_TIMES: "corner_times",
        StopPart.CHAIN: "chain",
    }
    for part, name in fields.items():
        overlay = StopOverlays([STOP], [ZONES], *SIZE, parts=[part]).at(0, 4.0)
        assert overlay is not None
        assert [field for field in fields.values() if getattr(overlay, field)] == [name]


def test_the_panel_keeps_away_from_the_car() -> None:
    assert at(4.0, replace(STOP, car=None)).panel is PanelCorner.BOTTOM_LEFT
    low_left = replace(STOP, car=CarPlace((0.05, 0.6, 0.5, 0.95), {}))
    assert at(4.0, low_left).panel is PanelCorner.BOTTOM_RIGHT
    low = replace(STOP, car=CarPlace((0.05, 0.6, 0.95, 0.95), {}))
    assert at(4.0, low).panel is PanelCorner.TOP_LEFT


def test_a_stop_says_whose_it_is() -> None:
    facts = StopFacts(car_number="44", team="Team")
    assert clock(4.0, replace(STOP, facts=facts)).title == "Stop 1  44 Team"


def test_zones_of_more_stops_than_there_are_are_refused() -> None:
    with pytest.raises(ValueError, match="more stops"):
        StopOverlays([], [ZONES], *SIZE)
