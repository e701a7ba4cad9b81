"""What tests of the Artifacts workspace share: a job, pressed keys, what is really painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.fake_artifacts import parsed
from gui.fake_frames import number_in
from gui.fake_hub import record
from PySide6.QtCore import Qt

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

KEY = Qt.Key
THERE = Qt.Key(Qt.Key.Key_0 + 1 + list(Workspace).index(Workspace.ARTIFACTS))
"""With Ctrl it brings the artifacts to the front."""
JOB = record("a.mp4", id="a", status=JobStatus.COMPLETE, artifact_frames=120)


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


def painted(window: MainWindow, box: QRectF) -> int:
    image = window.artifacts.page.pictures.grab().toImage()
    ratio = image.width() / window.artifacts.page.pictures.width()
    x, y, w, h = (round(v * ratio) for v in box.toRect().getRect())
    return number_in(image.copy(x, y, w, h))
