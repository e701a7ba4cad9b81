"""What two people corrected differently, one by one, and which of them is to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from codefx_desktop.ui.models.conflict_rows import conflict_rows
from codefx_desktop.ui.two_lines import TwoLines, TwoLineView
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.conflict_rows import ConflictRow
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.theme import Theme


class ConflictList(QWidget):
    """The conflicts of the job under review; those that are decided are struck through.

    Args:
        model: The job under review.
        theme: The theme.
    """

    frame_wanted = Signal(int)
    """Exactly this frame is to be seen."""
    counted = Signal(int, int)
    """So many are to be decided, of so many."""

    def __init__(self, model: ReviewModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._rows = conflict_rows(model.read)
        self._at: tuple[str, str] | None = None
        self.view = TwoLineView("Conflicts", theme)
        self.head = ElidedLabel()
        self.mine, self.theirs = wrapped(), wrapped()
        self.keep, self.take = QPushButton("Keep mine"), QPushButton("Take theirs")
        for button in (self.keep, self.take):
            button.setProperty("pad", True)
        self._lay_out()
        self.view.chosen.connect(self._choose)
        self.keep.clicked.connect(lambda: self._decide(mine=True))
        self.take.clicked.connect(lambda: self._decide(mine=False))
        for signal in (model.changed, model.edited):
            signal.connect(self.refill)
        self._show()

    def refill(self) -> None:
        """Show what is left to be decided, and what was, unless it is shown already."""
        rows = conflict_rows(self._model.read)
        if rows != self._rows:
            self._rows = rows
            self._show()

    def _show(self) -> None:
        left = sum(row.is_open for row in self._rows)
        if self._row is None or self._at is None:
            self._at = _key(self._rows[0]) if self._rows else None
        shown = [
            TwoLines(row.about, row.state, f"{row.about}: {row.state}", not row.is_open)
            for row in self._rows
        ]
        row = self._row
        self.view.show_rows(shown, None if row is None else self._rows.index(row))
        # What is in hand stands right below the rows, not at the panel's far end.
        self.view.setMaximumHeight(max(self.view.sizeHintForRow(0), 1) * len(self._rows) + 4)
        self.head.say(_count(left, len(self._rows)))
        self._show_row()
        self.counted.emit(left, len(self._rows))

    @property
    def _row(self) -> ConflictRow | None:
        return next((row for row in self._rows if _key(row) == self._at), None)

    def _lay_out(self) -> None:
        head = row_layout(self.head)
        head.setContentsMargins(8, 0, 8, 0)
        below = QVBoxLayout()
        below.setContentsMargins(8, 4, 8, 8)
        below.setSpacing(6)
        # The buttons first: they stay under the hand, however many lines the next one takes.
        below.addLayout(row_layout(self.keep, self.take, spacing=4))
        below.addWidget(self.mine)
        below.addWidget(self.theirs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addLayout(below)
        column.addStretch()

    def _show_row(self) -> None:
        row = self._row
        self.mine.setText("" if row is None else f"Yours: {row.mine}")
        self.theirs.setText("" if row is None else f"{row.who}: {row.theirs}")
        whose = "theirs" if row is None else f"{row.who}'s"
        self.take.setText(f"Take {whose}".replace("&", "&&"))
        for button, word in ((self.keep, "Keep mine"), (self.take, f"Take {whose}")):
            button.setEnabled(row is not None and row.is_open)
            tip = f"{word}; the other stays in the changes and no longer holds"
            if row is not None and not row.is_open:
                tip = f"It is decided: {row.state}. Undo brings it back."
            button.setToolTip(tip)
            button.setAccessibleName(tip)

    def _choose(self, number: int) -> None:
        row = self._rows[number]
        self._at = _key(row)
        self._show_row()
        if row.frame is not None:
            self.frame_wanted.emit(row.frame)

    def _decide(self, *, mine: bool) -> None:
        """Decide, and go on to the next that waits."""
        row = self._row
        if row is None or not row.is_open:
            return
        text, op = row.choice(mine=mine)
        self._model.do(text, op)
        # The list is filled again by then; a row in hand that went down with it is left.
        following = next((n for n, one in enumerate(self._rows) if one.is_open), None)
        if following is not None:
            self.view.setCurrentIndex(self.view.rows.index(following))


def _key(row: ConflictRow) -> tuple[str, str]:
    return row.conflict.mine.key, row.conflict.theirs.key


def _count(left: int, of: int) -> str:
    if not of:
        return "No conflicts"
    if not left:
        return "All are decided"
    return "1 to decide" if left == 1 else f"{left} to decide"
