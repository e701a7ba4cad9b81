"""Fixtures of the jobs room's unit tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from frame_screen import Screen
from model_shelves import SMALL, Shelf
from PySide6.QtCore import QCoreApplication, QEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    """Return a frame server without threads."""
    made = Screen()
    yield made
    made.server.shutdown()
    made.server.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program lie in an empty folder; what is beside the real one is nobody's business."""
    folder = tmp_path / "program"
    (folder / "model_weights").mkdir(parents=True)
    for module in ("jobs.model_places", "settings.weights"):
        monkeypatch.setattr(f"codefx_desktop.{module}.program_dir", lambda: folder)
    return folder


@pytest.fixture
def shelf(program: Path) -> Shelf:
    """Return a shelf of models with nothing beside the program."""
    del program
    return Shelf()


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """Return a USB drive with some weights."""
    folder = tmp_path / "drive"
    (folder / "models").mkdir(parents=True)
    (folder / "mine.pt").write_bytes(b"det mine")
    (folder / "poses.pt").write_bytes(b"pose")
    (folder / "broken.pt").write_bytes(b"bad")
    (folder / "models" / "small.pt").write_bytes(SMALL)
    return folder
