"""Paints what is told of a pit stop into pictures with OpenCV: zones, corners, clock and chain.

Sizes follow the shorter side of the picture. Text stands on a dark translucent panel, on which it
reads the same over a night shot and over white concrete; what lies on the picture itself has a
dark edge. How far a task is has a shape besides its colour: a ring waits, a triangle runs, a tick
is done, a cross was not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.stop_overlay import PanelCorner, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.domain.stop_overlay import (
        ChainLine,
        CornerMark,
        CornerTime,
        PointPx,
        StopClock,
        StopOverlay,
        ZoneShown,
    )

Points = npt.NDArray[np.int32]

_INK: Final[Rgb] = (245, 246, 248)
_MUTED: Final[Rgb] = (178, 184, 192)
_BACK: Final[Rgb] = (14, 16, 20)
_RIM: Final[Rgb] = (96, 102, 110)
_SHADE: Final = 0.74
"""How much of the panel is its own: white text keeps a contrast of 7 to 1 over a white picture."""
_FILL: Final = 0.22
"""How much colour a zone gets in which somebody is at work."""
_QUIET: Final = 0.55
_REGULAR, _BOLD = 480, 700
_SHIFT: Final = 4
"""Binary digits after the point that OpenCV is given."""
_TURN: Final = np.linspace(0.0, 2 * np.pi, 20, endpoint=False) + np.pi / 20
_ARCS: Final = np.column_stack((np.cos(_TURN), np.sin(_TURN)))
_SIDES: Final = np.sign(_ARCS)
_ACCENTS: Final[dict[Progress, Rgb]] = {
    Progress.WAITING: (150, 156, 164),
    Progress.RUNNING: (240, 228, 66),
    Progress.DONE: (0, 178, 130),
    Progress.UNKNOWN: (213, 94, 0),
}


def paint_stop(picture: Pixels, overlay: StopOverlay) -> None:
    """Paint a stop's overlay into a picture.

    Args:
        picture: RGB, (H, W, 3), uint8, C-contiguous, writable; changed in place.
        overlay: What to draw, in pixels of this picture.
    """
    brush = _Brush(picture)
    for zone in overlay.zones:
        _paint_zone(brush, zone)
    for corner in overlay.corners:
        _paint_corner(brush, corner)
    if overlay.clock or overlay.corner_times or overlay.chain_room:
        _Panel(brush, overlay).paint()


class _Brush:
    """A picture and the sizes that suit it; ``unit`` is the height of a line's letters, pixels."""

    def __init__(self, picture: Pixels) -> None:
        self.picture = picture
        self.height: int = picture.shape[0]
        self.width: int = picture.shape[1]
        short = min(self.height, self.width)
        self.unit = max(10, round(short * 0.0205))
        self.line = max(1, round(short / 480))
        self.edge = max(1, round(short / 1080))
        self._face = cv2.FontFace("sans")

    def text(
        self, xy: tuple[float, float], text: str, size: float, color: Rgb, weight: int = _REGULAR
    ) -> float:
        """Write from a point on the base line; return where it ends."""
        place = (round(xy[0]), round(xy[1]))
        end = cv2.putText(self.picture, text, place, color, self._face, round(size), weight)[0]
        return float(end[0])

    def text_right(
        self, xy: tuple[float, float], text: str, size: float, color: Rgb, weight: int = _REGULAR
    ) -> None:
        """Write up to a point on the base line."""
        self.text((xy[0] - self.wide(text, size, weight), xy[1]), text, size, color, weight)

    def wide(self, text: str, size: float, weight: int = _REGULAR) -> int:
        """Return how wide a text is, pixels."""
        room = (0, 0)
        box = cv2.getTextSize(room, text, (0, 0), self._face, round(size), weight=weight)
        return int(box[2])

    def lines(self, points: Points, color: Rgb, wide: int, *, is_closed: bool = True) -> None:
        """Draw a line through points, or around them."""
        cv2.polylines(self.picture, [points], is_closed, color, wide, cv2.LINE_AA, _SHIFT)

    def fill(self, points: Points, color: Rgb) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self.picture, [points], color, cv2.LINE_AA, _SHIFT)

    def tint(self, points: Points, color: Rgb, share: float) -> None:
        """Mix a colour into a polygon, within the rectangle it takes and nowhere else."""
        places = points / (1 << _SHIFT)
        left, top = np.clip(np.floor(places.min(axis=0)).astype(int), 0, (self.width, self.height))
        right, bottom = np.clip(
            np.ceil(places.max(axis=0)).astype(int) + 1, 0, (self.width, self.height)
        )
        if left >= right or top >= bottom:
            return
        region = self.picture[top:bottom, left:right]
        mask = np.zeros(region.shape[:2], np.uint8)
        corner = np.array((left, top), np.int32) << _SHIFT
        cv2.fillPoly(mask, [points - corner], 255, cv2.LINE_8, _SHIFT)
        dimmed = cv2.convertScaleAbs(region, alpha=1 - share)
        red, green, blue = (share * part for part in color)
        cv2.add(dimmed, (red, green, blue, 0.0), region, mask)

    def sign(self, xy: tuple[float, float], radius: float, progress: Progress, color: Rgb) -> None:
        """Draw the shape that says how far a task is."""
        x, y = xy
        wide = max(self.line, round(radius / 3))
        if progress is Progress.RUNNING:
            self.fill(self.fixed(((x - 0.8 * radius, y - radius), (x + radius, y),
                                  (x - 0.8 * radius, y + radius))), color)  # fmt: skip
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


def _paint_zone(brush: _Brush, zone: ZoneShown) -> None:
    if len(zone.points) < 3 or not np.isfinite(zone.points).all():
        return
    outline = brush.fixed(zone.points)
    if zone.is_quiet:
        brush.lines(outline, _mixed(zone.color, _BACK, _QUIET), brush.line)
        return
    if zone.is_active:
        brush.tint(outline, zone.color, _FILL)
    brush.lines(outline, _BACK, brush.line + 2 * brush.edge)
    brush.lines(outline, zone.color, brush.line)
    _paint_tag(brush, zone)


def _paint_tag(brush: _Brush, zone: ZoneShown) -> None:
    """Name a zone in its upper left corner."""
    if not zone.label:
        return
    size = 0.82 * brush.unit
    wide, high = brush.wide(zone.label, size, _BOLD) + 0.8 * size, 1.4 * size
    x, y = min(zone.points, key=sum)
    x = min(max(x, 0.0), brush.width - wide)
    y = min(max(y, 0.0), brush.height - high)
    brush.fill(brush.fixed(((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))), _BACK)
    brush.text((x + 0.4 * size, y + 1.05 * size), zone.label, size, _bright(zone.color), _BOLD)


def _paint_corner(brush: _Brush, corner: CornerMark) -> None:
    """Name a corner on a plate beside its hub, so that the work at the hub stays to be seen."""
    if not np.isfinite(corner.xy).all():
        return
    unit, name = brush.unit, corner.place.value
    wide, high = brush.wide(name, unit, _BOLD) + 2.2 * unit, 1.5 * unit
    x = corner.xy[0] + 3.4 * unit * corner.outward[0]
    y = corner.xy[1] + 3.0 * unit * corner.outward[1]
    x = min(max(x, wide / 2 + brush.line), brush.width - wide / 2 - brush.line)
    y = min(max(y, high / 2 + brush.line), brush.height - high / 2 - brush.line)
    leader = brush.fixed((corner.xy, (x, y)))
    for color, line in ((_BACK, brush.line + 2 * brush.edge), (corner.color, brush.line)):
        brush.lines(leader, color, line, is_closed=False)
    (hub,) = brush.fixed((corner.xy,)).tolist()
    for color, radius in ((_BACK, 0.3 * unit + brush.edge), (corner.color, 0.3 * unit)):
        cv2.circle(brush.picture, hub, round(radius * (1 << _SHIFT)), color, cv2.FILLED,
                   cv2.LINE_AA, _SHIFT)  # fmt: skip
    plate = brush.fixed(_rounded(x - wide / 2, y - high / 2, wide, high, 0.4 * unit))
    is_running = corner.progress is Progress.RUNNING
    brush.fill(plate, corner.color if is_running else _BACK)
    brush.lines(plate, _BACK if is_running else corner.color, brush.line)
    ink = _BACK if is_running else _bright(corner.color)
    brush.sign((x - wide / 2 + 0.85 * unit, y), 0.36 * unit, corner.progress, ink)
    brush.text((x - wide / 2 + 1.6 * unit, y + 0.36 * unit), name, unit, ink, _BOLD)


@dataclass(slots=True)
class _Panel:
    """The panel with clock, corner times and chain, written from top to bottom."""

    brush: _Brush
    overlay: StopOverlay
    left: float = 0.0
    right: float = 0.0
    y: float = 0.0

    def paint(self) -> None:
        unit, overlay = self.brush.unit, self.overlay
        rows = self._rows()
        pad, wide = 0.85 * unit, min(20.0 * unit, self.brush.width - 1.0 * unit)
        high = self._high(rows) + 2 * pad
        x, y = self._corner(wide, high)
        outline = self.brush.fixed(_rounded(x, y, wide, high, 0.6 * unit))
        self.brush.tint(outline, _BACK, _SHADE)
        self.brush.lines(outline, _RIM, self.brush.edge)
        self.left, self.right, self.y = x + pad, x + wide - pad, y + pad
        if overlay.clock is not None:
            self._clock(overlay.clock)
        if overlay.corner_times:
            self._corner_times(overlay.corner_times)
        if rows:
            self.y += 0.3 * unit
            for line in overlay.chain[:rows]:
                self._line(line)

    def _rows(self) -> int:
        """Return how many lines of the chain the panel has; a low picture has fewer."""
        spare = 0.6 * self.brush.height - self._high(0)
        return max(0, min(self.overlay.chain_room, int(spare / (1.35 * self.brush.unit))))

    def _high(self, rows: int) -> float:
        """Return how high the panel's content is, pixels."""
        overlay = self.overlay
        units = 0.0
        if overlay.clock is not None:
            units += 4.4 + (1.2 if overlay.clock.note else 0.0)
        units += 1.5 * ((len(overlay.corner_times) + 1) // 2)
        units += 0.3 + 1.35 * rows if rows else 0.0
        return units * self.brush.unit

    def _corner(self, wide: float, high: float) -> tuple[float, float]:
        """Return the panel's upper left corner, pixels."""
        brush, gap = self.brush, 0.8 * self.brush.unit
        corner = self.overlay.panel
        is_left = corner in (PanelCorner.BOTTOM_LEFT, PanelCorner.TOP_LEFT)
        is_top = corner in (PanelCorner.TOP_LEFT, PanelCorner.TOP_RIGHT)
        x = gap if is_left else brush.width - wide - gap
        y = gap if is_top else brush.height - high - gap
        return max(x, 0.0), max(y, 0.0)

    def _clock(self, clock: StopClock) -> None:
        brush, unit = self.brush, self.brush.unit
        accent = _ACCENTS[clock.progress]
        brush.sign(
            (self.left + 0.4 * unit, self.y + 0.55 * unit), 0.4 * unit, clock.progress, accent
        )
        brush.text(
            (self.left + 1.3 * unit, self.y + 0.9 * unit), clock.title, 0.9 * unit, _MUTED, 550
        )
        is_figure = clock.progress in (Progress.RUNNING, Progress.DONE)
        size = (3.0 if is_figure else 2.0) * unit
        end = brush.text((self.left, self.y + 3.9 * unit), clock.time, size, _INK, _BOLD)
        brush.text((end + 0.5 * unit, self.y + 3.9 * unit), clock.plus_minus, 1.2 * unit, _MUTED)
        self.y += 4.4 * unit
        if clock.note:
            brush.text((self.left, self.y + 0.75 * unit), clock.note, 0.85 * unit, _MUTED)
            self.y += 1.2 * unit

    def _corner_times(self, times: Sequence[CornerTime]) -> None:
        brush, unit = self.brush, self.brush.unit
        column = (self.right - self.left + 0.8 * unit) / 2
        for index, one in enumerate(times):
            x = self.left + column * (index % 2)
            base = self.y + 1.05 * unit + 1.5 * unit * (index // 2)
            brush.sign((x + 0.4 * unit, base - 0.37 * unit), 0.38 * unit, one.progress, one.color)
            brush.text((x + 1.2 * unit, base), one.place.value, unit, _bright(one.color), _BOLD)
            is_figure = one.progress is not Progress.UNKNOWN
            end = brush.text(
                (x + 2.9 * unit, base), one.time or "-", unit if is_figure else 0.9 * unit,
                _INK if one.time and is_figure else _MUTED,
            )  # fmt: skip
            brush.text((end + 0.25 * unit, base), one.plus_minus, 0.85 * unit, _MUTED)
        self.y += 1.5 * unit * ((len(times) + 1) // 2)

    def _line(self, line: ChainLine) -> None:
        brush, unit = self.brush, self.brush.unit
        base = self.y + unit
        x = self.left
        if line.place:
            color = _mixed(_bright(line.color), _BACK, line.strength)
            x = brush.text((x, base), line.place.value, 0.95 * unit, color, _BOLD) + 0.4 * unit
        ink, muted = (_mixed(color, _BACK, line.strength) for color in (_INK, _MUTED))
        brush.text((x, base), line.label, 0.95 * unit, ink)
        brush.text_right((self.right, base), line.plus_minus, 0.85 * unit, muted)
        brush.text_right((self.right - 3.0 * unit, base), line.time, 0.95 * unit, ink)
        self.y += 1.35 * unit


def _rounded(
    x: float, y: float, wide: float, high: float, radius: float
) -> npt.NDArray[np.float64]:
    """Return the outline of a rectangle with round corners, float64 (20, 2), pixels."""
    half = np.array((wide / 2, high / 2))
    outline: npt.NDArray[np.float64] = half + (x, y) + _SIDES * (half - radius) + radius * _ARCS
    return outline


def _bright(color: Rgb) -> Rgb:
    """Return a colour as text on a dark ground has it: letters are thin and need more light."""
    return _mixed(color, (255, 255, 255), 0.7)


def _mixed(color: Rgb, ground: Rgb, share: float) -> Rgb:
    red, green, blue = (
        round(share * a + (1 - share) * b) for a, b in zip(color, ground, strict=True)
    )
    return red, green, blue
