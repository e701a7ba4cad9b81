"""Paints what is told of a pit stop into pictures with OpenCV: zones, corners, clock and chain.

Sizes follow the shorter side of the picture. Text stands on a dark translucent panel, on which it
reads the same over a night shot and over white concrete; what lies on the picture itself has a
dark edge. How far a task is has a shape besides its colour: a ring waits, a triangle runs, a tick
is done, a cross was not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.artifacts.brush import BACK, BOLD, Brush, bright, mixed_color, rounded
from codefx_desktop.domain.stop_overlay import PanelCorner, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.domain.stop_overlay import (
        ChainLine,
        CornerMark,
        CornerTime,
        StopClock,
        StopOverlay,
        ZoneShown,
    )


_INK: Final[Rgb] = (245, 246, 248)
_MUTED: Final[Rgb] = (178, 184, 192)
_RIM: Final[Rgb] = (96, 102, 110)
_SHADE: Final = 0.8
"""How much of the panel is its own: white text keeps a contrast of 7 to 1 over a white picture."""
_PAD: Final = 0.85
"""Between the panel's edge and its text, units."""
_HIGHEST: Final = 0.42
"""How much of the picture's height the panel may take."""
_TITLE: Final = 560
"""Weight of the title's letters."""
_FILL: Final = 0.18
"""How much colour a zone gets in which somebody is at work."""
_QUIET: Final = 0.55
_ACCENTS: Final[dict[Progress, Rgb]] = {
    Progress.WAITING: (150, 156, 164),
    Progress.RUNNING: (240, 228, 66),
    Progress.DONE: (0, 178, 130),
    Progress.UNKNOWN: (213, 94, 0),
}
"""Colours of the clock's sign: Okabe and Ito's, the green a little lighter for the dark ground."""


def paint_stop(picture: Pixels, overlay: StopOverlay) -> None:
    """Paint a stop's overlay into a picture.

    Args:
        picture: RGB, (H, W, 3), uint8, C-contiguous, writable; changed in place.
        overlay: What to draw, in pixels of this picture.
    """
    brush = Brush(picture)
    for zone in overlay.zones:
        _paint_zone(brush, zone)
    for corner in overlay.corners:
        _paint_corner(brush, corner)
    if overlay.clock or overlay.corner_times or overlay.chain_room:
        _Panel(brush, overlay).paint()


def _paint_zone(brush: Brush, zone: ZoneShown) -> None:
    if len(zone.points) < 3 or not np.isfinite(zone.points).all():
        return
    outline = brush.fixed(zone.points)
    if zone.is_quiet:
        brush.lines(outline, mixed_color(zone.color, BACK, _QUIET), brush.line)
        return
    if zone.is_active:
        brush.tint(outline, zone.color, _FILL)
    brush.edged(outline, zone.color)
    _paint_tag(brush, zone)


def _paint_tag(brush: Brush, zone: ZoneShown) -> None:
    """Name a zone in its upper left corner."""
    if not zone.label:
        return
    size = 0.82 * brush.unit
    label = brush.fitted(zone.label, size, brush.width / 3, BOLD)
    wide, high = brush.wide(label, size, BOLD) + 0.8 * size, 1.4 * size
    x, y = min(zone.points, key=sum)
    x = min(max(x, 0.0), brush.width - wide)
    y = min(max(y, 0.0), brush.height - high)
    brush.plate(x, y, wide, high)
    brush.text((x + 0.4 * size, y + 1.05 * size), label, size, bright(zone.color), BOLD)


def _paint_corner(brush: Brush, corner: CornerMark) -> None:
    """Name a corner on a plate beside its hub, so that the work at the hub stays to be seen."""
    if not (0 <= corner.xy[0] < brush.width and 0 <= corner.xy[1] < brush.height):
        return
    unit, name = brush.unit, corner.place.value
    wide, high = brush.wide(name, unit, BOLD) + 2.2 * unit, 1.5 * unit
    x = corner.xy[0] + 3.4 * unit * corner.outward[0]
    y = corner.xy[1] + 3.0 * unit * corner.outward[1]
    x = min(max(x, wide / 2 + brush.line), brush.width - wide / 2 - brush.line)
    y = min(max(y, high / 2 + brush.line), brush.height - high / 2 - brush.line)
    brush.edged(brush.fixed((corner.xy, (x, y))), corner.color, is_closed=False)
    brush.dot(corner.xy, 0.3 * unit, corner.color)
    plate = brush.fixed(rounded(x - wide / 2, y - high / 2, wide, high, 0.4 * unit))
    is_running = corner.progress is Progress.RUNNING
    brush.fill(plate, corner.color if is_running else BACK)
    brush.lines(plate, BACK if is_running else corner.color, brush.line)
    ink = BACK if is_running else bright(corner.color)
    brush.sign((x - wide / 2 + 0.85 * unit, y), 0.36 * unit, corner.progress, ink)
    brush.text((x - wide / 2 + 1.6 * unit, y + 0.36 * unit), name, unit, ink, BOLD)


@dataclass(slots=True)
class _Panel:
    """The panel with clock, corner times and chain, written from top to bottom."""

    brush: Brush
    overlay: StopOverlay
    left: float = 0.0
    right: float = 0.0
    y: float = 0.0

    def paint(self) -> None:
        unit, overlay = self.brush.unit, self.overlay
        rows = self._rows()
        pad, wide = _PAD * unit, min(20.0 * unit, self.brush.width - 1.0 * unit)
        high = self._high(rows) + 2 * pad
        x, y = self._corner(wide, high)
        outline = self.brush.fixed(rounded(x, y, wide, high, 0.6 * unit))
        self.brush.tint(outline, BACK, _SHADE)
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
        spare = _HIGHEST * self.brush.height - self._high(0) - 2 * _PAD * self.brush.unit
        return max(0, min(self.overlay.chain_room, int(spare / (1.35 * self.brush.unit))))

    def _high(self, rows: int) -> float:
        """Return how high the panel's content is, pixels."""
        overlay = self.overlay
        units: float = 0.0
        if overlay.clock is not None:
            units += 4.4 + (1.3 if overlay.clock.note else 0.0)
        units += 1.5 * ((len(overlay.corner_times) + 1) // 2)
        units += 0.3 + 1.35 * rows if rows else 0.0
        return float(units * self.brush.unit)

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
            (self.left + 0.4 * unit, self.y + 0.57 * unit), 0.4 * unit, clock.progress, accent
        )
        x, room = self.left + 1.3 * unit, self.right - self.left - 1.3 * unit
        title = brush.fitted(clock.title, 0.9 * unit, room, _TITLE)
        brush.text((x, self.y + 0.9 * unit), title, 0.9 * unit, _MUTED, _TITLE)
        is_figure = clock.progress in (Progress.RUNNING, Progress.DONE)
        size, base = (3.0 if is_figure else 2.0) * unit, self.y + 3.7 * unit
        end = brush.text((self.left - 0.05 * size, base), clock.time, size, _INK, BOLD)
        brush.text((end + 0.4 * unit, base), clock.plus_minus, 1.2 * unit, _MUTED)
        self.y += 4.4 * unit
        if clock.note:
            brush.text((self.left, self.y + 0.75 * unit), clock.note, 0.85 * unit, _MUTED)
            self.y += 1.3 * unit

    def _corner_times(self, times: Sequence[CornerTime]) -> None:
        brush, unit = self.brush, self.brush.unit
        column = (self.right - self.left + 0.8 * unit) / 2
        for index, one in enumerate(times):
            x = self.left + column * (index % 2)
            base = self.y + 1.05 * unit + 1.5 * unit * (index // 2)
            brush.sign((x + 0.4 * unit, base - 0.37 * unit), 0.38 * unit, one.progress, one.color)
            brush.text((x + 1.2 * unit, base), one.place.value, unit, bright(one.color), BOLD)
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
            color = mixed_color(bright(line.color), BACK, line.strength)
            x = brush.text((x, base), line.place.value, 0.95 * unit, color, BOLD) + 0.4 * unit
        ink, muted = (mixed_color(color, BACK, line.strength) for color in (_INK, _MUTED))
        brush.text((x, base), line.label, 0.95 * unit, ink)
        brush.text_right((self.right, base), line.plus_minus, 0.85 * unit, muted)
        brush.text_right((self.right - 3.0 * unit, base), line.time, 0.95 * unit, ink)
        self.y += 1.35 * unit
