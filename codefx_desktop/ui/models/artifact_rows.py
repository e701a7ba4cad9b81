"""The frames of a job that have artifacts, as a table of any length.

What was found in a frame stands in its file; files are read for the rows that somebody looks at.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from codefx_desktop.jobs.artifact_values import (
    UNKNOWN,
    ArtifactFile,
    ArtifactList,
    ArtifactState,
    FrameNote,
)
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.artifact_facts import missing_text, time_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

Index = QModelIndex | QPersistentModelIndex
GATHER_MS: Final = 30
MOST_ASKED: Final = 128
MISSING_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""Whether a file of the frame is missing."""
_ROOT: Final = QModelIndex()
_NOT_JUDGED: Final = (ArtifactState.GROWING, ArtifactState.WAITING)


class Column(IntEnum):
    """The columns, from left to right."""

    FRAME = 0
    TIME = 1
    SCENE = 2
    OBJECTS = 3
    SEGMENTS = 4
    FACES = 5


HEADINGS: Final = ("Frame", "Time", "Scene", "Obj.", "Seg.", "Faces")
HEADING_TIPS: Final = (
    "Frame number, from 0",
    "Time from the first picture",
    "Number of the scene, from 0",
    "Objects detected",
    "Objects segmented",
    "Faces found",
)
COUNTED: Final = {
    Column.OBJECTS: ArtifactFile.DETECTED,
    Column.SEGMENTS: ArtifactFile.SEGMENTED,
    Column.FACES: ArtifactFile.FACE,
}
"""The columns of stages that a job may not have, and the picture that tells so."""


class ArtifactRows(QAbstractTableModel):
    """One row for each frame, of all scenes or of one."""

    notes_wanted = Signal(object)
    """Numbers of frames whose rows are looked at and not known: ``tuple[int, ...]``."""
    filtered = Signal()
    """Other rows are shown, or their scenes are known now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: ArtifactList | None = None
        self._rows: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._notes: dict[int, FrameNote] = {}
        self._wanted: dict[int, None] = {}
        self.scene: int | None = None
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self._ask)

    # -- what it shows ------------------------------------------------------------------------

    def show_list(self, found: ArtifactList | None) -> None:
        """Show the frames of a job; of the same job what was known of them stays."""
        former = self._found
        if found is None or former is None or found.job_id != former.job_id:
            self._reset(found)
            return
        self._found = found
        # What could not be read may have been written since.
        self._notes = {number: note for number, note in self._notes.items() if not note.trouble}
        rows = self._passing()
        numbers, before = found.numbers[rows], former.numbers[self._rows]
        if len(numbers) >= len(before) and np.array_equal(numbers[: len(before)], before):
            self._grow(rows)
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        self.filtered.emit()

    def set_scene(self, scene: int | None) -> None:
        """Show the frames of one scene; None shows all."""
        if scene != self.scene:
            self.scene = scene
            self.beginResetModel()
            self._rows = self._passing()
            self.endResetModel()
            self.filtered.emit()

    def scenes(self) -> tuple[tuple[int, int], ...]:
        """Return the scenes that frames are known to be of, and how many frames each has."""
        if self._found is None:
            return ()
        known = self._found.scenes[self._found.scenes != UNKNOWN]
        numbers, counts = np.unique(known, return_counts=True)
        return tuple(zip(numbers.tolist(), counts.tolist(), strict=True))

    def describe(self, notes: Sequence[FrameNote]) -> None:
        """Take what was found in some frames."""
        for note in notes:
            self._notes[note.number] = note
        self._tell()

    def number_at(self, row: int) -> int | None:
        """Return the number of a row's frame; None if there is no such row."""
        if self._found is None or not 0 <= row < len(self._rows):
            return None
        return int(self._found.numbers[self._rows[row]])

    def row_of(self, number: int) -> int:
        """Return the row of a frame, or of the nearest one that is shown; -1 without rows."""
        if self._found is None or not len(self._rows):
            return -1
        shown = self._found.numbers[self._rows]
        right = min(int(np.searchsorted(shown, number)), len(shown) - 1)
        left = max(right - 1, 0)
        return left if number - int(shown[left]) <= int(shown[right]) - number else right

    def missing_at(self, row: int) -> str:
        """Return which files of a row's frame are missing; nothing while the job writes them."""
        found = self._found
        if found is None or found.state in _NOT_JUDGED:
            return ""
        return missing_text(int(found.files[self._rows[row]]), found.expected)

    # -- as Qt asks ---------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many frames are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's signature
        """Return a column's heading."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADINGS[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return HEADING_TIPS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return a cell's words."""
        number = self.number_at(index.row())
        if number is None:
            return None
        if role == MISSING_ROLE:
            return bool(self.missing_at(index.row()))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(index.row(), number, Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            note = self._notes.get(number)
            parts = (self.missing_at(index.row()), note.trouble if note else "")
            return "\n".join(filter(None, parts)) or None
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == Column.FRAME:
            return f"frame {words.count(number)}"
        return None

    # -- inside -------------------------------------------------------------------------------

    def _cell(self, row: int, number: int, column: Column) -> str:
        assert self._found is not None
        if column is Column.FRAME:
            return words.count(number)
        place, note = int(self._rows[row]), self._note(number)
        if column is Column.TIME:
            known = int(self._found.times_ms[place])
            return time_text(note.time_ms if known == UNKNOWN and note else known)
        if column is Column.SCENE:
            scene = int(self._found.scenes[place])
            scene = note.scene if scene == UNKNOWN and note else scene
            return words.NONE if scene == UNKNOWN else str(scene)
        if note is None:
            return "…"
        counts = {
            Column.OBJECTS: note.detections,
            Column.SEGMENTS: note.segments,
            Column.FACES: note.faces,
        }
        count = counts[column]
        return words.NONE if count is None else words.count(count)

    def _note(self, number: int) -> FrameNote | None:
        """Return what was found in a frame; asks for it where it is not known."""
        note = self._notes.get(number)
        if note is None:
            self._wanted.pop(number, None)
            self._wanted[number] = None
            if not self._gather.isActive():
                self._gather.start()
        return note

    def _ask(self) -> None:
        wanted = tuple(self._wanted)[-MOST_ASKED:]  # the ones looked at last
        self._wanted.clear()
        if wanted:
            self.notes_wanted.emit(wanted)

    def _passing(self) -> npt.NDArray[np.int64]:
        found = self._found
        if found is None:
            return np.empty(0, np.int64)
        if self.scene is None:
            return np.arange(len(found), dtype=np.int64)
        return np.flatnonzero(found.scenes == self.scene).astype(np.int64)

    def _reset(self, found: ArtifactList | None) -> None:
        self.beginResetModel()
        self._found, self.scene = found, None
        self._notes.clear()
        self._wanted.clear()
        self._rows = self._passing()
        self.endResetModel()
        self.filtered.emit()

    def _grow(self, rows: npt.NDArray[np.int64]) -> None:
        before = len(self._rows)
        if len(rows) > before:
            self.beginInsertRows(_ROOT, before, len(rows) - 1)
            self._rows = rows
            self.endInsertRows()
        else:
            self._rows = rows
        self._tell(before)

    def _tell(self, rows: int | None = None) -> None:
        last = (len(self._rows) if rows is None else rows) - 1
        if last >= 0:
            self.dataChanged.emit(self.index(0, 0), self.index(last, len(Column) - 1))
