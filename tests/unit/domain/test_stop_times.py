"""Uncertainties as text: never less than they are."""

from __future__ import annotations

import pytest

from codefx_desktop.domain.stop_times import plus_minus_text, rounded_up


@pytest.mark.parametrize(
    ("doubt_s", "digits", "text"),
    [(0.0204, 3, "0.021"), (0.02, 3, "0.020"), (0.0004, 3, "0.001"), (0.021, 2, "0.03")],
)
def test_an_uncertainty_is_rounded_up(doubt_s: float, digits: int, text: str) -> None:
    assert rounded_up(doubt_s, digits) == text


def test_what_a_person_set_states_none() -> None:
    assert plus_minus_text(0.0) == ""
    assert plus_minus_text(0.011) == "±0.02"
