"""The Compare workspace with mouse and keys: where stops come from, what is shown of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import later
from gui.fake_frames import number_in
from gui.fake_hub import FakeHub, record
from gui.fake_stops import FakeStopDesk, pit_stop, stops_read
from gui.reviewing import CTRL, key
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.stop_values import StopsRead, StopState
from codefx_desktop.ui.compare_page import columns_for
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.compare import Compare
    from codefx_desktop.ui.main_window import MainWindow

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
JOBS = [
    record(name, id=name[0], status=JobStatus.COMPLETE, stop_count=count)
    for name, count in (("a.mp4", 1), ("b.mp4", 1), ("c.mp4", 2), ("nothing.mp4", 0))
]


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakeStopDesk:
    """The jobs of the history and their stops."""
    hub.history = list(JOBS)
    desk = hub.stops
    assert desk is not None
    desk.put(stops_read(pit_stop(), job_id="a"))
    desk.put(stops_read(later(pit_stop(), 1.0), job_id="b"))
    desk.put(stops_read(pit_stop(), pit_stop(2), job_id="c"))
    return desk


@pytest.fixture
def compare(qtbot: QtBot, window: MainWindow, desk: FakeStopDesk) -> Compare:
    """Two stops side by side."""
    window.activateWindow()
    for job in JOBS:
        window.book.know(job)
    window.compare.add_jobs(["a", "b"])
    qtbot.waitUntil(lambda: still(window.compare) and len(shown(window.compare)) == 2)
    return window.compare


def still(compare: Compare) -> bool:
    player = compare.view.player
    ready = all(pane.shown is not None for pane in compare.view.panes if pane.stop is not None)
    return bool(compare.view.panes) and ready and not (player.playing or player.is_waiting)


def shown(compare: Compare) -> tuple[int, ...]:
    """Return the numbers that the painted pictures themselves show."""
    found = []
    for box in compare.page.boxes:
        picture = box.picture
        image, rect = picture.grab().toImage(), picture.picture_rect().toRect()
        if picture.hud():
            found.append(number_in(image.copy(rect)))
    return tuple(found)


def keys_of(action: QAction) -> set[str]:
    """Return the keys of an action that work in the whole window."""
    everywhere = action.shortcutContext() == Qt.ShortcutContext.WindowShortcut
    return {one.toString() for one in action.shortcuts()} if everywhere else set()


# -- where stops come from ------------------------------------------------------------------------


def test_an_empty_page_says_what_to_do_and_its_search_adds(
    qtbot: QtBot, window: MainWindow, desk: FakeStopDesk
) -> None:
    window.activateWindow()
    qtbot.keyClick(window, KEY.Key_3, CTRL)
    assert window.workspaces.current is Workspace.COMPARE
    page = window.compare.page
    picker = page.first_picker
    qtbot.waitUntil(lambda: picker.list.count() == 4)  # none of the job without a stop
    assert picker.field.hasFocus()
    qtbot.keyClicks(picker.field, "c")
    qtbot.waitUntil(lambda: picker.list.count() == 2)
    assert picker.list.item(1).text().startswith("c.mp4\nStop 2 of 2")
    qtbot.keyClick(picker.field, KEY.Key_Return)
    qtbot.waitUntil(lambda: still(window.compare))
    assert [(p.job_id, p.number) for p in window.compare.view.panes] == [("c", 1)]
    # With one stop alone more are offered; the next goes beside it.
    assert page.picker.isVisible()
    qtbot.waitUntil(lambda: page.picker.list.count() == 2)
    qtbot.mouseClick(page.picker.add_button, LEFT)
    qtbot.waitUntil(lambda: len(window.compare.view.panes) == 2 and still(window.compare))
    assert not page.picker.isVisible()
    assert page.boxes[1].picture.hasFocus()


def test_without_a_stop_in_the_history_it_leads_to_the_queue(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.workspaces.show(Workspace.COMPARE)
    picker = window.compare.page.first_picker
    qtbot.waitUntil(picker.process_button.isVisible)
    assert "No job has a pit stop yet" in picker.hint.text()
    qtbot.mouseClick(picker.process_button, LEFT)
    assert window.workspaces.current is Workspace.PROCESS


def test_marked_jobs_of_the_history_are_compared(
    qtbot: QtBot, window: MainWindow, desk: FakeStopDesk
) -> None:
    history = window.history
    history.search.setText(".mp4")
    qtbot.waitUntil(lambda: history.model.rowCount() == 4)
    flag = QItemSelectionModel.SelectionFlag
    action = window.compare.history_action
    history.view.selectionModel().select(history.model.index(3, 0), flag.Select | flag.Rows)
    assert not action.isEnabled()  # nobody stopped there
    for row in range(2):
        index = history.model.index(row, 0)
        history.view.selectionModel().select(index, flag.Select | flag.Rows)
    assert action.text() == "Compare these 2"
    action.trigger()
    assert window.workspaces.current is Workspace.COMPARE
    assert [pane.job_id for pane in window.compare.view.panes] == ["a", "b"]
    qtbot.waitUntil(lambda: still(window.compare))


def test_the_stop_panel_adds_the_stop_that_is_looked_at(
    qtbot: QtBot, window: MainWindow, desk: FakeStopDesk
) -> None:
    window.book.know(JOBS[2])
    window.selection.choose("c")
    window.docks.stop.raise_()
    qtbot.waitUntil(lambda: window.stops.view.shown is not None)
    window.stops.view.choose(1)
    qtbot.mouseClick(window.stops.panel.compare_button, LEFT)
    assert [(p.job_id, p.number) for p in window.compare.view.panes] == [("c", 2)]
    qtbot.waitUntil(lambda: still(window.compare))


# -- moving ---------------------------------------------------------------------------------------


def test_keys_move_all_and_one_against_the_other(
    qtbot: QtBot, window: MainWindow, compare: Compare
) -> None:
    assert shown(compare) == (50, 75)
    for keys, wanted in (
        ([KEY.Key_Right], (51, 76)),
        ([KEY.Key_Left, Qt.KeyboardModifier.ShiftModifier], (41, 66)),
        ([KEY.Key_G], (50, 75)),
        ([KEY.Key_Period], (50, 76)),  # B has the focus: it came last
        ([KEY.Key_Comma], (50, 75)),
        ([KEY.Key_N], (50, 75)),
        ([KEY.Key_Comma], (49, 75)),
        ([KEY.Key_Backspace], (50, 75)),
        ([KEY.Key_Home], (0, 25)),
    ):
        key(qtbot, window, *keys)
        qtbot.waitUntil(lambda: still(compare))
        assert shown(compare) == wanted, keys
    assert "B  \N{MINUS SIGN}2.000 s" in compare.page.boxes[1].picture.hud()
    key(qtbot, window, KEY.Key_N)
    key(qtbot, window, KEY.Key_Period, Qt.KeyboardModifier.AltModifier)
    box = compare.page.boxes[1]
    assert box.offset.text() == "+0.010 s"
    qtbot.mouseClick(box.earlier, LEFT)
    assert box.offset.text() == "\N{MINUS SIGN}0.030 s"
    assert any("offset" in text for text in box.picture.hud())
    qtbot.mouseClick(box.reset, LEFT)
    assert box.offset.text() == "0 s"
    assert not box.reset.isEnabled()


def test_space_and_shuttle_keys_play(qtbot: QtBot, window: MainWindow, compare: Compare) -> None:
    player = compare.view.player
    key(qtbot, window, KEY.Key_Space)
    assert player.rate == 1.0
    key(qtbot, window, KEY.Key_L)
    assert player.rate == 2.0
    assert compare.page.strip.rate.text() == "2x"
    key(qtbot, window, KEY.Key_J)
    assert player.rate == -1.0
    key(qtbot, window, KEY.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert player.rate == -0.5
    qtbot.waitUntil(lambda: player.time_s < -0.05)
    key(qtbot, window, KEY.Key_K)
    qtbot.waitUntil(lambda: still(compare))
    assert not player.playing
    # No key of it is anybody else's while it is in front.
    usable = [one for one in window.findChildren(QAction) if one.isEnabled()]
    mine = compare.actions.all()
    taken = {key for one in usable if one not in mine for key in keys_of(one)}
    assert not taken & {key for one in mine for key in keys_of(one)}
    # Another workspace stops it, and everything is kept.
    compare.view.align(("wheel_off", Place.FRONT_LEFT))
    key(qtbot, window, KEY.Key_Period)
    compare.view.player.play(1.0)
    key(qtbot, window, KEY.Key_2, CTRL)
    assert not compare.view.player.playing
    assert not compare.actions.play.isEnabled()
    qtbot.waitUntil(lambda: still(compare))
    before = (compare.view.player.time_s, compare.view.slot, compare.view.panes[1].offset_s)
    key(qtbot, window, KEY.Key_3, CTRL)
    qtbot.waitUntil(lambda: still(compare))
    after = (compare.view.player.time_s, compare.view.slot, compare.view.panes[1].offset_s)
    assert after == before
    assert before[2] == pytest.approx(0.04)


def test_scrubbing_and_clicks_on_events_and_bars(
    qtbot: QtBot, window: MainWindow, compare: Compare
) -> None:
    scrub = compare.page.strip.scrub
    at = QPoint(round(scrub.x_of(1.5)), 2)
    qtbot.mousePress(scrub, LEFT, pos=at)
    assert compare.view.player.dragging
    qtbot.mouseRelease(scrub, LEFT, pos=at)
    qtbot.waitUntil(lambda: still(compare))
    assert compare.view.player.time_s == pytest.approx(1.5, abs=0.03)
    mark = QPointF(scrub.x_of(2.5), scrub._middle(1))
    assert scrub.mark_at(mark) == (pytest.approx(2.5), "B: Go +2.500 s")
    gantt = compare.page.gantt
    row = next(k for k, one in enumerate(gantt._charts.rows) if one.bars)
    place = gantt.bar_rect(row, gantt._charts.rows[row].bars[0]).center().toPoint()
    qtbot.mouseClick(gantt, LEFT, pos=place)
    qtbot.waitUntil(lambda: still(compare))
    group = gantt._charts.groups[0]
    begun = group.at(group.chart.bars[gantt._charts.rows[row].bars[0]].begin_s)
    assert compare.view.player.time_s == pytest.approx(begun, abs=0.021)
    assert "after the stop" in gantt.text_of(row, gantt._charts.rows[row].bars[0])


# -- how it is looked at --------------------------------------------------------------------------


def test_events_that_all_have_are_offered_first(
    qtbot: QtBot, compare: Compare, desk: FakeStopDesk
) -> None:
    slot = ("wheel_off", Place.FRONT_LEFT)
    desk.jobs["b"] = stops_read(later(pit_stop(missing=[slot]), 1.0), job_id="b")
    compare.view.refresh()
    box = compare.page.strip.aligned
    last = box.count() - 1
    qtbot.waitUntil(lambda: box.itemText(last) == "Wheel off FL (not found in B)")
    assert box.itemText(0) == "Stop"
    box.setCurrentIndex(last)
    box.activated.emit(last)
    qtbot.waitUntil(lambda: still(compare) and shown(compare) == (70, 95))
    assert "no Wheel off FL here: aligned on Stop" in compare.page.boxes[1].picture.hud()


def test_ghost_and_wipe_lay_two_over_each_other(
    qtbot: QtBot, window: MainWindow, compare: Compare
) -> None:
    page = compare.page
    key(qtbot, window, KEY.Key_2)
    assert page.over.isVisible()
    assert not page.boxes[0].picture.isVisible()
    rect = page.over.picture_rect().toRect()

    def brightness(x: float) -> int:
        y = rect.top() + rect.height() * 3 // 4
        at = rect.left() + round(x * rect.width())
        return page.over.grab().toImage().pixelColor(at, y).green()

    # 50 = ...0110010, 75 = ...1001011: bit 6 is dark in A and bright in B.
    bit_6 = (15 - 6 + 0.5) / 16
    page.strip.opacity.setValue(0)
    assert brightness(bit_6) < 60
    page.strip.opacity.setValue(50)
    assert 90 < brightness(bit_6) < 170
    key(qtbot, window, KEY.Key_3)
    assert compare.view.look.arrangement is Arrangement.WIPE
    assert brightness(bit_6) > 200  # at the right of the divider
    divider = QPoint(round(page.over.divider_x()), rect.center().y())
    right = QPoint(rect.right() - 20, rect.center().y())
    qtbot.mousePress(page.over, LEFT, pos=divider)
    qtbot.mouseMove(page.over, right)
    qtbot.mouseRelease(page.over, LEFT, pos=right)
    assert compare.view.look.divide > 0.85
    assert brightness(bit_6) < 60
    assert page.over.hasFocus()
    key(qtbot, window, KEY.Key_1)
    assert page.boxes[0].picture.isVisible()
    assert page.boxes[1].picture.hasFocus()


def test_the_table_says_what_is_beyond_both_uncertainties_and_is_copied(
    qtbot: QtBot, window: MainWindow, compare: Compare, desk: FakeStopDesk
) -> None:
    go = ("go", Place.NONE)
    desk.jobs["b"] = stops_read(later(pit_stop(missing=[go]), 1.0), job_id="b")
    compare.view.refresh()
    model = compare.page.deltas.model
    qtbot.waitUntil(lambda: model.index(0, 2).data() == "not found")
    assert model.index(0, 0).data() == "Stationary"
    assert model.index(0, 1).data() == "2.500 ±0.040"
    assert model.index(0, 3).data() == "not found"
    assert model.index(2, 3).data() == "0.000  within ±"
    qtbot.mouseClick(compare.page.boxes[1].reference, LEFT)
    assert model.headerData(2, Qt.Orientation.Horizontal) == "A \N{MINUS SIGN} B  s"
    key(qtbot, window, KEY.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    text = QGuiApplication.clipboard().text()
    assert "A\ta.mp4\nB\tb.mp4\nAligned on\tStop" in text
    assert "Stationary\t2.500 ±0.040\tnot found\t\tnot found\treference" in text


@pytest.mark.dressed
def test_panes_fill_the_room_as_large_as_they_go() -> None:
    assert columns_for(2, 1280, 320) == 2
    assert columns_for(2, 600, 800) == 1
    assert columns_for(3, 1280, 320) == 3
    assert columns_for(4, 1280, 700) == 2
    assert columns_for(4, 1120, 460) == 2  # three would leave places empty
    assert columns_for(0, 1280, 700) == 1


# -- bad input ------------------------------------------------------------------------------------


def test_a_lost_clip_and_a_job_without_stops_leave_the_others(
    qtbot: QtBot, hub: FakeHub, window: MainWindow, compare: Compare, desk: FakeStopDesk
) -> None:
    desk.jobs["c"] = StopsRead("c", StopState.NONE, "Nothing stood still.")
    compare.add("c")
    qtbot.waitUntil(lambda: compare.page.boxes[2].picture.hint()[0] == "No pit stop was found")
    hub.shared_frames[1].lost = True
    key(qtbot, window, KEY.Key_Right)
    qtbot.waitUntil(compare.page.boxes[1].retry.isVisible)
    assert compare.page.boxes[1].picture.hint()[0] == "B stands still"
    assert compare.view.panes[0].shown is not None
    qtbot.waitUntil(lambda: compare.view.panes[0].shown.frame.number == 51)
    hub.shared_frames[1].lost = False
    qtbot.mouseClick(compare.page.boxes[1].retry, LEFT)
    qtbot.waitUntil(lambda: not compare.page.boxes[1].retry.isVisible())
    qtbot.mouseClick(compare.page.boxes[2].close_button, LEFT)
    assert len(compare.page.boxes) == 2


def test_the_same_job_twice_gives_its_next_stop_or_says_so(
    qtbot: QtBot, window: MainWindow, compare: Compare
) -> None:
    compare.add("c")
    compare.add("c")
    assert [(p.job_id, p.number) for p in compare.view.panes[2:]] == [("c", 1), ("c", 2)]
    qtbot.waitUntil(lambda: compare.page.boxes[3].chooser.count() == 2)
    box = compare.page.boxes[3]
    box.chooser.setCurrentIndex(0)
    box.chooser.activated.emit(0)
    assert "is there already" in window.statusBar().currentMessage()
    assert box.chooser.currentIndex() == 1
    qtbot.waitUntil(lambda: still(compare))


def test_a_deleted_job_leaves(qtbot: QtBot, hub: FakeHub, compare: Compare) -> None:
    hub.job_removed.emit("b")
    assert [pane.job_id for pane in compare.view.panes] == ["a"]
    hub.job_removed.emit("a")
    assert compare.page.first_picker.isVisible()
    compare.shutdown()
    assert all(server.of("shutdown") for server in hub.shared_frames)


def test_every_control_has_a_name_and_a_tooltip(compare: Compare) -> None:
    kinds = (QAbstractButton, QComboBox, QSlider)
    controls = [one for kind in kinds for one in compare.page.findChildren(kind)]
    for control in controls:
        of_a_field = isinstance(control.parent(), QLineEdit)  # Qt's own, and hidden
        if of_a_field or control.objectName().startswith("qt_"):
            continue
        assert control.accessibleName() or control.text(), control
        assert control.toolTip(), control.accessibleName()
