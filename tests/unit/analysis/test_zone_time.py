"""Time in zones: entries and exits from the pictures' times, with honest bounds."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.stop_frame import Steady
from codefx_desktop.analysis.zone_time import Foot, time_in_zones
from codefx_desktop.analysis.zones import PlacedZone
from codefx_desktop.domain.observations import Objects, Observations

ZONE = PlacedZone("Fuel", ((100.0, 0.0), (200.0, 0.0), (200.0, 400.0), (100.0, 400.0)))


def seen(
    times_s: list[float],
    x: list[float | None],
    *,
    cuts: tuple[int, ...] = (),
    track: int = 7,
    confidence: float = 0.9,
) -> Observations:
    """One object at the given x in each frame, where it was seen; its feet are at y = 200."""
    there = [frame for frame, value in enumerate(x) if value is not None]
    count = len(there)
    places = np.array([x[frame] for frame in there], np.float32)
    boxes = np.column_stack((places - 10, np.full(count, 100), places + 10, np.full(count, 200)))
    objects = Objects(
        np.array(there, np.int32),
        boxes.astype(np.float32),
        np.full(count, confidence, np.float32),
        np.full(count, 2, np.int16),
        np.full(count, track, np.int32),
        ("car", "wheel", "crew"),
    )
    numbers = np.arange(len(times_s), dtype=np.int32)
    return Observations(
        640, 480, np.array(times_s), numbers, objects, None, None, cuts, times_s[-1] + 0.04
    )


def even(count: int, step_s: float = 0.04) -> list[float]:
    return [step_s * frame for frame in range(count)]


def test_a_walk_through_a_zone_has_its_crossings() -> None:
    # 5 px a frame: the edges at 100 and 200 are met between frames 10 and 11, 30 and 31.
    times = even(50)
    (visit,) = time_in_zones(seen(times, [48.0 + 5.0 * n for n in range(50)]), (ZONE,), 0.5)
    assert (visit.zone, visit.track_id, visit.class_name) == ("Fuel", 7, "crew")
    (stay,) = visit.stays
    assert stay.enter_s == pytest.approx(0.04 * 10.4, abs=0.04 / 32)
    assert stay.exit_s == pytest.approx(0.04 * 30.4, abs=0.04 / 32)
    assert stay.enter_span_s == (times[10], times[11])
    assert stay.exit_span_s == (times[30], times[31])
    assert visit.total_s == pytest.approx(0.8, abs=0.003)
    assert visit.entries == ((stay.enter_s, stay.exit_s),)


def test_uneven_pictures_give_the_same_times() -> None:
    rng = np.random.default_rng(3)
    times = np.sort(rng.uniform(0.0, 2.0, 60)).tolist()
    walk = [48.0 + 125.0 * t for t in times]
    (stay,) = time_in_zones(seen(times, walk), (ZONE,), 0.5)[0].stays
    assert stay.enter_s == pytest.approx(52 / 125, abs=0.003)
    assert stay.exit_s == pytest.approx(152 / 125, abs=0.003)


def test_who_was_there_from_the_start_may_have_come_before() -> None:
    (stay,) = time_in_zones(seen(even(20), [150.0] * 20), (ZONE,), 0.5)[0].stays
    assert (stay.enter_s, stay.exit_s) == (0.0, pytest.approx(0.76))
    assert stay.enter_span_s == (None, 0.0)
    assert stay.exit_span_s[1] is None


def test_a_short_absence_is_none() -> None:
    walk = [150.0] * 10 + [210.0] * 4 + [150.0] * 10
    (stay,) = time_in_zones(seen(even(24), walk), (ZONE,), 0.5)[0].stays
    assert stay.exit_s == pytest.approx(23 * 0.04)
    assert len(time_in_zones(seen(even(24), walk), (ZONE,), 0.5, join_gap_s=0.1)[0].stays) == 2


def test_a_short_gap_of_the_track_is_none_and_a_long_one_ends_the_stay() -> None:
    short = [150.0] * 10 + [None] * 4 + [150.0] * 10
    (stay,) = time_in_zones(seen(even(24), short), (ZONE,), 0.5)[0].stays
    assert (stay.enter_s, stay.exit_s) == (0.0, pytest.approx(0.92))
    long = [150.0] * 10 + [None] * 10 + [150.0] * 10
    (visit,) = time_in_zones(seen(even(30), long), (ZONE,), 0.5)
    assert [pytest.approx(value) for stay in visit.entries for value in stay] == [
        0.0, 0.36, 0.8, 1.16,
    ]  # fmt: skip
    assert visit.stays[0].exit_span_s == (pytest.approx(0.36), None)


def test_nothing_is_carried_across_a_cut() -> None:
    (visit,) = time_in_zones(seen(even(20), [150.0] * 20, cuts=(10,)), (ZONE,), 0.5)
    assert [pytest.approx(value) for value in visit.entries[1]] == [0.4, 0.76]
    assert len(visit.stays) == 2


def test_faint_and_untracked_objects_do_not_count() -> None:
    assert time_in_zones(seen(even(5), [150.0] * 5, confidence=0.4), (ZONE,), 0.5) == ()
    assert time_in_zones(seen(even(5), [150.0] * 5, track=-1), (ZONE,), 0.5) == ()
    assert time_in_zones(seen(even(5), [20.0] * 5), (ZONE,), 0.5) == ()


def test_the_feet_count_unless_the_centre_is_asked_for() -> None:
    low = PlacedZone("Low", ((100.0, 180.0), (200.0, 180.0), (200.0, 400.0), (100.0, 400.0)))
    there = seen(even(5), [150.0] * 5)
    assert len(time_in_zones(there, (low,), 0.5)) == 1
    assert time_in_zones(there, (low,), 0.5, foot=Foot.CENTRE) == ()


def test_the_cameras_own_motion_can_be_taken_out() -> None:
    # The camera moves 10 px a frame to the left: the object that stands seems to run right.
    path = np.zeros((20, 4))
    path[:, 0] = 10.0 * np.arange(20)
    there = seen(even(20), [150.0 + 10.0 * n for n in range(20)])
    steady = Steady(path, 0, 640, 480)
    (moving,) = time_in_zones(there, (ZONE,), 0.5)
    (still,) = time_in_zones(there, (ZONE,), 0.5, steady=steady)
    assert moving.total_s < 0.25
    assert still.total_s == pytest.approx(0.76)
