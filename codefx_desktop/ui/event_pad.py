"""The coding pad: where, what, and marks of a person's own, each with its key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.stop_words import PLACE_WORDS
from codefx_desktop.ui.ask_line import AskLine
from codefx_desktop.ui.flow_layout import FlowLayout
from codefx_desktop.ui.keyed_action import name_of
from codefx_desktop.ui.models.event_coding import ON_A_PAGE
from codefx_desktop.ui.widgets import row_layout

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.domain.events import Place
    from codefx_desktop.ui.event_actions import EventActions
    from codefx_desktop.ui.models.event_coding import CodeKey, EventCoding

COLUMNS = 3


class EventPad(QWidget):
    """Shows the pad of the job under review; holds no rules.

    Args:
        coding: The pad.
        actions: What its buttons do, with their keys.
    """

    def __init__(self, coding: EventCoding, actions: EventActions) -> None:
        super().__init__()
        self._coding, self._actions = coding, actions
        self._places: dict[Place, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.place_row = QWidget()
        self.keys = QWidget()
        self.codes = [self._code_button(number) for number in range(1, ON_A_PAGE + 1)]
        self.page = QToolButton()
        self.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.page.clicked.connect(actions.page.trigger)
        self.mark = self._pad_button(actions.mark)
        self.stretch = self._pad_button(actions.stretch)
        self.drop = QToolButton()
        self.drop.setText("Give it up")
        self.drop.setAccessibleName("Give up the mark that was begun")
        self.drop.setToolTip("Give up the mark that was begun")
        self.drop.clicked.connect(coding.give_up)
        self.waiting = QLabel()
        self.ask = AskLine("Label of the mark", "Add mark")
        self.ask.answered.connect(coding.name_mark)
        self.ask.left.connect(coding.give_up)
        self._lay_out()
        coding.changed.connect(self.refill)
        coding.asked.connect(self._on_asked)
        self.refill()

    def refill(self) -> None:
        """Show what the keys code now."""
        coding = self._coding
        if tuple(self._places) != coding.places:
            self._make_places(coding.places)
        button = self._places.get(coding.place)
        if button is not None:
            button.setChecked(True)
        keys = coding.keys if coding.kinds else ()
        for number, code in enumerate(self.codes):
            self._show_code(code, number, keys[number] if number < len(keys) else None)
        self.page.setText(f"0  {coding.page + 1}/{coding.pages}")
        name = f"Page {coding.page + 1} of {coding.pages} of the pad"
        self.page.setAccessibleName(name)
        self.page.setToolTip(f"{name}; 0 turns it")
        self.page.setVisible(coding.pages > 1)
        begun = coding.begun
        self.waiting.setText("" if begun is None else f"A mark begins at frame {begun}.")
        for widget in (self.waiting, self.drop):
            widget.setVisible(begun is not None)
        for action, shown in (
            (self._actions.mark, self.mark),
            (self._actions.stretch, self.stretch),
        ):
            self._tell(action, shown)
        if coding.wish is None and self.ask.isVisible():
            self.ask.close_up()
        self.keys.setVisible(coding.wish is None)

    # -- building -----------------------------------------------------------------------------

    def _code_button(self, number: int) -> QPushButton:
        button = self._pad_button(self._actions.codes[number - 1])
        button.clicked.disconnect()
        button.clicked.connect(partial(self._code, number))
        return button

    def _pad_button(self, action: QAction) -> QPushButton:
        """Return a large button that does an action and is off with it."""
        button = QPushButton()
        button.setAccessibleName(name_of(action))
        button.setProperty("pad", True)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setMinimumWidth(70)
        button.clicked.connect(action.trigger)
        action.changed.connect(lambda: self._tell(action, button))
        return button

    def _tell(self, action: QAction, button: QPushButton) -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())
        if button in (self.mark, self.stretch):
            word = "Mark" if button is self.mark else "Stretch"
            if button is self.stretch and self._coding.begun is not None:
                word = "End it"
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            button.setText(f"{key}  {word}")
            button.setAccessibleName(name_of(action))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, code in enumerate(self.codes):
            grid.addWidget(code, place // COLUMNS, place % COLUMNS)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.ask)
        whole.addWidget(self.keys)
        self._column = column = QVBoxLayout(self.keys)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.place_row)
        column.addLayout(grid)
        marks = row_layout(self.mark, self.stretch, self.page, spacing=4)
        marks.setStretch(0, 1)
        marks.setStretch(1, 1)
        column.addLayout(marks)
        row = row_layout(self.waiting, self.drop, spacing=4)
        row.setStretch(0, 1)
        column.addLayout(row)

    def _make_places(self, places: tuple[Place, ...]) -> None:
        old = self.place_row
        self._places = {}
        self.place_row = QWidget()
        row = FlowLayout(spacing=3)
        for place in places:
            button = QToolButton()
            button.setText(place.value)
            button.setCheckable(True)
            button.setObjectName("chip")
            button.setAccessibleName(f"Code at {PLACE_WORDS[place]}")
            button.setToolTip(f"Code at {PLACE_WORDS[place]} (P: the next place)")
            button.clicked.connect(partial(self._choose, place))
            self._group.addButton(button)
            self._places[place] = button
            row.addWidget(button)
        self.place_row.setLayout(row)
        self._column.replaceWidget(old, self.place_row)
        old.hide()
        old.deleteLater()

    # -- showing ------------------------------------------------------------------------------

    def _show_code(self, button: QPushButton, number: int, one: CodeKey | None) -> None:
        button.setVisible(one is not None)
        if one is None:
            return
        where = "where?" if one.place is None else one.place.value
        button.setText(f"{number + 1}  {where}".rstrip() + f"\n{one.label}".replace("&", "&&"))
        place = "" if one.place is None else f" {PLACE_WORDS[one.place]}"
        button.setAccessibleName(f"Code {one.label}{place}, key {number + 1}")

    def _choose(self, place: Place, _on: bool = False) -> None:
        self._coding.set_place(place)

    def _code(self, number: int, _on: bool = False) -> None:
        self._coding.code(number)

    def _on_asked(self) -> None:
        wish = self._coding.wish
        if wish is not None:
            self.keys.hide()  # while words are typed nothing is coded, and the list keeps its room
            self.ask.ask(wish.text, "", self._coding.offered())
