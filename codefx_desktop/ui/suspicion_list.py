"""Tracks that may have been mixed up: one after the other, each put right or found fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from codefx_desktop.domain.edit import DismissOp
from codefx_desktop.ui.models.suspicion_rows import (
    fixes_of,
    head_of,
    line_of,
    suspicions_left,
    whole_of,
)
from codefx_desktop.ui.two_lines import TwoLines, TwoLineView
from codefx_desktop.ui.widgets import ElidedLabel, action_button, row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.domain.corrected import Suspicion
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.models.suspicion_rows import TrackFix
    from codefx_desktop.ui.theme import Theme

_TIPS = "Go to one, then say what is right. Undo takes any of it back."


class SuspicionList(QWidget):
    """The suspicions of the job under review; holds no rules.

    Args:
        model: The job under review.
        jumps: Go to the one before, and to the next.
        theme: The theme.
    """

    frame_wanted = Signal(int)
    """Exactly this frame is to be seen."""
    counted = Signal(int)
    """So many are left."""

    def __init__(self, model: ReviewModel, jumps: tuple[QAction, QAction], theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._left: tuple[Suspicion, ...] = ()
        self._at: Suspicion | None = None
        self._fixes: tuple[TrackFix, ...] = ()
        self.view = TwoLineView("Suspicious tracks", theme)
        self.head = ElidedLabel()
        self.why = wrapped()
        self.why.setAccessibleName("Why these tracks are suspicious")
        self.buttons = [QPushButton() for _ in range(3)]
        for number, button in enumerate(self.buttons):
            button.setProperty("pad", True)
            button.clicked.connect(lambda _on=False, number=number: self._do(number))
        self._lay_out([action_button(one) for one in jumps])
        self.view.chosen.connect(self._choose)
        self._read: ReviewRead | None = None
        for signal in (model.changed, model.edited, model.selected):
            signal.connect(self.refill)
        model.updated.connect(self._on_updated)
        self.refill()

    @property
    def chosen(self) -> Suspicion | None:
        """The suspicion in hand."""
        return self._at

    def refill(self, *_: object) -> None:
        """Show what is left, and which one is in hand."""
        self._read = self._model.read
        self._left = suspicions_left(self._read)
        selection = self._model.selection
        mine = [one for one in self._left if _is_of(one, selection.track, selection.other)]
        if self._at not in mine:
            here = self._model.here()
            self._at = min(mine, key=lambda one: abs(one.frame_number - (here or 0)), default=None)
        rows = [TwoLines(f"{head_of(one)}  {one.why}", line_of(one), whole_of(one))
                for one in self._left]  # fmt: skip
        at = None if self._at is None else self._left.index(self._at)
        self.view.show_rows(rows, at)
        self.head.say(_count(len(self._left)))
        self._show_fixes()
        self.counted.emit(len(self._left))

    def take(self, one: Suspicion) -> None:
        """Take a suspicion in hand that somebody else went to."""
        if one in self._left:
            self._at = one
            self.refill()

    # -- inside -------------------------------------------------------------------------------

    def _on_updated(self) -> None:
        """Show what was found again; that it is being looked for changes no line."""
        if self._model.read is not self._read:
            self.refill()

    def _lay_out(self, jumps: list[QWidget]) -> None:
        head = row_layout(self.head, *jumps, spacing=2)
        head.setStretch(0, 1)
        head.setContentsMargins(8, 0, 4, 0)
        below = QVBoxLayout()
        below.setContentsMargins(8, 4, 8, 8)
        below.setSpacing(6)
        below.addWidget(self.why)
        below.addLayout(row_layout(*self.buttons, spacing=4))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addLayout(below)

    def _show_fixes(self) -> None:
        one, read = self._at, self._model.read
        self.why.setText(_TIPS if one is None else one.why)
        self.why.setVisible(bool(self._left))
        self._fixes = () if one is None or read is None else fixes_of(read, one)
        for number, button in enumerate(self.buttons):
            fix = self._fixes[number] if self._fixes else None
            word = ("Exchange", "Split", "Fine")[number] if fix is None else fix.name
            button.setText(word)
            button.setEnabled(fix is not None and fix.op is not None)
            tip = "Choose a suspicious track first" if fix is None else fix.why
            button.setToolTip(tip)
            button.setAccessibleName(f"{word}: {tip}")

    def _choose(self, row: int) -> None:
        one = self._left[row]
        self._at = one
        self._model.select(track=one.track_id, other=one.other_id)
        self.refill()
        self.frame_wanted.emit(one.frame_number)

    def _do(self, number: int) -> None:
        """Do it and, where it is settled, go on to the next."""
        fix = self._fixes[number]
        if fix.op is None or self._at is None:
            return
        row = self._left.index(self._at)
        self._model.do(fix.told, fix.op)
        if isinstance(fix.op, DismissOp) and self._left:
            self._choose(min(row, len(self._left) - 1))


def _is_of(one: Suspicion, track: int | None, other: int | None) -> bool:
    return track is not None and (one.track_id, one.other_id) == (track, other)


def _count(number: int) -> str:
    if number == 0:
        return "No suspicious tracks"
    return "1 suspicious place" if number == 1 else f"{number} suspicious places"
