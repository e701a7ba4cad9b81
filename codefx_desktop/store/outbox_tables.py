"""The tables of the outbox and how their rows become the domain's values.

Format, version 2 (``PRAGMA user_version``; 1 had no ``is_slowed``): ``pushes``, one row per job and
target, with sums that triggers keep; ``pieces``, one row per target and key; ``parts``, one row
per part that a target has confirmed; ``aborts``, multipart uploads that nobody goes on with and
the target is still to forget. Times are seconds since 1970, in UTC.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.push import (
    Piece,
    PieceState,
    Priority,
    Push,
    PushOptions,
    PushPart,
    PushState,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

VERSION: Final = 2
APPLICATION_ID: Final = 0x43465858
"""``CFXX`` in the file's header: whose database it is."""

_SENT: Final = "IN ('sent', 'verified')"


def _sums(row: str, sign: str) -> str:
    """Return the SQL that adds a piece to the sums of its push, or takes it away."""
    return (
        f"UPDATE pushes SET files = files {sign} 1,"  # noqa: S608 - words of our own
        f" files_sent = files_sent {sign} ({row}.state {_SENT}),"
        f" files_done = files_done {sign} ({row}.state = 'verified'),"
        f" size_bytes = size_bytes {sign} {row}.size_bytes,"
        f" sent_bytes = sent_bytes {sign} {row}.sent_bytes WHERE id = {row}.push_id;"
    )


SCHEMA: Final = (
    """CREATE TABLE pushes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL, job_name TEXT NOT NULL,
        target TEXT NOT NULL, state TEXT NOT NULL, options TEXT NOT NULL,
        created_s REAL NOT NULL, changed_s REAL NOT NULL, next_try_s REAL,
        reason TEXT NOT NULL DEFAULT '', revision INTEGER NOT NULL DEFAULT 0,
        files INTEGER NOT NULL DEFAULT 0, files_sent INTEGER NOT NULL DEFAULT 0,
        files_done INTEGER NOT NULL DEFAULT 0, size_bytes INTEGER NOT NULL DEFAULT 0,
        sent_bytes INTEGER NOT NULL DEFAULT 0, is_slowed INTEGER NOT NULL DEFAULT 0,
        UNIQUE (job_id, target))""",
    """CREATE TABLE pieces (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        push_id INTEGER NOT NULL REFERENCES pushes (id) ON DELETE CASCADE,
        target TEXT NOT NULL, key TEXT NOT NULL, path BLOB NOT NULL,
        size_bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL, content_type TEXT NOT NULL,
        priority INTEGER NOT NULL, state TEXT NOT NULL, sha256 TEXT NOT NULL, etag TEXT NOT NULL,
        replaces TEXT NOT NULL, is_proven INTEGER NOT NULL, attempts INTEGER NOT NULL,
        lost INTEGER NOT NULL, sent_bytes INTEGER NOT NULL, upload_id TEXT NOT NULL,
        part_bytes INTEGER NOT NULL, reason TEXT NOT NULL, UNIQUE (target, key))""",
    "CREATE INDEX pieces_waiting ON pieces (target, priority, push_id, id) WHERE state = 'waiting'",
    "CREATE INDEX pieces_of_push ON pieces (push_id, state)",
    "CREATE INDEX pieces_uploading ON pieces (upload_id) WHERE upload_id <> ''",
    """CREATE TABLE parts (
        piece_id INTEGER NOT NULL REFERENCES pieces (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, etag TEXT NOT NULL, md5 TEXT NOT NULL,
        PRIMARY KEY (piece_id, number)) WITHOUT ROWID""",
    """CREATE TABLE aborts (
        target TEXT NOT NULL, key TEXT NOT NULL, upload_id TEXT NOT NULL,
        PRIMARY KEY (target, key, upload_id)) WITHOUT ROWID""",
    f"CREATE TRIGGER piece_added AFTER INSERT ON pieces BEGIN {_sums('NEW', '+')} END",
    # Whoever drops a piece, and be it with its push: what it left at the target is not forgotten.
    f"""CREATE TRIGGER piece_dropped AFTER DELETE ON pieces BEGIN {_sums("OLD", "-")}
        INSERT OR IGNORE INTO aborts SELECT OLD.target, OLD.key, OLD.upload_id
        WHERE OLD.upload_id <> ''; END""",
    """CREATE TRIGGER piece_changed AFTER UPDATE OF state, size_bytes, sent_bytes ON pieces
        BEGIN UPDATE pushes SET
        files_sent = files_sent + (NEW.state IN ('sent', 'verified'))
            - (OLD.state IN ('sent', 'verified')),
        files_done = files_done + (NEW.state = 'verified') - (OLD.state = 'verified'),
        size_bytes = size_bytes + NEW.size_bytes - OLD.size_bytes,
        sent_bytes = sent_bytes + NEW.sent_bytes - OLD.sent_bytes
        WHERE id = NEW.push_id; END""",
)

UPGRADES: Final = {1: "ALTER TABLE pushes ADD COLUMN is_slowed INTEGER NOT NULL DEFAULT 0"}
"""What makes a file of each older version one of the next."""

PUSH_COLUMNS: Final = (
    "id, job_id, job_name, target, state, options, created_s, changed_s, next_try_s, reason,"
    " revision, files, files_sent, files_done, size_bytes, sent_bytes, is_slowed"
)
PIECE_COLUMNS: Final = (
    "id, push_id, target, key, path, size_bytes, modified_ns, content_type, priority, state,"
    " sha256, etag, replaces, is_proven, attempts, lost, sent_bytes, upload_id, part_bytes, reason"
)


def to_push(row: sqlite3.Row) -> Push:
    """Return a row of ``pushes`` as the domain's value."""
    return Push(
        id=row["id"],
        job_id=row["job_id"],
        job_name=row["job_name"],
        target=row["target"],
        state=PushState(row["state"]),
        options=options_from_text(row["options"]),
        created_at=_moment(row["created_s"]),
        files=row["files"],
        files_done=row["files_done"],
        size_bytes=row["size_bytes"],
        sent_bytes=row["sent_bytes"],
        next_try_at=None if row["next_try_s"] is None else _moment(row["next_try_s"]),
        reason=row["reason"],
        files_sent=row["files_sent"],
        revision=row["revision"],
        changed_at=_moment(row["changed_s"]),
        is_slowed=bool(row["is_slowed"]),
    )


def to_piece(row: sqlite3.Row, parts: Iterable[tuple[int, str]] = ()) -> Piece:
    """Return a row of ``pieces``, with numbers and ETags of its parts, as the domain's value."""
    told = dict(parts)
    count = -(-row["size_bytes"] // row["part_bytes"]) if row["upload_id"] else 0
    return Piece(
        push_id=row["push_id"],
        key=row["key"],
        path=Path(os.fsdecode(row["path"])),
        size_bytes=row["size_bytes"],
        content_type=row["content_type"],
        priority=Priority(row["priority"]),
        state=PieceState(row["state"]),
        sha256=row["sha256"],
        etag=row["etag"],
        attempts=row["attempts"],
        sent_bytes=row["sent_bytes"],
        upload_id=row["upload_id"],
        part_bytes=row["part_bytes"],
        etags=tuple(told.get(number, "") for number in range(1, count + 1)),
        reason=row["reason"],
        id=row["id"],
        modified_ns=row["modified_ns"],
        replaces=row["replaces"],
        is_proven=bool(row["is_proven"]),
        lost=row["lost"],
    )


def from_piece(piece: Piece, push_id: int, target: str) -> dict[str, object]:
    """Return the columns of a piece that nothing was sent of yet."""
    return {
        "push_id": push_id,
        "target": target,
        "key": piece.key,
        "path": os.fsencode(piece.path),  # on Linux a name may be no text
        "size_bytes": piece.size_bytes,
        "modified_ns": piece.modified_ns,
        "content_type": piece.content_type,
        "priority": int(piece.priority),
        "state": piece.state.value,
        "sha256": "",
        "etag": "",
        "replaces": piece.replaces,
        "is_proven": 0,
        "attempts": piece.attempts,
        "lost": 0,
        "sent_bytes": 0,
        "upload_id": "",
        "part_bytes": 0,
        "reason": piece.reason,
    }


def insert_piece(connection: sqlite3.Connection, values: dict[str, object]) -> int:
    """Add a row to ``pieces``; return its number."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    sql = f"INSERT INTO pieces ({names}) VALUES ({marks})"  # noqa: S608 - names of our own
    return int(connection.execute(sql, values).lastrowid or 0)


def options_to_text(options: PushOptions) -> str:
    """Return options as they are kept."""
    parts = sorted(part.value for part in options.parts)
    return json.dumps({"parts": parts, "remove_source_copy": options.remove_source_copy})


def options_from_text(text: str) -> PushOptions:
    """Return options as they were kept; parts that this program does not know are left out."""
    values = json.loads(text)
    known = {part.value for part in PushPart}
    parts = frozenset(PushPart(part) for part in values["parts"] if part in known)
    return PushOptions(parts, values["remove_source_copy"])


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
