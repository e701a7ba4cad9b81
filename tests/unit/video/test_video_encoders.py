"""Which encoder is taken and why, and what each is told about quality."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, get_args

import av
import pytest

from codefx_desktop.domain.job import QualityPreset
from codefx_desktop.settings.settings import VideoEncoder
from codefx_desktop.video import encoders
from codefx_desktop.video.encoders import (
    AUTO,
    ENCODERS,
    NOT_BUILT_IN,
    X264,
    EncodePlan,
    Encoder,
    EncoderChoice,
    TrialOutcome,
    candidates,
    choose,
    hindrance,
    is_built_in,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PLAN = EncodePlan(1920, 1080, Fraction(1, 90_000), Fraction(60))
NVENC, QSV = ENCODERS["h264_nvenc"], ENCODERS["h264_qsv"]


def trial(passing: str, tried: list[str]) -> Callable[[Encoder], TrialOutcome]:
    """Return a trial that one encoder passes."""

    def try_out(encoder: Encoder) -> TrialOutcome:
        tried.append(encoder.name)
        passed = encoder.name == passing
        return TrialOutcome(encoder.name, passed, "" if passed else "no driver")

    return try_out


def test_the_setting_names_what_there_is() -> None:
    assert set(get_args(VideoEncoder)) == {AUTO, *ENCODERS}


def test_candidates_in_their_order() -> None:
    names = {system: [one.name for one in candidates(system)] for system in ("linux", "win32")}
    assert names["linux"] == ["h264_nvenc", "h264_qsv", "h264_vaapi", "h264_amf"]
    assert names["win32"] == ["h264_nvenc", "h264_qsv", "h264_amf"]
    assert [one.name for one in candidates("darwin")] == ["h264_videotoolbox"]
    assert candidates("plan9") == ()


def test_the_first_that_passes_is_taken_and_the_rest_left_alone() -> None:
    tried: list[str] = []
    choice = choose(AUTO, candidates("linux"), trial("h264_qsv", tried))
    assert (choice.encoder, tried) == (QSV, ["h264_nvenc", "h264_qsv"])
    assert not choice.is_second_best
    assert str(choice) == (
        "Encoder: h264_qsv (Intel Quick Sync, passed its trial; h264_nvenc: no driver)"
    )


def test_without_one_that_passes_libx264_says_why() -> None:
    choice = choose(AUTO, (NVENC, QSV), trial("", []))
    assert (choice.encoder, choice.is_second_best) == (X264, False)
    assert str(choice) == (
        "Encoder: libx264 (no hardware encoder passed: h264_nvenc: no driver; h264_qsv: no driver)"
    )


def test_libx264_by_name_tries_nothing() -> None:
    tried: list[str] = []
    assert choose("libx264", candidates("linux"), trial("h264_nvenc", tried)).encoder is X264
    assert tried == []


def test_a_name_tries_that_one_alone_wherever_it_runs() -> None:
    tried: list[str] = []
    choice = choose("h264_amf", candidates("darwin"), trial("h264_amf", tried))
    assert (choice.encoder.name, tried) == ("h264_amf", ["h264_amf"])
    refused = choose("h264_amf", candidates("linux"), trial("h264_nvenc", []))
    assert (refused.encoder, refused.is_second_best) == (X264, True)
    assert str(refused) == "Encoder: libx264 (instead of what is set: h264_amf: no driver)"


def test_no_choice_is_libx264() -> None:
    assert str(EncoderChoice()) == "Encoder: libx264"


def test_what_hinders_shows_without_touching_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hindrance(X264) == ""
    assert hindrance(Encoder("h264_magic", "Magic")) == NOT_BUILT_IN
    monkeypatch.setattr(encoders.glob, "glob", lambda _pattern: [])
    found = Encoder("libx264", "x", needs=("/dev/dri/renderD*",))
    assert hindrance(found, "linux") == "this machine has no device for it"
    assert hindrance(found, "win32") == ""
    monkeypatch.setattr(encoders.glob, "glob", lambda pattern: [pattern])
    assert hindrance(found, "linux") == ""


def test_a_plan_survives_its_way_to_the_child() -> None:
    plan = EncodePlan(321, 181, Fraction(1001, 30000), Fraction(30000, 1001), QualityPreset.HIGH, 1)
    assert EncodePlan.from_dict(plan.to_dict()) == plan
    with pytest.raises(KeyError):
        EncodePlan.from_dict({"width": 1})


@pytest.mark.parametrize("name", ENCODERS)
def test_ffmpeg_knows_every_option_and_value(name: str) -> None:
    """Of the encoders that are built in; their drivers need not be there for this."""
    if not is_built_in(ENCODERS[name]):
        pytest.skip(f"FFmpeg is built without {name}")
    supported = av.CodecContext.create(name, "w").supported_options
    known = {one.name: one for one in (*supported.generic, *supported.private)}
    for preset in QualityPreset:
        given = options(ENCODERS[name], EncodePlan(640, 360, Fraction(1, 1000), preset=preset))
        for key, value in given.items():
            option = known[key]
            names = {choice.name for choice in option.choices}
            assert value.lstrip("-").isdigit() or not names or value.lstrip("+") in names, key
            if value.isdigit() and option.type.name in {"INT", "INT64", "FLOAT"}:
                assert option.min <= float(value) <= option.max, key


@pytest.mark.parametrize("name", ENCODERS)
def test_each_preset_is_another_and_hardware_gets_no_b_frames(name: str) -> None:
    given = [
        options(ENCODERS[name], EncodePlan(1920, 1080, Fraction(1, 90_000), preset=preset))
        for preset in QualityPreset
    ]
    assert len({tuple(sorted(one.items())) for one in given}) == 3
    assert all((one.get("bf") == "0") is ENCODERS[name].is_hardware for one in given)


def test_apple_keeps_a_quality_on_its_own_chips_and_a_rate_on_others() -> None:
    apple = ENCODERS["h264_videotoolbox"]
    assert options(apple, PLAN, "arm64") == {
        "flags": "+qscale", "global_quality": str(65 * 118), "bf": "0",
    }  # fmt: skip
    assert options(apple, PLAN, "x86_64") == {"b": str(1920 * 1080 * 60 * 12 // 100), "bf": "0"}
