"""From a dropped clip to an exported report by keys alone: no part of it needs a mouse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.exporting import WHOLE
from gui.fake_review import demo_review
from gui.fake_stops import pit_stop, stops_read
from gui.reviewing import CTRL, SHIFT, key, settle
from gui.test_window_job import OUTPUT
from gui.test_window_start import BEST, drag, drop, files
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from codefx_desktop.domain.events import EventStatus, Place
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.sheet import Product
from codefx_desktop.ui.models.review_state import EventKey
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

K = Qt.Key
MOST_TABS = 120
CLIP = WHOLE.input_path


def tab_to(qtbot: QtBot, target: QWidget) -> None:
    """Press Tab until a control has the keyboard."""
    for _ in range(MOST_TABS):
        if target.hasFocus():
            return
        at = QApplication.focusWidget()
        assert at is not None
        qtbot.keyClick(at, K.Key_Tab)
    raise AssertionError(f"{target} cannot be reached with Tab")


def test_from_a_dropped_clip_to_an_exported_report(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    window.resize(1440, 900)
    window.activateWindow()
    started(qtbot, window, hub)
    opened_in_review(qtbot, window, hub)
    events_gone_through(qtbot, window)
    exported(qtbot, window, hub)


def started(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    """Drop a clip and start it with what the sheet proposes."""
    hub.found_weights = BEST
    data = files(CLIP)
    assert drag(window, data).isAccepted()
    drop(window, data)
    sheet = window.sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.start_button.isEnabled)
    qtbot.keyClick(sheet.focusWidget() or sheet, K.Key_Return)
    ((paths, *_),) = hub.of("add_clips")
    assert paths == (CLIP,)


def opened_in_review(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    """Let the job run and view its clip from the button under its result."""
    job = replace(WHOLE, status=JobStatus.PROCESSING, output=None)
    hub.put(job)
    assert hub.reviews is not None
    assert hub.stops is not None
    hub.reviews.jobs[job.id] = demo_review(job.id)
    hub.stops.jobs[job.id] = stops_read(pit_stop(), job_id=job.id)
    hub.finish(job, JobStatus.COMPLETE, output=OUTPUT)
    qtbot.waitUntil(window.preview.review_button.isVisible)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    if QApplication.focusWidget() is None:
        qtbot.keyClick(window, K.Key_Tab)
    tab_to(qtbot, window.preview.review_button)
    key(qtbot, window, K.Key_Space)
    assert window.workspaces.current is Workspace.REVIEW
    model = window.reviewing.model
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    assert settle(qtbot, window.review.view) == 0


def events_gone_through(qtbot: QtBot, window: MainWindow) -> None:
    """Confirm, nudge, code, mark and confirm the rest; take one thing back."""
    model = window.reviewing.model

    def event(kind: str, place: Place = Place.NONE) -> object:
        return model.event_of(EventKey(1, kind, place))

    key(qtbot, window, K.Key_Right, CTRL)
    assert model.selection.event == EventKey(1, "arrive")
    assert settle(qtbot, window.review.view) == 30
    key(qtbot, window, K.Key_Return)
    assert event("arrive").status is EventStatus.CONFIRMED
    key(qtbot, window, K.Key_BracketRight)
    assert event("stop").frame_number == settle(qtbot, window.review.view) == 61
    key(qtbot, window, K.Key_Right, SHIFT)
    assert settle(qtbot, window.review.view) == 71
    kinds = [one.kind for one in window.reviewing.events.coding.keys]
    key(qtbot, window, K(K.Key_1 + kinds.index("loosen_start")))
    assert event("loosen_start", Place.FRONT_LEFT).frame_number == 71
    key(qtbot, window, K.Key_M)
    qtbot.keyClicks(QApplication.focusWidget(), "Gun stuck")
    key(qtbot, window, K.Key_Return)
    assert [mark.label for mark in model.read.marks.values()] == ["Gun stuck"]
    key(qtbot, window, K.Key_Return, CTRL)
    assert not window.reviewing.events.walk.has_proposed
    key(qtbot, window, K.Key_Z, CTRL)
    assert window.reviewing.events.walk.has_proposed
    key(qtbot, window, K.Key_Z, CTRL | SHIFT)
    assert not window.reviewing.events.walk.has_proposed


def exported(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    """Tick the report, export it and leave the sheet."""
    desk = hub.exports
    assert desk is not None
    key(qtbot, window, K.Key_E, CTRL | SHIFT)
    sheet = window.exports.dialogs[WHOLE.id]
    report = sheet.ticks[Product.PDF]
    qtbot.waitUntil(report.isEnabled)
    sheet.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
    tab_to(qtbot, report)
    if not report.isChecked():
        qtbot.keyClick(report, K.Key_Space)
    qtbot.keyClick(sheet.focusWidget(), K.Key_Return)
    (request,) = desk.requests()
    assert Product.PDF in request.products
    desk.run(0.5)
    desk.finish()
    assert "1 file" in sheet.outcome.result.text()
    qtbot.keyClick(sheet.focusWidget(), K.Key_Escape)
    assert not window.exports.dialogs
