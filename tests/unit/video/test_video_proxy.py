"""Proxies: whose they are, when one counts, what is left when making one breaks off."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from clips import make_clip, read_number

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.errors import (
    ClipLost,
    ClipMissing,
    ClipUnreadable,
    EncodeError,
    NoSpace,
    NotWritable,
)
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.video import proxy_file, proxy_pictures
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.decoder import PictureDecoder
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.proxy import (
    make_proxy,
    open_proxy,
    proxies,
    proxy_path,
    proxy_size,
    remove_proxy,
)
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.seeking import PictureSource
from codefx_desktop.video.writer import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame


@pytest.fixture
def clip(tmp_path: Path) -> ProbedClip:
    return probe(make_clip(tmp_path / "clip.mp4", seconds=1, size=(160, 90)))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "proxies" / "one.mp4"


def left_behind(target: Path) -> list[Path]:
    return list(target.parent.glob("*"))


def with_index(clip: ProbedClip, ticks: list[int]) -> ProbedClip:
    """Return the clip as if its index had pictures at these times."""
    array = np.array(ticks, np.int64)
    return replace(clip, index=FrameIndex(array, array.copy(), array >= 0, clip.index.time_base))


class Set:
    def is_set(self) -> bool:
        return True


class After:
    """A cancel signal that comes when it was asked so often."""

    def __init__(self, asked: int) -> None:
        self.left = asked

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_its_place_is_found_by_the_content_and_fits_every_system(clip: ProbedClip) -> None:
    paths = app_paths()
    path = proxy_path(paths, fingerprint(clip.info.path))
    assert path.parent == paths.data / "proxies"
    assert not paths.proxies.is_relative_to(paths.cache)  # a cache cleaner never takes them
    assert not set('<>:"/\\|?*') & set(path.name)
    moved = clip.info.path.rename(clip.info.path.with_name("moved.mp4"))
    assert proxy_path(paths, fingerprint(moved)) == path


@pytest.mark.parametrize(
    ("clip_size", "expected"),
    [
        ((1920, 1080), (1920, 1080)),
        ((1080, 1920), (1080, 1920)),
        ((3840, 2160), (1920, 1080)),
        ((2160, 3840), (1080, 1920)),
        ((5312, 2988), (1920, 1080)),
        ((853, 481), (854, 482)),
        ((1, 1), (2, 2)),
    ],
)
def test_its_size(clip_size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert proxy_size(*clip_size) == expected


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_large_clip_is_made_smaller(tmp_path: Path, target: Path, rotation: int) -> None:
    path = make_clip(tmp_path / "large.mp4", seconds=0.1, size=(2560, 1440), rotation=rotation)
    clip = probe(path)
    with FrameAccess(make_proxy(clip, target)) as access:
        frame = access.exact(2)
    assert frame.pixels.shape == (1080, 1920, 3)
    assert read_number(frame.pixels) == 2


@pytest.mark.parametrize(
    ("size", "rotation", "pixel_format", "is_direct"),
    [
        ((1280, 720), 0, "yuv420p", True),
        ((1280, 720), 180, "yuv420p", False),
        ((1280, 720), 0, "yuv422p10le", False),
        ((1280, 720), 0, "yuvj420p", False),
        ((320, 180), 0, "yuv420p", False),  # BT.601 where no matrix is named
    ],
)
def test_colours_stay_with_and_without_the_way_through_rgb(
    tmp_path: Path,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    rotation: int,
    pixel_format: str,
    is_direct: bool,
) -> None:
    path = tmp_path / "colours.mp4"
    make_clip(path, seconds=0.2, size=size, rotation=rotation, pixel_format=pixel_format)
    clip = probe(path)
    direct: list[int] = []
    write_decoded = VideoWriter.write_decoded

    def counted(self: VideoWriter, picture: VideoFrame, ticks: int) -> None:
        direct.append(ticks)
        write_decoded(self, picture, ticks)

    monkeypatch.setattr(VideoWriter, "write_decoded", counted)
    proxy = make_proxy(clip, target)
    assert len(direct) == (6 if is_direct else 0)
    with FrameReader(clip) as here, FrameReader(proxy) as there:
        for own, copy in zip(here, there, strict=True):
            off = own.pixels.astype(np.int16) - copy.pixels
            assert np.abs(off).mean() < 6
            assert np.abs(off.mean(axis=(0, 1))).max() < 2.5  # a wrong matrix shifts a channel


def test_progress_rises_to_one(clip: ProbedClip, target: Path) -> None:
    told: list[float] = []
    make_proxy(clip, target, progress=told.append)
    assert told == sorted(told)
    assert told[0] < 0.1
    assert told[-1] == 1.0


def test_a_picture_that_must_be_converted_turns_the_quick_way_into_the_long_one(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = probe(make_clip(tmp_path / "clip.mp4", seconds=0.2, size=(1280, 720)))
    answers = iter([True, True, True, False])
    monkeypatch.setattr(proxy_pictures, "_is_plain", lambda _: next(answers))
    told: list[float] = []
    proxy = make_proxy(clip, target, progress=told.append)
    assert told == sorted(told)
    with FrameReader(proxy) as reader:
        assert [read_number(frame.pixels) for frame in reader] == list(range(6))


def test_an_encoder_does_not_follow_what_the_decoder_says(clip: ProbedClip, target: Path) -> None:
    """All pictures of a proxy are keyframes; written again as decoded they need not be."""
    proxy, again = make_proxy(clip, target), target.with_name("again.mp4")
    source = PictureSource(proxy)
    with VideoWriter(again, width=160, height=90, time_base=proxy.index.time_base) as writer:
        for number, picture in source.from_start():
            writer.write_decoded(picture, int(proxy.index.ticks[number]))
        assert writer.finish() == 30
    source.close()
    assert probe(again).index.keyframe.sum() == 1


def test_an_opened_proxy_is_the_one_that_was_made(clip: ProbedClip, target: Path) -> None:
    made = make_proxy(clip, target)
    found = open_proxy(clip, target)
    assert found is not None
    assert found.info == made.info
    assert np.array_equal(found.index.pts, made.index.pts)
    assert found.info.path == target
    assert found.info.size_bytes == target.stat().st_size


def test_a_proxy_is_opened_while_its_clip_is_elsewhere(clip: ProbedClip, target: Path) -> None:
    known = replace(clip, info=replace(clip.info, fingerprint=fingerprint(clip.info.path)))
    make_proxy(known, target)
    clip.info.path.unlink()
    assert open_proxy(known, target) is not None
    with pytest.raises(ClipMissing):
        open_proxy(clip, target)


def cut(path: Path) -> None:
    with path.open("rb+") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def index_first_and_cut(path: Path) -> None:
    """Put the table first, so that it is whole in a file that is not."""
    draft = path.with_name("draft.mp4")
    options = {"movflags": "+faststart"}
    with av.open(str(path)) as source, av.open(str(draft), "w", options=options) as out:
        out.metadata.update(source.metadata)
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.size:
                packet.stream = stream
                out.mux(packet)
    draft.replace(path)
    cut(path)


def without_all_keyframes(path: Path) -> None:
    """Write the same times and tags with a keyframe every 15 pictures."""
    with av.open(str(path)) as source:
        tags, clock = dict(source.metadata), source.streams.video[0].time_base
        assert clock is not None
        times = [entry.timestamp for entry in source.streams.video[0].index_entries]
    with VideoWriter(
        path,
        width=16,
        height=16,
        time_base=clock,
        metadata=tags,
        keyframe_distance=15,
        encoder_options={"preset": "ultrafast", "bf": "0"},
        fragmented=False,
    ) as writer:
        for time in times:
            writer.write(np.zeros((16, 16, 3), np.uint8), time)
        writer.finish()


@pytest.mark.parametrize(
    "spoil",
    [cut, index_first_and_cut, without_all_keyframes, Path.unlink, Path.touch],
    ids=["cut", "cut behind its table", "no keyframes", "gone", "nothing done"],
)
def test_what_is_not_whole_does_not_count(
    clip: ProbedClip, target: Path, spoil: Callable[[Path], None]
) -> None:
    make_proxy(clip, target)
    spoil(target)
    found = open_proxy(clip, target)
    assert (found is None) == (spoil is not Path.touch)


def test_the_proxy_of_another_clip_or_version_does_not_count(
    clip: ProbedClip, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_proxy(clip, target)
    other = replace(clip, info=replace(clip.info, fingerprint="v1:other"))
    assert open_proxy(other, target) is None
    assert open_proxy(with_index(clip, clip.index.ticks[:-1].tolist()), target) is None
    assert open_proxy(with_index(clip, (clip.index.ticks * 2).tolist()), target) is None
    assert open_proxy(clip, clip.info.path) is None
    monkeypatch.setattr(proxy_file, "VERSION", 2)
    assert open_proxy(clip, target) is None


@pytest.mark.parametrize("clock_hz", [90_000, 1_200_000, 10_000_000, 1_000_000_000])
@pytest.mark.parametrize("gap_s", [0, 5000])
def test_times_of_fine_clocks_are_exact_where_mp4_can_tell_them(
    clip: ProbedClip, target: Path, clock_hz: int, gap_s: int
) -> None:
    ticks = np.arange(30, dtype=np.int64) * (clock_hz // 30) + np.arange(30) % 2
    ticks[20:] += gap_s * clock_hz
    index = replace(clip.index, ticks=ticks, time_base=Fraction(1, clock_hz))
    fine = replace(clip, index=index)
    made = make_proxy(fine, target)
    off = [made.index.time(n).exact_s - index.time(n).exact_s for n in range(30)]
    assert max(map(abs, off)) <= (Fraction(gap_s, 1 << 31) if gap_s * clock_hz >= 1 << 31 else 0)
    assert open_proxy(fine, target) is not None


@pytest.mark.parametrize("asked", [0, 10, 31])
def test_a_cancelled_one_leaves_nothing(clip: ProbedClip, target: Path, asked: int) -> None:
    with pytest.raises(Cancelled):
        make_proxy(clip, target, cancel=After(asked))
    assert left_behind(target) == []


def test_an_older_proxy_stays_when_a_new_one_breaks_off(clip: ProbedClip, target: Path) -> None:
    make_proxy(clip, target)
    with pytest.raises(Cancelled):
        make_proxy(clip, target, cancel=Set())
    assert open_proxy(clip, target) is not None


@pytest.mark.parametrize("where", [4, 30])
def test_a_clip_with_a_gap_gets_none(clip: ProbedClip, target: Path, where: int) -> None:
    ticks = clip.index.ticks.tolist()
    ticks.insert(where, (ticks[where - 1]) + 1)
    with pytest.raises(ClipUnreadable, match=f"Frame {where} of clip.mp4 cannot be decoded, so"):
        make_proxy(with_index(clip, ticks), target)
    assert left_behind(target) == []


def test_a_clip_that_went_away_gets_none(clip: ProbedClip, target: Path) -> None:
    cut(clip.info.path)
    with pytest.raises((ClipLost, ClipUnreadable)):
        make_proxy(clip, target)
    assert left_behind(target) == []


def test_too_little_space_is_told_before(
    clip: ProbedClip, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(NoSpace, match="needs about"):
        make_proxy(clip, target)
    assert left_behind(target) == []


def test_a_place_that_cannot_be_written_to_is_told(clip: ProbedClip, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(NotWritable):
        make_proxy(clip, tmp_path / "file" / "one.mp4")


def test_other_times_do_not_verify(
    clip: ProbedClip, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = VideoWriter.write

    def late(self: VideoWriter, pixels: np.ndarray, ticks: int) -> None:
        write(self, pixels, ticks + (ticks > 0))

    monkeypatch.setattr(VideoWriter, "write", late)
    with pytest.raises(EncodeError, match="its times are not those of the clip"):
        make_proxy(clip, target)
    assert left_behind(target) == []


def test_what_they_take_on_the_disk_is_seen_and_freed(clip: ProbedClip, home: Path) -> None:
    paths = app_paths()
    assert proxies(paths) == []
    path = proxy_path(paths, fingerprint(clip.info.path))
    make_proxy(clip, path)
    whole, size = path.read_bytes(), path.stat().st_size
    broken_off = [path.with_name(f"{path.stem}.{n}.part.mp4") for n in (1, 2)]
    for part, data in zip(broken_off, (whole, b"1234"), strict=True):
        part.write_bytes(data)
    found = proxies(paths)
    assert [one.size_bytes for one in found] == [size, size, 4]
    assert {one.path: (one.clip_name, one.is_whole) for one in found} == {
        path: ("clip.mp4", True),
        broken_off[0]: ("clip.mp4", False),
        broken_off[1]: ("", False),
    }
    assert remove_proxy(path) == sum(one.size_bytes for one in found)
    assert remove_proxy(path) == 0
    assert proxies(paths) == []
    assert home == paths.data


def test_a_frame_far_away_is_one_packet_away(
    clip: ProbedClip, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = make_proxy(clip, target)
    fed: list[int | None] = []
    feed = PictureDecoder.feed

    def counted(self: PictureDecoder, packet: Packet[Stream]) -> list[VideoFrame]:
        fed.append(packet.pts)
        return feed(self, packet)

    monkeypatch.setattr(PictureDecoder, "feed", counted)
    with FrameAccess(proxy) as access:
        for number in (20, 3, 28, 14):
            assert read_number(access.exact(number).pixels) == number
        assert fed == [int(proxy.index.pts[number]) for number in (20, 3, 28, 14)]
        for number in range(15, 20):
            assert read_number(access.exact(number).pixels) == number
