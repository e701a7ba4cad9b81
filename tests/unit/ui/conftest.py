"""Models need an event loop at most, never a window."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from gui.fake_frames import FakeFrameServer
from gui.fake_hub import FakeHub
from gui.reviewing import A, Wall

from codefx_desktop.ui.models.clip_view import ClipView
from codefx_desktop.ui.models.job_book import JobBook

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def hub(qapp: object, home: Path) -> FakeHub:
    return FakeHub()


@pytest.fixture
def book(hub: FakeHub) -> JobBook:
    return JobBook(hub)


@pytest.fixture
def server(qapp: object) -> FakeFrameServer:
    return FakeFrameServer()


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def view(server: FakeFrameServer, wall: Wall) -> ClipView:
    return ClipView(server, now_s=wall)


@pytest.fixture
def opened(qtbot: QtBot, view: ClipView) -> ClipView:
    view.open(A)
    qtbot.waitUntil(lambda: view.shown is not None)
    return view
