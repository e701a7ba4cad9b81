"""Everything that can be asked of the outbox without changing it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import UnknownPush
from codefx_desktop.domain.push import PieceState, Priority, PushState
from codefx_desktop.store.outbox_file import OutboxFile
from codefx_desktop.store.outbox_tables import PIECE_COLUMNS, PUSH_COLUMNS, to_piece, to_push

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from codefx_desktop.domain.push import Piece, Push

_PUSHES: Final = f"SELECT {PUSH_COLUMNS} FROM pushes"  # noqa: S608 - names of our own
_PIECES: Final = f"SELECT {PIECE_COLUMNS} FROM pieces"  # noqa: S608 - names of our own
ACTIVE: Final = (PushState.WAITING, PushState.SENDING)
"""States of pushes that go on by themselves."""
ANY_SIZE: Final = range(sys.maxsize)


class OutboxReader(OutboxFile):
    """Answers questions about an outbox that ``open_outbox`` made fit."""

    def pushes(self, job_id: str | None = None) -> tuple[Push, ...]:
        """Return all pushes, or those of a job, in the order in which they were asked for."""
        where, values = (" WHERE job_id = ?", (job_id,)) if job_id is not None else ("", ())
        with self._reading() as connection:
            rows = connection.execute(f"{_PUSHES}{where} ORDER BY id", values)
            return tuple(to_push(row) for row in rows)

    def active(self) -> tuple[Push, ...]:
        """Return the pushes that go on by themselves, in order."""
        with self._reading() as connection:
            rows = connection.execute(
                f"{_PUSHES} WHERE state IN ('waiting', 'sending') ORDER BY id"
            )
            return tuple(to_push(row) for row in rows)

    def push(self, push_id: int) -> Push:
        """Return one push.

        Raises:
            UnknownPush: If there is none of this number (any more).
        """
        with self._reading() as connection:
            return _push(connection, push_id)

    def find(self, job_id: str, target: str) -> Push | None:
        """Return the push of a job to a target, if there is one."""
        with self._reading() as connection:
            query = f"{_PUSHES} WHERE job_id = ? AND target = ?"
            row = connection.execute(query, (job_id, target)).fetchone()
            return None if row is None else to_push(row)

    def pieces(self, push_id: int, *states: PieceState) -> tuple[Piece, ...]:
        """Return the pieces of a push, or those in some states, in the order in which they go."""
        query, values = (
            f"{_PIECES} WHERE push_id = ?",
            [push_id, *(state.value for state in states)],
        )
        if states:
            query += f" AND state IN ({', '.join('?' * len(states))})"
        with self._reading() as connection:
            rows = connection.execute(f"{query} ORDER BY priority, id", values).fetchall()
            return tuple(with_parts(connection, row) for row in rows)

    def piece(self, piece_id: int) -> Piece | None:
        """Return one piece; None where it is gone, or was begun anew under another number."""
        with self._reading() as connection:
            row = connection.execute(f"{_PIECES} WHERE id = ?", (piece_id,)).fetchone()
            return None if row is None else with_parts(connection, row)

    def manifest(self, push_id: int) -> Piece | None:
        """Return a push's manifest; None where the push is gone."""
        query = f"{_PIECES} WHERE push_id = ? AND priority = ?"
        with self._reading() as connection:
            row = connection.execute(query, (push_id, int(Priority.MANIFEST))).fetchone()
            return None if row is None else to_piece(row)

    def part_sums(self, piece_id: int) -> tuple[str, ...]:
        """Return the MD5 of each confirmed part of a piece, hexadecimal, in order."""
        query = "SELECT md5 FROM parts WHERE piece_id = ? ORDER BY number"
        with self._reading() as connection:
            return tuple(md5 for (md5,) in connection.execute(query, (piece_id,)))

    def has_pieces_over(self, push_id: int, size_bytes: int) -> bool:
        """Return whether a push has pieces larger than this."""
        query = "SELECT 1 FROM pieces WHERE push_id = ? AND size_bytes > ? LIMIT 1"
        with self._reading() as connection:
            return connection.execute(query, (push_id, size_bytes)).fetchone() is not None

    def uploads(self) -> frozenset[str]:
        """Return the id of each multipart upload that somebody goes on with."""
        with self._reading() as connection:
            query = "SELECT upload_id FROM pieces WHERE upload_id <> ''"
            return frozenset(upload_id for (upload_id,) in connection.execute(query))

    def aborts(self, target: str) -> tuple[tuple[str, str], ...]:
        """Return key and id of each multipart upload that the target is to forget."""
        query = "SELECT key, upload_id FROM aborts WHERE target = ?"
        with self._reading() as connection:
            return tuple((key, upload) for key, upload in connection.execute(query, (target,)))


def with_parts(connection: sqlite3.Connection, row: sqlite3.Row) -> Piece:
    """Return a row of ``pieces`` with what is known of its parts."""
    if not row["upload_id"]:
        return to_piece(row)
    query = "SELECT number, etag FROM parts WHERE piece_id = ?"
    return to_piece(row, ((n, etag) for n, etag in connection.execute(query, (row["id"],))))


def waiting(
    connection: sqlite3.Connection,
    target: str,
    push_ids: Sequence[int],
    limit: int,
    sizes: range,
) -> list[sqlite3.Row]:
    """Return rows of the pieces that are to go next."""
    query = (
        f"{_PIECES} WHERE target = ? AND state = 'waiting' AND priority < ?"  # noqa: S608 - own
        " AND push_id IN (SELECT value FROM json_each(?)) AND size_bytes >= ? AND size_bytes < ?"
        " ORDER BY priority, push_id, id LIMIT ?"
    )
    pushes = json.dumps(list(push_ids))
    values = (target, int(Priority.MANIFEST), pushes, sizes.start, sizes.stop, limit)
    return connection.execute(query, values).fetchall()


def _push(connection: sqlite3.Connection, push_id: int) -> Push:
    row = connection.execute(f"{_PUSHES} WHERE id = ?", (push_id,)).fetchone()
    if row is None:
        raise UnknownPush(f"There is no push {push_id} (any more).", hint="List the outbox.")
    return to_push(row)
