"""The list of events: arrows go from frame to frame, Enter and a double click confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QListView

from codefx_desktop.ui.event_delegate import EventDelegate
from codefx_desktop.ui.models.event_list import EventList

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from codefx_desktop.ui.models.event_walk import EventWalk
    from codefx_desktop.ui.theme import Theme


LEAST_PX: Final = 112
"""Three rows and the head of a group, or so."""


class EventView(QListView):
    """Shows the rows of a walk; the frame on screen is marked among them.

    Args:
        walk: What is shown.
        theme: The theme.
    """

    confirmed = Signal()
    """The row in hand is right."""

    def __init__(self, walk: EventWalk, theme: Theme) -> None:
        super().__init__()
        self._walk = walk
        self._is_told = False
        self.list = EventList(self)
        self.setModel(self.list)
        self.setItemDelegate(EventDelegate(theme, self))
        self.setAccessibleName("Events of the stop")
        self.setToolTip(
            "Click: go to the frame. Enter or double click: confirm, and on to the next"
        )
        self.setMouseTracking(True)
        self.setMinimumHeight(LEAST_PX)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self.viewport().update)
        walk.changed.connect(self.refill)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(lambda _index: self.confirmed.emit())
        self.refill()

    def refill(self) -> None:
        """Show the rows of the walk, and the one in hand."""
        self._is_told = True
        try:
            self.list.show_rows(self._walk.rows)
            selection = self._walk.model.selection
            place = self.list.place_of(selection.event, selection.mark)
            if place is None:
                self.setCurrentIndex(QModelIndex())
            elif place != self.currentIndex().row():
                self.setCurrentIndex(self.list.index(place))
                self.scrollTo(self.list.index(place))
        finally:
            self._is_told = False

    def set_here(self, number: int | None, *, follows: bool) -> None:
        """Mark the row of the frame on screen.

        Args:
            number: The frame; None for none.
            follows: Whether the row is to be brought in sight.
        """
        place = self.list.set_here(number)
        if follows and place is not None:
            self.scrollTo(self.list.index(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the row in hand in sight: its details below take room from the list."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def sizeHint(self) -> QSize:
        """Ask for few rows: it takes what is left, and panels below it stay in sight."""
        return QSize(super().sizeHint().width(), LEAST_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Confirm on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
            return
        super().keyPressEvent(event)

    def _on_current(self, now: QModelIndex) -> None:
        row = self.list.event_at(now)
        if not self._is_told and row is not None:
            self._walk.choose(row)

    def _on_clicked(self, index: QModelIndex) -> None:
        """Go to the row's frame again where it was in hand already."""
        row = self.list.event_at(index)
        if row is not None:
            self._walk.choose(row)
