"""The history as a table model of any length: pages of 100 are fetched when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from codefx_desktop.domain.job import JobFilter, JobRecord
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.facts import found_words

if TYPE_CHECKING:
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import HistoryPage

Index = QModelIndex | QPersistentModelIndex
PAGE = 100
PAGES_KEPT = 50
GATHER_MS = 30
RELOAD_MS = 250
_ROOT = QModelIndex()


class Column(IntEnum):
    """The columns, from left to right."""

    CLIP = 0
    STATUS = 1
    SERIES = 2
    RACE = 3
    SESSION = 4
    EVENT_DATE = 5
    ADDED = 6
    TOOK = 7
    SCENES = 8
    ARTIFACTS = 9


HEADINGS = (
    "Clip",
    "Status",
    "Series",
    "Race",
    "Session",
    "Event date",
    "Added",
    "Took",
    "Scenes",
    "Artifacts",
)
RECORD_ROLE = Qt.ItemDataRole.UserRole + 1


class HistoryModel(QAbstractTableModel):
    """All jobs that pass the filter, newest first; a row not fetched yet shows dots.

    Args:
        hub: Answers the questions.
    """

    counted = Signal(int)
    """How many jobs pass the filter."""

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._filter = JobFilter()
        self._total = 0
        self._open = False
        self._fresh = True
        self._pages: OrderedDict[int, tuple[JobRecord, ...]] = OrderedDict()
        self._stale: set[int] = set()
        self._wanted: set[int] = set()
        self._asked: dict[int, int] = {}
        self._gather = self._timer(GATHER_MS, self._ask_wanted)
        self._later = self._timer(RELOAD_MS, self._reload)
        hub.ready.connect(self._on_ready)
        hub.history_page.connect(self._on_page)
        hub.job_changed.connect(self._on_job)
        hub.job_removed.connect(lambda _id: self._later.start())

    @property
    def filter(self) -> JobFilter:
        """What the list is narrowed to."""
        return self._filter

    def set_filter(self, wanted: JobFilter) -> None:
        """Narrow the list; the rows change when the answer is there."""
        if wanted != self._filter:
            self._filter = wanted
            self._fresh = True
            self._asked.clear()
            self._wanted = {0}
            self._ask_wanted()

    def record(self, row: int) -> JobRecord | None:
        """Return a row's record; None while it is not fetched, which asks for it."""
        page, place = divmod(row, PAGE)
        records = self._pages.get(page)
        if records is None or page in self._stale:
            self._want(page)
        if records is None or place >= len(records):
            return None
        return records[place]

    def row_of(self, job_id: str | None) -> int:
        """Return the row of a job among the fetched ones, or -1."""
        for page, records in self._pages.items():
            for place, record in enumerate(records):
                if record.id == job_id:
                    return page * PAGE + place
        return -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many jobs pass the filter."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's signature
        """Return a column's heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return a cell's words, or the row's record."""
        if role not in _ANSWERED or not 0 <= index.row() < self._total:
            return None
        record = self.record(index.row())
        if role == RECORD_ROLE:
            return record
        if record is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(record)
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == Column.CLIP:
            return ", ".join((record.input_filename, words.status_word(record.status)))
        return cell(record, Column(index.column()))

    def _on_ready(self) -> None:
        self._open = True
        self._asked.clear()  # what was asked of no history yet, or of another one
        self._wanted.add(0)
        self._ask_wanted()

    def _want(self, page: int) -> None:
        if page not in self._asked.values():
            self._wanted.add(page)
            if not self._gather.isActive():
                self._gather.start()

    def _ask_wanted(self) -> None:
        if not self._open:
            return
        wanted, self._wanted = self._wanted, set()
        for page in sorted(wanted):
            if page not in self._asked.values():
                request = self._hub.request_history(self._filter, limit=PAGE, offset=page * PAGE)
                self._asked[request] = page

    def _reload(self) -> None:
        """Ask again for what is looked at; what is shown stays until the answer is there."""
        self._stale = set(self._pages)
        self._asked.clear()
        self._wanted.add(0)
        self._ask_wanted()
        self._tell(0, self._total)

    def _on_page(self, answer: HistoryPage) -> None:
        page = self._asked.pop(answer.request_id, None)
        if page is None:
            return  # an answer to an older filter
        if self._fresh:
            self.beginResetModel()
            self._pages.clear()
            self._stale.clear()
            self._store(page, answer)
            self._total, self._fresh = answer.total, False
            self.endResetModel()
        else:
            self._store(page, answer)
            self._resize(answer.total)
            self._tell(page * PAGE, PAGE)
        self.counted.emit(self._total)

    def _store(self, page: int, answer: HistoryPage) -> None:
        self._pages[page] = answer.records
        self._pages.move_to_end(page)
        self._stale.discard(page)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(_ROOT, self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(_ROOT, total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def _on_job(self, record: JobRecord) -> None:
        row = self.row_of(record.id)
        if row < 0:
            self._later.start()
            return
        page, place = divmod(row, PAGE)
        records = self._pages[page]
        self._pages[page] = (*records[:place], record, *records[place + 1 :])
        self._tell(row, 1)
        if self._filter != JobFilter():
            self._later.start()  # it may no longer pass

    def _tell(self, first: int, number: int) -> None:
        last = min(first + number, self._total) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def _timer(self, interval_ms: int, slot: Any) -> QTimer:  # noqa: ANN401 - a bound method
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer


_ANSWERED = frozenset(
    {
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
        RECORD_ROLE,
    }
)


def cell(record: JobRecord, column: Column) -> str:
    """Return the words of one cell."""
    metadata = record.metadata
    took = ""
    if record.started_at and record.finished_at:
        took = words.duration((record.finished_at - record.started_at).total_seconds())
    return {
        Column.CLIP: record.input_filename,
        Column.STATUS: words.status_word(record.status),
        Column.SERIES: metadata.series,
        Column.RACE: metadata.race,
        Column.SESSION: words.session_word(metadata.session) if metadata.session else "",
        Column.EVENT_DATE: metadata.event_date.isoformat() if metadata.event_date else "",
        Column.ADDED: words.moment(record.created_at),
        Column.TOOK: took,
        Column.SCENES: _count(record.scene_count),
        Column.ARTIFACTS: _count(record.artifact_frames),
    }[column]


def _count(number: int | None) -> str:
    return "" if number is None else words.count(number)


def second_line(record: JobRecord) -> str:
    """Return what stands under the clip's name where there is no room for columns."""
    metadata = record.metadata
    parts = (words.moment(record.created_at), metadata.series, metadata.race)
    return " · ".join(part for part in parts if part)


def tooltip(record: JobRecord) -> str:
    """Return what a row says when the pointer rests on it."""
    lines = [str(record.input_path), words.status_word(record.status)]
    if record.error_message:
        lines.append(record.error_message)
    if found := found_words(record):
        lines.append(found)
    if record.metadata.notes:
        lines.append(record.metadata.notes)
    return "\n".join(lines)
