"""The stages of one run between the first frame read and the last frame written.

::

    decode ─► detect (batched) ─► track, store (1 s chunks), overlay ─► paint, encode, preview

Decoded once, encoded once. Each stage is a worker on the run's own pool; bounded channels join
them, so memory does not depend on the clip's length.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.artifacts.paint import Painter, preview
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import Cancelled, CancelSignal, Emit, PreviewPicture
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.pools import Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.overlay import Overlay, Overlays
    from codefx_desktop.domain.ports import Detector, Tracker
    from codefx_desktop.jobs.progress import ProgressMeter
    from codefx_desktop.store.detections import DetectionWriter
    from codefx_desktop.video.reader import FrameReader
    from codefx_desktop.video.writer import VideoWriter

PREVIEW_EVERY_S = 1 / 30
CHUNK_S = 1.0
CHANNEL_BYTES = 96 * 1024 * 1024
CHANNEL_FRAMES = 8


@dataclass(frozen=True, slots=True)
class Parts:
    """What one run's stages work with; each is used by one stage only."""

    reader: FrameReader
    detector: Detector
    tracker: Tracker
    overlays: Overlays
    detections: DetectionWriter
    painter: Painter
    writer: VideoWriter


@dataclass(frozen=True, slots=True)
class _Found:
    frame: Frame
    detections: Detections


@dataclass(frozen=True, slots=True)
class _Drawn:
    frame: Frame
    overlay: Overlay


def channel_size(width: int, height: int) -> int:
    """Return how many frames may wait between two stages, bounded in bytes."""
    return int(np.clip(CHANNEL_BYTES // (width * height * 3), 2, CHANNEL_FRAMES))


class Pipeline:
    """Runs the stages of one job.

    Args:
        job_id: The job.
        parts: What the stages work with.
        size: Frames that may wait between two stages.
        meter: Told about every frame.
        emit: Receives preview pictures.
        cancel: Asked between two frames.
        wants_preview: Whether anybody looks at the preview.
    """

    def __init__(
        self,
        job_id: str,
        parts: Parts,
        size: int,
        meter: ProgressMeter,
        emit: Emit,
        cancel: CancelSignal,
        *,
        wants_preview: bool,
    ) -> None:
        self._job_id = job_id
        self._parts = parts
        self._meter = meter
        self._emit = emit
        self._cancel = cancel
        self._wants_preview = wants_preview
        batch = parts.detector.batch_size
        self._frames: Channel[Frame] = Channel(max(size, batch))
        self._found: Channel[_Found] = Channel(size)
        self._drawn: Channel[_Drawn] = Channel(size)

    def run(self) -> None:
        """Run all stages to the end of the clip.

        Raises:
            Cancelled: If the person cancelled.
            CodefxError: Whatever trouble the first failing stage had.
        """
        channels = (self._frames, self._found, self._drawn)

        def stop() -> None:
            for channel in channels:
                channel.stop()

        Group(stop).run([self._decode, self._detect, self._track, self._render])

    def _decode(self) -> None:
        for frame in self._parts.reader:
            if self._cancel.is_set():
                raise Cancelled
            self._frames.put(frame)
        self._frames.close()

    def _detect(self) -> None:
        detector = self._parts.detector
        done = 0
        while frames := self._frames.take(detector.batch_size):
            with _busy() as busy:
                results = detector.detect(frames)
            done += len(frames)
            self._meter.advance(Stage.DETECTING, done, busy())
            for frame, detections in zip(frames, results, strict=True):
                self._found.put(_Found(frame, detections))
        self._meter.complete(Stage.DETECTING)
        self._found.close()

    def _track(self) -> None:
        parts = self._parts
        chunk: list[FrameFindings] = []
        for done, item in enumerate(self._found, start=1):
            frame = item.frame
            with _busy() as busy:
                tracked = parts.tracker.update(item.detections, frame.time.seconds)
                overlay = parts.overlays.build(frame.number, frame.time.seconds, tracked)
                chunk.append(FrameFindings(frame.number, frame.time, tracked))
                if frame.time.seconds - chunk[0].time.seconds >= CHUNK_S:
                    parts.detections.append(chunk)
                    chunk = []
            self._meter.advance(Stage.TRACKING, done, busy())
            self._drawn.put(_Drawn(frame, overlay))
        if chunk:
            parts.detections.append(chunk)
        self._meter.complete(Stage.TRACKING)
        self._drawn.close()

    def _render(self) -> None:
        parts = self._parts
        shown_at = float("-inf")
        unseen: Callable[[], None] | None = None
        for done, item in enumerate(self._drawn, start=1):
            with _busy() as busy:
                picture = parts.painter.paint(item.frame.pixels, item.overlay)
                parts.writer.write(picture, item.frame.time.ticks)
            now = time.monotonic()
            unseen = partial(self._show, item, picture)
            if self._wants_preview and now - shown_at >= PREVIEW_EVERY_S:
                shown_at, unseen = now, None
                self._show(item, picture)
            self._meter.advance(Stage.RENDERING, done, busy())
        if self._wants_preview and unseen is not None:
            unseen()  # the last picture stays on screen when the job is done

    def _show(self, item: _Drawn, picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
        pixels = preview(picture)
        pixels.setflags(write=False)
        self._emit(PreviewPicture(self._job_id, item.frame.number, item.frame.time.seconds, pixels))


@contextmanager
def _busy() -> Iterator[Callable[[], float]]:
    """Measure a block; the yielded function returns its seconds."""
    start = time.perf_counter()
    end: list[float] = []
    yield lambda: (end[0] if end else time.perf_counter()) - start
    end.append(time.perf_counter())
