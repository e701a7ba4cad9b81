"""Artifacts of frames that are known only when the clip's last scene is: looked at afterwards.

::

    fetch by number ─► segment ─► faces ─► keep, overlay ─► artifacts

A model that looked at every frame already does not look again: what it found comes from the
store, as do detections.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.artifacts.blur_faces import HOLD_S, hidden_boxes, hide
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.domain.outlines import Faces
from codefx_desktop.domain.overlay import TRAIL_S, Overlay, Overlays
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.looking import Look, Seen
from codefx_desktop.jobs.pipeline import LookChain
from codefx_desktop.jobs.pools import Group
from codefx_desktop.jobs.rendering import Drawn, shot_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.video.access import FrameAccess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.artifact_stage import ArtifactStage
    from codefx_desktop.jobs.keeping import Keeper
    from codefx_desktop.jobs.progress import ProgressMeter
    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)

_AROUND_S: Final = max(TRAIL_S, 2 * HOLD_S)
"""How much footage before a frame says what is drawn and hidden in it."""


def nearest_delivered(numbers: Sequence[int], delivered: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    """Return for each number the nearest frame that could be read, each once, ascending.

    The middle of a scene may be a frame that cannot be decoded; its first and its last never are.

    Args:
        numbers: Of the chosen frames.
        delivered: bool (N,), over the clip's frames, at least one True.
    """
    there = np.flatnonzero(delivered)
    return tuple(sorted({int(there[np.abs(there - number).argmin()]) for number in numbers}))


@dataclass(frozen=True, slots=True, eq=False)
class LateParts:
    """What the late stages work with.

    Attributes:
        clip: The clip.
        store: The file in which everything found so far is.
        looks: Models that have not looked at every frame.
        class_names: Names of the detector's classes.
        confidence: Of the job.
        hides_faces: Whether faces are hidden.
        keeper: Keeps what is found now.
        artifacts: Writes the artifacts.
    """

    clip: ProbedClip
    store: Path
    looks: Sequence[Look[Any]]
    class_names: Sequence[str]
    confidence: float
    hides_faces: bool
    keeper: Keeper
    artifacts: ArtifactStage


class LatePass:
    """Looks at a few frames again and writes their artifacts.

    Args:
        parts: What the stages work with.
        numbers: Of the frames, ascending.
        size: Frames that may wait between two stages.
        meter: Told about every frame.
        cancel: Asked between two frames.
    """

    def __init__(
        self,
        parts: LateParts,
        numbers: Sequence[int],
        size: int,
        meter: ProgressMeter,
        cancel: CancelSignal,
    ) -> None:
        self._parts = parts
        self._numbers = numbers
        self._cancel = cancel
        self._chain = LookChain(parts.looks, size, meter, cancel, len(numbers))

    def run(self) -> None:
        """Run to the last of the frames.

        Raises:
            Cancelled: If the person cancelled.
            CodefxError: Whatever trouble the first failing stage had.
        """
        artifacts = self._parts.artifacts
        writers = [artifacts.work] * artifacts.workers
        Group(self._stop).run([self._fetch, *self._chain.workers, self._collect, *writers])

    def _stop(self) -> None:
        self._chain.stop()
        self._parts.artifacts.stop()

    def _fetch(self) -> None:
        parts, outbox = self._parts, self._chain.inbox
        with FrameAccess(parts.clip) as access, DetectionReader(parts.store) as store:
            for number in self._numbers:
                if self._cancel.is_set():
                    raise Cancelled
                found = store.frame(number)
                try:
                    frame = access.exact(number, cancel=self._cancel)
                except ClipUnreadable:
                    # Its artifacts will be told as missing, and all others are written.
                    log.exception("Frame %d could be read once and no more", number)
                    continue
                if found is not None:
                    outbox.put(Seen(frame, found))
        outbox.close()

    def _collect(self) -> None:
        parts = self._parts
        with DetectionReader(parts.store) as store:
            for item in self._chain.outbox:
                number, time_s = item.frame.number, item.frame.time.seconds
                index = parts.clip.index
                around = list(
                    store.frames(
                        index.number_at(max(0.0, time_s - _AROUND_S)),
                        index.number_at(time_s + HOLD_S) + 1,
                    )
                )
                overlay = self._overlay([one for one in around if one.number <= number])
                drawn = Drawn(item.frame, item.found, overlay)
                pixels = self._pixels(drawn, around)
                parts.artifacts.show(shot_of(drawn, pixels, parts.confidence))
                parts.keeper.add(item.found)
        parts.keeper.finish()
        parts.artifacts.close()

    def _overlay(self, frames: Sequence[FrameFindings]) -> Overlay:
        """Return what the video shows on the last of these frames, with its trails."""
        overlays = Overlays(self._parts.class_names, self._parts.confidence)
        return [
            overlays.build(one.number, one.time.seconds, one.detections or Detections.empty())
            for one in frames
        ][-1]

    def _pixels(self, drawn: Drawn, around: Sequence[FrameFindings]) -> Pixels:
        if not self._parts.hides_faces:
            return drawn.frame.pixels
        seen = [(one.time.seconds, one.faces or Faces.empty()) for one in around]
        at = [one.number for one in around].index(drawn.frame.number)
        boxes = hidden_boxes(seen, at)
        return hide(drawn.frame.pixels, boxes) if len(boxes) else drawn.frame.pixels
