"""Paints overlay values into pictures with OpenCV: the output video and the live preview.

Sizes follow the shorter side of the picture, so that a label reads the same on a phone clip and
in 4K. Boxes are snapped to pixels (a smoothed upright edge is only a blurred one); trails and
text are anti-aliased. Everything has a dark edge, to be seen on any ground.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from codefx_desktop.artifacts.paint_found import draw_faces, draw_segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.outlines import Faces, Segments
    from codefx_desktop.domain.overlay import Overlay, OverlayBox, OverlayTrail, Rgb

# WORKAROUND(opencv-python): importing cv2 points Qt at its own plugins, and the window would not
# start. Remove when its Linux wheels come without Qt.
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    if "cv2" in os.environ.get(_name, ""):
        del os.environ[_name]

PREVIEW_WIDTH_PX = 1280

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_EDGE: Rgb = (16, 16, 16)
_DARK: Rgb = (0, 0, 0)
_LIGHT: Rgb = (255, 255, 255)
_ELLIPSIS = ".."


@dataclass(frozen=True, slots=True)
class _Sizes:
    """All sizes for one picture size, in pixels (``scale`` is the font's)."""

    line: int
    edge: int
    overhang: int
    scale: float
    stroke: int
    ascent: int
    label: int
    pad: int


def _sizes(width: int, height: int) -> _Sizes:
    short = min(width, height)
    text = max(8.0, short * 0.0185)  # height of a capital; below 8 pixels digits run together
    stroke = max(1, round(text / 10))
    (_, unit), _ = cv2.getTextSize("X", _FONT, 10.0, 1)
    scale = text * 10.0 / unit
    (_, ascent), descent = cv2.getTextSize("Xg", _FONT, scale, stroke)
    pad = max(2, round(text * 0.25))
    line, edge = max(1, round(short / 280)), max(1, round(short / 1080))
    return _Sizes(
        line=line,
        edge=edge,
        overhang=line // 2 + edge,
        scale=scale,
        stroke=stroke,
        ascent=ascent + pad,
        label=ascent + descent + 2 * pad,
        pad=pad,
    )


class Painter:
    """Paints overlays into pictures of one size. Belongs to one worker at a time.

    Args:
        width: Width of the pictures in pixels.
        height: Height of the pictures in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height
        self._sizes = _sizes(width, height)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures in pixels."""
        return self._width, self._height

    def paint(
        self,
        pixels: npt.NDArray[np.uint8],
        overlay: Overlay,
        segments: Segments | None = None,
        faces: Faces | None = None,
    ) -> npt.NDArray[np.uint8]:
        """Return a copy of a picture with its overlay, over what was segmented and over faces.

        Args:
            pixels: RGB, (H, W, 3), uint8; left as it is.
            overlay: What to draw, in pixels of this picture.
            segments: Objects to be filled and outlined, in pixels of this picture.
            faces: Faces to be framed, in pixels of this picture.

        Returns:
            RGB, (H, W, 3), uint8, C-contiguous, writable.

        Raises:
            ValueError: If the picture has another size.
        """
        if pixels.shape != (self._height, self._width, 3):
            raise ValueError(f"expected ({self._height}, {self._width}, 3), got {pixels.shape}")
        picture = np.array(pixels, order="C")
        if segments is not None:
            draw_segments(picture, segments)
        if faces is not None:
            draw_faces(picture, faces)
        self._draw_trails(picture, overlay.trails)
        # Small boxes last: a large one would hide their labels.
        shown = [(place, box) for box in overlay.boxes if (place := self._place(box))]
        shown.sort(key=lambda item: _area(item[0]), reverse=True)
        for place, box in shown:
            self._draw_box(picture, place, box.color)
        for place, box in shown:
            self._draw_label(picture, place, box)
        return picture

    def _place(self, box: OverlayBox) -> tuple[int, int, int, int] | None:
        """Return a box's edges as pixels within the picture; None where nothing of it is seen."""
        if not all(map(math.isfinite, box.xyxy)):
            return None
        x1, y1, x2, y2 = box.xyxy
        right, bottom = self._width - 1, self._height - 1
        if x2 < 0 or y2 < 0 or x1 > right or y1 > bottom or x2 < x1 or y2 < y1:
            return None
        return (
            round(max(x1, 0)),
            round(max(y1, 0)),
            round(min(x2, right)),
            round(min(y2, bottom)),
        )

    def _draw_trails(self, picture: npt.NDArray[np.uint8], trails: Sequence[OverlayTrail]) -> None:
        lines = [self._polyline(trail) for trail in trails]
        width = self._sizes.line + 2 * self._sizes.edge
        # The dark edge needs no smoothing: the bright line over it brings its own.
        cv2.polylines(picture, [line for line in lines if len(line) > 1], False, _EDGE, width)
        for trail, line in zip(trails, lines, strict=True):
            if len(line) > 1:
                cv2.polylines(picture, [line], False, trail.color, self._sizes.line, cv2.LINE_AA)

    def _polyline(self, trail: OverlayTrail) -> npt.NDArray[np.int32]:
        """Return a trail's points, int32 (N, 2), without those that add nothing."""
        points = np.asarray(trail.points, np.float64).reshape(-1, 2)
        points = points[np.isfinite(points).all(axis=1)]
        far = float(4 * max(self._width, self._height))
        rounded = np.rint(np.clip(points, -far, far)).astype(np.int32)
        moved = np.ones(len(rounded), np.bool_)
        moved[1:] = np.any(rounded[1:] != rounded[:-1], axis=1)
        return rounded[moved]

    def _draw_box(
        self, picture: npt.NDArray[np.uint8], place: tuple[int, int, int, int], color: Rgb
    ) -> None:
        outward, edge = self._sizes.line // 2, self._sizes.edge
        inward = self._sizes.line - outward
        _strips(picture, place, outward + edge, inward + edge, _EDGE)
        _strips(picture, place, outward, inward, color)

    def _draw_label(
        self, picture: npt.NDArray[np.uint8], place: tuple[int, int, int, int], box: OverlayBox
    ) -> None:
        if not box.label:
            return
        sizes = self._sizes
        text, wide = self._fitted(box.label)
        wide = min(wide + 2 * sizes.pad, self._width)
        x = min(max(place[0] - sizes.overhang, 0), self._width - wide)
        y = self._label_top(place)
        picture[y : y + sizes.label, x : x + wide] = box.color
        cv2.putText(
            picture,
            text,
            (x + sizes.pad, y + sizes.ascent),
            _FONT,
            sizes.scale,
            _ink(box.color),
            sizes.stroke,
            cv2.LINE_AA,
        )

    def _label_top(self, place: tuple[int, int, int, int]) -> int:
        """Return the upper edge of a label: above its box, else below a small one, else inside."""
        sizes = self._sizes
        above = place[1] - sizes.overhang - sizes.label
        below = place[3] + sizes.overhang + 1
        if above >= 0:
            return above
        if place[3] - place[1] < 3 * sizes.label and below + sizes.label <= self._height:
            return below
        return min(place[1], max(0, self._height - sizes.label))

    def _fitted(self, label: str) -> tuple[str, int]:
        """Return as much of a label as the picture is wide, and how wide that is."""
        room = self._width - 2 * self._sizes.pad
        text, wide = label, self._text_width(label)
        while wide > room and len(text) > len(_ELLIPSIS):
            text = text.removesuffix(_ELLIPSIS)[:-1] + _ELLIPSIS
            wide = self._text_width(text)
        return text, wide

    def _text_width(self, text: str) -> int:
        (wide, _), _ = cv2.getTextSize(text, _FONT, self._sizes.scale, self._sizes.stroke)
        return int(wide)


def preview(
    pixels: npt.NDArray[np.uint8], max_width: int = PREVIEW_WIDTH_PX
) -> npt.NDArray[np.uint8]:
    """Return a picture no wider than ``max_width``, as a copy of its own.

    Args:
        pixels: RGB, (H, W, 3), uint8.
        max_width: In pixels, at least 1.

    Returns:
        RGB, (h, w, 3), uint8, C-contiguous, same aspect.
    """
    height, width = pixels.shape[:2]
    if width <= max_width:
        return np.array(pixels, order="C")
    wanted = (max_width, max(1, round(height * max_width / width)))
    # Halving by area, then the rest by interpolation: as smooth as area alone, in 40 % of the time.
    while width >= 2 * max_width and height >= 2:
        width, height = width // 2, height // 2
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(cv2.resize(pixels, wanted, interpolation=cv2.INTER_LINEAR))


def _strips(
    picture: npt.NDArray[np.uint8],
    place: tuple[int, int, int, int],
    outward: int,
    inward: int,
    color: Rgb,
) -> None:
    """Draw an outline as four filled strips.

    They take ``outward`` pixels outside the rectangle's own edge and ``inward`` from it inwards.

    OpenCV's own thick outlines come out up to two pixels thicker than they are asked for.
    """
    x1, y1, x2, y2 = place
    left, top, right, bottom = x1 - outward, y1 - outward, x2 + outward, y2 + outward
    across = outward + inward - 1
    for corner, opposite in (
        ((left, top), (right, top + across)),
        ((left, bottom - across), (right, bottom)),
        ((left, top), (left + across, bottom)),
        ((right - across, top), (right, bottom)),
    ):
        cv2.rectangle(picture, corner, opposite, color, cv2.FILLED)


def _area(place: tuple[int, int, int, int]) -> int:
    return (place[2] - place[0]) * (place[3] - place[1])


def _ink(color: Rgb) -> Rgb:
    """Return black or white, whichever stands out more on a colour.

    Source: WCAG 2.2, relative luminance; 0.179 is where both have the same contrast ratio.
    """
    parts = (value / 255 for value in color)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return _DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else _LIGHT
