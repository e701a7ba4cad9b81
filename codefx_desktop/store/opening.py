"""Makes a history fit to be used: damage set aside, a copy kept, the schema brought up to date.

One program at a time does this; others wait. What is not ours to change (a database of a newer
version, of another program) is left alone.
"""

from __future__ import annotations

import glob
import logging
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from codefx_desktop.domain.errors import HistoryError, NotWritable
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, is_damage, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

HEAD = "0004"
"""The newest step in ``migrations/versions``; a test compares. With it, a history that is up to
date opens without importing Alembic (0.15 s)."""

COPIES_KEPT = 3
COMPANIONS = ("-wal", "-shm", "-journal")
_TIMEOUT_S = BUSY_TIMEOUT_MS / 1000


class _Damaged(Exception):  # noqa: N818 - never leaves this module
    """The file's bytes are wrong; the argument says how."""


def prepare(path: Path, scripts: Path | None = None, head: str = HEAD) -> tuple[str, ...]:
    """Make the history at ``path`` usable, making it if there is none.

    Args:
        path: The database.
        scripts: Folder of Alembic's scripts; None: this package's.
        head: The newest step in it.

    Returns:
        Sentences for the person about what had to be done.

    Raises:
        HistoryError: If it is of a newer version or another program, or cannot be used.
        NotWritable: If it or its folder cannot be written to.
        NoSpace: If the disk is full.
    """
    _make_folder(path)
    with translated(path), alone(path):
        notices: tuple[str, ...] = ()
        try:
            revision = _inspect(path)
        except _Damaged as damage:
            aside = _set_aside(path)
            log.warning("The history %s is damaged (%s); set aside as %s", path, damage, aside.name)
            notices = (
                f"The job history was damaged. It was set aside as {aside.name} and a new one was "
                f"begun; the files of earlier jobs are still in their folders.",
            )
            revision = None
        if revision != head:
            _upgrade(path, revision, scripts)
    return notices


def _upgrade(path: Path, revision: str | None, scripts: Path | None) -> None:
    from codefx_desktop.store.migrating import known_revisions, migrate  # noqa: PLC0415 - see HEAD

    if revision is not None:
        if revision not in known_revisions(scripts):
            raise HistoryError(
                f"The job history {path} was written by a newer version of this program.",
                hint="Update the program, or choose another history (DATABASE_URL).",
                path=path,
            )
        copy = _keep_copy(path)
        log.info("Kept a copy of the history as %s before changing its schema", copy.name)
    migrate(path, scripts)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(0, "there is a folder of that name")
    except OSError as error:
        raise NotWritable(
            f"The job history {path} cannot be kept there: {error.strerror or error}.",
            hint="Change the permissions of its folder or choose another (DATABASE_URL).",
            path=path,
        ) from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock for opening a database, which the system lets go of when the program dies.

    It is SQLite's own lock on an empty file beside the history: the same on every system.
    """
    lock = path.with_name(path.name + ".opening")
    with closing(sqlite3.connect(lock, timeout=4 * _TIMEOUT_S, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def _inspect(path: Path) -> str | None:
    """Return the step the database is at, None for a new or empty one.

    Raises:
        HistoryError: If it is another program's.
        _Damaged: If its bytes are wrong.
    """
    if not path.exists():
        return None
    try:
        # Read-only, or closing would work the log into a file that is not ours to change yet.
        with closing(
            sqlite3.connect(read_only_uri(path), timeout=_TIMEOUT_S, uri=True)
        ) as connection:
            tables = {
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            }
            if tables and "alembic_version" not in tables:
                raise HistoryError(
                    f"{path} is a database of another program.",
                    hint="Choose another place for the job history (DATABASE_URL).",
                    path=path,
                )
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise _Damaged(found)
            if not tables:
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else None
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise _Damaged(str(error)) from error
        raise


def read_only_uri(path: Path) -> str:
    """Return a URI that opens the database without changing it."""
    name = quote(os.fsencode(path.absolute().as_posix()))
    return f"file://{'' if name.startswith('/') else '/'}{name}?mode=ro"


def _set_aside(path: Path) -> Path:
    """Give a damaged database, with its companions, a dated name."""
    aside = dated(path, "damaged")
    try:
        # The companions first: without its log a database can be opened, with a stranger's not.
        for suffix in (*COMPANIONS, ""):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise HistoryError(
            f"The job history {path} is damaged and could not be set aside: {error.strerror}.",
            hint="Close other programs that use it and start again.",
            path=path,
        ) from error
    return aside


def _keep_copy(path: Path) -> Path:
    """Copy the database as it is, and remove all but the newest copies."""
    copy = dated(path, "copy")
    part = copy.with_name(copy.name + ".part")
    try:
        with (
            closing(sqlite3.connect(path, timeout=_TIMEOUT_S)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
            # A copy is one file: no log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        part.rename(copy)
    finally:
        part.unlink(missing_ok=True)
    pattern = f"{glob.escape(path.stem)}.copy-*{glob.escape(path.suffix)}"
    for old in sorted(path.parent.glob(pattern))[:-COPIES_KEPT]:
        old.unlink(missing_ok=True)
    return copy


def dated(path: Path, what: str) -> Path:
    """Return a free name such as ``history.copy-20260131T120000Z.sqlite``; later sorts after."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return path.with_name(f"{path.stem}.{what}-{stamp}{path.suffix}")
