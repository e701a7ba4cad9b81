"""Models need an event loop at most, never a window."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub

from codefx_desktop.ui.models.job_book import JobBook

if TYPE_CHECKING:
    from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def hub(qapp: object, home: Path) -> FakeHub:
    return FakeHub()


@pytest.fixture
def book(hub: FakeHub) -> JobBook:
    return JobBook(hub)
