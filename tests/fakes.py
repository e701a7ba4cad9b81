"""Stand-ins for the models, without torch: deterministic, fast, and able to misbehave on demand.

They pass the same contract suites as the real ones (``tests/contracts``). Usage::

    vision = FakeVision(FakeScript(fail_at=12))
    run_job(task, vision, emit, cancel)
    assert vision.detectors[0].closed
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from fake_trackers import FakeFaceTracker, FakeTracker
from fake_values import brightest_block, detections, faces, rectangles

from codefx_desktop.domain.errors import (
    CodefxError,
    DeviceError,
    SettingsError,
    WeightsMissing,
    WeightsUnusable,
)
from codefx_desktop.domain.models import ModelTask, WeightsFacts
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

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame

__all__ = ["FakeScript", "FakeVision", "brightest_block", "detections", "faces", "rectangles"]

FAKE_DEVICE = DeviceInfo("cpu", "Fake processor", "a test asked for it", 8 * 2**30)
CLASS_NAMES = ("car", "wheel", "crew", "wheel_gun", "jack")


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


class FakeVision:
    """Maker of fakes; remembers what it made.

    Attributes:
        detectors: Every detector it made.
        trackers: Every tracker it made.
        segmenters: Every segmenter it made.
        face_finders: Every face finder it made.
        face_trackers: Every tracker of faces it made.
        inspected: Every file it looked into.
    """

    def __init__(self, script: FakeScript | None = None, **changes: object) -> None:
        self.script = replace(script or FakeScript(), **changes)
        self.detectors: list[FakeDetector] = []
        self.trackers: list[FakeTracker] = []
        self.segmenters: list[FakeSegmenter] = []
        self.face_finders: list[FakeFaceFinder] = []
        self.face_trackers: list[FakeFaceTracker] = []
        self.inspected: list[Path] = []

    def inspect(self, path: Path) -> WeightsFacts:
        """A file's beginning says what it is: ``bad``, ``pose``, ``seg``, else a detector."""
        if not path.is_file():
            raise WeightsMissing(f"{path} is not there.", path=path)
        self.inspected.append(path)
        data = path.read_bytes()
        if path.suffix.lower() != ".pt" or data.startswith(b"bad"):
            raise WeightsUnusable(
                f"{path.name} cannot be loaded.", hint="Choose another file.", path=path
            )
        task = ModelTask.DETECT
        if data.startswith(b"pose"):
            task = ModelTask.OTHER
        elif data.startswith(b"seg") or "seg" in path.stem:
            task = ModelTask.SEGMENT
        words = {
            ModelTask.DETECT: "detection",
            ModelTask.SEGMENT: "segmentation",
            ModelTask.OTHER: "pose",
        }
        sha256 = hashlib.sha256(data).hexdigest()
        return WeightsFacts(task, words[task], CLASS_NAMES, 1_000, len(data), sha256)

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
