"""Which movements in a cockpit are drivers that change, and when their ends were surely seen."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.car_frame import CarFrame
from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.analysis.zone_activity import Activity
from codefx_desktop.analysis.zone_driver import driver_events
from codefx_desktop.analysis.zone_proposal import propose_zones
from codefx_desktop.analysis.zones import place_zones
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Event, EventStatus, Place
from codefx_desktop.domain.observations import Motion, Objects, Observations
from codefx_desktop.domain.stop import Heading
from codefx_desktop.domain.zone import CarPlace, ZoneRole

W, H, RATE = 640, 360, 25.0
TIMES = np.arange(0.0, 16.0, 1.0 / RATE)
HUBS = {
    Place.FRONT_LEFT: (400.0, 140.0),
    Place.FRONT_RIGHT: (400.0, 220.0),
    Place.REAR_LEFT: (240.0, 140.0),
    Place.REAR_RIGHT: (240.0, 220.0),
}
BOX = (200.0, 130.0, 455.0, 230.0)
CAR = CarPlace(
    (BOX[0] / W, BOX[1] / H, BOX[2] / W, BOX[3] / H),
    {place: (x / W, y / H) for place, (x, y) in HUBS.items()},
)
HEADING = Heading(0.0, "arrival")
OUT = (3.0, 4.2, 20.0, -1.5)
IN = (7.0, 8.2, 20.0, 1.5)
"""Begin and end in seconds, grey levels, pixels a picture: up on the picture is out of the car."""

Move = tuple[float, float, float, float]


def change(*moves: Move, cells: slice = slice(16, 18)) -> dict[str, Event]:
    """Return what is told where such things move in the cockpit, and no model tells of people.

    Args:
        *moves: What moves.
        cells: Columns of the grid in which the last of them does.
    """
    energy = np.ones((len(TIMES), 18, 32), np.uint8)
    flow = np.zeros((len(TIMES), 18, 32, 2), np.float16)
    for number, (begin, end, level, step) in enumerate(moves, start=1):
        while_it = (begin <= TIMES) & (end > TIMES)
        columns = cells if number == len(moves) else slice(16, 18)
        energy[while_it, 7:11, columns] = int(level)
        flow[while_it, 7:11, columns, 1] = step
    numbers = np.arange(len(TIMES), dtype=np.int32)
    motion = Motion(flow, energy, np.zeros((len(TIMES), 4), np.float32))
    seen = Observations(W, H, TIMES, numbers, Objects.none(), motion, None, (), 16.0)
    zones = propose_zones(CAR, HEADING, W, H, driver_side=Place.LEFT)
    stop = StopFrame(
        25, len(TIMES) - 25, 0, len(TIMES) - 1, Event("stop", time_s=1.0),
        Event("go", time_s=15.0), BOX, HEADING, Steady(np.zeros((len(TIMES), 4)), 100, W, H),
        CameraProfile(), place_zones(zones, CAR, W, H),
    )  # fmt: skip
    zone = next(zone for zone in stop.zones if zone.role is ZoneRole.DRIVER)
    found = driver_events(seen, stop, zone, CarFrame(CAR, HEADING, (W, H)))
    return {event.kind: event for event in found}


def test_a_whole_change_is_told() -> None:
    found = change(OUT, IN)
    assert found["driver_out"].time_s == pytest.approx(4.2 + 0.25, abs=0.1)
    assert found["driver_in"].time_s == pytest.approx(8.2, abs=0.1)


@pytest.mark.parametrize("level", [40.0, 200.0])
def test_what_flickers_after_someone_sat_down_does_not_move_when(level: float) -> None:
    plain = change(OUT, IN)["driver_in"].time_s
    flickers = change(OUT, IN, (8.4, 8.48, level, -1.0))["driver_in"].time_s
    assert plain is not None
    assert flickers == pytest.approx(plain, abs=0.05)


def test_of_a_movement_too_short_for_a_body_the_end_was_not_seen() -> None:
    found = change((3.0, 3.6, 20.0, -1.5), (7.0, 7.6, 20.0, 1.5))
    assert found["driver_out"].status is EventStatus.NOT_FOUND
    assert found["driver_in"].status is EventStatus.NOT_FOUND


def test_an_end_that_hangs_on_what_counts_as_motion_is_not_told() -> None:
    # After sitting down something goes on to move, a little less than counts as motion.
    def lingers(level: float) -> Event:
        return change(OUT, IN, (8.2, 9.4, level, 0.1))["driver_in"]

    told = [lingers(level) for level in np.arange(2.0, 14.0, 0.5).tolist()]
    assert any(event.status is EventStatus.NOT_FOUND for event in told)
    for event in told:
        ends = [] if event.time_s is None else [abs(event.time_s - end) for end in (8.2, 9.4)]
        assert not ends or min(ends) < 0.1


def test_more_asked_for_ends_a_burst_earlier() -> None:
    times = np.arange(0.0, 4.0, 0.04)
    level = 1.0 + 20.0 * np.exp(-(((times - 2.0) / 0.4) ** 2))
    moves = Activity(np.arange(len(times)), times, level, np.zeros((len(times), 2)))
    ends = [moves.bursts(much=much)[0].end_s for much in (0.8, 1.0, 1.25)]
    assert ends == sorted(ends, reverse=True)
    assert ends[0] - ends[2] > 0.05


@pytest.mark.parametrize("level", [3.0, 12.0])
def test_a_lift_as_someone_sinks_hides_when_they_sat(level: float) -> None:
    # The whole car changes, cockpit, nose and tail, as air jacks lift it.
    assert change(OUT, IN)["driver_in"].status is EventStatus.PROPOSED
    lifted = change(OUT, IN, (8.0, 8.4, level, 0.1), cells=slice(6, 26))
    assert lifted["driver_in"].status is EventStatus.NOT_FOUND
    assert lifted["driver_out"].status is EventStatus.PROPOSED
