"""The ends of movements from rest to rest."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.ramps import Usual, fit_ramp, progress

USUAL = Usual(0.1, 0.7, 0.3, 10.0, 1.0)


def test_the_ends_of_a_movement_are_found_between_pictures() -> None:
    times = np.arange(0.0, 1.0, 1 / 30)
    shape = progress((times - 0.317) / 0.29)
    noise = np.random.default_rng(1).standard_normal((len(times), 2))
    values = np.stack((40 * shape, 5 - 20 * shape), axis=1) + 0.5 * noise
    ramp = fit_ramp(times, values, USUAL)
    assert ramp is not None
    assert ramp.begin_s == pytest.approx(0.317, abs=0.015)
    assert ramp.end_s == pytest.approx(0.607, abs=0.015)
    assert ramp.size == pytest.approx(np.hypot(40, 20), rel=0.05)
    assert ramp.noise == pytest.approx(0.5, rel=0.3)


def test_too_few_values_are_no_movement() -> None:
    assert fit_ramp(np.arange(4.0), np.zeros((4, 1)), USUAL) is None


def test_progress_rests_before_and_after() -> None:
    assert progress(np.array((-1.0, 0.0, 0.5, 1.0, 2.0))).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
