"""The nasty set: every clip told rightly, read wholly and written back at the same times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import pytest
from clips import read_number
from nasty.encoding import Tool
from nasty.manifest import make_all
from nasty.registry import CLIPS

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import ClipError
from codefx_desktop.video import probe as probe_module
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.thumbnail import thumbnail
from codefx_desktop.video.writer import ClipAudio, VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame

OK = [name for name, recipe in CLIPS.items() if recipe.expected == "ok"]
PARTIAL = [name for name, recipe in CLIPS.items() if recipe.expected == "partial"]
ERROR = [name for name, recipe in CLIPS.items() if recipe.expected == "error"]
ONLY_DECODING_SHOWS_IT = "bitflips"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nasty")


@pytest.fixture(scope="module")
def facts(folder: Path) -> dict[str, dict[str, Any]]:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    manifest = make_all(folder, big=True, special=True)
    assert not manifest["skipped"]
    assert len(manifest["clips"]) == len(CLIPS) == 74
    return {entry["file"]: entry for entry in manifest["clips"]}


@pytest.fixture(params=["decoded whole", "by its packets"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Probe as a short clip (decoded whole) and as a long one (packets, head and tail)."""
    if request.param == "by its packets":
        monkeypatch.setattr(probe_module, "_is_short", lambda *_: False)
    return str(request.param)


def read(clip: ProbedClip) -> tuple[list[Frame], int]:
    with FrameReader(clip) as reader:
        frames = list(reader)
    return frames, reader.report.damaged


@pytest.mark.parametrize("name", OK)
def test_ok_clips_are_delivered_whole(
    folder: Path, facts: dict[str, dict[str, Any]], name: str, way: str
) -> None:
    fact = facts[name]
    clip = probe(folder / name)
    info = clip.info
    frames, damaged = read(clip)
    shown, first = fact["frames_shown"], fact["first_index"]
    assert (info.verdict, info.message, damaged) == (Verdict.OK, "", 0)
    assert len(frames) == len(clip.index) == info.frames == shown
    assert [read_number(f.pixels) for f in frames] == list(range(first, first + shown))
    assert [f.number for f in frames] == list(range(shown))
    assert {f.pixels.shape for f in frames} == {(fact["height"], fact["width"], 3)}
    assert (info.rotation, info.mirrored) == (fact["rotation"], fact["mirrored"])
    assert info.codec == fact["codec"]
    if fact["times_ms"]:
        times = [float(f.time.exact_s * 1000) for f in frames]
        worst = max(abs(a - b) for a, b in zip(times, fact["times_ms"], strict=True))
        assert worst <= 1.0
    if fact["start_ms"] is not None:
        assert abs(info.start_s * 1000 - fact["start_ms"]) <= 1
    if fact["fps"]:
        assert not info.variable_rate
        assert float(info.average_rate or 0) == pytest.approx(fact["fps"], abs=0.01)
    elif name == "vfr_phone.mp4":
        assert info.variable_rate


@pytest.mark.parametrize("name", PARTIAL)
def test_partial_clips_are_delivered_as_far_as_they_go_and_say_so(
    folder: Path, facts: dict[str, dict[str, Any]], name: str, way: str
) -> None:
    fact = facts[name]
    clip = probe(folder / name, thorough=name.startswith(ONLY_DECODING_SHOWS_IT))
    frames, _ = read(clip)
    assert clip.info.verdict is Verdict.PARTIAL
    assert clip.info.message
    assert len(frames) == len(clip.index)
    assert fact["frames_min"] <= len(frames) <= fact["frames_max"]
    assert all(f.time == clip.index.time(f.number) for f in frames)
    if not name.startswith(("bitflips", "zeroed")):  # their pictures are smeared
        numbers = [read_number(f.pixels) for f in frames]
        start = fact.get("first_clean_index", 0)
        assert numbers[:-1] == list(range(start, start + len(frames) - 1))


@pytest.mark.parametrize("name", ERROR)
@pytest.mark.timeout(10)
def test_error_clips_are_refused_with_a_sentence(
    folder: Path, facts: dict[str, dict[str, Any]], name: str
) -> None:
    with pytest.raises(ClipError) as caught:
        probe(folder / name)
    error = caught.value
    assert (folder / name).name in error.message
    assert error.message.endswith(".")
    assert error.hint
    with pytest.raises(ClipError):
        thumbnail(folder / name)


@pytest.mark.parametrize("name", OK)
def test_round_trip_keeps_every_frame_and_time(
    folder: Path, facts: dict[str, dict[str, Any]], name: str, tmp_path: Path
) -> None:
    clip = probe(folder / name)
    info, index, part = clip.info, clip.index, tmp_path / "out.part"
    with (
        FrameReader(clip) as reader,
        VideoWriter(
            part,
            width=info.width,
            height=info.height,
            time_base=index.time_base,
            average_rate=info.average_rate,
        ) as writer,
    ):
        for frame in reader:
            writer.write(frame.pixels, frame.time.ticks)
        written = writer.finish()
    out = finalise(
        part,
        tmp_path / "out.mp4",
        expected_frames=written,
        expected_index=index,
        audio=ClipAudio(folder / name) if info.has_audio else None,
    )
    again = probe(out.path)
    assert len(again.index) == len(index) == facts[name]["frames_shown"]
    for number in range(len(index)):
        assert again.index.time(number).exact_s == index.time(number).exact_s
    assert again.info.has_audio == info.has_audio
    assert again.info.start_s == pytest.approx(0, abs=0.0005)
    first = facts[name]["first_index"]
    frames, _ = read(again)
    assert [read_number(f.pixels) for f in frames] == list(range(first, first + len(index)))
