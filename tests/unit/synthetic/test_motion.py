"""Movements start and stop at rest, and instants are found where they are."""

from __future__ import annotations

import math

import pytest

from codefx_desktop.synthetic.motion import Track, crossing, ease, keyed


def test_a_movement_starts_and_ends_at_rest() -> None:
    assert ease(-1.0) == 0.0
    assert ease(2.0) == 1.0
    assert ease(0.5) == pytest.approx(0.5)
    assert ease(0.01) < 1e-4
    assert 1 - ease(0.99) < 1e-4


def test_a_track_passes_through_its_keys_and_rests_outside() -> None:
    track = Track([(1.0, (0.0, 5.0)), (2.0, (10.0, 5.0)), (4.0, (10.0, 7.0))])
    assert track.at(0.0) == (0.0, 5.0)
    assert track.at(1.5) == pytest.approx((5.0, 5.0))
    assert track.at(2.0) == (10.0, 5.0)
    assert track.at(9.0) == (10.0, 7.0)


def test_a_track_refuses_keys_out_of_order() -> None:
    with pytest.raises(ValueError, match="increase"):
        Track([(1.0, (0.0,)), (1.0, (1.0,))])


def test_keys_that_come_too_close_are_moved_apart() -> None:
    track = keyed((2.0, (2.0,)), (1.0, (1.0,)), (1.0, (1.5,)))
    assert track.at(3.0) == (2.0,)
    assert track.at(0.0) == (1.0,)


def test_crossings_are_found_to_a_microsecond() -> None:
    first = crossing(lambda t: math.sin(t - 0.25), 0.0, 9.0)
    last = crossing(lambda t: math.sin(t - 0.25), 0.0, 9.0, last=True)
    assert first == pytest.approx(0.25, abs=2e-6)
    assert last == pytest.approx(0.25 + 2 * math.pi, abs=2e-6)
    assert crossing(lambda _t: -1.0, 0.0, 1.0) is None
