"""One frame with artifacts under hands: its pictures, its texts, what is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.browsing import JOB, KEY, THERE, came, press
from gui.fake_artifacts import FOLDER, FakeArtifactDesk
from gui.fake_frames import number_in
from gui.reviewing import CTRL, SHIFT
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from codefx_desktop.jobs.artifact_values import ArtifactFile
from codefx_desktop.ui.artifact_colours import JSON_PARTS, TOON_PARTS
from codefx_desktop.ui.models.artifact_view import ALL_PICTURES
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    import re

    from gui.fake_hub import FakeHub
    from PySide6.QtWidgets import QPlainTextEdit
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


# -- pictures -------------------------------------------------------------------------------------


def test_keys_choose_one_picture_or_all(
    qtbot: QtBot, browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    pictures = browser.artifacts.page.pictures
    boxes = list(pictures.boxes().values())
    assert len(boxes) == 4
    assert not any(one.intersects(two) for one in boxes for two in boxes if one is not two)
    press(qtbot, browser, KEY.Key_D)
    (box,) = pictures.boxes().values()
    assert box.width() > boxes[0].width()
    came(qtbot, browser, 0)
    assert artifact_desk.of("show")[-1][1] == ArtifactFile.DETECTED
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
    qtbot: QtBot, browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    before = browser.artifacts.page.pictures.grab().toImage()
    artifact_desk.broken[5] = "frame_5.jpg is no whole JPEG picture."
    press(qtbot, browser, KEY.Key_Down)
    view, page = browser.artifacts.view, browser.artifacts.page
    qtbot.waitUntil(lambda: view.shown.number == 5)
    assert page.pictures.grab().toImage() != before
    assert page.texts.json.trouble.text() == artifact_desk.broken[5]
    assert page.texts.json.trouble.isVisible()
    assert not page.texts.toon.trouble.isVisible()
    assert not browser.artifacts.actions.copy_picture.isEnabled()
    press(qtbot, browser, KEY.Key_Down)
    came(qtbot, browser, 10)
    assert not page.texts.json.trouble.isVisible()


# -- texts ----------------------------------------------------------------------------------------


@pytest.mark.dressed
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
    bars[1].setValue(bars[1].maximum())
    assert bars[0].value() == bars[0].maximum()


def test_a_click_marks_the_line_that_says_the_same(qtbot: QtBot, browser: MainWindow) -> None:
    texts = browser.artifacts.page.texts
    assert not texts.json.edit.extraSelections()
    texts.toon.edit.setFocus()
    press(qtbot, browser, KEY.Key_Down)
    press(qtbot, browser, KEY.Key_Down)
    marked = [marked_line(pane.edit) for pane in (texts.json, texts.toon)]
    assert [text.strip() for text in marked] == ['"number": 0,', "number: 0"]
    for _ in range(20):
        press(qtbot, browser, KEY.Key_Down)
    assert marked_line(texts.toon.edit) == "  17,car,1.5"
    line = texts.json.edit.extraSelections()
    cursor = line[0].cursor
    assert cursor.block().next().text() == '      "track_id": 17,'
    number = cursor.blockNumber()
    top = texts.json.edit.verticalScrollBar().value()
    assert top <= number < top + texts.json.edit.viewport().height() // 14  # in sight


def marked_line(edit: QPlainTextEdit) -> str:
    (selection,) = edit.extraSelections()
    cursor = selection.cursor
    return cursor.block().text()


def colours(parts: re.Pattern[str], line: str) -> dict[str, str]:
    return {match.group(): str(match.lastgroup) for match in parts.finditer(line)}


@pytest.mark.dressed
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


# -- what is done with a frame --------------------------------------------------------------------


def test_copying(qtbot: QtBot, browser: MainWindow, artifact_desk: FakeArtifactDesk) -> None:
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
    assert artifact_desk.of("fetch") == [(0, ArtifactFile.SEGMENTED)]
    assert clipboard.image().size().toTuple() == (640, 360)  # as large as the file, not as shown
    assert number_in(clipboard.image()) == 0


def test_the_menu_of_a_picture_copies_that_picture(
    browser: MainWindow, artifact_desk: FakeArtifactDesk
) -> None:
    menu = browser.artifacts.menu_for(ArtifactFile.FACE)
    assert menu.actions()[0].text() == "Copy picture: Faces"
    menu.actions()[0].trigger()
    assert artifact_desk.of("fetch") == [(0, ArtifactFile.FACE)]


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
    qtbot.keyClick(browser, THERE, CTRL)
    came(qtbot, browser, 100)  # it is where it was left
    press(qtbot, browser, KEY.Key_Return)
    assert browser.workspaces.current is Workspace.REVIEW
