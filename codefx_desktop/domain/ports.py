"""Ports: what reaches ``jobs`` from outside through bootstrap.

One contract suite per port runs over all its implementations (``tests/contracts``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.models import Transfer, WeightsFacts
    from codefx_desktop.domain.outlines import Faces, Segments
    from codefx_desktop.domain.run import CancelSignal


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """The device that was chosen, and why, for the log and the status bar."""

    name: str
    label: str
    reason: str
    memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A loaded detector or segmenter: where from, which bytes, what it knows."""

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
    """What detector a job wants.

    Attributes:
        weights: Detection weights.
        iou: IoU of non-maximum suppression.
        image_size_px: Longer side of the model's input.
        device: ``auto``, ``cpu``, ``mps`` or ``cuda:N``.
        low_confidence: Nothing fainter is returned.
        at_once: How many models look at every frame at the same time, this one among them; on a
            CPU they share its cores.
    """

    weights: Path
    iou: float
    image_size_px: int
    device: str
    low_confidence: float = 0.05
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class SegmenterRequest:
    """What segmenter a job wants.

    Attributes:
        weights: Segmentation weights.
        iou: IoU of non-maximum suppression.
        image_size_px: Longer side of the model's input.
        device: ``auto``, ``cpu``, ``mps`` or ``cuda:N``.
        low_confidence: Nothing fainter is returned. Higher than the detector's, which feeds a
            tracker: a polygon for every faint box would be most of the work.
        classes: Names of the classes to look for, in any case of letters; empty means all.
        at_once: As for a detector.
    """

    weights: Path
    iou: float
    image_size_px: int
    device: str
    low_confidence: float = 0.25
    classes: tuple[str, ...] = ()
    at_once: int = 1


class Segmenter(Protocol):
    """Finds objects and their outlines. Used by one worker at a time; a context manager."""

    @property
    def info(self) -> ModelInfo:
        """What is loaded and where it runs; its task is ``segment``."""
        ...

    @property
    def batch_size(self) -> int:
        """How many frames a call should bring for the best speed on this device."""
        ...

    def segment(self, frames: Sequence[Frame]) -> list[Segments]:
        """Return what each frame shows, most confident first; frames may differ in size.

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


@dataclass(frozen=True, slots=True)
class FaceRequest:
    """What face finder a job wants.

    Attributes:
        device: ``auto``, ``cpu``, ``mps`` or ``cuda:N``.
        confidence: Nothing fainter is returned.
        smallest_px: Side of the smallest face that is looked for, in pixels of the full-size
            frame. Work grows with the inverse of its square.
        at_once: As for a detector.
    """

    device: str
    confidence: float = 0.9
    smallest_px: int = 20
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class FaceModelInfo:
    """A loaded face finder: which one, which bytes, where it runs."""

    name: str
    sha256: str
    device: DeviceInfo


class FaceFinder(Protocol):
    """Finds faces. Used by one worker at a time; a context manager."""

    @property
    def info(self) -> FaceModelInfo:
        """What is loaded and where it runs."""
        ...

    @property
    def batch_size(self) -> int:
        """How many frames a call should bring for the best speed on this device."""
        ...

    def find(self, frames: Sequence[Frame]) -> list[Faces]:
        """Return each frame's faces, most confident first, untracked; frames may differ in size.

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


class FaceTracker(Protocol):
    """Joins faces of successive frames into tracks of their own; frames may lie far apart."""

    def update(self, faces: Faces, time_s: float) -> Faces:
        """Return the same faces, in the same order, with track ids, from 1 on.

        Args:
            faces: All faces of the next frame in which faces were looked for.
            time_s: Its time from the first picture; must increase from call to call.
        """
        ...

    def cut(self) -> None:
        """End every track: the next frame belongs to another scene. Ids are not used again."""
        ...


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be fetched.

    Attributes:
        url: Where from; https.
        target: Where to; must not be there.
        size_bytes: Its exact size.
        sha256: Hash of its bytes, hexadecimal.
    """

    url: str
    target: Path
    size_bytes: int
    sha256: str

    @property
    def part(self) -> Path:
        """Where it grows until it is whole."""
        return self.target.with_name(f"{self.target.name}.part")


class VisionFactory(Protocol):
    """Makes the models a job needs; loads torch at its first call, never before."""

    def inspect(self, path: Path) -> WeightsFacts:
        """Look into a weights file without running anything that is written in it.

        Detection and segmentation models are tried; a model of another task is only described.

        Raises:
            WeightsMissing: If the file is not there.
            WeightsUnusable: If it cannot be loaded safely, or its model cannot be used.
        """
        ...

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

    def segmenter(self, request: SegmenterRequest) -> Segmenter:
        """Load a segmenter.

        Raises:
            WeightsMissing: If the file is not there.
            WeightsUnusable: If it cannot be loaded safely or is not a segmentation model.
            SettingsError: If the weights know none of the classes that are wanted.
            DeviceError: If the device is not there.
        """
        ...

    def face_finder(self, request: FaceRequest) -> FaceFinder:
        """Load a face finder; its weights are part of the installation.

        Raises:
            WeightsMissing: If the installation lacks them.
            WeightsUnusable: If they are damaged.
            DeviceError: If the device is not there.
        """
        ...

    def face_tracker(self) -> FaceTracker:
        """Return a fresh tracker of faces."""
        ...


class Downloads(Protocol):
    """Fetches files from the network. Opens no connection but in ``get``."""

    def get(
        self,
        wanted: Download,
        progress: Callable[[Transfer], None],
        cancel: CancelSignal,
    ) -> None:
        """Fetch a file; it gets its name only when size and SHA-256 are right.

        What a broken or cancelled fetch got stays beside the target as ``.part``, and the next
        one goes on from there.

        Args:
            wanted: What to fetch, and where to.
            progress: Told several times a second.
            cancel: Ends it early.

        Raises:
            Cancelled: If the signal was seen.
            NoNetwork: If nobody answers, or the connection keeps breaking.
            DownloadDamaged: If something else arrived; it is thrown away.
            DownloadError: If the server refuses.
            NoSpace: If the disk cannot hold it.
            NotWritable: If the folder cannot be written to.
        """
        ...
