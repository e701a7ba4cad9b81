"""The Artifacts workspace: how it is reached, its list, jobs that have none or not all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.browsing import JOB, KEY, THERE, came, press
from gui.fake_artifacts import ALL, FakeArtifactDesk, artifact_list
from gui.fake_hub import FakeHub, record
from gui.reviewing import CTRL, wheel
from PySide6.QtCore import Qt

from codefx_desktop.domain.job import JobSpec, JobStatus
from codefx_desktop.domain.plan import VIDEO
from codefx_desktop.jobs.artifact_values import ArtifactFile, ArtifactState
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


# -- where it is reached from ---------------------------------------------------------------------


def test_the_job_panel_leads_there(
    qtbot: QtBot, window: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    artifact_desk.put(artifact_list())
    window.book.know(JOB)
    window.selection.choose("a")
    button = window.job.artifacts_button
    assert button.isVisible()
    assert button.text() == "Artifacts… (120 frames)"
    assert button.accessibleName() == "Artifacts (120 frames)"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.workspaces.current is Workspace.ARTIFACTS
    assert not window.selection.following
    came(qtbot, window, 0)
    assert window.focusWidget() is window.artifacts.page.list.table
    assert not any(dock.isVisible() for dock in window.docks.all())


def test_a_job_without_artifacts_has_no_button(window: MainWindow, hub: FakeHub) -> None:
    hub.put(record("b.mp4", id="b"))
    assert not window.job.artifacts_button.isVisible()


def test_menus_of_queue_and_history_lead_there(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, artifact_desk: FakeArtifactDesk
) -> None:
    hub.put(record("b.mp4", id="b", status=JobStatus.PROCESSING, spec=JobSpec(plan=VIDEO.plan)))
    artifact_desk.put(artifact_list((3, 9), job_id="b", state=ArtifactState.GROWING))
    queue = window.queue
    menu = queue.menu_at(queue.view.visualRect(queue.model.index(0)).center())
    assert queue.artifacts_action in menu.actions()
    queue.artifacts_action.trigger()
    came(qtbot, window, 3)
    assert window.artifacts.page.head.state.text() == "Being written"
    hub.history = [JOB]
    artifact_desk.put(artifact_list())
    hub.ready.emit()
    history = window.history
    qtbot.waitUntil(lambda: history.model.rowCount() == 1)
    history.view.selectRow(0)
    history.artifacts_action.trigger()
    came(qtbot, window, 0)
    assert window.artifacts.page.head.name.whole == "a.mp4"


# -- the list -------------------------------------------------------------------------------------


def test_arrows_step_and_the_wheel_too(qtbot: QtBot, browser: MainWindow) -> None:
    press(qtbot, browser, KEY.Key_Down)
    press(qtbot, browser, KEY.Key_Down)
    came(qtbot, browser, 10)
    press(qtbot, browser, KEY.Key_Up)
    came(qtbot, browser, 5)
    press(qtbot, browser, KEY.Key_End)
    press(qtbot, browser, KEY.Key_PageUp)
    browser.artifacts.page.pictures.setFocus()
    here = browser.artifacts.view.number
    press(qtbot, browser, KEY.Key_Right)
    came(qtbot, browser, here + 5)
    press(qtbot, browser, KEY.Key_Left)
    came(qtbot, browser, here)
    pictures = browser.artifacts.page.pictures
    wheel(pictures, -2, Qt.KeyboardModifier.NoModifier)
    came(qtbot, browser, here + 10)


def test_a_typed_number_goes_to_the_nearest_frame(qtbot: QtBot, browser: MainWindow) -> None:
    page = browser.artifacts.page
    for figure in "43":
        press(qtbot, browser, figure)
    came(qtbot, browser, 45)
    assert browser.focusWidget() is page.list.number
    press(qtbot, browser, "2")
    came(qtbot, browser, 430)
    press(qtbot, browser, KEY.Key_Return)
    assert browser.focusWidget() is page.list.table
    assert page.list.number.text() == ""
    press(qtbot, browser, KEY.Key_G)
    assert browser.focusWidget() is page.list.number
    press(qtbot, browser, "x")
    press(qtbot, browser, KEY.Key_Escape)
    came(qtbot, browser, 430)
    assert browser.focusWidget() is page.list.table


def test_a_scene_is_chosen_and_its_frames_are_listed(qtbot: QtBot, browser: MainWindow) -> None:
    scenes = browser.artifacts.page.list.scenes
    texts = [scenes.itemText(place) for place in range(scenes.count())]
    assert texts[:3] == ["All scenes", "Scene 0 · 20 frames", "Scene 1 · 20 frames"]
    scenes.setCurrentIndex(3)
    came(qtbot, browser, 200)
    assert browser.artifacts.view.rows.rowCount() == 20
    press(qtbot, browser, KEY.Key_End)
    scenes.setCurrentIndex(0)
    assert browser.artifacts.view.rows.rowCount() == 120


def test_what_was_found_is_read_for_rows_in_sight_only(
    qtbot: QtBot, browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    artifact_desk.put(artifact_list(tuple(range(36_000)), job_id="a"))
    table = browser.artifacts.page.list.table
    table.viewport().update()
    model = table.model()
    qtbot.waitUntil(lambda: model.index(3, 3).data() == "3")
    assert max(len(asked[0]) for asked in artifact_desk.of("describe")) <= 128
    assert len(artifact_desk.of("describe")) < 10


def test_counts_of_stages_that_are_off_have_no_column(
    browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    table = browser.artifacts.page.list.table
    assert not table.isColumnHidden(5)
    some = ALL & ~(ArtifactFile.FACE | ArtifactFile.SEGMENTED)
    files = np.full(120, int(some), np.uint8)
    artifact_desk.put(artifact_list(expected=some, files=files))
    assert [table.isColumnHidden(column) for column in range(6)] == [False] * 4 + [True] * 2
    looks = {a.text(): a.isVisible() for a in browser.artifacts.actions.looks.actions()}
    assert looks == {
        "All pictures": True,
        "Original": True,
        "Detection": True,
        "Segmentation": False,
        "Faces": False,
    }


# -- jobs that have none, or not all --------------------------------------------------------------


def test_no_job_leads_to_the_history(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.keyClick(window, THERE, CTRL)
    blank = window.artifacts.page.blank
    assert blank.title.text() == "No job is chosen"
    assert window.focusWidget() is blank.button
    assert not window.docks.history.isVisible()
    press(qtbot, window, KEY.Key_Space)
    assert window.docks.history.isVisible()


def test_a_job_without_any_says_how_to_switch_them_on(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    hub.put(record("b.mp4", id="b"))
    qtbot.keyClick(window, THERE, CTRL)
    blank = window.artifacts.page.blank
    qtbot.waitUntil(lambda: blank.title.text() == "This job was run without artifacts")
    assert blank.job.whole == "b.mp4"
    assert "start sheet" in blank.text.text()
    assert not blank.button.isVisible()
    assert not any(action.isEnabled() for action in window.artifacts.actions.all())


def test_a_partial_job_says_why_and_marks_its_frames(
    browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    page = browser.artifacts.page
    assert not page.note.isVisible()
    files = np.full(120, int(ALL), np.uint8)
    files[3] = 1
    artifact_desk.put(
        artifact_list(files=files, state=ArtifactState.PARTIAL, why="The disk is full.")
    )
    assert page.note.isVisible()
    assert page.note.text() == (
        "Partial. The disk is full. 119 of the 120 frames listed here are whole."
    )
    assert page.head.state.text() == "Partial"


def test_a_folder_that_cannot_be_read_can_be_looked_at_again(
    qtbot: QtBot, browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    artifact_desk.put(artifact_list((), state=ArtifactState.UNREADABLE, why="The drive is away."))
    blank = browser.artifacts.page.blank
    assert blank.text.text() == "The drive is away."
    asked = len(artifact_desk.of("open"))
    artifact_desk.jobs["a"] = artifact_list()
    qtbot.mouseClick(blank.button, Qt.MouseButton.LeftButton)
    assert len(artifact_desk.of("open")) == asked + 1
    qtbot.waitUntil(lambda: browser.artifacts.view.shown is not None)
    came(qtbot, browser, 0)
    assert browser.focusWidget() is browser.artifacts.page.list.table


def test_the_list_grows_under_the_frame_that_is_looked_at(
    qtbot: QtBot, browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    numbers = tuple(range(0, 600, 5))
    artifact_desk.put(artifact_list(numbers[:60], state=ArtifactState.GROWING))
    for figure in "150":
        press(qtbot, browser, figure)
    came(qtbot, browser, 150)
    table = browser.artifacts.page.list.table
    top = table.verticalScrollBar().value()
    artifact_desk.put(artifact_list(numbers[:90], state=ArtifactState.GROWING))
    came(qtbot, browser, 150)
    assert table.verticalScrollBar().value() == top
    assert table.model().rowCount() == 90


# -- the house ------------------------------------------------------------------------------------


def test_keys_of_the_workspace_work_nowhere_else(
    qtbot: QtBot, browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    actions = browser.artifacts.actions.all()
    assert all(action.isEnabled() for action in actions)
    review = (*browser.review.actions.moving(), *browser.review.actions.looking())
    assert not any(action.isEnabled() for action in review)
    qtbot.keyClick(browser, KEY.Key_1, CTRL)
    assert not any(action.isEnabled() for action in actions)


def test_keys_are_in_the_list_of_keys_and_none_is_taken_twice(browser: MainWindow) -> None:
    """Keys of a workspace may come again in another, never in what works everywhere."""
    keys = [action.shortcut().toString() for action in browser.artifacts.actions.all()]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    actions = browser.actions_
    everywhere = (actions.open, actions.quit, actions.pause, actions.follow, actions.keys)
    everywhere += tuple(browser.workspaces.actions.actions())
    everywhere += tuple(dock.toggleViewAction() for dock in browser.docks.all())
    assert not set(keys) & {action.shortcut().toString() for action in everywhere}


def test_lines_are_coloured_when_they_come_into_sight(browser: MainWindow) -> None:
    edit = browser.artifacts.page.texts.json.edit

    def is_coloured(number: int) -> bool:
        return bool(edit.document().findBlockByNumber(number).layout().formats())

    number = edit.blockCount() - 4
    assert is_coloured(1)
    assert not is_coloured(number)
    edit.verticalScrollBar().setValue(edit.verticalScrollBar().maximum())
    assert is_coloured(number)


@pytest.mark.dressed
def test_themes_recolour_the_texts(browser: MainWindow) -> None:
    edit = browser.artifacts.page.texts.json.edit

    def key_color() -> str:
        block = edit.document().findBlockByNumber(1)
        formats = block.layout().formats()
        look = formats[0].format
        return look.foreground().color().name()

    seen = set()
    for name in ("dark", "light", "sunlight"):
        browser.set_theme(name)
        assert key_color() == browser.theme.tokens.accent
        seen.add(key_color())
    assert len(seen) == 3


@pytest.mark.dressed
def test_the_parts_keep_their_sizes(qtbot: QtBot, browser: MainWindow, hub: FakeHub) -> None:
    page = browser.artifacts.page
    page._across.setSizes([250, 700])
    page.texts.setSizes([300, 100])
    sizes = page._across.sizes(), page.texts.sizes()
    browser.close()
    again = MainWindow(hub, browser.theme)
    qtbot.addWidget(again)
    again.resize(browser.size())
    again.show()
    assert hub.desk is not None
    hub.desk.put(artifact_list())
    again.book.know(JOB)
    again.artifacts.open_job("a")
    qtbot.waitUntil(lambda: again.artifacts.view.shown is not None)
    page = again.artifacts.page
    qtbot.waitUntil(lambda: (page._across.sizes(), page.texts.sizes()) == sizes)
