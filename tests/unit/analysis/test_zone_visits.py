"""Who was in a camera's zones: on the picture over the whole clip, on the car stop by stop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codefx_desktop.analysis.zone_visits import zone_visits
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Event, EventStatus, Place
from codefx_desktop.domain.observations import Motion, Objects, Observations
from codefx_desktop.domain.stop import PitStop
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneSet

FRAMES, WIDTH, HEIGHT = 100, 200, 100
DRAWN = CarPlace((0.1, 0.4, 0.5, 0.8), {})
LANE = Zone("Lane", ((0.0, 0.0), (0.3, 0.0), (0.3, 1.0), (0.0, 1.0)))
FILLER = Zone(
    "Filler", ((0.1, 0.4), (0.2, 0.4), (0.2, 0.8), (0.1, 0.8)), anchor=ZoneAnchor.CAR
)  # fmt: skip
CAMERA = CameraProfile(zones=ZoneSet((FILLER, LANE), DRAWN))


def stop(number: int, begins_s: float, ends_s: float, *, shift: float = 0.0) -> PitStop:
    """Return a stop whose car stands so far, as part of the width, from where it was drawn."""
    events = tuple(
        Event(kind, Place.NONE, at_s, status=EventStatus.PROPOSED)
        for kind, at_s in (("stop", begins_s + 0.1), ("go", ends_s - 0.1))
    )
    box = (0.1 + shift, 0.4, 0.5 + shift, 0.8)
    return PitStop(number, "f1", events, begins_s, ends_s, car=CarPlace(box, {}))


def seen(x: float, camera: np.ndarray | None = None, cuts: tuple[int, ...] = ()) -> Observations:
    """Return a person who stands at x in front of a camera that moves so from frame to frame."""
    steps = np.zeros((FRAMES, 4), np.float32) if camera is None else camera
    shape = (FRAMES, 2, 2)
    motion = Motion(np.zeros((*shape, 2), np.float16), np.zeros(shape, np.uint8), steps, cuts)
    at = x + np.cumsum(steps[:, 0])
    boxes = np.column_stack((at - 4, np.full(FRAMES, 30), at + 4, np.full(FRAMES, 60)))
    frames = np.arange(FRAMES, dtype=np.int32)
    objects = Objects(
        frames, boxes.astype(np.float32), np.full(FRAMES, 0.8, np.float32),
        np.zeros(FRAMES, np.int16), np.full(FRAMES, 3, np.int32), ("crew",),
    )  # fmt: skip
    return Observations(WIDTH, HEIGHT, frames / 25, frames, objects, motion, None, cuts, 4.0)


def test_a_zone_on_the_picture_counts_over_the_whole_clip() -> None:
    (visit,) = zone_visits(seen(50.0), CAMERA, (), 0.5)
    assert (visit.zone, visit.stop, visit.track_id, visit.class_name) == ("Lane", None, 3, "crew")
    assert visit.entries == ((0.0, pytest.approx(3.96)),)
    assert zone_visits(seen(50.0), CAMERA, (), 0.9) == ()


def test_a_zone_on_the_car_counts_where_it_stood_and_while_it_did() -> None:
    stops = (stop(1, 0.4, 1.2), stop(2, 2.0, 3.0, shift=0.4), replace(stop(3, 3.2, 3.8), car=None))
    # At 110 px: where the filler of the second car is (20 to 40 px, 80 px farther on).
    (visit,) = zone_visits(seen(110.0), CAMERA, stops, 0.5)
    assert (visit.zone, visit.stop) == ("Filler", 2)
    assert visit.entries == ((pytest.approx(2.0), pytest.approx(3.0)),)
    first = zone_visits(seen(30.0), CAMERA, stops, 0.5)
    assert [(one.zone, one.stop) for one in first] == [("Lane", None), ("Filler", 1)]


def test_a_camera_that_sways_moves_nobody_out() -> None:
    sway = np.zeros((FRAMES, 4), np.float32)
    sway[1:40, 0], sway[40:80, 0] = 1.0, -1.0
    (visit,) = zone_visits(seen(50.0, sway), CAMERA, (), 0.5)
    assert visit.entries == ((0.0, pytest.approx(3.96)),)


def test_nothing_goes_on_over_a_cut() -> None:
    observed = seen(30.0, cuts=(50,))
    (lane,) = zone_visits(observed, CAMERA, (stop(1, 1.0, 3.0),), 0.5)
    # Which shot shows the car cannot be told here, so its zones are nowhere.
    assert (lane.zone, len(lane.stays)) == ("Lane", 2)


def test_slow_motion_shows_more_time_than_passed() -> None:
    slow = replace(CAMERA, capture_rate_hz=100.0)
    (visit,) = zone_visits(seen(50.0), slow, (), 0.5)
    assert visit.entries == ((0.0, pytest.approx(3.96)),)
    assert visit.total_s == pytest.approx(0.99)
