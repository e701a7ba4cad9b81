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
from codefx_desktop.domain.errors import (
    CodefxError,
    DeviceError,
    SettingsError,
    WeightsMissing,
)
from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.domain.ports import (
    DetectorRequest,
    DeviceInfo,
    FaceModelInfo,
    FaceRequest,
    ModelInfo,
    SegmenterRequest,
)

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
        segments: What is segmented in a frame; by default the rectangle round its bright pixels.
        faces: What faces a frame shows; by default one in the place of its bright pixels.
        segment_error: Raised when the segmenter is asked for.
        face_error: Raised when the face finder is asked for.
        segment_fail_at: Number of the frame at which the segmenter raises ``error``.
        face_fail_at: Number of the frame at which the face finder raises ``error``.
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
    segments: Callable[[Frame], Segments] | None = None
    faces: Callable[[Frame], Faces] | None = None
    segment_error: CodefxError | None = None
    face_error: CodefxError | None = None
    segment_fail_at: int | None = None
    face_fail_at: int | None = None


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


def faces(boxes: Sequence[Sequence[float]], confidence: float | Sequence[float] = 0.99) -> Faces:
    """Build untracked faces from plain boxes; their points lie where they do in a face."""
    n = len(boxes)
    xyxy = np.array(boxes, np.float32).reshape(n, 4)
    places = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]], np.float32)
    return Faces(
        xyxy,
        np.broadcast_to(np.array(confidence, np.float32), (n,)).copy(),
        xyxy[:, None, :2] + places * (xyxy[:, None, 2:] - xyxy[:, None, :2]),
        np.full(n, NO_TRACK, np.int32),
    )


def rectangles(boxes: Sequence[Sequence[float]], class_id: int = 0) -> Segments:
    """Build segments whose outlines are their boxes."""
    found = detections(boxes, class_id=class_id)
    corners = [[(0, 1), (2, 1), (2, 3), (0, 3)]] * len(boxes)
    outlines = tuple(
        (np.array([[box[x], box[y]] for x, y in ring], np.float32),)
        for box, ring in zip(found.xyxy, corners, strict=True)
    )
    return Segments(found.xyxy, found.confidence, found.class_id, outlines)


class _FakeModel:
    """What the fakes beside the detector have in common.

    Attributes:
        seen: Numbers of the frames it was given, in order.
        opened: Whether it was entered.
        closed: Whether it was left.
    """

    def __init__(self, script: FakeScript, fail_at: int | None) -> None:
        self.script = script
        self.fail_at = fail_at
        self.seen: list[int] = []
        self.opened = False
        self.closed = False

    @property
    def batch_size(self) -> int:
        return self.script.batch_size

    def look(self, frame: Frame) -> None:
        if not self.opened or self.closed:
            raise RuntimeError("the model is not open")
        self.seen.append(frame.number)
        if self.script.delay_s:
            time.sleep(self.script.delay_s)
        if frame.number == self.fail_at:
            raise self.script.error

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


class FakeSegmenter(_FakeModel):
    """Segmenter without a model; its classes are those of the fake detector."""

    def __init__(self, request: SegmenterRequest, script: FakeScript = FakeScript()) -> None:
        super().__init__(script, script.segment_fail_at)
        self.request = request
        wanted = {name.casefold() for name in request.classes} or set(CLASS_NAMES)
        self._class_ids = [i for i, name in enumerate(CLASS_NAMES) if name in wanted]
        if not self._class_ids:
            raise SettingsError(
                f"The weights know none of {', '.join(request.classes)}.",
                hint=f"Choose among {', '.join(CLASS_NAMES)}.",
            )

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(
            self.request.weights,
            "1" * 64,
            "segment",
            CLASS_NAMES,
            self.request.image_size_px,
            FAKE_DEVICE,
        )

    def segment(self, frames: Sequence[Frame]) -> list[Segments]:
        return [self._segment(frame) for frame in frames]

    def _segment(self, frame: Frame) -> Segments:
        self.look(frame)
        if self.script.segments is not None:
            found = self.script.segments(frame)
        else:
            found = rectangles(brightest_block(frame).xyxy.tolist())
        kept = np.isin(found.class_id, self._class_ids)
        kept &= found.confidence >= self.request.low_confidence
        outlines = tuple(o for o, keep in zip(found.polygons, kept, strict=True) if keep)
        return Segments(found.xyxy[kept], found.confidence[kept], found.class_id[kept], outlines)


class FakeFaceFinder(_FakeModel):
    """Face finder without a model."""

    def __init__(self, request: FaceRequest, script: FakeScript = FakeScript()) -> None:
        super().__init__(script, script.face_fail_at)
        self.request = request

    @property
    def info(self) -> FaceModelInfo:
        return FaceModelInfo("fake faces 1.0", "2" * 64, FAKE_DEVICE)

    def find(self, frames: Sequence[Frame]) -> list[Faces]:
        return [self._find(frame) for frame in frames]

    def _find(self, frame: Frame) -> Faces:
        self.look(frame)
        made = self.script.faces or (lambda seen: faces(brightest_block(seen).xyxy.tolist()))
        found = made(frame)
        sides = found.xyxy[:, 2:] - found.xyxy[:, :2]
        kept = found.confidence >= self.request.confidence
        kept &= sides.min(axis=1, initial=np.inf) >= self.request.smallest_px
        return Faces(
            found.xyxy[kept], found.confidence[kept], found.landmarks[kept], found.track_id[kept]
        )


class FakeFaceTracker:
    """Joins faces as the fake tracker joins boxes; a pause of a second ends all."""

    def __init__(self) -> None:
        self._inner = FakeTracker()
        self._first_id = 0
        self._last_id = 0
        self._time_s = -np.inf

    def update(self, faces: Faces, time_s: float) -> Faces:
        if not time_s > self._time_s:
            raise ValueError(f"time must increase: {time_s} after {self._time_s}")
        if time_s - self._time_s > LOST_S:
            self.cut()
        self._time_s = time_s
        boxes = detections(faces.xyxy.tolist(), faces.confidence.tolist())
        ids = self._inner.update(boxes, time_s).track_id + np.int32(self._first_id)
        self._last_id = max([self._last_id, *ids.tolist()])
        return replace(faces, track_id=ids)

    def cut(self) -> None:
        self._inner = FakeTracker()
        self._first_id = self._last_id


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
        segmenters: Every segmenter it made.
        face_finders: Every face finder it made.
        face_trackers: Every tracker of faces it made.
    """

    def __init__(self, script: FakeScript | None = None, **changes: object) -> None:
        self.script = replace(script or FakeScript(), **changes)
        self.detectors: list[FakeDetector] = []
        self.trackers: list[FakeTracker] = []
        self.segmenters: list[FakeSegmenter] = []
        self.face_finders: list[FakeFaceFinder] = []
        self.face_trackers: list[FakeFaceTracker] = []

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

    def segmenter(self, request: SegmenterRequest) -> FakeSegmenter:
        if self.script.segment_error is not None:
            raise self.script.segment_error
        if not Path(request.weights).is_file():
            raise WeightsMissing(f"{request.weights} is not there.", path=request.weights)
        self.device(request.device)
        self.segmenters.append(FakeSegmenter(request, self.script))
        return self.segmenters[-1]

    def face_finder(self, request: FaceRequest) -> FakeFaceFinder:
        if self.script.face_error is not None:
            raise self.script.face_error
        self.device(request.device)
        self.face_finders.append(FakeFaceFinder(request, self.script))
        return self.face_finders[-1]

    def face_tracker(self) -> FakeFaceTracker:
        self.face_trackers.append(FakeFaceTracker())
        return self.face_trackers[-1]
