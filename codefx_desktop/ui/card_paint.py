"""What cards of lists are painted of: their ground, bars, lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextLayout
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.theme import Tokens


def paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, body: QRect, tokens: Tokens
) -> None:
    """Paint a card's ground and outline: chosen, with the keyboard, under the mouse, or plain."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    ground = QColor(tokens.raised)
    if selected:
        ground = mixed(tokens.raised, tokens.accent, 0.12)
    elif hovered:
        ground = mixed(tokens.raised, tokens.text, 0.05)
    width = tokens.line_px + (1 if selected else 0)
    edge = tokens.accent if selected else tokens.border
    if focused and not selected:
        edge = tokens.edge
    half = width / 2
    painter.setPen(QPen(QColor(edge), width))
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(body).adjusted(half, half, -half, -half), 6, 6)


def paint_bar(painter: QPainter, box: QRectF, part: float, color: QColor, tokens: Tokens) -> None:
    """Paint a bar that is filled from the left; ``part`` is 0 to 1."""
    radius = box.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(tokens.raised, tokens.text, 0.18))
    painter.drawRoundedRect(box, radius, radius)
    if part > 0:
        filled = QRectF(box)
        filled.setWidth(max(box.height(), box.width() * min(part, 1.0)))
        painter.setBrush(color)
        painter.drawRoundedRect(filled, radius, radius)


def paint_text(painter: QPainter, font: QFont, room: QRect, text: str, color: QColor) -> None:
    """Paint a line of text at the top left of its room, shortened to it."""
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(color)
    line = QRect(room.left(), room.top(), room.width(), metrics.height())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft, shown)


def paint_sides(
    painter: QPainter, font: QFont, room: QRect, left: str, right: str, color: QColor
) -> None:
    """Paint a text at each side of a line; the left one is shortened to what the right leaves."""
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(room, Qt.AlignmentFlag.AlignRight, right)
    gap = QFontMetrics(font).horizontalAdvance(right) + 8 if right else 0
    paint_text(painter, font, room.adjusted(0, 0, -gap, 0), left, color)


def broken(text: str, font: QFont, width: int, most: int) -> list[str]:
    """Return a text in lines of a width; what ``most`` lines do not hold is cut with a mark."""
    layout = QTextLayout(text, font)
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        if len(lines) == most - 1:
            metrics = QFontMetrics(font)
            lines.append(metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, width))
            break
        lines.append(text[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return lines


def small_font(font: QFont, scale: float = 0.9) -> QFont:
    """Return a smaller font, whichever way the size was given."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * scale)
    else:
        small.setPixelSize(max(8, round(font.pixelSize() * scale)))
    return small
