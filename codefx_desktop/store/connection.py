"""Connections to the history: what is set on each, and what their errors mean to a person."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from codefx_desktop.domain.errors import CodefxError, HistoryError, NoSpace, NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for another program's commit before it gives up."""

PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("busy_timeout", str(BUSY_TIMEOUT_MS), BUSY_TIMEOUT_MS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("fullfsync", "ON", 1),
    ("checkpoint_fullfsync", "ON", 1),
    ("foreign_keys", "ON", 1),
)
"""Name, value to set, value that must be read back.

The two of ``fullfsync`` are for macOS, where a plain fsync leaves data in the drive's own memory:
a commit would not outlive a battery that is pulled. Elsewhere they change nothing.
"""

HISTORY_DAMAGE_HINT = (
    "Start the program again: it sets a damaged history aside and begins a new one."
)

_BEGIN_OPTION = "codefx_begin"


def history_engine(path: Path) -> Engine:
    """Return an engine for the history; connections are opened when they are needed."""

    def connect() -> sqlite3.Connection:
        # No implicit transactions: the begin event below says how each one starts.
        return sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def for_writing(engine: Engine) -> Engine:
    """Return the same engine with transactions that take the write lock when they begin.

    A transaction that read first and wants to write later can fail at once, whatever the busy
    timeout, when another program wrote in between.
    """
    return engine.execution_options(**{_BEGIN_OPTION: "IMMEDIATE"})


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    try:
        _set_pragmas(connection)
    except BaseException:
        connection.close()  # nobody else knows of it yet
        raise


def _set_pragmas(connection: sqlite3.Connection) -> None:
    set_pragmas(connection, "The job history", "Keep it on a disk of this machine (DATABASE_URL).")


def set_pragmas(connection: sqlite3.Connection, what: str, hint: str) -> None:
    """Set every pragma and read it back.

    Args:
        connection: A new one, to a file that is written to.
        what: Begins the sentence that tells what cannot be kept here.
        hint: What the person can do about it.

    Raises:
        HistoryError: If one cannot be had here.
    """
    for name, value, expected in PRAGMAS:
        connection.execute(f"PRAGMA {name} = {value}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != expected:
            raise HistoryError(
                f"{what} cannot be kept safely here: {name} is {found}, not {expected}.", hint=hint
            )


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(
        f"BEGIN {connection.get_execution_options().get(_BEGIN_OPTION, 'DEFERRED')}"
    )


@contextmanager
def translated(path: Path, damage_hint: str = HISTORY_DAMAGE_HINT) -> Iterator[None]:
    """Turn errors of SQLite and SQLAlchemy into the program's own.

    Args:
        path: The database.
        damage_hint: What the person can do when its bytes are wrong.

    Raises:
        HistoryError: For what the database says.
        NotWritable: If the file or its folder cannot be written to.
        NoSpace: If the disk is full.
    """
    try:
        yield
    except DBAPIError as error:
        origin = error.orig
        if not isinstance(origin, sqlite3.Error):
            raise
        raise explained(origin, path, damage_hint) from error
    except sqlite3.Error as error:
        raise explained(error, path, damage_hint) from error
    except PoolTimeout as error:
        raise HistoryError(f"{path} is busy.", hint="Try again in a moment.", path=path) from error


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 where the error has none."""
    code: Any = getattr(error, "sqlite_errorcode", 0)
    return int(code or 0) & 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether an error says that the file's bytes are wrong."""
    return primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def tells_damage(error: CodefxError) -> bool:
    """Return whether one of the program's own errors says that a file's bytes are wrong.

    Not so where the file is busy, out of reach, or of a newer version: that passes.
    """
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return is_damage(cause)
    return isinstance(cause, LookupError | TypeError | ValueError | ArithmeticError)


def explained(error: sqlite3.Error, path: Path, damage_hint: str) -> CodefxError:
    """Return the program's own error for one of SQLite."""
    code = primary_code(error)
    if code == sqlite3.SQLITE_FULL:
        return NoSpace(
            f"The disk is full; {path} could not be written.", hint="Free some space.", path=path
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return NotWritable(
            f"{path} cannot be written: {error}.",
            hint="Change the permissions of its folder or choose another place.",
            path=path,
        )
    if is_damage(error):
        return HistoryError(f"{path} is damaged: {error}.", hint=damage_hint, path=path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return HistoryError(
            f"{path} is busy: another program has been writing to it for long.",
            hint="Try again in a moment.",
            path=path,
        )
    return HistoryError(f"{path}: {error}.", hint="Look at the disk it is on.", path=path)
