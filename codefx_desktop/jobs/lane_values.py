"""Plain values between the lane desk and the timeline that paints them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.corner_signals import CornerSignals
    from codefx_desktop.domain.observations import Motion, Objects, Sound
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.review_values import PlacedZone


@dataclass(frozen=True, slots=True, eq=False)
class LaneRequest:
    """What lanes are built from.

    Attributes:
        times_s: float64 (F,), time of each analysed frame from the first picture.
        ends_s: When the last of them leaves the screen.
        objects: What was detected, with what a person corrected.
        motion: What moved; None where nobody looked.
        sound: What was heard; None likewise.
        confidence: From which confidence on detections count.
        thresholds: Likewise for single classes.
        hidden_classes: Classes that nobody wants to see.
        hidden_tracks: Tracks likewise.
        width: Of the upright full-size frame, pixels.
        height: Likewise.
        stops: The stops whose corners are looked at.
        zones: Zones on the picture, and when they are there.
    """

    times_s: npt.NDArray[np.float64]
    ends_s: float
    objects: Objects
    motion: Motion | None = None
    sound: Sound | None = None
    confidence: float = 0.5
    thresholds: Mapping[int, float] = field(default_factory=dict)
    hidden_classes: frozenset[int] = frozenset()
    hidden_tracks: frozenset[int] = frozenset()
    width: int = 0
    height: int = 0
    stops: tuple[PitStop, ...] = ()
    zones: tuple[PlacedZone, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TrackSpans:
    """When each track was seen, each unbroken stretch of it on its own, in order of begin.

    Attributes:
        begin_s: float64 (S,), seconds from the first picture.
        end_s: float64 (S,), when its last picture leaves the screen.
        row: int32 (S,), tracks that are never seen together may share one.
        class_id: int16 (S,).
        track_id: int32 (S,).
        reach_s: float64 (S,), the latest end of this stretch and those before it.
        rows: How many rows there are.
        tracks: How many tracks there are.
        gap_s: Gaps of a track up to this length are closed; 0 in the finest.
        coarser: The same with longer gaps closed, for a timeline whose pixels last longer.
    """

    begin_s: npt.NDArray[np.float64]
    end_s: npt.NDArray[np.float64]
    row: npt.NDArray[np.int32]
    class_id: npt.NDArray[np.int16]
    track_id: npt.NDArray[np.int32]
    reach_s: npt.NDArray[np.float64]
    rows: int
    tracks: int
    gap_s: float = 0.0
    coarser: TrackSpans | None = None

    def for_gap(self, gap_s: float) -> TrackSpans:
        """Return the fewest stretches in which no longer gap is closed."""
        found = self
        while found.coarser is not None and found.coarser.gap_s <= gap_s:
            found = found.coarser
        return found

    def between(self, first_s: float, last_s: float) -> slice:
        """Return a range outside which no stretch lies between two instants."""
        first = int(np.searchsorted(self.reach_s, first_s, side="right"))
        return slice(first, int(np.searchsorted(self.begin_s, last_s, side="left")))


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A value over time; each holds from its instant to the next one.

    Attributes:
        times_s: float64 (M,), rising.
        values: float32 (M,); nan where nothing was measured.
        unit: Of the values, as on screen.
        top: What is painted at the lane's upper edge; above 0.
        ends_s: Until when the last value holds.
    """

    times_s: npt.NDArray[np.float64]
    values: npt.NDArray[np.float32]
    unit: str
    top: float
    ends_s: float

    def at(self, time_s: float) -> float | None:
        """Return the value at an instant; None where nothing was measured."""
        place = int(np.searchsorted(self.times_s, time_s, side="right")) - 1
        if place < 0 or time_s > self.ends_s:
            return None
        value = float(self.values[place])
        return None if np.isnan(value) else value


@dataclass(frozen=True, slots=True, eq=False)
class LaneArrays:
    """What the lanes of a job show besides its scenes, events and visits.

    Attributes:
        tracks: When tracks were seen; None where there is none.
        speed: Of the largest car, pixels a second; None where no car was followed.
        motion: How far brightness changes on average, grey levels; None where nobody looked.
        guns: Strength of the guns' band in decibels; None where there is no sound.
        confidence: Mean of what is seen in each frame; None where nothing is.
        corners: What is seen at the corners of each stop's car, in order of time.
        zones: How far brightness changes in each zone, grey levels, by its name.
    """

    tracks: TrackSpans | None = None
    speed: Curve | None = None
    motion: Curve | None = None
    guns: Curve | None = None
    confidence: Curve | None = None
    corners: tuple[CornerSignals, ...] = ()
    zones: Mapping[str, Curve] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """How loud a clip is, from its first picture on; grows while the clip is read.

    Attributes:
        path: The clip.
        rate_hz: Values a second.
        low: int8 (N,), least sample of each part, -127 to 127 for -1 to 1.
        high: int8 (N,), greatest likewise.
        is_whole: Whether all of the clip was read.
        why: Why there is nothing or not all, in a sentence; empty where all is well.
    """

    path: Path
    rate_hz: float
    low: npt.NDArray[np.int8]
    high: npt.NDArray[np.int8]
    is_whole: bool
    why: str = ""


def silent(path: Path, why: str) -> Peaks:
    """Return that a clip has no waveform, and why."""
    none = np.zeros(0, np.int8)
    return Peaks(path, 1.0, none, none, is_whole=False, why=why)
