"""A list of cards that change often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QListView

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex


class CardView(QListView):
    """A list that repaints one card when one card changed.

    QListView lays out every row at any change of data: 20 times a second that cost a quarter of
    a core with 40 cards. A card that changes its height says so through its delegate.

    Args:
        card_role: The role of a card's values.
    """

    def __init__(self, card_role: int) -> None:
        super().__init__()
        self._card_role = int(card_role)

    def dataChanged(
        self,
        topLeft: Index,  # noqa: N803 - Qt's names
        bottomRight: Index,  # noqa: N803
        roles: Sequence[int] = (),
    ) -> None:
        """Repaint the card, or let Qt do everything if more may have changed."""
        if list(roles) == [self._card_role] and topLeft == bottomRight:
            self.update(topLeft)
        else:
            super().dataChanged(topLeft, bottomRight, list(roles))
