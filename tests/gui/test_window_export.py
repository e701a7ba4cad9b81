"""Exports in the window: where they begin, what is asked, how they end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.browsing import KEY
from gui.exporting import LEFT, REPORT, USB, WHOLE, folders_asked, opened, tick
from gui.fake_hub import FakeHub, record
from gui.reviewing import CTRL
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QProgressBar, QToolButton

from codefx_desktop.domain.job import JobSpec, JobStatus, Stage
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.sheet import Product
from codefx_desktop.jobs.export_values import ExportPhase
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from gui.fake_exports import FakeExportDesk
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakeExportDesk:
    assert hub.exports is not None
    return hub.exports


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer every question for a folder with the same one; return where each began."""
    return folders_asked(monkeypatch)


# -- where they begin -----------------------------------------------------------------------------


def test_the_key_works_in_every_workspace(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.book.know(WHOLE)
    window.selection.choose("a")
    for workspace in (KEY.Key_1, KEY.Key_2, KEY.Key_3, KEY.Key_4):
        qtbot.keyClick(window, workspace, CTRL)
        qtbot.keyClick(window.focusWidget() or window, KEY.Key_E, CTRL_SHIFT)
        dialog = window.exports.dialogs["a"]
        assert dialog.isVisible()
        assert dialog.name.whole == "a.mp4"
        qtbot.keyClick(dialog, KEY.Key_Escape)
        assert not window.exports.dialogs


def test_the_artifacts_workspace_and_its_menu_have_it(qtbot: QtBot, browser: MainWindow) -> None:
    button = browser.artifacts.page.head.export
    assert button.isVisible()
    assert button.accessibleName() == "Export"
    qtbot.mouseClick(button, LEFT)
    assert browser.exports.dialogs["a"].isVisible()
    menus = {action.text(): action.menu() for action in browser.menuWidget().menus.actions()}
    assert browser.exports.action in menus["&Artifacts"].actions()


def test_the_stop_panel_has_it(qtbot: QtBot, window: MainWindow) -> None:
    window.book.know(WHOLE)
    window.selection.choose("a")
    window.docks.stop.raise_()
    (button,) = (
        one
        for one in window.docks.stop_title.findChildren(QToolButton)
        if one.defaultAction() is window.exports.action
    )
    assert "Ctrl+Shift+E" in button.toolTip()
    qtbot.mouseClick(button, LEFT)
    assert window.exports.dialogs["a"].isVisible()


def test_in_review_it_is_about_the_clip_and_the_frame_in_view(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk
) -> None:
    window.book.know(WHOLE)
    window.book.know(replace(WHOLE, id="b", input_path=Path("/footage/b.mp4")))
    window.selection.choose("a")
    window.deeds.view_frame("b", 0)
    clip = window.review.view
    qtbot.waitUntil(lambda: clip.is_open)
    clip.go_to("7")
    window.exports.action.trigger()
    dialog = window.exports.dialogs["b"]
    assert dialog.ticks[Product.STILL].text() == "St&ill of frame 7, as in view"
    tick(qtbot, dialog.ticks[Product.STILL])
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert desk.requests()[0].frame == 7
    dialog.close()
    window.workspaces.show(Workspace.PROCESS)
    window.exports.action.trigger()
    assert window.exports.dialogs["a"].isVisible()


def test_menus_of_queue_and_history_have_it(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakeExportDesk
) -> None:
    hub.put(record("b.mp4", id="b", status=JobStatus.PROCESSING))
    queue = window.queue
    menu = queue.menu_at(queue.view.visualRect(queue.model.index(0)).center())
    assert menu is not None
    assert queue.export_action in menu.actions()
    queue.export_action.trigger()
    assert window.exports.dialogs["b"].note.text() == (
        "The job is at work: this exports what was found until now."
    )
    hub.history = [WHOLE]
    hub.ready.emit()
    history = window.history
    qtbot.waitUntil(lambda: history.model.rowCount() == 1)
    history.view.selectRow(0)
    history.export_action.trigger()
    assert set(window.exports.dialogs) == {"a", "b"}


def test_jobs_that_found_nothing_offer_none(window: MainWindow, hub: FakeHub) -> None:
    waiting = record("b.mp4", id="b")
    hub.put(waiting)
    window.selection.choose("b")
    assert not window.exports.action.isEnabled()
    assert not window.queue.export_action.isEnabled()
    failed = replace(waiting, status=JobStatus.FAILED)
    window.book.know(failed)
    assert not window.exports.action.isEnabled()
    window.book.know(replace(failed, stage=Stage.DETECTING))
    assert window.exports.action.isEnabled()
    scenes = JobSpec(plan=StagePlan(scenes=True, detect=False))
    window.book.know(replace(failed, status=JobStatus.COMPLETE, spec=scenes))
    assert not window.exports.action.isEnabled()


# -- how they end ---------------------------------------------------------------------------------


def test_progress_then_the_result_with_its_folder(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk
) -> None:
    shown: list[Path] = []
    window.exports.folder_wanted.disconnect()
    window.exports.folder_wanted.connect(shown.append)
    dialog = opened(window)
    qtbot.mouseClick(dialog.export_button, LEFT)
    outcome = dialog.outcome
    assert outcome.state.whole == "Waiting for its turn"
    assert not dialog.export_button.isEnabled()
    assert not dialog.ticks[Product.YOLO].isEnabled()
    desk.run(0.427)
    assert outcome.state.whole == "Exporting 2 things, 42 %"
    assert outcome.bar.value() == 427
    assert outcome.bar.isVisible()
    desk.finish()
    assert not outcome.bar.isVisible()
    assert outcome.result.text() == f"1 file, 12.3 MB in {REPORT}"
    assert dialog.focusWidget() is outcome.show_button
    qtbot.mouseClick(outcome.show_button, LEFT)
    assert shown == [REPORT]
    assert dialog.export_button.isEnabled()
    tick(qtbot, dialog.ticks[Product.YOLO])
    assert not outcome.result.isVisible()  # it was said of another choice


def test_it_can_be_cancelled(qtbot: QtBot, window: MainWindow, desk: FakeExportDesk) -> None:
    dialog = opened(window)
    qtbot.mouseClick(dialog.export_button, LEFT)
    desk.run(0.2)
    qtbot.mouseClick(dialog.outcome.stop_button, LEFT)
    assert ("cancel", 1) in desk.calls
    assert dialog.outcome.state.whole == "Stopping"
    assert not dialog.outcome.stop_button.isEnabled()
    desk.end(ExportPhase.STOPPED)
    said = dialog.outcome.stopped.text()
    assert said == "Stopped. Files that were whole by then are in the folder."
    assert dialog.export_button.isEnabled()


def test_files_in_the_way_are_replaced_only_when_told_so(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk, asked: list[str]
) -> None:
    dialog = opened(window)
    dialog.form.choose(folder_text="/media/full")
    qtbot.mouseClick(dialog.export_button, LEFT)
    desk.end(ExportPhase.TAKEN, "coco.json is there already; nothing was written.")
    outcome = dialog.outcome
    assert outcome.question.text() == "coco.json is there already; nothing was written."
    assert dialog.focusWidget() is outcome.other_button  # never the one that destroys
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert not any(request.replace for request in desk.requests())
    desk.end(ExportPhase.TAKEN, "coco.json is there already; nothing was written.")
    qtbot.mouseClick(outcome.replace_button, LEFT)
    assert desk.requests()[-1].replace
    assert desk.requests()[-1].folder == Path("/media/full")
    desk.end(ExportPhase.TAKEN, "again")
    qtbot.mouseClick(outcome.other_button, LEFT)
    assert dialog.folder.text() == str(USB)
    assert not outcome.question.isVisible()
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert desk.requests()[-1].folder == USB
    assert not desk.requests()[-1].replace  # that was said of the other folder


def test_trouble_is_told_and_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk
) -> None:
    dialog = opened(window)
    qtbot.mouseClick(dialog.export_button, LEFT)
    desk.end(ExportPhase.FAILED, "The disk is full. Free some space.")
    assert dialog.outcome.trouble.text() == "The disk is full. Free some space."
    assert dialog.outcome.trouble.isVisible()
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert not dialog.outcome.trouble.isVisible()
    assert len(desk.requests()) == 2


def test_closing_does_not_stop_it_and_the_window_tells_the_end(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk
) -> None:
    dialog = opened(window)
    qtbot.mouseClick(dialog.export_button, LEFT)
    desk.run(0.5)
    qtbot.keyClick(dialog, KEY.Key_Escape)
    assert not dialog.isVisible()
    assert not [call for call in desk.calls if call[0] == "cancel"]
    assert opened(window) is dialog  # it is the same export
    dialog.close()
    desk.finish()
    said = window.statusBar().currentMessage()
    assert said == f"Exported 2 things of a.mp4: 1 file, 12.3 MB in {REPORT}"
    assert not window.exports.dialogs
    dialog = opened(window)
    qtbot.mouseClick(dialog.export_button, LEFT)
    dialog.close()
    desk.end(ExportPhase.FAILED, "The disk is full.")
    assert window.banner.isVisible()
    assert window.banner.text.text() == "2 things of a.mp4 not exported. The disk is full."


def test_a_deleted_job_takes_its_export_along(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakeExportDesk
) -> None:
    dialog = opened(window)
    qtbot.mouseClick(dialog.export_button, LEFT)
    hub.job_removed.emit("a")
    assert ("cancel", 1) in desk.calls
    desk.end(ExportPhase.STOPPED)
    assert not window.exports.dialogs


def test_two_jobs_are_exported_one_after_another(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk
) -> None:
    first = opened(window)
    qtbot.mouseClick(first.export_button, LEFT)
    second = opened(window, replace(WHOLE, id="z", input_path=Path("/footage/z.mp4")))
    qtbot.mouseClick(second.export_button, LEFT)
    desk.finish()
    assert second.outcome.result.isVisible()
    assert first.outcome.state.whole == "Waiting for its turn"


@pytest.mark.dressed
def test_everything_has_a_name_and_fits_a_small_screen(window: MainWindow) -> None:
    dialog = opened(window)
    dialog.form.choose(folder_text="/media/usb/a-rather-long-name-of-a-folder/and-another/x")
    for kind in (QAbstractButton, QLineEdit, QProgressBar):
        for widget in dialog.findChildren(kind):
            if widget.objectName() == "qt_spinbox_lineedit":
                continue  # its spin box has the name
            assert widget.accessibleName() or (
                isinstance(widget, QAbstractButton) and widget.text()
            ), widget
    keys = [
        text[text.index("&") + 1].upper()
        for button in dialog.findChildren(QAbstractButton)
        if "&" in (text := button.text())
    ]
    assert len(keys) > 12
    assert len(set(keys)) == len(keys), sorted(keys)
    assert dialog.minimumSizeHint().height() <= 640
    assert dialog.minimumSizeHint().width() <= 1000
    shortcut = window.exports.action.shortcut().toString()
    taken = [action.shortcut().toString() for action in window.artifacts.actions.all()]
    assert shortcut == "Ctrl+Shift+E"
    assert shortcut not in taken
