"""How fast pushes go, told by the transfer more often than the outbox is looked at."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from codefx_desktop.domain.push import PushProgress, PushState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.domain.push import Push


class Speeds:
    """What a transfer told of pushes, beside what the outbox says of them. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[int, PushProgress] = {}
        self._since: set[int] = set()

    def tell(self, progress: PushProgress) -> None:
        """Take how a push goes."""
        with self._lock:
            self._told[progress.push.id] = progress
            self._since.add(progress.push.id)

    def look(self) -> None:
        """Note that the outbox is looked at: what is told from here on is newer than that."""
        with self._lock:
            self._since.clear()

    def clear(self) -> None:
        """Forget all: nothing is transferred any more."""
        with self._lock:
            self._told.clear()
            self._since.clear()

    def merged(self, pushes: Iterable[Push]) -> tuple[PushProgress, ...]:
        """Return pushes as the outbox had them, with how they go."""
        with self._lock:
            told, since = dict(self._told), frozenset(self._since)
        return tuple(
            told[push.id] if push.id in since else _newest(push, told.get(push.id))
            for push in pushes
        )


def _newest(push: Push, told: PushProgress | None) -> PushProgress:
    """Return a push with its speed; of the two the outbox's state is the one that counts."""
    if told is None or push.state is not PushState.SENDING:
        return PushProgress(push)
    newer = told.push if told.push.sent_bytes >= push.sent_bytes else push
    return PushProgress(newer, told.bytes_per_s, told.eta_s, told.is_checking)
