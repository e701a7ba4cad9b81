"""The outbox of a program: opened when somebody needs it, once, and closed at the end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from codefx_desktop.store.outbox import open_outbox

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.store.outbox import Outbox


class KeptOutbox:
    """Opens an outbox at its first use. Any thread may call.

    Args:
        path: Its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._outbox: Outbox | None = None
        self._notices: tuple[str, ...] = ()

    def open(self) -> Outbox:
        """Return the outbox.

        Raises:
            HistoryError: If it is of a newer version or another program, or cannot be used.
            NotWritable: If it or its folder cannot be written to.
            NoSpace: If the disk is full.
        """
        with self._lock:
            if self._outbox is None:
                opened = open_outbox(self._path)
                self._outbox, self._notices = opened.outbox, opened.notices
            return self._outbox

    def take_notices(self) -> tuple[str, ...]:
        """Return, once, what a person should know about how opening went."""
        with self._lock:
            notices, self._notices = self._notices, ()
        return notices

    def forget_job(self, job_id: str) -> None:
        """Drop the pushes of a job that is deleted; what its targets have stays there.

        Raises:
            HistoryError: If the outbox cannot be used.
            NotWritable: If it cannot be written to.
        """
        if self._path.exists():  # where nothing was ever pushed, none is made for this
            self.open().forget_job(job_id)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._outbox is not None:
                self._outbox.close()
