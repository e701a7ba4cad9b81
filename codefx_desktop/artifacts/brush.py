"""A picture and the tools to write and draw on it with OpenCV, in sizes that suit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.stop_overlay import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.domain.stop_overlay import PointPx

Points = npt.NDArray[np.int32]
"""int32 (N, 2), in the fixed-point form that OpenCV draws (``Brush.fixed``)."""

BACK: Final[Rgb] = (14, 16, 20)
"""The dark ground of text, and of edges."""
REGULAR, BOLD = 480, 700
"""Weights of letters."""

_SHIFT: Final = 4
"""Binary digits after the point that OpenCV is given."""
_TURN: Final = np.linspace(0.0, 2 * np.pi, 20, endpoint=False) + np.pi / 20
_ARCS: Final = np.column_stack((np.cos(_TURN), np.sin(_TURN)))
_SIDES: Final = np.sign(_ARCS)


class Brush:
    """A picture, and sizes that suit it: ``unit`` (letters), ``line`` and ``edge``, in pixels.

    Args:
        picture: RGB, (H, W, 3), uint8, C-contiguous, writable; changed in place.
    """

    def __init__(self, picture: Pixels) -> None:
        self.picture = picture
        self.height: int = picture.shape[0]
        self.width: int = picture.shape[1]
        short = min(self.height, self.width)
        self.unit = max(10, round(short * 0.0205))
        self.line = max(1, round(short / 400))
        self.edge = max(1, round(short / 1080))
        self._face = cv2.FontFace("sans")

    def text(
        self, xy: tuple[float, float], text: str, size: float, color: Rgb, weight: int = REGULAR
    ) -> float:
        """Write from a point on the base line; return where it ends."""
        place = (round(xy[0]), round(xy[1]))
        end = cv2.putText(self.picture, text, place, color, self._face, round(size), weight)[0]
        return float(end[0])

    def text_right(
        self, xy: tuple[float, float], text: str, size: float, color: Rgb, weight: int = REGULAR
    ) -> None:
        """Write up to a point on the base line."""
        self.text((xy[0] - self.wide(text, size, weight), xy[1]), text, size, color, weight)

    def wide(self, text: str, size: float, weight: int = REGULAR) -> int:
        """Return how wide a text is, pixels."""
        room = (0, 0)
        box = cv2.getTextSize(room, text, (0, 0), self._face, round(size), weight=weight)
        return int(box[2])

    def fitted(self, text: str, size: float, room: float, weight: int = REGULAR) -> str:
        """Return as much of a text as there is room for, pixels."""
        if self.wide(text, size, weight) <= room:
            return text
        while text and self.wide(f"{text}…", size, weight) > room:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def edged(self, points: Points, color: Rgb, *, is_closed: bool = True) -> None:
        """Draw a line with a dark edge, which needs no smoothing: the line brings its own."""
        wide = self.line + 2 * self.edge
        cv2.polylines(self.picture, [points], is_closed, BACK, wide, cv2.LINE_8, _SHIFT)
        self.lines(points, color, self.line, is_closed=is_closed)

    def lines(self, points: Points, color: Rgb, wide: int, *, is_closed: bool = True) -> None:
        """Draw a line through points, or around them."""
        cv2.polylines(self.picture, [points], is_closed, color, wide, cv2.LINE_AA, _SHIFT)

    def fill(self, points: Points, color: Rgb) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self.picture, [points], color, cv2.LINE_AA, _SHIFT)

    def plate(self, x: float, y: float, wide: float, high: float) -> None:
        """Fill a rectangle with the ground of text."""
        corners = (round(x), round(y)), (round(x + wide), round(y + high))
        cv2.rectangle(self.picture, *corners, BACK, cv2.FILLED)

    def dot(self, xy: PointPx, radius: float, color: Rgb) -> None:
        """Draw a disc with a dark edge."""
        (center,) = self.fixed((xy,)).tolist()
        for ink, reach in ((BACK, radius + self.edge), (color, radius)):
            around = round(reach * (1 << _SHIFT))
            cv2.circle(self.picture, center, around, ink, cv2.FILLED, cv2.LINE_AA, _SHIFT)

    def tint(self, points: Points, color: Rgb, share: float) -> None:
        """Mix a colour into a polygon, within the rectangle it takes and nowhere else."""
        x, y, wide, high = cv2.boundingRect(points)
        left, top = max(x >> _SHIFT, 0), max(y >> _SHIFT, 0)
        right = min(((x + wide) >> _SHIFT) + 1, self.width)
        bottom = min(((y + high) >> _SHIFT) + 1, self.height)
        if left >= right or top >= bottom:
            return
        region = self.picture[top:bottom, left:right]
        mask = np.zeros(region.shape[:2], np.uint8)
        cv2.fillPoly(mask, [points - (left << _SHIFT, top << _SHIFT)], 255, cv2.LINE_8, _SHIFT)
        red, green, blue = (share * part for part in color)
        mixed = cv2.convertScaleAbs(region, alpha=1 - share)
        cv2.add(mixed, (red, green, blue, 0.0), mixed)
        cv2.copyTo(mixed, mask, region)

    def sign(self, xy: tuple[float, float], radius: float, progress: Progress, color: Rgb) -> None:
        """Draw the shape that says how far a task is."""
        x, y = xy
        wide = max(self.line, round(radius / 3))
        if progress is Progress.RUNNING:
            back = x - 0.8 * radius
            arrow = ((back, y - radius), (x + radius, y), (back, y + radius))
            self.fill(self.fixed(arrow), color)
        elif progress is Progress.DONE:
            tick = (
                (x - radius, y),
                (x - 0.3 * radius, y + 0.75 * radius),
                (x + radius, y - 0.8 * radius),
            )
            self.lines(self.fixed(tick), color, wide, is_closed=False)
        elif progress is Progress.UNKNOWN:
            half = 0.75 * radius
            for slope in (-half, half):
                cross = ((x - half, y - slope), (x + half, y + slope))
                self.lines(self.fixed(cross), color, wide, is_closed=False)
        else:
            (center,) = self.fixed((xy,)).tolist()
            around = round(0.85 * radius * (1 << _SHIFT))
            cv2.circle(self.picture, center, around, color, wide, cv2.LINE_AA, _SHIFT)

    def fixed(self, points: Sequence[PointPx] | npt.NDArray[np.float64]) -> Points:
        """Return points, int32 (N, 2), in the fixed-point form that OpenCV draws."""
        far = 4 * max(self.width, self.height)
        near = np.clip(np.asarray(points, np.float64), -far, far)
        return np.rint(near * (1 << _SHIFT)).astype(np.int32)


def rounded(x: float, y: float, wide: float, high: float, radius: float) -> npt.NDArray[np.float64]:
    """Return the outline of a rectangle with round corners, float64 (20, 2), pixels."""
    half = np.array((wide / 2, high / 2))
    outline: npt.NDArray[np.float64] = half + (x, y) + _SIDES * (half - radius) + radius * _ARCS
    return outline


def bright(color: Rgb) -> Rgb:
    """Return a colour as text on a dark ground has it: letters are thin and need more light."""
    return mixed_color(color, (255, 255, 255), 0.7)


def mixed_color(color: Rgb, ground: Rgb, share: float) -> Rgb:
    """Return a colour over a ground, of which it covers a share."""
    red, green, blue = (
        round(share * a + (1 - share) * b) for a, b in zip(color, ground, strict=True)
    )
    return red, green, blue
