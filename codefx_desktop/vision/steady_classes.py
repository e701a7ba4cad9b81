"""Knows which tracks are of one class for good, so that they take no box of another one.

ByteTrack mixes classes: an object that a model calls by two names in turn stays one track. But a
wheel that someone leans over is not found while their box lies where it was, and its track goes
away with them. What was of one class for a while stays of that class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.detections import NO_TRACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.detections import Detections

STEADY_S: Final = 0.5
"""What flickers between two classes is of neither for so long. Source: identities of wheels on
rendered stops (``bench.track_scores``), six of endurance and one of NASCAR: IDF1 0.947 to 0.988,
16 of Formula 1: 0.967 to 0.971; 0.2 s and 1 s give the same."""


@dataclass(slots=True)
class _Known:
    """A track's class, since when it has been of it, and when it was seen last, seconds."""

    class_id: int
    since_s: float
    seen_s: float


class SteadyClasses:
    """Remembers the classes of tracks.

    Args:
        lost_s: A track that was not seen for longer than this is forgotten.
    """

    def __init__(self, lost_s: float) -> None:
        self._lost_s = lost_s
        self._known: dict[int, _Known] = {}

    def update(self, found: Detections, time_s: float) -> None:
        """Note the classes of a frame's tracks.

        Args:
            found: The detections, with the tracker's own ids.
            time_s: When the frame is.
        """
        tracks, classes = found.track_id.tolist(), found.class_id.tolist()
        for track, kind in zip(tracks, classes, strict=True):
            if track == NO_TRACK:
                continue
            known = self._known.get(track)
            same = known is not None and known.class_id == kind
            since_s = known.since_s if known is not None and same else time_s
            self._known[track] = _Known(kind, since_s, time_s)
        gone = [n for n, known in self._known.items() if time_s - known.seen_s > self._lost_s]
        for track in gone:
            del self._known[track]

    def bars(
        self, tracks: Sequence[int], classes: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.bool_]:
        """Return which tracks do not take which detections, bool (N, M).

        Args:
            tracks: The tracker's own ids, N.
            classes: (M,), of the detections.
        """
        of = np.array([self._steady(track) for track in tracks], np.float64)[:, None]
        barred: npt.NDArray[np.bool_] = (of != classes[None]) & ~np.isnan(of)
        return barred

    def _steady(self, track: int) -> float:
        """Return the class that a track is of for good, else NaN."""
        known = self._known.get(track)
        if known is None or known.seen_s - known.since_s < STEADY_S:
            return float("nan")
        return float(known.class_id)
