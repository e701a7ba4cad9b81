"""The window itself: docks, themes, closing, keys, what a screen reader finds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, record
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTabBar,
)

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.messages import SystemState
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.theme import NAMES, THEMES, Theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
)


@pytest.mark.dressed
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_picture_has_most_of_the_width(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.reset_layout()
    qtbot.waitUntil(lambda: window.centralWidget().width() >= 0.55 * size[0])
    assert window.docks.queue.width() == 280


@pytest.mark.dressed
def test_theme_switch_recolours_and_is_remembered(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, theme: Theme
) -> None:
    app = QApplication.instance()
    for action in window.actions_.themes.actions():
        action.trigger()
        assert theme.name == action.data()
        base = app.palette().color(QPalette.ColorRole.Base).name()
        assert base == theme.tokens.surface
    assert [a.data() for a in window.actions_.themes.actions()] == list(NAMES)
    window.set_theme("light")
    again = MainWindow(hub, theme)
    qtbot.addWidget(again)
    assert theme.name == "light"
    assert theme.tokens is THEMES["light"]


@pytest.mark.dressed
def test_layout_is_kept_and_can_be_reset(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, theme: Theme
) -> None:
    window.docks.log.close()
    window.resize(960, 610)  # what the offscreen platform's small screen can hold
    window.close()
    again = MainWindow(hub, theme)
    qtbot.addWidget(again)
    again.show()
    assert again.height() == 610
    assert not again.docks.log.isVisible()
    again.actions_.reset_layout.trigger()
    assert again.docks.log.isVisible()
    assert (hub.paths.data / "window.ini").is_file()


def test_closing_with_a_running_job_asks(
    window: MainWindow, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = record(id="a")
    hub.put(job)
    hub.change(job, status=JobStatus.PROCESSING)
    answers = iter([False, True])
    monkeypatch.setattr("codefx_desktop.ui.main_window.ask_quit", lambda _w: next(answers))
    assert not window.close()
    assert hub.of("shutdown") == []
    assert window.close()
    assert hub.of("shutdown") == [()]
    monkeypatch.setattr("codefx_desktop.ui.main_window.ask_quit", lambda _w: True)


def test_the_system_may_end_it_without_asking(
    window: MainWindow, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = record(id="a")
    hub.put(job)
    hub.change(job, status=JobStatus.PROCESSING)
    monkeypatch.setattr("codefx_desktop.ui.main_window.ask_quit", lambda _w: False)
    window.close_without_asking()
    assert hub.of("shutdown") == [()]


def test_another_programs_job_is_no_reason_to_ask(
    window: MainWindow, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = record(id="a")
    hub.put(job)
    hub.change(job, status=JobStatus.PROCESSING)
    monkeypatch.setattr(hub, "running_job", lambda: None)
    monkeypatch.setattr("codefx_desktop.ui.main_window.ask_quit", lambda _w: False)
    assert window.close()


@pytest.mark.dressed
def test_it_fits_into_a_small_screen_and_keeps_its_size_on_a_large_one(
    window: MainWindow,
) -> None:
    window.resize(1440, 900)
    window.fit_into(QRect(0, 0, 1920, 1080))
    assert (window.width(), window.height()) == (1440, 900)
    window.fit_into(QRect(0, 24, 1280, 696))
    assert window.width() <= 1280 - 8
    assert window.height() <= 696 - 40


def test_the_models_are_a_key_away_and_stay_one_window(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    assert window.models_window is None
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    models = window.models_window
    assert models is not None
    assert models.isVisible()
    models.close()
    window.actions_.models.trigger()
    assert window.models_window is models
    assert models.isVisible()


def test_status_line(window: MainWindow, hub: FakeHub) -> None:
    line = window.statusBar()
    assert line.device.text() == "Device: loading…"
    assert line.outbox.text() == "Nothing to send"
    hub.system.emit(SystemState(3_000_000_000, "/data", 15, on_battery=True))
    assert line.disk.text() == "3.0 GB free"
    assert line.battery.text() == "Battery 15 %, on battery"
    assert line._disk_sign.isVisible()
    assert line._battery_sign.isVisible()


def test_every_control_has_a_name(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    hub.put(record())
    window.start_with([Path("/footage/a.mp4")])
    assert window.sheet is not None
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for root in (window, window.sheet)
        for kind in CONTROLS
        for widget in root.findChildren(kind)
        if not (widget.accessibleName() or getattr(widget, "text", str)())
        and not widget.objectName().startswith("qt_")
        and not _is_inside(widget)
    ]
    assert not nameless, "\n".join(nameless)


def _is_inside(widget: object) -> bool:
    """Whether Qt made the widget as part of another control."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (*CONTROLS, QTabBar)) or "Calendar" in type(parent).__name__:
            return True
        parent = parent.parentWidget()
    return False


RUN = """
import sys
from gui.fake_hub import FakeHub
from PySide6.QtCore import QTimer
from codefx_desktop.ui.app import run_window

hub, seen = None, []

def make_hub(app):
    global hub
    hub = FakeHub()
    hub.ready.connect(lambda: seen.append("ready"))
    return hub

def on_shown(window):
    assert window.isVisible() and not hub.of("start")
    seen.append("shown")
    hub.start_defaults.connect(lambda _d: QTimer.singleShot(50, lambda: leave(window)))

def leave(window):
    seen.extend(clip.name for clip in window.sheet.form.clips)
    window.sheet.reject()
    window.close()

words = ["codefx-desktop", "-style", "fusion", "lap12.mp4"]
status = run_window(make_hub, words, on_shown=on_shown)
assert hub.of("shutdown") == [()]
print(status, *seen)
"""


def test_run_window_shows_first_then_starts_the_hub_and_asks_about_named_clips() -> None:
    tests = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": tests},
    )
    assert done.stdout.split() == ["0", "shown", "ready", "lap12.mp4"], done.stderr


def test_window_loads_no_heavy_library() -> None:
    code = (
        "import sys; import codefx_desktop.ui.app; "
        "print([n for n in ('torch', 'cv2', 'av', 'sqlalchemy', 'ultralytics') "
        "if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
