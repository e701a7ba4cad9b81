"""A job's review file looked at before it is used, and connections to it."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, set_pragmas
from codefx_desktop.store.opening import read_only_uri
from codefx_desktop.store.review_tables import APPLICATION_ID, VERSION

COPY_TRIES: Final = 5
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
    """Return a connection to what a file holds that this program may not write to.

    Without a log of SQLite's own beside it, the file is read where it is. With one, its last
    steps are in that log alone, and reading it there would need to write: both are copied.
    """
    if not _has_log(path):
        return sqlite3.connect(
            f"{read_only_uri(path)}&immutable=1",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
    with tempfile.TemporaryDirectory(prefix="codefx-review-") as folder:
        copy = Path(folder) / path.name
        _copy_both(path, copy)
        kept = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        try:
            with closing(sqlite3.connect(copy)) as whole:
                whole.backup(kept)
        except BaseException:
            kept.close()
            raise
    return kept


def _copy_both(path: Path, copy: Path) -> None:
    """Copy a file and its log as they are at one instant; somebody else may be writing."""
    why = "it is being changed all the time"
    for _ in range(COPY_TRIES):
        try:
            before = _marks(path)
            for one, other in zip(_both(path), _both(copy), strict=True):
                other.write_bytes(one.read_bytes() if one.exists() else b"")
            if _marks(path) == before:
                return
        except OSError as error:
            why = error.strerror or str(error)
    raise HistoryError(
        f"The review {path} cannot be read: {why}.", hint="Try again in a moment.", path=path
    )


def _both(path: Path) -> tuple[Path, Path]:
    return path, path.with_name(f"{path.name}-wal")


def _marks(path: Path) -> list[tuple[int, int]]:
    found = [one.stat() for one in _both(path) if one.exists()]
    return [(one.st_size, one.st_mtime_ns) for one in found]


def _has_log(path: Path) -> bool:
    _, log = _both(path)
    return log.exists() and log.stat().st_size > 0


def _recover(path: Path) -> None:
    """Have a change taken back that a program which died did not come to the end of.

    A connection that only reads cannot do it, and would not open.
    """
    if path.with_name(path.name + "-journal").exists():
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _connect_to_look(path: Path) -> sqlite3.Connection:
    _recover(path)
    return sqlite3.connect(read_only_uri(path), timeout=BUSY_TIMEOUT_MS / 1000, uri=True)


def is_empty(path: Path, *, is_fixed: bool) -> bool:
    """Return whether nothing was written into the file yet; nothing is changed by looking.

    Pages are not gone through for damage: whoever reads the log reads all of it, and meets it.

    Raises:
        HistoryError: If it is another program's, or of a newer version.
    """
    with closing(connect_fixed(path) if is_fixed else _connect_to_look(path)) as connection:
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
