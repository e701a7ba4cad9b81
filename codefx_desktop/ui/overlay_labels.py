"""The words beside what was found in a frame: where each stands, and their painting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText

from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.label_places import LabelPlaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.overlay import Rgb

_LABEL_PT: Final = 0.85
"""Size of a label, of the window's own writing."""
_PAD_PX: Final = 3.0
_WORDS_KEPT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Label:
    """What is written at something.

    Attributes:
        text: The words.
        box: What it is written at, on the widget.
        color: Of its ground.
        is_chosen: Whether a person has it in hand.
    """

    text: str
    box: QRectF
    color: Rgb
    is_chosen: bool = False


class LabelInk:
    """Words of one font, laid out once: laying out is most of what writing costs.

    A label's number changes with every frame, what stands before it hardly ever: each is kept.

    Args:
        font: The widget's.
    """

    def __init__(self, font: QFont) -> None:
        self.of = font.key()
        """Which font of the widget's it was made for."""
        self.font = QFont(hud_font(font))
        self.font.setPointSizeF(self.font.pointSizeF() * _LABEL_PT)
        self._metrics = QFontMetricsF(self.font)
        self.height = self._metrics.height()
        self._kept: dict[str, tuple[QStaticText, float]] = {}

    def width(self, text: str) -> float:
        """Return how much room a label takes across."""
        return sum(self._word(word)[1] for word in _words(text)) + 2 * _PAD_PX

    def write(self, painter: QPainter, text: str, ground: QRectF) -> None:
        """Write a label on its ground; the painter has this font."""
        x = ground.left() + _PAD_PX
        for word in _words(text):
            ready, width = self._word(word)
            painter.drawStaticText(QPointF(x, ground.top()), ready)
            x += width

    def _word(self, word: str) -> tuple[QStaticText, float]:
        found = self._kept.get(word)
        if found is None:
            ready = QStaticText(word)
            ready.setTextFormat(Qt.TextFormat.PlainText)
            ready.prepare(font=self.font)
            found = self._kept[word] = (ready, self._metrics.horizontalAdvance(word))
            if len(self._kept) > _WORDS_KEPT:
                del self._kept[next(iter(self._kept))]
        return found


def _words(text: str) -> tuple[str, ...]:
    """Return a label in two: what it is, with the space after it, and how sure."""
    cut = text.rfind(" ") + 1
    return (text[:cut], text[cut:]) if cut else (text,)


class PlacedLabels:
    """Labels on their places: no line crosses them, none covers another.

    Args:
        labels: Who comes first gets the better place.
        ink: What they are written with.
        size: Width and height of the widget.
        taken: Where none may stand.
        grips: What a hand takes hold of: only the label of what is in hand may touch it.
    """

    def __init__(
        self,
        labels: Sequence[Label],
        ink: LabelInk,
        size: tuple[float, float],
        taken: Sequence[QRectF],
        grips: Sequence[QRectF],
    ) -> None:
        self._ink = ink
        self._placed: list[tuple[Label, QRectF]] = []
        places = LabelPlaces(*size, ink.height, taken)
        chosen = [label for label in labels if label.is_chosen]
        for part in (chosen, [label for label in labels if not label.is_chosen]):
            for label in part:
                ground = places.place(label.box, ink.width(label.text), must=label.is_chosen)
                if ground is not None:
                    self._placed.append((label, ground))
            places.keep_free(grips)

    def paint(self, painter: QPainter) -> None:
        """Paint them all."""
        painter.setFont(self._ink.font)
        for label, ground in self._placed:
            painter.fillRect(ground, QColor(*label.color))
            painter.setPen(QColor("#000000" if _is_bright(label.color) else "#ffffff"))
            self._ink.write(painter, label.text, ground)


def _is_bright(color: Rgb) -> bool:
    """Return whether black is easier to read on a colour than white.

    Source: relative luminance, WCAG 2.2; 0.18 is where black and white have the same contrast.
    """
    red, green, blue = (math.pow(one / 255, 2.2) for one in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18
