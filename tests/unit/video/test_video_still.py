"""Frames as picture files: nothing lost, whole or not at all, never over the footage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from clips import picture

from codefx_desktop.domain.errors import NoSpace, NotWritable
from codefx_desktop.video import still
from codefx_desktop.video.still import png, write_still

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = picture(5)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("size", [(320, 180), (321, 181), (1, 1), (34, 720)])
def test_another_reader_finds_the_same_pixels(tmp_path: Path, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    pixels.setflags(write=False)
    write_still(pixels, tmp_path / "new" / "still.png")
    read = cv2.imread(str(tmp_path / "new" / "still.png"))
    assert np.array_equal(read[:, :, ::-1], pixels)
    assert names(tmp_path / "new") == ["still.png"]


def test_rows_that_lie_apart_are_written_as_they_are_shown() -> None:
    apart = np.random.default_rng(2).integers(0, 256, (20, 64, 3), dtype=np.uint8)[:, :34]
    assert png(apart) == png(apart.copy())


def test_it_claims_no_size_in_metres() -> None:
    data = png(PICTURE)
    at = data.find(b"pHYs")
    assert at < 0 or data[at + 4 : at + 13] == b"\0\0\0\x01\0\0\0\x01\0"


def test_a_former_still_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "still.png"
    target.write_bytes(b"former")
    write_still(PICTURE, target)
    assert target.read_bytes() == png(PICTURE)


def test_the_footage_is_kept(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"footage")
    with pytest.raises(NotWritable, match="footage itself"):
        write_still(PICTURE, clip, keep=clip)
    assert clip.read_bytes() == b"footage"


def test_a_full_disk_leaves_the_former_still_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "still.png"
    target.write_bytes(b"former")
    monkeypatch.setattr(still, "flush_to_disk", full)
    with pytest.raises(NoSpace):
        write_still(PICTURE, target)
    assert target.read_bytes() == b"former"
    assert names(tmp_path) == ["still.png"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritable):
        write_still(PICTURE, tmp_path / "file" / "still.png")
