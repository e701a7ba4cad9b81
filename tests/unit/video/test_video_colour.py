"""Colours as the standards have them, from files of every kind that cameras write."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import colours
import numpy as np
import pytest
from colours import Stored

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.picture import PictureConverter
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.thumbnail import thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from colours import Colour

GREYS: list[Colour] = [(step / 16,) * 3 for step in range(17)]  # type: ignore[misc]
BARS: list[Colour] = [(red, green, blue) for red, green, blue in product((0.0, 0.75), repeat=3)] + [
    (0.75, 0.25, 0.25),
    (0.25, 0.6, 0.3),
    (0.2, 0.3, 0.7),
]
SKIN: list[Colour] = [(0.80, 0.62, 0.52), (0.62, 0.46, 0.38), (0.40, 0.29, 0.24)]
PQ_SKIN: list[Colour] = [(0.55, 0.48, 0.44), (0.48, 0.41, 0.37), (0.38, 0.31, 0.28)]
"""Light to dark."""
HLG = Stored("bt2020", bits=10, transfer="hlg", primaries="bt2020")
PQ = Stored("bt2020", bits=10, transfer="pq", primaries="bt2020")
WIDE = Stored("bt2020", bits=10, transfer="bt709", primaries="bt2020")


def converted(stored: Stored, signals: Sequence[Colour], least_width: int = 0) -> np.ndarray:
    picture = colours.patches(stored, signals, least_width=least_width)
    converter = PictureConverter(picture.width, picture.height)
    ((_, pixels),) = converter.push(picture, 0)
    return colours.middles(pixels, len(signals))


def expected(stored: Stored, signals: Sequence[Colour]) -> np.ndarray:
    return np.array([stored.shown(signal) for signal in signals])


@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("matrix", ["bt601", "bt709", "bt2020"])
def test_matrix_range_and_depth_are_those_of_the_standards(
    matrix: str, bits: int, full: bool
) -> None:
    stored = Stored(matrix, full, bits)
    signals = GREYS + BARS + SKIN
    difference = converted(stored, signals) - expected(stored, signals)
    # The quick conversion of 8 bits cuts off where it should round.
    limit = 3 if bits == 8 else 1.1
    assert np.abs(difference).max() <= limit


@pytest.mark.parametrize(("width", "matrix"), [(0, "bt601"), (1280, "bt709")])
def test_unnamed_colours_are_those_of_the_size(width: int, matrix: str) -> None:
    stored = Stored(matrix, tagged=False)
    difference = converted(stored, BARS, least_width=width) - expected(stored, BARS)
    assert np.abs(difference).max() <= 3


@pytest.mark.parametrize("stored", [HLG, PQ, WIDE], ids=["hlg", "pq", "bt2020"])
class TestWideColours:
    def test_greys_stay_neutral_and_in_order(self, stored: Stored) -> None:
        signals: list[Colour] = [(step / 128,) * 3 for step in range(129)]  # type: ignore[misc]
        found, right = converted(stored, signals), expected(stored, signals)
        assert np.ptp(found, axis=1).max() <= 1
        assert np.diff(found, axis=0).min() >= 0
        assert found[0].tolist() == [0, 0, 0]
        assert found[-1].tolist() == [255, 255, 255]
        difference = np.abs(found - right)
        assert difference.max() <= 3
        assert difference[right.min(axis=1) > 20].max() <= 2

    def test_skin_is_that_of_the_formulas(self, stored: Stored) -> None:
        skin = PQ_SKIN if stored is PQ else SKIN
        assert np.abs(converted(stored, skin) - expected(stored, skin)).max() <= 2

    def test_so_are_all_other_colours(self, stored: Stored) -> None:
        signals = list(product((0.1, 0.25, 0.4, 0.55, 0.7), repeat=3))
        found, right = converted(stored, signals), expected(stored, signals)
        difference = np.abs(found - right)
        # At the edge of what BT.709 can show, a channel is close to black, where gamma is steep.
        assert np.median(difference) <= 1
        assert difference.max() <= 20
        assert difference[right.min(axis=1) > 24].max() <= 5


def test_reference_white_and_grey_card_are_equally_bright_in_hlg_and_pq() -> None:
    """BT.2408-7, table 1: 203 cd/m² is 75 % HLG and 58 % PQ, 26 cd/m² is 38 % of both."""
    hlg = converted(HLG, [(0.75,) * 3, (0.38,) * 3])[:, 0]
    pq = converted(PQ, [(0.5807,) * 3, (0.38,) * 3])[:, 0]
    assert np.abs(hlg - pq).max() <= 1
    assert hlg[0] == pytest.approx(230, abs=1)
    assert hlg[1] == pytest.approx(255 * (26 / 203) ** (1 / 2.4), abs=2)


def test_hdr_without_primaries_is_that_of_bt2020() -> None:
    unnamed = Stored("bt2020", bits=10, transfer="hlg", primaries="")
    assert np.array_equal(converted(unnamed, BARS), converted(HLG, BARS))


def test_hdr_of_bt709_primaries_keeps_its_hue() -> None:
    found = converted(Stored("bt709", bits=10, transfer="hlg"), [(0.6, 0.1, 0.1)])[0]
    wide = converted(HLG, [(0.6, 0.1, 0.1)])[0]
    assert found[0] > 2 * found[1]
    assert wide[1] < found[1]  # the same numbers mean a stronger red there


def test_display_p3_becomes_bt709() -> None:
    """BT.709's red and a grey, in the P3 of phones. Source: matrix of Display P3, D65."""
    red = [value ** (1 / 2.4) for value in (0.8225, 0.0332, 0.0171)]
    picture = colours.patches(Stored(bits=10), [(red[0], red[1], red[2]), (0.5, 0.5, 0.5)])
    picture.color_primaries = 12
    ((_, pixels),) = PictureConverter(picture.width, picture.height).push(picture, 0)
    assert np.abs(colours.middles(pixels, 2) - [[255, 5, 5], [127, 127, 127]]).max() <= 6


def test_the_converter_follows_a_clip_that_changes_its_transfer() -> None:
    converter = PictureConverter(colours.SIDE, colours.SIDE)
    seen = []
    for number, stored in enumerate((HLG, WIDE, HLG)):
        picture = colours.patches(stored, [(0.5, 0.5, 0.5)])
        seen += [pixels[16, 16, 0] for _, pixels in converter.push(picture, number)]
    assert seen[0] == seen[2] != seen[1]


def test_without_a_place_for_temporary_files_only_wide_colours_are_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert converted(Stored(), [(1.0, 1.0, 1.0)]).tolist() == [[255, 255, 255]]
    with pytest.raises(NotWritable):
        converted(HLG, [(0.5, 0.5, 0.5)])


CLIPS = {
    "h264-8-bt709": ("libx264", Stored()),
    "h264-8-bt601": ("libx264", Stored("bt601")),
    "h264-8-full": ("libx264", Stored(full=True)),
    "h264-10-bt709": ("libx264", Stored(bits=10)),
    "h264-10-full": ("libx264", Stored(bits=10, full=True)),
    "hevc-8-bt2020": ("libx265", Stored("bt2020", primaries="bt2020")),
    "hevc-10-bt709": ("libx265", Stored(bits=10)),
    "hevc-10-bt2020": ("libx265", WIDE),
    "hevc-10-hlg": ("libx265", HLG),
    "hevc-10-pq": ("libx265", PQ),
    "hevc-12-pq": ("libx265", replace(PQ, bits=12)),
}


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_shows_its_bars_however_it_is_read(tmp_path: Path, name: str) -> None:
    codec, stored = CLIPS[name]
    signals = [*GREYS[::4], *PQ_SKIN, (0.55, 0.5, 0.48), (0.48, 0.5, 0.55), (0.5, 0.55, 0.5)]
    clip = probe(colours.write_patches(tmp_path / "bars.mov", stored, signals, codec=codec))
    with FrameReader(clip) as reader:
        frames = list(reader)
    with FrameAccess(clip) as access:
        for frame in reversed(frames):
            assert np.array_equal(access.exact(frame.number).pixels, frame.pixels)
    found = colours.middles(frames[0].pixels, len(signals))
    limit = 3 if stored.bits == 8 else 2
    assert np.abs(found - expected(stored, signals)).max() <= limit
    info = clip.info
    assert (info.color_transfer, info.color_primaries) == (stored.transfer, stored.primaries)
    assert (info.color_matrix, info.color_range) == (
        stored.matrix,
        "full" if stored.full else "limited",
    )
    small = thumbnail(clip.info.path, width_px=clip.info.width // 2)
    half = colours.middles(np.repeat(np.repeat(small, 2, axis=0), 2, axis=1), len(signals))
    assert np.abs(half - found).max() <= 2
