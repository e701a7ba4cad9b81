"""Which frames get artifacts: the text form, the numbers, the estimate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codefx_desktop.domain.artifact_choice import (
    ArtifactChoice,
    ChoiceKind,
    estimate_artifacts,
)
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.scene import Scene


def index(*ticks: int, base: Fraction = Fraction(1, 1000)) -> FrameIndex:
    array = np.array(ticks, np.int64)
    return FrameIndex(array, array, np.zeros(len(ticks), np.bool_), base)


def scenes(*lengths: int) -> tuple[Scene, ...]:
    ends = np.cumsum(lengths).tolist()
    return tuple(
        Scene(number, end - length, end - 1, float(end - length), float(end))
        for number, (length, end) in enumerate(zip(lengths, ends, strict=True))
    )


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "all",
        "every:5",
        "rate:2",
        "rate:0.5",
        "rate:29.97",
        "rate:1/3",
        "scenes",
        "scenes:3",
    ],
)
def test_the_text_form_goes_both_ways(text: str) -> None:
    assert str(ArtifactChoice.parse(text)) == text
    assert ArtifactChoice.parse(f" {text.upper()} ") == ArtifactChoice.parse(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "every:N"),
        ("scene", "every:N"),
        ("every", "needs a number"),
        ("rate", "needs a number"),
        ("every:0", "whole number"),
        ("every:1.5", "whole number"),
        ("every:-2", "every:N"),
        ("every:1e99999999", "every:N"),
        ("rate:0", "frames per second"),
        ("rate:1001", "frames per second"),
        ("rate:1/0", "every:N"),
        ("scenes:2", "three"),
        ("all:2", "takes no number"),
        ("none:3", "takes no number"),
    ],
)
def test_what_names_no_choice_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ArtifactChoice.parse(text)


def test_the_default_is_the_middle_of_each_scene() -> None:
    assert str(ArtifactChoice()) == "scenes"
    assert ArtifactChoice().needs_scenes


def test_every_nth_all_none() -> None:
    clip = index(*range(0, 110, 10))
    assert ArtifactChoice.parse("every:5").numbers(clip) == (0, 5, 10)
    assert ArtifactChoice.parse("all").numbers(clip) == tuple(range(11))
    assert ArtifactChoice.parse("none").numbers(clip) == ()
    assert ArtifactChoice.parse("all").numbers(index()) == ()


def test_scenes() -> None:
    clip, shots = index(*range(10)), scenes(4, 1, 2, 3)
    assert ArtifactChoice.parse("scenes").numbers(clip, shots) == (1, 4, 5, 8)
    assert ArtifactChoice.parse("scenes:3").numbers(clip, shots) == (0, 1, 3, 4, 5, 6, 7, 8, 9)
    # The clip broke off in the last scene.
    assert ArtifactChoice.parse("scenes:3").numbers(index(*range(8)), shots) == (
        0,
        1,
        3,
        4,
        5,
        6,
        7,
    )


def test_a_rate_follows_time_not_numbers() -> None:
    # 100 ms apart, a gap of a second, then 10 ms apart.
    clip = index(0, 100, 200, 300, 1300, 1310, 1320, 1990, 2000)
    assert ArtifactChoice.parse("rate:1").numbers(clip) == (0, 3, 8)
    assert ArtifactChoice.parse("rate:10").numbers(clip) == (0, 1, 2, 3, 4, 6, 8)
    assert ArtifactChoice.parse("rate:0.5").numbers(clip) == (0, 8)


def test_a_rate_equal_to_the_clips_takes_every_frame() -> None:
    clip = index(*(number * 1001 for number in range(5000)), base=Fraction(1, 30000))
    choice = ArtifactChoice(ChoiceKind.RATE, Fraction(30000, 1001))
    assert choice.numbers(clip) == tuple(range(5000))
    assert ArtifactChoice(ChoiceKind.RATE, Fraction(10000, 1001)).numbers(clip) == tuple(
        range(0, 5000, 3)
    )


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.integers(1, 90), min_size=1, max_size=40),
    st.sampled_from(["1", "2", "7", "0.5", "29.97", "250"]),
)
def test_a_rate_gives_what_is_on_screen(steps: list[int], rate: str) -> None:
    clip = index(0, *np.cumsum(steps).tolist(), base=Fraction(1, 90))
    choice = ArtifactChoice.parse(f"rate:{rate}")
    instants = int(clip.time(len(clip) - 1).exact_s * choice.value) + 1
    ticks = [Fraction(k) / choice.value / clip.time_base for k in range(instants)]
    shown = {int(np.searchsorted(clip.ticks, tick.__floor__(), "right")) - 1 for tick in ticks}
    assert choice.numbers(clip) == tuple(sorted(shown))


def test_the_estimate() -> None:
    def estimate(text: str, found: int | None = None) -> tuple[int, int, bool]:
        made = estimate_artifacts(
            ArtifactChoice.parse(text),
            frames=300,
            duration_s=12.0,
            size=(1280, 720),
            pictures=4,
            scenes=found,
        )
        return made.frames, made.files, made.at_least

    assert estimate("none") == (0, 0, False)
    assert estimate("all") == (300, 1800, False)
    assert estimate("every:7") == (43, 258, False)
    assert estimate("rate:2") == (24, 144, False)
    assert estimate("scenes:3") == (3, 18, True)
    assert estimate("scenes:3", 10) == (30, 180, False)


def test_outlines_and_pictures_count_in_bytes() -> None:
    def size_bytes(pictures: int, *, outlines: bool) -> int:
        return estimate_artifacts(
            ArtifactChoice.parse("all"),
            frames=10,
            duration_s=1.0,
            size=(1280, 720),
            pictures=pictures,
            outlines=outlines,
        ).size_bytes

    assert 1_500_000 < size_bytes(1, outlines=False) < 1_800_000
    assert (
        size_bytes(2, outlines=True) > size_bytes(2, outlines=False) > size_bytes(1, outlines=False)
    )
