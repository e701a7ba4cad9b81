"""Stand-ins for the models, without torch: deterministic, fast, and able to misbehave on demand.

They pass the same contract suites as the real ones (``tests/contracts``). Usage::

    vision = FakeVision(FakeScript(fail_at=12))
    run_job(task, vision, emit, cancel)
    assert vision.detectors[0].closed
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.domain.errors import CodefxError, DeviceError, WeightsMissing
from codefx_desktop.domain.ports import DetectorRequest, DeviceInfo, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from codefx_desktop.domain.frame import Frame

FAKE_DEVICE = DeviceInfo("cpu", "Fake processor", "a test asked for it", 8 * 2**30)
CLASS_NAMES = ("car", "wheel", "crew", "wheel_gun", "jack")
BRIGHT = 200
NEW_TRACK = 0.25
LOW = 0.1
LOST_S = 1.0


@dataclass(frozen=True)
class FakeScript:
    """How a fake detector behaves.

    Attributes:
        boxes: What is found in a frame; by default the box round its bright pixels.
        fail_at: Number of the frame at which ``error`` is raised.
        error: What is raised there.
        delay_s: Time taken by each frame.
        batch_size: Frames wanted per call.
        largest_batch: More frames in a call do not fit in memory: ``batch_size`` is halved until
            they do, as the real one does.
        load_error: Raised when the detector is asked for.
    """

    boxes: Callable[[Frame], Detections] | None = None
    fail_at: int | None = None
    error: Exception = field(
        default_factory=lambda: DeviceError(
            "The device ran out of memory on a single picture.",
            hint="Close other programs or choose the CPU.",
        )
    )
    delay_s: float = 0.0
    batch_size: int = 2
    largest_batch: int | None = None
    load_error: CodefxError | None = None


def detections(
    boxes: Sequence[Sequence[float]],
    confidence: float | Sequence[float] = 0.9,
    class_id: int | Sequence[int] = 0,
    track_id: int | Sequence[int] = NO_TRACK,
) -> Detections:
    """Build detections from plain lists; scalars hold for all boxes."""
    n = len(boxes)
    return Detections(
        np.array(boxes, np.float32).reshape(n, 4),
        np.broadcast_to(np.array(confidence, np.float32), (n,)).copy(),
        np.broadcast_to(np.array(class_id, np.int16), (n,)).copy(),
        np.broadcast_to(np.array(track_id, np.int32), (n,)).copy(),
    )


def brightest_block(frame: Frame) -> Detections:
    """Return one box round all pixels whose channels are all bright, or nothing."""
    rows, columns = np.nonzero((frame.pixels >= BRIGHT).all(axis=2))
    if not len(rows):
        return Detections.empty()
    return detections([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]])


class FakeDetector:
    """Detector without a model.

    Attributes:
        seen: Numbers of the frames it was given, in order.
        opened: Whether it was entered.
        closed: Whether it was left.
    """

    def __init__(self, request: DetectorRequest, script: FakeScript = FakeScript()) -> None:
        self.request = request
        self.script = script
        self.seen: list[int] = []
        self.opened = False
        self.closed = False
        self._batch_size = script.batch_size

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(
            self.request.weights,
            "0" * 64,
            "detect",
            CLASS_NAMES,
            self.request.image_size_px,
            FAKE_DEVICE,
        )

    @property
    def batch_size(self) -> int:
        return self._batch_size

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        if not self.opened or self.closed:
            raise RuntimeError("the detector is not open")
        while (
            self.script.largest_batch is not None and self._batch_size > self.script.largest_batch
        ):
            self._batch_size = max(1, self._batch_size // 2)
        return [self._detect(frame) for frame in frames]

    def _detect(self, frame: Frame) -> Detections:
        self.seen.append(frame.number)
        if self.script.delay_s:
            time.sleep(self.script.delay_s)
        if frame.number == self.script.fail_at:
            raise self.script.error
        found = (self.script.boxes or brightest_block)(frame)
        return found.at_least(self.request.low_confidence)

    def __enter__(self) -> Self:
        self.opened = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closed = True


@dataclass
class _Track:
    id: int
    box: np.ndarray
    time_s: float
    misses: int = 0


class FakeTracker:
    """Joins boxes of any class greedily by overlap; lost tracks live for one second."""

    def __init__(self, frame_rate_hz: float = 30.0) -> None:
        self._tracks: list[_Track] = []
        self._next_id = 1
        self._time_s = -np.inf
        self._limit_s = LOST_S + 0.5 / frame_rate_hz

    def update(self, detections: Detections, time_s: float) -> Detections:
        if not time_s > self._time_s:
            raise ValueError(f"time must increase: {time_s} after {self._time_s}")
        self._time_s = time_s
        self._tracks = [
            t for t in self._tracks if t.misses == 0 or time_s - t.time_s <= self._limit_s
        ]
        free = list(self._tracks)
        ids = np.full(len(detections), NO_TRACK, np.int32)
        for i in np.argsort(-detections.confidence, kind="stable"):
            ids[i] = self._match(detections.xyxy[i], float(detections.confidence[i]), free)
        for track in free:
            track.misses += 1
        return detections.with_tracks(ids)

    def _match(self, box: np.ndarray, confidence: float, free: list[_Track]) -> int:
        if confidence <= LOW or not (box[2:] > box[:2]).all():
            return NO_TRACK
        best = max(free, key=lambda t: _overlap(t.box, box), default=None)
        if best is not None and _overlap(best.box, box) > 0.2:
            free.remove(best)
        elif confidence < NEW_TRACK:
            return NO_TRACK
        else:
            best = _Track(self._next_id, box, self._time_s)
            self._next_id += 1
            self._tracks.append(best)
        best.box, best.time_s, best.misses = box, self._time_s, 0
        return best.id


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    both = float(np.prod(np.clip(sides, 0, None)))
    area = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - both
    return both / area if area > 0 else 0.0


class FakeVision:
    """Maker of fakes; remembers what it made.

    Attributes:
        detectors: Every detector it made.
        trackers: Every tracker it made.
    """

    def __init__(self, script: FakeScript | None = None, **changes: object) -> None:
        self.script = replace(script or FakeScript(), **changes)
        self.detectors: list[FakeDetector] = []
        self.trackers: list[FakeTracker] = []

    def device(self, wanted: str) -> DeviceInfo:
        if wanted not in ("auto", "cpu"):
            raise DeviceError(f"There is no device {wanted}.", hint="Choose auto or cpu.")
        return FAKE_DEVICE

    def detector(self, request: DetectorRequest) -> FakeDetector:
        if self.script.load_error is not None:
            raise self.script.load_error
        if not Path(request.weights).is_file():
            raise WeightsMissing(f"{request.weights} is not there.", path=request.weights)
        self.device(request.device)
        self.detectors.append(FakeDetector(request, self.script))
        return self.detectors[-1]

    def tracker(self, frame_rate_hz: float) -> FakeTracker:
        self.trackers.append(FakeTracker(frame_rate_hz))
        return self.trackers[-1]
