"""How much work SQLite does for a question: counted, so the same on an idle and a busy machine."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

_STEPS = 10


class SqliteWork:
    """Counts the steps of SQLite's virtual machine on connections made from now on.

    Source: https://www.sqlite.org/c3ref/progress_handler.html
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._steps = 0
        connect = sqlite3.connect

        def counted(*args: object, **options: object) -> sqlite3.Connection:
            connection = connect(*args, **options)  # type: ignore[call-overload]
            assert isinstance(connection, sqlite3.Connection)
            connection.set_progress_handler(self._tick, _STEPS)
            return connection

        monkeypatch.setattr(sqlite3, "connect", counted)

    def _tick(self) -> int:
        self._steps += _STEPS
        return 0

    def of(self, call: Callable[[], object]) -> int:
        """Return how many steps a call takes, to the nearest ten."""
        before = self._steps
        call()
        return self._steps - before
