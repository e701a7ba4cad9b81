"""Opens the outbox's file and hands out connections to it.

Damage is told, and the damaged file set aside; what is not ours to change (a newer version, another
program's database) is left alone.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

from codefx_desktop.domain.errors import HistoryError, NotWritable
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, is_damage, set_pragmas, translated
from codefx_desktop.store.detection_format import transaction
from codefx_desktop.store.opening import COMPANIONS, alone, dated, read_only_uri
from codefx_desktop.store.outbox_tables import APPLICATION_ID, SCHEMA, UPGRADES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

DAMAGE_HINT: Final = (
    "Start the program again: it sets a damaged outbox aside and begins a new one. Nothing that "
    "was pushed is lost."
)


class _Damaged(Exception):  # noqa: N818 - never leaves this module
    """The file's bytes are wrong; the argument says how."""


def prepare_outbox(path: Path) -> tuple[str, ...]:
    """Make the outbox at ``path`` usable, making it if there is none.

    Returns:
        Sentences for the person about what had to be done.

    Raises:
        HistoryError: If it is of a newer version or another program, or cannot be used.
        NotWritable: If it or its folder cannot be written to.
        NoSpace: If the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(
            f"The outbox {path} cannot be kept there: {error.strerror or error}.",
            hint="Change the permissions of its folder.",
            path=path,
        ) from error
    with translated(path, DAMAGE_HINT), alone(path):
        notices: tuple[str, ...] = ()
        try:
            is_new = _is_new(path)
        except _Damaged as damage:
            aside = _set_aside(path)
            log.warning("The outbox %s is damaged (%s); set aside as %s", path, damage, aside.name)
            notices = (
                f"The outbox was damaged. It was set aside as {aside.name} and a new one was "
                "begun. Push again what was waiting: what the target has is not sent twice.",
            )
            is_new = True
        if is_new:
            _make(path)
        else:
            _upgrade(path)
    return notices


def _is_new(path: Path) -> bool:
    """Return whether there is nothing in the file yet.

    Raises:
        HistoryError: If it is another program's, or of a newer version.
        _Damaged: If its bytes are wrong.
    """
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(read_only_uri(path), timeout=15, uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise _Damaged(found)
            owner = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise _Damaged(str(error)) from error
        raise
    if is_empty:
        return True
    if owner != APPLICATION_ID:
        raise HistoryError(f"{path} is a database of another program.", path=path)
    if version > VERSION:
        raise HistoryError(
            f"The outbox {path} was written by a newer version of this program.",
            hint="Update the program.",
            path=path,
        )
    return False


def _make(path: Path) -> None:
    with closing(connect_outbox(path)) as connection, transaction(connection, "EXCLUSIVE"):
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _upgrade(path: Path) -> None:
    """Bring a file of an older version up to this one's, or leave it as it was."""
    with closing(connect_outbox(path)) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            return
        with transaction(connection, "EXCLUSIVE"):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            for older in range(version, VERSION):
                connection.execute(UPGRADES[older])
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _set_aside(path: Path) -> Path:
    """Give a damaged outbox, with its companions, a dated name."""
    aside = dated(path, "damaged")
    try:
        # The companions first: without its log a database can be opened, with a stranger's not.
        for suffix in (*COMPANIONS, ""):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise HistoryError(
            f"The outbox {path} is damaged and could not be set aside: {error.strerror}.",
            hint="Close other programs that use it and start again.",
            path=path,
        ) from error
    return aside


def connect_outbox(path: Path) -> sqlite3.Connection:
    """Return a connection on which every pragma was set and read back.

    Raises:
        HistoryError: If one cannot be had here.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        set_pragmas(connection, "The outbox", "Keep the program's data on a disk of this machine.")
    except BaseException:
        connection.close()
        raise
    return connection


class OutboxFile:
    """Runs transactions on the outbox; a context manager. Any thread may call.

    Args:
        path: A file that ``prepare_outbox`` made fit.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # Connections that nobody uses now. There are as many as threads ever called at once.
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def close(self) -> None:
        """Close all connections; a later call opens another."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close all connections."""
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with translated(self._path, DAMAGE_HINT):
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                connection = connect_outbox(self._path)
            try:
                yield connection
            finally:
                self._idle.put(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction that takes the write lock first; it is on the disk when this ends."""
        with self._reading() as connection, transaction(connection):
            yield connection
