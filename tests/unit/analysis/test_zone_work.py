"""Corners and jacks of clips that nobody looked for objects in: sound, and motion in zones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.analysis.zone_events import zone_events
from codefx_desktop.analysis.zone_visits import zone_visits
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Motion, Objects, Observations, Sound
from codefx_desktop.domain.stop import Heading, PitStop
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneRole, ZoneSet

W, H, RATE = 640, 360, 25.0
STOP_S, GO_S, END_S = 1.0, 12.0, 14.0
ROWS, COLUMNS = 18, 32
BOX = (200.0, 120.0, 440.0, 240.0)
PLACE = CarPlace((BOX[0] / W, BOX[1] / H, BOX[2] / W, BOX[3] / H), {})
TIMES = np.arange(0.0, END_S, 1.0 / RATE)
MIDDLES = {
    Place.FRONT_LEFT: (400.0, 100.0),
    Place.FRONT_RIGHT: (400.0, 260.0),
    Place.REAR_LEFT: (240.0, 100.0),
    Place.REAR_RIGHT: (240.0, 260.0),
    Place.FRONT: (500.0, 180.0),
    Place.REAR: (140.0, 180.0),
}
CORNERS = tuple(MIDDLES)[:4]


def zone(place: Place) -> Zone:
    x, y = MIDDLES[place]
    role = ZoneRole.CORNER if place in CORNERS else ZoneRole.JACK
    around = ((-40, -40), (40, -40), (40, 40), (-40, 40))
    return Zone(place.value, tuple((x + dx, y + dy) for dx, dy in around), role, place)


class Clip:
    """A clip in which things move in zones and guns sound."""

    def __init__(self) -> None:
        self.motion = Motion(
            np.zeros((len(TIMES), ROWS, COLUMNS, 2), np.float16),
            np.ones((len(TIMES), ROWS, COLUMNS), np.uint8),
            np.zeros((len(TIMES), 4), np.float32),
        )
        self.voices: list[tuple[float, float, float]] = []

    def move(self, place: Place, begin_s: float, end_s: float, flow: float = 0.0) -> Clip:
        """Let something move in a zone, ``flow`` pixels a frame to the right."""
        x, y = MIDDLES[place]
        column, row = int(x / W * COLUMNS), int(y / H * ROWS)
        frames = np.flatnonzero((begin_s <= TIMES) & (end_s > TIMES))
        cells = np.ix_(frames, range(row - 2, row + 3), range(column - 2, column + 3))
        self.motion.energy[cells] = 20
        self.motion.flow[(*cells, np.array([0])[None])] = flow
        return self

    def gun(self, begin_s: float, end_s: float, pan: float = np.nan) -> Clip:
        self.voices.append((begin_s, end_s, pan))
        return self

    def seen(self, *, classes: tuple[str, ...] = ()) -> Observations:
        rows = [
            (on, on - 0.01, on + 0.01, off, off - 0.01, off + 0.01, pan, 20.0, 25.0)
            for on, off, pan in sorted(self.voices)
        ]
        sound = Sound(
            100.0, np.zeros(int(100 * END_S), np.float32), np.zeros((0, 2)),
            np.array(rows).reshape(-1, 9),
        )  # fmt: skip
        objects = replace(Objects.none(), class_names=classes)
        numbers = np.arange(len(TIMES), dtype=np.int32)
        return Observations(W, H, TIMES, numbers, objects, self.motion, sound, (), END_S)


def stop_frame(*places: Place) -> StopFrame:
    return StopFrame(
        int(STOP_S * RATE), int(GO_S * RATE), 0, len(TIMES) - 1,
        Event("stop", time_s=STOP_S), Event("go", time_s=GO_S), BOX, Heading(0.0, "arrival"),
        Steady(np.zeros((len(TIMES), 4)), 100, W, H), CameraProfile(),
        tuple(zone(place) for place in places),
    )  # fmt: skip


def told(clip: Clip, *places: Place, classes: tuple[str, ...] = ()) -> dict[tuple[str, str], Event]:
    events = zone_events(clip.seen(classes=classes), stop_frame(*places), PLACE)
    return {
        (event.kind, event.place.value): event
        for event in events
        if event.status is not EventStatus.NOT_FOUND
    }


def in_sequence() -> Clip:
    """Return a stop whose corners are worked at one after the other."""
    clip = Clip()
    for number, place in enumerate(CORNERS):
        begins = 1.5 + 2.5 * number
        clip.move(place, begins, begins + 0.9).move(place, begins + 1.2, begins + 2.1)
        clip.gun(begins + 0.3, begins + 0.6).gun(begins + 1.5, begins + 1.9)
    return clip


def test_guns_belong_to_the_corner_in_whose_zone_something_moves() -> None:
    found = told(in_sequence(), *CORNERS)
    assert len(found) == 16
    for number, place in enumerate(CORNERS):
        begins = 1.5 + 2.5 * number
        truth = {
            "loosen_start": begins + 0.3,
            "loosen_end": begins + 0.6,
            "tighten_start": begins + 1.5,
            "tighten_end": begins + 1.9,
        }
        for kind, time_s in truth.items():
            event = found[kind, place.value]
            assert event.time_s == pytest.approx(time_s, abs=0.02)
            assert event.source is EventSource.AUDIO
            assert event.earliest_s < time_s < event.latest_s


def test_of_corners_that_are_worked_at_together_only_what_holds_for_each_is_told() -> None:
    clip = Clip()
    for number, place in enumerate(CORNERS):
        clip.move(place, 1.9, 2.3)
        clip.gun(1.2 + 0.02 * number, 1.6 + 0.1 * number).gun(2.6 + 0.15 * number, 3.4)
    found = told(clip, *CORNERS)
    for place in CORNERS:
        event = found["loosen_start", place.value]
        assert event.earliest_s <= 1.2
        assert event.latest_s >= 1.26
        assert ("tighten_start", place.value) not in found, "half a second apart: whose is whose?"


def test_a_lone_burst_may_loosen_or_tighten() -> None:
    clip = Clip().move(Place.FRONT_LEFT, 2.0, 3.0).gun(2.3, 2.7)
    assert told(clip, *CORNERS) == {}
    clip.gun(5.0, 5.4).move(Place.FRONT_LEFT, 4.8, 5.5)
    assert {place for _, place in told(clip, *CORNERS)} == {"FL"}


def test_guns_of_a_corner_without_a_zone_are_given_to_no_other() -> None:
    assert told(in_sequence(), *CORNERS[:3]) == {}
    nowhere = replace(zone(Place.FRONT_LEFT), place=Place.NONE)
    stop = replace(stop_frame(), zones=(nowhere,))
    assert zone_events(in_sequence().seen(), stop, PLACE) == ()


def test_where_wheels_are_looked_for_their_sight_decides() -> None:
    assert told(in_sequence(), *CORNERS, classes=("wheel",)) == {}


def jacked(*, comes: float = -3.0, leaves: float = 3.0, leaves_s: float = 11.2) -> Clip:
    """Return a stop whose jack, to the right of the car, comes to the left and leaves again."""
    clip = Clip().move(Place.FRONT, 0.8, 1.4, comes)
    return clip.move(Place.FRONT, leaves_s, 11.9, leaves)


def test_what_comes_to_the_car_lifts_it_and_what_leaves_lowers_it() -> None:
    found = told(jacked(), Place.FRONT)
    up, down = found["jack_up", "front"], found["jack_down", "front"]
    assert up.time_s == pytest.approx(1.26, abs=0.1)
    assert down.time_s == pytest.approx(11.2, abs=0.1)
    assert {up.source, down.source} == {EventSource.MOTION}
    assert up.latest_s - up.earliest_s > 0.4, "nobody saw the car rise"
    assert down.latest_s - down.earliest_s > 0.4
    assert "comes to the car in zone 'front'" in up.evidence["seen"]


@pytest.mark.parametrize(
    ("clip", "left"),
    [
        (jacked(comes=3.0), {"jack_down"}),
        (jacked(leaves=-3.0), {"jack_up"}),
        (jacked(leaves_s=11.8), {"jack_up"}),
        (jacked().move(Place.FRONT, 1.6, 2.0, 3.0), {"jack_down"}),
        (jacked().move(Place.FRONT, 10.5, 10.8, -3.0), {"jack_up"}),
        (Clip(), set()),
    ],
    ids=["leaves as the car stops", "comes as it goes", "too late to have dropped it",
         "something else follows", "something comes before it leaves", "nothing moves"],
)  # fmt: skip
def test_what_does_not_move_as_a_jack_does_is_none(clip: Clip, left: set[str]) -> None:
    assert {kind for kind, _ in told(clip, Place.FRONT)} == left


@pytest.mark.parametrize(("begins_s", "kinds"), [(0.8, set()), (1.2, {"jack_up"})])
def test_behind_the_car_what_moves_as_it_comes_to_rest_may_be_the_car(
    begins_s: float, kinds: set[str]
) -> None:
    clip = Clip().move(Place.REAR, begins_s, 1.5, 3.0)
    assert {kind for kind, _ in told(clip, Place.REAR)} == kinds


def test_where_jacks_are_looked_for_their_sight_decides() -> None:
    assert told(jacked(), Place.FRONT, classes=("jack",)) == {}


def test_motion_in_zones_is_told_while_the_car_stands() -> None:
    zones = tuple(
        replace(one, points=tuple((x / W, y / H) for x, y in one.points))
        for one in (zone(Place.FRONT_LEFT), zone(Place.FRONT_RIGHT))
    )
    camera = CameraProfile(zones=ZoneSet(zones))
    events = tuple(
        Event(kind, Place.NONE, at_s, status=EventStatus.PROPOSED)
        for kind, at_s in (("stop", STOP_S), ("go", GO_S))
    )
    stop = PitStop(1, "f1", events, 0.0, END_S, car=PLACE)
    clip = Clip().move(Place.FRONT_LEFT, 0.0, 0.6).move(Place.FRONT_LEFT, 3.0, 4.0)
    (visit,) = zone_visits(clip.seen(), camera, (stop,), 0.5) or ()
    assert (visit.zone, visit.track_id, visit.who, visit.stop) == ("FL", None, "motion", 1)
    ((begin_s, end_s),) = visit.entries
    assert (begin_s, end_s) == (pytest.approx(3.0, abs=0.1), pytest.approx(4.0, abs=0.1))
    for at_s, (low, high) in zip(
        (begin_s, end_s), (visit.stays[0].enter_span_s, visit.stays[0].exit_span_s), strict=True
    ):
        assert low is not None
        assert high is not None
        assert low <= at_s <= high
    assert zone_visits(replace(clip.seen(), motion=None), camera, (stop,), 0.5) is None
