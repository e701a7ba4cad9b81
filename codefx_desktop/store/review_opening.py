"""A job's review file looked at before it is used, and connections to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, set_pragmas
from codefx_desktop.store.opening import read_only_uri
from codefx_desktop.store.review_tables import APPLICATION_ID, VERSION

if TYPE_CHECKING:
    from pathlib import Path

DAMAGE_HINT: Final = (
    "Fetch the job again if it was pushed, or move the file away to begin the review anew; "
    "what was measured is not touched by this."
)


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that is read and added to, with every pragma set.

    Raises:
        HistoryError: If it lies where it would not be kept safely.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        set_pragmas(
            connection, f"The review {path}", "Keep the job on a disk of this machine to review it."
        )
    except BaseException:
        connection.close()
        raise
    return connection


def connect_fixed(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that nobody can change: no log beside it is asked for."""
    return sqlite3.connect(
        f"{read_only_uri(path)}&immutable=1",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def _recover(path: Path) -> None:
    """Have a change taken back that a program which died did not come to the end of.

    A connection that only reads cannot do it, and would not open.
    """
    if path.with_name(path.name + "-journal").exists():
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def is_empty(path: Path, *, is_fixed: bool) -> bool:
    """Return whether nothing was written into the file yet; nothing is changed by looking.

    Raises:
        HistoryError: If it is damaged, another program's, or of a newer version.
    """
    if not is_fixed:
        _recover(path)
    uri = f"{read_only_uri(path)}{'&immutable=1' if is_fixed else ''}"
    with closing(sqlite3.connect(uri, timeout=BUSY_TIMEOUT_MS / 1000, uri=True)) as connection:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise HistoryError(
                f"The review {path} is damaged: {found}.", hint=DAMAGE_HINT, path=path
            )
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return True
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if owner != APPLICATION_ID:
        raise HistoryError(
            f"{path} is a database of another program.",
            hint="Move it out of the job's folder.",
            path=path,
        )
    if version > VERSION:
        raise HistoryError(
            f"The review {path} was written by a newer version of this program.",
            hint="Update the program to go on with it.",
            path=path,
        )
    return False
