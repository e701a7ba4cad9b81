"""A heading with which something can be folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from codefx_desktop.ui.icons import wear

if TYPE_CHECKING:
    from codefx_desktop.ui.theme import Theme


class Fold(QWidget):
    """A button that says what is under it, and that.

    Args:
        title: What it is called.
        content: What is shown or folded away.
        theme: The theme.
        is_open: Whether it is shown at first.
    """

    def __init__(
        self, title: str, content: QWidget, theme: Theme, *, is_open: bool = False
    ) -> None:
        super().__init__()
        self._content, self._theme = content, theme
        self.is_open = is_open
        self.button = QToolButton()
        self.button.setProperty("labelled", True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.clicked.connect(lambda: self.set_open(not self.is_open))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        self.say(title)
        self.set_open(is_open)

    def say(self, title: str) -> None:
        """Call it otherwise."""
        self._title = title
        self.button.setText(title)
        self._describe()

    def set_open(self, is_open: bool) -> None:
        """Show what is under it, or fold it away."""
        self.is_open = is_open
        self._content.setVisible(is_open)
        wear(self.button, "chevron-down" if is_open else "chevron-right", self._theme)
        self._describe()

    def _describe(self) -> None:
        self.button.setAccessibleName(f"{self._title}, {'shown' if self.is_open else 'hidden'}")
