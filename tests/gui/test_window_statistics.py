"""The Statistics workspace: asked with mouse and keys, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_statistics import FakeStatisticsDesk, season
from gui.reviewing import CTRL
from PySide6.QtCore import Qt

from codefx_desktop.ui.models.workspace import Workspace

THERE = Qt.Key(Qt.Key.Key_0 + 1 + list(Workspace).index(Workspace.STATISTICS))
"""With Ctrl it brings the statistics to the front."""

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakeStatisticsDesk:
    assert hub.statistics is not None
    return hub.statistics


@pytest.fixture
def told(qtbot: QtBot, window: MainWindow, desk: FakeStatisticsDesk) -> MainWindow:
    """The window with the statistics of twelve stops in front."""
    desk.put(season())
    window.activateWindow()
    qtbot.keyClick(window, THERE, CTRL)
    qtbot.waitUntil(lambda: window.statistics.view.answer is not None)
    return window


def test_it_is_a_key_away_and_asks_only_when_it_is_seen(
    qtbot: QtBot, window: MainWindow, desk: FakeStatisticsDesk
) -> None:
    desk.put(season())
    assert not desk.calls
    qtbot.keyClick(window, THERE, CTRL)
    assert window.workspaces.current is Workspace.STATISTICS
    assert len(desk.of("ask")) == 1
    assert desk.of("freshen") == [()]
