"""The queue: cards, buttons, keys, reordering."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, record
from PySide6.QtCore import QPoint, Qt

from codefx_desktop.domain.job import JobStatus

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


@pytest.fixture
def three(window: MainWindow, hub: FakeHub) -> list:
    jobs = [record(f"{name}.mp4", id=name) for name in ("a", "b", "c")]
    hub.put(*jobs)
    return jobs


def choose(window: MainWindow, job_id: str) -> None:
    model = window.queue.model
    window.queue.view.setCurrentIndex(model.index(model.row_of(job_id)))


def names(window: MainWindow) -> list[str]:
    model = window.queue.model
    return [model.index(row).data() for row in range(model.rowCount())]


def button_of(window: MainWindow, job_id: str) -> QPoint:
    queue = window.queue
    index = queue.model.index(queue.model.row_of(job_id))
    return queue.delegate.button_rect(queue.view.visualRect(index)).center()


def test_cards_follow_the_queue(window: MainWindow, hub: FakeHub, three: list) -> None:
    assert names(window) == ["a.mp4", "b.mp4", "c.mp4"]
    hub.put(three[2], three[0], three[1])
    assert names(window) == ["c.mp4", "a.mp4", "b.mp4"]
    assert window.docks.queue_title.label.whole == "3 queued"


def test_cancel_button_of_a_card_cancels(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, three: list
) -> None:
    hub.change(three[0], status=JobStatus.PROCESSING)
    viewport = window.queue.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=button_of(window, "a"))
    assert hub.of("cancel") == [("a",)]
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=button_of(window, "b"))
    assert hub.of("remove") == [("b",)]


def test_toolbar_cancels_and_retries(window: MainWindow, hub: FakeHub, three: list) -> None:
    hub.change(three[0], status=JobStatus.PROCESSING)
    choose(window, "a")
    assert window.queue.cancel_action.isEnabled()
    assert not window.queue.retry_action.isEnabled()
    window.queue.cancel_action.trigger()
    assert hub.of("cancel") == [("a",)]
    hub.finish(three[0], JobStatus.CANCELLED)
    choose(window, "a")
    assert not window.queue.cancel_action.isEnabled()
    window.queue.retry_action.trigger()
    assert hub.of("retry") == [("a",)]


def test_keys_move_and_remove(qtbot: QtBot, window: MainWindow, hub: FakeHub, three: list) -> None:
    window.activateWindow()
    choose(window, "b")
    view = window.queue.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert hub.of("move") == [("b", 0), ("b", 2)]
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert hub.of("remove") == [("b",)]
    choose(window, "a")
    assert not window.queue.up_action.isEnabled()
    choose(window, "c")
    assert not window.queue.down_action.isEnabled()


def test_dragging_a_card_asks_for_the_move(window: MainWindow, hub: FakeHub, three: list) -> None:
    model = window.queue.model
    data = model.mimeData([model.index(2)])
    taken = model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, model.index(-1))
    assert not taken  # the hub's answer makes the move; the view must not remove the row
    assert hub.of("move") == [("c", 0)]
    hub.put(three[2], three[0], three[1])
    assert names(window) == ["c.mp4", "a.mp4", "b.mp4"]


def test_pause_and_resume(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    button = window.queue.pause_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Resume"
    assert window.actions_.pause.isChecked()
    assert window.docks.queue_title.label.whole == "Paused"
    window.actions_.pause.trigger()
    assert hub.of("pause_queue") == [(True,), (False,)]
    assert button.text() == "Pause"


@pytest.mark.dressed
def test_running_card_is_taller_and_shows_stages(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, three: list
) -> None:
    view, model = window.queue.view, window.queue.model
    before = view.visualRect(model.index(0)).height()
    hub.change(three[0], status=JobStatus.PROCESSING)
    hub.say_progress("a", 0.4, IMPORT=1.0, DETECTING=0.5)
    qtbot.waitUntil(lambda: view.visualRect(model.index(0)).height() > before)
    text = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "a.mp4, Processing · 40 %, 42.5 frames/s, 0:07 left"
    assert "Detect: 50 %" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_finished_stay_until_cleared(window: MainWindow, hub: FakeHub, three: list) -> None:
    hub.change(three[0], status=JobStatus.PROCESSING)
    hub.finish(three[0], JobStatus.FAILED, "The clip has no picture. Copy it again.")
    assert names(window) == ["b.mp4", "c.mp4", "a.mp4"]
    window.queue.clear_action.trigger()
    assert names(window) == ["b.mp4", "c.mp4"]
    assert not window.queue.clear_action.isEnabled()


def test_context_menu_acts_on_the_card_under_the_pointer(window: MainWindow, three: list) -> None:
    view, model = window.queue.view, window.queue.model
    menu = window.queue.menu_at(view.visualRect(model.index(1)).center())
    assert menu is not None
    assert window.queue.current_id() == "b"
    texts = [action.text() for action in menu.actions()]
    assert "Cancel" in texts
    assert "Delete job and results…" in texts
    assert window.queue.menu_at(view.rect().bottomLeft()) is None
