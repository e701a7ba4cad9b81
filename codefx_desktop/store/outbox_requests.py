"""What a person asks of the outbox: push, pause, go on, give up, forget."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.push import Push, PushState
from codefx_desktop.store.outbox_adding import Wanted, put_push
from codefx_desktop.store.outbox_reading import ACTIVE, OutboxReader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

_OPEN: Final = tuple(state for state in PushState if not state.is_final)


class OutboxRequests(OutboxReader):
    """Changes pushes as a person asks.

    Args:
        path: The file.
        clock: Seconds since 1970.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        super().__init__(path)
        self._clock = clock

    def add(self, wanted: Wanted) -> Push:
        """Add a push, or renew the one of the same job and target.

        Pieces that the target has and whose files did not change are not sent again; those that
        changed begin anew.
        """
        with self._writing() as connection:
            push_id = put_push(connection, wanted, self._clock())
        return self.push(push_id)

    def pause(self, push_id: int) -> Push:
        """Have a push that is not final wait until ``resume``."""
        return self._set(push_id, PushState.PAUSED, _OPEN)

    def resume(self, push_id: int) -> Push:
        """Have a paused push go on."""
        return self._set(push_id, PushState.WAITING, (PushState.PAUSED,))

    def retry(self, push_id: int) -> Push:
        """Have a push that stopped, or waits for a time, be tried now.

        Others of the same target that stopped for the very same reason go on with it.
        """
        push = self.push(push_id)
        if push.state is PushState.STOPPED:
            for other in self.pushes():
                if (other.state, other.target, other.reason) == (
                    push.state,
                    push.target,
                    push.reason,
                ):
                    self._set(other.id, PushState.WAITING, (PushState.STOPPED,))
            return self.push(push_id)
        return self._set(push_id, PushState.WAITING, ACTIVE)

    def cancel(self, push_id: int) -> Push:
        """Give a push up; what the target has stays there, uploads that began are aborted."""
        with self._writing() as connection:
            self._move(connection, push_id, PushState.CANCELLED, _OPEN)
            query = "SELECT id FROM pieces WHERE push_id = ? AND upload_id <> ''"
            for (piece_id,) in connection.execute(query, (push_id,)).fetchall():
                self._drop_upload(connection, piece_id)
        return self.push(push_id)

    def forget(self, push_id: int) -> None:
        """Drop a push; what the target has stays there, uploads that began are aborted."""
        with self._writing() as connection:
            connection.execute("DELETE FROM pushes WHERE id = ?", (push_id,))

    def forget_job(self, job_id: str) -> None:
        """Drop all pushes of a job that is deleted, like ``forget``."""
        with self._writing() as connection:
            connection.execute("DELETE FROM pushes WHERE job_id = ?", (job_id,))

    def _set(self, push_id: int, state: PushState, before: tuple[PushState, ...]) -> Push:
        with self._writing() as connection:
            self._move(connection, push_id, state, before)
        return self.push(push_id)

    def _move(
        self,
        connection: sqlite3.Connection,
        push_id: int,
        state: PushState,
        before: tuple[PushState, ...],
        reason: str = "",
    ) -> None:
        """Change a push's state where it is of some others; pieces under way wait again."""
        moved = connection.execute(
            "UPDATE pushes SET state = ?, reason = ?, next_try_s = NULL, changed_s = ?"
            " WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
            (state.value, reason, self._clock(), push_id, json.dumps(before)),
        )
        if moved.rowcount:
            connection.execute(
                "UPDATE pieces SET state = 'waiting' WHERE push_id = ? AND state = 'sending'",
                (push_id,),
            )
            if state is PushState.WAITING:
                connection.execute(
                    "UPDATE pieces SET attempts = 0, lost = 0 WHERE push_id = ?", (push_id,)
                )

    @staticmethod
    def _drop_upload(connection: sqlite3.Connection, piece_id: int) -> None:
        connection.execute(
            "INSERT OR IGNORE INTO aborts SELECT target, key, upload_id FROM pieces"
            " WHERE id = ? AND upload_id <> ''",
            (piece_id,),
        )
        connection.execute("DELETE FROM parts WHERE piece_id = ?", (piece_id,))
        connection.execute(
            "UPDATE pieces SET upload_id = '', part_bytes = 0, sent_bytes = 0 WHERE id = ?",
            (piece_id,),
        )
