"""What is seen of gun, wheel and car speaks against bursts that were given to the wrong nut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codefx_desktop.analysis.gun_checks import (
    QUIET_S,
    as_first_of_two,
    doubt,
    is_cut_off,
    is_on_nut,
    is_seen_to_run,
)
from codefx_desktop.analysis.gun_choice import Corner
from codefx_desktop.analysis.gun_sight import Sight
from codefx_desktop.analysis.guns import Heard, _may_be_two
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Objects, Observations

STOP_S, OFF_S, ON_S = 1.0, 1.8, 2.3
TIMES_S = np.arange(200) / 50


def sight(*on_nut: tuple[float, float], hidden: tuple[float, float] = (9.0, 9.0)) -> Sight:
    """Return a gun that is seen on its nut at these times, off it else, and not at all in one."""
    level = np.full(len(TIMES_S), -2.0)
    for begin, end in on_nut:
        level[(begin <= TIMES_S) & (end >= TIMES_S)] = 2.0
    level[(hidden[0] <= TIMES_S) & (hidden[1] >= TIMES_S)] = 0.0
    comes, leaves = np.array(on_nut).reshape(-1, 2).T
    out = np.full(len(TIMES_S), np.nan)
    return Sight(np.arange(len(TIMES_S)), TIMES_S, level, out, comes, leaves)


def corner(
    seen: Sight | None = None, off_s: float | None = OFF_S, on_s: float | None = ON_S
) -> Corner:
    return Corner(Place.FRONT_LEFT, seen, off_s, on_s)


def event(kind: str, time_s: float) -> Event:
    return Event(
        kind, Place.FRONT_LEFT, time_s, time_s - 0.01, time_s + 0.01, 0,
        EventSource.AUDIO, EventStatus.PROPOSED, 1.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "time_s"),
    [("loosen_start", 1.2), ("loosen_end", 1.5), ("tighten_start", 2.6), ("tighten_end", 3.0)],
)
def test_usual_events_are_not_doubted(kind: str, time_s: float) -> None:
    usual = sight((0.95, 1.65), (2.49, 3.15))
    assert doubt(event(kind, time_s), corner(usual), STOP_S) == ""
    assert doubt(event(kind, time_s), corner(), STOP_S) == ""


@pytest.mark.parametrize(
    ("kind", "time_s", "waits_for"),
    [
        ("loosen_start", 1.6, "the car stood"),
        ("loosen_end", 1.1, "the wheel left"),
        ("loosen_end", 1.79, "the wheel left"),
        ("tighten_start", 3.1, "the wheel came"),
        ("tighten_start", 2.87, "the wheel came"),
        ("tighten_start", 2.31, "the wheel came"),
    ],
)
def test_what_neither_waits_nor_is_waited_for_is_doubted(
    kind: str, time_s: float, waits_for: str
) -> None:
    assert waits_for in doubt(event(kind, time_s), corner(), STOP_S)


def test_a_gunner_who_is_seen_to_come_late_is_believed() -> None:
    late = sight((1.55, 1.75), (2.95, 3.6))
    assert doubt(event("loosen_start", 1.6), corner(late), STOP_S) == ""
    assert doubt(event("tighten_start", 3.0), corner(late), STOP_S) == ""


def test_the_second_burst_at_a_nut_is_not_its_first() -> None:
    stays = sight((2.4, 3.4))
    assert "seen on the nut long before" in doubt(
        event("tighten_start", 2.8), corner(stays), STOP_S
    )
    assert "seen on the nut long after" in doubt(event("tighten_end", 2.9), corner(stays), STOP_S)
    assert doubt(event("tighten_end", 3.3), corner(stays), STOP_S) == ""


@pytest.mark.parametrize(
    ("kind", "time_s"), [("loosen_start", 1.2), ("loosen_end", 1.5), ("tighten_start", 2.6)]
)
def test_bursts_alone_are_not_enough(kind: str, time_s: float) -> None:
    alone = corner(None, None, None)
    assert "nothing that was seen" in doubt(event(kind, time_s), alone, None)
    shown = sight((1.15, 1.55), (2.55, 3.1))
    assert doubt(event(kind, time_s), corner(shown, None, None), STOP_S) == ""
    # In the middle of a stop nobody knows whether a burst loosens or tightens.
    assert "nothing that was seen" in doubt(event(kind, time_s), corner(shown, None, None), None)


def test_what_was_found_by_sight_does_not_vouch_for_itself() -> None:
    early = corner(sight((0.9, 1.2)))
    heard = event("loosen_end", 1.1)
    assert doubt(heard, early, STOP_S) == ""
    assert "the wheel left" in doubt(replace(heard, source=EventSource.TRACK), early, STOP_S)


def test_what_is_only_seen_has_to_agree_with_the_wheel_more_closely() -> None:
    heard = event("loosen_end", OFF_S - 0.55)
    assert doubt(heard, corner(), STOP_S) == ""
    assert doubt(replace(heard, source=EventSource.TRACK), corner(), STOP_S)


@pytest.mark.parametrize(
    ("kind", "time_s"),
    [("loosen_start", 1.1), ("loosen_end", 1.6), ("tighten_start", 2.5), ("tighten_end", 3.3)],
)
def test_a_gun_that_is_seen_off_its_nut_does_not_run(kind: str, time_s: float) -> None:
    # It came later than it was heard, or left before: another gun was given the edge.
    late = corner(sight((1.35, 1.4), (2.75, 2.9)))
    assert "seen off the nut" in doubt(event(kind, time_s), late, STOP_S)


def test_a_burst_at_the_recordings_edge_goes_on_beyond_it() -> None:
    seen = Observations(
        1280, 720, TIMES_S, np.arange(200, dtype=np.int32), Objects.none(), None, None, (), 4.0
    )
    assert is_cut_off(seen, event("loosen_start", 0.02))
    assert not is_cut_off(seen, event("loosen_end", 0.2))
    assert is_cut_off(seen, event("tighten_end", 3.97))
    assert not is_cut_off(seen, event("tighten_start", 3.8))


def test_a_gun_that_may_be_on_its_nut_is_not_seen_there() -> None:
    clear = sight((1.0, 2.0))
    assert is_on_nut(clear, 1.5)
    faint = replace(clear, on_nut=np.full(len(TIMES_S), 0.4))
    assert not is_on_nut(faint, 1.5)
    assert not is_on_nut(clear, 2.5)


def test_a_gun_runs_where_it_is_seen_on_its_nut() -> None:
    gun = sight((1.0, 1.5))
    assert is_seen_to_run(gun, "tighten_start", 1.0)
    assert is_seen_to_run(gun, "tighten_end", 1.5)
    assert not is_seen_to_run(gun, "tighten_start", 0.85)
    assert not is_seen_to_run(gun, "tighten_end", 1.65)
    assert not is_seen_to_run(None, "tighten_end", 1.5)


def test_glimpses_are_the_last_and_the_next_sight_of_a_gun() -> None:
    gun = sight((1.0, 2.0), hidden=(1.9, 2.3))
    assert gun.glimpses(2.1) == pytest.approx((1.88, 2.32))
    assert gun.glimpses(1.5) == pytest.approx((1.5, 1.52))
    assert gun.glimpses(9.0)[1] == np.inf


def test_a_burst_after_a_long_silence_is_the_first_at_its_nut() -> None:
    # Corners that are changed one after the other wait for their gun, not for the car.
    late, rear = event("loosen_start", STOP_S + 1.5), corner(off_s=STOP_S + 2.0)
    assert "the car stood" in doubt(late, rear, STOP_S, QUIET_S - 0.1)
    assert doubt(late, rear, STOP_S, QUIET_S) == ""
    assert doubt(late, rear, None, QUIET_S) == ""


def test_the_first_burst_of_a_clip_waits_for_the_car_like_others() -> None:
    # Nothing was heard before it, ever; but the silence counts only while the car stands.
    late, rear = event("loosen_start", STOP_S + 0.9), corner(off_s=STOP_S + 1.3)
    assert "the car stood" in doubt(late, rear, STOP_S, np.inf)
    sequential = event("loosen_start", STOP_S + QUIET_S + 0.1)
    assert doubt(sequential, corner(off_s=STOP_S + 1.8), STOP_S, np.inf) == ""


def test_silence_tells_nothing_of_what_is_seen_or_of_a_wheel_that_is_not_known() -> None:
    late, off_s = event("loosen_start", STOP_S + 1.5), STOP_S + 2.0
    seen = replace(late, source=EventSource.TRACK)
    assert doubt(seen, corner(off_s=off_s), STOP_S, 9.0)
    assert doubt(late, corner(off_s=None), STOP_S, 9.0)
    assert doubt(late, corner(off_s=STOP_S + 1.4), STOP_S, 9.0)
    assert doubt(event("tighten_start", 3.1), corner(), STOP_S, 9.0)


@pytest.mark.parametrize("kind", ["loosen_start", "loosen_end", "tighten_start", "tighten_end"])
def test_one_burst_where_two_guns_worked_may_be_of_both(kind: str) -> None:
    usual = event(kind, {"loosen_start": 1.2, "loosen_end": 1.5}.get(kind, 2.6))
    assert doubt(usual, corner(), STOP_S) == ""
    assert "two guns" in doubt(usual, corner(), STOP_S, may_be_two=True)
    # A gun that is seen to leave does not tell which of the last blows were its own.
    shown = corner(sight((1.1, 1.65), (2.49, 2.75)))
    assert doubt(usual, shown, STOP_S) == ""
    assert ("two guns" in doubt(usual, shown, STOP_S, may_be_two=True)) == (kind != "loosen_start")
    seen = replace(usual, source=EventSource.TRACK)
    assert doubt(seen, shown, STOP_S, may_be_two=True) == doubt(seen, shown, STOP_S)


def test_of_two_that_are_heard_as_one_the_second_begins_soon_after() -> None:
    usual = event("loosen_start", 1.2)
    assert as_first_of_two(usual) == replace(usual, latest_s=1.4)
    seen = replace(usual, source=EventSource.TRACK)
    assert as_first_of_two(seen) == seen


def test_another_gun_counts_where_its_wheel_was_changed_and_it_was_not_heard() -> None:
    front, rear = corner(), replace(corner(), place=Place.REAR_LEFT)
    right = replace(corner(), place=Place.FRONT_RIGHT)
    idle = replace(rear, off_s=None, on_s=None)
    later = replace(rear, off_s=OFF_S + 1.5)
    mine = ("loosen_end", Place.FRONT_LEFT), (1.2, 1.19, 1.21)
    both = dict([mine, (("loosen_end", Place.REAR_LEFT), (1.3, 1.29, 1.31))])
    alone = [dict([mine])]

    def may_be(others: list[Corner], heard: list[Heard], *, sided: bool = True) -> bool:
        return _may_be_two("loosen_end", front, [front, *others], heard, sided=sided)

    assert may_be([rear, right], alone)
    assert not may_be([rear, right], [both])
    assert not may_be([idle, right], alone)
    assert not may_be([later], alone)
    assert not may_be([right], alone)
    assert not may_be([rear], [])
    # With one ear nobody hears on which side a gun runs.
    assert may_be([right], alone, sided=False)
    assert not may_be([rear], [both], sided=False)


@pytest.mark.parametrize(
    ("kind", "time_s"),
    [("loosen_end", 1.68), ("loosen_end", 1.33), ("tighten_start", 2.42), ("tighten_end", 3.2)],
)
def test_a_burst_whose_gun_is_seen_to_turn_otherwise_is_anothers(kind: str, time_s: float) -> None:
    # Two that end at nearly the same time are heard with each other's ends.
    usual = corner(sight((0.95, 1.65), (2.49, 3.15)), off_s=time_s + 0.2, on_s=2.2)
    assert "the gun is seen to" in doubt(event(kind, time_s), usual, STOP_S)
    seen = replace(event(kind, time_s), source=EventSource.TRACK)
    assert "the gun is seen to" not in doubt(seen, usual, STOP_S)
    # A gun that is lost for a moment is not seen to turn.
    assert usual.sight is not None
    faint = replace(usual, sight=replace(usual.sight, on_nut=0.2 * usual.sight.on_nut))
    assert "the gun is seen to" not in doubt(event(kind, time_s), faint, STOP_S)
