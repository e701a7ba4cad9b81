"""The window under test: offscreen, with a hub that records; any Qt warning fails a test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.browsing import JOB, THERE
from gui.fake_artifacts import artifact_list
from gui.fake_hub import FakeHub
from gui.reviewing import CTRL, A

from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.fake_artifacts import FakeArtifactDesk
    from gui.fake_frames import FakeFrameServer
    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# OpenCV points these at its own Qt when something imported it first.
for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(name, None)

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Qt's warnings fail, but for what the offscreen platform cannot do."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture
def hub(qapp: object, home: Path) -> FakeHub:
    return FakeHub()


@pytest.fixture
def theme(
    request: pytest.FixtureRequest, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Theme]:
    """The dark theme; its style rules only where a test is marked ``dressed``.

    Matching them to every widget is half of what building a window costs.
    """
    if request.node.get_closest_marker("dressed") is None:
        monkeypatch.setattr("codefx_desktop.ui.theme.style_sheet", lambda _tokens: "")
    theme = Theme(qapp)
    theme.set("dark")
    yield theme
    theme.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, hub: FakeHub, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """The window on screen, its hub ready."""
    monkeypatch.setattr("codefx_desktop.ui.main_window.ask_quit", lambda _window: True)
    window = MainWindow(hub, theme)
    qtbot.addWidget(window)
    window.show()
    hub.start()
    qtbot.waitUntil(lambda: window.intake.defaults is not None)
    return window


@pytest.fixture
def frames(window: MainWindow, hub: FakeHub) -> FakeFrameServer:
    """The frame server that the window was given."""
    assert hub.frames is not None
    return hub.frames


@pytest.fixture
def review(qtbot: QtBot, window: MainWindow, frames: FakeFrameServer) -> MainWindow:
    """The window with a clip of 250 frames in view."""
    window.activateWindow()
    window.review.open(A)
    qtbot.waitUntil(lambda: window.review.view.shown is not None)
    return window


@pytest.fixture
def artifact_desk(window: MainWindow, hub: FakeHub) -> FakeArtifactDesk:
    assert hub.desk is not None
    return hub.desk


@pytest.fixture
def browser(qtbot: QtBot, window: MainWindow, artifact_desk: FakeArtifactDesk) -> MainWindow:
    """The window with the artifacts of a complete job in front."""
    window.activateWindow()
    artifact_desk.put(artifact_list())
    window.book.know(JOB)
    window.selection.choose("a")
    qtbot.keyClick(window, THERE, CTRL)
    qtbot.waitUntil(lambda: window.artifacts.view.shown is not None)
    return window
