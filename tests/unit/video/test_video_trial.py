"""The trial: libx264 passes it, and an encoder that gets one thing wrong does not."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Self

import numpy as np
import pytest

from codefx_desktop.domain.errors import EncodeError, NotWritable
from codefx_desktop.domain.job import QualityPreset
from codefx_desktop.video import writer as writer_module
from codefx_desktop.video.encoders import (
    ENCODERS,
    NOT_BUILT_IN,
    X264,
    EncodePlan,
    Encoder,
    TrialOutcome,
)
from codefx_desktop.video.trial import PICTURES, psnr_db, try_encoder
from codefx_desktop.video.writer import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.frame import Pixels

PLAN = EncodePlan(320, 180, Fraction(1, 90_000))


def trial_of(
    folder: Path, kind: type[VideoWriter] = VideoWriter, plan: EncodePlan = PLAN, **more: float
) -> TrialOutcome:
    outcome = try_encoder(X264, plan, folder, open_writer=kind, **more)
    assert not list(folder.iterdir()), "a trial leaves nothing behind"
    assert outcome.passed is (outcome.reason == "")
    return outcome


@pytest.mark.parametrize("preset", QualityPreset)
@pytest.mark.parametrize("size", [(640, 360), (321, 181), (128, 128)])
def test_libx264_passes(tmp_path: Path, preset: QualityPreset, size: tuple[int, int]) -> None:
    plan = EncodePlan(*size, Fraction(1, 90_000), Fraction(60), preset)
    outcome = trial_of(tmp_path, plan=plan)
    assert outcome.reason == ""
    assert outcome.seconds > 0


@pytest.mark.parametrize("keyframe_distance", [None, 1, 5])
@pytest.mark.parametrize(
    "time_base",
    [Fraction(1, 30), Fraction(1001, 30000), Fraction(1, 1000), Fraction(1, 10**9)],
)
def test_libx264_passes_with_any_clock_and_keyframe_distance(
    tmp_path: Path, time_base: Fraction, keyframe_distance: int | None
) -> None:
    plan = EncodePlan(320, 180, time_base, keyframe_distance=keyframe_distance)
    assert trial_of(tmp_path, plan=plan).reason == ""


class Dropping(VideoWriter):
    """Loses a picture in the middle."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        self.given = getattr(self, "given", 0) + 1
        if self.given != 12:
            super().write(pixels, ticks)


class Late(VideoWriter):
    """One picture is a tick off."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        super().write(pixels, ticks + (self._frames == 17))


class Even(VideoWriter):
    """Makes a constant rate of it."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        super().write(pixels, self._frames * 3000)


class Swapping(VideoWriter):
    """Shows two pictures in the wrong order, at right times."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        pixels = pixels.copy()
        if self._frames == 4:
            self._other: Pixels = pixels
        super().write(self._other if self._frames == 5 else pixels, ticks)


class Green(VideoWriter):
    """What a driver delivers that takes memory for another format."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        green = np.zeros_like(pixels)
        green[..., 1] = 135
        super().write(green, ticks)


class UpsideDown(VideoWriter):
    def write(self, pixels: Pixels, ticks: int) -> None:
        super().write(pixels[::-1].copy(), ticks)


class SwappedColours(VideoWriter):
    def write(self, pixels: Pixels, ticks: int) -> None:
        super().write(pixels[..., ::-1].copy(), ticks)


class OtherMatrix(VideoWriter):
    """Converts with BT.601 and says BT.709."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        to_601, to_709 = yuv_matrix(0.299, 0.114), yuv_matrix(0.2126, 0.0722)
        seen = pixels @ (np.linalg.inv(to_709) @ to_601).T
        super().write(np.clip(seen, 0, 255).astype(np.uint8), ticks)


class NoisyOnce(VideoWriter):
    """One smeared picture among good ones."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        if self._frames == 20:
            noise = np.random.default_rng(0).integers(-70, 70, pixels.shape)
            pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
        super().write(pixels, ticks)


class Failing(VideoWriter):
    def write(self, pixels: Pixels, ticks: int) -> None:
        if self._frames == 3:
            raise EncodeError("The encoder h264_fake failed after 3 frames: no session.")
        super().write(pixels, ticks)


class FewKeys(VideoWriter):
    """Makes keyframes where it likes."""

    def __enter__(self) -> Self:
        self._plan = replace(self._plan, keyframe_distance=250)
        return super().__enter__()


class GivingUp(VideoWriter):
    """Opens another encoder than it was asked for, as ``VideoWriter`` does in need."""

    @property
    def encoder(self) -> Encoder:
        return ENCODERS["h264_qsv"]


def yuv_matrix(red: float, blue: float) -> npt.NDArray[np.float64]:
    luma = np.array([red, 1 - red - blue, blue])
    towards_blue, towards_red = np.array([0, 0, 1]) - luma, np.array([1, 0, 0]) - luma
    return np.stack([luma, towards_blue / (2 - 2 * blue), towards_red / (2 - 2 * red)])


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Dropping, f"{PICTURES - 1} of {PICTURES} pictures came back"),
        (Late, r"picture 17 is \+0\.011 ms off its time"),
        (Even, "off its time"),
        (Swapping, "picture 5 shows picture 4"),
        (Green, "picture 0 does not look like"),
        (UpsideDown, "does not look like"),
        (SwappedColours, "picture 0 does not look like what was written"),
        (OtherMatrix, r"does not look like what was written \(2\d\.\d dB, at least 32 wanted\)"),
        (NoisyOnce, "picture 20 does not look like"),
        (Failing, "failed after 3 frames: no session"),
        (GivingUp, "it cannot be opened"),
    ],
)
def test_one_wrong_thing_is_enough(tmp_path: Path, kind: type[VideoWriter], reason: str) -> None:
    outcome = trial_of(tmp_path, kind)
    assert not outcome.passed
    assert re.search(reason, outcome.reason), outcome.reason


def test_keyframes_must_come_where_they_were_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = writer_module.options
    monkeypatch.setattr(  # no keyframes at cuts either, which would come often enough by chance
        writer_module, "options", lambda *given: {**made(*given), "sc_threshold": "0"}
    )
    outcome = trial_of(tmp_path, FewKeys)
    assert outcome.reason == f"{PICTURES} pictures from keyframe to keyframe, not 12"


def test_colours_must_be_tagged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    untold = SimpleNamespace(BT709=writer_module.ColorTrc.UNSPECIFIED)
    monkeypatch.setattr(writer_module, "ColorTrc", untold)
    assert "does not say that its colours are BT.709" in trial_of(tmp_path).reason


def test_a_slow_encoder_ends_at_its_limit(tmp_path: Path) -> None:
    class Slow(VideoWriter):
        def write(self, pixels: Pixels, ticks: int) -> None:
            time.sleep(0.05)
            super().write(pixels, ticks)

    outcome = trial_of(tmp_path, Slow, limit_s=0.2)
    assert outcome.reason == "its trial took too long"
    assert outcome.seconds < 1


def test_a_place_that_cannot_be_written_to_is_not_the_encoders_fault(tmp_path: Path) -> None:
    with pytest.raises(NotWritable):
        try_encoder(X264, PLAN, tmp_path / "nowhere")


def test_small_pictures_are_not_tried(tmp_path: Path) -> None:
    small = EncodePlan(96, 1080, Fraction(1, 1000))
    assert "less than 128 pixels" in trial_of(tmp_path, plan=small).reason


def test_an_encoder_that_is_not_built_in_is_not_tried(tmp_path: Path) -> None:
    outcome = try_encoder(Encoder("h264_magic", "Magic"), PLAN, tmp_path)
    assert (outcome.passed, outcome.reason) == (False, NOT_BUILT_IN)


def test_psnr() -> None:
    grey = np.full((4, 4, 3), 100, np.uint8)
    assert psnr_db(grey, grey) == float("inf")
    assert psnr_db(grey, grey + np.uint8(255 - 100)) == pytest.approx(4.324, abs=0.001)
