"""The stages in which a model looks at frames: detecting, segmenting, finding faces.

All three are one loop: frames come in order, those that are wanted are looked at in batches, all
go on in order with what was found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.progress import busy

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.outlines import Faces, Segments
    from codefx_desktop.domain.ports import Detector, FaceFinder, Segmenter
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.channel import Channel
    from codefx_desktop.jobs.progress import StageMeter

T = TypeVar("T")


class Batched(Protocol):
    """A model that says how many frames a call should bring; it may change its mind."""

    @property
    def batch_size(self) -> int:
        """How many frames a call should bring."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A frame on its way through the stages, with what was found in it so far."""

    frame: Frame
    found: FrameFindings


@dataclass(frozen=True, slots=True, eq=False)
class Look(Generic[T]):
    """What a stage looks with, and at which frames.

    Attributes:
        stage: Which.
        model: Says how many frames a call should bring.
        find: Looks at frames.
        note: Adds what was found to the findings.
        wanted: Numbers of the frames to look at; None: all.
    """

    stage: Stage
    model: Batched
    find: Callable[[Sequence[Frame]], list[T]]
    note: Callable[[FrameFindings, T], FrameFindings]
    wanted: Container[int] | None = None

    def at(self, items: Sequence[Seen]) -> list[Seen]:
        """Look at those of the frames that are wanted; return all, in order."""
        chosen = [
            item.frame for item in items if self.wanted is None or item.frame.number in self.wanted
        ]
        results = self.find(chosen) if chosen else []
        found = {frame.number: one for frame, one in zip(chosen, results, strict=True)}
        return [
            Seen(item.frame, self.note(item.found, found[item.frame.number]))
            if item.frame.number in found
            else item
            for item in items
        ]


def look_at_all(
    look: Look[T],
    inbox: Channel[Seen],
    outbox: Channel[Seen],
    progress: StageMeter,
    cancel: CancelSignal,
) -> None:
    """Be a stage: look at frames until no more come.

    Raises:
        Cancelled: If the person cancelled.
        DeviceError: If the device breaks.
    """
    done = 0
    while items := inbox.take(look.model.batch_size):
        if cancel.is_set():
            raise Cancelled
        with busy() as spent:
            seen = look.at(items)
        done += len(items)
        progress.advance(done, spent())
        for item in seen:
            outbox.put(item)
    progress.complete()
    outbox.close()


def detecting(detector: Detector) -> Look[Detections]:
    """Return the look at every frame for objects."""

    def note(found: FrameFindings, detections: Detections) -> FrameFindings:
        return replace(found, detections=detections)

    return Look(Stage.DETECTING, detector, detector.detect, note)


def segmenting(segmenter: Segmenter, wanted: Container[int] | None) -> Look[Segments]:
    """Return the look at frames for objects with their outlines."""

    def note(found: FrameFindings, segments: Segments) -> FrameFindings:
        return replace(found, segments=segments)

    return Look(Stage.SEGMENTING, segmenter, segmenter.segment, note, wanted)


def finding_faces(finder: FaceFinder, wanted: Container[int] | None) -> Look[Faces]:
    """Return the look at frames for faces, which are not tracked yet."""

    def note(found: FrameFindings, faces: Faces) -> FrameFindings:
        return replace(found, faces=faces)

    return Look(Stage.FACES, finder, finder.find, note, wanted)
