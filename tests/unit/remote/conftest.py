"""A made-up drive, and a folder on it as a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from folder_places import folder_store

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.remote.folder_store import FolderStore


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


@pytest.fixture
def place(drive: Path) -> FolderStore:
    return folder_store(drive)
