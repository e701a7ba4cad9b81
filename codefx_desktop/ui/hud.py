"""Words painted over a picture, legible on any footage and in every theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from codefx_desktop.ui.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.ui.models.clip_facts import HudLabel

INSET_PX, PAD_PX = 12.0, 6.0
_GAP_PX = 14.0
_LEAST_PX = 60.0
_BADGE_PAD_PX = 6.0
_GROUND = QColor(0, 0, 0, 205)
_DARK = THEMES["dark"]
_TONES = {
    "plain": "#ffffff",
    "quiet": _DARK.muted,
    "ok": _DARK.ok,
    "warning": _DARK.warning,
    "error": _DARK.error,
}
_BADGES = ("ok", "warning", "error")


def hud_font(font: QFont) -> QFont:
    """Return a font whose figures all have one width, so that counters do not shake."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def paint_words(
    painter: QPainter, text: str, edge_px: float, room_px: float, *, right: bool
) -> float:
    """Paint words at the top, shortened in their middle to the room there is.

    Args:
        painter: Where to.
        text: The words.
        edge_px: Where they begin, or with ``right`` end.
        room_px: How much there is across; too little for a name leaves it out.
        right: Whether they stand at the right.

    Returns:
        Their width.
    """
    text, box = words_box(painter.font(), text, edge_px, room_px, right=right)
    if not text:
        return 0.0
    painter.setFont(hud_font(painter.font()))
    _ground(painter, box)
    painter.setPen(QColor(_TONES["plain"]))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return box.width()


def words_box(
    font: QFont, text: str, edge_px: float, room_px: float, *, right: bool
) -> tuple[str, QRectF]:
    """Return what of the words is painted and where; empty where there is no room for any."""
    metrics = QFontMetricsF(hud_font(font))
    text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room_px - 2 * PAD_PX)
    if not text or room_px < _LEAST_PX:
        return "", QRectF()
    width = metrics.horizontalAdvance(text) + 2 * PAD_PX
    left = edge_px - width if right else edge_px
    return text, QRectF(left, INSET_PX, width, metrics.height() + PAD_PX)


def paint_labels(painter: QPainter, labels: Sequence[HudLabel]) -> float:
    """Paint labels side by side at the top left; return where they end across."""
    font = hud_font(painter.font())
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    widths = [_width(metrics, label) for label in labels]
    if not widths:
        return INSET_PX
    box = labels_box(painter.font(), labels)
    _ground(painter, box)
    x = INSET_PX + PAD_PX
    for label, width in zip(labels, widths, strict=True):
        part = QRectF(x, box.top(), width, box.height())
        if label.tone in _BADGES:
            _badge(painter, part.adjusted(0, 3, 0, -3), label)
        else:
            painter.setPen(QColor(_TONES[label.tone]))
            painter.drawText(part, Qt.AlignmentFlag.AlignCenter, label.text)
        x += width + _GAP_PX
    return box.right()


def labels_box(font: QFont, labels: Sequence[HudLabel]) -> QRectF:
    """Return where labels stand that are painted with a font; nothing without any."""
    if not labels:
        return QRectF()
    metrics = QFontMetricsF(hud_font(font))
    widths = [_width(metrics, label) for label in labels]
    whole = sum(widths) + _GAP_PX * (len(widths) - 1) + 2 * PAD_PX
    return QRectF(INSET_PX, INSET_PX, whole, metrics.height() + PAD_PX)


def _width(metrics: QFontMetricsF, label: HudLabel) -> float:
    pad = 2 * _BADGE_PAD_PX if label.tone in _BADGES else 0.0
    return metrics.horizontalAdvance(label.text) + pad


def _ground(painter: QPainter, box: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(box, 4, 4)


def _badge(painter: QPainter, box: QRectF, label: HudLabel) -> None:
    """Paint a word in an outline; what deviates is filled, so that it is seen without colour."""
    color = QColor(_TONES[label.tone])
    filled = label.tone != "ok"
    painter.setPen(QPen(color, 1))
    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setPen(QColor("#000000") if filled else color)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label.text)
