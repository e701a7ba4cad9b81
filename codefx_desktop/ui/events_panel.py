"""The events of the job under review: list, evidence, coding pad; suspicious tracks; changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QTabWidget, QToolButton, QVBoxLayout, QWidget

from codefx_desktop.domain.corrected import Suspicion
from codefx_desktop.jobs.review_values import ReviewState
from codefx_desktop.ui.change_list import ChangeList
from codefx_desktop.ui.conflict_list import ConflictList
from codefx_desktop.ui.event_actions import EventActions
from codefx_desktop.ui.event_details import EventDetails
from codefx_desktop.ui.event_pad import EventPad
from codefx_desktop.ui.event_view import EventView
from codefx_desktop.ui.flow_layout import FlowLayout
from codefx_desktop.ui.fold import Fold
from codefx_desktop.ui.models.event_coding import EventCoding
from codefx_desktop.ui.models.event_rows import Show
from codefx_desktop.ui.models.event_walk import EventWalk
from codefx_desktop.ui.models.jump_places import JumpKind
from codefx_desktop.ui.models.stop_words import stop_name
from codefx_desktop.ui.suspicion_list import SuspicionList
from codefx_desktop.ui.widgets import action_button, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.jump_places import JumpPlace
    from codefx_desktop.ui.models.mark_labels import MarkLabels
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.theme import Theme

_TIPS = {
    Show.ALL: "All events of the stop",
    Show.TO_CHECK: "Proposed events, and those of which the analysis says something else now",
    Show.DIFFERENCES: "Events of which the analysis says something else now than you",
}
_NOTHING = {
    None: "View a job's clip to go through its events.",
    ReviewState.LOADING: "Reading what was found…",
}
_EMPTY = {
    Show.ALL: "No stop was found. Code the first event of one with the pad below.",
    Show.TO_CHECK: "Nothing is left to check.",
    Show.DIFFERENCES: "The analysis says nothing else than you.",
}


class EventsPanel(QWidget):
    """Shows the job under review; holds no rules.

    Args:
        model: The job under review.
        clip: The clip in view, in which frames are gone to.
        labels: Labels of marks that were used before.
        jumps: Go to the suspicious track before, and to the next.
        theme: The theme.
        window: Owns the actions; their keys work in all of it.
    """

    frame_wanted = Signal(int)
    """Exactly this frame is to be seen."""
    wanted = Signal()
    """Something is asked in it: it belongs in front."""
    counted = Signal(str)
    """How far a person is with the stop, in words."""
    copied = Signal(str)
    """Something was put on the clipboard: what."""

    def __init__(
        self,
        model: ReviewModel,
        clip: ClipView,
        labels: MarkLabels,
        jumps: tuple[QAction, QAction],
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model, self._clip, self._theme = model, clip, theme
        self.walk = EventWalk(model, self)
        self.coding = EventCoding(self.walk, labels, self)
        self.actions_ = EventActions(window, self.walk, self.coding, theme, self._ask_note)
        self.chooser = QComboBox()
        self.chips = {show: self._chip(show) for show in Show}
        self.by_time = self._order_chip()
        self.all_button = action_button(self.actions_.confirm_all)
        self.count = ""
        self.view = EventView(self.walk, theme)
        self.empty = wrapped("", "muted")
        self.details = EventDetails(self.walk, self.actions_, theme)
        self.pad = EventPad(self.coding, self.actions_)
        self.suspicions = SuspicionList(model, jumps, theme)
        self.changes = ChangeList(model, theme)
        self.conflicts = ConflictList(model, theme)
        self.hint = wrapped("", "muted")
        self.tabs = QTabWidget()
        self._lay_out()
        self._listen()
        self.conflicts.refill()
        self._show()

    # -- building -----------------------------------------------------------------------------

    def _chip(self, show: Show) -> QToolButton:
        chip = _new_chip(show.value, _TIPS[show])
        chip.setAutoExclusive(True)
        chip.setChecked(show is Show.ALL)
        chip.clicked.connect(lambda: self.walk.set_show(show))
        return chip

    def _order_chip(self) -> QToolButton:
        chip = _new_chip("By time", "In order of time; otherwise corner by corner")
        chip.clicked.connect(lambda on: self.walk.set_by_place(not on))
        return chip

    def _lay_out(self) -> None:
        events = QWidget()
        column = QVBoxLayout(events)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(4)
        head = FlowLayout(*self.chips.values(), self.by_time, spacing=3)
        self.pad_fold = Fold("Coding pad", self.pad, self._theme, is_open=True)
        self.detail_fold = Fold(self.details.name, self.details, self._theme, is_open=True)
        column.addWidget(self.chooser)
        column.addLayout(head)
        column.addWidget(self.empty)
        column.addWidget(self.view, 1)
        column.addWidget(self.detail_fold)
        column.addWidget(self.pad_fold)
        self.chooser.setAccessibleName("Stop whose events are shown")
        self.chooser.setToolTip("Which stop's events are shown")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setProperty("tight", True)  # four of them have room
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName("Parts of the review")
        self.tabs.addTab(events, "Events")
        self.tabs.addTab(self.suspicions, "Tracks")
        self.tabs.addTab(self.changes, "Changes")
        self.tabs.addTab(self.conflicts, "Conflicts")
        self.tabs.setTabToolTip(3, "What two people corrected differently: decide which holds")
        self.tabs.setTabVisible(3, False)
        self.tabs.setTabToolTip(1, "Tracks that may have been mixed up")
        self.tabs.setTabToolTip(2, "Who changed what, and when")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.hint)
        column.addWidget(self.tabs, 1)
        self.hint.setContentsMargins(12, 12, 12, 12)

    def _listen(self) -> None:
        self.walk.changed.connect(self._show)
        self._model.changed.connect(self._show)
        self.chooser.activated.connect(self._choose_stop)
        self.view.confirmed.connect(self.walk.confirm)
        for source in (self.walk, self.details, self.suspicions, self.conflicts):
            source.frame_wanted.connect(self.frame_wanted)
        self.details.named.connect(self.detail_fold.say)
        self.suspicions.counted.connect(self._count_suspicions)
        self.conflicts.counted.connect(self._count_conflicts)
        self.changes.copied.connect(self.copied)
        self.coding.asked.connect(lambda: self._bring(self.pad_fold))
        self._clip.pictured.connect(self._follow)
        self._clip.places.jumped.connect(self._on_jumped)

    # -- showing ------------------------------------------------------------------------------

    def _show(self) -> None:
        read, there = self._model.read, self._model.is_there
        state = None if read is None else read.state
        self.hint.setText("" if there else _NOTHING.get(state) or (read.why if read else ""))
        self.hint.setVisible(not there)
        self.tabs.setEnabled(there)
        self._show_chooser()
        self.count = self.walk.tally.text if self.walk.stop is not None else ""
        self.counted.emit(self.count)
        for show, chip in self.chips.items():
            chip.setChecked(show is self.walk.show)
        differences = 0 if read is None else len(read.differences)
        word = Show.DIFFERENCES.value
        self.chips[Show.DIFFERENCES].setText(f"{word} {differences}" if differences else word)
        nothing = there and not self.walk.rows
        self.empty.setText(_EMPTY[self.walk.show] if nothing else "")
        self.empty.setVisible(nothing)
        self._follow()

    def _show_chooser(self) -> None:
        stops = () if self._model.read is None else self._model.read.stops
        names = [stop_name(one, len(stops)) for one in stops]
        if names != [self.chooser.itemText(row) for row in range(self.chooser.count())]:
            self.chooser.clear()
            self.chooser.addItems(names)
        numbers = [one.stop.number for one in stops]
        if self.walk.number in numbers:
            self.chooser.setCurrentIndex(numbers.index(self.walk.number))
        self.chooser.setVisible(len(stops) > 1)

    def _follow(self) -> None:
        """Mark the row of the frame on screen; while it plays, keep it in sight."""
        shown = self._clip.shown if self._model.is_there else None
        number = None if shown is None else shown.frame.number
        self.view.set_here(number, follows=self._clip.playing)

    def _count_suspicions(self, number: int) -> None:
        self.tabs.setTabText(1, f"Tracks {number}" if number else "Tracks")

    def _count_conflicts(self, left: int, of: int) -> None:
        self.tabs.setTabText(3, f"Conflicts {left}" if left else "Conflicts")
        self.tabs.setTabVisible(3, of > 0)

    # -- asking -------------------------------------------------------------------------------

    def _choose_stop(self, row: int) -> None:
        read = self._model.read
        if read is not None and 0 <= row < len(read.stops):
            self.walk.choose_stop(read.stops[row].stop.number)

    def _on_jumped(self, kind: JumpKind, place: JumpPlace) -> None:
        """Show what was jumped to."""
        if isinstance(place.key, Suspicion):
            self.tabs.setCurrentWidget(self.suspicions)
            self.suspicions.take(place.key)
        elif kind is JumpKind.EVENT:
            self.tabs.setCurrentIndex(0)

    def _ask_note(self) -> None:
        if self.walk.row is not None:
            self._bring(self.detail_fold)
            self.details.ask_note()

    def _bring(self, fold: Fold) -> None:
        """Bring a part of the panel in front."""
        self.wanted.emit()
        self.tabs.setCurrentIndex(0)
        fold.set_open(True)


def _new_chip(text: str, tip: str) -> QToolButton:
    chip = QToolButton()
    chip.setText(text)
    chip.setCheckable(True)
    chip.setObjectName("chip")
    chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    chip.setAccessibleName(tip)
    chip.setToolTip(tip)
    return chip
