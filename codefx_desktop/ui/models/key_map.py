"""Which keys actions have: those they were made with, those a person gave them, what collides."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.ui.keyed_action import describe, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KEPT: Final = "keys"
EVERYWHERE: Final = ""
SCOPES: Final = {
    "Queue": "queue",
    "History": "history",
    "Outbox": "outbox",
    "Review": "review",
    "Boxes": "review",
    "Events": "review",
    "Timeline": "review",
    "Clip": "review",
    "Compare": "compare",
    "Statistics": "statistics",
    "Artifacts": "artifacts",
}
"""Where the actions of a group are heard; groups that are not named are heard everywhere."""
LEAVES: Final = QKeySequence("Esc")
"""Leaves whatever is in hand, so no action can have it for its own."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyRow:
    """One action that may have a key.

    Attributes:
        name: What its key is kept under; no other action has it.
        group: Title of its group.
        text: What it does.
        action: The action.
        first: The keys it was made with.
    """

    name: str
    group: str
    text: str
    action: QAction
    first: tuple[QKeySequence, ...]

    @property
    def scope(self) -> str:
        """Where it is heard."""
        return SCOPES.get(self.group, EVERYWHERE)

    @property
    def key(self) -> QKeySequence:
        """Its key now; empty for none."""
        return self.action.shortcut()

    @property
    def is_changed(self) -> bool:
        """Whether a person gave it another one."""
        return tuple(self.action.shortcuts()) != self.first


class KeyMap(QObject):
    """The keys of a window's actions.

    Args:
        store: Keeps those that a person changed, and no others: new programs may have new keys.
        parent: The owner.
    """

    changed = Signal()

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.rows: tuple[KeyRow, ...] = ()

    def take(self, groups: Iterable[tuple[str, Sequence[QAction]]]) -> None:
        """Take the actions of a window, once, and give them the keys that are kept."""
        rows: list[KeyRow] = []
        seen: set[QAction] = set()
        count: Counter[str] = Counter()
        for group, actions in groups:
            for action in actions:
                if action in seen or action.isSeparator():
                    continue  # some stand in two groups; the first has them
                seen.add(action)
                text = action.data() if isinstance(action.data(), str) else ""
                name = f"{group}/{text or name_of(action)}".replace(" ", "-").lower()
                count[name] += 1
                name = name if count[name] == 1 else f"{name}-{count[name]}"
                first = tuple(action.shortcuts())
                rows.append(KeyRow(name, group, name_of(action), action, first))
        self.rows = tuple(rows)
        for row in rows:
            kept = self._store.value(f"{KEPT}/{row.name}")
            if isinstance(kept, str):
                _give(row, QKeySequence(kept, QKeySequence.SequenceFormat.PortableText))

    def rivals(self, row: KeyRow, key: QKeySequence) -> tuple[KeyRow, ...]:
        """Return the actions that have a key where another one would be heard, too."""
        if key.isEmpty():
            return ()
        return tuple(
            other
            for other in self.rows
            if other is not row
            and (row.scope == other.scope or EVERYWHERE in (row.scope, other.scope))
            and key in other.action.shortcuts()
        )

    def give(self, row: KeyRow, key: QKeySequence) -> None:
        """Give an action a key, or none; those that had it there lose it."""
        for rival in self.rivals(row, key):
            left = [one for one in rival.action.shortcuts() if one != key]
            _give(rival, *left)
            self._keep(rival)
        _give(row, key)
        self._keep(row)
        self.changed.emit()

    def reset(self, row: KeyRow) -> None:
        """Give an action the key it was made with; whoever has that now loses it."""
        for key in row.first:
            for rival in self.rivals(row, key):
                _give(rival, *(one for one in rival.action.shortcuts() if one != key))
                self._keep(rival)
        _give(row, *row.first)
        self._keep(row)
        self.changed.emit()

    def reset_all(self) -> None:
        """Give every action the key it was made with."""
        for row in self.rows:
            _give(row, *row.first)
            self._keep(row)
        self.changed.emit()

    def collisions(self) -> tuple[tuple[KeyRow, KeyRow], ...]:
        """Return pairs of actions that are heard in the same place by the same key."""
        pairs = []
        for place, row in enumerate(self.rows):
            later = set(self.rows[place + 1 :])
            for key in row.action.shortcuts():
                pairs += [(row, other) for other in self.rivals(row, key) if other in later]
        return tuple(pairs)

    def _keep(self, row: KeyRow) -> None:
        name = f"{KEPT}/{row.name}"
        if row.is_changed:
            self._store.setValue(name, row.key.toString(QKeySequence.SequenceFormat.PortableText))
        else:
            self._store.remove(name)


def _give(row: KeyRow, *keys: QKeySequence) -> None:
    old = row.key.toString(QKeySequence.SequenceFormat.NativeText)
    row.action.setShortcuts([key for key in keys if not key.isEmpty()])
    new = row.key.toString(QKeySequence.SequenceFormat.NativeText)
    tip = row.action.toolTip()
    if old and f"({old})" in tip:
        # Tooltips say the key; what else they say stays.
        row.action.setToolTip(tip.replace(f" ({old})", f" ({new})" if new else "", 1))
    else:
        describe(row.action)
