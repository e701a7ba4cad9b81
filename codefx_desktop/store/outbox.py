"""The outbox: what is to reach which target, and how far it is, whatever happens to the program.

One row per target and key. Each call is one short transaction; those that change something return
when the disk has it, so that what a target has confirmed outlives a kill and a battery that is
pulled. Any number of threads and programs may call; one program at a time transfers.

A push's life::

    WAITING ── take ──► SENDING ── finish ──► PUSHED ── add (again) ──► WAITING
     ▲  ▲  ◄── rest ──────┘  └── stop ──► STOPPED ── retry ──► WAITING
     │  └── resume ── PAUSED ◄── pause ── (any that is not final)
     └── add (again) ── CANCELLED ◄── cancel ── (any that is not final)

A piece's: WAITING ── take ──► SENDING ── sent ──► SENT ── verified ──► VERIFIED, and back to
WAITING by ``give_back``, ``failed``, ``send_again`` and ``refile``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.push import Piece, PieceState, PushState
from codefx_desktop.store.outbox_adding import Wanted, put_anew
from codefx_desktop.store.outbox_file import prepare_outbox
from codefx_desktop.store.outbox_reading import (
    ACTIVE,
    ANY_SIZE,
    waiting,
    with_parts,
)
from codefx_desktop.store.outbox_requests import OutboxRequests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

CHANGED: Final = "It changed since it was queued, and is sent as it is now."

__all__ = ["OpenedOutbox", "Outbox", "SentPiece", "Wanted", "open_outbox"]


@dataclass(frozen=True, slots=True)
class OpenedOutbox:
    """An outbox ready to be used, and what the person should know about it."""

    outbox: Outbox
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentPiece:
    """What a target confirmed of a whole piece.

    Attributes:
        piece_id: The piece.
        sha256: Of its bytes.
        etag: What the target calls it.
        is_proven: Whether the ETag is a hash of what was sent.
    """

    piece_id: int
    sha256: str
    etag: str
    is_proven: bool


def open_outbox(path: Path, clock: Callable[[], float] = time.time) -> OpenedOutbox:
    """Open the outbox at ``path``; make it, or set a damaged one aside, first.

    Raises:
        HistoryError: If it is of a newer version or another program, or cannot be used.
        NotWritable: If it or its folder cannot be written to.
        NoSpace: If the disk is full.
    """
    notices = prepare_outbox(path)
    return OpenedOutbox(Outbox(path, clock), notices)


class Outbox(OutboxRequests):
    """Reads and writes an outbox that ``open_outbox`` made fit.

    What a person asks for is in ``OutboxRequests``, what can be asked in ``OutboxReader``; here is
    what the program that transfers says.

    Args:
        path: The file.
        clock: Seconds since 1970.
    """

    def recover(self) -> int:
        """Take back what a program that died had taken; return how many pieces it was."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE pushes SET state = 'waiting', next_try_s = NULL"
                " WHERE state IN ('waiting', 'sending')"
            )
            return connection.execute(
                "UPDATE pieces SET state = 'waiting' WHERE state = 'sending'"
            ).rowcount

    def take(
        self, target: str, push_ids: Sequence[int], limit: int, sizes: range = ANY_SIZE
    ) -> tuple[Piece, ...]:
        """Take the pieces that go next: by priority, then in the order of their pushes.

        Args:
            target: Name of the target.
            push_ids: Pushes to take from.
            limit: Most pieces.
            sizes: Sizes in bytes of what is taken.
        """
        if not push_ids or limit <= 0:
            return ()
        with self._writing() as connection:
            rows = waiting(connection, target, push_ids, limit, sizes)
            connection.executemany(
                "UPDATE pieces SET state = 'sending' WHERE id = ?", [(row["id"],) for row in rows]
            )
            connection.executemany(
                "UPDATE pushes SET state = 'sending', reason = '', next_try_s = NULL,"
                " changed_s = ? WHERE id = ? AND state = 'waiting'",
                [(self._clock(), push_id) for push_id in {row["push_id"] for row in rows}],
            )
            taken = [with_parts(connection, row) for row in rows]
        return tuple(replace(piece, state=PieceState.SENDING) for piece in taken)

    def begun(self, push_id: int) -> None:
        """Note that a push goes on, where nothing of it is taken."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE pushes SET state = 'sending', reason = '', next_try_s = NULL,"
                " changed_s = ? WHERE id = ? AND state = 'waiting'",
                (self._clock(), push_id),
            )

    def give_back(self, piece_ids: Iterable[int]) -> None:
        """Have pieces that were taken wait again, through no fault of theirs."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE pieces SET state = 'waiting' WHERE id = ? AND state = 'sending'",
                [(piece_id,) for piece_id in piece_ids],
            )

    def sent(self, pieces: Iterable[SentPiece]) -> None:
        """Note pieces that the target has; those that were begun anew meanwhile are passed by."""
        with self._writing() as connection:
            for piece in pieces:
                found = connection.execute(
                    "UPDATE pieces SET state = 'sent', sha256 = ?, etag = ?, is_proven = ?,"
                    " replaces = '', attempts = 0, sent_bytes = size_bytes, upload_id = '',"
                    " part_bytes = 0, reason = ''"
                    " WHERE id = ? AND state IN ('waiting', 'sending')",
                    (piece.sha256, piece.etag, int(piece.is_proven), piece.piece_id),
                )
                if found.rowcount:
                    connection.execute("DELETE FROM parts WHERE piece_id = ?", (piece.piece_id,))

    def upload_begun(
        self, piece_id: int, upload_id: str, part_bytes: int, sha256: str
    ) -> Piece | None:
        """Note a multipart upload, and return its piece; None where nobody wants it any more."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE pieces SET upload_id = ?, part_bytes = ?, sha256 = ?, sent_bytes = 0"
                " WHERE id = ? AND push_id IN"
                " (SELECT id FROM pushes WHERE state NOT IN ('cancelled', 'pushed'))",
                (upload_id, part_bytes, sha256, piece_id),
            )
        piece = self.piece(piece_id)
        return piece if piece is not None and piece.upload_id == upload_id else None

    def part_sent(self, piece_id: int, upload_id: str, number: int, etag: str, md5: str) -> bool:
        """Note a part that the target has; return whether anybody still wants it."""
        with self._writing() as connection:
            found = connection.execute(
                "UPDATE pieces SET attempts = 0, sent_bytes ="
                " min(size_bytes, sent_bytes + min(part_bytes, size_bytes - (? - 1) * part_bytes))"
                " WHERE id = ? AND upload_id = ?"
                " AND NOT EXISTS (SELECT 1 FROM parts WHERE piece_id = pieces.id AND number = ?)",
                (number, piece_id, upload_id, number),
            )
            if found.rowcount:
                connection.execute(
                    "INSERT INTO parts VALUES (?, ?, ?, ?)", (piece_id, number, etag, md5)
                )
            return bool(found.rowcount)

    def upload_gone(self, piece_id: int) -> None:
        """Note that a target forgot an upload: it begins anew."""
        with self._writing() as connection:
            self._drop_upload(connection, piece_id)

    def failed(self, piece_id: int, reason: str) -> int:
        """Note that a piece failed; return how often since the last success of any kind."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE pieces SET state = 'waiting', attempts = attempts + 1, reason = ?"
                " WHERE id = ? AND state = 'sending'",
                (reason, piece_id),
            )
            query = "SELECT attempts FROM pieces WHERE id = ?"
            row = connection.execute(query, (piece_id,)).fetchone()
            return int(row["attempts"]) if row else 0

    def refile(self, piece: Piece, size_bytes: int, modified_ns: int) -> None:
        """Have a piece whose file changed begin anew, under another number."""
        with self._writing() as connection:
            query = "SELECT target FROM pieces WHERE id = ?"
            row = connection.execute(query, (piece.id,)).fetchone()
            if row is not None:
                new = replace(
                    piece,
                    state=PieceState.WAITING,
                    size_bytes=size_bytes,
                    modified_ns=modified_ns,
                    attempts=piece.attempts + 1,
                    reason=CHANGED,
                )
                put_anew(connection, row["target"], piece, new)

    def replaceable(self, piece_id: int, etag: str) -> None:
        """Note what is under a piece's key that is ours to replace."""
        with self._writing() as connection:
            connection.execute("UPDATE pieces SET replaces = ? WHERE id = ?", (etag, piece_id))

    def send_again(self, piece_id: int, reason: str, replaces: str = "") -> int:
        """Have a piece that turned out not to be at the target be sent again.

        Args:
            piece_id: The piece.
            reason: For a person.
            replaces: The ETag of what is there instead and is ours to replace.

        Returns:
            How often that happened since the last verification.
        """
        with self._writing() as connection:
            connection.execute(
                "UPDATE pieces SET state = 'waiting', lost = lost + 1, attempts = 0, reason = ?,"
                " replaces = ?, etag = '', sent_bytes = 0, is_proven = 0"
                " WHERE id = ? AND state IN ('sent', 'verified')",
                (reason, replaces, piece_id),
            )
            row = connection.execute("SELECT lost FROM pieces WHERE id = ?", (piece_id,)).fetchone()
            return int(row["lost"]) if row else 0

    def drop_pieces(self, piece_ids: Iterable[int]) -> None:
        """Take pieces out of their push: neither the target nor this machine has them any more."""
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM pieces WHERE id = ?", [(piece_id,) for piece_id in piece_ids]
            )

    def verified(self, piece_ids: Iterable[int]) -> None:
        """Note pieces that were found at the target as they were sent."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE pieces SET state = 'verified', attempts = 0, lost = 0, reason = ''"
                " WHERE id = ? AND state = 'sent'",
                [(piece_id,) for piece_id in piece_ids],
            )

    def finish(self, push_id: int, revision: int) -> bool:
        """Note that a job is pushed; refused while a piece of it, or it all, is not verified."""
        with self._writing() as connection:
            return bool(
                connection.execute(
                    "UPDATE pushes SET state = 'pushed', revision = ?, changed_s = ?,"
                    " reason = '', next_try_s = NULL WHERE id = ? AND files > 0"
                    " AND files = files_done AND state IN ('waiting', 'sending')",
                    (revision, self._clock(), push_id),
                ).rowcount
            )

    def rest(self, target: str, until: datetime, reason: str, *, is_slowed: bool = False) -> None:
        """Have all pushes to a target wait until a time.

        Args:
            target: The target.
            until: When it is tried again.
            reason: For a person.
            is_slowed: Whether it asks to slow down; else there is no network to it.
        """
        with self._writing() as connection:
            connection.execute(
                "UPDATE pushes SET state = 'waiting', next_try_s = ?, reason = ?, is_slowed = ?"
                " WHERE target = ? AND state IN ('waiting', 'sending')",
                (until.timestamp(), reason, is_slowed, target),
            )

    def awake(self, target: str) -> None:
        """Take back ``rest``: the target answers again."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE pushes SET next_try_s = NULL, reason = ''"
                " WHERE target = ? AND state IN ('waiting', 'sending')",
                (target,),
            )

    def stop(self, push_id: int, reason: str) -> None:
        """Stop a push until a person acts."""
        with self._writing() as connection:
            self._move(connection, push_id, PushState.STOPPED, ACTIVE, reason)

    def stop_target(self, target: str, reason: str) -> None:
        """Stop all pushes to a target until a person acts."""
        query = "SELECT id FROM pushes WHERE target = ? AND state IN ('waiting', 'sending')"
        with self._writing() as connection:
            for (push_id,) in connection.execute(query, (target,)).fetchall():
                self._move(connection, push_id, PushState.STOPPED, ACTIVE, reason)

    def aborted(self, target: str, key: str, upload_id: str) -> None:
        """Note that a target forgot a multipart upload as it was to."""
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM aborts WHERE target = ? AND key = ? AND upload_id = ?",
                (target, key, upload_id),
            )
