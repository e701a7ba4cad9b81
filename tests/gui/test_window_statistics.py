"""The Statistics workspace in the window: how it is reached, and what it asks of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from gui.fake_statistics import FakeStatisticsDesk, season
from gui.fake_stops import pit_stop, stops_read
from gui.reviewing import CTRL
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.statistics_values import Choices, Peers, PlaceMedian
from codefx_desktop.ui.models.statistics_rows import Column
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

THERE = Qt.Key(Qt.Key.Key_0 + 1 + list(Workspace).index(Workspace.STATISTICS))
"""With Ctrl it brings the statistics to the front."""
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakeStatisticsDesk:
    assert hub.statistics is not None
    hub.statistics.put(season())
    return hub.statistics


def test_it_is_a_key_away_and_a_point_opens_its_stop_in_review(
    qtbot: QtBot, window: MainWindow, desk: FakeStatisticsDesk, hub: FakeHub
) -> None:
    hub.job_changed.emit(record("a.mp4", id="a"))
    assert not desk.calls  # nothing is asked before somebody looks
    qtbot.keyClick(window, THERE, CTRL)
    assert window.workspaces.current is Workspace.STATISTICS
    page = window.statistics.page
    qtbot.waitUntil(lambda: page.view.answer is not None)
    assert desk.of("freshen") == [()]
    hub.job_changed.emit(record("a.mp4", id="a"))
    qtbot.waitUntil(lambda: desk.of("freshen") == [(), ()])
    assert len(desk.of("ask")) == 2  # it may be of another race now
    qtbot.mouseClick(page.chart, LEFT, pos=page.chart.spot(2).toPoint())
    assert desk.of("find") == [("job-2", 1)]
    seen: list[tuple[str, int]] = []
    window.statistics.review_wanted.connect(lambda *frame: seen.append(frame))
    assert window.book.get("job-2") is None  # a job that the window has not listed
    desk.found.emit(record("stop-2.mp4", id="job-2", status=JobStatus.COMPLETE), 1)
    assert seen == [("job-2", 102)]
    assert window.workspaces.current is Workspace.REVIEW
    assert window.docks.stop.isVisible()
    desk.failed.emit("There is no job job-2.")
    assert "cannot be viewed. There is no job" in window.banner.text.text()


def test_the_stop_panel_tells_of_its_peers_and_the_chosen_stop_is_placed(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakeStatisticsDesk
) -> None:
    assert hub.stops is not None
    medians = (PlaceMedian(Place.FRONT_LEFT, 1.5, 40),)
    told = Peers("job-3", 1, "Formula 1 stops of Blue in F1", 41, 2.1, ("b", 1), 30.0, medians)
    desk.peers["job-3", 1] = told
    hub.stops.put(stops_read(pit_stop(), job_id="job-3"))
    window.book.know(record("stop-3.mp4", id="job-3", status=JobStatus.COMPLETE))
    window.selection.choose("job-3")
    window.docks.stop.raise_()
    label = window.stops.panel.peers
    qtbot.waitUntil(lambda: label.text() != "")
    assert label.text() == (
        "+0.400 s on the best of 41 other Formula 1 stops of Blue in F1 (2.100 s); faster than 70 %"
    )
    cells = window.stops.panel.splits.corners.cells
    corner = cells[Place.FRONT_LEFT]
    assert corner.median.text() == "median +0.200"
    assert "0.200 s slower than the median of 40 other" in corner.accessibleName()
    assert "\N{MINUS SIGN}0.050 s on RL" in corner.toolTip()
    assert not cells[Place.FRONT_RIGHT].median.isVisible()
    qtbot.keyClick(window, THERE, CTRL)
    page = window.statistics.page
    qtbot.waitUntil(lambda: page.view.answer is not None)
    assert page.view.question.chosen == ("job-3", 1)
    assert not page.table.isColumnHidden(Column.CHOSEN)
    assert page.table.order.index(0, Column.CHOSEN).data() == "2.970, faster than 30 %"


def test_times_are_saved_as_csv_and_an_empty_history_says_what_to_do(
    qtbot: QtBot, window: MainWindow, desk: FakeStatisticsDesk, hub: FakeHub, tmp_path: Path
) -> None:
    qtbot.keyClick(window, THERE, CTRL)
    page = window.statistics.page
    qtbot.waitUntil(lambda: page.view.answer is not None)
    page.csv_button.click()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "stops.csv"))
    dialog.close()
    assert desk.of("save_csv") == [(page.view.question, tmp_path / "stops.csv")]
    desk.saved.emit("stops.csv", "")
    assert window.statusBar().currentMessage() == "Saved as stops.csv."
    desk.saved.emit("stops.csv", "The disk is full.")
    assert "The times were not saved. The disk is full." in window.banner.text.text()
    desk.choices = Choices()
    desk.freshened.emit(1, "")
    qtbot.waitUntil(lambda: page.button.text() == "Try the sample stop")
    assert page.title.text() == "No pit stops in the history yet"
    assert not page.filters.isEnabled()
    qtbot.mouseClick(page.button, LEFT)
    assert window.sheet is not None or hub.of("add_demo")
