"""Sound on the clock of the pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip, tone

from codefx_desktop.video.audio import read_samples, read_stereo
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.probe import probe
from codefx_desktop.video.writer import ClipAudio, PcmAudio, VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

RATE = 16000
ONSET_S = 0.7


def onset_s(samples: npt.NDArray[np.float32]) -> float:
    """Return when the tone begins."""
    return float(np.argmax(np.abs(samples) > 0.2)) / RATE


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    sound = tone(2.0, silent_until_s=ONSET_S)
    return make_clip(tmp_path / "clip.mp4", sound=sound)


def test_the_tone_begins_where_it_does(clip: Path) -> None:
    samples = read_samples(clip, rate_hz=RATE)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(2 * RATE, abs=RATE * 0.1)
    assert onset_s(samples) == pytest.approx(ONSET_S, abs=0.003)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(("start", "end"), [(0.5, 1.5), (0.0, 0.25), (1.2, 1.3), (1.9, 4.0)])
def test_a_span_equals_the_same_span_of_the_whole(clip: Path, start: float, end: float) -> None:
    whole = read_samples(clip, rate_hz=RATE, end_s=4.0)
    part = read_samples(clip, rate_hz=RATE, start_s=start, end_s=end)
    first = round(start * RATE)
    expected = whole[first : first + len(part)]
    assert len(part) == round((end - start) * RATE)
    # Half a sample of the tone's steepest slope: resampling starts anew after a seek.
    assert np.abs(part - expected).max() < 0.05


def test_a_clip_without_sound(tmp_path: Path) -> None:
    silent = make_clip(tmp_path / "silent.mp4", seconds=0.3)
    assert len(read_samples(silent)) == 0
    assert not read_samples(silent, end_s=0.5).any()
    assert len(read_samples(silent, end_s=0.5)) == 8000


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_copied_sound_stays_with_the_pictures(tmp_path: Path, suffix: str) -> None:
    sound = tone(2.0, silent_until_s=ONSET_S)
    source = probe(make_clip(tmp_path / f"clip{suffix}", sound=sound))
    before = onset_s(read_samples(source.info.path, rate_hz=RATE))
    part = tmp_path / "x.part"
    index = source.index
    with VideoWriter(part, width=64, height=48, time_base=index.time_base) as writer:
        for ticks in index.ticks:
            writer.write(np.zeros((48, 64, 3), np.uint8), int(ticks))
        writer.finish()
    out = finalise(
        part,
        tmp_path / "x.mp4",
        expected_frames=len(index),
        expected_index=index,
        audio=ClipAudio(source.info.path),
    )
    assert onset_s(read_samples(out.path, rate_hz=RATE)) == pytest.approx(before, abs=0.003)


def test_the_origin_can_be_given(clip: Path) -> None:
    shifted = read_samples(clip, rate_hz=RATE, origin_s=Fraction(1, 2))
    assert onset_s(shifted) == pytest.approx(ONSET_S - 0.5, abs=0.003)


def test_two_channels_keep_their_sides(tmp_path: Path) -> None:
    left = tone(1.0, 44100, silent_until_s=0.3)
    right = tone(1.0, 44100, silent_until_s=0.6)
    clip = tmp_path / "sides.mp4"
    finalise(
        make_clip(tmp_path / "silent.mp4", seconds=1.0),
        clip,
        expected_frames=30,
        audio=PcmAudio(np.stack((left, right), axis=1), 44100),
    )
    samples = read_stereo(clip, rate_hz=RATE)
    assert samples.shape == (len(read_samples(clip, rate_hz=RATE)), 2)
    assert onset_s(samples[:, 0]) == pytest.approx(0.3, abs=0.005)
    assert onset_s(samples[:, 1]) == pytest.approx(0.6, abs=0.005)
