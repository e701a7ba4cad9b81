"""The hub's servers for clips that are compared: each its own clip, one budget for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clips import make_clip, read_number
from fakes import FakeVision
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.frame_servers import SHARED_BYTES
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import OpenedEngine
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 60_000


def test_servers_that_share_open_their_own_clips_within_one_budget(
    qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [
        make_clip(tmp_path / f"{name}.mp4", seconds=1, first=200 * k) for k, name in enumerate("ab")
    ]
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    hub = Hub(app_paths(), load_settings(), lambda: OpenedEngine(Engine(shop)))
    hub.pause_queue(True)
    room = hub._servers._room
    try:
        hub.start()
        for count, path in enumerate(paths, start=1):
            server = hub.frame_server(shares=True)
            with qtbot.waitSignal(server.served, timeout=WAIT_MS) as served:
                server.open(path)
            assert read_number(served.args[0].frame.pixels) == 200 * (count - 1)
            assert room.share_bytes == SHARED_BYTES // count
        alone = hub.frame_server()
        with qtbot.waitSignal(alone.served, timeout=WAIT_MS):
            alone.open(paths[0])
        assert room.share_bytes == SHARED_BYTES // 2  # what Review shows is not part of it
        server.close()
        qtbot.waitUntil(lambda: room.share_bytes == SHARED_BYTES, timeout=WAIT_MS)
    finally:
        hub.shutdown()
    hub.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
