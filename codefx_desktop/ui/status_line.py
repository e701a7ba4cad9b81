"""The status bar: device, disk, battery, and that nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models.machine import OFFLINE, OFFLINE_WHY
from codefx_desktop.ui.widgets import row_layout

if TYPE_CHECKING:
    from codefx_desktop.ui.models.machine import Machine
    from codefx_desktop.ui.theme import Theme


class StatusLine(QStatusBar):
    """What the machine has, always in sight.

    Args:
        machine: What this machine has.
        theme: The theme.
    """

    def __init__(self, machine: Machine, theme: Theme) -> None:
        super().__init__()
        self._machine = machine
        self.device = QLabel()
        self.disk = QLabel()
        self.battery = QLabel()
        self.offline = QLabel(OFFLINE)
        self.offline.setToolTip(OFFLINE_WHY)
        self._disk_sign, self._battery_sign = _Sign(theme), _Sign(theme)
        self.setSizeGripEnabled(False)
        self.addPermanentWidget(_Part(self._battery_sign, self.battery))
        self.addPermanentWidget(_Part(self._disk_sign, self.disk))
        self.addPermanentWidget(_Part(self.device))
        self.addPermanentWidget(_Part(self.offline))
        machine.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        machine = self._machine
        self.device.setText(machine.device_text)
        self.device.setToolTip(machine.device_reason)
        self.disk.setText(machine.disk_text)
        if machine.system is not None:
            self.disk.setToolTip(f"On the disk of {machine.system.data_dir}")
        self._disk_sign.setVisible(machine.disk_is_low)
        self.battery.setText(machine.battery_text)
        self.battery.setVisible(bool(machine.battery_text))
        self._battery_sign.setVisible(machine.battery_is_low)


class _Part(QWidget):
    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        row = row_layout(*widgets, spacing=4)
        row.setContentsMargins(8, 2, 8, 2)
        self.setLayout(row)


class _Sign(QWidget):
    """A warning triangle."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(QSize(14, 14))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the triangle."""
        del event
        painter = QPainter(self)
        draw(painter, QRectF(self.rect()), "warning", QColor(self._theme.tokens.warning))
        painter.end()
