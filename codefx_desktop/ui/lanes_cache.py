"""Pictures of the timeline's rows that are painted once and used until something changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPixmap

from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.models.lane_rows import LaneKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from codefx_desktop.ui.models.lane_data import LaneData
    from codefx_desktop.ui.models.lane_rows import LaneRow

Paint = Callable[[QPainter, QRectF], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Cached:
    """A picture.

    Attributes:
        key: What must be equal for it to be used again.
        parts: What must be the same objects; held, so that none of them can become another.
        pixmap: The picture.
    """

    key: tuple[object, ...]
    parts: tuple[object, ...]
    pixmap: QPixmap


class PictureCache:
    """One picture for each name, the newest."""

    def __init__(self) -> None:
        self._cached: dict[object, _Cached] = {}
        self.painted = 0
        """How many pictures were painted."""

    def clear(self) -> None:
        """Forget all pictures."""
        self._cached.clear()

    def keep(self, names: Collection[object]) -> None:
        """Forget all others."""
        self._cached = {name: one for name, one in self._cached.items() if name in names}

    def picture(
        self,
        name: object,
        key: tuple[object, ...],
        parts: tuple[object, ...],
        on: tuple[QSize, float, QFont],
        paint: Paint,
    ) -> QPixmap:
        """Return the picture of a name, painted anew if anything it is made from is another.

        Args:
            name: Which.
            key: What it is made from, compared by value.
            parts: Likewise, compared by which object it is: arrays would take long.
            on: Its size, pixels of the screen per pixel of it, the font of its words.
            paint: Paints it.
        """
        known = self._cached.get(name)
        if known is not None and known.key == key and _are(known.parts, parts):
            return known.pixmap
        size, ratio, font = on
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(font)
            paint(painter, QRectF(0, 0, size.width(), size.height()))
        finally:
            painter.end()  # a painter that outlives its picture takes the program with it
        self.painted += 1
        self._cached[name] = _Cached(key, parts, pixmap)
        return pixmap


def parts_of(row: LaneRow, data: LaneData) -> tuple[object, ...]:
    """Return the objects from which a row is painted; while they stay, so does its picture."""
    arrays = data.arrays
    if row.kind is LaneKind.ZONES:
        return data.times_s, data.zones, arrays.zones
    part = {
        LaneKind.PROCESSED: data.processed_to,
        LaneKind.SCENES: data.scenes,
        LaneKind.CAR: data.stops,
        LaneKind.EVENTS: data.stops,
        LaneKind.CORNERS: arrays.corners,
        LaneKind.MARKS: data.marks,
        LaneKind.TRACKS: arrays.tracks,
        LaneKind.WAVEFORM: data.peaks,
        LaneKind.GUNS: arrays.guns,
        LaneKind.MOTION: arrays.motion,
        LaneKind.SPEED: arrays.speed,
        LaneKind.CONFIDENCE: arrays.confidence,
    }[row.kind]
    return data.times_s, part


def small_font(font: QFont) -> QFont:
    """Return the font of the timeline's words."""
    small = hud_font(font)
    small.setPointSizeF(small.pointSizeF() * 0.85)
    return small


def _are(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(
        a is b or (isinstance(a, int) and a == b) for a, b in zip(one, other, strict=True)
    )
