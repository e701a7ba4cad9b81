"""Draws frames of a clip anew from what is stored and corrected; no model is needed.

::

    decode, with what is stored of the frame ─► corrections, overlay ─► paint, encode

The same painting as in a run: what is hidden there is hidden here. Frames keep their times.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.stop_camera import stop_camera
from codefx_desktop.analysis.zone_visits import placed_zones
from codefx_desktop.artifacts.blur_faces import HOLD_S
from codefx_desktop.artifacts.paint import Painter
from codefx_desktop.artifacts.paint_stop import paint_stop
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.frame import Frame, Pixels
from codefx_desktop.domain.overlay import TRAIL_S, Overlay, Overlays
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.stop_overlay import PanelCorner, StopOverlay
from codefx_desktop.domain.stop_overlays import StopOverlays
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.pipeline import channel_size
from codefx_desktop.jobs.pools import Group
from codefx_desktop.jobs.rendering import Drawn, Hiding, Renderer, frames_ahead
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.writer import ClipAudio, VideoWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.job import OutputFile
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.corrected_job import CorrectedJob
    from codefx_desktop.video.encoders import Encoder
    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)

Over = Callable[[Pixels, Frame], None]
"""Draws over a painted picture, in place."""

LEAD_S: Final = max(HOLD_S, TRAIL_S)
"""A cut is worked on from so long before it: trails and hidden faces come from there."""
_ENCODING: Final = 0.9
"""How much of the work is drawn and encoded; the rest is putting the file together."""


@dataclass(frozen=True, slots=True)
class Span:
    """Frames of a clip, both ends included."""

    first: int
    last: int

    def __len__(self) -> int:
        """Return how many they are."""
        return self.last - self.first + 1


def span_around(index: FrameIndex, begins_s: float, ends_s: float) -> Span:
    """Return the frames from the one on screen at an instant to the one on screen at another."""
    first = index.number_at(max(begins_s, 0.0))
    return Span(first, max(first, index.number_at(max(ends_s, 0.0))))


class StopsOver:
    """Draws what is told of a job's stops over pictures.

    Args:
        job: The job.
    """

    def __init__(self, job: CorrectedJob) -> None:
        self._overlays: StopOverlays | None = None
        seen, stops = job.seen, [told.stop for told in job.stops]
        if seen is not None and stops:
            self._overlays = StopOverlays(
                stops,
                [placed_zones(stop.car, job.camera, seen) for stop in stops],
                seen.width,
                seen.height,
                cameras=[stop_camera(stop, seen) for stop in stops],
            )

    def __call__(self, picture: Pixels, frame: Frame) -> None:
        """Draw over a picture, in place."""
        if (overlay := self._at(frame)) is not None:
            paint_stop(picture, overlay)

    def is_at_top_left(self, frame: Frame) -> bool:
        """Return whether the stop's panel takes that corner of a frame."""
        overlay = self._at(frame)
        return overlay is not None and overlay.panel is PanelCorner.TOP_LEFT

    def _at(self, frame: Frame) -> StopOverlay | None:
        if self._overlays is None:
            return None
        return self._overlays.at(frame.number, frame.time.seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Redrawing:
    """Draws frames of one job.

    Attributes:
        job: The job, as people corrected it.
        clip: Its clip.
        cancel: Asked between two frames.
        draw: Whether boxes, trails and stops are drawn.
        files: The job's detections and its clip, open; None: each picture opens them.
    """

    job: CorrectedJob
    clip: ProbedClip
    cancel: CancelSignal
    draw: bool = True
    files: tuple[DetectionReader, FrameAccess] | None = None

    @contextmanager
    def opened(self) -> Iterator[Redrawing]:
        """Yield what draws many pictures: their files are opened once.

        Raises:
            CodefxError: If one of them cannot be read.
        """
        layout = layout_of(self.job.record)
        with DetectionReader(layout.detections) as store, FrameAccess(self.clip) as frames:
            yield replace(self, files=(store, frames))

    def write(
        self,
        target: Path,
        span: Span,
        encoder: Encoder,
        over: tuple[Over, ...] = (),
        progress: Callable[[float], None] = lambda _: None,
    ) -> OutputFile:
        """Write frames as a video with sound, whole or not at all.

        Args:
            target: Where to; replaced if it is there.
            span: Which frames.
            encoder: What encodes them.
            over: What is drawn over each picture.
            progress: Told 0 to 1.

        Raises:
            Cancelled: If the signal was seen; nothing is left.
            CodefxError: If the clip cannot be read, or the video not be written.
        """
        part = target.with_name(f"{target.name}.part")
        try:
            count = self._encode(part, span, encoder, over, lambda done: progress(_ENCODING * done))
            is_whole = count == len(span)  # a picture may turn out to be broken
            return finalise(
                part,
                target,
                expected_frames=count,
                expected_index=_cut_index(self.clip.index, span) if is_whole else None,
                audio=self._sound(span),
                progress=lambda done: progress(_ENCODING + (1 - _ENCODING) * done),
                cancel=self.cancel,
            )
        finally:
            with suppress(OSError):  # what went wrong first is what is told
                part.unlink(missing_ok=True)

    def picture(self, number: int, over: tuple[Over, ...] = ()) -> Pixels:
        """Return one frame drawn, RGB (H, W, 3) uint8.

        Raises:
            CodefxError: If it cannot be read.
        """
        kept = _Kept()
        renderer = self._renderer(_Window(kept, Span(number, number), self.clip.index), over)
        renderer.work(self._items(Span(number, number)), _Counted(self.cancel))
        if kept.pixels is None:
            path = self.clip.info.path
            raise ClipUnreadable(
                f"Frame {number} of {path.name} cannot be decoded.",
                hint="Choose another frame.",
                path=path,
            )
        return kept.pixels

    # -- inside -------------------------------------------------------------------------------

    def _encode(
        self,
        part: Path,
        span: Span,
        encoder: Encoder,
        over: tuple[Over, ...],
        progress: Callable[[float], None],
    ) -> int:
        info, index = self.clip.info, self.clip.index
        part.parent.mkdir(parents=True, exist_ok=True)
        drawn: Channel[Drawn] = Channel(channel_size(info.width, info.height))
        with VideoWriter(
            part,
            width=info.width,
            height=info.height,
            time_base=index.time_base,
            average_rate=info.average_rate,
            preset=self.job.record.spec.quality,
            encoder=encoder,
        ) as writer:
            renderer = self._renderer(_Window(writer, span, index), over)
            meter = _Counted(self.cancel, progress, len(self._around(span)))

            def fetch() -> None:
                for item in self._items(span):
                    drawn.put(item)
                drawn.close()

            Group(drawn.stop).run([fetch, lambda: renderer.work(drawn, meter)])
            return writer.finish()

    def _renderer(self, window: _Window, over: tuple[Over, ...]) -> Renderer:
        record, info = self.job.record, self.clip.info

        def draw_over(picture: Pixels, frame: Frame) -> None:
            for one in over:
                one(picture, frame)

        plan, confidence = record.spec.plan, record.spec.confidence
        if not self.draw:
            plan = replace(plan, blur_faces=False)  # faces were hidden before, and no box is drawn
        painter = Painter(info.width, info.height)
        return Renderer(record.id, plan, confidence, painter, window, None, over=draw_over)

    def _around(self, span: Span) -> Span:
        """Return the frames that are worked on for a span: some before and after it, too."""
        index, hides = self.clip.index, self.job.record.spec.plan.blur_faces
        before_s = LEAD_S if self.draw or hides else 0.0
        begins_s = index.time(span.first).seconds - before_s
        after_s = HOLD_S if hides else 0.0
        return span_around(index, begins_s, index.time(span.last).seconds + after_s)

    def _items(self, span: Span) -> Iterator[Drawn]:
        if self.draw:
            yield from self._found(span)
            return
        info, items = self.clip.info, self._found(span)
        hides = self.job.record.spec.plan.blur_faces
        ahead = frames_ahead(info.width, info.height)
        for item, pixels in Hiding(ahead).hidden(items) if hides else _as_they_are(items):
            frame = Frame(item.frame.number, item.frame.time, pixels)
            bare = FrameFindings(frame.number, frame.time)
            yield Drawn(frame, bare, Overlay(frame.number, frame.time.seconds))

    def _found(self, span: Span) -> Iterator[Drawn]:
        plan, corrections = self.job.record.spec.plan, self.job.corrections
        looked = plan.segments_everywhere or plan.faces_everywhere or plan.blur_faces
        around = self._around(span)
        detections = layout_of(self.job.record).detections
        reading = DetectionReader(detections) if self.files is None else nullcontext(self.files[0])
        with reading as store:
            overlays = Overlays(store.class_names, 0.0)  # what does not count is left out before
            kept = store.frames(around.first, around.last + 1, with_outlines=looked)
            found = next(kept, None)
            for frame in self._frames(around):
                if self.cancel.is_set():
                    raise Cancelled
                while found is not None and found.number < frame.number:
                    found = next(kept, None)
                here = FrameFindings(frame.number, frame.time)
                if found is not None and found.number == frame.number:
                    here = corrections.of(found)
                shown = here.detections or Detections.empty()
                overlay = overlays.build(frame.number, frame.time.seconds, shown)
                yield Drawn(frame, here, overlay)

    def _frames(self, span: Span) -> Iterator[Frame]:
        if span.first == 0 and span.last == len(self.clip.index) - 1:
            with FrameReader(self.clip) as reader:
                yield from reader
            return
        access = FrameAccess(self.clip) if self.files is None else nullcontext(self.files[1])
        with access as frames:
            for number in range(span.first, span.last + 1):
                try:
                    yield frames.exact(number, cancel=self.cancel)
                except ClipUnreadable as error:
                    log.warning("Frame %d is left out: %s", number, error)

    def _sound(self, span: Span) -> ClipAudio | None:
        info, index = self.clip.info, self.clip.index
        if not info.has_audio:
            return None
        start_s = int(index.pts[0]) * index.time_base
        if len(span) == len(index):
            return ClipAudio(info.path, start_s)
        begins_s, until = index.time(span.first).exact_s, index.time(span.last).exact_s
        frame_s = 1 / (info.average_rate or Fraction(30))
        if span.last + 1 < len(index):
            frame_s = index.time(span.last + 1).exact_s - until
        return ClipAudio(info.path, start_s, begins_s, until + frame_s - begins_s)


class _Kept:
    """Keeps one picture."""

    def __init__(self) -> None:
        self.pixels: Pixels | None = None

    def write(self, pixels: Pixels, _ticks: int) -> None:
        """Keep a picture."""
        self.pixels = pixels


class _Window:
    """Hands on the pictures of a span, the first at time 0; those around it are left out."""

    def __init__(self, sink: _Kept | VideoWriter, span: Span, index: FrameIndex) -> None:
        self._sink = sink
        self._first, self._last = int(index.ticks[span.first]), int(index.ticks[span.last])

    def write(self, pixels: Pixels, ticks: int) -> None:
        """Take the next picture."""
        if self._first <= ticks <= self._last:
            self._sink.write(pixels, ticks - self._first)


class _Counted:
    """Counts frames; a stage's meter as far as a renderer uses one."""

    def __init__(
        self,
        cancel: CancelSignal,
        progress: Callable[[float], None] = lambda _: None,
        total: int = 1,
    ) -> None:
        self._cancel, self._progress, self._total = cancel, progress, total

    def advance(self, done: int, _busy_s: float = 0.0) -> None:
        """Take how many frames are done.

        Raises:
            Cancelled: If the signal was seen.
        """
        if self._cancel.is_set():
            raise Cancelled
        self._progress(min(1.0, done / self._total))


def _as_they_are(items: Iterator[Drawn]) -> Iterator[tuple[Drawn, Pixels]]:
    return ((item, item.frame.pixels) for item in items)


def _cut_index(index: FrameIndex, span: Span) -> FrameIndex:
    """Return the times that the frames of a span have in a video of their own."""
    rows = slice(span.first, span.last + 1)
    ticks = index.ticks[rows] - index.ticks[span.first]
    keyframe = np.zeros(len(span), np.bool_)
    return FrameIndex(ticks, index.pts[rows].copy(), keyframe, index.time_base)
