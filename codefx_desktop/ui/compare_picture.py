"""Paints a pane's picture, or two over each other, with what stands over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTextOption,
)

from codefx_desktop.ui.hud import INSET_PX, PAD_PX, hud_font, paint_labels
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.viewport_widget import PIXELS_FROM, ViewportWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.ui.models.clip_facts import HudLabel
    from codefx_desktop.ui.theme import Theme

GRIP_PX: Final = 8.0
"""So near to the divider a press takes hold of it."""
_GAP_PX: Final = 14.0
_BADGE_PX: Final = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One picture and what is said of it.

    Attributes:
        image: The picture; None where there is none.
        labels: What stands over it; of the very frame that is painted.
        size: Width and height of the clip's picture, which a proxy's may be smaller than.
        hint: Title and text in the place of a picture.
    """

    image: QImage | None
    labels: tuple[HudLabel, ...] = ()
    size: tuple[int, int] = (16, 9)
    hint: tuple[str, str] = ("", "")


class ComparePicture(ViewportWidget):
    """One picture as large as fits or enlarged, or two of them over each other.

    Args:
        name: What it shows, for a screen reader.
        theme: The theme.
    """

    pressed = Signal()
    """The mouse was pressed on it."""
    divided = Signal(float)
    """The divider was drawn to another place, 0 to 1 across the picture."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__(name, theme)
        self._layers: tuple[Layer, ...] = ()
        self._arrangement = Arrangement.SIDE
        self._opacity = self._divide = 0.5
        self._holds_divider = False
        self.setMinimumSize(160, 90)
        self.setMouseTracking(True)

    # -- what it shows ------------------------------------------------------------------------

    def show_layer(self, layer: Layer) -> None:
        """Show one picture."""
        self._show((layer,), Arrangement.SIDE)

    def show_both(
        self, base: Layer, top: Layer, arrangement: Arrangement, opacity: float, divide: float
    ) -> None:
        """Show one picture over another: through it, or beside a divider."""
        self._opacity, self._divide = opacity, divide
        self._show((base, top), arrangement)

    def hud(self) -> tuple[str, ...]:
        """Return what stands over the pictures."""
        return tuple(label.text for layer in self._layers for label in layer.labels)

    def hint(self) -> tuple[str, str]:
        """Return what is said in the place of a picture; empty where there is one."""
        hints = [layer.hint for layer in self._layers if layer.image is None or layer.hint[0]]
        return hints[0] if hints else ("", "")

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to enlarge."""
        return bool(self._layers) and self._layers[0].image is not None

    def divider_x(self) -> float:
        """Return where the divider is, in the widget's pixels."""
        rect = self.picture_rect()
        return rect.left() + self._divide * rect.width()

    def sizeHint(self) -> QSize:
        """Ask for the room of a small picture; it takes what there is."""
        return QSize(480, 270)

    def _show(self, layers: tuple[Layer, ...], arrangement: Arrangement) -> None:
        self._layers, self._arrangement = layers, arrangement
        self._set_viewport(self.viewport.with_sizes(self._size(), layers[0].size))
        said = ". ".join(", ".join(label.text for label in one.labels) for one in layers)
        self.setAccessibleDescription(said or " ".join(self.hint()))
        self.update()

    # -- hands --------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the divider or of an enlarged picture."""
        self.pressed.emit()
        if event.button() == Qt.MouseButton.LeftButton and self._is_at_divider(event.position()):
            self._holds_divider = True
        elif not self._take_picture(event):
            return
        self._set_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the divider, or move the picture."""
        if self._holds_divider:
            rect = self.picture_rect()
            part = (event.position().x() - rect.left()) / max(rect.width(), 1.0)
            self.divided.emit(min(max(part, 0.0), 1.0))
        else:
            self._pan(event)
        self._set_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        self._pan_from, self._holds_divider = None, False
        self._set_cursor(event.position())

    def _is_at_divider(self, at: QPointF) -> bool:
        is_wipe = self._arrangement is Arrangement.WIPE
        return is_wipe and abs(at.x() - self.divider_x()) <= GRIP_PX

    def _set_cursor(self, place: QPointF | None = None) -> None:
        at_divider = place is not None and self._is_at_divider(place)
        if self._holds_divider or at_divider:
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            super()._set_cursor(place)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures and what stands over them."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(self.rect(), QColor(self._theme.tokens.canvas))
        for place in range(len(self._layers)):
            self._paint_layer(painter, place)
        painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._arrangement is Arrangement.WIPE:
            self._paint_divider(painter)
        if self.hint()[0]:
            self._paint_hint(painter, *self.hint())
        height = 0.0
        for layer in self._layers:
            height = self._paint_hud(painter, layer.labels, height)
        painter.end()

    def _paint_layer(self, painter: QPainter, place: int) -> None:
        layer = self._layers[place]
        if layer.image is None:
            return
        rect = self.picture_rect() if place == 0 else self._rect_of(layer)
        scale = rect.width() / layer.image.width() * self.devicePixelRatioF()
        smooth = not self.is_fast and scale < PIXELS_FROM
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        if place and self._arrangement is Arrangement.GHOST:
            painter.setOpacity(self._opacity)
        elif place:
            left = self.divider_x()
            painter.setClipRect(QRectF(left, 0, self.width() - left, self.height()))
        painter.drawImage(rect, layer.image)
        painter.restore()

    def _rect_of(self, layer: Layer) -> QRectF:
        """Return where the upper picture lies: in the lower one's place, as large as fits there."""
        rect = self.picture_rect()
        scale = min(rect.width() / layer.size[0], rect.height() / layer.size[1])
        size = QPointF(layer.size[0] * scale, layer.size[1] * scale)
        corner = rect.center() - size / 2
        return QRectF(corner.x(), corner.y(), size.x(), size.y())

    def _paint_divider(self, painter: QPainter) -> None:
        x, middle = self.divider_x(), self.height() / 2
        painter.setPen(QPen(QColor(0, 0, 0, 160), 4))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(QColor("#ffffff"), 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
        painter.setBrush(QColor("#ffffff"))
        for way in (-1, 1):
            tip = QPointF(x + way * 11, middle)
            base = [QPointF(x + way * 4, middle - 6), QPointF(x + way * 4, middle + 6)]
            painter.drawPolygon(QPolygonF([tip, *base]))

    def _paint_hud(self, painter: QPainter, labels: Sequence[HudLabel], top: float) -> float:
        """Paint labels in as many rows as their width asks for; return where they end."""
        metrics = QFontMetricsF(hud_font(self.font()))
        room = self.width() - 2 * INSET_PX
        for row in flowed(labels, metrics, room):
            painter.save()
            painter.translate(0.0, top)
            paint_labels(painter, row)
            painter.restore()
            top += metrics.height() + PAD_PX + 3.0
        return top

    def _paint_hint(self, painter: QPainter, title: str, text: str) -> None:
        painter.fillRect(self.rect(), QColor(0, 0, 0, 190))
        centred = QTextOption(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        centred.setWrapMode(QTextOption.WrapMode.WordWrap)
        middle, room = self.height() / 2, self.width() - 48.0
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(QRectF(24, middle - 56, room, 52), title, centred)
        painter.setFont(self.font())
        painter.setPen(QColor("#d6dae0"))
        centred.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.drawText(QRectF(24, middle + 4, room, middle - 8), text, centred)


def flowed(
    labels: Sequence[HudLabel], metrics: QFontMetricsF, room_px: float
) -> tuple[tuple[HudLabel, ...], ...]:
    """Return labels in rows that fit; one that is alone too wide has a row of its own."""
    rows: list[list[HudLabel]] = []
    used = room_px
    for label in labels:
        wide = metrics.horizontalAdvance(label.text) + _GAP_PX + _BADGE_PX
        if not rows or used + wide > room_px:
            rows.append([])
            used = 2 * PAD_PX
        rows[-1].append(label)
        used += wide
    return tuple(tuple(row) for row in rows)
