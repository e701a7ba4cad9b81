"""What follows from a person's corrections, as values that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.events import Event, Place
    from codefx_desktop.domain.observations import Objects


@dataclass(frozen=True, slots=True, eq=False)
class CorrectedObjects:
    """All detections of a clip as a person wants them, in order of frames.

    Within a frame stored detections come first, in their own order, then those drawn by hand,
    the one drawn first first.

    Attributes:
        objects: The detections. One that a person drew or changed has confidence 1.
        box: int32 (N,), the place of each among the stored detections of its frame; below 0: its
            number as one drawn by hand.
    """

    objects: Objects
    box: npt.NDArray[np.int32]

    @classmethod
    def measured(cls, objects: Objects) -> CorrectedObjects:
        """Return detections that nobody has corrected."""
        frame, count = objects.frame, len(objects.frame)
        if not count:
            return cls(objects, np.zeros(0, np.int32))
        is_first = np.empty(count, np.bool_)
        is_first[0] = True
        np.not_equal(frame[1:], frame[:-1], out=is_first[1:])
        first = np.flatnonzero(is_first)
        sizes = np.diff(np.append(first, count))
        box = np.arange(count, dtype=np.int32)
        box -= np.repeat(first.astype(np.int32), sizes)
        return cls(objects, box)

    def rows_of(self, index: int) -> slice:
        """Return where the detections of a frame are, by its place among the analysed frames."""
        first, last = np.searchsorted(self.objects.frame, np.array([index, index + 1], np.int32))
        return slice(int(first), int(last))


@dataclass(frozen=True, slots=True)
class Difference:
    """An event of which a new analysis says something else than the person kept.

    Attributes:
        stop: Number of the stop as it is shown now.
        kind: What of the stop it is about.
        place: Likewise.
        kept: What the person said, which counts.
        found: What the new analysis says; status ``not_found`` where it finds nothing.
    """

    stop: int
    kind: str
    place: Place
    kept: Event
    found: Event


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Where a track may have become another object's.

    Attributes:
        track_id: The track.
        other_id: The track it may have changed with or may go on as; None where there is none.
        frame_number: Where to look.
        time_s: When that is.
        why: What speaks for it, in words and figures.
        score: 0 to 1, how much speaks for it.
    """

    track_id: int
    other_id: int | None
    frame_number: int
    time_s: float
    why: str
    score: float
