"""Which task held the release, and what slack the others had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stop_samples import f1_times, stop_of

from codefx_desktop.analysis.critical_path import critical_path
from codefx_desktop.domain.events import Place
from codefx_desktop.settings.templates import built_in_templates

if TYPE_CHECKING:
    from codefx_desktop.domain.breakdown import CriticalPath, GanttBar

F1, INDYCAR, IMSA, NASCAR = built_in_templates()


def bar(path: CriticalPath, label: str, place: str) -> GanttBar:
    return next(one for one in path.bars if (one.label, one.place) == (label, Place(place)))


def slow_corner() -> dict[str, float]:
    """Return a stop of which RR's nut sticks: all after it is 0.8 s later, and so is the end."""
    late = {"loosen_end_RR": 3.3, "wheel_off_RR": 3.6, "wheel_on_RR": 4.2, "tighten_start_RR": 4.3}
    late |= {"tighten_end_RR": 4.7, "clear_RR": 5.0, "jack_down_front": 4.9, "jack_down_rear": 4.9}
    return f1_times(**late, release=5.2, go=5.4, depart=6.0)


def test_a_stuck_nut_held_the_release() -> None:
    path = critical_path(stop_of(slow_corner()), F1)
    assert path.held_by is not None
    assert path.held_by.text == "Loosen RR"
    assert path.held_by.drag_s == pytest.approx(0.8)
    assert path.wait_s == pytest.approx(0.3)
    assert path.until == "release"
    assert path.text.startswith("Loosen RR held the release most: without it 0.80 s earlier.")
    assert [one.text for one in path.chain[:3]] == ["Gun on RR", "Loosen RR", "Wheel off RR"]


def test_the_other_corners_have_slack() -> None:
    path = critical_path(stop_of(slow_corner()), F1)
    for corner in ("FL", "FR", "RL"):
        for label in ("Gun on", "Loosen", "Wheel on", "Tighten"):
            one = bar(path, label, corner)
            assert one.slack_s == pytest.approx(0.8), one
            assert not one.is_critical
    assert bar(path, "Jack up", "rear").slack_s == pytest.approx(0.9)
    assert bar(path, "Jack up", "front").slack_s == pytest.approx(1.0)


def test_a_bar_carries_the_bounds_of_its_ends() -> None:
    one = bar(critical_path(stop_of(slow_corner(), half_s=0.03), F1), "Tighten", "RR")
    assert (one.begin_low, one.end_high) == pytest.approx((4.27, 4.73))


def test_a_slow_jack_held_it_although_it_is_no_corner() -> None:
    path = critical_path(stop_of(f1_times(jack_down_front=4.6, release=4.9, go=5.1)), F1)
    assert path.held_by is not None
    assert path.held_by.text == "Jack down front"
    assert path.held_by.drag_s == pytest.approx(0.5)


def test_a_late_jack_makes_the_wheel_wait() -> None:
    path = critical_path(stop_of(f1_times(jack_up_rear=2.7)), F1)
    assert bar(path, "Jack up", "rear").slack_s == pytest.approx(0.0)
    # The gun was done 0.2 s before the jack: that much the corner's first tasks could be later.
    assert bar(path, "Loosen", "RL").slack_s == pytest.approx(0.2)
    assert bar(path, "Wheel on", "RL").is_critical


def test_an_unknown_end_leaves_its_tasks_out_and_names_them() -> None:
    times = slow_corner()
    del times["wheel_on:FL"]
    path = critical_path(stop_of(times), F1)
    assert path.left_out == ("Wheel on FL", "Gun back on FL")
    assert "Not seen: Wheel on FL, Gun back on FL." in path.text
    # What comes before the gap still waits for what comes after it.
    assert bar(path, "Wheel off", "FL").slack_s == pytest.approx(0.8)


def test_a_task_that_waits_for_an_unseen_gun_does_not_guess_its_begin() -> None:
    times = f1_times()
    del times["tighten_end:RL"]
    assert "Jack down front" in critical_path(stop_of(times), F1).left_out


def test_without_release_the_path_ends_with_go() -> None:
    times = f1_times()
    del times["release"]
    path = critical_path(stop_of(times), F1)
    assert path.until == "go"
    del times["go"]
    path = critical_path(stop_of(times), F1)
    assert (path.until, path.held_by) == ("", None)
    assert all(one.slack_s is None for one in path.bars)
    assert "Neither release nor go" in path.text


def test_what_may_have_held_it_just_as_well_is_named() -> None:
    times = f1_times(tighten_end_RR=3.905)
    path = critical_path(stop_of(times, half_s=0.01), F1)
    assert {"Tighten FL", "Tighten FR", "Tighten RL"} <= set(path.may_have)
    assert critical_path(stop_of(slow_corner(), half_s=0.001), F1).may_have == ()


def test_fuel_holds_an_indycar() -> None:
    times = f1_times(release=9.3, go=9.5) | {"probe_in": 2.4, "probe_out": 9.0}
    path = critical_path(stop_of(times), INDYCAR)
    assert path.held_by is not None
    assert path.held_by.text == "Fuel"
    assert path.held_by.drag_s == pytest.approx(9.0 - 4.1)


def test_the_left_side_of_a_nascar_waits_for_the_right() -> None:
    times = {k: v for k, v in f1_times().items() if not k.startswith("jack")}
    for kind in ("loosen_start", "loosen_end", "wheel_off", "wheel_on"):
        for corner in ("FL", "RL"):
            times[f"{kind}:{corner}"] += 3.0
    for kind in ("tighten_start", "tighten_end", "clear"):
        for corner in ("FL", "RL"):
            times[f"{kind}:{corner}"] += 3.0
    times |= {"jack_up:right": 2.4, "jack_down:right": 4.2, "jack_up:left": 5.4}
    times |= {"jack_down:left": 7.0, "go": 7.3}
    del times["release"]
    path = critical_path(stop_of(times), NASCAR)
    assert bar(path, "Jack up", "left").begin_s == pytest.approx(4.2)
    assert bar(path, "Jack down", "right").slack_s == pytest.approx(0.1)
    # The front changer cannot be on the left before the right is done.
    assert bar(path, "Tighten", "FR").is_critical


def test_where_all_take_as_long_nothing_single_held_it() -> None:
    path = critical_path(stop_of(f1_times()), F1)
    assert path.held_by is None
    assert path.chain
    assert path.text.startswith("No single task held the release: others took as long.")


def one_after_the_other(order: tuple[str, ...], pause_s: float = 0.3) -> dict[str, float]:
    """Return a stop of two guns' least: corner after corner, each 1.7 s, then the jacks."""
    times = {"stop": 2.0, "jack_up:front": 2.1, "jack_up:rear": 2.1}
    at = 2.3
    for corner in order:
        for kind, time_s in f1_times().items():
            if kind.endswith(f":{corner}"):
                times[kind] = at + time_s - 2.2
        at += 1.7 + pause_s
    return times | {"jack_down:front": at + 0.1, "jack_down:rear": at + 0.1, "go": at + 0.6}


def test_a_corner_waits_for_a_gun_where_there_are_too_few() -> None:
    path = critical_path(stop_of(one_after_the_other(("RL", "FL", "FR", "RR"))), IMSA)
    for corner in ("RL", "FL", "FR", "RR"):
        assert bar(path, "Tighten", corner).is_critical
        assert bar(path, "Gun on", corner).end_s - bar(path, "Gun on", corner).begin_s == (
            pytest.approx(0.3)
        )
    assert path.held_by is not None
    assert path.wait_s == pytest.approx(0.5)


def test_two_guns_make_two_chains() -> None:
    times = one_after_the_other(("RL", "RR"))
    front = one_after_the_other(("FL", "FR"), pause_s=0.5)
    times |= {key: at + 0.1 for key, at in front.items() if key[-2:] in ("FL", "FR")}
    path = critical_path(stop_of(times), IMSA)
    assert bar(path, "Tighten", "FL").is_critical
    assert bar(path, "Tighten", "FR").is_critical
    assert bar(path, "Tighten", "RR").slack_s == pytest.approx(0.3)
    assert bar(path, "Tighten", "RL").slack_s == pytest.approx(0.3)
