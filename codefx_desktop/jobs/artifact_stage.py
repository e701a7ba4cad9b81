"""The stage that writes frames' artifacts, on a few workers.

The pictures of a frame are written as soon as it is painted; what is said about it as soon as the
number of its scene is settled. Whichever comes second has both looked at on disk.
"""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.artifacts.files import settle, write_frame, write_picture
from codefx_desktop.artifacts.frame_artifact import FrameArtifact
from codefx_desktop.artifacts.layout import FrameKind
from codefx_desktop.artifacts.paint import Painter
from codefx_desktop.artifacts.paint_found import paint_faces, paint_segments
from codefx_desktop.artifacts.promise import Broken, Promise, check_frame
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.progress import busy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.artifacts.provenance import Provenance
    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.outlines import Faces, Segments
    from codefx_desktop.domain.overlay import Overlay
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.progress import StageMeter

log = logging.getLogger(__name__)

QUEUE_BYTES: Final = 64 * 1024 * 1024
QUEUE_FRAMES: Final = 16
MOST_WORKERS: Final = 4
_PARTS: Final = 2
"""A frame's pictures, and what is said about it."""
_SETTLED_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What a frame's pictures are made of.

    Attributes:
        number: Of the frame.
        pixels: RGB, (H, W, 3), uint8; faces hidden in it where they are to be.
        overlay: As in the annotated video.
        segments: At the job's confidence; None where nobody looked.
        faces: None where nobody looked.
    """

    number: int
    pixels: Pixels
    overlay: Overlay
    segments: Segments | None = None
    faces: Faces | None = None


def pictures_of(plan: StagePlan) -> frozenset[FrameKind]:
    """Return the kinds of pictures that a plan promises of each frame."""
    looks = {
        FrameKind.DETECTED: plan.detect,
        FrameKind.SEGMENTED: plan.segment,
        FrameKind.FACE: plan.faces,
    }
    return frozenset({FrameKind.ORIGINAL, *(kind for kind, on in looks.items() if on)})


class ArtifactStage:
    """Writes the artifacts of one run's frames and looks at what was written.

    Args:
        layout: Where to.
        provenance: What all of them say.
        pictures: Kinds of pictures of each frame.
        confidence: Fainter objects are not told.
        progress: Told how many frames are done.
    """

    def __init__(
        self,
        layout: JobLayout,
        provenance: Provenance,
        pictures: frozenset[FrameKind],
        confidence: float,
        progress: StageMeter,
    ) -> None:
        self._layout = layout
        self._provenance = provenance
        self._pictures = pictures
        self._confidence = confidence
        self._progress = progress
        each = provenance.width * provenance.height * 3
        size = int(np.clip(QUEUE_BYTES // each, 2, QUEUE_FRAMES))
        self._queue: Channel[Callable[[Painter], None]] = Channel(size)
        self._lock = threading.Lock()
        self._parts: dict[int, int] = {}
        self._checked: dict[int, list[Broken]] = {}
        self.workers = min(MOST_WORKERS, max(2, (os.cpu_count() or 2) // 2))

    def show(self, shot: Shot) -> None:
        """Have a frame's pictures written; waits while too much waits.

        Raises:
            Stopped: If the run was stopped.
        """
        self._queue.put(partial(self._write_pictures, shot))

    def tell(self, found: FrameFindings, scene: int | None) -> None:
        """Have written what is said about a frame; waits while too much waits.

        Raises:
            Stopped: If the run was stopped.
        """
        self._queue.put(partial(self._write_content, found, scene))

    def close(self) -> None:
        """Say that nothing more comes."""
        self._queue.close()

    def stop(self) -> None:
        """Wake everybody who waits here."""
        self._queue.stop()

    def work(self) -> None:
        """Be one of the workers: write until nothing more comes.

        Raises:
            NoSpace: If the disk is full.
            NotWritable: If the folder cannot be written to.
        """
        painter = Painter(self._provenance.width, self._provenance.height)
        for write in self._queue:
            write(painter)

    @property
    def whole(self) -> tuple[int, ...]:
        """Numbers of the frames whose artifacts are all there and right, ascending."""
        with self._lock:
            return tuple(sorted(number for number, found in self._checked.items() if not found))

    def finish(self, numbers: Iterable[int], cancel: CancelSignal) -> list[Broken]:
        """Bring what was written onto the disk itself; return every promise that was not kept.

        Args:
            numbers: Of the frames that were to get artifacts.
            cancel: Asked between files.

        Raises:
            Cancelled: If the person cancelled.
            NoSpace: If the disk turns out to be full.
            NotWritable: If it cannot be written to.
        """
        broken: list[Broken] = []
        whole: list[int] = []
        for number in numbers:
            found = self._checked.get(number)
            if found is None:  # one of its parts was never written
                found = check_frame(self._layout, self._promise((number,)), number)
            broken += found
            if not found:
                whole.append(number)
        for start in range(0, len(whole), _SETTLED_AT_ONCE):
            if cancel.is_set():
                raise Cancelled
            some = tuple(whole[start : start + _SETTLED_AT_ONCE])
            settle(self._promise(some).paths(self._layout))
        return broken

    def _promise(self, numbers: tuple[int, ...]) -> Promise:
        return Promise(numbers, self._pictures, summary=False)

    def _write_pictures(self, shot: Shot, painter: Painter) -> None:
        with busy() as spent:
            for kind in sorted(self._pictures):
                write_picture(self._layout, kind, shot.number, _picture(kind, shot, painter))
            self._done(shot.number)
        self._advance(spent())

    def _write_content(self, found: FrameFindings, scene: int | None, _painter: Painter) -> None:
        detections, segments = found.detections, found.segments
        artifact = FrameArtifact(
            self._provenance,
            found.number,
            found.time,
            scene,
            self._pictures,
            None if detections is None else detections.at_least(self._confidence),
            None if segments is None else segments.at_least(self._confidence),
            found.faces,
        )
        with busy() as spent:
            try:
                write_frame(self._layout, found.number, artifact.content())
            except ValueError:
                # One frame's fault: it will be told as missing, and all others are written.
                log.exception("Nothing could be written about frame %d", found.number)
            self._done(found.number)
        self._advance(spent())

    def _done(self, number: int) -> None:
        """Note that one part of a frame is written; look at the frame when it is the last."""
        with self._lock:
            self._parts[number] = self._parts.get(number, 0) + 1
            if self._parts[number] < _PARTS:
                return
            del self._parts[number]
        broken = check_frame(self._layout, self._promise((number,)), number)
        with self._lock:
            self._checked[number] = broken

    def _advance(self, seconds: float) -> None:
        with self._lock:
            done = len(self._checked)
        self._progress.advance(done, seconds)


def _picture(kind: FrameKind, shot: Shot, painter: Painter) -> Pixels:
    if kind is FrameKind.DETECTED:
        return painter.paint(shot.pixels, shot.overlay)
    if kind is FrameKind.SEGMENTED and shot.segments is not None:
        return paint_segments(shot.pixels, shot.segments)
    if kind is FrameKind.FACE and shot.faces is not None:
        return paint_faces(shot.pixels, shot.faces)
    return shot.pixels
