"""Fixtures of the jobs room's unit tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from frame_screen import Screen
from PySide6.QtCore import QCoreApplication, QEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    """Return a frame server without threads."""
    made = Screen()
    yield made
    made.server.shutdown()
    made.server.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
