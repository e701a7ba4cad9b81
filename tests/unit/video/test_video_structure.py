"""What a file's own structure promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clips import make_clip

from codefx_desktop.video.structure import UnitChecker, missing_bytes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi", ".ts", ".mov", ".webm"])
def test_a_cut_file_is_told_from_a_whole_one(tmp_path: Path, suffix: str) -> None:
    codec = {".webm": "libvpx-vp9", ".avi": "mpeg4"}.get(suffix, "libx264")
    clip = make_clip(tmp_path / f"clip{suffix}", seconds=0.5, codec=codec)
    data = clip.read_bytes()
    assert missing_bytes(clip, len(data)) == 0
    keep = len(data) * 6 // 10 + 1
    clip.write_bytes(data[:keep])
    assert missing_bytes(clip, keep) > 0


@pytest.mark.parametrize("head", [b"", b"\x1a\x45\xdf\xa3", b"RIFF", b"\0\0\0\x08ftyp", b"\x47"])
def test_stumps_do_not_crash_it(tmp_path: Path, head: bytes) -> None:
    stump = tmp_path / "stump.mp4"
    stump.write_bytes(head)
    assert missing_bytes(stump, len(head)) >= 0


def test_boxes_that_lead_nowhere_end_the_walk(tmp_path: Path) -> None:
    looping = tmp_path / "loop.mp4"
    looping.write_bytes(b"\0\0\0\x08ftyp" + b"\0\0\0\x02free" * 100)
    assert missing_bytes(looping, looping.stat().st_size) == 0


def boxes(*kinds: bytes, length: int = 100) -> bytes:
    head = (length + 8).to_bytes(4, "big")
    return b"".join(head + kind + bytes(length) for kind in kinds)


def test_what_lies_behind_the_last_box_promises_nothing(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(boxes(b"ftyp", b"mdat", b"moov") + bytes(range(255, 0, -1)))
    assert missing_bytes(clip, clip.stat().st_size) == 0
    clip.write_bytes(boxes(b"ftyp", b"mdat", b"moov")[:-30])
    assert missing_bytes(clip, clip.stat().st_size) == 30


@pytest.mark.parametrize("wide", [False, True])
def test_an_index_promises_its_fragments(tmp_path: Path, wide: bool) -> None:
    clip, place = tmp_path / "clip.mp4", 8 if wide else 4
    entries = b"".join((216).to_bytes(4, "big") + bytes(8) for _ in range(3))
    index = bytes([wide]) + bytes(11 + 2 * place + 2) + b"\0\3" + entries
    head = (len(index) + 8).to_bytes(4, "big") + b"sidx" + index
    whole = boxes(b"ftyp", b"moov") + head + boxes(b"moof", b"mdat") * 3
    clip.write_bytes(whole)
    assert missing_bytes(clip, len(whole)) == 0
    clip.write_bytes(whole[:-216])
    assert missing_bytes(clip, len(whole) - 216) == 216


@pytest.mark.parametrize("before", [0, 4])
def test_transport_packets_are_counted_from_the_end(tmp_path: Path, before: int) -> None:
    clip = tmp_path / "clip.ts"
    packet = bytes(before) + b"\x47" + bytes(range(187))
    clip.write_bytes(packet * 9 + b"noise" + packet * 30)
    assert missing_bytes(clip, clip.stat().st_size) == 0
    clip.write_bytes(packet * 9 + b"noise" + packet * 30 + packet[:100])
    assert missing_bytes(clip, clip.stat().st_size) == len(packet) - 100


def unit(length: int, content: bytes) -> bytes:
    return length.to_bytes(4, "big") + content


@pytest.mark.parametrize(
    ("packet", "broken"),
    [
        (unit(3, b"\x65ab") + unit(2, b"\x41c"), False),
        (unit(3, b"\x65ab") + unit(200, b"\x41c"), True),
        (unit(0, b""), True),
        (bytes(64), True),
        (unit(2, b"\xe5a"), True),
        (unit(3, b"\x65ab") + b"\0\0", True),
    ],
)
def test_units_of_a_packet(packet: bytes, broken: bool) -> None:
    checker = UnitChecker("h264", bytes([1, 100, 0, 30, 0xFF, 0xE1]))
    assert checker.is_broken(memoryview(packet)) is broken


def test_units_are_not_judged_where_their_form_is_unknown() -> None:
    assert not UnitChecker("h264", None).is_broken(memoryview(bytes(64)))
    assert not UnitChecker("vp9", b"\1" * 40).is_broken(memoryview(bytes(64)))
