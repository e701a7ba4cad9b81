"""What follows from a stop's events."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from stop_samples import event, f1_times, stop_of

from codefx_desktop.analysis.breakdown import breakdown, classic_times, order_breaks
from codefx_desktop.analysis.crew_idle import crew_idle
from codefx_desktop.domain.classic import CLASSIC_NAMES, ClassicTimes
from codefx_desktop.domain.events import Event, EventStatus, Place
from codefx_desktop.domain.stop import PitStop
from codefx_desktop.settings.templates import built_in_templates

F1, INDYCAR, IMSA, NASCAR = built_in_templates()


def test_durations_carry_the_ends_uncertainty() -> None:
    found = breakdown(stop_of(f1_times(), half_s=0.02), F1)
    one = found.stationary
    assert (one.value_s, one.low_s, one.high_s) == pytest.approx((2.6, 2.56, 2.64))
    assert found.reaction.value_s == pytest.approx(0.2)
    tyre = found.duration("tyre", Place.REAR_RIGHT)
    assert tyre is not None
    assert tyre.value_s == pytest.approx(1.7)
    assert tyre.begins is not None
    assert (tyre.begins.kind, tyre.begins.place) == ("loosen_start", Place.REAR_RIGHT)
    lift = found.duration("lift", Place.REAR)
    assert lift is not None
    assert lift.value_s == pytest.approx(0.4)


def test_a_duration_without_an_end_has_no_value() -> None:
    times = f1_times()
    del times["go"], times["tighten_end:FL"]
    found = breakdown(stop_of(times), F1)
    assert found.stationary.value_s is found.stationary.low_s is found.stationary.high_s is None
    assert found.stationary.begins is not None
    assert found.stationary.ends is None
    assert found.classic.front_left_tyre_time_s is None
    assert found.classic.front_right_tyre_time_s == pytest.approx(1.7)
    assert found.first_corner is found.last_corner is None
    assert [one.value_s is None for one in found.synchrony] == [False, True]


def test_an_event_that_was_not_found_is_none_even_with_a_time() -> None:
    gone = Event("go", time_s=4.6, status=EventStatus.NOT_FOUND)
    stop = PitStop(1, "f1", (event("stop", "", 2.0), gone), 0.0, 6.0)
    assert breakdown(stop, F1).stationary.value_s is None


def test_a_persons_event_without_bounds_is_exact() -> None:
    go = Event("go", time_s=4.6, status=EventStatus.EDITED)
    stop = PitStop(1, "f1", (event("stop", "", 2.0, 0.02), go), 0.0, 6.0)
    one = breakdown(stop, F1).stationary
    assert (one.low_s, one.high_s) == pytest.approx((2.58, 2.62))


def test_first_and_last_corner_are_sure_only_beyond_their_uncertainty() -> None:
    times = f1_times(tighten_end_RR=4.0, tighten_end_FL=3.7, tighten_end_FR=3.705)
    found = breakdown(stop_of(times), F1)
    assert found.first_corner is not None
    assert found.last_corner is not None
    assert (found.first_corner.place, found.first_corner.is_sure) == (Place.FRONT_LEFT, False)
    assert (found.last_corner.place, found.last_corner.is_sure) == (Place.REAR_RIGHT, True)


def test_synchrony_is_the_spread_of_the_guns() -> None:
    found = breakdown(stop_of(f1_times(loosen_start_RL=2.35)), F1)
    guns, tight = found.synchrony
    assert (guns.value_s, guns.low_s, guns.high_s) == pytest.approx((0.15, 0.13, 0.17))
    assert (tight.value_s, tight.low_s, tight.high_s) == pytest.approx((0.0, 0.0, 0.02))


def test_synchrony_of_a_sequential_stop_is_by_side() -> None:
    found = breakdown(stop_of(f1_times()), NASCAR)
    assert [one.place for one in found.synchrony] == [
        Place.RIGHT, Place.RIGHT, Place.LEFT, Place.LEFT,
    ]  # fmt: skip


def test_the_seven_classic_times_are_as_they_always_were() -> None:
    times = f1_times() | {
        "probe_in": 2.5, "probe_out": 40.0, "driver_out": 9.0, "driver_in": 16.0,
        "helper_clear": 21.5,
    }  # fmt: skip
    classic = classic_times(stop_of(times))
    assert tuple(classic.values()) == CLASSIC_NAMES
    assert list(classic.values().values()) == pytest.approx([37.5, 1.7, 1.7, 1.7, 1.7, 7.0, 12.5])
    assert classic_times(stop_of({"stop": 2.0})) == ClassicTimes()


def test_a_classic_time_can_be_edited_but_not_to_nonsense() -> None:
    assert ClassicTimes().with_value("fuel_time_s", 3.5).fuel_time_s == 3.5
    for name, value in (("fuel", 1.0), ("fuel_time_s", -1.0), ("fuel_time_s", float("nan"))):
        with pytest.raises(ValueError, match="fuel"):
            ClassicTimes().with_value(name, value)


def test_only_what_breaks_an_order_beyond_its_uncertainty_is_told() -> None:
    assert order_breaks(stop_of(f1_times()), F1) == ()
    late = f1_times(wheel_off_FL=2.49)
    assert order_breaks(stop_of(late, half_s=0.01), F1) == ()
    (told,) = order_breaks(stop_of(late, half_s=0.004), F1)
    assert told == "Loosen end FL must come before wheel off FL, but came 0.010 s after it."


def test_crew_is_idle_when_it_is_near_without_work() -> None:
    times = np.arange(0.0, 6.0, 0.1)
    near = (times > 1.95) & (times < 4.15)
    (one,) = crew_idle(stop_of(f1_times()), F1, times, {Place.FRONT_LEFT: near})
    assert one.present_s == pytest.approx(2.2)
    # From the stop to the gun 0.2 s, and 0.3 s after the corner was done.
    assert one.idle_s == pytest.approx(0.5)
    unseen = f1_times()
    del unseen["wheel_on:FL"]
    (one,) = crew_idle(stop_of(unseen), F1, times, {Place.FRONT_LEFT: near})
    assert one.idle_s is None
    assert crew_idle(stop_of({"stop": 2.0}), F1, times, {Place.FRONT_LEFT: near}) == ()


@pytest.mark.parametrize("template", [F1, INDYCAR, IMSA, NASCAR], ids=lambda one: one.name)
def test_an_empty_stop_gives_an_empty_breakdown(template: object) -> None:
    found = breakdown(PitStop(1, "f1", (), 0.0, 1.0), template)  # type: ignore[arg-type]
    assert all(one.value_s is None for one in found.durations)
    assert found.critical.held_by is None
    assert found.critical.bars == ()


def test_slow_motion_shows_more_time_than_passed() -> None:
    usual = breakdown(stop_of(f1_times(tighten_end_RR=4.0)), F1)
    slow = breakdown(replace(stop_of(f1_times(tighten_end_RR=4.0)), time_scale=0.25), F1)
    for one, other in zip(usual.durations, slow.durations, strict=True):
        assert (one.value_s is None) == (other.value_s is None)
        if one.value_s is not None:
            quarter = (one.value_s / 4, (one.low_s or 0.0) / 4, (one.high_s or 0.0) / 4)
            assert (other.value_s, other.low_s, other.high_s) == pytest.approx(quarter)
    assert slow.classic.back_right_tyre_time_s == pytest.approx(0.45)
    assert slow.synchrony[1].value_s == pytest.approx(0.025)
    assert usual.critical.wait_s is not None
    assert slow.critical.wait_s == pytest.approx(usual.critical.wait_s / 4)
