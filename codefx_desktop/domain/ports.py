"""Ports: what reaches ``jobs`` from outside through bootstrap.

One contract suite per port runs over all its implementations (``tests/contracts``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """The device that was chosen, and why, for the log and the status bar."""

    name: str
    label: str
    reason: str
    memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A loaded detector: where from, which bytes, what it knows."""

    path: Path
    sha256: str
    task: str
    class_names: tuple[str, ...]
    image_size_px: int
    device: DeviceInfo


class Detector(Protocol):
    """Finds objects in pictures. Used by one worker at a time; a context manager."""

    @property
    def info(self) -> ModelInfo:
        """What is loaded and where it runs."""
        ...

    @property
    def batch_size(self) -> int:
        """How many frames a call should bring for the best speed on this device."""
        ...

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """Return the detections of each frame, at the detector's low threshold, untracked.

        Raises:
            DeviceError: If the device breaks or runs out of memory.
        """
        ...

    def __enter__(self) -> Self:
        """Return itself, loaded and warm."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the device's memory."""
        ...


class Tracker(Protocol):
    """Joins detections of successive frames into tracks."""

    def update(self, detections: Detections, time_s: float) -> Detections:
        """Return the same detections, in the same order, with track ids.

        Args:
            detections: All detections of the next frame, at the low threshold.
            time_s: Its time from the first picture; must increase from call to call.
        """
        ...


@dataclass(frozen=True, slots=True)
class DetectorRequest:
    """What detector a job wants."""

    weights: Path
    iou: float
    image_size_px: int
    device: str
    low_confidence: float = 0.05


class VisionFactory(Protocol):
    """Makes the models a job needs; loads torch at its first call, never before."""

    def device(self, wanted: str) -> DeviceInfo:
        """Choose a device: ``auto``, ``cpu``, ``mps`` or ``cuda:N``.

        Raises:
            DeviceError: If a device was named that is not there.
        """
        ...

    def detector(self, request: DetectorRequest) -> Detector:
        """Load a detector.

        Raises:
            WeightsMissing: If the file is not there.
            WeightsUnusable: If it cannot be loaded safely or is not a detection model.
            DeviceError: If the device is not there.
        """
        ...

    def tracker(self, frame_rate_hz: float) -> Tracker:
        """Return a fresh tracker for footage of this average rate."""
        ...
