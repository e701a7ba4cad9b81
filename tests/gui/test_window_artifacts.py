"""The Artifacts workspace under hands: keys, clicks, what is copied, what is said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_artifacts import ALL, FOLDER, FakeArtifactDesk, artifact_list, parsed
from gui.fake_frames import number_in
from gui.fake_hub import FakeHub, record
from gui.reviewing import CTRL, SHIFT, wheel
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from codefx_desktop.domain.job import JobSpec, JobStatus
from codefx_desktop.domain.plan import VIDEO
from codefx_desktop.jobs.artifact_values import ArtifactFile, ArtifactState
from codefx_desktop.ui.artifact_colours import JSON_PARTS, TOON_PARTS
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.artifact_view import ALL_PICTURES
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    import re

    from PySide6.QtWidgets import QPlainTextEdit
    from pytestqt.qtbot import QtBot

KEY = Qt.Key
JOB = record("a.mp4", id="a", status=JobStatus.COMPLETE, artifact_frames=120)


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakeArtifactDesk:
    assert hub.desk is not None
    return hub.desk


@pytest.fixture
def browser(qtbot: QtBot, window: MainWindow, desk: FakeArtifactDesk) -> MainWindow:
    """The window with the artifacts of a complete job in front."""
    window.activateWindow()
    desk.put(artifact_list())
    window.book.know(JOB)
    window.selection.choose("a")
    qtbot.keyClick(window, KEY.Key_3, CTRL)
    qtbot.waitUntil(lambda: window.artifacts.view.shown is not None)
    return window


def press(qtbot: QtBot, window: MainWindow, *args: object) -> None:
    """Press a key with whoever has the keyboard, as a person does."""
    qtbot.keyClick(window.focusWidget() or window, *args)


def came(qtbot: QtBot, window: MainWindow, number: int) -> None:
    """Wait for a frame; the list, the texts and the pictures' own pixels agree."""
    page, view = window.artifacts.page, window.artifacts.view
    qtbot.waitUntil(lambda: view.shown is not None and view.shown.number == number)
    assert view.number == number
    assert page.list.table.currentIndex().siblingAtColumn(0).data() == f"{number:,}"
    assert parsed(page.texts.json.edit.toPlainText())["frame"]["number"] == number
    assert f"  number: {number}\n" in page.texts.toon.edit.toPlainText()
    for box in page.pictures.boxes().values():
        assert painted(window, box) == number


def painted(window: MainWindow, box: object) -> int:
    image = window.artifacts.page.pictures.grab().toImage()
    ratio = image.width() / window.artifacts.page.pictures.width()
    x, y, w, h = (round(v * ratio) for v in box.toRect().getRect())
    return number_in(image.copy(x, y, w, h))


# -- where it is reached from -----------------------------------------------------------------


def test_the_job_panel_leads_there(
    qtbot: QtBot, window: MainWindow, desk: FakeArtifactDesk
) -> None:
    desk.put(artifact_list())
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
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakeArtifactDesk
) -> None:
    hub.put(record("b.mp4", id="b", status=JobStatus.PROCESSING, spec=JobSpec(plan=VIDEO.plan)))
    desk.put(artifact_list((3, 9), job_id="b", state=ArtifactState.GROWING))
    queue = window.queue
    menu = queue.menu_at(queue.view.visualRect(queue.model.index(0)).center())
    assert queue.artifacts_action in menu.actions()
    queue.artifacts_action.trigger()
    came(qtbot, window, 3)
    assert window.artifacts.page.head.state.text() == "Being written"
    hub.history = [JOB]
    desk.put(artifact_list())
    hub.ready.emit()
    history = window.history
    qtbot.waitUntil(lambda: history.model.rowCount() == 1)
    history.view.selectRow(0)
    history.artifacts_action.trigger()
    came(qtbot, window, 0)
    assert window.artifacts.page.head.name.whole == "a.mp4"


# -- the list ---------------------------------------------------------------------------------


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
    qtbot: QtBot, browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    desk.put(artifact_list(tuple(range(36_000)), job_id="a"))
    table = browser.artifacts.page.list.table
    table.viewport().update()
    model = table.model()
    qtbot.waitUntil(lambda: model.index(3, 3).data() == "3")
    assert max(len(asked[0]) for asked in desk.of("describe")) <= 128
    assert len(desk.of("describe")) < 10


def test_counts_of_stages_that_are_off_have_no_column(
    browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    table = browser.artifacts.page.list.table
    assert not table.isColumnHidden(5)
    some = ALL & ~(ArtifactFile.FACE | ArtifactFile.SEGMENTED)
    files = np.full(120, int(some), np.uint8)
    desk.put(artifact_list(expected=some, files=files))
    assert [table.isColumnHidden(column) for column in range(6)] == [False] * 4 + [True] * 2
    looks = {a.text(): a.isVisible() for a in browser.artifacts.actions.looks.actions()}
    assert looks == {
        "All pictures": True,
        "Original": True,
        "Detection": True,
        "Segmentation": False,
        "Faces": False,
    }


# -- pictures ---------------------------------------------------------------------------------


def test_keys_choose_one_picture_or_all(
    qtbot: QtBot, browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    pictures = browser.artifacts.page.pictures
    boxes = list(pictures.boxes().values())
    assert len(boxes) == 4
    assert not any(one.intersects(two) for one in boxes for two in boxes if one is not two)
    press(qtbot, browser, KEY.Key_D)
    (box,) = pictures.boxes().values()
    assert box.width() > boxes[0].width()
    came(qtbot, browser, 0)
    assert desk.of("show")[-1][1] == ArtifactFile.DETECTED
    press(qtbot, browser, KEY.Key_A)
    assert list(pictures.boxes()) == [
        ArtifactFile.ORIGINAL,
        ArtifactFile.DETECTED,
        ArtifactFile.SEGMENTED,
        ArtifactFile.FACE,
    ]


def test_a_double_click_shows_one_and_brings_all_back(qtbot: QtBot, browser: MainWindow) -> None:
    pictures, view = browser.artifacts.page.pictures, browser.artifacts.view
    place = pictures.boxes()[ArtifactFile.SEGMENTED].center().toPoint()
    qtbot.mouseDClick(pictures, Qt.MouseButton.LeftButton, pos=place)
    assert view.looks == ArtifactFile.SEGMENTED
    qtbot.mouseDClick(pictures, Qt.MouseButton.LeftButton, pos=pictures.rect().center())
    assert view.looks == ALL_PICTURES


def test_a_picture_that_cannot_be_shown_says_why(
    qtbot: QtBot, browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    before = browser.artifacts.page.pictures.grab().toImage()
    desk.broken[5] = "frame_5.jpg is no whole JPEG picture."
    press(qtbot, browser, KEY.Key_Down)
    view, page = browser.artifacts.view, browser.artifacts.page
    qtbot.waitUntil(lambda: view.shown.number == 5)
    assert page.pictures.grab().toImage() != before
    assert page.texts.json.trouble.text() == desk.broken[5]
    assert page.texts.json.trouble.isVisible()
    assert not page.texts.toon.trouble.isVisible()
    assert not browser.artifacts.actions.copy_picture.isEnabled()
    press(qtbot, browser, KEY.Key_Down)
    came(qtbot, browser, 10)
    assert not page.texts.json.trouble.isVisible()


# -- texts ------------------------------------------------------------------------------------


def test_sizes_and_their_ratio(browser: MainWindow) -> None:
    texts = browser.artifacts.page.texts
    assert texts.json.figure.whole == "2.0 kB"
    assert texts.toon.figure.whole == "1.0 kB, 50 % of the JSON"


def test_both_texts_scroll_as_one(browser: MainWindow) -> None:
    texts = browser.artifacts.page.texts
    left, right = (pane.edit for pane in (texts.json, texts.toon))
    bars = left.verticalScrollBar(), right.verticalScrollBar()
    assert bars[0].maximum() > bars[1].maximum() > 0
    lines = left.toPlainText().split("\n")
    row = [n for n, line in enumerate(lines) if line == "    {"][7]
    bars[0].setValue(row)
    assert right.toPlainText().split("\n")[bars[1].value()].startswith("  7,car")
    bars[0].setValue(bars[0].maximum())
    assert bars[1].value() == bars[1].maximum()
    bars[1].setValue(0)
    assert bars[0].value() == 0


def test_a_click_marks_the_line_that_says_the_same(qtbot: QtBot, browser: MainWindow) -> None:
    texts = browser.artifacts.page.texts
    assert not texts.json.edit.extraSelections()
    texts.toon.edit.setFocus()
    press(qtbot, browser, KEY.Key_Down)
    press(qtbot, browser, KEY.Key_Down)
    marked = [marked_line(pane.edit) for pane in (texts.json, texts.toon)]
    assert [text.strip() for text in marked] == ['"number": 0,', "number: 0"]


def marked_line(edit: QPlainTextEdit) -> str:
    (selection,) = edit.extraSelections()
    cursor = selection.cursor
    return cursor.block().text()


def colours(parts: re.Pattern[str], line: str) -> dict[str, str]:
    return {match.group(): str(match.lastgroup) for match in parts.finditer(line)}


def test_colours_tell_keys_from_texts_and_words() -> None:
    assert colours(JSON_PARTS, '    "time": "00:00:01.5", "scene": null, "a\\"b": true') == {
        '"time"': "key",
        '"00:00:01.5"': "text",
        '"scene"': "key",
        "null": "word",
        '"a\\"b"': "key",
        "true": "word",
    }
    assert colours(JSON_PARTS, '  "fingerprint": "v1:3d66') == {
        '"fingerprint"': "key",
        '"v1:3d66': "text",
    }
    assert colours(TOON_PARTS, '  time: "00:00:01.5"') == {"  time": "key", '"00:00:01.5"': "text"}
    assert colours(TOON_PARTS, "detections[2]{track_id,x1}:") == {
        "detections": "key",
        "[2]": "head",
        "{track_id,x1}": "head",
    }
    assert colours(TOON_PARTS, "  null,7,nullify,true,1.5") == {"null": "word", "true": "word"}
    assert colours(TOON_PARTS, "outline_xy[3]: 1,2 … 38,112 more characters; copying") == {
        "outline_xy": "key",
        "[3]": "head",
        "… 38,112 more characters; copying": "more",
    }


# -- what is done with a frame ----------------------------------------------------------------


def test_copying(qtbot: QtBot, browser: MainWindow, desk: FakeArtifactDesk) -> None:
    clipboard, status = QGuiApplication.clipboard(), browser.statusBar()
    shown = browser.artifacts.view.shown
    press(qtbot, browser, KEY.Key_J, CTRL | SHIFT)
    assert clipboard.text() == shown.json.text
    assert status.currentMessage() == "Copied the JSON of frame 0."
    press(qtbot, browser, KEY.Key_T, CTRL | SHIFT)
    assert clipboard.text() == shown.toon.text
    press(qtbot, browser, KEY.Key_S)
    press(qtbot, browser, KEY.Key_C, CTRL | SHIFT)
    qtbot.waitUntil(lambda: "segmentation" in status.currentMessage())
    assert desk.of("fetch") == [(0, ArtifactFile.SEGMENTED)]
    assert clipboard.image().size().toTuple() == (640, 360)  # as large as the file, not as shown
    assert number_in(clipboard.image()) == 0


def test_the_menu_of_a_picture_copies_that_picture(
    browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    menu = browser.artifacts.menu_for(ArtifactFile.FACE)
    assert menu.actions()[0].text() == "Copy picture: Faces"
    menu.actions()[0].trigger()
    assert desk.of("fetch") == [(0, ArtifactFile.FACE)]


def test_the_file_manager_opens_where_the_files_are(
    qtbot: QtBot, browser: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(
        "codefx_desktop.ui.job_deeds.QDesktopServices.openUrl",
        lambda url: opened.append(Path(url.toLocalFile())) or False,
    )
    browser.artifacts.actions.files.trigger()
    press(qtbot, browser, KEY.Key_O)
    qtbot.waitUntil(lambda: len(browser.artifacts.view.shown.pictures) == 1)
    press(qtbot, browser, KEY.Key_F, CTRL | SHIFT)
    assert opened == [FOLDER, FOLDER]
    assert browser.statusBar().currentMessage() == f"No program opens {FOLDER}."


def test_the_frame_is_opened_in_review(qtbot: QtBot, browser: MainWindow, hub: FakeHub) -> None:
    assert hub.frames is not None
    for figure in "100":
        press(qtbot, browser, figure)
    came(qtbot, browser, 100)
    press(qtbot, browser, KEY.Key_Return)
    press(qtbot, browser, KEY.Key_R)
    assert browser.workspaces.current is Workspace.REVIEW
    qtbot.waitUntil(lambda: browser.review.view.shown is not None)
    qtbot.waitUntil(lambda: browser.review.view.shown.frame.number == 100)
    assert hub.frames.of("open") == [(JOB.input_path, "a")]
    qtbot.keyClick(browser, KEY.Key_3, CTRL)
    came(qtbot, browser, 100)  # it is where it was left
    press(qtbot, browser, KEY.Key_Return)
    assert browser.workspaces.current is Workspace.REVIEW


# -- jobs that have none, or not all ----------------------------------------------------------


def test_no_job_leads_to_the_history(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.keyClick(window, KEY.Key_3, CTRL)
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
    qtbot.keyClick(window, KEY.Key_3, CTRL)
    blank = window.artifacts.page.blank
    qtbot.waitUntil(lambda: blank.title.text() == "This job was run without artifacts")
    assert blank.job.whole == "b.mp4"
    assert "start sheet" in blank.text.text()
    assert not blank.button.isVisible()
    assert not any(action.isEnabled() for action in window.artifacts.actions.all())


def test_a_partial_job_says_why_and_marks_its_frames(
    browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    page = browser.artifacts.page
    assert not page.note.isVisible()
    files = np.full(120, int(ALL), np.uint8)
    files[3] = 1
    desk.put(artifact_list(files=files, state=ArtifactState.PARTIAL, why="The disk is full."))
    assert page.note.isVisible()
    assert page.note.text() == (
        "Partial. The disk is full. 119 of the 120 frames listed here are whole."
    )
    assert page.head.state.text() == "Partial"


def test_a_folder_that_cannot_be_read_can_be_looked_at_again(
    qtbot: QtBot, browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    desk.put(artifact_list((), state=ArtifactState.UNREADABLE, why="The drive is away."))
    blank = browser.artifacts.page.blank
    assert blank.text.text() == "The drive is away."
    asked = len(desk.of("open"))
    desk.jobs["a"] = artifact_list()
    qtbot.mouseClick(blank.button, Qt.MouseButton.LeftButton)
    assert len(desk.of("open")) == asked + 1
    qtbot.waitUntil(lambda: browser.artifacts.view.shown is not None)
    came(qtbot, browser, 0)
    assert browser.focusWidget() is browser.artifacts.page.list.table


def test_the_list_grows_under_the_frame_that_is_looked_at(
    qtbot: QtBot, browser: MainWindow, desk: FakeArtifactDesk
) -> None:
    numbers = tuple(range(0, 600, 5))
    desk.put(artifact_list(numbers[:60], state=ArtifactState.GROWING))
    for figure in "150":
        press(qtbot, browser, figure)
    came(qtbot, browser, 150)
    table = browser.artifacts.page.list.table
    top = table.verticalScrollBar().value()
    desk.put(artifact_list(numbers[:90], state=ArtifactState.GROWING))
    came(qtbot, browser, 150)
    assert table.verticalScrollBar().value() == top
    assert table.model().rowCount() == 90


# -- the house --------------------------------------------------------------------------------


def test_keys_of_the_workspace_work_nowhere_else(
    qtbot: QtBot, browser: MainWindow, desk: FakeArtifactDesk
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
