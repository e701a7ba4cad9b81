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
