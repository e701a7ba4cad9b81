"""When a motion begins, between frames."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.onset import fit_onset


def shifts_of(times: np.ndarray, onset: float, acceleration: float = 800.0) -> np.ndarray:
    return np.diff(0.5 * acceleration * np.maximum(times - onset, 0.0) ** 2)


@pytest.mark.parametrize("onset", [0.1, 0.113, 0.131])
def test_an_onset_between_frames_is_found(onset: float) -> None:
    times = np.arange(16) / 30
    found = fit_onset(times, shifts_of(times, onset), (0.03, 0.2), 0.06)
    assert found is not None
    assert found.time_s == pytest.approx(onset, abs=0.002)
    assert found.acceleration == pytest.approx(800, rel=0.02)
    assert found.explained > 0.999


def test_uneven_times_and_unmeasured_shifts_do_not_shift_it() -> None:
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(0.02, 0.05, 18))
    shifts = shifts_of(times, float(times[6]) + 0.011)
    shifts[[8, 11]] = np.nan
    found = fit_onset(times, shifts, (times[4], times[9]), 0.06)
    assert found is not None
    assert found.time_s == pytest.approx(times[6] + 0.011, abs=0.003)


def test_one_wild_shift_is_outvoted() -> None:
    times = np.arange(16) / 30
    shifts = shifts_of(times, 0.12)
    shifts[9] += 6.0
    found = fit_onset(times, shifts, (0.03, 0.2), 0.06)
    assert found is not None
    assert found.time_s == pytest.approx(0.12, abs=0.01)


def test_its_spread_grows_with_the_noise() -> None:
    times = np.arange(16) / 30
    rng = np.random.default_rng(5)
    noise = rng.standard_normal(15)
    calm = fit_onset(times, shifts_of(times, 0.12) + 0.02 * noise, (0.03, 0.2), 0.06)
    rough = fit_onset(times, shifts_of(times, 0.12) + 1.0 * noise, (0.03, 0.2), 0.06)
    assert calm is not None
    assert rough is not None
    assert rough.spread_s > 3 * calm.spread_s


def test_nothing_accelerates() -> None:
    times = np.arange(16) / 30
    assert fit_onset(times, -shifts_of(times, 0.12), (0.03, 0.2), 0.06) is None
    assert fit_onset(times[:4], np.ones(3), (0.0, 0.1), 0.06) is None
