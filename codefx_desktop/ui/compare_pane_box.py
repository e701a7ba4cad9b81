"""A pane: what stop it is, how far it is set off, its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.ui.compare_picture import ComparePicture, Layer
from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.compare_words import offset_text, pane_labels, pane_name
from codefx_desktop.ui.models.pictures import image_of
from codefx_desktop.ui.models.stop_words import stop_name
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, tool_button

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.theme import Theme

FRAME_PX = 2


class ComparePaneBox(QWidget):
    """One of the stops.

    Args:
        view: The stops.
        number: Which of them.
        theme: The theme.
    """

    left = Signal(int)
    """The stop is to be compared no longer."""

    def __init__(self, view: CompareView, number: int, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._theme, self.number = view, theme, number
        name = letter(number)
        self.letter = QLabel(name)
        font = self.letter.font()
        font.setBold(True)
        self.letter.setFont(font)
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(f"Stop of {name}")
        self.chooser.setToolTip("Which of the clip's stops")
        self.chooser.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.chooser.setMinimumContentsLength(8)
        self.reference = tool_button("target", f"Hold the others against {name}", theme)
        self.reference.setCheckable(True)
        self.earlier = tool_button("left", f"{name} one frame earlier (,)", theme)
        self.offset = QLabel()
        self.offset.setFont(hud_font(self.offset.font()))
        self.later = tool_button("right", f"{name} one frame later (.)", theme)
        self.reset = tool_button("retry", f"{name} back to its event (Backspace)", theme)
        self.close_button = tool_button("remove", f"Compare {name} no longer", theme)
        self.retry = QPushButton("Look again")
        self.retry.setAccessibleName(f"Look again for the clip of {name}")
        self.retry.setToolTip("Its drive may be back")
        self.retry.hide()
        self.picture = ComparePicture(f"Picture {name}", theme)
        for button in (self.reference, self.earlier, self.later, self.reset, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the picture
        self._lay_out()
        self._listen()
        self.refresh()

    def refresh(self) -> None:
        """Show what is known of the stop."""
        view, pane = self._view, self._view.panes[self.number]
        read = pane.read
        self.name.say(pane_name(view, self.number), "" if pane.path is None else str(pane.path))
        count = len(read.stops) if read is not None else 0
        names = [stop_name(one, count) for one in read.stops] if read is not None else []
        if names != [self.chooser.itemText(row) for row in range(self.chooser.count())]:
            self.chooser.clear()
            self.chooser.addItems(names)
        at = (
            next((k for k, one in enumerate(read.stops) if one.stop.number == pane.number), -1)
            if read is not None
            else -1
        )
        self.chooser.setCurrentIndex(at)
        self.chooser.setVisible(count > 1)
        self.reference.setChecked(view.reference == self.number)
        self.reference.setEnabled(len(view.panes) > 1)
        self.offset.setText(offset_text(pane) if pane.offset_s else "0 s")
        self.offset.setAccessibleName(f"Offset of {letter(self.number)}: {self.offset.text()}")
        self.offset.setToolTip("How far it runs ahead of where its event lies")
        self.reset.setEnabled(bool(pane.offset_s))
        self.retry.setVisible(pane.is_lost)
        self.show_picture()
        self.update()

    def show_picture(self) -> None:
        """Show the pane's picture and what stands over it."""
        if not self.picture.isHidden():
            self.picture.is_fast = self._view.player.playing or self._view.player.dragging
            self.picture.show_layer(layer_of(self._view, self.number))

    def _lay_out(self) -> None:
        nudges = (self.earlier, self.offset, self.later, self.reset)
        row = row_layout(self.letter, self.name, self.chooser, *nudges, spacing=4)
        row.addSpacing(4)
        row.addWidget(self.retry)
        row.addWidget(self.reference)
        row.addWidget(self.close_button)
        row.setContentsMargins(8, 2, 2, 2)
        row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(FRAME_PX, FRAME_PX, FRAME_PX, FRAME_PX)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.picture, 1)

    def _listen(self) -> None:
        view, number = self._view, self.number
        self.chooser.activated.connect(self._choose)
        self.reference.clicked.connect(self._hold)
        self.close_button.clicked.connect(lambda: self.left.emit(number))
        self.earlier.clicked.connect(lambda: self._with_focus(lambda: view.nudge(-1)))
        self.later.clicked.connect(lambda: self._with_focus(lambda: view.nudge(1)))
        self.reset.clicked.connect(lambda: self._with_focus(view.reset_offset))
        self.retry.clicked.connect(self._retry)
        self.picture.pressed.connect(lambda: view.set_focus(number))
        self.picture.stepped.connect(view.player.step)

    def _retry(self) -> None:
        # Which pane that is is asked at the click: one before it may have left.
        self._view.panes[self.number].retry()

    def _choose(self, row: int) -> None:
        read = self._view.panes[self.number].read
        if read is not None and 0 <= row < len(read.stops):
            self._view.choose_stop(self.number, read.stops[row].stop.number)

    def _hold(self) -> None:
        self._view.set_reference(self.number)
        self.reference.setChecked(self._view.reference == self.number)

    def _with_focus(self, act: object) -> None:
        self._view.set_focus(self.number)
        if callable(act):
            act()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the keys that move one pane move this one."""
        super().mousePressEvent(event)
        self._view.set_focus(self.number)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame the pane that the keys move."""
        super().paintEvent(event)
        if self._view.focus == self.number and len(self._view.panes) > 1:
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self._theme.tokens.accent), FRAME_PX))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
            painter.end()


def layer_of(view: CompareView, number: int) -> Layer:
    """Return a pane's picture with what stands over it."""
    pane = view.panes[number]
    if pane.shown is None or pane.clip is None or pane.track is None:
        return Layer(None, hint=pane.hint)
    info = pane.clip.info
    hint = ("", "")
    if pane.trouble is not None:
        hint = (f"{letter(number)} stands still", pane.trouble.message)
    image = image_of(pane.shown.frame.pixels)
    return Layer(image, pane_labels(view, number), (info.width, info.height), hint)
