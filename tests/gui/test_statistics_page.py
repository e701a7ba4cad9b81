"""The page of the statistics: asked with mouse and keys, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_statistics import FakeStatisticsDesk, season, timed
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from codefx_desktop.domain.statistics import GroupBy
from codefx_desktop.jobs.statistics_values import Over
from codefx_desktop.ui.models.statistics_rows import Column
from codefx_desktop.ui.models.statistics_view import StatisticsView
from codefx_desktop.ui.models.statistics_words import MINUS, as_table
from codefx_desktop.ui.statistics_page import StatisticsPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.statistics import TimedStop
    from codefx_desktop.ui.theme import Theme

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton


@pytest.fixture
def desk(qapp: object) -> Iterator[FakeStatisticsDesk]:
    desk = FakeStatisticsDesk()
    desk.put(season())
    yield desk
    desk.deleteLater()


@pytest.fixture
def page(qtbot: QtBot, desk: FakeStatisticsDesk, theme: Theme) -> StatisticsPage:
    """The statistics of twelve stops."""
    view = StatisticsView(desk, desk)
    page = StatisticsPage(view, theme)
    qtbot.addWidget(page)
    page.resize(1280, 640)
    page.show()
    view.set_in_front(True)
    qtbot.waitUntil(lambda: view.answer is not None)
    return page


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Choose from a box with the keyboard."""
    box.setFocus()
    qtbot.keyClicks(box, text)
    box.activated.emit(box.currentIndex())


def asked(qtbot: QtBot, page: StatisticsPage) -> None:
    """Wait for the answer to what is asked now."""
    view = page.view
    qtbot.waitUntil(lambda: view.answer is not None and view.answer.question == view.question)


def test_one_line_says_it_all_and_what_was_not_found(page: StatisticsPage) -> None:
    told = page.headline.whole
    assert told.startswith("Stationary, all stops: median 2.940 s · spread 0.060 s · best 2.890 s")
    assert "11 of 12 found" in told
    slope = f"{MINUS}0.304"
    assert f"trend {slope} ({slope} to {slope}) s a month" in told


def test_groups_are_told_sorted_and_copied(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page.ask.by, "Team")
    asked(qtbot, page)
    table = page.table
    cells = [table.order.index(0, column).data() for column in range(Column.TREND)]
    assert cells == ["Blue", "5", "1", "2.940", "0.060", "0.059", "2.900"]
    table.sortByColumn(Column.BEST, Qt.SortOrder.AscendingOrder)
    assert table.order.index(0, 0).data() == "Green"
    assert page.view.answer is not None
    lines = as_table(page.view.answer, table.sequence()).splitlines()
    assert lines[0].startswith("Group\tStops\tNot found\tMedian, s\tSpread, s")
    assert [line.split("\t")[0] for line in lines[1:]] == ["Green", "Blue"]


def test_a_click_looks_at_a_group_and_another_at_all(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page.ask.by, "Team")
    asked(qtbot, page)
    table = page.table
    spot = table.visualRect(table.order.index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
    assert page.view.group == "Green"
    assert page.headline.whole.startswith("Stationary, Green: median")
    qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
    assert page.view.group is None
    table.setFocus()
    qtbot.keyClick(table, KEY.Key_Down)
    assert page.view.group is not None
    qtbot.keyClick(table, KEY.Key_Escape)
    assert page.view.group is None
    assert not table.selectionModel().hasSelection()


def test_older_jobs_that_are_copied_take_nothing_from_who_is_looking(
    qtbot: QtBot, page: StatisticsPage, desk: FakeStatisticsDesk
) -> None:
    cars = [timed(n, 3.0, car_number=f"{n:02}") for n in range(13)]
    desk.put(cars[:12])
    choose(qtbot, page.ask.by, "Car")
    asked(qtbot, page)
    page.resize(1280, 380)
    table, resets = page.table, []
    table.rows.modelReset.connect(lambda: resets.append(None))
    table.setFocus()
    table.selectRow(9)
    table.verticalScrollBar().setValue(4)
    group, scrolled = page.view.group, table.verticalScrollBar().value()
    assert group is not None
    assert scrolled > 0
    before = page.view.answer
    for done in range(30):
        desk.freshening.emit(done, 30)
    assert page.aside.whole.endswith("29 of 30")
    desk.freshened.emit(3, "")  # some were new: the history is asked again
    qtbot.waitUntil(lambda: page.view.answer is not before)
    assert page.aside.whole == ""
    assert resets == []
    assert (page.view.group, table.verticalScrollBar().value()) == (group, scrolled)
    assert table.currentIndex().row() == 9
    # Groups that came in are shown, and what was looked at stays marked.
    desk.put(cars)
    desk.freshened.emit(1, "")
    qtbot.waitUntil(lambda: table.order.rowCount() == 13)
    assert len(resets) == 1
    assert table.currentIndex().data() == group
    assert table.verticalScrollBar().value() == scrolled


def test_keys_go_from_point_to_point(qtbot: QtBot, page: StatisticsPage) -> None:
    opened: list[TimedStop] = []
    page.chart.opened.connect(opened.append)
    chart = page.chart
    chart.setFocus()
    for key in (KEY.Key_Right, KEY.Key_Right, KEY.Key_Left):
        qtbot.keyClick(chart, key)
    assert chart.current is not None
    assert chart.current.stop.job_id == "job-0"
    qtbot.keyClick(chart, KEY.Key_End)
    assert "stop-11.mp4" in chart.accessibleDescription()
    qtbot.keyClick(chart, KEY.Key_Return)
    assert [one.stop.job_id for one in opened] == ["job-11"]


def test_keys_stay_within_the_group_that_is_looked_at(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page.ask.by, "Team")
    asked(qtbot, page)
    page.view.pick("Green")
    chart = page.chart
    chart.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(chart, KEY.Key_Right)
        assert chart.current is not None
        seen.append(chart.current.stop.job_id)
    assert seen == ["job-1", "job-3", "job-5"]


def test_a_double_click_or_enter_opens_the_best_stop_of_a_group(
    qtbot: QtBot, page: StatisticsPage
) -> None:
    table = page.table
    spot = table.visualRect(table.order.index(0, Column.BEST)).center()
    with qtbot.waitSignal(table.best_wanted) as wanted:
        qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
        qtbot.mouseDClick(table.viewport(), LEFT, pos=spot)
    assert wanted.args is not None
    best = wanted.args[0].summary.best_index
    assert page.view.rows[best].stop.job_id == "job-11"
    table.setCurrentIndex(table.order.index(0, 0))
    with qtbot.waitSignal(table.best_wanted):
        qtbot.keyClick(table, KEY.Key_Return)


def test_filters_reach_the_question_and_are_taken_back(qtbot: QtBot, page: StatisticsPage) -> None:
    filters, view = page.filters, page.view
    assert not filters.reset_button.isEnabled()
    qtbot.keyClicks(filters.text, "lap 7")
    choose(qtbot, filters.series, "F1")
    choose(qtbot, filters.team, "Green")
    choose(qtbot, filters.sure, "Confirmed")
    filters.most.setValue(0.05)
    filters.since._known.click()
    wanted = view.question.wanted
    assert (wanted.jobs.text, wanted.jobs.series, wanted.team) == ("lap 7", "F1", "Green")
    assert wanted.only_confirmed
    assert wanted.most_uncertain_s == 0.05
    assert wanted.jobs.since is not None
    asked(qtbot, page)
    qtbot.mouseClick(filters.reset_button, LEFT)
    assert not view.is_narrowed
    assert filters.text.text() == ""
    assert filters.team.currentText() == "Any team"
    asked(qtbot, page)


def test_another_time_another_place_another_order(qtbot: QtBot, page: StatisticsPage) -> None:
    assert not page.ask.place.isEnabled()
    choose(qtbot, page.ask.duration, "Tyre")
    asked(qtbot, page)
    assert page.view.question.wanted.name == "tyre"
    assert [page.ask.place.itemText(n) for n in range(3)] == [
        "All places",
        "Front left",
        "Rear left",
    ]
    choose(qtbot, page.ask.place, "Rear")
    choose(qtbot, page.ask.over, "Order")
    asked(qtbot, page)
    question = page.view.question
    assert question.wanted.place == "RL"
    assert question.over is Over.ORDER
    assert page.headline.whole.endswith("s in 10 stops")


def test_where_nothing_passes_the_filters_they_can_be_taken_back(
    qtbot: QtBot, desk: FakeStatisticsDesk, page: StatisticsPage
) -> None:
    desk.put(())
    choose(qtbot, page.filters.team, "Green")
    qtbot.waitUntil(lambda: page.title.text() == "No stop passes the filters")
    desk.put(season())
    qtbot.mouseClick(page.button, LEFT)
    qtbot.waitUntil(page.chart.isVisible)
    assert not page.view.is_narrowed


def test_a_time_that_no_stop_has_and_a_history_that_cannot_be_read(
    qtbot: QtBot, desk: FakeStatisticsDesk, page: StatisticsPage
) -> None:
    desk.put((timed(1), timed(2)))
    page.view.group_by(GroupBy.TEAM)
    qtbot.waitUntil(lambda: page.title.text() == "This time was not found in any stop")
    desk.trouble = "The disk is gone."
    page.view.group_by(GroupBy.RACE)
    qtbot.waitUntil(lambda: page.why.text() == "The disk is gone.")
    desk.trouble = ""
    desk.put(season())
    qtbot.mouseClick(page.button, LEFT)
    qtbot.waitUntil(page.chart.isVisible)


def test_every_control_has_a_name_and_a_tooltip(page: StatisticsPage) -> None:
    controls = [
        one
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for one in page.findChildren(kind)
        if one.isVisibleTo(page) and not one.objectName().startswith("qt_")
    ]
    assert len(controls) > 12
    nameless = [one for one in controls if not (one.accessibleName() or one.text())]
    assert not nameless
    assert page.chart.accessibleName() == "Chart of the stops"
    assert "Enter opens the stop" in page.chart.accessibleDescription()


@pytest.mark.dressed
@pytest.mark.parametrize("name", ["dark", "light", "sunlight"])
def test_points_wear_the_theme(theme: Theme, page: StatisticsPage, name: str) -> None:
    theme.set(name)
    picture, chart = page.chart.grab().toImage(), page.chart
    tokens = theme.tokens
    confirmed, proposed = chart.spot(2).toPoint(), chart.spot(3).toPoint()
    assert picture.pixelColor(confirmed.x(), confirmed.y() - 2).name() == tokens.accent
    assert picture.pixelColor(proposed.x(), proposed.y() - 2).name() != tokens.accent
    assert picture.pixelColor(3, chart.height() - 3).name() == tokens.surface


@pytest.mark.parametrize("row", [None, 0], ids=["no group", "a group out of sight"])
@pytest.mark.parametrize("count", [12, 13], ids=["the same groups", "one more"])
def test_news_leave_the_table_scrolled_as_it_is(
    qtbot: QtBot, page: StatisticsPage, desk: FakeStatisticsDesk, row: int | None, count: int
) -> None:
    cars = [timed(n, 3.0, car_number=f"{n:02}") for n in range(count)]
    desk.put(cars[:12])
    choose(qtbot, page.ask.by, "Car")
    asked(qtbot, page)
    page.resize(1280, 380)
    bar = page.table.verticalScrollBar()
    if row is not None:
        page.table.selectRow(row)
    QApplication.processEvents()
    bar.setValue(4)
    assert bar.value() == 4
    before = page.view.answer
    desk.put(cars)
    desk.freshened.emit(1, "")
    qtbot.waitUntil(lambda: page.view.answer is not before)
    QApplication.processEvents()
    assert page.table.order.rowCount() == count
    assert bar.value() == 4
