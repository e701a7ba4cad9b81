"""The events of a stop as rows of a table."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.stop_words import PLACE_WORDS
from codefx_desktop.ui.models.stop_words import event_cells, zero_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject

    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import PitStop

_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class EventColumn(IntEnum):
    """What stands in each column."""

    EVENT = 0
    TIME = 1
    BOUNDS = 2
    SOURCE = 3
    STATUS = 4
    SURE = 5


_HEADS: Final = {
    EventColumn.EVENT: ("Event", "What happened, and where"),
    EventColumn.TIME: ("s", ""),
    EventColumn.BOUNDS: ("\N{PLUS-MINUS SIGN} s", "How far off the time may be"),
    EventColumn.SOURCE: ("From", "What the time was measured from"),
    EventColumn.STATUS: ("Status", "Proposed, confirmed, edited or not found"),
    EventColumn.SURE: ("Sure", "How sure the analysis is"),
}
_RIGHT: Final = (EventColumn.TIME, EventColumn.BOUNDS, EventColumn.SURE)


class StopEvents(QAbstractTableModel):
    """One row for each event of the template, those that were not found too."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: tuple[Event, ...] = ()
        self._zero = ""
        self._cells: list[tuple[str, ...]] = []

    def show_stop(self, stop: PitStop | None, labels: Mapping[str, str]) -> None:
        """Show the events of a stop."""
        self.beginResetModel()
        self._events = () if stop is None else stop.events
        self._zero = "" if stop is None else zero_word(stop)
        self._cells = [tuple(event_cells(event, stop, labels)) for event in self._events if stop]
        self.endResetModel()

    def event_at(self, row: int) -> Event | None:
        """Return the event of a row."""
        return self._events[row] if 0 <= row < len(self._events) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many events there are."""
        return 0 if parent.isValid() else len(self._events)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(EventColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return what a column is called."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        word, more = _HEADS[EventColumn(section)]
        if section == EventColumn.TIME:
            more = self._zero
        if role == Qt.ItemDataRole.DisplayRole:
            return word
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(EventColumn(section))
        return more if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell says."""
        event = self.event_at(index.row())
        if event is None:
            return None
        column = EventColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._more(index.row(), event)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = _HEADS[column][0]
            return f"{word}: {self._text(index.row(), column) or 'none'}"
        return None

    def _text(self, row: int, column: EventColumn) -> str:
        name, place, time, bounds, _frame, source, status, sure = self._cells[row]
        return {
            EventColumn.EVENT: f"{name} {place}".strip(),
            EventColumn.TIME: time,
            EventColumn.BOUNDS: bounds,
            EventColumn.SOURCE: source,
            EventColumn.STATUS: status,
            EventColumn.SURE: sure,
        }[column]

    def _more(self, row: int, event: Event) -> str:
        """Return all about an event; plain text, whatever its evidence says."""
        name, _place, time, bounds, frame, source, status, sure = self._cells[row]
        lines = [f"{name}, {PLACE_WORDS[event.place]}: {status}"]
        if event.status is not EventStatus.NOT_FOUND:
            lines[0] += f", {sure} sure" if sure else ""
            lines.append(f"{self._zero}: {time} \N{PLUS-MINUS SIGN}{bounds}, from {source}")
            if event.time_s is not None:
                at = f"{event.time_s:.3f} s of the clip"
                lines.append(f"{at}, frame {frame}" if frame else at)
        lines += [f"{key}: {value}" for key, value in event.evidence.items()]
        return "\n".join(lines)


def _alignment(column: EventColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
