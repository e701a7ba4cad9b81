"""Writing and finalising."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
import pytest
from av.video.frame import PictureType
from clips import make_clip, picture, read_number, tone

from codefx_desktop.domain.errors import ClipLost, EncodeError, NoSpace, NotWritable
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video import writer as writer_module
from codefx_desktop.video.encoders import ENCODERS, X264, Encoder
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.writer import ClipAudio, PcmAudio, QualityPreset, VideoWriter

SIZE = (320, 180)
R30 = Fraction(1, 30)


def write(part: Path, ticks: list[int], time_base: Fraction = R30, **more: object) -> Path:
    with VideoWriter(
        part,
        width=SIZE[0],
        height=SIZE[1],
        time_base=time_base,
        **more,  # type: ignore[arg-type]
    ) as writer:
        for number, tick in enumerate(ticks):
            writer.write(picture(number, SIZE), tick)
        assert writer.finish() == len(ticks)
    return part


def numbers(path: Path) -> list[int | None]:
    with FrameReader(probe(path)) as reader:
        return [read_number(frame.pixels) for frame in reader]


@pytest.mark.parametrize(
    "time_base",
    [Fraction(1, 30), Fraction(1001, 30000), Fraction(1, 1000), Fraction(1, 90000),
     Fraction(1, 15360), Fraction(1, 1_000_000_000)],
)  # fmt: skip
def test_times_are_exact(tmp_path: Path, time_base: Fraction) -> None:
    unit = max(1, round(Fraction(1, 100) / time_base))
    ticks = [n * unit for n in (0, 3, 7, 8, 50, 53)]
    part = write(tmp_path / "x.part", ticks, time_base)
    out = finalise(part, tmp_path / "x.mp4", expected_frames=6)
    index = probe(out.path).index
    for number, tick in enumerate(ticks):
        off = index.time(number).exact_s - tick * time_base
        assert abs(off) <= (Fraction(1, 1_000_000) if time_base.denominator > 10**6 else 0)
    assert numbers(out.path) == list(range(6))


def test_the_index_comes_first_and_the_part_goes(tmp_path: Path) -> None:
    part = write(tmp_path / "x.part", list(range(10)))
    out = finalise(part, tmp_path / "x.mp4", expected_frames=10)
    data = out.path.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert (out.size_bytes, part.exists()) == (len(data), False)
    assert [file.name for file in tmp_path.iterdir()] == ["x.mp4"]


def test_colour_tags_and_format(tmp_path: Path) -> None:
    out = finalise(write(tmp_path / "x.part", [0, 1]), tmp_path / "x.mp4", expected_frames=2)
    with av.open(str(out.path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        tags = (context.colorspace, context.color_primaries, context.color_trc)
        assert [int(tag) for tag in tags] == [1, 1, 1]
        assert int(context.color_range) == 1


def test_colours_come_back(tmp_path: Path) -> None:
    part = write(tmp_path / "x.part", [0], preset=QualityPreset.HIGH)
    out = finalise(part, tmp_path / "x.mp4", expected_frames=1)
    with FrameReader(probe(out.path)) as reader:
        pixels = next(reader).pixels.astype(int)
    assert np.abs(pixels - picture(0, SIZE).astype(int)).mean() < 4


def test_odd_sizes_are_padded_by_one_pixel_and_coordinates_stay(tmp_path: Path) -> None:
    part, size = tmp_path / "x.part", (321, 181)
    with VideoWriter(part, width=321, height=181, time_base=R30) as writer:
        for number in range(5):
            writer.write(picture(number, size), number)
        writer.finish()
    out = finalise(part, tmp_path / "x.mp4", expected_frames=5)
    info = probe(out.path).info
    assert (info.width, info.height) == (322, 182)
    with FrameReader(probe(out.path)) as reader:
        for frame in reader:
            assert read_number(frame.pixels[:181, :321]) == frame.number
            step = frame.pixels[:, 321].astype(int) - frame.pixels[:, 320]
            assert np.abs(step).mean() < 12


def test_a_part_that_was_never_finished_is_still_a_video(tmp_path: Path) -> None:
    part = tmp_path / "x.part"
    writer = VideoWriter(part, width=SIZE[0], height=SIZE[1], time_base=R30)
    with writer:
        for number in range(300):
            writer.write(picture(number, SIZE), number)
        saved = tmp_path / "saved.mp4"
        saved.write_bytes(part.read_bytes())
        writer.finish()
    with av.open(str(saved)) as container:
        kept = sum(1 for _ in container.decode(video=0))
    assert kept >= 120


def test_wrong_pictures_and_times_are_refused(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "x.part", width=320, height=180, time_base=R30) as writer:
        writer.write(picture(0, SIZE), 5)
        with pytest.raises(ValueError, match="expected"):
            writer.write(picture(0, (64, 48)), 6)
        with pytest.raises(ValueError, match="not after"):
            writer.write(picture(1, SIZE), 5)


@pytest.mark.parametrize("keyframe_distance", [None, 1])
def test_presets_trade_size_for_quality(tmp_path: Path, keyframe_distance: int | None) -> None:
    sizes = []
    for preset in QualityPreset:
        part = tmp_path / f"{preset}.part"
        write(part, list(range(40)), preset=preset, keyframe_distance=keyframe_distance)
        sizes.append(part.stat().st_size)
        out = finalise(part, tmp_path / "x.mp4", expected_frames=40)
        assert probe(out.path).index.keyframe.sum() == (40 if keyframe_distance else 1)
        assert numbers(out.path) == list(range(40))
    assert sizes == sorted(set(sizes))


def test_b_frames_keep_irregular_times(tmp_path: Path) -> None:
    ticks = [0, 1, 5, 7, 14, 15, 16, 25, 28, 29, 60, 61, 63, 90, 91, 92, 93, 130, 131, 140]
    part = write(tmp_path / "x.part", ticks, Fraction(1, 1000))
    with av.open(str(part), format="mp4") as container:
        kinds = {PictureType(frame.pict_type).name for frame in container.decode(video=0)}
    assert "B" in kinds, "otherwise this test shows nothing"
    index = probe(finalise(part, tmp_path / "x.mp4", expected_frames=20).path).index
    assert [index.time(n).exact_s * 1000 for n in range(20)] == ticks


class Chip(Encoder):
    """libx264 in the place of a hardware encoder: handed NV12, told not to use B-frames."""

    @property
    def is_hardware(self) -> bool:
        return True


def test_a_hardware_encoder_is_used_where_it_opens(tmp_path: Path) -> None:
    said: list[str] = []
    chip = Chip("libx264", "A chip", "nv12")
    part = write(tmp_path / "x.part", list(range(20)), encoder=chip, warn=said.append)
    assert said == []
    with av.open(str(part), format="mp4") as container:
        kinds = {PictureType(frame.pict_type).name for frame in container.decode(video=0)}
    assert kinds == {"I", "P"}
    assert numbers(finalise(part, tmp_path / "x.mp4", expected_frames=20).path) == list(range(20))


@pytest.mark.parametrize("name", [name for name in ENCODERS if name != "libx264"])
def test_one_that_does_not_open_gives_way_to_libx264(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # Whatever this machine has: none takes a level that there is not.
    made = writer_module.options
    monkeypatch.setattr(
        writer_module,
        "options",
        lambda encoder, plan: (
            made(encoder, plan) | ({"level": "nonsense"} if encoder.is_hardware else {})
        ),
    )
    said: list[str] = []
    part = tmp_path / "x.part"
    with VideoWriter(
        part, width=320, height=180, time_base=R30, encoder=ENCODERS[name], warn=said.append
    ) as writer:
        assert writer.encoder is X264
        for number in range(20):
            writer.write(picture(number, SIZE), number)
        writer.finish()
    assert len(said) == 1
    assert said[0].startswith(f"The encoder {name} could not be opened: ")
    assert said[0].endswith(" libx264 is used instead.")
    assert numbers(finalise(part, tmp_path / "x.mp4", expected_frames=20).path) == list(range(20))


def test_an_option_that_the_encoder_does_not_know_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "options", lambda *_given: {"cq": "22"})
    with pytest.raises(EncodeError, match="libx264 does not know cq"):
        write(tmp_path / "x.part", [0])


@pytest.mark.parametrize(
    ("encoder", "hint"),
    [(X264, "report it with the log"), (Chip("libx264", "A chip"), "encoded with libx264")],
)
def test_an_encoder_that_fails_later_is_an_error_of_its_own(
    tmp_path: Path, encoder: Encoder, hint: str
) -> None:
    """EPERM is what NVENC says when its driver goes away; it is not about the folder."""

    class Stream:
        def encode(self, _frame: object) -> list[object]:
            raise av.error.PermissionError(1, "Operation not permitted")

    with VideoWriter(
        tmp_path / "x.part", width=320, height=180, time_base=R30, encoder=encoder
    ) as writer:
        for number in range(3):
            writer.write(picture(number, SIZE), number)
        writer._stream = Stream()  # type: ignore[assignment]
        with pytest.raises(EncodeError, match="libx264 failed after 3 frames: Operation") as caught:
            writer.write(picture(3, SIZE), 3)
    assert hint in caught.value.hint


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    part = tmp_path / "x.part"
    part.symlink_to("/dev/full")
    with pytest.raises(NoSpace, match="no space left"):
        write(part, list(range(100)))


def test_a_closed_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotWritable, match="cannot be written"):
        write(tmp_path / "nowhere" / "x.part", [0])
    part = write(tmp_path / "x.part", [0, 1])
    with pytest.raises(NotWritable):
        finalise(part, tmp_path / "nowhere" / "x.mp4", expected_frames=2)
    assert part.exists()


@pytest.mark.skipif(os.name == "nt", reason="limits are POSIX")
def test_a_disk_that_fills_up_while_writing_is_told(tmp_path: Path) -> None:
    import resource
    import signal

    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    noise = np.random.default_rng(0).integers(0, 255, (180, 320, 3), np.uint8)

    def fill() -> None:
        with VideoWriter(tmp_path / "x.part", width=320, height=180, time_base=R30) as writer:
            for number in range(300):
                writer.write(np.roll(noise, number * 7, axis=1), number)
            pytest.fail("300 pictures went to a full disk")

    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(NoSpace):
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, old)


def test_an_output_with_missing_frames_does_not_verify(tmp_path: Path) -> None:
    part = write(tmp_path / "x.part", list(range(10)))
    with pytest.raises(EncodeError, match="10 of 11 frames"):
        finalise(part, tmp_path / "x.mp4", expected_frames=11)
    assert part.exists()
    assert not (tmp_path / "x.mp4").exists()
    assert not list(tmp_path.glob("*.new.*"))


def test_an_output_with_other_times_does_not_verify(tmp_path: Path) -> None:
    other = probe(make_clip(tmp_path / "other.mp4", times_ms=[0, 30, 60, 95]))
    part = write(tmp_path / "x.part", [0, 30, 60, 90], Fraction(1, 1000))
    with pytest.raises(EncodeError, match=r"off by up to 5\.00 ms"):
        finalise(part, tmp_path / "x.mp4", expected_frames=4, expected_index=other.index)


def test_cancel_leaves_nothing_at_the_target(tmp_path: Path) -> None:
    class Cancel:
        def is_set(self) -> bool:
            return True

    part = write(tmp_path / "x.part", [0, 1])
    with pytest.raises(Cancelled):
        finalise(part, tmp_path / "x.mp4", expected_frames=2, cancel=Cancel())
    assert [file.name for file in tmp_path.iterdir()] == ["x.part"]


def test_an_old_output_is_replaced_only_by_a_verified_one(tmp_path: Path) -> None:
    target = tmp_path / "x.mp4"
    target.write_bytes(b"old")
    part = write(tmp_path / "x.part", [0, 1])
    with pytest.raises(EncodeError):
        finalise(part, target, expected_frames=3)
    assert target.read_bytes() == b"old"
    finalise(part, target, expected_frames=2)
    assert len(numbers(target)) == 2


@pytest.mark.parametrize(
    ("name", "codec", "written"),
    [
        ("a.mp4", "aac", "aac"),
        ("a.mkv", "libmp3lame", "mp3"),
        ("a.ts", "aac", "aac"),
        ("a.mkv", "libopus", "opus"),
        ("a.mov", "pcm_s16le", "aac"),
        ("a.mkv", "flac", "aac"),
    ],
)
def test_sound_is_copied_where_mp4_takes_it(
    tmp_path: Path, name: str, codec: str, written: str
) -> None:
    clip = probe(make_clip(tmp_path / name, audio=True, audio_codec=codec))
    part = write(tmp_path / "x.part", clip.index.ticks.tolist(), clip.index.time_base)
    out = finalise(
        part,
        tmp_path / "x.mp4",
        expected_frames=60,
        expected_index=clip.index,
        audio=ClipAudio(tmp_path / name),
    )
    info = probe(out.path).info
    assert info.audio_codec == written
    with av.open(str(out.path)) as container:
        audio = container.streams.audio[0]
        assert float(audio.duration * audio.time_base) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("channels", [1, 2])
def test_samples_become_sound(tmp_path: Path, channels: int) -> None:
    samples = tone(1.0, 48000)
    if channels == 2:
        samples = np.stack([samples, samples], axis=1)
    part = write(tmp_path / "x.part", list(range(30)))
    out = finalise(part, tmp_path / "x.mp4", expected_frames=30, audio=PcmAudio(samples, 48000))
    with av.open(str(out.path)) as container:
        assert container.streams.audio[0].codec_context.channels == channels


def test_sound_that_cannot_be_read_is_left_out_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    part = write(tmp_path / "x.part", [0, 1])
    noise = tmp_path / "noise.mkv"
    noise.write_bytes(bytes(range(256)) * 100)
    sound = ClipAudio(noise, Fraction(0))
    out = finalise(part, tmp_path / "x.mp4", expected_frames=2, audio=sound)
    assert not probe(out.path).info.has_audio
    assert "has no sound" in caplog.text


def test_a_clip_that_went_away_before_its_sound_was_copied_is_lost(tmp_path: Path) -> None:
    part = write(tmp_path / "x.part", [0, 1])
    gone = ClipAudio(tmp_path / "gone.mp4", Fraction(0))
    with pytest.raises(ClipLost):
        finalise(part, tmp_path / "x.mp4", expected_frames=2, audio=gone)
    assert [file.name for file in tmp_path.iterdir()] == ["x.part"]


def test_pcm_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="float32"):
        PcmAudio(np.zeros((3, 3), np.float32), 8000)
