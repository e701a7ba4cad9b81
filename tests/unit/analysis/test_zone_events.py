"""Fuel and drivers from zones: told when they are clear, not found when they are not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.analysis.zone_events import zone_events
from codefx_desktop.analysis.zone_proposal import propose_zones
from codefx_desktop.analysis.zones import place_zones
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Motion, Objects, Observations
from codefx_desktop.domain.stop import Heading
from codefx_desktop.domain.zone import CarPlace

W, H, RATE = 640, 360, 20.0
STOP_S, GO_S, END_S = 1.0, 16.0, 18.0
ROWS, COLUMNS = 18, 32
HUBS = {
    Place.FRONT_LEFT: (400.0, 140.0),
    Place.FRONT_RIGHT: (400.0, 220.0),
    Place.REAR_LEFT: (240.0, 140.0),
    Place.REAR_RIGHT: (240.0, 220.0),
}
BOX = (200.0, 130.0, 455.0, 230.0)
TIMES = np.arange(0.0, END_S, 1.0 / RATE)


def way(*keys: tuple[float, float, float]) -> np.ndarray:
    """Return x and y over time, float64 (F, 2), through (seconds, x, y); nan outside the keys."""
    when, x, y = np.array(keys).T
    places = np.column_stack((np.interp(TIMES, when, x), np.interp(TIMES, when, y)))
    places[(when[0] > TIMES) | (when[-1] < TIMES)] = np.nan
    return places


@dataclass
class Scenery:
    """Somebody's ways, as boxes and as motion on the grid."""

    ways: list[np.ndarray] = field(default_factory=list)
    faint: float = 0.8
    tracks: tuple[int, ...] = ()

    def seen(self, *, weights: bool = True) -> Observations:
        motion = Motion(
            np.zeros((len(TIMES), ROWS, COLUMNS, 2), np.float16),
            np.ones((len(TIMES), ROWS, COLUMNS), np.uint8),
            np.zeros((len(TIMES), 4), np.float32),
        )
        frames, boxes, tracks = [], [], []
        for frame in range(1, len(TIMES)):
            for number, places in enumerate(self.ways):
                here, before = places[frame], places[frame - 1]
                if np.isnan(here).any():
                    continue
                frames.append(frame)
                tracks.append(self.tracks[number] if self.tracks else -1)
                boxes.append((here[0] - 14, here[1] - 16, here[0] + 14, here[1] + 16))
                step = here - before
                if not np.isnan(before).any() and np.hypot(*step) > 0.2:
                    x, y = int(here[0] / W * COLUMNS), int(here[1] / H * ROWS)
                    cells = (frame, slice(max(0, y - 1), y + 2), slice(max(0, x - 1), x + 2))
                    motion.energy[cells] = 20
                    motion.flow[cells] = step
        count = len(frames) if weights else 0
        objects = Objects(
            np.array(frames[:count], np.int32),
            np.array(boxes[:count], np.float32).reshape(-1, 4),
            np.full(count, self.faint, np.float32),
            np.full(count, 0, np.int16),
            np.array(tracks[:count], np.int32),
            ("crew",) if weights else (),
        )
        numbers = np.arange(len(TIMES), dtype=np.int32)
        return Observations(W, H, TIMES, numbers, objects, motion, None, (), END_S)


PLACE = CarPlace(
    (BOX[0] / W, BOX[1] / H, BOX[2] / W, BOX[3] / H),
    {place: (x / W, y / H) for place, (x, y) in HUBS.items()},
)
HEADING = Heading(0.0, "arrival")


def stop_frame(*, fuel: bool = True, driver: bool = True) -> StopFrame:
    zones = propose_zones(
        PLACE, HEADING, W, H,
        fuel_side=Place.RIGHT if fuel else None, driver_side=Place.LEFT if driver else None,
    )  # fmt: skip
    last = int(GO_S * RATE)
    return StopFrame(
        int(STOP_S * RATE), last, 0, len(TIMES) - 1,
        Event("stop", time_s=STOP_S), Event("go", time_s=GO_S), BOX, HEADING,
        Steady(np.zeros((len(TIMES), 4)), 100, W, H), CameraProfile(),
        place_zones(zones, PLACE, W, H),
    )  # fmt: skip


def told(scenery: Scenery, *, weights: bool = True, **zones: bool) -> dict[str, Event]:
    found = zone_events(scenery.seen(weights=weights), stop_frame(**zones), PLACE)
    return {event.kind: event for event in found}


# Right is down on the picture: the filler is at (285, 205), who fuels stands beside it.
FUELLER = way((0.0, 285, 320), (2.2, 285, 320), (3.0, 285, 238), (8.0, 285, 238), (8.8, 285, 320),
              (18.0, 285, 320))  # fmt: skip
LEAVING = way((3.0, 335, 180), (3.4, 335, 175), (4.4, 335, 110), (5.4, 320, 60))
ARRIVING = way((4.5, 345, 60), (6.0, 340, 110), (6.3, 340, 110), (7.2, 335, 165), (8.0, 335, 181))
HELPER = way((2.0, 370, 128), (8.4, 370, 128), (8.8, 350, 125), (10.0, 350, 125), (11.0, 370, 60))


def test_who_stays_at_the_filler_tells_of_the_probe() -> None:
    found = told(Scenery([FUELLER]))
    assert found["probe_in"].time_s == pytest.approx(3.0, abs=0.15)
    assert found["probe_out"].time_s == pytest.approx(8.0, abs=0.15)
    for kind, truth in (("probe_in", 3.0), ("probe_out", 8.0)):
        event = found[kind]
        assert event.status is EventStatus.PROPOSED
        assert event.source is EventSource.ZONE
        assert event.earliest_s is not None
        assert event.latest_s is not None
        assert event.earliest_s < truth < event.latest_s
        assert "stands in zone 'Fuel'" in event.evidence["seen"]


def test_without_weights_motion_tells_of_the_probe() -> None:
    found = told(Scenery([FUELLER]), weights=False)
    assert found["probe_in"].time_s == pytest.approx(3.0, abs=0.3)
    assert found["probe_out"].time_s == pytest.approx(8.0, abs=0.3)
    assert found["probe_in"].source is EventSource.MOTION


def test_beside_a_wheel_motion_alone_does_not_tell_who_fuels() -> None:
    behind = FUELLER - np.array((75.0, 0.0))
    zones = propose_zones(PLACE, HEADING, W, H, fuel_side=Place.REAR_RIGHT)
    stop = replace(stop_frame(), zones=place_zones(zones, PLACE, W, H))
    for weights, status in ((True, EventStatus.PROPOSED), (False, EventStatus.NOT_FOUND)):
        events = zone_events(Scenery([behind]).seen(weights=weights), stop, PLACE)
        assert {event.status for event in events} == {status}


@pytest.mark.parametrize("halts_s", [0.0, 1.2])
@pytest.mark.parametrize("weights", [True, False])
def test_who_only_passes_the_filler_does_not_fuel(weights: bool, halts_s: float) -> None:
    passing = way((3.0, 150, 238), (3.8, 285, 238), (3.8 + halts_s, 285, 238),
                  (5.0 + halts_s, 500, 238))  # fmt: skip
    found = told(Scenery([passing]), weights=weights)
    assert {event.status for event in found.values()} == {EventStatus.NOT_FOUND}


def test_who_stood_there_before_the_stop_does_not_fuel() -> None:
    standing = way((0.0, 285, 238), (12.0, 285, 238), (12.8, 285, 320))
    found = told(Scenery([standing]))
    assert {event.status for event in found.values()} == {EventStatus.NOT_FOUND}


def test_of_two_who_leave_without_weights_nobody_knows_which_had_the_probe() -> None:
    other = way((5.0, 285, 238), (5.6, 285, 310))
    found = told(Scenery([FUELLER, other]), weights=False)
    assert found["probe_in"].status is EventStatus.PROPOSED
    assert found["probe_out"].status is EventStatus.NOT_FOUND


def test_drivers_change() -> None:
    found = told(Scenery([LEAVING, ARRIVING, HELPER]))
    # The leaving one's box ends beyond the flank when its middle is 28 px + 16 px off the axis.
    assert found["driver_out"].time_s == pytest.approx(3.4 + (175 - 136) / 65, abs=0.2)
    assert found["driver_in"].time_s == pytest.approx(8.0, abs=0.35)
    assert found["helper_clear"].time_s == pytest.approx(10.0 + (125 - 98) / 65, abs=0.3)
    assert found["driver_out"].source is EventSource.ZONE


def test_drivers_change_without_weights_is_told_with_wider_bounds() -> None:
    sure = told(Scenery([LEAVING, ARRIVING, HELPER]))["driver_out"]
    found = told(Scenery([LEAVING, ARRIVING, HELPER]), weights=False)
    rough = found["driver_out"]
    assert rough.time_s == pytest.approx(sure.time_s, abs=0.5)
    assert rough.source is EventSource.MOTION
    assert _width(rough) > _width(sure)
    assert found["helper_clear"].status is EventStatus.NOT_FOUND


def test_who_comes_to_where_the_helper_was_hidden_is_not_the_helper() -> None:
    hidden, other = HELPER.copy(), way((8.9, 330, 60), (9.4, 350, 118), (9.5, 350, 118),
                                       (10.5, 370, 50))  # fmt: skip
    hidden[int(9.4 * RATE) : int(9.9 * RATE)] = np.nan
    tracks = (1, 2, 3, 4)
    people = [LEAVING, ARRIVING, hidden, other]
    found = told(Scenery(people, tracks=tracks))["helper_clear"]
    assert found.status is EventStatus.NOT_FOUND
    found = told(Scenery([LEAVING, ARRIVING, HELPER, other], tracks=tracks))["helper_clear"]
    assert found.time_s == pytest.approx(10.0 + (125 - 98) / 65, abs=0.3)


def test_who_only_passes_the_door_is_not_the_helper() -> None:
    passing = way((7.2, 480, 122), (8.4, 325, 122), (8.9, 300, 40))
    found = told(Scenery([LEAVING, ARRIVING, passing], tracks=(1, 2, 3)))["helper_clear"]
    assert found.status is EventStatus.NOT_FOUND


def test_where_motion_alone_told_it_the_source_says_so() -> None:
    found = told(Scenery([LEAVING, ARRIVING, HELPER], faint=0.05))["driver_out"]
    assert found.source is EventSource.MOTION
    assert found.confidence == 0.5


@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize("ways", [[HELPER], [LEAVING], [ARRIVING], [LEAVING, HELPER], []])
def test_half_a_change_is_none(ways: list[np.ndarray], weights: bool) -> None:
    found = told(Scenery(ways), weights=weights)
    assert {event.status for event in found.values()} == {EventStatus.NOT_FOUND}


def later(places: np.ndarray, seconds: float) -> np.ndarray:
    """Return a way that is gone later."""
    return np.roll(places, round(seconds * RATE), axis=0)


def test_the_arriving_driver_cannot_come_first() -> None:
    found = told(Scenery([ARRIVING, later(LEAVING, 7.0)]))
    assert {event.status for event in found.values()} == {EventStatus.NOT_FOUND}


def test_of_two_who_come_out_nobody_knows_which_is_the_driver() -> None:
    found = told(Scenery([LEAVING, ARRIVING, later(LEAVING, 7.0)]))
    assert {event.status for event in found.values()} == {EventStatus.NOT_FOUND}


def test_only_zones_that_are_drawn_tell() -> None:
    scenery = Scenery([FUELLER, LEAVING, ARRIVING, HELPER])
    assert set(told(scenery, driver=False)) == {"probe_in", "probe_out"}
    assert set(told(scenery, fuel=False)) == {"driver_out", "driver_in", "helper_clear"}
    assert told(scenery, fuel=False, driver=False) == {}


def test_both_at_once_do_not_disturb_each_other() -> None:
    found = told(Scenery([FUELLER, LEAVING, ARRIVING, HELPER]))
    assert found["probe_in"].time_s == pytest.approx(3.0, abs=0.15)
    assert found["driver_in"].time_s == pytest.approx(8.0, abs=0.35)


def _width(event: Event) -> float:
    assert event.earliest_s is not None
    assert event.latest_s is not None
    return event.latest_s - event.earliest_s
