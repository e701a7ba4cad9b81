"""Any frame by its number: what is decoded, kept, refused and cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip, read_number

from codefx_desktop.domain.errors import ClipLost, ClipMissing, ClipUnreadable
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.access import AHEAD, AHEAD_BACK, FrameAccess
from codefx_desktop.video.decoder import PictureDecoder
from codefx_desktop.video.picture import PictureConverter
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.seeking import PictureSource

if TYPE_CHECKING:
    from pathlib import Path

    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame

    from codefx_desktop.domain.frame import Pixels

PICTURE_BYTES = 320 * 180 * 3 // 2


class Cancel:
    def __init__(self, after: int = 0) -> None:
        self.after, self.asked = after, 0

    def is_set(self) -> bool:
        self.asked += 1
        return self.asked > self.after


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count packets that are decoded."""
    count: list[int] = []
    feed = PictureDecoder.feed

    def counted(self: PictureDecoder, packet: Packet[Stream]) -> list[VideoFrame]:
        count.append(1)
        return feed(self, packet)

    monkeypatch.setattr(PictureDecoder, "feed", counted)
    return count


@pytest.fixture
def clip(tmp_path: Path) -> ProbedClip:
    return probe(make_clip(tmp_path / "clip.mp4", seconds=4, gop=60))


def test_a_picture_is_what_the_reader_delivers(clip: ProbedClip) -> None:
    with FrameReader(clip) as reader:
        frames = list(reader)
    with FrameAccess(clip) as access:
        for number in (119, 0, 60, 59, 61, 3, 118):
            frame = access.exact(number)
            assert (frame.number, frame.time) == (number, clip.index.time(number))
            assert np.array_equal(frame.pixels, frames[number].pixels)
            assert not frame.pixels.flags.writeable


def test_stepping_backwards_decodes_a_group_once(clip: ProbedClip, decoded: list[int]) -> None:
    with FrameAccess(clip) as access:
        assert [read_number(access.exact(n).pixels) for n in range(119, 59, -1)] == list(
            range(119, 59, -1)
        )
    assert len(decoded) <= 60


def test_stepping_forwards_decodes_on(clip: ProbedClip, decoded: list[int]) -> None:
    with FrameAccess(clip) as access:
        for number in range(120):
            assert read_number(access.exact(number).pixels) == number
    assert len(decoded) == 120


def test_a_small_budget_keeps_the_part_before_the_playhead(
    clip: ProbedClip, decoded: list[int]
) -> None:
    with FrameAccess(clip, cache_bytes=20 * PICTURE_BYTES) as access:
        for number in range(119, 59, -1):
            assert read_number(access.exact(number).pixels) == number
            use = access.cache_use
            assert use.size_bytes <= use.peak_bytes <= use.limit_bytes == 20 * PICTURE_BYTES
    # 60 pictures, 20 at a time: 60 + 40 + 20, and what frame threads read ahead each time.
    assert len(decoded) <= 200


def test_no_room_at_all_is_slow_and_right(clip: ProbedClip) -> None:
    with FrameAccess(clip, cache_bytes=0) as access:
        assert [read_number(access.exact(n).pixels) for n in (30, 29, 31)] == [30, 29, 31]
        assert access.prefetch(31, 1) == 1
        assert access.cache_use.peak_bytes == 0


def test_a_keyframe_is_decoded_by_itself(clip: ProbedClip, decoded: list[int]) -> None:
    with FrameAccess(clip) as access:
        near = [access.keyframe_near(number).number for number in (0, 59, 60, 100, 119)]
        assert near == [0, 0, 60, 60, 60]
        assert len(decoded) == 2
        assert read_number(access.keyframe_near(70).pixels) == 60


@pytest.mark.parametrize(("number", "direction", "reach"), [(100, -1, AHEAD_BACK), (10, 1, AHEAD)])
def test_prefetch_has_the_next_ones_ready(
    clip: ProbedClip, decoded: list[int], number: int, direction: int, reach: int
) -> None:
    with FrameAccess(clip) as access:
        access.exact(number)
        assert access.prefetch(number, direction) == reach
        before = len(decoded)
        for step in range(1, reach + 1):
            at = number + direction * step
            assert read_number(access.exact(at).pixels) == at
        assert len(decoded) == before


def test_the_next_frame_is_converted_ahead(
    clip: ProbedClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted: list[int] = []
    push = PictureConverter.push

    def counted(self: PictureConverter, frame: VideoFrame, number: int) -> list[tuple[int, Pixels]]:
        converted.append(number)
        return push(self, frame, number)

    monkeypatch.setattr(PictureConverter, "push", counted)
    with FrameAccess(clip) as access:
        access.exact(100)
        for _ in range(2):
            access.prefetch(100, -1)
        assert converted == [100, 99]
        assert read_number(access.exact(99).pixels) == 99
        assert converted == [100, 99]
        access.prefetch(99, -1)
        assert read_number(access.exact(100).pixels) == 100
        assert read_number(access.exact(98).pixels) == 98  # it was kept for one request only
        assert converted == [100, 99, 98, 100, 98]


def test_near_is_what_is_held_or_comes_by_soon(clip: ProbedClip) -> None:
    with FrameAccess(clip) as access:
        assert not access.is_near(0)
        access.exact(10)
        near = [number for number in range(120) if access.is_near(number)]
        assert near == list(range(24))
        assert [n for n in range(120) if access.is_held(n)] == list(range(11))


def test_a_search_tells_what_is_on_its_way(clip: ProbedClip) -> None:
    answers: list[tuple[bool, ...]] = []

    class Look:
        def is_set(self) -> bool:
            answers.append(tuple(access.is_on_the_way(n) for n in (5, 59, 65, 90, 119)))
            return False

    with FrameAccess(clip) as access:
        access.exact(5)
        access.exact(100, cancel=Look())
    # From the seek on: what lies before its keyframe, or has come by, is no longer on the way.
    assert answers[0] == (False, False, True, True, True)
    assert answers[-1] == (False, False, False, False, True)


def test_a_cancelled_search_shows_where_it_is(clip: ProbedClip) -> None:
    with FrameAccess(clip) as access:
        assert access.passing() is None
        with pytest.raises(Cancelled):
            access.exact(110, cancel=Cancel(after=5))
        passing = access.passing()
        assert passing is not None
        assert 60 <= passing.number < 110
        assert read_number(passing.pixels) == passing.number
        assert passing.time == clip.index.time(passing.number)
        assert read_number(access.exact(110).pixels) == 110
    with FrameAccess(clip, cache_bytes=0) as access:
        with pytest.raises(Cancelled):
            access.exact(110, cancel=Cancel(after=5))
        assert access.passing() is None


def test_prefetch_ends_at_the_ends_of_the_clip(clip: ProbedClip) -> None:
    with FrameAccess(clip) as access:
        assert access.prefetch(2, -1) == 1  # nothing is known of the pictures' size yet
        assert access.prefetch(2, -1) == 2
        assert access.prefetch(0, -1) == 0
        assert access.prefetch(118, 1) == 1


def test_a_cancelled_prefetch_goes_on_where_it_was(clip: ProbedClip, decoded: list[int]) -> None:
    with FrameAccess(clip, cache_bytes=30 * PICTURE_BYTES) as access:
        access.keyframe_near(119)
        for _ in range(30):
            access.prefetch(119, -1, Cancel(after=10))
        assert 118 in access._pictures.cache
    assert len(decoded) <= 130


def test_cancel_is_heard_and_nothing_breaks(clip: ProbedClip) -> None:
    with FrameAccess(clip) as access:
        with pytest.raises(Cancelled):
            access.exact(110, cancel=Cancel(after=5))
        assert read_number(access.exact(110).pixels) == 110


@pytest.mark.parametrize("number", [-1, 120])
def test_there_is_no_such_frame(clip: ProbedClip, number: int) -> None:
    with FrameAccess(clip) as access:
        for ask in (access.exact, access.keyframe_near, lambda n: access.prefetch(n, 1)):
            with pytest.raises(IndexError):
                ask(number)


def test_a_container_that_seeks_wrongly_is_found_out(
    clip: ProbedClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lands_late(self: PictureSource, target: int, *, in_bytes: bool = False) -> bool:
        self._decoder.restart()
        self._container.seek(int(clip.index.pts[-1]), stream=self._stream)
        return True

    monkeypatch.setattr(PictureSource, "_seek", lands_late)
    with FrameAccess(clip) as access:
        for number in (110, 3, 59, 60):
            assert read_number(access.exact(number).pixels) == number


def test_a_keyframe_that_is_none_is_found_out(
    clip: ProbedClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PictureSource, "from_keyframe", lambda *_: None)
    monkeypatch.setattr(PictureSource, "key_picture", lambda *_: None)
    with FrameAccess(clip) as access:
        for number in (110, 3, 119):
            assert read_number(access.exact(number).pixels) == number
        assert access.keyframe_near(119).number == 60


def test_a_clip_that_is_gone_is_missing(clip: ProbedClip) -> None:
    clip.info.path.unlink()
    with pytest.raises(ClipMissing), FrameAccess(clip):
        pass


def test_a_clip_cut_meanwhile_is_lost_not_damaged(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=8, size=(640, 360), b_frames=0)
    clip = probe(path)
    with FrameAccess(clip) as access:
        access.exact(0)
        with path.open("r+b") as file:
            file.truncate(path.stat().st_size // 2)
        for _ in range(2):
            with pytest.raises(ClipLost, match="Source missing at frame 239"):
                access.exact(239)
        assert read_number(access.exact(0).pixels) == 0


def test_a_picture_only_decoding_shows_to_be_broken(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mkv", seconds=2, gop=15, codec="libvpx-vp9")
    whole = probe(path)
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 2, len(data) // 2 + 3000, 7):
        data[place] ^= 0x55
    path.write_bytes(data)
    with FrameReader(whole) as reader:
        delivered = {frame.number: frame.pixels for frame in reader}
    assert len(delivered) < len(whole.index)
    with FrameAccess(whole) as access:
        for number in range(len(whole.index)):
            if number in delivered:
                assert np.array_equal(access.exact(number).pixels, delivered[number])
            else:
                for _ in range(2):
                    with pytest.raises(ClipUnreadable, match=f"Frame {number} of clip.mkv"):
                        access.exact(number)
