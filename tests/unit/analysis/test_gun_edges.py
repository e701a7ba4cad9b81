"""What other guns leave of what is known about a burst's edges."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.gun_choice import END, ONSET
from codefx_desktop.analysis.gun_edges import (
    beyond_a_blow,
    bounds_among,
    is_handed_over,
    is_shared,
    quiet_before,
)

RATE_HZ = 25.0
BLOW_S = 1 / RATE_HZ


def bursts(*rows: tuple[float, float, float]) -> np.ndarray:
    """Return bursts from begin, end and pan; edges are fitted to 5 ms."""
    table = [
        (a, a - 0.005, a + 0.005, b, b - 0.005, b + 0.005, pan, RATE_HZ, 13.0) for a, b, pan in rows
    ]
    return np.array(table, np.float64)


def edge_of(voices: np.ndarray, *, seen: bool) -> tuple[float, float]:
    """Return how early and late the first burst may begin, less its time."""
    time_s = float(voices[0, ONSET])
    low, high = bounds_among(voices, time_s, (time_s - 0.005, time_s + 0.005), ONSET, seen=seen)
    return low - time_s, high - time_s


def test_a_gun_that_is_seen_and_begins_alone_is_known_as_it_was_fitted() -> None:
    voices = bursts((1.0, 1.4, 0.4), (1.0 + 5 * BLOW_S, 1.4, 0.4))
    assert edge_of(voices, seen=True) == pytest.approx((-0.005, 0.005))


def test_a_gun_that_is_only_heard_is_known_to_a_blow() -> None:
    assert edge_of(bursts((1.0, 1.4, 0.4)), seen=False) == pytest.approx((-BLOW_S, BLOW_S))


@pytest.mark.parametrize(("pan", "part"), [(0.4, 1.0), (-0.4, 0.75), (np.nan, 1.0)])
def test_another_gun_that_begins_within_a_blow_hides_which_blow_was_first(
    pan: float, part: float
) -> None:
    voices = bursts((1.0, 1.4, 0.4), (1.0 + 0.6 * BLOW_S, 1.4, pan))
    assert edge_of(voices, seen=True) == pytest.approx((-part * BLOW_S, part * BLOW_S))


@pytest.mark.parametrize(
    ("begins_s", "pan", "half_s"),
    [(1.39, 0.4, BLOW_S), (1.39, -0.4, 0.005), (1.2, 0.4, 0.005)],
    ids=["where it ends", "on the other side", "long before"],
)
def test_a_gun_that_stops_as_another_one_starts_is_known_to_a_blow(
    begins_s: float, pan: float, half_s: float
) -> None:
    voices = bursts((1.0, 1.4, 0.4), (begins_s, 1.8, pan))
    bounds = bounds_among(voices, 1.4, (1.395, 1.405), END, seen=True)
    assert bounds == pytest.approx((1.4 - half_s, 1.4 + half_s))
    voices = voices[::-1]
    low, high = bounds_among(voices, begins_s, (begins_s, begins_s), ONSET, seen=True)
    assert (low < begins_s - 0.01) == (half_s == BLOW_S)
    assert (high > begins_s + 0.01) == (half_s == BLOW_S)


def test_unseen_guns_of_one_side_may_have_each_others_edges() -> None:
    voices = bursts((1.0, 1.4, 0.4), (1.03, 1.4, 0.4), (0.97, 1.4, -0.4))
    assert edge_of(voices, seen=False) == pytest.approx((-BLOW_S, 0.03 + BLOW_S))


def test_a_burst_that_takes_over_from_one_that_goes_on_is_doubted() -> None:
    voices = bursts((4.12, 4.234, -0.4), (4.222, 4.914, -0.4), (4.324, 4.43, -0.4))
    assert is_handed_over(voices, 4.222, ONSET)
    assert not is_handed_over(voices, 4.12, ONSET)
    assert not is_handed_over(voices, 4.914, END)


def test_an_end_at_which_an_interrupted_one_goes_on_is_doubted() -> None:
    voices = bursts((4.0, 4.7, 0.4), (4.2, 4.5, 0.4), (4.71, 4.9, 0.4))
    assert is_handed_over(voices, 4.7, END)
    assert not is_handed_over(voices, 4.9, END)


def test_a_gun_that_begins_as_another_one_is_done_is_believed() -> None:
    assert not is_handed_over(bursts((4.0, 4.4, 0.4), (4.41, 4.8, 0.4)), 4.41, ONSET)
    other_side = bursts((4.12, 4.234, 0.4), (4.222, 4.914, -0.4), (4.324, 4.43, 0.4))
    assert not is_handed_over(other_side, 4.222, ONSET)


def test_quiet_is_the_time_since_any_gun_was_heard() -> None:
    voices = bursts((1.0, 1.4, 0.4), (1.1, 1.6, -0.4), (4.0, 4.5, 0.4))
    assert quiet_before(voices, 4.0) == pytest.approx(2.4)
    assert quiet_before(voices, 1.0) == np.inf
    # Another one that goes on leaves no silence.
    assert quiet_before(voices, 1.1) == 0.0
    assert quiet_before(np.zeros((0, 9)), 3.0) == np.inf
    assert quiet_before(voices, None) == 0.0


@pytest.mark.parametrize("seen", [True, False])
def test_edges_of_one_side_that_are_near_may_be_exchanged(seen: bool) -> None:
    later = 1.0 + 2 * BLOW_S
    low, high = edge_of(bursts((1.0, 1.4, 0.4), (later, 1.7, 0.4)), seen=seen)
    assert high == pytest.approx(2 * BLOW_S + 0.005 if seen else 3 * BLOW_S)
    assert low > -1.5 * BLOW_S
    # Backwards too: the later one may have begun when the earlier one did.
    low, high = edge_of(bursts((1.0, 1.4, 0.4), (1.0 - 2 * BLOW_S, 1.7, 0.4)), seen=seen)
    assert low == pytest.approx(-2 * BLOW_S - 0.005 if seen else -3 * BLOW_S)


@pytest.mark.parametrize(("off", "pan"), [(5 * BLOW_S, 0.4), (2 * BLOW_S, -0.4)])
def test_edges_far_apart_or_of_other_sides_are_not_exchanged(off: float, pan: float) -> None:
    _, high = edge_of(bursts((1.0, 1.4, 0.4), (1.0 + off, 1.7, pan)), seen=True)
    assert high < BLOW_S


def test_another_guns_edge_is_off_by_half_a_blow_more() -> None:
    voices = bursts((1.0, 1.4, 0.4))
    own = (1.0 - BLOW_S, 1.0 + 0.5 * BLOW_S)
    assert beyond_a_blow(voices, 1.0, own, ONSET) == own
    low, high = beyond_a_blow(voices, 1.0, (1.0 - 1.5 * BLOW_S, 1.1), ONSET)
    assert low == pytest.approx(1.0 - 2.0 * BLOW_S)
    assert high == pytest.approx(1.1 + 0.5 * BLOW_S)
    # Also where that edge is within a blow of its own.
    two = bursts((1.0, 1.4, 0.4), (1.0 + 0.8 * BLOW_S, 1.4, 0.4), (1.0 + 0.9 * BLOW_S, 1.4, -0.4))
    low, high = beyond_a_blow(two, 1.0, (1.0 - BLOW_S, 1.0 + BLOW_S), ONSET)
    assert low == 1.0 - BLOW_S
    assert high == pytest.approx(1.005 + 1.3 * BLOW_S)


def test_an_edge_is_shared_with_a_gun_of_the_same_side_within_a_blow() -> None:
    voices = bursts((1.0, 1.4, 0.4), (1.0 + 0.8 * BLOW_S, 1.7, 0.4), (1.0, 1.41, -0.4))
    assert is_shared(voices, 1.0, ONSET)
    assert not is_shared(voices[[0, 2]], 1.0, ONSET)
    assert not is_shared(voices, 1.4, END)
