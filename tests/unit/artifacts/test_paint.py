"""Painting: what is drawn, where, in which colour, at any size, and how fast."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest
from counting import calls

from codefx_desktop.artifacts.paint import Painter, preview
from codefx_desktop.domain.overlay import (
    PALETTE,
    Overlay,
    OverlayBox,
    OverlayTrail,
    Rgb,
    class_color,
)

SIZES = [(320, 180), (1280, 720), (3840, 2160), (720, 1280), (1021, 501)]
GREY = 90


def picture(width: int, height: int) -> npt.NDArray[np.uint8]:
    pixels = np.full((height, width, 3), GREY, np.uint8)
    pixels.setflags(write=False)
    return pixels


def changed(painted: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return np.asarray((painted != GREY).any(axis=2))


def box(*xyxy: float, label: str = "", color: Rgb = (230, 159, 0), track_id: int = 1) -> OverlayBox:
    x1, y1, x2, y2 = xyxy
    return OverlayBox((x1, y1, x2, y2), color, label, track_id)


def overlay(*boxes: OverlayBox, trails: tuple[OverlayTrail, ...] = ()) -> Overlay:
    return Overlay(0, 0.0, boxes, trails)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_copy_is_painted(width: int, height: int) -> None:
    pixels = picture(width, height)
    painted = Painter(width, height).paint(pixels, overlay())
    assert painted is not pixels
    assert (painted == pixels).all()
    assert painted.flags.writeable
    assert painted.flags.c_contiguous
    turned = np.asfortranarray(pixels)
    assert Painter(width, height).paint(turned, overlay()).flags.c_contiguous


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        Painter(64, 48).paint(picture(48, 64), overlay())


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_box_is_where_it_is_said_to_be(width: int, height: int) -> None:
    x1, y1, x2, y2 = width * 0.3, height * 0.4, width * 0.6, height * 0.8
    painted = Painter(width, height).paint(picture(width, height), overlay(box(x1, y1, x2, y2)))
    middle_x, middle_y = round((x1 + x2) / 2), round((y1 + y2) / 2)
    for x, y in ((x1, middle_y), (x2, middle_y), (middle_x, y1), (middle_x, y2)):
        assert tuple(painted[round(y), round(x)]) == (230, 159, 0)
    assert tuple(painted[middle_y, middle_x]) == (GREY, GREY, GREY)
    thick = changed(painted)[middle_y, :middle_x].sum()
    assert 3 <= thick <= max(3, min(width, height) * 0.008), "line with its dark edges"
    rows, columns = np.nonzero(changed(painted))
    assert rows.min() > y1 - thick
    assert columns.max() < x2 + thick


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(
    "place",
    [(0.4, 0.5, 0.6, 0.9), (-0.1, -0.1, 0.1, 0.1), (0.95, 0.0, 1.3, 0.02), (0.9, 0.9, 1.0, 1.0)],
)
def test_a_label_is_whole_and_stays_inside(
    width: int, height: int, place: tuple[float, float, float, float]
) -> None:
    x1, y1, x2, y2 = (part * size for part, size in zip(place, (width, height) * 2, strict=True))
    painter = Painter(width, height)
    bare = painter.paint(picture(width, height), overlay(box(x1, y1, x2, y2)))
    full = painter.paint(picture(width, height), overlay(box(x1, y1, x2, y2, label="car #7 0.87")))
    rows, columns = np.nonzero((bare != full).any(axis=2))
    assert rows.max() - rows.min() + 1 >= max(11, min(width, height) * 0.025)
    # As wide as where there is room on every side: nothing of it is cut off.
    free = painter.paint(
        picture(width, height),
        overlay(box(width * 0.4, height * 0.5, width * 0.41, height * 0.51, label="car #7 0.87")),
    )
    assert changed(free).any(axis=0).sum() <= columns.max() - columns.min() + 1 + width * 0.02
    label = full[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1, 0]
    assert (label < 115).mean() > 0.05, "dark letters on the bright class colour"


def test_text_stands_out_on_every_class_colour() -> None:
    def light(color: npt.NDArray[np.float64]) -> float:
        part = color / 255
        part = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        return float(part @ [0.2126, 0.7152, 0.0722])

    for color in PALETTE:
        painted = Painter(1280, 720).paint(
            picture(1280, 720), overlay(box(100, 300, 900, 600, label="wheel_gun", color=color))
        )
        label = painted[270:290, 102:190].reshape(-1, 3).astype(np.float64)
        ground = light(np.asarray(color, np.float64))
        ink = max((light(pixel) for pixel in label), key=lambda value: abs(value - ground))
        ratio = (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05)
        assert ratio >= 4.5, f"{color}: WCAG AA asks for 4.5, this is {ratio:.1f}"


def test_a_label_wider_than_the_picture_is_shortened() -> None:
    painted = Painter(64, 64).paint(picture(64, 64), overlay(box(5, 30, 60, 60, label="x" * 200)))
    assert changed(painted)[:, -1].any()


def test_the_label_of_a_small_box_is_not_hidden() -> None:
    small = box(200, 300, 230, 330, label="gun", color=class_color(1), track_id=2)
    large = box(190, 330, 600, 600, label="car #1 0.99", color=class_color(0))
    for order in ((small, large), (large, small)):
        painted = Painter(1280, 720).paint(picture(1280, 720), overlay(*order))
        band = painted[270:300, 200:225].reshape(-1, 3)
        assert (band == class_color(1)).all(axis=1).mean() > 0.4


def test_a_trail_is_drawn_from_point_to_point() -> None:
    trail = OverlayTrail(((100, 100), (100, 100), (400, 300)), (86, 180, 233), 1)
    painted = Painter(1280, 720).paint(picture(1280, 720), overlay(trails=(trail,)))
    assert tuple(painted[200, 250]) == (86, 180, 233)
    assert len(np.unique(painted.reshape(-1, 3), axis=0)) > 5, "no smooth edges"
    dot = OverlayTrail(((100, 100),), (86, 180, 233), 1)
    assert not changed(Painter(1280, 720).paint(picture(1280, 720), overlay(trails=(dot,)))).any()


def test_what_cannot_be_drawn_is_left_out() -> None:
    nan, far = float("nan"), 1e12
    painter = Painter(320, 180)
    outside = (
        box(nan, 0, 10, 10, label="a"),
        box(0, 0, float("inf"), 10, label="b"),
        box(-50, -50, -10, -10, label="c"),
        box(400, 0, 500, 50, label="d"),
        box(50, 50, 40, 40, label="e"),
    )
    trails = (OverlayTrail(((nan, nan), (nan, 1)), (1, 2, 3), 1),)
    assert not changed(painter.paint(picture(320, 180), overlay(*outside, trails=trails))).any()
    wild = OverlayTrail(((-far, 90), (far, 90)), (255, 255, 255), 1)
    painted = painter.paint(
        picture(320, 180), overlay(box(-far, -far, far, far, label="x"), trails=(wild,))
    )
    assert painted[90, 160].min() > 200


@pytest.mark.parametrize(
    ("width", "height", "wide", "expected"),
    [
        (3840, 2160, 1280, (720, 1280)),
        (1920, 1080, 1280, (720, 1280)),
        (1281, 721, 1280, (720, 1280)),
        (1280, 720, 1280, (720, 1280)),
        (320, 180, 1280, (180, 320)),
        (5001, 3, 640, (1, 640)),
        (4000, 1, 1000, (1, 1000)),
    ],
)
def test_a_preview_is_never_wider(
    width: int, height: int, wide: int, expected: tuple[int, int]
) -> None:
    pixels = picture(width, height)
    shown = preview(pixels, wide)
    assert shown.shape == (*expected, 3)
    assert shown.flags.c_contiguous
    assert not np.shares_memory(shown, pixels)
    assert (shown == GREY).all()


def test_a_preview_shows_thin_lines_of_a_large_picture() -> None:
    pixels = np.zeros((2160, 3840, 3), np.uint8)
    pixels[:, 1000:1002] = 255
    assert preview(pixels)[300, 325:345].max() > 80


def test_painting_keeps_up_with_the_video() -> None:
    """Nothing is done for each pixel, nor for each point of a way; alone it takes 2.6 ms."""
    generator = np.random.default_rng(1)
    boxes, trails = [], []
    for number in range(25):
        x, y = generator.uniform(0, 1100), generator.uniform(0, 600)
        color = class_color(number)
        boxes.append(box(x, y, x + 120, y + 90, label=f"wheel_gun #{number} 0.87", color=color))
        points = np.cumsum(generator.normal(2, 3, (30, 2)), 0) + np.array([x, y])
        trails.append(OverlayTrail(tuple(map(tuple, points.tolist())), color, number))
    painter, pixels = Painter(1280, 720), picture(1280, 720)
    drawing = overlay(*boxes, trails=tuple(trails))
    painter.paint(pixels, drawing)
    plain = calls(lambda: painter.paint(pixels, overlay()))
    assert calls(lambda: painter.paint(pixels, drawing)) - plain < 25 * 80


def test_the_window_can_start_after_painting() -> None:
    """Importing OpenCV must not leave Qt looking for its plugins in OpenCV's folder."""
    script = (
        "import os, codefx_desktop.artifacts.paint as p;"
        "print(os.environ.get('QT_QPA_PLATFORM_PLUGIN_PATH'), os.environ.get('QT_QPA_FONTDIR'))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "None None\n"
