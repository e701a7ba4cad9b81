"""The outbox as a list model: one card per push."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from codefx_desktop.domain.push import PushState
from codefx_desktop.ui.models.push_cards import PushCard, push_card
from codefx_desktop.ui.models.rows import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codefx_desktop.domain.push import Push, PushProgress
    from codefx_desktop.jobs.push_desk import PushDesk

Index = QModelIndex | QPersistentModelIndex
COUNTDOWN_MS = 1_000
_ROOT = QModelIndex()


class PushRole(IntEnum):
    """What else a row answers besides its name."""

    ID = Qt.ItemDataRole.UserRole + 1
    CARD = Qt.ItemDataRole.UserRole + 2


class OutboxList(QAbstractListModel):
    """Pushes that need a person, those that go on, those that ended, newest first.

    Args:
        desk: Where the news comes from.
        now: The time of day, for what is left of a wait.
    """

    listed = Signal()
    """Which pushes there are, or the state of one, changed."""
    changed = Signal(int)
    """Something about a push changed."""

    def __init__(
        self,
        desk: PushDesk,
        parent: QObject | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._ids: list[int] = []
        self._pushes: dict[int, PushProgress] = {}
        self.is_known = False
        self._is_paused = False
        self._clock = QTimer(self)
        self._clock.setInterval(COUNTDOWN_MS)
        self._clock.timeout.connect(self._count_down)
        desk.pushes.connect(self._on_pushes)
        desk.all_paused.connect(self._on_paused)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of cards."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the card, its id, or its words."""
        if not 0 <= index.row() < len(self._ids):
            return None
        push_id = self._ids[index.row()]
        if role == PushRole.ID:
            return push_id
        answer, progress = _ANSWERS.get(role), self._pushes.get(push_id)
        if answer is None or progress is None:
            return None
        return answer(push_card(progress, self._now(), paused=self._is_paused))

    def push(self, push_id: int | None) -> Push | None:
        """Return a push, if it is (still) there."""
        progress = self._pushes.get(push_id) if push_id is not None else None
        return progress.push if progress else None

    def of_job(self, job_id: str | None) -> tuple[Push, ...]:
        """Return the pushes of a job, in the order in which they were asked for."""
        every = (progress.push for progress in self._pushes.values())
        return tuple(push for push in every if push.job_id == job_id)

    def all(self) -> tuple[PushProgress, ...]:
        """Return all pushes in the order in which they were asked for."""
        return tuple(self._pushes.values())

    def row_of(self, push_id: int | None) -> int:
        """Return a push's row, -1 if it is not listed."""
        return self._ids.index(push_id) if push_id in self._ids else -1

    def _on_pushes(self, pushes: tuple[PushProgress, ...]) -> None:
        before, self._pushes = self._pushes, {one.push.id: one for one in pushes}
        is_first, self.is_known = not self.is_known, True
        wanted = [one.push.id for one in sorted(pushes, key=_place)]
        follow(self, self._ids, wanted)
        for one in pushes:
            if before.get(one.push.id) != one:
                self._tell(one.push.id)
        waits = any(one.push.next_try_at for one in pushes)
        if waits != self._clock.isActive():
            self._clock.start() if waits else self._clock.stop()
        if is_first or _states(before.values()) != _states(pushes):
            self.listed.emit()

    def _on_paused(self, paused: bool) -> None:
        self._is_paused = paused
        for push_id in self._ids:
            self._tell(push_id)

    def _count_down(self) -> None:
        for push_id, one in self._pushes.items():
            if one.push.next_try_at:
                self._tell(push_id)

    def _tell(self, push_id: int) -> None:
        index = self.index(self.row_of(push_id))
        # Named, so that the view can repaint one card without laying out all of them.
        self.dataChanged.emit(index, index, [int(PushRole.CARD)])
        self.changed.emit(push_id)


def _place(progress: PushProgress) -> tuple[int, int]:
    push = progress.push
    if push.state.is_final:
        return 2, -push.id
    return 0 if push.state is PushState.STOPPED else 1, push.id


def _states(pushes: Iterable[PushProgress]) -> dict[int, PushState]:
    return {one.push.id: one.push.state for one in pushes}


def _tooltip(card: PushCard) -> str:
    told = (f"{card.name} to {card.target}", card.headline, card.left, card.note)
    return "\n".join(part for part in told if part)


_ANSWERS: dict[int, Callable[[PushCard], object]] = {
    int(PushRole.CARD): lambda card: card,
    int(Qt.ItemDataRole.DisplayRole): lambda card: card.name,
    int(Qt.ItemDataRole.AccessibleTextRole): lambda card: card.spoken,
    int(Qt.ItemDataRole.ToolTipRole): _tooltip,
}
