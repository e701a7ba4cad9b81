"""What moves the clip, always in sight under the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from codefx_desktop.ui.figures_label import FiguresLabel
from codefx_desktop.ui.flow_layout import flow_of
from codefx_desktop.ui.goto_field import GotoField
from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.jump_places import JumpKind
from codefx_desktop.ui.models.speeds import speed_words
from codefx_desktop.ui.scrub_bar import ScrubBar
from codefx_desktop.ui.sound_button import SoundButton
from codefx_desktop.ui.widgets import ElidedLabel, action_button, row_layout

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.review_actions import ReviewActions
    from codefx_desktop.ui.theme import Theme

SLOW = "Slowed"
SLOW_WHY = (
    "Slower than real time: this machine cannot decode the clip at its own speed. "
    "A proxy plays smoothly."
)


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
        self.time = FiguresLabel()
        self.length = QLabel()
        self.length.setObjectName("muted")
        self.slow = ElidedLabel()  # it comes while pictures play: no other moves for it
        self.slow.setObjectName("muted")
        self.speed = QToolButton()
        self.speed.setAccessibleName("Speed")
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
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
        view.placing.placed.connect(self._on_moved)
        view.played.connect(self._on_played)
        self._on_phase()
        self._on_played()

    def say_zoom(self, text: str) -> None:
        """Show how large the picture is."""
        self.zoom.setText(text)

    def _lay_out(self, actions: ReviewActions) -> None:
        playing, shuttle = actions.playing, actions.playing.shuttle
        menu = QMenu(self.speed)
        playing.fill_speeds(menu)
        self.speed.setMenu(menu)
        left = row_layout(self.time, self.length, spacing=6)
        left.addWidget(self.slow, 1)
        before, after = playing.jumps[JumpKind.EVENT, -1], playing.jumps[JumpKind.EVENT, 1]
        steps = (actions.back, shuttle.reverse, playing.play, shuttle.ahead, actions.forward)
        keys = (actions.home, before, *steps, after, actions.end)
        middle = row_layout(*(_button(action) for action in keys), spacing=2)
        middle.addWidget(self.speed)
        self.sound = SoundButton(actions.sound, playing.mute)
        middle.addWidget(self.sound)
        marks = (shuttle.mark_in, shuttle.mark_out, shuttle.loop, playing.clear)
        looks = (actions.fit, actions.magnify, actions.save, actions.copy)
        right = row_layout(*(_button(action) for action in marks), spacing=2)
        right.addWidget(self.zoom)
        for action in looks:
            right.addWidget(_button(action))
        right.insertStretch(0, 1)
        right.insertSpacing(len(marks) + 1, 4)
        right.insertWidget(len(marks) + 2, self.go_to)
        right.insertSpacing(len(marks) + 3, 4)
        row = flow_of(left, middle, right)
        row.setContentsMargins(14, 0, 8, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(row)

    def _on_phase(self) -> None:
        clip = self._view.clip
        self.length.setText(f"/ {words.timecode(clip.info.duration_s)}" if clip else "")
        self._on_moved()

    def _on_played(self) -> None:
        words_ = speed_words(self._view.player.rate)
        self.speed.setText(words_)
        self.speed.setToolTip(f"Speed: {words_} (J, L; slower with Shift)")
        self.speed.setAccessibleDescription(words_)
        self.slow.say(SLOW if self._view.is_slow else "", SLOW_WHY if self._view.is_slow else "")

    def _on_moved(self) -> None:
        clip = self._view.clip
        at = clip.index.time(self._view.position).exact_s if clip else None
        self.time.say("" if at is None else words.timecode(at))


def _button(action: QAction) -> QToolButton:
    """Return a button that leaves the keyboard with the picture when it is clicked."""
    button = action_button(action)
    button.setIconSize(QSize(16, 16))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
