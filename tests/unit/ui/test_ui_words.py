"""Figures on screen, each with one spelling."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from codefx_desktop.domain.job import JobStatus, Stage
from codefx_desktop.ui.models import words


@pytest.mark.parametrize(
    ("part", "text"),
    [(0.0, "0 %"), (0.29, "29 %"), (0.999, "99 %"), (1.0, "100 %"), (1.2, "100 %"), (-1, "0 %")],
)
def test_hundred_percent_means_done(part: float, text: str) -> None:
    assert words.percent(part) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (6.6, "0:07"), (59.6, "1:00"), (3723, "1:02:03")],
)
def test_durations(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0:00.000"), (62.5333, "1:02.533"), (59.9996, "1:00.000")]
)
def test_instants_in_footage(seconds: float, text: str) -> None:
    assert words.clock(seconds) == text


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1500, "1.5 kB"),
        (184_320_000, "184 MB"),
        (5_400_000_000, "5.4 GB"),
    ],
)
def test_sizes_are_decimal(n_bytes: int, text: str) -> None:
    assert words.size(n_bytes) == text


def test_rates_stay_exact() -> None:
    assert words.rate(Fraction(30000, 1001), variable=False) == "29.97 frames/s"
    assert words.rate(Fraction(25), variable=True) == "25 frames/s, variable"
    assert words.rate(None, variable=False) == "unknown rate"
    assert words.speed(84.34) == "84.3 frames/s"
    assert words.speed(312.7) == "313 frames/s"


def test_size_limit_reads_as_it_was_set() -> None:
    assert words.largest_clip(5120) == "5 GB"
    assert words.largest_clip(500) == "500 MB"


def test_shortened_names_keep_both_ends() -> None:
    assert words.shortened("short.mp4", 20) == "short.mp4"
    short = words.shortened("boom-lap-14-car-33-double-stack.mp4", 20)
    assert len(short) == 20
    assert short.startswith("boom")
    assert short.endswith("stack.mp4")


def test_every_status_and_stage_has_a_word() -> None:
    assert all(words.status_word(status).istitle() for status in JobStatus)
    assert len({words.stage_word(stage) for stage in Stage}) == len(Stage)


def test_moments_are_local_and_none_is_a_dash() -> None:
    time = datetime(2026, 11, 21, 14, 3, 22, tzinfo=UTC)
    assert words.moment(time) == time.astimezone().strftime("%Y-%m-%d %H:%M")
    assert words.moment(None) == "\N{EN DASH}"


def test_plurals() -> None:
    assert (words.clips(1), words.clips(3)) == ("1 clip", "3 clips")
    assert (words.jobs(1), words.jobs(2000)) == ("1 job", "2,000 jobs")
