"""What becomes of a push when the same job is pushed to the same target again.

Nothing that the target has, unchanged, is sent twice; nothing that changed is taken for sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.push import (
    Piece,
    PieceState,
    Priority,
    PushOptions,
    PushState,
)
from codefx_desktop.store.outbox_tables import (
    PIECE_COLUMNS,
    from_piece,
    insert_piece,
    options_to_text,
    to_piece,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_AT_TARGET = (PieceState.SENT, PieceState.VERIFIED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A push as a person asked for it.

    Attributes:
        job_id: The job.
        job_name: Its clip's file name.
        target: Name of the target.
        options: What it is to do.
        pieces: Its files, and the manifest.
        kept: Beginnings of keys under which pieces that were sent before stay part of the push,
            though they are not in ``pieces``: their files were freed, or not chosen this time.
    """

    job_id: str
    job_name: str
    target: str
    options: PushOptions
    pieces: Sequence[Piece]
    kept: tuple[str, ...] = ()


def put_push(connection: sqlite3.Connection, wanted: Wanted, now_s: float) -> int:
    """Add a push, or renew the one of the same job and target; return its number.

    A push that ended is checked from its beginning: what was verified then may have been deleted
    at the target since.
    """
    row = connection.execute(
        "SELECT id, state FROM pushes WHERE job_id = ? AND target = ?",
        (wanted.job_id, wanted.target),
    ).fetchone()
    if row is None:
        push_id = _insert(connection, wanted, now_s)
    else:
        push_id = int(row["id"])
        _renew(connection, push_id, wanted, now_s, is_final=PushState(row["state"]).is_final)
    _merge(connection, push_id, wanted)
    return push_id


def _insert(connection: sqlite3.Connection, wanted: Wanted, now_s: float) -> int:
    cursor = connection.execute(
        "INSERT INTO pushes (job_id, job_name, target, state, options, created_s, changed_s)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            wanted.job_id,
            wanted.job_name.encode(errors="backslashreplace").decode(),
            wanted.target,
            PushState.WAITING.value,
            options_to_text(wanted.options),
            now_s,
            now_s,
        ),
    )
    return int(cursor.lastrowid or 0)


def _renew(
    connection: sqlite3.Connection, push_id: int, wanted: Wanted, now_s: float, *, is_final: bool
) -> None:
    connection.execute(
        "UPDATE pushes SET state = ?, options = ?, changed_s = ?, next_try_s = NULL, reason = ''"
        " WHERE id = ?",
        (PushState.WAITING.value, options_to_text(wanted.options), now_s, push_id),
    )
    connection.execute(
        "UPDATE pieces SET state = 'waiting', attempts = 0, reason = ''"
        " WHERE push_id = ? AND state = 'stopped'",
        (push_id,),
    )
    if is_final:
        connection.execute("UPDATE pushes SET created_s = ? WHERE id = ?", (now_s, push_id))
        connection.execute(
            "UPDATE pieces SET state = 'sent' WHERE push_id = ? AND state = 'verified'", (push_id,)
        )


def _merge(connection: sqlite3.Connection, push_id: int, wanted: Wanted) -> None:
    query = f"SELECT {PIECE_COLUMNS} FROM pieces WHERE push_id = ?"  # noqa: S608 - own names
    before = {row["key"]: to_piece(row) for row in connection.execute(query, (push_id,))}
    for piece in wanted.pieces:
        old = before.pop(piece.key, None)
        if old is None:
            insert_piece(connection, from_piece(piece, push_id, wanted.target))
        elif not _is_same_file(old, piece):
            put_anew(connection, wanted.target, old, piece)
    for old in before.values():
        if not (old.state in _AT_TARGET and old.key.startswith(wanted.kept)):
            connection.execute("DELETE FROM pieces WHERE id = ?", (old.id,))


def _is_same_file(old: Piece, new: Piece) -> bool:
    if old.priority is Priority.MANIFEST:
        return old.state is PieceState.WAITING and not old.attempts
    return (old.path, old.size_bytes, old.modified_ns, old.content_type) == (
        new.path,
        new.size_bytes,
        new.modified_ns,
        new.content_type,
    )


def put_anew(connection: sqlite3.Connection, target: str, old: Piece, new: Piece) -> int:
    """Put a piece in the place of another under the same key; return its number.

    What the other left at the target may be replaced by it.
    """
    connection.execute("DELETE FROM pieces WHERE id = ?", (old.id,))
    values = from_piece(new, old.push_id, target)
    values["replaces"] = old.etag or old.replaces
    return insert_piece(connection, values)
