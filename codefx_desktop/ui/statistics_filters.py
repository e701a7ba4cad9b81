"""What statistics are told of: which duration, told apart by what, and which stops count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobFilter
from codefx_desktop.domain.statistics import GroupBy
from codefx_desktop.domain.stop_words import PLACE_WORDS
from codefx_desktop.jobs.statistics_values import Over
from codefx_desktop.ui.flow_layout import FlowLayout
from codefx_desktop.ui.widgets import OptionalDate, row_layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codefx_desktop.jobs.statistics_values import Choices
    from codefx_desktop.ui.models.statistics_view import StatisticsView

ANY_PLACE: Final = "any"
MOST_UNCERTAIN_S: Final = 10.0


class AskBar(QWidget):
    """Which duration, where, told apart by what, over what.

    Args:
        view: The question.
    """

    def __init__(self, view: StatisticsView) -> None:
        super().__init__()
        self._view = view
        self.duration = _box("Duration", "Which time of the stops", 18)
        self.place = _box("Place", "Which corner or end of the car", 10)
        self.by = _box("Group by", "What stops are told apart by", 12)
        self.over = _box("Chart over", "What lies across, and what trends are told over", 8)
        for by in GroupBy:
            self.by.addItem(by.value.capitalize(), by)
        self.over.addItem("Date", Over.DATE)
        self.over.addItem("Order", Over.ORDER)
        pairs = (
            ("&Time", self.duration),
            ("at", self.place),
            ("&Group by", self.by),
            ("O&ver", self.over),
        )
        self.setLayout(FlowLayout(*(_named(*pair) for pair in pairs), spacing=14))
        self.duration.activated.connect(self._on_duration)
        self.place.activated.connect(self._on_place)
        self.by.activated.connect(lambda _: view.group_by(GroupBy(self.by.currentData())))
        self.over.activated.connect(lambda _: view.tell_over(Over(self.over.currentData())))

    def show_choices(self, choices: Choices) -> None:
        """Offer what the history has."""
        wanted = self._view.question.wanted
        offered = [(one.label, one.name) for one in choices.durations]
        _offer(self.duration, offered or [("Stationary", "stationary")], wanted.name)
        one = next((one for one in choices.durations if one.name == wanted.name), None)
        places = () if one is None else one.places
        several = [("All places", ANY_PLACE)] if len(places) > 1 else []
        named = [(PLACE_WORDS[place].capitalize(), place.value) for place in places]
        chosen = ANY_PLACE if wanted.place is None else wanted.place.value
        _offer(self.place, [*several, *named] or [("Car", "")], chosen)
        self.place.setEnabled(self.place.count() > 1)

    def show_question(self) -> None:
        """Show what is asked now."""
        question = self._view.question
        self.by.setCurrentIndex(self.by.findData(question.by))
        self.over.setCurrentIndex(self.over.findData(question.over))

    def _on_duration(self) -> None:
        self._view.narrow(name=self.duration.currentData(), place=None)

    def _on_place(self) -> None:
        value = self.place.currentData()
        self._view.narrow(place=None if value == ANY_PLACE else Place(value))


class FilterBar(QWidget):
    """Which stops count.

    Args:
        view: The question.
    """

    def __init__(self, view: StatisticsView) -> None:
        super().__init__()
        self._view = view
        self.text = QLineEdit()
        self.text.setPlaceholderText("Search clips")
        self.text.setClearButtonEnabled(True)
        self.text.setAccessibleName("Search clips")
        self.text.setToolTip(
            "Only stops of clips whose name, series, race or notes have these words"
        )
        self.text.setMinimumWidth(110)
        self.series = _box("Series", "Only stops of this series", 8)
        self.race = _box("Race", "Only stops of this race", 8)
        self.team = _box("Team", "Only stops of this team", 8)
        self.since = OptionalDate("Added since", "Since")
        self.until = OptionalDate("Added until", "Until")
        self.sure = _box("Confirmed or all", "Whether only what a person confirmed counts", 9)
        self.sure.addItem("All times", False)
        self.sure.addItem("Confirmed", True)
        self.most = QDoubleSpinBox()
        self.most.setRange(0.0, MOST_UNCERTAIN_S)
        self.most.setSingleStep(0.01)
        self.most.setDecimals(3)
        self.most.setPrefix("± to ")
        self.most.setSuffix(" s")
        self.most.setSpecialValueText("± any")
        self.most.setKeyboardTracking(False)
        self.most.setAccessibleName("Largest uncertainty, seconds")
        self.most.setToolTip("Only times that are known at least this well; 0 for any")
        self.reset_button = QPushButton("Reset")
        self.reset_button.setAccessibleName("Reset filters")
        self.reset_button.setToolTip("Let all stops count")
        names = (self.text, self.series, self.race, self.team)
        doubts = (self.sure, self.most, self.reset_button)
        self.setLayout(FlowLayout(*names, self.since, self.until, *doubts))
        self._offer_names((), self.series, "Any series")
        self._offer_names((), self.race, "Any race")
        self._offer_names((), self.team, "Any team")
        self._listen()

    def show_choices(self, choices: Choices) -> None:
        """Offer what the history has."""
        self._offer_names(choices.series, self.series, "Any series")
        self._offer_names(choices.races, self.race, "Any race")
        self._offer_names(choices.teams, self.team, "Any team")

    def show_question(self) -> None:
        """Show which stops count now, and whether any do not."""
        self.reset_button.setEnabled(self._view.is_narrowed)
        if self._view.is_narrowed:
            return
        for widget in self._inputs():
            widget.blockSignals(True)
        self.text.clear()
        for box in (self.series, self.race, self.team, self.sure):
            box.setCurrentIndex(0)
        self.since.set_value(None)
        self.until.set_value(None)
        self.most.setValue(0.0)
        for widget in self._inputs():
            widget.blockSignals(False)

    def _listen(self) -> None:
        self.text.textChanged.connect(self._on_changed)
        for box in (self.series, self.race, self.team, self.sure):
            box.activated.connect(self._on_changed)
        self.since.changed.connect(self._on_changed)
        self.until.changed.connect(self._on_changed)
        self.most.valueChanged.connect(self._on_changed)
        self.reset_button.clicked.connect(self._view.reset)

    def _on_changed(self) -> None:
        jobs = JobFilter(
            text=self.text.text().strip(),
            series=self.series.currentData() or "",
            race=self.race.currentData() or "",
            since=self.since.value(),
            until=self.until.value(),
        )
        self._view.narrow(
            jobs=jobs,
            team=self.team.currentData() or "",
            only_confirmed=bool(self.sure.currentData()),
            most_uncertain_s=self.most.value() or None,
        )

    def _inputs(self) -> Iterable[QWidget]:
        boxes = (self.series, self.race, self.team, self.sure)
        return (self.text, *boxes, self.since, self.until, self.most)

    def _offer_names(self, names: Sequence[str], box: QComboBox, any_text: str) -> None:
        _offer(box, [(any_text, ""), *((name, name) for name in names)], box.currentData())


def _offer(box: QComboBox, items: Sequence[tuple[str, str]], chosen: object) -> None:
    """Have a box offer these; the one that is chosen stays."""
    if [(box.itemText(n), box.itemData(n)) for n in range(box.count())] != list(items):
        box.clear()
        for text, data in items:
            box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))


def _named(text: str, box: QComboBox) -> QWidget:
    """Return a box with its name before it; they are not parted at the end of a line."""
    pair, label = QWidget(), QLabel(text)
    label.setBuddy(box)
    pair.setLayout(row_layout(label, box, spacing=6))
    pair.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return pair


def _box(name: str, help_text: str, characters: int) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(help_text)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(characters)
    return box
