"""The big figures of a stop: how long it stood, the reaction, and each corner, seen from above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_words import PLACE_WORDS
from codefx_desktop.ui.models.compare_delta import signed
from codefx_desktop.ui.models.statistics_words import median_words
from codefx_desktop.ui.models.stop_words import (
    CORNERS,
    Split,
    slowest,
    sources_text,
    split,
    tyre_times,
)
from codefx_desktop.ui.stop_car import paint_car
from codefx_desktop.ui.widgets import ElidedLabel, row_layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.domain.breakdown import Breakdown
    from codefx_desktop.domain.stop import Duration
    from codefx_desktop.jobs.statistics_values import Peers
    from codefx_desktop.ui.theme import Theme

_BIG: Final = 2.1
_MIDDLE: Final = 1.45
_ASIDE_PX: Final = 10
_CLOSE: Final = "Another corner may have taken as long: they are closer than is known."


class BigSplit(QWidget):
    """One figure with its name, how far off it may be, and where it comes from.

    Args:
        name: What it is.
        factor: How much larger than text the figure is.
    """

    def __init__(self, name: str, factor: float) -> None:
        super().__init__()
        self._name = name
        self.title = QLabel(name)
        self.title.setObjectName("muted")
        self.figure = QLabel()
        self.bounds = QLabel()
        self.source = ElidedLabel()
        self.source.setObjectName("muted")
        self._font = self.figure.font()
        self._large = self.figure.font()
        self._large.setPointSizeF(self._font.pointSizeF() * factor)
        self._large.setBold(True)
        line = row_layout(self.bounds, self.source, spacing=6)
        line.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.figure)
        column.addLayout(line)

    def show_split(self, shown: Split, source: str = "") -> None:
        """Show a figure, or that it was not found."""
        self.figure.setFont(self._large if shown.is_found else self._font)
        self.figure.setText(f"{shown.text} s" if shown.is_found else shown.text)
        self.bounds.setText(shown.bounds)
        self.source.say(source)
        self.bounds.setVisible(bool(shown.bounds))
        self.setToolTip(shown.more)
        self.setAccessibleName(" ".join(filter(None, (f"{self._name}: {shown.whole}", source))))


class CornerCell(QFrame):
    """What one corner took.

    Args:
        place: Which corner.
    """

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self.name = QLabel(place.value)
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.mark = QLabel()
        self.figure = QLabel()
        self._plain = self.figure.font()
        self._large = self.figure.font()
        self._large.setPointSizeF(self._plain.pointSizeF() * _MIDDLE)
        self._large.setBold(True)
        self.bounds = QLabel()
        self.bounds.setObjectName("muted")
        left = place in (Place.FRONT_LEFT, Place.REAR_LEFT)
        side = Qt.AlignmentFlag.AlignRight if left else Qt.AlignmentFlag.AlignLeft
        head = row_layout(*((self.mark, self.name) if left else (self.name, self.mark)), spacing=6)
        head.insertStretch(0, 1) if left else head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(0)
        column.addLayout(head)
        self.median = QLabel()
        self.median.setObjectName("muted")
        self.median.hide()
        self._value_s: float | None = None
        self._said = self._tip = ""
        for label in (self.figure, self.bounds, self.median):
            label.setAlignment(side)
            column.addWidget(label)

    def show_split(
        self, shown: Split, value_s: float | None, others: Mapping[Place, float], mark: str
    ) -> None:
        """Show what the corner took, against the others, and what is to be said of it.

        Args:
            shown: The figure.
            value_s: Seconds; None where it is not known.
            others: What the other corners took, seconds, as far as that is known.
            mark: What is to be said of the corner.
        """
        self._value_s = value_s
        behind_s = None if value_s is None else value_s - min([value_s, *others.values()])
        self.figure.setFont(self._large if shown.is_found else self._plain)
        self.figure.setText(f"{shown.text} s" if shown.is_found else shown.text)
        behind = f"+{behind_s:.3f}" if behind_s else ""
        self.bounds.setText("  ".join(filter(None, (shown.bounds, behind))))
        self.mark.setText(mark)
        self.mark.setToolTip(_CLOSE if mark.endswith("?") else "")
        against = against_text(value_s, others)
        said = [f"Tyre {PLACE_WORDS[self._place]}: {shown.whole}", mark]
        said.append(f"{behind} s behind the fastest" if behind else "")
        self._said = ", ".join(filter(None, said))
        self.setAccessibleDescription(against)
        self._tip = "\n".join(filter(None, (shown.more, against)))
        self.show_against(None)

    def show_against(self, peers: Peers | None) -> None:
        """Show how far it is off the median of this corner in the history, if that is known."""
        found = median_words(peers, self._place, self._value_s)
        self.median.setText("" if found is None else f"median {found.off}")
        self.median.setVisible(found is not None)
        whole = "" if found is None else found.whole
        self.setToolTip("\n".join(filter(None, (self._tip, whole))))
        self.setAccessibleName(", ".join(filter(None, (self._said, whole))))


class CornerTimes(QWidget):
    """What each corner took, laid out as the car is seen from above, its nose up.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.cells = {place: CornerCell(place) for place in CORNERS}
        self.car = _Car(theme)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(_ASIDE_PX)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.cells[Place.FRONT_LEFT], 0, 0)
        grid.addWidget(self.cells[Place.FRONT_RIGHT], 0, 2)
        grid.addWidget(self.cells[Place.REAR_LEFT], 1, 0)
        grid.addWidget(self.cells[Place.REAR_RIGHT], 1, 2)
        grid.addWidget(self.car, 0, 1, 2, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)

    def minimumSizeHint(self) -> QSize:
        """Return the room of the figures; the car only stands between them where it has some."""
        with_car = super().minimumSizeHint()
        drawn = 0 if self.car.isHidden() else self._car_px()
        return QSize(with_car.width() - drawn, with_car.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the car out where figures would be cut off."""
        super().resizeEvent(event)
        self.car.setVisible(self.width() >= self.minimumSizeHint().width() + self._car_px())

    def _car_px(self) -> int:
        return self.car.width() + _ASIDE_PX

    def show_times(self, found: Breakdown, labels: Mapping[str, str]) -> None:
        """Show the corners' times."""
        times = tyre_times(found)
        worst, is_sure = slowest(times)
        known = {
            place: one.value_s for place, one in times.items() if one and one.value_s is not None
        }
        for place, cell in self.cells.items():
            mark = "" if place is not worst else "slowest" if is_sure else "slowest?"
            others = {other: value for other, value in known.items() if other is not place}
            cell.show_split(split(times[place], labels), known.get(place), others, mark)
        self.car.show_worst(worst)

    def show_against(self, peers: Peers | None) -> None:
        """Show how far each corner is off its median in the history."""
        for cell in self.cells.values():
            cell.show_against(peers)


def against_text(value_s: float | None, others: Mapping[Place, float]) -> str:
    """Return how a corner stands against each of the others: ``+0.100 s on FR, ...``."""
    if value_s is None or not others:
        return ""
    return ", ".join(f"{signed(value_s - one)} s on {place}" for place, one in others.items())


def _behind(one: Duration | None, best: float | None) -> float | None:
    if one is None or one.value_s is None or best is None:
        return None
    return one.value_s - best


class _Car(QWidget):
    """The car from above, its nose up, the slowest corner marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._worst: Place | None = None
        self.setFixedSize(QSize(56, 112))
        theme.changed.connect(self.update)

    def show_worst(self, place: Place | None) -> None:
        """Mark a corner, or none."""
        self._worst = place
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the car."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wheels = paint_car(painter, QRectF(self.rect()), self._theme.tokens)
        if self._worst is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.tokens.warning), 2.5))
            painter.drawRoundedRect(wheels[self._worst].adjusted(-3, -3, 3, 3), 3, 3)
        painter.end()


class Splits(QWidget):
    """Stationary time and reaction side by side, the corners under them.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.stationary = BigSplit("Stationary", _BIG)
        self.reaction = BigSplit("Reaction", _MIDDLE)
        self.corners = CornerTimes(theme)
        top = row_layout(self.stationary, self.reaction, spacing=12)
        top.setStretch(0, 3)
        top.setStretch(1, 2)
        top.setAlignment(self.reaction, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.corners)

    def show_breakdown(
        self, found: Breakdown, labels: Mapping[str, str], best_s: float | None = None
    ) -> None:
        """Show the figures of a stop.

        Args:
            found: What follows from its events.
            labels: Names of the kinds of events.
            best_s: Shortest stationary time of the clip's stops, where there are several.
        """
        one = found.stationary
        source = sources_text(one)
        behind = _behind(one, best_s)
        if behind is not None:
            best = "shortest" if behind <= 0 else f"+{behind:.3f} on the shortest"
            source = ", ".join(filter(None, (best, source)))
        self.stationary.show_split(split(one, labels), source)
        self.reaction.show_split(split(found.reaction, labels), sources_text(found.reaction))
        self.corners.show_times(found, labels)
