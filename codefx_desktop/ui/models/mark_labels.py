"""Labels of a person's own marks, remembered between runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

MOST: Final = 20
_KEY: Final = "review/mark-labels"


class MarkLabels:
    """The labels used last, the newest first.

    Args:
        store: Keeps them.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def all(self) -> tuple[str, ...]:
        """Return the labels; none where what is kept cannot be read."""
        try:
            found = json.loads(str(self._store.value(_KEY, "[]")))
        except ValueError:
            return ()
        if not isinstance(found, list):
            return ()
        return tuple(one for one in found if isinstance(one, str))

    def add(self, label: str) -> None:
        """Remember a label as the newest."""
        labels = [label, *(one for one in self.all() if one != label)][:MOST]
        self._store.setValue(_KEY, json.dumps(labels))
