"""The Stop panel: what it shows of a job, what a person can ask of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, record
from gui.fake_stops import FakeStopDesk, headless, pit_stop, stops_read
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QToolTip

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.jobs.stop_values import StopsRead, StopState
from codefx_desktop.ui.models.stop_events import EventColumn
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow
    from codefx_desktop.ui.stop_panel import StopPanel
    from codefx_desktop.ui.theme import Theme

JOB = record("a.mp4", id="a", status=JobStatus.COMPLETE)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakeStopDesk:
    assert hub.stops is not None
    return hub.stops


@pytest.fixture
def panel(qtbot: QtBot, window: MainWindow, desk: FakeStopDesk) -> StopPanel:
    """The panel with a job of two stops."""
    desk.put(stops_read(pit_stop(), pit_stop(2)))
    window.book.know(JOB)
    window.selection.choose("a")
    window.docks.stop.raise_()
    qtbot.waitUntil(lambda: window.stops.view.shown is not None)
    return window.stops.panel


def test_it_is_in_process_and_review_and_reads_only_when_seen(
    qtbot: QtBot, window: MainWindow, desk: FakeStopDesk, panel: StopPanel
) -> None:
    assert desk.of("open") == [("a",)]
    window.docks.job.raise_()
    qtbot.waitUntil(lambda: not panel.view.is_in_front)
    window.book.know(record("b.mp4", id="b", status=JobStatus.COMPLETE))
    window.selection.choose("b")
    assert desk.of("open") == [("a",)]
    window.workspaces.show(Workspace.REVIEW)
    assert window.docks.stop in window.tabifiedDockWidgets(window.docks.clip)


def test_big_splits_and_corners(panel: StopPanel) -> None:
    splits = panel.splits
    assert splits.stationary.figure.text() == "2.500 s"
    assert splits.stationary.bounds.text() == "±0.040"
    assert splits.stationary.source.whole == "shortest, track"
    cells = splits.corners.cells
    assert cells[Place.REAR_LEFT].mark.text() == "slowest?"
    assert cells[Place.REAR_LEFT].accessibleName() == (
        "Tyre rear left: 1.750 s ±0.040, slowest?, +0.050 s behind the fastest"
    )
    assert cells[Place.FRONT_LEFT].x() < cells[Place.FRONT_RIGHT].x()
    assert cells[Place.FRONT_LEFT].y() < cells[Place.REAR_LEFT].y()


def test_what_was_not_measured_is_never_a_figure(desk: FakeStopDesk, panel: StopPanel) -> None:
    slots = [("release", Place.NONE), ("tighten_end", Place.FRONT_LEFT), ("stop", Place.NONE)]
    desk.put(stops_read(pit_stop(missing=slots)))
    assert panel.splits.stationary.figure.text() == "not found"
    assert panel.splits.reaction.source.whole == "begin not seen"
    assert panel.splits.corners.cells[Place.FRONT_LEFT].figure.text() == "not found"
    assert not panel.chooser.isVisible()


@pytest.mark.parametrize(
    ("read", "title"),
    [
        (StopsRead("a", StopState.NONE, "No car was seen."), "No pit stop was found"),
        (StopsRead("a", StopState.NOT_ASKED, "Run it again."), "Not analysed"),
        (StopsRead("a", StopState.UNREADABLE, "Damaged."), "The stops cannot be read"),
    ],
)
def test_without_stops_it_says_why(
    desk: FakeStopDesk, panel: StopPanel, read: StopsRead, title: str
) -> None:
    desk.put(read)
    assert panel.hint_title.isVisible()
    assert (panel.hint_title.text(), panel.hint.text()) == (title, read.why)
    assert not panel.copy_button.isEnabled()


def test_several_stops_are_chosen_among(panel: StopPanel, qtbot: QtBot) -> None:
    assert panel.chooser.isVisible()
    qtbot.keyClick(panel.chooser, Qt.Key.Key_Down)
    assert panel.view.index == 1
    assert panel.chooser.currentText() == "Stop 2 of 2 · 2.50 s"


def test_a_bar_tells_its_figures_and_leads_to_its_frame(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, panel: StopPanel
) -> None:
    gantt = panel.gantt
    number = next(n for n, bar in enumerate(gantt._chart.bars) if bar.text == "Tighten RL")
    spot = gantt.bar_rect(number).center().toPoint()
    QApplication.sendEvent(gantt, QHelpEvent(QEvent.Type.ToolTip, spot, gantt.mapToGlobal(spot)))
    assert "Tighten RL: 0.550 s" in QToolTip.text()
    QToolTip.hideText()
    qtbot.mouseClick(gantt, LEFT, pos=spot)
    assert window.workspaces.current is Workspace.REVIEW
    frame = gantt._chart.frames[number]
    assert hub.frames is not None
    assert hub.frames.of("open")[-1][:2] == (JOB.input_path, "a")
    qtbot.waitUntil(lambda: window.review.view.position == frame)
    assert window.docks.stop.isVisible()
    assert panel.view.job_id == "a"
    # The clip is open: another frame of it needs no opening.
    opened = len(hub.frames.of("open"))
    panel.frame_wanted.emit("a", 3)
    assert (window.review.view.position, len(hub.frames.of("open"))) == (3, opened)


def test_the_chart_can_be_read_with_the_keyboard(qtbot: QtBot, panel: StopPanel) -> None:
    gantt, wanted = panel.gantt, []
    gantt.frame_wanted.connect(wanted.append)
    for _ in range(2):
        qtbot.keyClick(gantt, Qt.Key.Key_Right)
    assert gantt.current is not None
    assert panel.bar_text.text() == gantt.text_of(gantt.current) == gantt.accessibleDescription()
    qtbot.keyClick(gantt, Qt.Key.Key_Return)
    assert wanted == [gantt._chart.frames[gantt.current]]
    for _ in range(99):
        qtbot.keyClick(gantt, Qt.Key.Key_Left)
    assert gantt.current == gantt._chart.lanes[0].bars[0]


def test_arrow_keys_are_the_charts_own_while_a_clip_is_reviewed(
    qtbot: QtBot, window: MainWindow, panel: StopPanel
) -> None:
    panel.frame_wanted.emit("a", 10)
    qtbot.waitUntil(lambda: window.review.view.position == 10)
    panel.gantt.setFocus()
    qtbot.waitUntil(panel.gantt.hasFocus)
    qtbot.keyClick(panel.gantt, Qt.Key.Key_Right)
    assert (panel.gantt.current is not None, window.review.view.position) == (True, 10)


def test_the_panel_follows_the_keys_down_the_events(qtbot: QtBot, panel: StopPanel) -> None:
    panel.table.setFocus()
    panel.table.selectRow(0)
    bar = panel._scroll.verticalScrollBar()
    qtbot.keyClick(panel.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert bar.value() > bar.maximum() - 60


def test_a_click_beside_the_bars_does_nothing(qtbot: QtBot, panel: StopPanel) -> None:
    wanted: list[int] = []
    panel.gantt.frame_wanted.connect(wanted.append)
    qtbot.mouseClick(panel.gantt, LEFT, pos=QPoint(2, 2))
    assert (wanted, panel.gantt.current) == ([], None)


def test_events_and_flags_lead_to_their_frames(qtbot: QtBot, panel: StopPanel) -> None:
    wanted: list[tuple[str, int]] = []
    panel.frame_wanted.disconnect()
    panel.frame_wanted.connect(lambda job, frame: wanted.append((job, frame)))
    (flag,) = panel.flags
    qtbot.mouseClick(flag, LEFT)
    rows = range(panel.events.rowCount())
    go = next(r for r in rows if panel.events.index(r, 0).data() == "Go")
    panel.table.activated.emit(panel.events.index(go, 0))
    assert wanted == [("a", 140), ("a", 135)]
    assert panel.events_fold.button.text() == "Events (37 of 37 found)"


def test_flip_and_mirror_have_the_stops_found_again(
    qtbot: QtBot, desk: FakeStopDesk, panel: StopPanel
) -> None:
    qtbot.mouseClick(panel.heading.flip_button, LEFT)
    qtbot.mouseClick(panel.heading.mirror_button, LEFT)
    assert desk.of("set_front") == [("a", 180.0, False), ("a", 0.0, True)]
    for takes_it in (False, True):
        panel.heading.flip_button.setFocus()
        qtbot.waitUntil(panel.heading.flip_button.hasFocus)
        desk.busied.emit(True)
        assert panel.busy.isVisible()
        assert not panel.heading.flip_button.isEnabled()
        if takes_it:
            panel.table.setFocus()  # a person went elsewhere meanwhile
        desk.busied.emit(False)
        assert panel.heading.flip_button.hasFocus() is not takes_it


def test_a_clip_that_begins_with_the_car_standing_asks(
    qtbot: QtBot, desk: FakeStopDesk, panel: StopPanel
) -> None:
    assert not panel.question.isVisible()
    desk.put(stops_read(headless(pit_stop())))
    assert panel.question.isVisible()
    assert not panel.heading.flip_button.isEnabled()
    qtbot.keyClick(panel.question.buttons[90.0], Qt.Key.Key_Space)
    assert desk.of("set_front") == [("a", 90.0, False)]


def test_corners_are_named_where_they_are_on_the_picture(
    desk: FakeStopDesk, panel: StopPanel
) -> None:
    pointer = panel.heading.pointer
    left, right = pointer.corner_at(Place.FRONT_LEFT), pointer.corner_at(Place.FRONT_RIGHT)
    rear = pointer.corner_at(Place.REAR_LEFT)
    assert left.x() > rear.x()  # it points right
    assert left.y() < right.y()
    stop = pit_stop()
    desk.put(stops_read(headless(stop)))
    assert "?" not in panel.heading.text.text()


def test_facts_are_typed_kept_and_shared(
    qtbot: QtBot, window: MainWindow, desk: FakeStopDesk, panel: StopPanel
) -> None:
    box = panel.facts
    panel.facts_fold.button.click()
    assert box.isVisible()
    assert not box.save_button.isEnabled()
    qtbot.keyClicks(box.fields["car_number"], "44")
    qtbot.keyClicks(box.fields["lap"], "12x")
    box.crew.setPlainText("Gun FL: A. Name")
    assert not window.selection.following
    facts = StopFacts("44", lap=12, crew={"Gun FL": "A. Name"})
    assert not box.share_button.isEnabled()
    panel.offer_jobs(("b", "c"))
    assert box.share_button.text() == "Use for 2 jobs"
    box.share_button.click()
    assert desk.of("share_facts") == [(("b", "c"), facts)]
    box.save_button.click()
    assert desk.of("set_facts") == [("a", 1, facts)]
    assert not box.save_button.isEnabled()


def test_what_is_typed_waits_while_another_stop_is_looked_at(panel: StopPanel) -> None:
    team = panel.facts.fields["team"]
    team.setText("Blue")
    panel.view.choose(1)
    assert team.text() == ""
    panel.view.choose(0)
    assert team.text() == "Blue"
    panel.facts.revert_button.click()
    assert team.text() == ""


def test_a_classic_time_is_corrected_or_refused(
    qtbot: QtBot, desk: FakeStopDesk, panel: StopPanel
) -> None:
    panel.classic_fold.button.click()
    fuel = panel.classic.fields["fuel_time_s"]
    assert (fuel.text(), fuel.placeholderText()) == ("", "not found")
    qtbot.keyClicks(fuel, "six\r")
    assert panel.classic.trouble.text() == "Fuel: 'six' is no number of seconds."
    assert desk.of("set_classic") == []
    fuel.selectAll()
    qtbot.keyClicks(fuel, "6.25\r")
    assert desk.of("set_classic") == [("a", "fuel_time_s", 6.25)]
    assert not panel.classic.trouble.isVisible()


def test_the_stop_is_copied_as_text(qtbot: QtBot, window: MainWindow, panel: StopPanel) -> None:
    qtbot.mouseClick(panel.copy_button, LEFT)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("a.mp4, Stop 1 of 2 · 2.50 s, Formula 1\n")
    assert "Copied stop 1 of a.mp4." in window.statusBar().currentMessage()


def test_a_file_that_is_no_jobs_has_no_stops(window: MainWindow, panel: StopPanel) -> None:
    window.review.open(Path("/footage/other.mp4"))
    window.docks.stop.raise_()
    assert "a file of its own" in panel.hint.text()


@pytest.mark.dressed
@pytest.mark.parametrize("name", ["dark", "light", "sunlight"])
def test_it_fits_into_320_pixels_in_every_theme(panel: StopPanel, theme: Theme, name: str) -> None:
    theme.set(name)
    panel.facts_fold.set_open(True)
    panel.classic_fold.set_open(True)
    body = panel._pages.widget(1).widget()
    assert body.minimumSizeHint().width() <= 308
    panel.resize(320, 900)
    assert panel.table.isColumnHidden(EventColumn.STATUS)
    panel.resize(600, 900)
    assert not panel.table.isColumnHidden(EventColumn.STATUS)
    assert not panel.grab().isNull()


def test_every_control_has_a_name(panel: StopPanel) -> None:
    controls = [*panel.findChildren(QAbstractButton), *panel.findChildren(QLineEdit)]
    for control in controls:
        if control.objectName() == "qt_tableview_cornerbutton":  # Qt's own, and hidden
            continue
        assert control.accessibleName() or control.text(), control
