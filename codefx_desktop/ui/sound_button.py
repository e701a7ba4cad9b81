"""The button behind which sound is muted and its volume set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QMenu, QSlider, QToolButton, QWidget, QWidgetAction

from codefx_desktop.ui.widgets import row_layout

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.models.clip_sound import ClipSound

SLIDER_PX = 140


class SoundButton(QToolButton):
    """Opens a small menu: mute, volume. It looks as muted as the sound is.

    Args:
        sound: The clip's sound.
        mute: The action.
    """

    def __init__(self, sound: ClipSound, mute: QAction) -> None:
        super().__init__()
        self._sound = sound
        self.setDefaultAction(mute)
        self.setAccessibleName("Sound")
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setFixedWidth(SLIDER_PX)
        self.slider.setAccessibleName("Volume")
        self.slider.setToolTip("Volume of the clip's sound, heard at 1x")
        self.number = QLabel()
        self.number.setMinimumWidth(self.number.fontMetrics().horizontalAdvance("100 %"))
        row = row_layout(QLabel("Volume"), self.slider, self.number)
        row.setContentsMargins(12, 8, 12, 8)
        box = QWidget()
        box.setLayout(row)
        entry = QWidgetAction(self)
        entry.setDefaultWidget(box)
        menu = QMenu(self)
        menu.addActions([mute, entry])
        menu.aboutToShow.connect(self.slider.setFocus)
        self.setMenu(menu)
        self.slider.valueChanged.connect(sound.set_volume)
        sound.changed.connect(self._settle)
        self._settle()

    def _settle(self) -> None:
        self.slider.blockSignals(True)  # it is told, it does not tell
        self.slider.setValue(self._sound.volume)
        self.slider.blockSignals(False)
        self.number.setText(f"{self._sound.volume} %")
