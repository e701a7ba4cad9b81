"""Icons and status shapes, drawn: sharp at any scale, in the theme's own colours.

Each is a short path in a 16 x 16 box. Letters: ``M x y`` move, ``L x y`` line, ``Z`` close,
``O cx cy r`` circle, ``A cx cy r start sweep`` arc in degrees, ``R x y w h radius`` rectangle.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPixmapCache,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.domain.job import JobStatus
    from codefx_desktop.ui.theme import Theme, Tokens

_BOX = 16.0
_GAP = 4
_GLYPH = "glyph"
_GLYPH_CHECKED = "glyphChecked"

STROKES: dict[str, str] = {
    "retry": "A 8 8.5 5 60 -300 M 10.2 1.8 L 10.5 4.4 L 7.9 4.9",
    "up": "M 8 13 L 8 3 M 4 7 L 8 3 L 12 7",
    "down": "M 8 3 L 8 13 M 4 9 L 8 13 L 12 9",
    "left": "M 13 8 L 3 8 M 7 4 L 3 8 L 7 12",
    "right": "M 3 8 L 13 8 M 9 4 L 13 8 L 9 12",
    "remove": "M 4 4 L 12 12 M 12 4 L 4 12",
    "clear": "M 2 4 L 9 4 M 2 8 L 7 8 M 2 12 L 6 12 M 8.5 10.5 L 10.5 12.5 L 14.5 7",
    "folder": "M 2 12.5 L 2 3.5 L 6.2 3.5 L 7.7 5.5 L 14 5.5 L 14 12.5 Z",
    "open": "M 9 3 L 13 3 L 13 7 M 13 3 L 7.5 8.5 M 11.5 9.5 L 11.5 13 L 3 13 L 3 4.5 L 6.5 4.5",
    "save": "M 8 2 L 8 10 M 4.7 6.8 L 8 10 L 11.3 6.8"
    " M 2.5 10.5 L 2.5 13.5 L 13.5 13.5 L 13.5 10.5",
    "push": "M 8 10 L 8 2 M 4.7 5.2 L 8 2 L 11.3 5.2 M 2.5 10.5 L 2.5 13.5 L 13.5 13.5 L 13.5 10.5",
    "export": "M 9 3 L 3 3 L 3 13 L 9 13 M 6.5 8 L 14 8 M 11 5 L 14 8 L 11 11",
    "link": "M 6.3 9.7 L 9.7 6.3 M 7 4.8 L 9 2.8 L 13.2 7 L 11.2 9"
    " M 9 11.2 L 7 13.2 L 2.8 9 L 4.8 7",
    "target": "O 8 8 5.5 O 8 8 2.2",
    "bucket": "M 2.5 4 L 13.5 4 L 11.8 13.5 L 4.2 13.5 Z M 4.6 8.5 L 11.4 8.5",
    "trash": "M 3 4.5 L 13 4.5 M 6 4.5 L 6 2.5 L 10 2.5 L 10 4.5"
    " M 4.2 4.5 L 4.9 13.5 L 11.1 13.5 L 11.8 4.5 M 6.9 7 L 6.9 11 M 9.1 7 L 9.1 11",
    "edit": "M 3 13 L 3.6 10 L 11 2.6 L 13.4 5 L 6 12.4 Z M 9.2 4.4 L 11.6 6.8",
    "filter": "M 2 3 L 14 3 L 9.5 8.5 L 9.5 13 L 6.5 11.5 L 6.5 8.5 Z",
    "search": "O 7 7 4.3 M 10.3 10.3 L 14 14",
    "magnify": "O 7 7 4.6 M 10.5 10.5 L 14.2 14.2 M 7 5 L 7 9 M 5 7 L 9 7",
    "copy": "R 5.5 5.5 8 8 1 M 3.5 10.5 L 2.5 10.5 L 2.5 2.5 L 10.5 2.5 L 10.5 3.5",
    "follow": "M 8 2 L 8 10 M 4.5 6.5 L 8 10 L 11.5 6.5 M 3 13.5 L 13 13.5",
    "float": "M 6 3 L 13 3 L 13 10 L 6 10 Z M 4 6 L 3 6 L 3 13 L 10 13 L 10 12",
    "film": "R 2 3 12 10 1 M 5 3 L 5 13 M 11 3 L 11 13 M 2 6.3 L 5 6.3 M 2 9.7 L 5 9.7"
    " M 11 6.3 L 14 6.3 M 11 9.7 L 14 9.7",
    "drop": "M 8 1.5 L 8 9 M 4.8 5.9 L 8 9 L 11.2 5.9"
    " M 1.5 9 L 1.5 13 L 2.5 14 L 13.5 14 L 14.5 13 L 14.5 9",
    "side": "R 2 3.5 5.2 9 1 R 8.8 3.5 5.2 9 1",
    "ghost": "R 2 2.5 8.5 8.5 1 R 5.5 5 8.5 8.5 1",
    "wipe": "R 2 3 12 10 1 M 8 1.5 L 8 14.5 M 10.5 6 L 12 8 L 10.5 10 M 5.5 6 L 4 8 L 5.5 10",
    "add": "M 8 3 L 8 13 M 3 8 L 13 8",
    "subtract": "M 3 8 L 13 8",
    "rows": "M 2.5 4 L 5 4 M 7.5 4 L 13.5 4 M 2.5 8 L 5 8 M 7.5 8 L 11 8"
    " M 2.5 12 L 5 12 M 7.5 12 L 13.5 12",
    "info": "O 8 8 6 M 8 7.5 L 8 11.3",
    "warning": "M 8 2 L 14.5 13.5 L 1.5 13.5 Z M 8 6.3 L 8 9.7",
    "artifacts": "M 3.5 2 L 9.5 2 L 12.5 5 L 12.5 14 L 3.5 14 Z M 9.5 2 L 9.5 5 L 12.5 5"
    " M 5.8 8 L 10.2 8 M 5.8 11 L 10.2 11",
    "queued": "O 8 8 5.5 M 8 5 L 8 8 L 10.4 9.4",
    "cancelled": "O 8 8 5.5 M 4.2 11.8 L 11.8 4.2",
    "check": "M 3.2 8.4 L 6.6 11.8 L 12.8 4.6",
    "chevron-right": "M 6 4 L 10 8 L 6 12",
    "chevron-down": "M 4 6 L 8 10 L 12 6",
    "live": "O 8 8 5.8",
    "view": "M 1.5 8 L 4 5.2 L 8 3.8 L 12 5.2 L 14.5 8 L 12 10.8 L 8 12.2 L 4 10.8 Z",
    "first": "M 3.5 3 L 3.5 13",
    "last": "M 12.5 3 L 12.5 13",
    "back": "M 8.5 3.5 L 4 8 L 8.5 12.5 M 12 4 L 12 12",
    "forward": "M 7.5 3.5 L 12 8 L 7.5 12.5 M 4 4 L 4 12",
    "undo": "M 5.5 2.5 L 2.5 5.5 L 5.5 8.5 M 2.5 5.5 L 9.5 5.5 A 9.5 9 3.5 90 -180"
    " M 9.5 12.5 L 5 12.5",
    "redo": "M 10.5 2.5 L 13.5 5.5 L 10.5 8.5 M 13.5 5.5 L 6.5 5.5 A 6.5 9 3.5 90 180"
    " M 6.5 12.5 L 11 12.5",
    "mark-in": "M 9.5 3 L 5.5 3 L 5.5 13 L 9.5 13",
    "mark-out": "M 6.5 3 L 10.5 3 L 10.5 13 L 6.5 13",
    "loop": "M 5 4.5 L 13 4.5 L 13 8 M 11 11.5 L 3 11.5 L 3 8 M 7 2.5 L 5 4.5 L 7 6.5"
    " M 9 9.5 L 11 11.5 L 9 13.5",
    "previous-event": "M 7 3.5 L 2.5 8 L 7 12.5",
    "next-event": "M 9 3.5 L 13.5 8 L 9 12.5",
    "previous-scene": "M 7.5 3.5 L 3 8 L 7.5 12.5 R 10 3 3.5 10 0.5",
    "next-scene": "M 8.5 3.5 L 13 8 L 8.5 12.5 R 2.5 3 3.5 10 0.5",
    "previous-suspicion": "M 6.5 3.5 L 2 8 L 6.5 12.5 M 11.5 3.5 L 11.5 9",
    "next-suspicion": "M 9.5 3.5 L 14 8 L 9.5 12.5 M 4.5 3.5 L 4.5 9",
    "sound": "M 11 5.5 L 12.3 8 L 11 10.5 M 13 3.8 L 14.8 8 L 13 12.2",
    "muted": "M 11 6 L 14.5 10 M 14.5 6 L 11 10",
    "fit": "M 2.5 6 L 2.5 2.5 L 6 2.5 M 10 2.5 L 13.5 2.5 L 13.5 6"
    " M 13.5 10 L 13.5 13.5 L 10 13.5 M 6 13.5 L 2.5 13.5 L 2.5 10",
    "outline": "M 3 6.2 L 7.2 2.6 L 12.6 4.6 L 13.4 10.2 L 8.8 13.4 L 3.9 11.6 Z",
    "still": "M 2 5 L 5 5 L 6.2 3 L 9.8 3 L 11 5 L 14 5 L 14 12.5 L 2 12.5 Z O 8 8.6 2.3",
}
FILLS: dict[str, str] = {
    "stop": "R 3.5 3.5 9 9 1.5",
    "pause": "R 4 3 3 10 0.8 R 9 3 3 10 0.8",
    "play": "M 4.5 2.5 L 13 8 L 4.5 13.5 Z",
    "info": "O 8 5 0.9",
    "warning": "O 8 11.6 0.9",
    "processing": "M 4.5 2.5 L 13 8 L 4.5 13.5 Z",
    "complete": "O 8 8 6.2",
    "failed": "M 5.4 1.8 L 10.6 1.8 L 14.2 5.4 L 14.2 10.6 L 10.6 14.2 L 5.4 14.2"
    " L 1.8 10.6 L 1.8 5.4 Z",
    "interrupted": "M 8 1.6 L 15 14 L 1 14 Z",
    "live": "O 8 8 3",
    "view": "O 8 8 2.1",
    "reverse": "M 8 3.5 L 1.5 8 L 8 12.5 Z M 14.5 3.5 L 8 8 L 14.5 12.5 Z",
    "shuttle": "M 1.5 3.5 L 8 8 L 1.5 12.5 Z M 8 3.5 L 14.5 8 L 8 12.5 Z",
    "previous-event": "O 12 8 2",
    "next-event": "O 4 8 2",
    "previous-suspicion": "O 11.5 12 1",
    "next-suspicion": "O 4.5 12 1",
    "sound": "M 2 6 L 4.5 6 L 8.5 2.5 L 8.5 13.5 L 4.5 10 L 2 10 Z",
    "muted": "M 2 6 L 4.5 6 L 8.5 2.5 L 8.5 13.5 L 4.5 10 L 2 10 Z",
    "first": "M 13 3 L 6 8 L 13 13 Z",
    "last": "M 3 3 L 10 8 L 3 13 Z",
}
CUTS: dict[str, str] = {
    "complete": "M 5 8.3 L 7.2 10.5 L 11.1 5.8",
    "failed": "M 5.6 5.6 L 10.4 10.4 M 10.4 5.6 L 5.6 10.4",
    "interrupted": "M 8 5.8 L 8 9.4 M 8 11.7 L 8 12",
}
"""Lines cut out of a filled shape, in the colour of the ground."""


def status_glyph(status: JobStatus) -> str:
    """Return the name of the shape that stands for a status."""
    return status.value.lower()


def draw(
    painter: QPainter, box: QRectF, name: str, color: QColor, ground: QColor | None = None
) -> None:
    """Draw a glyph into a square box.

    Args:
        painter: Where to.
        box: The square to fill.
        name: A name of ``STROKES`` or ``FILLS``.
        color: Its colour.
        ground: Colour of what is cut out of it; None leaves it solid.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _BOX, box.height() / _BOX)
    pen = QPen(
        color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )
    if name in FILLS:
        painter.fillPath(_path(FILLS[name]), color)
    if name in STROKES:
        painter.strokePath(_path(STROKES[name]), pen)
    if name in CUTS and ground is not None:
        pen.setColor(ground)
        pen.setWidthF(1.8)
        painter.strokePath(_path(CUTS[name]), pen)
    painter.restore()


def icon(name: str, tokens: Tokens, *, color: str | None = None, gap: int = 0) -> QIcon:
    """Return a glyph as an icon, with its disabled look, for screens of 100 to 300 %.

    Args:
        name: The glyph.
        tokens: The theme's colours.
        color: Another colour than that of text.
        gap: Empty pixels to its right, before the words of a button.
    """
    result = QIcon()
    shades = (
        (QIcon.Mode.Normal, QColor(color or tokens.text)),
        (QIcon.Mode.Disabled, mixed(tokens.muted, tokens.surface, 0.6)),
    )
    for mode, shade in shades:
        for ratio in (1, 2, 3):
            result.addPixmap(_picture(name, shade, QColor(tokens.surface), gap, ratio), mode)
    return result


def _picture(name: str, shade: QColor, ground: QColor, gap: int, ratio: int) -> QPixmap:
    """Return one drawn glyph. A window wears hundreds of few kinds: Qt's cache keeps each kind."""
    key = f"glyph {name} {shade.name()} {ground.name()} {gap} {ratio}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    pixmap = QPixmap((int(_BOX) + gap) * ratio, int(_BOX) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw(painter, QRectF(0, 0, _BOX, _BOX), name, shade, ground)
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap


def app_icon() -> QIcon:
    """Return the program's own icon: a wheel and its nut, seen from the side."""
    result = QIcon()
    for edge in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(edge, edge)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(edge / 64, edge / 64)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#14171c"))
        painter.drawRoundedRect(QRectF(1, 1, 62, 62), 14, 14)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#eceef1"), 7))
        painter.drawEllipse(QRectF(13, 13, 38, 38))
        painter.setPen(QPen(QColor("#e69f00"), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawArc(QRectF(13, 13, 38, 38), 60 * 16, 60 * 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#56b4e9"))
        painter.drawPolygon(_hexagon(32, 32, 9))
        painter.end()
        result.addPixmap(pixmap)
    return result


def wear(target: QAction | QAbstractButton, name: str, theme: Theme, *, checked: str = "") -> None:
    """Give an action or button a glyph that ``refresh`` can redraw in another theme.

    Args:
        target: Who wears it.
        name: The glyph.
        theme: The theme in force.
        checked: Another glyph for the checked state, if any.
    """
    target.setProperty(_GLYPH, name)
    target.setProperty(_GLYPH_CHECKED, checked)
    _dress(target, theme.tokens)
    if checked:
        target.toggled.connect(lambda _on: _dress(target, theme.tokens))


def refresh(root: QWidget, theme: Theme) -> None:
    """Redraw every glyph worn below ``root`` in the theme's colours."""
    for target in _wearers(root):
        _dress(target, theme.tokens)


def _wearers(root: QWidget) -> Iterator[QAction | QAbstractButton]:
    found: list[QObject] = [*root.findChildren(QAction), *root.findChildren(QAbstractButton)]
    for target in found:
        if isinstance(target, (QAction, QAbstractButton)) and target.property(_GLYPH):
            yield target


def _dress(target: QAction | QAbstractButton, tokens: Tokens) -> None:
    name, checked = target.property(_GLYPH), target.property(_GLYPH_CHECKED)
    shown = checked if checked and target.isChecked() else name
    color = tokens.on_accent if target.property("primary") else None
    gap = _GAP if isinstance(target, QAbstractButton) and target.text() else 0
    target.setIcon(icon(shown, tokens, color=color, gap=gap))
    if isinstance(target, QAbstractButton):
        target.setIconSize(QSize(int(_BOX) + gap, int(_BOX)))


def _hexagon(x: float, y: float, radius: float) -> QPolygonF:
    turns = (math.radians(60 * k + 30) for k in range(6))
    return QPolygonF([QPointF(x + radius * math.cos(a), y + radius * math.sin(a)) for a in turns])


@functools.cache
def _path(text: str) -> QPainterPath:
    path = QPainterPath()
    words = text.split()
    at = 0

    def numbers(n: int) -> list[float]:
        nonlocal at
        values = [float(word) for word in words[at : at + n]]
        at += n
        return values

    while at < len(words):
        letter = words[at]
        at += 1
        if letter == "M":
            path.moveTo(*numbers(2))
        elif letter == "L":
            path.lineTo(*numbers(2))
        elif letter == "Z":
            path.closeSubpath()
        elif letter == "O":
            x, y, r = numbers(3)
            path.addEllipse(QRectF(x - r, y - r, 2 * r, 2 * r))
        elif letter == "A":
            x, y, r, start, sweep = numbers(5)
            box = QRectF(x - r, y - r, 2 * r, 2 * r)
            path.arcMoveTo(box, start)
            path.arcTo(box, start, sweep)
        else:
            x, y, w, h, r = numbers(5)
            path.addRoundedRect(QRectF(x, y, w, h), r, r)
    return path
