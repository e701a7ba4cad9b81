"""The frame servers of a window: made at any time, fed once the history is open, ended together."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import shiboken6

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.frame_server import FrameServer

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.footage import FootageCalls
    from codefx_desktop.jobs.messages import EngineCalls

POLL_S: Final = 0.05


class FrameServers:
    """Makes frame servers and ends them; lives in the main thread."""

    def __init__(self) -> None:
        self._servers: list[FrameServer] = []
        self._is_known = threading.Event()
        self._engine: EngineCalls | None = None

    def know(self, engine: EngineCalls | None) -> None:
        """Take the engine that opens clips; None if there will be none."""
        self._engine = engine
        self._is_known.set()

    def new(self, parent: QObject) -> FrameServer:
        """Return a new server."""
        server = FrameServer(self._footage, parent)
        self._servers = [*filter(shiboken6.isValid, self._servers), server]
        return server

    def shutdown(self) -> None:
        """End all servers; each waits for its workers, with a limit."""
        for server in filter(shiboken6.isValid, self._servers):
            server.shutdown()

    def _footage(self, cancel: CancelSignal) -> FootageCalls:
        """Return what opens clips; called on workers, waits until the history is open."""
        while not self._is_known.wait(POLL_S):
            if cancel.is_set():
                raise Cancelled
        if self._engine is None:
            raise HistoryError("The history could not be opened, so no clip can be either.")
        return self._engine.footage()
