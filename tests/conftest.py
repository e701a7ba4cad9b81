"""Fixtures for every room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test an app folder of its own, so none touches the person's history."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CODEFX_HOME", str(folder))
    for name in ("PITSTOP_YOLO_WEIGHTS_PATH", "PITSTOP_YOLO_THRESHOLD", "PITSTOP_IOU_THRESHOLD"):
        monkeypatch.delenv(name, raising=False)
    for name in ("MAX_FILE_SIZE_MB", "DATABASE_URL", "CODEFX_DEVICE", "CODEFX_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    return folder
