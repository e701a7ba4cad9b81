"""What the timeline's lanes show, reduced from all detections and signals of a job; on a worker."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from codefx_desktop.analysis.corner_signals import corner_signals
from codefx_desktop.analysis.stop_frame import CameraPlaces
from codefx_desktop.analysis.zone_activity import zone_levels
from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.observations import Observations
from codefx_desktop.jobs.lane_values import Curve, LaneArrays, TrackSpans

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy.typing as npt

    from codefx_desktop.domain.corner_signals import CornerSignals
    from codefx_desktop.domain.observations import Objects, Sound
    from codefx_desktop.jobs.lane_values import LaneRequest

    Floats = npt.NDArray[np.float64]

T = TypeVar("T")
CAR: Final = "car"
SPEED_S: Final = 0.1
"""A car's speed is that of its box from so long before to so long after: single boxes jitter."""
_TOP: Final = 99.8
"""Percentile of the values at a lane's upper edge: one wild value must not flatten the others."""
_CHUNK: Final = 4096
_FEW: Final = 3_000
"""So many stretches of tracks are painted in a millisecond or two; more get coarser levels."""
_FIRST_GAP: Final = 2.0
"""The first of them closes gaps of so many frames, each further one so many times longer ones."""
_GAP_STEP: Final = 4.0


def build(request: LaneRequest, check: Callable[[], None] = lambda: None) -> LaneArrays:
    """Return what the lanes of a job show.

    Args:
        request: What they are built from.
        check: Called between the parts; may raise to end it.
    """
    objects = counting(request)

    def part(made: T) -> T:
        check()
        return made

    return LaneArrays(
        tracks=part(track_spans(request, objects)),
        speed=part(_speed(request, objects)),
        motion=part(_motion(request)),
        guns=None if request.sound is None else _guns(request.sound),
        confidence=part(_confidence(request, objects)),
        corners=_corners(request, objects, check),
        zones=part(_zones(request)),
    )


def counting(request: LaneRequest) -> Objects:
    """Return the detections that count: sure enough for their class and not hidden."""
    objects = request.objects
    least = np.full(_classes(objects), request.confidence, np.float32)
    for class_id, confidence in request.thresholds.items():
        if 0 <= class_id < len(least):
            least[class_id] = confidence
    least[[one for one in request.hidden_classes if 0 <= one < len(least)]] = np.inf
    shown = objects.confidence >= least[objects.class_id]
    if request.hidden_tracks:
        shown &= ~np.isin(objects.track_id, _array(request.hidden_tracks))
    return objects if bool(shown.all()) else objects.where(shown)


def track_spans(request: LaneRequest, objects: Objects) -> TrackSpans | None:
    """Return when each track is seen; None where there is none."""
    tracked = np.flatnonzero(objects.track_id != NO_TRACK)
    if not len(tracked):
        return None
    order = tracked[np.argsort(objects.track_id[tracked], kind="stable")]  # frames stay in order
    frame, track = objects.frame[order], objects.track_id[order]
    kind = objects.class_id[order]
    breaks = (np.diff(track) != 0) | (np.diff(frame) > 1) | (np.diff(kind) != 0)
    first, last = _parts(breaks)
    leaves = np.append(request.times_s[1:], request.ends_s)
    begin, end = request.times_s[frame[first]], leaves[frame[last]]
    row, rows = _packed(track[first], begin, end)
    by_track = _Stretches(begin, end, row, kind[first], track[first])
    tracks = len(np.unique(by_track.track))
    gap_s = _FIRST_GAP * float(np.median(leaves - request.times_s))
    return _level(by_track, 0.0, gap_s, rows, tracks)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    """When tracks were seen, track by track and each in order of time; arrays of (S,)."""

    begin: Floats
    end: Floats
    row: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int16]
    track: npt.NDArray[np.int32]

    def closed(self, gap_s: float) -> _Stretches:
        """Return them with gaps up to a length closed."""
        breaks = (np.diff(self.track) != 0) | (np.diff(self.kind) != 0)
        first, last = _parts(breaks | (self.begin[1:] - self.end[:-1] > gap_s))
        return _Stretches(
            self.begin[first], self.end[last], self.row[first], self.kind[first], self.track[first]
        )


def _level(
    one: _Stretches, closed_s: float, next_gap_s: float, rows: int, tracks: int
) -> TrackSpans:
    """Return stretches in order of begin, with coarser ones while there are many."""
    coarser = None
    # A gap as long as the clip closes all: more tracks than that get no fewer.
    if len(one.begin) > _FEW and closed_s < float(one.end.max() - one.begin.min()):
        closed = one.closed(next_gap_s)
        coarser = _level(closed, next_gap_s, next_gap_s * _GAP_STEP, rows, tracks)
    order = np.argsort(one.begin, kind="stable")
    end = one.end[order]
    return TrackSpans(
        one.begin[order],
        end,
        one.row[order],
        one.kind[order],
        one.track[order],
        np.maximum.accumulate(end),
        rows,
        tracks,
        closed_s,
        coarser,
    )


def _parts(
    breaks: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the first and the last index of each part; a break lies behind an index."""
    first = np.flatnonzero(np.concatenate([[True], breaks]))
    return first, np.append(first[1:], len(breaks) + 1) - 1


def _packed(
    track: npt.NDArray[np.int32], begin: Floats, end: Floats
) -> tuple[npt.NDArray[np.int32], int]:
    """Give each track the row that was free longest, or a new one; spans come track by track."""
    first, last = _parts(np.diff(track) != 0)
    came, went = begin[first], np.maximum.reduceat(end, first)
    rows = np.zeros(len(first), np.int32)
    free: list[tuple[float, int]] = []
    used = 0
    for one in np.argsort(came, kind="stable").tolist():
        if free and free[0][0] <= came[one]:
            row = heapq.heappop(free)[1]
        else:
            row, used = used, used + 1
        rows[one] = row
        heapq.heappush(free, (float(went[one]), row))
    return np.repeat(rows, last - first + 1).astype(np.int32), used


def _speed(request: LaneRequest, objects: Objects) -> Curve | None:
    """Return how fast the largest car's box moves, where one track can be followed."""
    cars = objects.of(CAR)
    cars = cars.where(cars.track_id != NO_TRACK)
    times = request.times_s
    if not len(cars.frame) or len(times) < 3:
        return None
    box = cars.xyxy.astype(np.float64)
    area = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
    order = np.lexsort((area, cars.frame))
    largest = order[np.flatnonzero(np.append(np.diff(cars.frame[order]) != 0, True))]
    places = np.full((len(times), 2), np.nan)
    places[cars.frame[largest]] = (box[largest, :2] + box[largest, 2:]) / 2
    track = np.full(len(times), NO_TRACK, np.int32)
    track[cars.frame[largest]] = cars.track_id[largest]
    before = np.searchsorted(times, times - SPEED_S)
    after = np.minimum(np.searchsorted(times, times + SPEED_S), len(times) - 1)
    span = np.maximum(times[after] - times[before], 1e-9)
    speed = np.hypot(*(places[after] - places[before]).T) / span
    known = (track[after] == track) & (track[before] == track) & (track != NO_TRACK)
    speed[~known] = np.nan
    return _curve(times, speed, "px/s", request.ends_s) if bool(known.any()) else None


def _motion(request: LaneRequest) -> Curve | None:
    if request.motion is None:
        return None
    energy = request.motion.energy
    energy = energy.reshape(len(energy), -1)[: len(request.times_s)]
    if not energy.size:
        return None
    parts = [energy[n : n + _CHUNK].mean(axis=1) for n in range(0, len(energy), _CHUNK)]
    return _curve(request.times_s[: len(energy)], np.concatenate(parts), "grey", request.ends_s)


def _corners(
    request: LaneRequest, objects: Objects, check: Callable[[], None]
) -> tuple[CornerSignals, ...]:
    seen = _seen(request, objects)
    # Summed up once: a race's path takes longer than all that is seen at a stop.
    places = CameraPlaces.of(seen) if request.stops else None
    found: list[CornerSignals] = []
    for stop in request.stops:
        check()
        found += corner_signals(seen, stop, places)
    return tuple(found)


def _zones(request: LaneRequest) -> dict[str, Curve]:
    motion = request.motion
    if motion is None or len(motion.energy) != len(request.times_s):
        return {}
    seen, times = _seen(request, request.objects), request.times_s
    levels: dict[str, Floats] = {}
    for placed in request.zones:
        level = levels.setdefault(placed.zone.name, np.full(len(times), np.nan))
        first = int(np.searchsorted(times, placed.begins_s))
        end = int(np.searchsorted(times, placed.ends_s, side="right"))
        level[first:end] = zone_levels(seen, motion, placed.zone, range(first, end))
    return {name: _curve(times, level, "grey", request.ends_s) for name, level in levels.items()}


def _seen(request: LaneRequest, objects: Objects) -> Observations:
    motion = request.motion
    return Observations(
        width=request.width,
        height=request.height,
        times_s=request.times_s,
        numbers=np.arange(len(request.times_s), dtype=np.int32),
        objects=objects,
        motion=motion,
        sound=request.sound,
        cuts=() if motion is None else tuple(sorted({*motion.cuts} - {0})),
        ends_s=request.ends_s,
    )


def _guns(sound: Sound) -> Curve | None:
    if not len(sound.strength):
        return None
    times = np.arange(len(sound.strength)) / sound.rate_hz
    return _curve(times, sound.strength, "dB", len(sound.strength) / sound.rate_hz)


def _confidence(request: LaneRequest, objects: Objects) -> Curve | None:
    if not len(objects.frame):
        return None
    frames = len(request.times_s)
    count = np.bincount(objects.frame, minlength=frames)[:frames]
    total = np.bincount(objects.frame, objects.confidence, frames)[:frames]
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return Curve(request.times_s, mean.astype(np.float32), "", 1.0, request.ends_s)


def _curve(times: Floats, values: npt.NDArray[np.floating], unit: str, ends_s: float) -> Curve:
    known = values[np.isfinite(values)]
    top = float(np.percentile(known, _TOP)) if len(known) else 1.0
    return Curve(times, values.astype(np.float32), unit, top if top > 0 else 1.0, ends_s)


def _classes(objects: Objects) -> int:
    seen = int(objects.class_id.max()) + 1 if len(objects.class_id) else 0
    return max(seen, len(objects.class_names))


def _array(numbers: Collection[int]) -> npt.NDArray[np.int64]:
    return np.fromiter(numbers, np.int64, len(numbers))
