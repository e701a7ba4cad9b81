"""The status bar: device, disk, battery, and what is to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.widgets import row_layout

if TYPE_CHECKING:
    from codefx_desktop.ui.models.machine import Machine
    from codefx_desktop.ui.models.outbox_state import OutboxState
    from codefx_desktop.ui.theme import Theme


class StatusLine(QStatusBar):
    """What the machine has and what is to be sent, always in sight.

    Args:
        machine: What this machine has.
        theme: The theme.
    """

    outbox_wanted = Signal()

    def __init__(self, machine: Machine, theme: Theme) -> None:
        super().__init__()
        self._machine = machine
        self.device = QLabel()
        self.disk = QLabel()
        self.battery = QLabel()
        self.outbox = QToolButton()
        self.outbox.setObjectName("statusButton")
        self.outbox.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.outbox.clicked.connect(self.outbox_wanted)
        self._disk_sign, self._battery_sign = _Sign(theme), _Sign(theme)
        self._outbox_sign = _Sign(theme)
        self.setSizeGripEnabled(False)
        self.addPermanentWidget(_Part(self._battery_sign, self.battery))
        self.addPermanentWidget(_Part(self._disk_sign, self.disk))
        self.addPermanentWidget(_Part(self.device))
        self.addPermanentWidget(_Part(self._outbox_sign, self.outbox))
        machine.changed.connect(self._show)
        self._show()

    def show_outbox(self, state: OutboxState) -> None:
        """Say what is to be sent."""
        self.outbox.setText(state.text)
        self.outbox.setToolTip(state.more)
        self.outbox.setAccessibleName(f"Outbox: {state.text}")
        self._outbox_sign.setVisible(state.warns)

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
