"""A lane desk without workers: builds at once, hears what a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.jobs.lane_building import build
from codefx_desktop.jobs.lane_values import LaneRequest, Peaks

if TYPE_CHECKING:
    from pathlib import Path


class FakeLaneDesk(QObject):
    """The same signals and calls as ``jobs.lane_desk.LaneDesk``."""

    built = Signal(object)
    heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.requests: list[LaneRequest] = []

    def build(self, request: LaneRequest) -> None:
        self.calls.append(("build",))
        self.requests.append(request)
        QTimer.singleShot(0, self, lambda: self.built.emit(build(request)))

    def listen(self, path: Path, duration_s: float) -> None:
        self.calls.append(("listen", path, duration_s))
        count = round(duration_s * 100)
        loud = (np.arange(count) % 100).astype(np.int8)
        peaks = Peaks(path, 100.0, -loud, loud, is_whole=True)
        QTimer.singleShot(0, self, lambda: self.heard.emit(peaks))

    def clear(self) -> None:
        self.calls.append(("clear",))

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))
