"""What moves the clip, always in sight under the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from codefx_desktop.ui.goto_field import GotoField
from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.models import words
from codefx_desktop.ui.scrub_bar import ScrubBar
from codefx_desktop.ui.widgets import action_button, row_layout

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.review_actions import ReviewActions
    from codefx_desktop.ui.theme import Theme

SLOW = "Slower than real time"
SLOW_WHY = "This machine cannot decode the clip at its own speed. A proxy plays smoothly."


class Transport(QWidget):
    """Scrub bar, time, buttons, and the field to go to a place.

    Args:
        view: The clip in view.
        actions: What the buttons do.
        theme: The theme.
    """

    def __init__(self, view: ClipView, actions: ReviewActions, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
        self.bar = ScrubBar(view, theme)
        self.time = QLabel()
        self.length = QLabel()
        self.length.setObjectName("muted")
        self.slow = QLabel(SLOW)
        self.slow.setObjectName("muted")
        self.slow.setToolTip(SLOW_WHY)
        self.go_to = GotoField(view)
        self.zoom = QLabel()
        self.zoom.setObjectName("muted")
        self.zoom.setAccessibleName("Enlargement")
        for label in (self.time, self.length, self.zoom):
            label.setFont(hud_font(label.font()))
        font = self.time.font()
        font.setBold(True)
        self.time.setFont(font)
        self._lay_out(actions)
        view.phased.connect(self._on_phase)
        view.moved.connect(self._on_moved)
        view.played.connect(lambda: self.slow.setVisible(view.is_slow))
        self._on_phase()

    def say_zoom(self, text: str) -> None:
        """Show how large the picture is."""
        self.zoom.setText(text)

    def _lay_out(self, actions: ReviewActions) -> None:
        left = row_layout(self.time, self.length, self.slow, spacing=8)
        left.addStretch(1)
        keys = (actions.home, actions.back, actions.play, actions.forward, actions.end)
        middle = row_layout(*(_button(action) for action in keys), spacing=4)
        looks = (actions.fit, actions.save, actions.copy)
        right = row_layout(self.zoom, *(_button(action) for action in looks), spacing=4)
        right.insertStretch(0, 1)
        right.insertWidget(1, self.go_to)
        right.insertSpacing(2, 8)
        row = row_layout(spacing=8)
        row.setContentsMargins(14, 0, 10, 6)
        row.addLayout(left, 1)
        row.addLayout(middle)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(row)

    def _on_phase(self) -> None:
        clip = self._view.clip
        self.length.setText(f"/ {words.timecode(clip.info.duration_s)}" if clip else "")
        self.slow.setVisible(self._view.is_slow)
        self._on_moved()

    def _on_moved(self) -> None:
        clip = self._view.clip
        at = clip.index.time(self._view.position).exact_s if clip else None
        self.time.setText("" if at is None else words.timecode(at))


def _button(action: QAction) -> QToolButton:
    """Return a button that leaves the keyboard with the picture when it is clicked."""
    button = action_button(action)
    button.setIconSize(QSize(18, 18))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
