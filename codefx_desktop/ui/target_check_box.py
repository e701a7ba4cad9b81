"""How a test of a target's connection went: each step with its result and milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from codefx_desktop.jobs.target_values import CheckState
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models import target_words
from codefx_desktop.ui.widgets import wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.target_values import CheckStep, TargetCheck
    from codefx_desktop.ui.theme import Theme

_GLYPHS = {
    CheckState.PASSED: "complete",
    CheckState.FAILED: "failed",
    CheckState.SKIPPED: "cancelled",
}


class TargetCheckBox(QWidget):
    """The steps of a check, and a sentence about the whole.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.summary = wrapped()
        self.summary.setAccessibleName("Result of the test")
        self.steps: list[str] = []
        self._grid_home = QVBoxLayout()
        self._grid: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.summary)
        column.addLayout(self._grid_home)
        self.clear()

    def begin(self) -> None:
        """Say that a test is under way."""
        self._show_steps(())
        self.summary.setText("Testing…")
        self.show()

    def clear(self) -> None:
        """Show nothing."""
        self._show_steps(())
        self.hide()

    def show_check(self, check: TargetCheck) -> None:
        """Show how far a test is, or how it went."""
        self._show_steps(check.steps)
        self.summary.setText(target_words.check_end(check))
        self.summary.setAccessibleDescription(self.summary.text())
        self.show()

    def _show_steps(self, steps: tuple[CheckStep, ...]) -> None:
        if self._grid is not None:
            self._grid_home.removeWidget(self._grid)
            self._grid.deleteLater()
        self._grid = QWidget()
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        self.steps = []
        line = 0
        for one in steps:
            name, state = target_words.step(one), target_words.step_state(one)
            self.steps.append(": ".join(part for part in (name, state, one.message) if part))
            sign = _Sign(self._theme, one.state)
            sign.setAccessibleName(f"{name}: {state}")
            grid.addWidget(sign, line, 0)
            grid.addWidget(QLabel(name), line, 1)
            told = QLabel(state)
            told.setObjectName("muted")
            grid.addWidget(told, line, 2)
            line += 1
            if one.message:
                message = wrapped(one.message)
                grid.addWidget(message, line, 1, 1, 2)
                line += 1
        self._grid_home.addWidget(self._grid)


class _Sign(QWidget):
    """The shape of a state."""

    def __init__(self, theme: Theme, state: CheckState) -> None:
        super().__init__()
        self._theme, self._state = theme, state
        self.setFixedSize(QSize(14, 14))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        del event
        tokens = self._theme.tokens
        color = {
            CheckState.PASSED: tokens.ok,
            CheckState.FAILED: tokens.error,
            CheckState.SKIPPED: tokens.muted,
        }[self._state]
        painter = QPainter(self)
        ground = QColor(tokens.surface)
        draw(painter, QRectF(self.rect()), _GLYPHS[self._state], QColor(color), ground)
        painter.end()
