"""The stage that paints frames, encodes them, shows them, and hands pictures to the artifacts."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from codefx_desktop.artifacts.blur_faces import HOLD_S, FaceMemory, coming_boxes, hide, together
from codefx_desktop.artifacts.paint import Painter, preview
from codefx_desktop.domain.outlines import Faces
from codefx_desktop.domain.run import Emit, PreviewPicture
from codefx_desktop.jobs.artifact_stage import Shot
from codefx_desktop.jobs.progress import busy

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.overlay import Overlay
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.jobs.artifact_stage import ArtifactStage

PREVIEW_EVERY_S: Final = 1 / 30
GLIMPSE_EVERY_S: Final = 1 / 12
"""Pictures that are painted for the preview alone cost time that looking at frames needs."""
AHEAD_BYTES: Final = 96 * 1024 * 1024
"""What pictures may take that wait for faces to appear; 16 of 1080p, 4 of 4K."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A frame with what is to be drawn on it."""

    frame: Frame
    found: FrameFindings
    overlay: Overlay


def frames_ahead(width: int, height: int) -> int:
    """Return how many frames faces are hidden before they are first found, at most."""
    return max(2, AHEAD_BYTES // (width * height * 3))


class Hiding:
    """Hides faces in frames that pass by in order.

    In every picture a face is hidden where it is found in that very frame; for 0.4 s of footage
    after it was found, where it was last, and for 0.4 s before it is found, where it will be,
    both growing with the time between (``FaceMemory``). Of the time before, frames are only held
    back as far as ``frames_ahead`` of them reach: that is all of 0.4 s up to 1080p at 30 frames
    per second. A face that is never found is not hidden.

    Args:
        ahead: Frames that may be held back.
    """

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead
        self._memory = FaceMemory()
        self._held: deque[Drawn] = deque()

    def hidden(self, items: Iterable[Drawn]) -> Iterator[tuple[Drawn, Pixels]]:
        """Yield each frame with its picture, in which faces are hidden."""
        for item in items:
            self._held.append(item)
            while len(self._held) > self._ahead or _span_s(self._held) > HOLD_S:
                yield self._next()
        while self._held:
            yield self._next()

    def _next(self) -> tuple[Drawn, Pixels]:
        seen = [(item.frame.time.seconds, _faces(item)) for item in self._held]
        item = self._held.popleft()
        time_s, faces = seen[0]
        boxes = together(self._memory.update(faces, time_s), coming_boxes(seen))
        return item, hide(item.frame.pixels, boxes) if len(boxes) else item.frame.pixels


def _faces(item: Drawn) -> Faces:
    return Faces.empty() if item.found.faces is None else item.found.faces


def _span_s(held: deque[Drawn]) -> float:
    return held[-1].frame.time.seconds - held[0].frame.time.seconds


class PictureSink(Protocol):
    """Takes painted pictures in order: ``video.writer.VideoWriter``, or what hands them to one."""

    def write(self, pixels: Pixels, ticks: int) -> None:
        """Take the next picture, RGB (H, W, 3) uint8, and its time in the clip's own units."""
        ...


class FrameCounter(Protocol):
    """Told how many frames are done: a stage's meter, or that of an export."""

    def advance(self, done: int, busy_s: float = 0.0) -> None:
        """Take how many frames were dealt with in all, and how long the newest ones took."""
        ...


@dataclass(slots=True, eq=False)
class Renderer:
    """Paints frames and encodes them. For one worker.

    Attributes:
        job_id: The job.
        plan: What is looked for.
        confidence: Fainter segments are not painted.
        painter: Paints pictures of the clip's size.
        writer: The annotated video; None where that is drawn in a later pass.
        emit: Receives preview pictures; None where nobody looks at them.
        artifacts: Writes frames' pictures; None where none are to be written now.
        wanted: Numbers of the frames that get artifacts.
        over: Draws what is told of pit stops over a painted picture; None where nothing is.
    """

    job_id: str
    plan: StagePlan
    confidence: float
    painter: Painter
    writer: PictureSink | None
    emit: Emit | None
    artifacts: ArtifactStage | None = None
    wanted: Container[int] = ()
    over: Callable[[Pixels, Frame], None] | None = None
    _shown_at: float = float("-inf")
    _unseen: Callable[[], None] | None = None

    def work(self, inbox: Iterable[Drawn], progress: FrameCounter) -> None:
        """Be the stage: render until no more frames come.

        Raises:
            Stopped: If the run was stopped.
            EncodeError: If the encoder fails.
            NoSpace: If the disk is full.
        """
        for done, (item, pixels) in enumerate(self._pictures(inbox), start=1):
            shot = shot_of(item, pixels, self.confidence)
            picture = None
            with busy() as spent:
                if self.writer is not None:
                    picture = self._paint(item, shot)
                    self.writer.write(picture, item.frame.time.ticks)
            if self.artifacts is not None and item.frame.number in self.wanted:
                self.artifacts.show(shot)
            if self.emit is not None:
                self._preview(item, shot, picture, self.emit)
            progress.advance(done, spent())
        if self._unseen is not None:
            self._unseen()  # the last picture stays on screen when the job is done

    def _pictures(self, inbox: Iterable[Drawn]) -> Iterable[tuple[Drawn, Pixels]]:
        if self.plan.blur_faces:
            return Hiding(frames_ahead(*self.painter.size)).hidden(inbox)
        return ((item, item.frame.pixels) for item in inbox)

    def _paint(self, item: Drawn, shot: Shot) -> Pixels:
        """Paint the video's picture: what was looked for in some frames only would flicker."""
        segments = shot.segments if self.plan.segments_everywhere else None
        faces = shot.faces if self.plan.faces_everywhere else None
        picture = self.painter.paint(shot.pixels, shot.overlay, segments, faces)
        if self.over is not None:
            self.over(picture, item.frame)
        return picture

    def _preview(self, item: Drawn, shot: Shot, picture: Pixels | None, emit: Emit) -> None:
        now = time.monotonic()
        every_s = PREVIEW_EVERY_S if self.writer is not None else GLIMPSE_EVERY_S
        self._unseen = partial(self._show, item, shot, picture, emit)
        if now - self._shown_at >= every_s:
            self._shown_at, self._unseen = now, None
            self._show(item, shot, picture, emit)

    def _show(self, item: Drawn, shot: Shot, picture: Pixels | None, emit: Emit) -> None:
        pixels = preview(self._paint(item, shot) if picture is None else picture)
        pixels.setflags(write=False)
        emit(PreviewPicture(self.job_id, item.frame.number, item.frame.time.seconds, pixels))


def shot_of(item: Drawn, pixels: Pixels, confidence: float) -> Shot:
    """Return what a frame's pictures are made of, segments at the job's confidence."""
    segments = item.found.segments
    shown = None if segments is None else segments.at_least(confidence)
    return Shot(item.frame.number, pixels, item.overlay, shown, item.found.faces)
