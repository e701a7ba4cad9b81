"""The centre of the Compare workspace: pictures, one transport, charts and differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.compare_deltas import CompareDeltas
from codefx_desktop.ui.compare_gantt import CompareGantt
from codefx_desktop.ui.compare_pane_box import ComparePaneBox, layer_of
from codefx_desktop.ui.compare_picker import ComparePicker
from codefx_desktop.ui.compare_picture import ComparePicture
from codefx_desktop.ui.compare_strip import CompareStrip
from codefx_desktop.ui.models.compare_bars import charts_of
from codefx_desktop.ui.models.compare_delta import as_text
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.models.compare_words import pane_name
from codefx_desktop.ui.widgets import wrapped

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QResizeEvent

    from codefx_desktop.ui.compare_actions import CompareActions
    from codefx_desktop.ui.models.compare_search import CompareSearch
    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.theme import Theme

PICKER_PX: Final = 280
EMPTY_PX: Final = 520
HEAD_PX: Final = 30
"""About what a pane has above its picture."""
PICTURE_PX: Final = 190
"""Charts and table leave the pictures so much, also in a small window."""
WIDE: Final = 16 / 9
_PARTS, _BELOW = "compare/parts", "compare/below"


class ComparePage(QWidget):
    """Shows the stops that are compared; holds no rules.

    Args:
        view: The stops.
        search: Looks for more of them.
        actions: What can be done with them.
        store: Keeps the sizes of the parts.
        theme: The theme.
    """

    copied = Signal(str)
    """What was put on the clipboard, in words."""
    chosen = Signal(object)
    """Compare these too: a list of ``Offer``."""
    history_wanted = Signal()
    """There is nothing to compare yet."""

    def __init__(
        self,
        view: CompareView,
        search: CompareSearch,
        actions: CompareActions,
        store: QSettings,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._view, self._actions, self._store, self._theme = view, actions, store, theme
        self.boxes: list[ComparePaneBox] = []
        self._columns = 0
        self._offers = False
        self.over = ComparePicture("Two pictures over each other", theme)
        self.over.divided.connect(lambda part: view.set_look(divide=part))
        self.over.stepped.connect(view.player.step)
        self.strip = CompareStrip(view, actions, theme)
        self.gantt = CompareGantt(theme)
        self.deltas = CompareDeltas(view, actions, theme)
        self.first_picker = ComparePicker(search, view, theme)
        self.picker = ComparePicker(search, view, theme)
        self._lay_out()
        self._listen()
        self._on_listed()

    def take_keyboard(self) -> None:
        """Give the keyboard to what is in front."""
        if not self._view.panes:
            self.first_picker.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._view.look.arrangement is not Arrangement.SIDE:
            self.over.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._view.focus < len(self.boxes):
            self.boxes[self._view.focus].picture.setFocus(Qt.FocusReason.OtherFocusReason)

    def pictures(self) -> tuple[ComparePicture, ...]:
        """Return the pictures that can be seen."""
        if self._view.look.arrangement is not Arrangement.SIDE:
            return (self.over,)
        return tuple(box.picture for box in self.boxes)

    def copy(self) -> None:
        """Put the table on the clipboard as text, in the order in which it is sorted."""
        view, model = self._view, self.deltas.model
        names = [pane_name(view, number) for number in model.panes]
        text = as_text(model.rows, names, view.slot_name, model.panes)
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(f"Copied {len(model.rows)} phases of {len(names)} stops.")

    def keep(self) -> None:
        """Write down how large the parts are."""
        self._store.setValue(_PARTS, self._parts.saveState())
        self._store.setValue(_BELOW, self._below.saveState())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the panes so that their pictures are largest."""
        super().resizeEvent(event)
        self._arrange()

    # -- building -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._area = QWidget()
        self._area.setObjectName("panel")
        self._grid = QGridLayout(self._area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        above = QWidget()
        column = self._column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.over.setMinimumHeight(PICTURE_PX)
        column.addWidget(self._area, 1)
        column.addWidget(self.over, 1)
        column.addWidget(self.strip)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.gantt)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._below = QSplitter(Qt.Orientation.Horizontal)
        self._below.addWidget(scroll)
        self._below.addWidget(self.deltas)
        self._below.setSizes([520, 480])
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.addWidget(above)
        self._parts.addWidget(self._below)
        self._parts.setStretchFactor(0, 1)
        self._parts.setSizes([560, 230])
        for splitter, key in ((self._parts, _PARTS), (self._below, _BELOW)):
            splitter.setChildrenCollapsible(False)
            state = self._store.value(key)
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
        self._side = QWidget()
        self._side.setObjectName("panel")
        self._side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._side.setFixedWidth(PICKER_PX)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(10, 10, 10, 10)
        side.addWidget(self.picker)
        panes = QWidget()
        row = QHBoxLayout(panes)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addWidget(self._parts, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(panes)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("panel")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel("Compare pit stops")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.9)
        font.setBold(True)
        title.setFont(font)
        said = wrapped(
            "Choose two to four stops. They play side by side, aligned on any of their events, "
            "and every phase is held against one of them.\n"
            "Several jobs marked in the history can be compared from their menu, and the stop "
            "that is looked at from the Stop panel.",
            "muted",
        )
        for label in (title, said):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle = QWidget()
        middle.setMaximumWidth(EMPTY_PX)
        column = QVBoxLayout(middle)
        column.setContentsMargins(24, 32, 24, 32)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(said)
        column.addSpacing(8)
        column.addWidget(self.first_picker, 1)
        outer = QHBoxLayout(page)
        outer.addStretch(1)
        outer.addWidget(middle, 4)
        outer.addStretch(1)
        return page

    def _listen(self) -> None:
        view, actions = self._view, self._actions
        view.listed.connect(self._on_listed)
        view.arranged.connect(self._on_arranged)
        view.looked.connect(self._on_looked)
        view.player.pictured.connect(self._show_pictures)
        view.player.moved.connect(lambda: self.gantt.show_time(view.player.time_s))
        view.player.played.connect(self._show_pictures)
        self.gantt.time_wanted.connect(view.player.go)
        actions.add.toggled.connect(self._on_add)
        actions.add.triggered.connect(self._on_asked)
        actions.fit.triggered.connect(self._fit)
        actions.copy.triggered.connect(self.copy)
        strip = self.strip
        for box in (strip.aligned, strip.base, strip.top):
            box.activated.connect(lambda _row: self.take_keyboard())
        for picker in (self.picker, self.first_picker):
            picker.chosen.connect(self.chosen)
            picker.history_wanted.connect(self.history_wanted)

    def _fit(self) -> None:
        for picture in self.pictures():
            picture.fit()

    # -- showing ------------------------------------------------------------------------------

    def _on_listed(self) -> None:
        """Have a box for each pane."""
        view, count = self._view, len(self._view.panes)
        had_keyboard = self.isAncestorOf(QGuiApplication.focusObject())  # type: ignore[arg-type]
        while len(self.boxes) > count:
            box = self.boxes.pop()
            self._grid.removeWidget(box)
            box.hide()
            box.deleteLater()
        while len(self.boxes) < count:
            box = ComparePaneBox(view, len(self.boxes), self._theme)
            box.left.connect(view.remove)
            self._grid.addWidget(box, 0, len(self.boxes))
            box.show()  # at once: it may get the keyboard
            self.boxes.append(box)
        self._columns = 0
        self._pages.setCurrentIndex(1 if count else 0)
        self._settle_picker(count)
        self._arrange()
        self._on_arranged()
        self._on_looked()
        if had_keyboard and not (count and self._actions.add.isChecked()):
            self.take_keyboard()

    def _settle_picker(self, count: int) -> None:
        """Offer more stops by itself while there is only one; a person may do so at any time."""
        action = self._actions.add
        if count == 1 and not action.isChecked():
            self._offers = True
            action.setChecked(True)
        elif self._offers and count != 1:
            self._offers = False
            action.setChecked(False)
        self._side.setVisible(action.isChecked())

    def _on_add(self, on: bool) -> None:
        self._side.setVisible(on)
        if on and self._view.panes and self.isVisible():
            self.picker.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_asked(self) -> None:
        """Leave the search as a person wants it."""
        self._offers = False

    def _on_arranged(self) -> None:
        for box in self.boxes:
            box.refresh()
        self.gantt.show_charts(charts_of(self._view))
        self.gantt.show_time(self._view.player.time_s)
        self._show_over()

    def _on_looked(self) -> None:
        side = self._view.look.arrangement is Arrangement.SIDE
        focus = QGuiApplication.focusObject()
        had_keyboard = any(focus is one for one in (self.over, *(b.picture for b in self.boxes)))
        self.over.setVisible(not side)
        for box in self.boxes:
            box.picture.setVisible(side)
            box.update()
        self._columns = 0
        self._arrange()
        self._show_pictures()
        if had_keyboard:  # a picture that is hidden now would give it to whatever comes next
            self.take_keyboard()

    def _show_pictures(self) -> None:
        for box in self.boxes:
            box.show_picture()
        self._show_over()

    def _show_over(self) -> None:
        look, view = self._view.look, self._view
        if look.arrangement is Arrangement.SIDE or max(look.base, look.top) >= len(view.panes):
            return
        self.over.is_fast = view.player.playing or view.player.dragging
        layers = layer_of(view, look.base), layer_of(view, look.top)
        self.over.show_both(*layers, look.arrangement, look.opacity, look.divide)

    def _arrange(self) -> None:
        """Lay the panes out in as many columns as make their pictures largest."""
        count = len(self.boxes)
        side = self._view.look.arrangement is Arrangement.SIDE
        self._area.setMinimumHeight(PICTURE_PX if side else 0)  # over each other only their heads
        columns = columns_for(count, self._area.width(), self._area.height()) if side else count
        if not count or columns == self._columns:
            return
        self._columns = columns
        for number, box in enumerate(self.boxes):
            self._grid.addWidget(box, number // columns, number % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        rows = -(-count // columns)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row < rows else 0)
        self._column.setStretchFactor(self._area, 1 if side else 0)


def columns_for(count: int, width: int, height: int) -> int:
    """Return in how many columns pictures of 16:9 are largest; fewer rows where it is equal."""
    best, best_wide = max(count, 1), 0.0
    for rows in range(1, count + 1):
        columns = -(-count // rows)  # as few as there must be: no place stays empty for nothing
        room = max(height / rows - HEAD_PX, 1.0)
        wide = min(width / columns, room * WIDE)
        if wide > best_wide * 1.02:
            best, best_wide = columns, wide
    return best
