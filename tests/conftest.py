"""Fixtures for every room."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

# Before Qt is imported; the end-to-end test gives its program a real screen of its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["buckets.fixtures"]

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
    for name in ("CODEFX_ENCODER", "CODEFX_SEG_WEIGHTS_PATH"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return a file that a fake detector takes for weights."""
    path = tmp_path / "fake.pt"
    path.write_bytes(b"fake")
    return path
