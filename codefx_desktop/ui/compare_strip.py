"""What moves the stops that are compared, and on what they are aligned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from codefx_desktop.ui.compare_scrub import CompareScrub
from codefx_desktop.ui.flow_layout import flow_of
from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.compare_delta import signed
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.models.speeds import speed_words
from codefx_desktop.ui.widgets import ElidedLabel, action_button, row_layout

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.compare_actions import CompareActions
    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.theme import Theme

SLOW = "Slower than real time"
SLOW_WHY = "This machine cannot decode all clips at their own speed. Proxies play smoothly."


class CompareStrip(QWidget):
    """Scrub bar, the event that all are aligned on, time, rate, buttons, how pictures lie.

    Args:
        view: The stops.
        actions: What the buttons do.
        theme: The theme.
    """

    def __init__(self, view: CompareView, actions: CompareActions, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
        self.scrub = CompareScrub(view, theme)
        self.aligned = QComboBox()
        self.aligned.setAccessibleName("Aligned on")
        self.aligned.setToolTip("On which event the stops lie over each other")
        self.aligned.setMinimumContentsLength(14)
        self.aligned.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.time = QLabel()
        self.rate = ElidedLabel()  # it comes while pictures play: no other moves for it
        self.rate.setObjectName("muted")
        for label in (self.time, self.rate):
            label.setFont(hud_font(label.font()))
        font = self.time.font()
        font.setBold(True)
        self.time.setFont(font)
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("+0000.000 s"))
        self.base, self.top = QComboBox(), QComboBox()
        self.base.setAccessibleName("Picture beneath")
        self.top.setAccessibleName("Picture over it")
        self.base.setToolTip("Whose picture lies beneath")
        self.top.setToolTip("Whose picture lies over it")
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setFixedWidth(90)
        self.opacity.setAccessibleName("How much of the upper picture is seen")
        self.opacity.setToolTip(self.opacity.accessibleName())
        self._lay_out(actions)
        self._listen()
        self.refresh()

    def refresh(self) -> None:
        """Show what can be chosen now."""
        view = self._view
        choices = view.choices()
        texts = [one.whole for one in choices]
        if texts != [self.aligned.itemText(row) for row in range(self.aligned.count())]:
            self.aligned.clear()
            for one in choices:
                self.aligned.addItem(one.whole, one.slot)
            widest = max((self.fontMetrics().horizontalAdvance(t) for t in texts), default=0)
            self.aligned.view().setMinimumWidth(widest + 32)
        at = next((k for k, one in enumerate(choices) if one.slot == view.slot), -1)
        self.aligned.setCurrentIndex(at)
        self.aligned.setEnabled(bool(choices))
        self._fill_pair()
        self._on_moved()

    def _fill_pair(self) -> None:
        view, look = self._view, self._view.look
        letters = [letter(number) for number in range(len(view.panes))]
        for box, at in ((self.base, look.base), (self.top, look.top)):
            if letters != [box.itemText(row) for row in range(box.count())]:
                box.clear()
                box.addItems(letters)
            box.setCurrentIndex(at)
        over = look.arrangement is not Arrangement.SIDE
        for widget in (self.base, self.top, self.over, self.opacity):
            widget.setVisible(over)
        self.opacity.blockSignals(True)
        is_wipe = look.arrangement is Arrangement.WIPE
        self.opacity.setValue(round(100 * (look.divide if is_wipe else look.opacity)))
        self.opacity.blockSignals(False)
        name = "Where the divider is" if is_wipe else "How much of the upper picture is seen"
        self.opacity.setAccessibleName(name)
        self.opacity.setToolTip(name)

    def _lay_out(self, actions: CompareActions) -> None:
        name = QLabel("Aligned on")
        name.setObjectName("muted")
        name.setBuddy(self.aligned)
        self.over = QLabel("under")
        self.over.setObjectName("muted")
        left = row_layout(name, self.aligned, self.time, spacing=8)
        left.addWidget(self.rate, 1)
        shuttle = actions.shuttle
        steps = (actions.previous, actions.home, actions.back, shuttle.reverse)
        keys = (*steps, actions.play, shuttle.ahead, actions.forward, actions.end, actions.next)
        marks = (shuttle.mark_in, shuttle.mark_out, shuttle.loop)
        middle = row_layout(*(_button(action) for action in (*keys, *marks)), spacing=2)
        looks = [_button(action) for action in actions.looks.actions()]
        right = row_layout(self.base, self.over, self.top, self.opacity, *looks, spacing=4)
        right.insertStretch(0, 1)
        right.addWidget(_button(actions.fit))
        self.add = QToolButton()
        self.add.setDefaultAction(actions.add)
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add.setProperty("labelled", True)
        self.add.setAccessibleName("Add a stop")
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        right.addWidget(self.add)
        row = flow_of(left, middle, right)
        row.setContentsMargins(12, 0, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.scrub)
        column.addLayout(row)

    def _listen(self) -> None:
        view = self._view
        view.arranged.connect(self.refresh)
        view.listed.connect(self.refresh)
        view.looked.connect(self._fill_pair)
        view.player.moved.connect(self._on_moved)
        view.player.played.connect(self._on_played)
        self.aligned.activated.connect(lambda row: view.align(self.aligned.itemData(row)))
        self.base.activated.connect(lambda row: self._pair(base=row))
        self.top.activated.connect(lambda row: self._pair(top=row))
        self.opacity.valueChanged.connect(self._on_slider)

    def _pair(self, *, base: int | None = None, top: int | None = None) -> None:
        """Choose a picture; one that is chosen twice changes places with the other."""
        look = self._view.look
        if base is not None:
            self._view.set_look(base=base, top=look.base if base == look.top else look.top)
        elif top is not None:
            self._view.set_look(top=top, base=look.top if top == look.base else look.base)

    def _on_slider(self, value: int) -> None:
        is_wipe = self._view.look.arrangement is Arrangement.WIPE
        self._view.set_look(**{"divide" if is_wipe else "opacity": value / 100})

    def _on_moved(self) -> None:
        has = bool(self._view.player.tracks())
        self.time.setText(f"{signed(self._view.player.time_s)} s" if has else "")
        self.time.setToolTip(f"True seconds from {self._view.slot_name}")
        self.time.setAccessibleName(f"Time: {self.time.text()} from {self._view.slot_name}")

    def _on_played(self) -> None:
        player = self._view.player
        if player.is_slow:
            self.rate.say(SLOW, SLOW_WHY)
        else:
            self.rate.say(speed_words(player.rate) if player.playing else "")


def _button(action: QAction) -> QToolButton:
    """Return a button that leaves the keyboard with the pictures when it is clicked."""
    button = action_button(action)
    button.setIconSize(QSize(18, 18))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
