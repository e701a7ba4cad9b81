"""When wheels leave their hubs and come back to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.analysis.hubs import find_hubs
from codefx_desktop.analysis.wheels import wheel_events
from codefx_desktop.domain.events import Event, EventStatus, Place
from codefx_desktop.domain.stop import Heading
from tests.standing_car import HUBS_M, Footage, ease

if TYPE_CHECKING:
    from tests.standing_car import Way

TYRE = (0.72, 0.31)
HUB = HUBS_M[Place.FRONT_LEFT]
OFF_S, ON_S = 1.0, 2.0
HALF_WHEEL = 0.36


def part_at(progress: float) -> float:
    """Return at which part of its time a movement has made so much of its way."""
    parts = np.linspace(0.0, 1.0, 100_001)
    return float(np.interp(progress, [ease(part) for part in parts.tolist()], parts))


OFF_AT_S = OFF_S + 0.3 * part_at(HALF_WHEEL / 0.5)
ON_AT_S = ON_S - 0.5 + 0.5 * part_at(1 - HALF_WHEEL / 1.4)


def old_wheel(time_s: float) -> tuple[float, float]:
    pull, carry = ease((time_s - OFF_S) / 0.3), ease((time_s - OFF_S - 0.3) / 0.5)
    return HUB[0] + 0.9 * carry, HUB[1] + 0.5 * pull + 0.7 * carry


def new_wheel(time_s: float) -> tuple[float, float]:
    left = 1.4 * (1.0 - ease((time_s - ON_S + 0.5) / 0.5))
    return HUB[0] - 0.6 * left, HUB[1] + 0.8 * left


def three_mounted(seconds: float = 3.0, rate: float = 50.0) -> Footage:
    footage = Footage(seconds, rate)
    footage.mounted(*(corner for corner in HUBS_M if corner is not Place.FRONT_LEFT))
    return footage


def a_change(old: Way = old_wheel, new: Way = new_wheel, rate: float = 50.0) -> Footage:
    footage = three_mounted(rate=rate)
    footage.add("wheel", TYRE, old)
    footage.add("wheel", TYRE, new)
    return footage


def events_of(footage: Footage) -> dict[tuple[str, Place], Event]:
    seen, stop = footage.seen(), footage.stop()
    place, _ = find_hubs(seen, stop)
    return {(event.kind, event.place): event for event in wheel_events(seen, stop, place)}


def front_left(footage: Footage) -> tuple[Event, Event]:
    events = events_of(footage)
    return events["wheel_off", Place.FRONT_LEFT], events["wheel_on", Place.FRONT_LEFT]


@pytest.mark.parametrize("rate", [24.0, 30.0, 50.0, 60.0])
def test_the_instants_lie_between_pictures_and_in_their_bounds(rate: float) -> None:
    for event, truth_s in zip(front_left(a_change(rate=rate)), (OFF_AT_S, ON_AT_S), strict=True):
        assert event.status is EventStatus.PROPOSED
        assert event.time_s == pytest.approx(truth_s, abs=0.35 / rate)
        assert event.earliest_s is not None
        assert event.latest_s is not None
        assert event.earliest_s < truth_s < event.latest_s
        assert event.latest_s - event.earliest_s < 0.12


def test_wheels_that_stay_have_no_events() -> None:
    events = events_of(a_change())
    others = [event for (_, place), event in events.items() if place is not Place.FRONT_LEFT]
    assert len(others) == 6
    assert all(event.status is EventStatus.NOT_FOUND for event in others)
    assert all(event.time_s is None and event.evidence["why"] for event in others)


def test_a_wheel_that_was_hidden_while_it_left_is_not_found() -> None:
    def hidden(time_s: float) -> tuple[float, float] | None:
        return None if OFF_S < time_s < OFF_S + 0.4 else old_wheel(time_s)

    off, on = front_left(a_change(old=hidden))
    assert off.status is EventStatus.NOT_FOUND
    assert on.time_s == pytest.approx(ON_AT_S, abs=0.01)


def test_two_pictures_hidden_at_the_crossing_widen_its_bounds() -> None:
    def blinked(time_s: float) -> tuple[float, float] | None:
        return None if abs(time_s - OFF_AT_S) < 0.05 else old_wheel(time_s)

    seen_off, _ = front_left(a_change())
    off, _ = front_left(a_change(old=blinked))
    assert off.earliest_s is not None
    assert off.latest_s is not None
    assert seen_off.earliest_s is not None
    assert seen_off.latest_s is not None
    assert off.earliest_s < OFF_AT_S < off.latest_s
    assert off.latest_s - off.earliest_s > seen_off.latest_s - seen_off.earliest_s


def test_a_wheel_that_misses_once_is_on_when_it_comes_back() -> None:
    def fumbled(time_s: float) -> tuple[float, float]:
        # On at 1.6 s already, out again to 0.55 m at 1.8 s, on for good at 2.4 s.
        if time_s < 1.6:
            away = 1.4 * (1 - ease((time_s - 1.2) / 0.4)) + 0.2 * ease((time_s - 1.2) / 0.4)
        elif time_s < 1.9:
            away = 0.2 + 0.35 * ease((time_s - 1.6) / 0.3)
        else:
            away = 0.55 * (1 - ease((time_s - 1.9) / 0.5))
        return HUB[0] - 0.3 * away, HUB[1] + (1 - 0.09) ** 0.5 * away

    _, on = front_left(a_change(new=fumbled))
    assert on.time_s == pytest.approx(1.9 + 0.5 * part_at(1 - HALF_WHEEL / 0.55), abs=0.012)


def test_a_jostled_wheel_has_not_left() -> None:
    def jostled(time_s: float) -> tuple[float, float]:
        out = 0.45 * ease((time_s - 1.0) / 0.2) * (1 - ease((time_s - 1.3) / 0.2))
        return HUB[0], HUB[1] + out

    footage = three_mounted()
    footage.add("wheel", TYRE, jostled)
    assert all(e.status is EventStatus.NOT_FOUND for e in front_left(footage))


def test_an_unknown_heading_gives_no_events() -> None:
    footage = a_change()
    seen, stop = footage.seen(), footage.stop(Heading())
    place, _ = find_hubs(seen, stop)
    assert wheel_events(seen, stop, place) == ()


def test_a_shot_that_ends_in_the_pull_still_tells_when_it_crossed() -> None:
    footage = three_mounted(seconds=1.18)  # the wheel is 0.34 m away in the last picture
    footage.add("wheel", TYRE, old_wheel)
    off, on = front_left(footage)
    assert off.time_s == pytest.approx(OFF_AT_S, abs=0.02)
    assert on.status is EventStatus.NOT_FOUND


def test_a_shot_that_ends_early_in_the_pull_says_nothing() -> None:
    footage = three_mounted(seconds=1.14)
    footage.add("wheel", TYRE, old_wheel)
    off, _ = front_left(footage)
    assert off.status is EventStatus.NOT_FOUND


def test_a_half_hidden_wheel_has_wider_bounds() -> None:
    footage = three_mounted()
    footage.add("wheel", TYRE, lambda t: old_wheel(t) if abs(t - OFF_AT_S) >= 0.06 else None)
    footage.add("wheel", TYRE, new_wheel)
    sure, _ = front_left(footage)
    footage.add(
        "wheel", TYRE, lambda t: old_wheel(t) if abs(t - OFF_AT_S) < 0.06 else None, confidence=0.3
    )
    half_hidden, _ = front_left(footage)
    for event in (sure, half_hidden):
        assert "half hidden" in event.evidence["wheel"]
        assert event.earliest_s is not None
        assert event.latest_s is not None
        assert event.earliest_s < OFF_AT_S - 0.03 < OFF_AT_S + 0.03 < event.latest_s


def test_what_is_smaller_than_the_other_wheels_is_none() -> None:
    footage = three_mounted()
    footage.add("wheel", (0.5, 0.2), old_wheel)
    off, on = front_left(footage)
    assert off.status is on.status is EventStatus.NOT_FOUND
    assert "large" in off.evidence["why"]


def test_a_box_that_comes_back_on_the_way_has_lost_a_part_of_the_wheel() -> None:
    def lagging(time_s: float) -> tuple[float, float]:
        x, y = old_wheel(time_s)
        return (x, y - 0.1) if OFF_AT_S < time_s < OFF_AT_S + 0.05 else (x, y)

    plain, _ = front_left(a_change())
    off, _ = front_left(a_change(old=lagging))
    assert "half hidden" not in plain.evidence["wheel"]
    assert "half hidden" in off.evidence["wheel"]
    assert off.earliest_s is not None
    assert off.latest_s is not None
    assert off.earliest_s < OFF_AT_S < off.latest_s


@pytest.mark.parametrize("rate", [24.0, 60.0])
def test_no_crossing_is_known_better_than_pictures_lie_apart(rate: float) -> None:
    for event in front_left(a_change(rate=rate)):
        assert event.earliest_s is not None
        assert event.latest_s is not None
        assert event.latest_s - event.earliest_s > 2 * (0.004 + 0.19 / rate)


def test_a_wheel_that_is_under_way_as_the_shot_begins_was_taken_off_before() -> None:
    footage = a_change(old=lambda time_s: old_wheel(time_s + OFF_S + 0.08))
    off, on = front_left(footage)
    assert off.evidence["why"] == "the wheel was not seen at rest on this hub"
    assert on.status is EventStatus.PROPOSED


def seen_at(*steps: tuple[float, float | None]) -> Way:
    """Return a wheel that is seen so many radii out of its hub from each instant on, or not."""

    def way(time_s: float) -> tuple[float, float] | None:
        away = next((radii for begin_s, radii in reversed(steps) if time_s >= begin_s), 0.0)
        return None if away is None else (HUB[0], HUB[1] + HALF_WHEEL * away)

    return way


def going(begin_s: float, radii: float) -> list[tuple[float, float | None]]:
    """Return how a wheel is seen to be carried away at 3 m/s, from there on."""
    return [(begin_s + step / 50, radii + step / 50 * 3.0 / HALF_WHEEL) for step in range(12)]


def leaving(*steps: tuple[float, float | None]) -> Event:
    """Return when a wheel left its hub for good that is seen so many radii out of it."""
    footage = three_mounted()
    footage.add("wheel", TYRE, seen_at(*steps))
    return front_left(footage)[0]


def test_a_hub_without_its_wheel_is_no_wheel_that_came_back() -> None:
    # The wheel is half off and lost; a bare hub is taken for it once, then it is seen away.
    halfway = [(1.0, 0.3), (1.02, 0.5), (1.04, 0.7)]
    off = leaving(*halfway, (1.06, None), (1.17, 0.2), (1.19, None), *going(1.31, 1.35))
    # It passed half a wheel soon after 1.06 s, or at 1.3 s: nobody knows.
    assert off.status is EventStatus.NOT_FOUND
    assert "may be" in off.evidence["why"]


def test_a_wheel_that_is_seen_again_far_away_crossed_at_any_time_in_between() -> None:
    steps = [(1.0, 0.4), (1.02, 0.9), (1.04, None), *going(1.18, 2.2)]
    off = leaving(*steps)
    assert off.earliest_s is not None
    assert off.latest_s is not None
    assert off.earliest_s <= 1.02
    assert off.latest_s >= 1.18
    # Where that may be off by more than a fifth of a second it is not told.
    steps = [(1.0, 0.4), (1.02, 0.9), (1.04, None), *going(1.31, 3.2)]
    off = leaving(*steps)
    assert off.status is EventStatus.NOT_FOUND


def test_what_is_seen_too_far_away_too_soon_is_another_wheel() -> None:
    # 3.4 radii in 0.18 s are 7 m/s.
    off = leaving((1.0, 0.3), (1.02, 0.8), (1.04, None), *going(1.2, 4.2))
    assert off.status is EventStatus.NOT_FOUND
    assert off.evidence["why"]


def test_of_few_pictures_a_quick_wheel_is_still_the_same() -> None:
    def pushed(time_s: float) -> tuple[float, float]:
        left = min(max(5.0 * (ON_S - time_s), 0.0), 1.4)
        return HUB[0] - 0.6 * left, HUB[1] + 0.8 * left

    _, on = front_left(a_change(new=pushed, rate=15.0))
    assert on.time_s == pytest.approx(ON_S - HALF_WHEEL / 5.0, abs=0.02)
