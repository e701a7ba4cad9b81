"""Links to what was pushed, as a table."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from codefx_desktop.domain.push import PushPart
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.jobs.links import Link

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Column(IntEnum):
    """What stands beside each other."""

    NAME = 0
    SIZE = 1
    ADDRESS = 2


_HEADS = {Column.NAME: "File", Column.SIZE: "Size", Column.ADDRESS: "Address"}
LINK_ROLE = Qt.ItemDataRole.UserRole + 1
_ORDER = (PushPart.OUTPUT, PushPart.REPORT, None, PushPart.ANALYSIS, PushPart.FRAMES)
"""What a person sends on comes first; single frames and their texts are many, and come last."""


class LinkRows(QAbstractTableModel):
    """Files with their addresses; those whose names hold a text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Link, ...] = ()
        self._shown: tuple[Link, ...] = ()
        self._text = ""

    def show_links(self, links: Iterable[Link]) -> None:
        """Take other links."""
        self._all = tuple(sorted(links, key=_place))
        self._narrow()

    def narrow(self, text: str) -> None:
        """Show files whose names hold a text, in any case of letters."""
        self._text = text.strip().casefold()
        self._narrow()

    def link(self, row: int) -> Link | None:
        """Return the link of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def find(self, name: str) -> int:
        """Return the row of a file; -1 if it is not shown."""
        return next((n for n, one in enumerate(self._shown) if one.name == name), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of files."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's signature
        """Return what a column is."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[Column(section)]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return a cell."""
        link, column = self.link(index.row()), Column(max(0, index.column()))
        if link is None:
            return None
        if role == LINK_ROLE:
            return link
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return _words(link, column).get(role)

    def _narrow(self) -> None:
        self.beginResetModel()
        self._shown = tuple(one for one in self._all if self._text in one.name.casefold())
        self.endResetModel()


def _place(link: Link) -> int:
    return _ORDER.index(link.part) if link.part in _ORDER else len(_ORDER)


def _words(link: Link, column: Column) -> dict[int, str]:
    size = words.size(link.size_bytes)
    if column is Column.NAME:
        roles = Qt.ItemDataRole
        return {
            int(roles.DisplayRole): link.name,
            int(roles.ToolTipRole): link.name,
            int(roles.AccessibleTextRole): f"{link.name}, {size}",
        }
    return {int(Qt.ItemDataRole.DisplayRole): size if column is Column.SIZE else link.url}
