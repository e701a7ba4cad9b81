"""Which end of the car is the front: shown, turned round, or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.flow_layout import FlowLayout
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.stop_words import heading_text
from codefx_desktop.ui.stop_car import CarPointer
from codefx_desktop.ui.widgets import row_layout, section, tool_button, wrapped

if TYPE_CHECKING:
    from PySide6.QtWidgets import QToolButton

    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.ui.theme import Theme

_ARROWS: Final = (
    ("up", "up", 90.0, (0, 1)),
    ("left", "left", 180.0, (1, 0)),
    ("right", "right", 0.0, (1, 2)),
    ("down", "down", 270.0, (2, 1)),
)
"""Glyph, word, where the front points, row and column."""


class FrontQuestion(QFrame):
    """Asks which end is the front: the clip begins with the car standing.

    Args:
        theme: The theme.
    """

    chosen = Signal(float)
    """Where the front points on the picture, degrees."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("noteBox")
        self.buttons: dict[float, QToolButton] = {}
        grid = QGridLayout()
        grid.setSpacing(2)
        for glyph, word, degrees, place in _ARROWS:
            button = tool_button(glyph, f"The front points {word}", theme)
            button.clicked.connect(lambda _on=False, d=degrees: self.chosen.emit(d))
            grid.addWidget(button, *place)
            self.buttons[degrees] = button
        text = wrapped(
            "Neither coming nor leaving tells which end of the car leads. Until you say so no "
            "event has a corner. On the picture the front points:"
        )
        row = row_layout(text)
        row.addLayout(grid)
        row.setStretch(0, 1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(section("Which end is the front?"))
        inside.addLayout(row)


class HeadingBox(QWidget):
    """The car as it points on the picture, and how to turn it round.

    Args:
        theme: The theme.
    """

    flip_wanted = Signal()
    mirror_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._left: tuple[QWidget | None, QWidget | None] = (None, None)
        """The button that had the keyboard when it was switched off, and who got it."""
        self.pointer = CarPointer(theme)
        self.text = wrapped()
        self.flip_button = QPushButton("Flip front and rear")
        self.flip_button.setToolTip(
            "The other end is the front: all stops of the clip are found again from what is kept."
        )
        self.mirror_button = QPushButton("Mirrored picture")
        self.mirror_button.setCheckable(True)
        self.mirror_button.setToolTip("The picture shows left and right exchanged.")
        wear(self.flip_button, "retry", theme)
        self.flip_button.clicked.connect(self.flip_wanted)
        self.mirror_button.clicked.connect(self.mirror_wanted)
        words = QWidget()
        beside = QVBoxLayout(words)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(6)
        beside.addWidget(self.text)
        beside.addWidget(self.flip_button)
        beside.addWidget(self.mirror_button)
        beside.addStretch(1)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setLayout(FlowLayout(self.pointer, words, spacing=12))

    def show_heading(self, heading: Heading, *, is_busy: bool) -> None:
        """Show which way the car points; while stops are found again nothing can be asked."""
        self.pointer.show_heading(heading)
        self.text.setText(heading_text(heading))
        is_usable = heading.front_deg is not None and not is_busy
        self.mirror_button.setChecked(heading.mirrored)
        buttons = (self.flip_button, self.mirror_button)
        pressed = next((button for button in buttons if button.hasFocus()), None)
        for button in buttons:
            button.setEnabled(is_usable)
        if is_usable:
            self._take_keyboard()
        elif pressed is not None:
            self._left = (pressed, QApplication.focusWidget())

    def _take_keyboard(self) -> None:
        """Give the keyboard back to the button that was pressed, unless a person took it away."""
        (button, went_to), self._left = self._left, (None, None)
        if button is not None and QApplication.focusWidget() is went_to:
            button.setFocus()
