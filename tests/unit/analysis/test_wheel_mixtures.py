"""Wheels that are lost for a moment while another one, or a hub without one, is seen nearby.

All of it at 25 pictures a second, as in long stops: there a wheel goes far between two pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codefx_desktop.analysis.hubs import find_hubs
from codefx_desktop.analysis.wheels import wheel_events
from codefx_desktop.domain.events import Event, EventStatus, Place
from tests.standing_car import HUBS_M, Footage, ease

if TYPE_CHECKING:
    from tests.standing_car import Way

TYRE = (0.72, 0.31)
BARE = (0.66, 0.28)
RADIUS = 0.36
HUB = HUBS_M[Place.FRONT_LEFT]
PULL_S, FIT_S, SECONDS = 3.0, 5.0, 6.0


def out(radii: float, ahead: float = 0.0) -> tuple[float, float]:
    return HUB[0] + RADIUS * ahead, HUB[1] + RADIUS * radii


def old_wheel(time_s: float) -> tuple[float, float]:
    """Passes half a wheel near 3.18 s and lies 4.6 radii away in the end."""
    return out(4.6 * ease((time_s - PULL_S) / 0.55))


def new_wheel(time_s: float) -> tuple[float, float]:
    left = 4.0 * (1.0 - ease((time_s - FIT_S + 0.6) / 0.6))
    return out(0.8 * left, -0.6 * left)


def except_at(way: Way, *spans: tuple[float, float]) -> Way:
    """Return a way that is hidden from each begin to each end."""
    return lambda t: None if any(begin <= t < end for begin, end in spans) else way(t)


def only_at(way: Way, begin_s: float, end_s: float) -> Way:
    return lambda t: way(t) if begin_s <= t < end_s else None


def footage(old: Way = old_wheel, new: Way = new_wheel) -> Footage:
    made = Footage(SECONDS, 25.0)
    made.mounted(*(corner for corner in HUBS_M if corner is not Place.FRONT_LEFT))
    made.add("wheel", TYRE, old)
    made.add("wheel", TYRE, new)
    return made


def front_left(made: Footage) -> tuple[Event, Event]:
    seen, stop = made.seen(), made.stop()
    events = wheel_events(seen, stop, find_hubs(seen, stop)[0])
    found = {event.kind: event for event in events if event.place is Place.FRONT_LEFT}
    return found["wheel_off"], found["wheel_on"]


def test_without_others_both_are_told() -> None:
    off, on = front_left(footage())
    assert off.time_s == pytest.approx(3.18, abs=0.03)
    assert on.time_s == pytest.approx(4.80, abs=0.05)


def test_a_wheel_that_is_carried_past_a_hidden_one_is_not_the_one_that_leaves() -> None:
    made = footage(except_at(old_wheel, (2.0, 2.12)))
    made.add("wheel", TYRE, only_at(lambda t: out(1.15, 6.0 * (t - 2.06)), 1.5, 2.6))
    off, on = front_left(made)
    assert off.status is EventStatus.NOT_FOUND
    assert "afterwards" in off.evidence["why"]
    assert on.status is EventStatus.PROPOSED


@pytest.mark.parametrize("pictures", [3, 4])
def test_a_box_that_jumps_and_comes_back_is_no_wheel_that_left(pictures: int) -> None:
    def merged(time_s: float) -> tuple[float, float]:
        return out(1.2) if 1.99 < time_s < 1.99 + pictures / 25 else old_wheel(time_s)

    off, on = front_left(footage(merged))
    assert off.status is EventStatus.NOT_FOUND
    assert "afterwards" in off.evidence["why"]
    assert on.status is EventStatus.PROPOSED


def test_a_wheel_that_is_half_off_while_another_one_is_followed_was_left_behind() -> None:
    def slow(time_s: float) -> tuple[float, float]:
        return out(0.6 * ease((time_s - 2.5) / 0.3) + 4.0 * ease((time_s - PULL_S) / 0.55))

    made = footage(except_at(slow, (2.62, 2.82)))
    made.add("wheel", TYRE, only_at(lambda t: out(0.8 + 3.0 * (t - 2.6), -0.9), 2.62, 3.6))
    off, _ = front_left(made)
    assert off.status is EventStatus.NOT_FOUND


def test_the_wheel_that_comes_does_not_tell_when_the_old_one_left() -> None:
    # The old one is never seen to leave; its hub is taken for it until the new one is near.
    made = footage(only_at(old_wheel, 0.0, PULL_S))
    made.add("wheel", TYRE, only_at(lambda _: HUB, PULL_S, 4.55))
    for event in front_left(made):
        assert event.status is EventStatus.NOT_FOUND
        assert event.evidence["why"]


def test_a_bare_hub_hides_when_its_wheel_left() -> None:
    # It passes half a wheel at 3.25 s and is not seen; a smaller, fainter box stays on the hub.
    def slow(time_s: float) -> tuple[float, float]:
        return out(2.0 * ease((time_s - PULL_S) / 0.5) + 2.6 * ease((time_s - 3.4) / 0.6))

    made = footage(except_at(slow, (PULL_S, 3.56)))
    made.add("wheel", BARE, only_at(lambda _: HUB, PULL_S, 3.4), confidence=0.6)
    off, _ = front_left(made)
    assert off.status is EventStatus.NOT_FOUND
    assert "may be" in off.evidence["why"]


def test_a_bare_hub_that_is_seen_later_does_not_bring_its_wheel_back() -> None:
    made = footage()
    made.add("wheel", BARE, only_at(lambda _: HUB, 3.4, 3.8), confidence=0.55)
    off, _ = front_left(made)
    assert off.time_s == pytest.approx(3.18, abs=0.03)


def test_a_box_that_is_pulled_back_to_the_bare_hub_hides_when_its_wheel_left() -> None:
    # Of the wheel and the hub behind it one box is made for three pictures; half a radius was seen.
    def mixed(time_s: float) -> tuple[float, float]:
        if 3.18 < time_s < 3.3:
            return out(0.25)
        return out(0.5 * ease((time_s - 3.0) / 0.16) + 4.1 * ease((time_s - 3.2) / 0.55))

    off, _ = front_left(footage(mixed))
    assert off.earliest_s is not None
    assert off.latest_s is not None
    assert off.earliest_s < 3.19
    assert off.latest_s > 3.3


def test_a_wheel_that_is_carried_past_the_hidden_new_one_is_not_the_one_that_came() -> None:
    # It is on at 4.8 s; at 5.5 s it is hidden for a moment while another one passes.
    made = footage(new=except_at(new_wheel, (5.5, 5.62)))
    made.add("wheel", TYRE, only_at(lambda t: out(1.15, 6.0 * (5.56 - t)), 5.0, 6.0))
    off, on = front_left(made)
    assert on.status is EventStatus.NOT_FOUND
    assert "before" in on.evidence["why"]
    assert off.time_s == pytest.approx(3.18, abs=0.03)


@pytest.mark.parametrize("pictures", [3, 4])
def test_a_box_that_jumps_and_comes_back_is_no_wheel_that_came(pictures: int) -> None:
    def merged(time_s: float) -> tuple[float, float]:
        return out(1.2) if 5.39 < time_s < 5.39 + pictures / 25 else new_wheel(time_s)

    off, on = front_left(footage(new=merged))
    assert on.status is EventStatus.NOT_FOUND
    assert "before" in on.evidence["why"]
    assert off.status is EventStatus.PROPOSED


def test_the_new_wheel_is_not_doubted_for_the_old_one_that_was_on_its_hub_before() -> None:
    # Off at 3.18 s, on half a second later; and where nobody saw the old one leave.
    def soon(time_s: float) -> tuple[float, float]:
        return new_wheel(time_s + 1.0)

    for old in (old_wheel, only_at(old_wheel, 0.0, 2.9)):
        _, on = front_left(footage(old, soon))
        assert on.time_s == pytest.approx(3.80, abs=0.05)


def test_a_bare_hub_hides_when_the_new_wheel_came() -> None:
    # It passes half a wheel at 4.80 s and is not seen; a smaller, fainter box is on the hub.
    def slow(time_s: float) -> tuple[float, float]:
        left = 2.0 * ease((5.05 - time_s) / 0.5) + 2.6 * ease((4.65 - time_s) / 0.8)
        return out(0.8 * left, -0.6 * left)

    made = footage(new=except_at(slow, (4.49, 5.05)))
    made.add("wheel", BARE, only_at(lambda _: HUB, 4.65, 5.05), confidence=0.6)
    _, on = front_left(made)
    assert on.status is EventStatus.NOT_FOUND
    assert "may be" in on.evidence["why"]
