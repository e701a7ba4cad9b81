"""What this machine is and has, in the words of the status bar and the empty window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.job import JobSpec
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.ports import DeviceInfo
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import SystemState, WeightsAnswer

LOW_DISK_BYTES = 10 * 1000**3
LOW_BATTERY_PERCENT = 20
OFFLINE_WHY = (
    "Footage and results stay on this machine until you push them. No network connection is "
    "opened but for what you push, fetch, test or get."
)


class Machine(QObject):
    """Device, disk, battery and the weights that would be used.

    Args:
        hub: Where the news comes from.
    """

    changed = Signal()

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self.device: DeviceInfo | None = None
        self.system: SystemState | None = None
        self.weights: WeightsAnswer | None = None
        self._weights_request = 0
        self._is_unopened = False
        hub.unopened.connect(self._on_unopened)
        hub.device.connect(self._on_device)
        hub.system.connect(self._on_system)
        hub.weights_answer.connect(self._on_weights)
        hub.ready.connect(self.look_for_weights)

    def look_for_weights(self) -> None:
        """Ask again which weights a job without a choice of its own would use."""
        self._weights_request = self._hub.request_weights(JobSpec())

    @property
    def device_text(self) -> str:
        """The computing device, or that it is not known yet."""
        if self._is_unopened:
            return "Device: not looked at"
        return self.device.label if self.device else "Device: loading…"

    @property
    def device_reason(self) -> str:
        """Why this device, or what is going on."""
        if self._is_unopened:
            return "Without the history nothing can be analysed."
        if self.device is None:
            return "The model library is being loaded; clips can be added meanwhile."
        return self.device.reason

    @property
    def device_sentence(self) -> str:
        """What the hardware can do, for the empty window."""
        if self._is_unopened:
            return "Nothing can be analysed: the history could not be opened."
        if self.device is None:
            return "Looking at this machine's hardware…"
        memory = self.device.memory_bytes
        return f"Runs on {self.device.label}" + (f", {words.size(memory)} memory" if memory else "")

    @property
    def disk_text(self) -> str:
        """Free space where results go."""
        return f"{words.size(self.system.disk_free_bytes)} free" if self.system else ""

    @property
    def disk_is_low(self) -> bool:
        """Whether long clips may not fit any more."""
        return self.system is not None and self.system.disk_free_bytes < LOW_DISK_BYTES

    @property
    def battery_text(self) -> str:
        """Battery, or nothing where there is none."""
        if self.system is None or self.system.battery_percent is None:
            return ""
        supply = "on battery" if self.system.on_battery else "charging"
        return f"Battery {self.system.battery_percent} %, {supply}"

    @property
    def battery_is_low(self) -> bool:
        """Whether the machine should be plugged in."""
        system = self.system
        if system is None or system.battery_percent is None:
            return False
        return system.on_battery and system.battery_percent <= LOW_BATTERY_PERCENT

    @property
    def weights_sentence(self) -> str:
        """Which detector weights a job would use."""
        if self.weights is None:
            return ""
        found = self.weights.found
        if found is None:
            return self.weights.message
        return f"Detector weights: {found.path.name}, {found.reason}."

    @property
    def has_weights(self) -> bool:
        """Whether a job needs no choice of weights; True until it is known."""
        return self.weights is None or self.weights.found is not None

    def _on_unopened(self, _why: str) -> None:
        self._is_unopened = True
        self.changed.emit()

    def _on_device(self, device: DeviceInfo) -> None:
        self.device = device
        self.changed.emit()

    def _on_system(self, system: SystemState) -> None:
        self.system = system
        self.changed.emit()

    def _on_weights(self, answer: WeightsAnswer) -> None:
        if answer.request_id == self._weights_request:
            self.weights = answer
            self.changed.emit()
