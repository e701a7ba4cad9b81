"""A stop's overlay painted: in place, legible on any ground, at any size, whatever it is handed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.artifacts.paint_stop import paint_stop
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_overlay import (
    ChainLine,
    CornerMark,
    CornerTime,
    PanelCorner,
    Progress,
    StopClock,
    StopOverlay,
    ZoneShown,
)

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.overlay import Rgb

ORANGE: Rgb = (230, 159, 0)
GREY = 120
NOTHING = StopOverlay(0, 0.0)
CLOCK = StopClock("Stop 1", "2.31 s", "±0.02", progress=Progress.DONE)
TIMES = tuple(
    CornerTime(place, "2.31 s", "±0.02", ORANGE, progress)
    for place, progress in zip(
        (Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT),
        Progress,
        strict=True,
    )
)
LINES = tuple(
    ChainLine(Place.FRONT_LEFT, "wheel off", "+2.31 s", "±0.02", ORANGE, 1 - 0.05 * age)
    for age in range(6)
)
FULL = replace(NOTHING, clock=CLOCK, corner_times=TIMES, chain=LINES, chain_room=6)
SQUARE = ((40.0, 40.0), (140.0, 40.0), (140.0, 140.0), (40.0, 140.0))


def painted(overlay: StopOverlay, width: int = 640, height: int = 360, grey: int = GREY) -> Pixels:
    picture = np.full((height, width, 3), grey, np.uint8)
    paint_stop(picture, overlay)
    return picture


def touched(picture: Pixels, grey: int = GREY) -> tuple[int, int, int, int]:
    """Return the rectangle that was painted into: left, top, right, bottom."""
    y, x = np.nonzero((picture != grey).any(axis=2))
    return int(x.min()), int(y.min()), int(x.max()), int(y.max())


def luminance(color: Pixels) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = color.astype(float) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def test_nothing_to_draw_changes_nothing() -> None:
    assert (painted(NOTHING) == GREY).all()


@pytest.mark.parametrize("panel", list(PanelCorner))
def test_the_panel_lies_in_its_corner(panel: PanelCorner) -> None:
    left, top, right, bottom = touched(painted(replace(FULL, panel=panel)))
    assert right - left < 640 * 0.4
    assert bottom - top < 360 * 0.43
    assert (left < 20) == panel.endswith("left")
    assert (right > 619) == panel.endswith("right")
    assert (top < 20) == panel.startswith("top")
    assert (bottom > 339) == panel.startswith("bottom")


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (3840, 2160), (1080, 1920), (160, 90)])
def test_it_fits_into_pictures_of_any_size(size: tuple[int, int]) -> None:
    picture = painted(FULL, *size)
    left, top, right, bottom = touched(picture)
    assert 0 <= left < right < size[0]
    assert 0 <= top < bottom < size[1]
    if size == (3840, 2160):  # grows with the picture
        assert right - left == pytest.approx(3 * _width_at_720(), rel=0.04)


def _width_at_720() -> int:
    left, _, right, _ = touched(painted(FULL, 1280, 720))
    return right - left


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_text_stands_out_on_any_ground(grey: int) -> None:
    panel = painted(replace(FULL, panel=PanelCorner.TOP_LEFT), grey=grey)[20:60, 20:100]
    shades = sorted(luminance(color) for color in panel.reshape(-1, 3))
    ground, ink = shades[len(shades) // 2], shades[-1]
    assert (ink + 0.05) / (ground + 0.05) > 7.0


def test_the_panel_keeps_its_size_while_the_chain_grows() -> None:
    begins = painted(replace(FULL, chain=()))
    assert touched(begins) == touched(painted(FULL))


def test_a_zone_is_outlined_filled_only_while_worked_in_and_quiet_without_a_car() -> None:
    zone = ZoneShown("Front left", SQUARE, ORANGE)
    idle, active, quiet = (
        painted(replace(NOTHING, zones=(one,)))
        for one in (zone, replace(zone, is_active=True), replace(zone, is_quiet=True))
    )
    assert (idle[100, 90] == GREY).all()
    assert active[100, 90].tolist() != [GREY] * 3
    assert active[100, 90, 0] > active[100, 90, 2]
    for picture, is_full in ((idle, True), (active, True), (quiet, False)):
        edge = picture[100, 139:142].astype(int)
        assert bool(np.abs(edge - ORANGE).max(axis=1).min() < 30) is is_full
    assert (quiet[45:55, 45:90] == GREY).all()


def test_a_corner_is_named_beside_its_hub_not_on_it() -> None:
    mark = CornerMark(Place.FRONT_LEFT, (320.0, 180.0), (0.0, -1.0), ORANGE, Progress.RUNNING)
    picture = painted(replace(NOTHING, corners=(mark,)))
    assert np.abs(picture[180, 320].astype(int) - ORANGE).max() < 30
    left, top, right, bottom = touched(picture)
    assert top < 150
    assert bottom < 190
    assert left < 320 < right
    out = replace(mark, xy=(-50.0, 180.0))
    assert (painted(replace(NOTHING, corners=(out,))) == GREY).all()


def test_each_progress_has_a_shape_of_its_own() -> None:
    pictures = []
    for progress in Progress:
        time = CornerTime(Place.FRONT_LEFT, "", "", ORANGE, progress)
        overlay = replace(NOTHING, corner_times=(time,))
        pictures.append(painted(overlay).tobytes())
    assert len(set(pictures)) == len(Progress)


def test_odd_values_do_no_harm() -> None:
    far = ((-1e9, 0.0), (1e9, 0.0), (1e9, 1e9))
    lost = ((math.nan, 0.0), (10.0, 10.0), (20.0, math.inf))
    zones = tuple(
        ZoneShown("a very long name " * 10, points, ORANGE, is_active=True)
        for points in (far, lost, SQUARE[:2], ())
    )
    corner = CornerMark(Place.REAR_RIGHT, (math.nan, 1.0), (0.0, 0.0), ORANGE, Progress.UNKNOWN)
    long = replace(CLOCK, title="Stop 1  " + "Škoda 红牛 " * 30, note="slow motion, true seconds")
    painted(replace(FULL, zones=zones, corners=(corner,), clock=long))
    painted(replace(FULL, zones=zones, clock=long), 64, 36)
