"""Classes and tracks of the job under review as a tree: drawn or not, their colours, how many."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

from codefx_desktop.domain.overlay import class_color
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.track_sums import ClassCounts, TrackSums

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Objects
    from codefx_desktop.ui.models.review_model import ReviewModel

log = logging.getLogger(__name__)

Index = QModelIndex | QPersistentModelIndex
NAME, COUNT, WHEN = range(3)
HEADS: Final = ("Class and track", "Boxes", "Frames")
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_CHECKED_FLAGS: Final = _FLAGS | Qt.ItemFlag.ItemIsUserCheckable
"""Put together once: Qt asks for those of thousands of rows."""
_ROOT: Final = 0
"""Internal id of a class's row; that of a track's row is its class's row plus one."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What is shown.

    Attributes:
        classes: Ids of those that occur.
        counts: Of each, how many detections count, and how many are stored.
        sums: Of all tracks.
        tracks: Of each class, the places of its tracks in ``sums``, the longest first.
    """

    classes: tuple[int, ...]
    counts: Mapping[int, tuple[int, int]]
    sums: TrackSums | None
    tracks: tuple[npt.NDArray[np.intp], ...]


_NOTHING: Final = _Rows((), {}, None, ())


class DetectionTree(QAbstractItemModel):
    """Two levels: classes that occur, and the tracks of each, the longest first.

    Checked is what is drawn. Reading it costs as much as what is shown of it; making it anew for
    1,000,000 detections takes a worker some 50 ms: whoever shows it asks when edits rest.

    Args:
        model: The job under review.
    """

    refilling = Signal()
    """Other rows are to be shown."""
    refilled = Signal()
    """They are: all that the job has is shown."""

    def __init__(self, model: ReviewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._looks = model.looks
        self._job_id: str | None = None
        self._of: Objects | None = None
        self._class_counts: ClassCounts | None = None
        self._numbers: npt.NDArray[np.int32] = np.zeros(0, np.int32)
        self._rows = _NOTHING
        self.is_counting = False
        """Whether rows of other detections are on their way."""

    # -- what is in it ------------------------------------------------------------------------

    def refill(self) -> None:
        """Take what the job has now; rows stay where they are unless classes or tracks changed.

        Sums of other detections are made on a worker: ``refilled`` tells when they are shown.
        """
        model, read = self._model, self._model.read
        objects = None if read is None or read.corrected is None else read.corrected.objects
        if read is None or objects is None or read.job_id != self._job_id:
            self._show(_NOTHING)
            self._of = self._class_counts = None
            self.is_counting = False
        self._job_id = None if read is None else read.job_id
        if read is None or objects is None:
            self.refilled.emit()
        elif objects is self._of:
            self.is_counting = False
            self.recount()
        else:
            self.is_counting = True
            work = partial(_sum_up, objects, dict(model.thresholds), read.job_confidence)
            take = partial(self._take, objects, read.numbers)
            model.work_out("sums", work, take, lambda why: log.error("No sums of tracks: %s", why))

    def _take(
        self, objects: Objects, numbers: npt.NDArray[np.int32], found: tuple[_Rows, ClassCounts]
    ) -> None:
        read = self._model.read
        if read is None or read.job_id != self._job_id or read.corrected is None:
            return
        self.is_counting = False
        if read.corrected.objects is self._of:
            return  # what was counted is taken back by now: what is shown is what there is
        rows, counts = found
        self._of, self._class_counts, self._numbers = objects, counts, numbers
        self._show(replace(rows, counts=counts.at(self._model.thresholds, read.job_confidence)))
        self.refilled.emit()

    def _show(self, rows: _Rows) -> None:
        self.refilling.emit()
        is_same = rows.classes == self._rows.classes and [len(one) for one in rows.tracks] == [
            len(one) for one in self._rows.tracks
        ]
        if is_same:
            self._rows = rows
            self.show_again()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def recount(self) -> None:
        """Count what ``refill`` took anew, for other thresholds; show other eyes and colours."""
        read = self._model.read
        if read is None or self._class_counts is None:
            return
        looks, self._looks = self._looks, self._model.looks
        if self._looks is not looks:
            self.show_again()
        former = self._rows.counts
        counts = self._class_counts.at(self._model.thresholds, read.job_confidence)
        self._rows = replace(self._rows, counts=counts)
        for row, class_id in enumerate(self._rows.classes):
            if counts[class_id] != former[class_id]:
                self.dataChanged.emit(self.index(row, COUNT), self.index(row, WHEN))

    def show_again(self) -> None:
        """Say that any row may look different; no row came or went."""
        last = len(self._rows.classes) - 1
        if last >= 0:
            self.dataChanged.emit(self.index(0, 0), self.index(last, len(HEADS) - 1))
        for row, tracks in enumerate(self._rows.tracks):
            if len(tracks):
                top = self.index(row, 0)
                end = self.index(len(tracks) - 1, len(HEADS) - 1, top)
                self.dataChanged.emit(self.index(0, 0, top), end)

    def class_at(self, index: Index) -> int | None:
        """Return the class of a row, or of the class that its track belongs to."""
        if not index.isValid():
            return None
        return self._rows.classes[self._class_row(index)]

    def track_at(self, index: Index) -> int | None:
        """Return the track of a row; None for a class."""
        place = self._place(index)
        return (
            None
            if place is None or self._rows.sums is None
            else int(self._rows.sums.track_id[place])
        )

    def first_frame_at(self, index: Index) -> int | None:
        """Return the number of a track's first frame; None for a class."""
        return self._frame(index, is_last=False)

    def classes(self) -> tuple[int, ...]:
        """Return the classes that occur."""
        return self._rows.classes

    def other_tracks(self, index: Index) -> frozenset[int]:
        """Return the tracks of a track's class without itself."""
        place, sums = self._place(index), self._rows.sums
        if place is None or sums is None:
            return frozenset()
        same = self._rows.tracks[self._class_row(index)]
        return frozenset(sums.track_id[same].tolist()) - {int(sums.track_id[place])}

    def index_of_track(self, track_id: int) -> QModelIndex:
        """Return the row of a track; an invalid one where it has none."""
        if self._rows.sums is not None:
            for row, tracks in enumerate(self._rows.tracks):
                hits = (self._rows.sums.track_id[tracks] == track_id).nonzero()[0]
                if len(hits):
                    return self.index(int(hits[0]), 0, self.index(row, 0))
        return QModelIndex()

    def index_of_class(self, class_id: int) -> QModelIndex:
        """Return the row of a class; an invalid one where it has none."""
        if class_id in self._rows.classes:
            return self.index(self._rows.classes.index(class_id), 0)
        return QModelIndex()

    # -- what Qt asks -------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Return a row's cell."""
        parent = parent or QModelIndex()
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        inside = parent.row() + 1 if parent.isValid() else _ROOT
        return self.createIndex(row, column, inside)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject's other one
        """Return the class of a track."""
        if not index.isValid() or index.internalId() == _ROOT:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, _ROOT)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many classes, or tracks of one, there are."""
        if parent is None or not parent.isValid():
            return len(self._rows.classes)
        is_class = parent.internalId() == _ROOT and parent.column() == 0
        return len(self._rows.tracks[parent.row()]) if is_class else 0

    def columnCount(self, _parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return len(HEADS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - Qt's own
        """Return a column's head."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _CHECKED_FLAGS if index.column() == NAME else _FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return what a cell shows."""
        roles = Qt.ItemDataRole
        makers: dict[int, Callable[[Index], Any]] = {
            roles.DisplayRole: self._text,
            roles.ToolTipRole: self._tip,
        }
        if index.column() == NAME:
            makers[roles.CheckStateRole] = self._check
            makers[roles.DecorationRole] = lambda index: QColor(*self._color(index))
        else:
            makers[roles.TextAlignmentRole] = lambda _: _RIGHT
        make = makers.get(role) if index.isValid() else None
        return None if make is None else make(index)

    def setData(
        self,
        index: Index,
        value: Any,  # noqa: ANN401 - Qt's own
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        """Draw a class or track, or do not."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.draw(index, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def draw(self, index: Index, on: bool) -> None:
        """Draw a class or track, or do not."""
        looks, track, class_id = self._model.looks, self.track_at(index), self.class_at(index)
        if track is not None:
            self._model.look(hidden_tracks=_changed(looks.hidden_tracks, track, not on))
        elif class_id is not None:
            self._model.look(hidden_classes=_changed(looks.hidden_classes, class_id, not on))

    def paint_in(self, index: Index, color: tuple[int, int, int] | None) -> None:
        """Give a track a colour; None: its class's again."""
        track = self.track_at(index)
        if track is None:
            return
        colours = {k: v for k, v in self._model.looks.track_colours.items() if k != track}
        if color is not None:
            colours[track] = color
        self._model.look(track_colours=colours)

    # -- inside -------------------------------------------------------------------------------

    def _class_row(self, index: Index) -> int:
        return index.row() if index.internalId() == _ROOT else index.internalId() - 1

    def _place(self, index: Index) -> int | None:
        if not index.isValid() or index.internalId() == _ROOT:
            return None
        return int(self._rows.tracks[self._class_row(index)][index.row()])

    def _frame(self, index: Index, *, is_last: bool) -> int | None:
        place, sums = self._place(index), self._rows.sums
        if place is None or sums is None:
            return None
        return int(self._numbers[(sums.last if is_last else sums.first)[place]])

    def _text(self, index: Index) -> str:
        track, class_id = self.track_at(index), self.class_at(index)
        assert class_id is not None
        if track is None:
            count, stored = self._rows.counts[class_id]
            if index.column() == NAME:
                return self._model.class_name(class_id)
            if index.column() == COUNT:
                return words.count(count)
            return "" if count == stored else f"of {words.count(stored)}"
        place = self._place(index)
        assert self._rows.sums is not None
        assert place is not None
        if index.column() == NAME:
            return f"#{track}"
        if index.column() == COUNT:
            return words.count(int(self._rows.sums.boxes[place]))
        first, last = self._frame(index, is_last=False), self._frame(index, is_last=True)
        return f"{first}\u2013{last}"

    def _tip(self, index: Index) -> str:
        place, class_id = self._place(index), self.class_at(index)
        assert class_id is not None
        if place is None or self._rows.sums is None:
            count, stored = self._rows.counts[class_id]
            name = self._model.class_name(class_id)
            return (
                f"{name}: {words.count(count)} of {words.count(stored)} stored boxes are at or "
                "above the threshold"
            )
        sure = self._rows.sums.confidence[place]
        return f"Mean confidence {sure:.2f}; double click goes to its first frame"

    def _check(self, index: Index) -> Qt.CheckState:
        return Qt.CheckState.Checked if self._is_drawn(index) else Qt.CheckState.Unchecked

    def _is_drawn(self, index: Index) -> bool:
        track, looks = self.track_at(index), self._model.looks
        if track is not None:
            return track not in looks.hidden_tracks
        return self.class_at(index) not in looks.hidden_classes

    def _color(self, index: Index) -> tuple[int, int, int]:
        track, class_id = self.track_at(index), self.class_at(index)
        assert class_id is not None
        own = None if track is None else self._model.looks.track_colours.get(track)
        return own or class_color(class_id)


def _changed(hidden: frozenset[int], one: int, is_hidden: bool) -> frozenset[int]:
    return hidden | {one} if is_hidden else hidden - {one}


def _sum_up(
    objects: Objects, thresholds: Mapping[int, float], job_confidence: float
) -> tuple[_Rows, ClassCounts]:
    """Return what is shown of detections, and what counts them anew for other thresholds."""
    sums, counts = TrackSums.of(objects), ClassCounts(objects)
    counted = counts.at(thresholds, job_confidence)
    classes = tuple(sorted(counted))
    tracks = tuple(sums.of_class(class_id) for class_id in classes)
    return _Rows(classes, counted, sums, tracks), counts
