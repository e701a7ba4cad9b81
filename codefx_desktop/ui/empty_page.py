"""The empty window: what to do first, and what this machine can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from codefx_desktop.domain.clip import CLIP_SUFFIXES
from codefx_desktop.ui.drop_target import paint_drop_frame
from codefx_desktop.ui.icons import draw, wear
from codefx_desktop.ui.models import words
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.machine import Machine
    from codefx_desktop.ui.theme import Theme

_WIDTH = 520


class EmptyPage(QWidget):
    """Drop footage here, or open clips, or try the sample stop.

    Args:
        machine: What this machine has.
        max_size_mb: Largest clip that is taken.
        theme: The theme.
    """

    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, machine: Machine, max_size_mb: int, theme: Theme) -> None:
        super().__init__()
        self._machine, self._theme = machine, theme
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.open_button = QPushButton("Open clips…")
        self.open_button.setProperty("primary", True)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button = QPushButton("Try the sample stop")
        self.sample_button.setToolTip("Analyses the bundled clip with the demo model")
        self.sample_button.clicked.connect(self.sample_wanted)
        for button, glyph in ((self.open_button, "folder"), (self.sample_button, "play")):
            button.setAccessibleName(button.text().removesuffix("…"))
            wear(button, glyph, theme)
        self._lay_out(max_size_mb)
        machine.changed.connect(self._show)
        self._show()

    def _lay_out(self, max_size_mb: int) -> None:
        title = QLabel("Drop footage here")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.9)
        font.setBold(True)
        title.setFont(font)
        kinds = ", ".join(suffix.removeprefix(".") for suffix in CLIP_SUFFIXES)
        taken = wrapped(
            f"{kinds}, up to {words.largest_clip(max_size_mb)} each, or whole folders.\n"
            "Clips are read where they are and never changed.",
            "muted",
        )
        self.device_label = wrapped("", "muted")
        self.weights_note = QFrame()
        self.weights_note.setObjectName("noteBox")
        self.weights_label = wrapped()
        note = QVBoxLayout(self.weights_note)
        note.setContentsMargins(12, 8, 12, 8)
        note.addWidget(self.weights_label)
        for label in (title, taken, self.device_label):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(8)
        column.addWidget(_Arrow(self._theme), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(title)
        column.addWidget(taken)
        column.addSpacing(12)
        row = row_layout(self.open_button, self.sample_button, spacing=12)
        row.insertStretch(0, 1)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(16)
        column.addWidget(self.device_label)
        column.addWidget(self.weights_note)
        across = row_layout(spacing=0)
        across.addStretch(1)
        across.addWidget(middle, 100)  # as wide as it may be, narrower only in a narrow window
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(1)

    def _show(self) -> None:
        machine = self._machine
        lines = [machine.device_sentence]
        if machine.has_weights and machine.weights_sentence:
            lines.append(machine.weights_sentence)
        self.device_label.setText("\n".join(lines))
        self.weights_note.setVisible(not machine.has_weights)
        self.weights_label.setText(f"{machine.weights_sentence} The sample stop needs none.")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed frame that says: this is where to drop."""
        super().paintEvent(event)
        paint_drop_frame(self, self._theme)


class _Arrow(QWidget):
    """The large glyph over the title."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return its size."""
        return QSize(56, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the glyph."""
        del event
        painter = QPainter(self)
        draw(painter, QRectF(self.rect()), "drop", QColor(self._theme.tokens.accent))
        painter.end()
