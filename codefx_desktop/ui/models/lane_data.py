"""All that the timeline shows of a clip at one time, and how it is brought together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.jobs.lane_values import LaneArrays, LaneRequest
from codefx_desktop.jobs.review_values import ReviewState
from codefx_desktop.ui.models.lane_axis import LaneAxis, times_of
from codefx_desktop.ui.models.lane_events import LaneEvent, lane_events
from codefx_desktop.ui.models.lane_rows import CORNER_ROWS, LaneKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from codefx_desktop.domain.edit import Mark
    from codefx_desktop.domain.events import Place
    from codefx_desktop.domain.scene import Scene
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.lane_values import Peaks
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.jobs.viewing import OpenedClip
    from codefx_desktop.ui.models.review_state import ReviewLooks


@dataclass(frozen=True, slots=True)
class ZoneTime:
    """When somebody was in a zone.

    Attributes:
        zone: Name of the zone.
        who: What it was, and which track.
        begin_s: Seconds from the first picture.
        end_s: Likewise.
    """

    zone: str
    who: str
    begin_s: float
    end_s: float


def _no_times() -> npt.NDArray[np.float64]:
    return np.zeros(0, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class LaneData:
    """What the timeline shows. Empty parts are of what nobody measured.

    Attributes:
        times_s: float64 (F,), when each frame of the clip is shown.
        ends_s: When the last one leaves the screen.
        scenes: Shots between cuts.
        stops: Pit stops with what people said applied.
        events: Their events that have a time, in order of time.
        marks: Marks of people, by number.
        zones: When somebody was in a zone.
        arrays: Tracks and signals.
        peaks: The waveform; None where there is no sound, or nothing was read yet.
        processed_to: Number of the last analysed frame of a job that runs; None of any other.
        class_names: Name of each class id.
    """

    times_s: npt.NDArray[np.float64] = field(default_factory=_no_times)
    ends_s: float = 0.0
    scenes: tuple[Scene, ...] = ()
    stops: tuple[PitStop, ...] = ()
    events: tuple[LaneEvent, ...] = ()
    marks: Mapping[int, Mark] = field(default_factory=dict)
    zones: tuple[ZoneTime, ...] = ()
    arrays: LaneArrays = field(default_factory=LaneArrays)
    peaks: Peaks | None = None
    processed_to: int | None = None
    class_names: tuple[str, ...] = ()

    def whole(self, left_px: float, width_px: float) -> LaneAxis:
        """Return an axis that shows all of it."""
        return LaneAxis.whole(self.times_s, self.ends_s, left_px, width_px)

    @property
    def there(self) -> frozenset[LaneKind]:
        """The kinds of lanes in which there is something to show."""
        arrays = self.arrays
        known = {
            LaneKind.PROCESSED: self.processed_to is not None,
            LaneKind.SCENES: bool(self.scenes),
            LaneKind.CAR: bool(self.stops),
            LaneKind.EVENTS: bool(self.places),
            LaneKind.CORNERS: bool(arrays.corners),
            LaneKind.MARKS: bool(self.marks),
            LaneKind.TRACKS: arrays.tracks is not None,
            LaneKind.WAVEFORM: self.peaks is not None,
            LaneKind.GUNS: arrays.guns is not None,
            LaneKind.MOTION: arrays.motion is not None,
            LaneKind.SPEED: arrays.speed is not None,
            LaneKind.ZONES: bool(self.zone_names),
            LaneKind.CONFIDENCE: arrays.confidence is not None,
        }
        return frozenset(kind for kind, is_there in known.items() if is_there)

    @property
    def places(self) -> tuple[Place, ...]:
        """The corners and ends at which events may be."""
        asked = {event.place for stop in self.stops for event in stop.events}
        return tuple(place for place in CORNER_ROWS if place in asked)

    @property
    def hubs(self) -> tuple[Place, ...]:
        """The corners at which something is seen."""
        return tuple(dict.fromkeys(one.place for one in self.arrays.corners))

    @property
    def zone_names(self) -> tuple[str, ...]:
        """The zones in which anybody was or something moved, by name."""
        return tuple(sorted({one.zone for one in self.zones} | set(self.arrays.zones)))


def of_clip(clip: OpenedClip | None) -> LaneData:
    """Return what is known of a clip that is no job's."""
    if clip is None:
        return LaneData()
    times = times_of(clip.index)
    last = float(times[-1]) if len(times) else 0.0
    return LaneData(times, max(clip.info.duration_s, last))


def with_review(
    data: LaneData, read: ReviewRead | None, before: ReviewRead | None = None
) -> LaneData:
    """Return it with what a job found in the clip; signals follow from workers.

    Args:
        data: What is shown.
        read: What is known of the job; None: the clip is no job's.
        before: What ``data`` shows of the job. What is still the same is not made anew.
    """
    if read is None:
        return replace(of_times(data), peaks=data.peaks)
    if before is None or before.stops is not read.stops:
        stops = tuple(shown.stop for shown in read.stops)
        known = len(data.times_s) > 0
        events = lane_events(stops, read.labels, data.whole(0, 1)) if known else ()
        data = replace(data, stops=stops, events=events)
    if before is None or before.zone_visits is not read.zone_visits:
        data = replace(data, zones=_zone_times(read))
    return replace(
        data,
        scenes=read.scenes,
        marks=read.marks,
        processed_to=read.processed_to if read.state is ReviewState.GROWING else None,
        class_names=read.class_names,
    )


def of_times(data: LaneData) -> LaneData:
    """Return the clip's own times and nothing else."""
    return LaneData(data.times_s, data.ends_s)


def request_of(
    data: LaneData, read: ReviewRead, thresholds: Mapping[int, float], looks: ReviewLooks
) -> LaneRequest | None:
    """Return what signals and tracks are built from; None while nothing is read."""
    if read.corrected is None or not len(read.times_s):
        return None
    leaves = data.ends_s
    place = int(np.searchsorted(data.times_s, read.times_s[-1] + 1e-7, side="right"))
    if place < len(data.times_s):
        leaves = float(data.times_s[place])
    return LaneRequest(
        read.times_s,
        max(leaves, float(read.times_s[-1])),
        read.corrected.objects,
        read.motion,
        read.sound,
        read.job_confidence,
        dict(thresholds),
        looks.hidden_classes,
        looks.hidden_tracks,
        read.width,
        read.height,
        tuple(shown.stop for shown in read.stops),
        read.zones,
    )


def _zone_times(read: ReviewRead) -> tuple[ZoneTime, ...]:
    return tuple(
        ZoneTime(visit.zone, visit.who, begin, end)
        for visit in read.zone_visits or ()
        for begin, end in visit.entries
    )
