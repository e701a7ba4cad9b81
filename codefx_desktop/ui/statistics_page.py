"""The centre of the Statistics workspace: the question, the chart, the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.keyed_action import WITHIN, KeyedActions
from codefx_desktop.ui.models.statistics_points import points_of
from codefx_desktop.ui.models.statistics_words import headline, left_out_text
from codefx_desktop.ui.statistics_chart import StatisticsChart
from codefx_desktop.ui.statistics_filters import AskBar, FilterBar
from codefx_desktop.ui.statistics_table import StatisticsTable
from codefx_desktop.ui.widgets import ElidedLabel, action_button, row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.models.statistics_view import StatisticsView
    from codefx_desktop.ui.theme import Theme

_EMPTY: Final = (
    "No pit stops in the history yet",
    "Statistics are told of the stops that jobs with the pit stop profile find. Analyse some "
    "footage, or the sample stop that comes with the program.",
)
_NONE_PASS: Final = (
    "No stop passes the filters",
    "There are stops in the history, but none that the filters let through.",
)
_NOT_FOUND: Final = (
    "This time was not found in any stop",
    "Choose another time, or say in Review when its events were.",
)


class StatisticsPage(QWidget):
    """Everything the Statistics workspace shows.

    Args:
        view: Question and answer.
        theme: The theme.
    """

    sample_wanted = Signal()
    """Analyse the sample stop."""
    footage_wanted = Signal()
    """Ask for footage to analyse."""

    def __init__(self, view: StatisticsView, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = view
        self.ask, self.filters = AskBar(view), FilterBar(view)
        make = KeyedActions(self, theme, WITHIN).make
        self.copy = make("&Copy the table", "copy", "Ctrl+Shift+C")
        self.save = make("&Save the times as CSV…", "save", "Ctrl+Shift+S")
        self.reset = make("&Reset the filters", "", "Ctrl+Shift+R", view.reset)
        self.save.setIconText(" CSV")
        self.copy_button, self.csv_button = action_button(self.copy), action_button(self.save)
        self.csv_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.csv_button.setProperty("labelled", True)
        self.headline = ElidedLabel()
        self.headline.setAccessibleName("What is told")
        self.aside = ElidedLabel()
        self.aside.setObjectName("muted")
        self.chart = StatisticsChart(theme)
        self.table = StatisticsTable(theme)
        self.legend = QLabel("● confirmed   ○ proposed   ◆ this stop   ╌ median   ━ trend")
        self.legend.setObjectName("muted")
        self.title, self.why = QLabel(), wrapped("", "muted")
        self.button, self.second = QPushButton(), QPushButton("Add footage…")
        self._lay_out()
        view.asked.connect(self._on_asked)
        view.changed.connect(self.show_answer)
        view.copied.connect(self._show_aside)
        view.picked.connect(self._on_picked)
        self.table.picked.connect(view.pick)
        self.button.clicked.connect(self._on_button)
        self.second.clicked.connect(self.footage_wanted)
        self.show_answer()

    def deeds(self) -> tuple[QAction, ...]:
        """Return what can be done with the statistics by key."""
        return self.copy, self.save, self.reset

    def take_keyboard(self) -> None:
        """Give the keyboard to the question."""
        front = self.button if self.button.isVisible() else self.ask.duration
        front.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_answer(self) -> None:
        """Show what came back."""
        view, answer = self.view, self.view.answer
        if answer is not None and not answer.trouble:
            self.ask.show_choices(answer.choices)
            self.filters.show_choices(answer.choices)
        self._on_asked()
        if not self._show_blank():
            self._pages.setCurrentIndex(0)
            self.table.show_answer(answer, view.group)
            self._on_picked()
        self._show_aside()

    # -- inside -------------------------------------------------------------------------------

    def _show_aside(self) -> None:
        """Say what is left out, and what is still being copied."""
        view, answer = self.view, self.view.answer
        left = "" if answer is None else left_out_text(answer)
        self.aside.say("  ".join(filter(None, (left, view.copying))))
        self.aside.setVisible(bool(self.aside.whole))

    def _lay_out(self) -> None:
        top = row_layout(self.ask, self.copy_button, self.csv_button, spacing=4)
        top.setStretch(0, 1)
        below = row_layout(self.headline, self.legend)
        below.setStretch(0, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.chart)
        split.addWidget(self.table)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        filled = QWidget()
        inner = QVBoxLayout(filled)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        inner.addLayout(below)
        inner.addWidget(split, 1)
        self._pages = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.filters)
        column.addWidget(self.aside)
        column.addLayout(self._pages, 1)
        # Of a page that is not in a window yet a stack would make one, and show it for a moment.
        self._pages.addWidget(filled)
        self._pages.addWidget(self._blank_page())

    def _blank_page(self) -> QWidget:
        page = QWidget()
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        self.title.setFont(font)
        self.button.setProperty("primary", True)
        column = QVBoxLayout(page)
        column.addStretch(1)
        for label in (self.title, self.why):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        buttons = row_layout(self.button, self.second)
        buttons.insertStretch(0, 1)
        buttons.addStretch(1)
        column.addSpacing(10)
        column.addLayout(buttons)
        column.addStretch(2)
        return page

    def _show_blank(self) -> bool:
        """Say why there is nothing to see; return whether there is nothing."""
        answer = self.view.answer
        if answer is None:
            told = ("", "Reading the history…", "")
        elif answer.trouble:
            told = ("The history cannot be read", answer.trouble, "Try again")
        elif not answer.choices.stops:
            told = (*_EMPTY, "Try the sample stop")
        elif not answer.sample.rows:
            told = (*_NONE_PASS, "Reset filters")
        elif answer.whole is None or not answer.whole.summary.count:
            told = (*_NOT_FOUND, "Reset filters" if self.view.is_narrowed else "")
        else:
            return False
        title, why, deed = told
        self.title.setText(title)
        self.why.setText(why)
        self.button.setText(deed)
        self.button.setAccessibleName(deed or "Nothing to do")
        self.button.setVisible(bool(deed))
        is_empty = answer is not None and not answer.trouble and not answer.choices.stops
        self.second.setVisible(is_empty)
        self._let(not is_empty)
        self._pages.setCurrentIndex(1)
        return True

    def _let(self, there: bool) -> None:
        """Let anything be asked and taken along only where there are stops."""
        for widget in (self.filters, self.ask):
            widget.setEnabled(there)
        for action in self.deeds():
            action.setEnabled(there)

    def _on_asked(self) -> None:
        self.ask.show_question()
        self.filters.show_question()

    def _on_picked(self) -> None:
        view, answer = self.view, self.view.answer
        if answer is None or answer.trouble:
            return
        self._let(True)
        self.headline.say(headline(answer, view.told))
        self.chart.show_points(points_of(answer, view.told), answer.sample.rows, answer.label)
        self.table.mark(view.group)

    def _on_button(self) -> None:
        answer = self.view.answer
        if answer is None or answer.trouble:
            self.view.set_in_front(True)
        elif not answer.choices.stops:
            self.sample_wanted.emit()
        else:
            self.view.reset()
