"""Rows of a list model that follow another order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QModelIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QAbstractItemModel

T = TypeVar("T")
_ROOT = QModelIndex()


def follow(model: QAbstractItemModel, shown: list[T], wanted: Sequence[T]) -> None:
    """Make ``shown`` like ``wanted`` by single moves, so that selection and scrolling stay.

    Args:
        model: Whose rows they are; its views are told of every step.
        shown: What identifies each row, each once; changed in place.
        wanted: The rows it is to have.
    """
    standing = set(wanted)
    for row in reversed(range(len(shown))):
        if shown[row] not in standing:
            model.beginRemoveRows(_ROOT, row, row)
            del shown[row]
            model.endRemoveRows()
    for row, one in enumerate(wanted):
        if row < len(shown) and shown[row] == one:
            continue
        if one in shown:
            old = shown.index(one)
            model.beginMoveRows(_ROOT, old, old, _ROOT, row)
            shown.insert(row, shown.pop(old))
            model.endMoveRows()
        else:
            model.beginInsertRows(_ROOT, row, row)
            shown.insert(row, one)
            model.endInsertRows()
