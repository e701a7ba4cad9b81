"""A pit stop taken apart: its big figures, what held the car, its events, what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.jobs.stop_values import StopState
from codefx_desktop.ui.fold import Fold
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.facts import Fact
from codefx_desktop.ui.models.stop_bars import chart_of
from codefx_desktop.ui.models.stop_events import EventColumn, StopEvents
from codefx_desktop.ui.models.stop_words import (
    as_text,
    chain_text,
    done_facts,
    marks_text,
    other_splits,
    stop_name,
)
from codefx_desktop.ui.stop_facts_box import ClassicBox, StopFactsBox
from codefx_desktop.ui.stop_gantt import StopGantt
from codefx_desktop.ui.stop_heading_box import FrontQuestion, HeadingBox
from codefx_desktop.ui.stop_splits import Splits
from codefx_desktop.ui.widgets import ElidedLabel, FactList, Scrolled, section, tool_button, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from codefx_desktop.domain.stop import RuleFlag
    from codefx_desktop.jobs.statistics_values import Peers
    from codefx_desktop.jobs.stop_values import StopShown, StopsRead
    from codefx_desktop.ui.models.stop_view import StopView
    from codefx_desktop.ui.theme import Theme

WIDE_PX: Final = 460
"""From here on the list of events has room for status and sureness."""
_NO_JOB: Final = "Choose a job to see its pit stops taken apart."
_NO_JOBS_CLIP: Final = "The clip in view is a file of its own. View a job's clip to see its stops."
_TITLES: Final = {
    StopState.NOT_ASKED: "Not analysed",
    StopState.NONE: "No pit stop was found",
    StopState.WAITING: "Not there yet",
    StopState.UNREADABLE: "The stops cannot be read",
}


class StopPanel(QWidget):
    """Everything about one stop of the job in focus.

    Args:
        view: The stops.
        theme: The theme.
    """

    frame_wanted = Signal(str, int)
    """View a frame of a job's clip."""
    copied = Signal(str)
    """Something was put on the clipboard: what."""
    compare_wanted = Signal(str, int)
    """Compare a stop of a job: its number."""
    edited = Signal()
    """Something is being typed: the job must not change under it."""

    def __init__(self, view: StopView, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view, self._theme = view, theme
        self.copy_button = tool_button("copy", "Copy the stop as text", theme)
        self.copy_button.clicked.connect(self.copy)
        self.compare_button = tool_button("side", "Add to compare", theme)
        self.compare_button.clicked.connect(self._compare)
        self.clip = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        font = self.clip.font()
        font.setBold(True)
        self.clip.setFont(font)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("Stop")
        self.chooser.activated.connect(view.choose)
        self.busy = wrapped("The stops are being found again…", "muted")
        self.question = FrontQuestion(theme)
        self.splits = Splits(theme)
        self._peers: Peers | None = None
        self.peers = wrapped("", "muted")
        self.peers.setAccessibleName("Among its peers in the history")
        self.peers.hide()
        self.others, self.done = FactList(), FactList()
        self.gantt = StopGantt(theme)
        self.bar_text = wrapped("", "muted")
        self.bar_text.setAccessibleName("The task that is looked at")
        self.held = wrapped()
        self.heading = HeadingBox(theme)
        self.events = StopEvents(self)
        self.table = self._make_table()
        self.flags: list[QPushButton] = []
        self.notes = wrapped()
        self.facts, self.classic = StopFactsBox(), ClassicBox()
        self.hint_title, self.hint = wrapped(), wrapped("", "muted")
        self._lay_out()
        self._listen()
        self._show()

    def copy(self) -> None:
        """Put the stop on the clipboard as lines of text."""
        shown, found = self.view.shown, self.view.found
        if shown is not None and found is not None:
            QGuiApplication.clipboard().setText(as_text(found, shown, self.view.clip_name))
            self.copied.emit(f"Copied stop {shown.stop.number} of {self.view.clip_name}.")

    def show_peers(self, text: str, peers: Peers | None) -> None:
        """Say how the stop stands among its peers in the history.

        Args:
            text: In words; empty for nothing.
            peers: Against whom each corner is held; None: nobody.
        """
        self._peers = peers
        self.splits.corners.show_against(peers)
        self.peers.setText(text)
        self.peers.setVisible(bool(text))

    def offer_jobs(self, job_ids: tuple[str, ...]) -> None:
        """Offer to say the same about the stops of these jobs."""
        self.facts.offer_jobs(job_ids)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose how much of each event has room."""
        super().resizeEvent(event)
        for column in (EventColumn.STATUS, EventColumn.SURE):
            self.table.setColumnHidden(column, self.width() < WIDE_PX)

    # -- building -----------------------------------------------------------------------------

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.events)
        table.setAccessibleName("Events")
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().lineSpacing() + 6)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(EventColumn.EVENT, QHeaderView.ResizeMode.Stretch)
        # All rows are there: the panel scrolls, not a list within it.
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return table

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("panel")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        _add(column, self.clip, self.chooser, self.busy, self.question)
        column.addSpacing(4)
        _add(column, self.splits, self.peers, self.others, self.done)
        self._flag_title = self._section(column, "For a person to judge")
        self._flag_list = QVBoxLayout()
        column.addLayout(self._flag_list)
        self._path_title = self._section(column, "What held the car")
        _add(column, self.held, self.gantt, self.bar_text)
        self._section(column, "Direction")
        column.addWidget(self.heading)
        self._note_title = self._section(column, "Notes")
        column.addWidget(self.notes)
        self.events_fold = Fold("Events", self.table, self._theme, is_open=True)
        self.facts_fold = Fold("About this stop", self.facts, self._theme)
        self.classic_fold = Fold("Classic times in the history", self.classic, self._theme)
        for fold in (self.facts_fold, self.classic_fold, self.events_fold):
            column.addSpacing(8)
            column.addWidget(fold)
        column.addStretch(1)
        scroll = self._scroll = Scrolled(body)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._hint_page())
        self._pages.addWidget(scroll)

    def _hint_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        font = self.hint_title.font()
        font.setBold(True)
        self.hint_title.setFont(font)
        for label in (self.hint_title, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        column.addWidget(self.hint_title)
        column.addWidget(self.hint)
        column.addStretch(1)
        return page

    def _section(self, column: QVBoxLayout, title: str) -> QWidget:
        label = section(title)
        column.addSpacing(8)
        column.addWidget(label)
        return label

    def _listen(self) -> None:
        view = self.view
        view.changed.connect(self._show)
        view.chosen.connect(self._show)
        self.question.chosen.connect(view.set_front)
        self.heading.flip_wanted.connect(view.flip)
        self.heading.mirror_wanted.connect(self._mirror)
        self.gantt.told.connect(self._tell_bar)
        self.gantt.frame_wanted.connect(self._jump)
        self.table.activated.connect(self._on_event)
        self.table.selectionModel().currentRowChanged.connect(self._follow_row)
        self.table.doubleClicked.connect(self._on_event)
        self.facts.save_wanted.connect(view.say)
        self.facts.share_wanted.connect(view.share)
        self.facts.edited.connect(self.edited)
        self.classic.correct_wanted.connect(view.correct)

    # -- showing ------------------------------------------------------------------------------

    def _show(self) -> None:
        found, shown = self.view.found, self.view.shown
        for button in (self.copy_button, self.compare_button):
            button.setEnabled(shown is not None)
        if found is None or shown is None:
            self._show_hint(found)
            return
        self._pages.setCurrentIndex(1)
        self.clip.say(self.view.clip_name)
        self.clip.setVisible(bool(self.view.clip_name))
        self.busy.setVisible(self.view.is_busy)
        self._show_chooser(found)
        self._show_figures(found, shown)
        self._show_path(shown)
        self._show_heading(shown)
        self._show_flags(shown.stop.flags)
        notes = [*shown.breakdown.order_breaks, *shown.stop.notes]
        self.notes.setText("\n".join(notes))
        for widget in (self.notes, self._note_title):
            widget.setVisible(bool(notes))
        self._show_events(found, shown)
        self.facts.show_facts(found.job_id, shown.stop.number, shown.stop.facts)
        self.classic.show_times(found.classic, found.stops[0].breakdown.classic)

    def _show_hint(self, found: StopsRead | None) -> None:
        self._pages.setCurrentIndex(0)
        if self.view.views_a_file:
            title, text = "", _NO_JOBS_CLIP
        elif self.view.job_id is None:
            title, text = "", _NO_JOB
        elif found is None:
            title, text = "", "Reading…"
        else:
            title, text = _TITLES.get(found.state, ""), found.why
        self.hint_title.setText(title)
        self.hint_title.setVisible(bool(title))
        self.hint.setText(text)

    def _show_chooser(self, found: StopsRead) -> None:
        names = [stop_name(one, len(found.stops)) for one in found.stops]
        if names != [self.chooser.itemText(row) for row in range(self.chooser.count())]:
            self.chooser.clear()
            self.chooser.addItems(names)
        self.chooser.setCurrentIndex(self.view.index)
        self.chooser.setVisible(len(names) > 1)

    def _show_figures(self, found: StopsRead, shown: StopShown) -> None:
        stood = [one.breakdown.stationary.value_s for one in found.stops]
        known = [value for value in stood if value is not None]
        best = min(known) if len(known) > 1 else None
        self.splits.show_breakdown(shown.breakdown, found.labels, best)
        self.splits.corners.show_against(self._peers)
        others = other_splits(shown.breakdown, found.labels)
        self.others.show_facts(others)
        self.others.setVisible(bool(others))
        marks = Fact("Marks", *marks_text(shown.breakdown.marks))
        self.done.show_facts((*done_facts(shown.breakdown, found.labels), marks))

    def _show_path(self, shown: StopShown) -> None:
        path = shown.breakdown.critical
        chain = chain_text(path)
        may = f"As well may have: {', '.join(path.may_have)}." if path.may_have else ""
        self.held.setText("\n".join(filter(None, (path.text, chain, may))))
        for widget in (self._path_title, self.held):
            widget.setVisible(bool(self.held.text()))
        self.gantt.show_chart(chart_of(shown))
        self.gantt.setVisible(bool(path.bars))

    def _show_heading(self, shown: StopShown) -> None:
        heading = shown.stop.heading
        self.question.setVisible(heading.front_deg is None)
        self.question.setEnabled(not self.view.is_busy)
        self.heading.show_heading(heading, is_busy=self.view.is_busy)

    def _show_flags(self, flags: tuple[RuleFlag, ...]) -> None:
        for old in self.flags:
            self._flag_list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.flags = [self._flag_button(flag) for flag in flags]
        self._flag_title.setVisible(bool(flags))

    def _flag_button(self, flag: RuleFlag) -> QPushButton:
        text = f"{flag.kind.value.capitalize()}: frame {flag.frame_number:,}"
        button = QPushButton(text)
        button.setToolTip(flag.text)
        button.setAccessibleName(f"{text}. {flag.text} View the frame.")
        button.clicked.connect(lambda _on=False: self._jump(flag.frame_number))
        wear(button, "warning", self._theme)
        self._flag_list.addWidget(button)
        return button

    def _show_events(self, found: StopsRead, shown: StopShown) -> None:
        self.events.show_stop(shown.stop, found.labels)
        rows = self.events.rowCount()
        section_px = self.table.verticalHeader().defaultSectionSize()
        head_px = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(rows * section_px + head_px + 2)
        missing = sum(event.time_s is None for event in shown.stop.events)
        self.events_fold.say(f"Events ({rows - missing} of {rows} found)")

    # -- asking -------------------------------------------------------------------------------

    def _tell_bar(self, text: str) -> None:
        self.bar_text.setText(text)
        self.bar_text.setVisible(bool(text))

    def _mirror(self) -> None:
        shown = self.view.shown
        if shown is not None and shown.stop.heading.front_deg is not None:
            heading = shown.stop.heading
            self.view.set_front(heading.front_deg or 0.0, mirrored=not heading.mirrored)

    def _on_event(self, index: QModelIndex) -> None:
        event = self.events.event_at(index.row())
        if event is not None and event.frame_number is not None:
            self._jump(event.frame_number)

    def _follow_row(self, current: QModelIndex) -> None:
        """Scroll to the row that the keys are at: the table has no scroll bar of its own."""
        body = self._scroll.widget()
        if current.isValid() and self.table.hasFocus() and body is not None:
            middle = self.table.visualRect(current).center()
            spot = self.table.viewport().mapTo(body, middle)
            self._scroll.ensureVisible(0, spot.y(), 0, 2 * self.table.rowHeight(current.row()))

    def _compare(self) -> None:
        shown = self.view.shown
        if self.view.job_id is not None and shown is not None:
            self.compare_wanted.emit(self.view.job_id, shown.stop.number)

    def _jump(self, number: int) -> None:
        if self.view.job_id is not None:
            self.frame_wanted.emit(self.view.job_id, number)


def _add(column: QVBoxLayout, *widgets: QWidget) -> None:
    for widget in widgets:
        column.addWidget(widget)
