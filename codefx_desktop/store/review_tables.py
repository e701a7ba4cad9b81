"""The tables of a job's review file, and between their rows and the log's entries.

::

    log        one row per entry, in order of ``place``: never changed; only what was not pushed
               yet is moved behind what others pushed meanwhile
    conflicts  keys of two steps that two people did to the same, and what that is
    meta       ``generation``: how often entries were moved
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.edit_dict import EDIT_VERSION, ops_from_list, ops_to_list
from codefx_desktop.domain.edit_log import LogDeed, LogEntry
from codefx_desktop.domain.edit_merge import Conflict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from codefx_desktop.domain.edit import EditStep

APPLICATION_ID: Final = 0x63667276
"""``cfrv``: a review file of this program."""
VERSION: Final = 1
BOUND_VERSION: Final = 2
"""Of rows whose ops stand beside the run whose boxes they name; others are of the ops' version."""

KEEP_ROWS: Final = (
    "CREATE TRIGGER log_is_kept BEFORE DELETE ON log"
    " BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END"
)
SCHEMA: Final = (
    "CREATE TABLE log (place INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at TEXT NOT NULL,"
    " who TEXT NOT NULL, deed TEXT NOT NULL, step TEXT NOT NULL, text TEXT NOT NULL,"
    " version INTEGER NOT NULL, ops TEXT NOT NULL)",
    "CREATE TABLE conflicts (mine TEXT NOT NULL, theirs TEXT NOT NULL, about TEXT NOT NULL,"
    " PRIMARY KEY (mine, theirs)) WITHOUT ROWID",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta VALUES ('generation', 0)",
    "CREATE TRIGGER log_stays BEFORE UPDATE ON log"
    " BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END",
    KEEP_ROWS,
)


def add_entries(connection: sqlite3.Connection, entries: Iterable[LogEntry]) -> None:
    """Write entries behind those that are there; in a transaction."""
    connection.executemany(
        "INSERT INTO log (key, at, who, deed, step, text, version, ops)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.key,
                one.at,
                one.who,
                one.deed.value,
                one.step,
                one.text,
                BOUND_VERSION if one.run else EDIT_VERSION,
                json.dumps(_deed(one), separators=(",", ":")),
            )
            for one in entries
        ],
    )


def read_entries(connection: sqlite3.Connection, after: int = 0) -> list[LogEntry]:
    """Return the entries behind a place, without their revisions.

    Raises:
        ValueError: If a row is damaged or missing, or of a newer version.
    """
    rows = connection.execute(
        "SELECT place, key, at, who, deed, step, text, version, ops FROM log WHERE place > ?"
        " ORDER BY place",
        (after,),
    )
    found = []
    for expected, (place, *row) in enumerate(rows, start=after + 1):
        if place != expected:
            raise ValueError(f"entry {expected} is missing")
        found.append(_entry(*row))
    return found


def add_conflicts(connection: sqlite3.Connection, conflicts: Iterable[Conflict]) -> None:
    """Write conflicts beside those that are there; in a transaction."""
    connection.executemany(
        "INSERT OR IGNORE INTO conflicts VALUES (?, ?, ?)",
        [(one.mine.key, one.theirs.key, json.dumps(one.about)) for one in conflicts],
    )


def read_conflicts(
    connection: sqlite3.Connection, steps: Iterable[EditStep]
) -> tuple[Conflict, ...]:
    """Return the conflicts of steps, as they are now.

    Raises:
        ValueError: If a row is damaged.
    """
    known = {step.key: step for step in steps}
    rows = connection.execute("SELECT mine, theirs, about FROM conflicts")
    found = [
        Conflict(known[mine], known[theirs], tuple(map(str, json.loads(about))))
        for mine, theirs, about in rows
        if mine in known and theirs in known
    ]
    return tuple(sorted(found, key=lambda one: (one.mine.number, one.theirs.number)))


def generation(connection: sqlite3.Connection) -> int:
    """Return how often entries were moved."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    return int(row[0]) if row else 0


def move_rest(connection: sqlite3.Connection, kept: int, entries: Iterable[LogEntry]) -> None:
    """Put entries in place of those behind a place; in a transaction.

    Args:
        connection: In a transaction.
        kept: How many entries stay where they are.
        entries: What follows them: all that followed them before, and more.
    """
    connection.execute("DROP TRIGGER log_is_kept")
    connection.execute("DELETE FROM log WHERE place > ?", (kept,))
    connection.execute(KEEP_ROWS)
    add_entries(connection, entries)
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def _deed(entry: LogEntry) -> object:
    """Return what is written of an entry's ops: with the run whose boxes they name, if known."""
    ops = ops_to_list(entry.ops)
    return {"run": entry.run, "ops": ops} if entry.run else ops


def _entry(
    key: str, at: str, who: str, deed: str, step: str, text: str, version: int, ops: str
) -> LogEntry:
    newest = max(BOUND_VERSION, EDIT_VERSION)
    if version > newest:
        raise ValueError(f"a step of version {version}; this program knows {newest}")
    values, run = json.loads(ops), ""
    if isinstance(values, dict):
        values, run = values["ops"], str(values["run"])
    return LogEntry(key, at, who, LogDeed(deed), step, text, ops_from_list(values), run=run)
