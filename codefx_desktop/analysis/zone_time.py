"""How long each object was in each zone, from when to when."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.zones import inside
from codefx_desktop.domain.zone_visit import Stay, ZoneVisit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codefx_desktop.analysis.stop_frame import Steady
    from codefx_desktop.analysis.zones import PlacedZone
    from codefx_desktop.domain.observations import Objects, Observations

Floats = npt.NDArray[np.float64]

JOIN_GAP_S: Final = 0.2
"""Shorter absences are a detection that was missed or a foot that swayed, no leaving."""
_FINENESS: Final = 32
"""Parts of the way between two frames in which a crossing is looked for."""


class Foot(StrEnum):
    """Which point of an object's box counts as where it is."""

    BOTTOM = "bottom"
    CENTRE = "centre"


def time_in_zones(
    seen: Observations,
    zones: Sequence[PlacedZone],
    confidence: float,
    *,
    foot: Foot = Foot.BOTTOM,
    join_gap_s: float = JOIN_GAP_S,
    steady: Steady | None = None,
) -> tuple[ZoneVisit, ...]:
    """Return who was in which zone and when, by zone and track; those who never were are left out.

    Times are those of the pictures, whatever their rate. Nothing is carried across a cut, nor
    across a gap in a track that is longer than ``join_gap_s``: the stay ends where it was last
    seen.

    Args:
        seen: All that was measured of the clip.
        zones: Placed on a picture of it.
        confidence: Fainter detections do not count.
        foot: Which point of a box counts. The middle of the bottom edge is where an object meets
            the ground for a camera at the side: a head that leans over a zone is not in it. For a
            camera right above the ground the centre is better.
        join_gap_s: Absences shorter than this are none.
        steady: Takes the camera's own motion out, where the zones belong to one frame's picture.
    """
    objects = seen.objects
    objects = objects.where((objects.track_id >= 0) & (objects.confidence >= confidence))
    shot = np.searchsorted(np.array(seen.cuts, np.int64), objects.frame, side="right")
    places = _feet(objects, foot)
    if steady is not None:
        places = steady.to_stop(places, objects.frame)
    times_s = seen.times_s[objects.frame]
    visits = []
    for zone in zones:
        within = inside(zone, places)
        for track in np.unique(objects.track_id[within]):
            mine = np.flatnonzero(objects.track_id == track)
            stays: list[Stay] = []
            for run in _runs(mine, times_s, shot, join_gap_s):
                stays += _stays(zone, times_s[run], places[run], within[run])
            name = _class_name(objects, mine)
            visits.append(ZoneVisit(zone.name, int(track), name, _joined(stays, join_gap_s)))
    return tuple(visits)


def _feet(objects: Objects, foot: Foot) -> Floats:
    x1, y1, x2, y2 = objects.xyxy.astype(np.float64).T
    return np.column_stack(((x1 + x2) / 2, y2 if foot is Foot.BOTTOM else (y1 + y2) / 2))


def _runs(
    mine: npt.NDArray[np.intp], times_s: Floats, shot: npt.NDArray[np.intp], gap_s: float
) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the stretches in which a track was seen without a gap that counts."""
    parted = (np.diff(times_s[mine]) > gap_s + _longest_step(times_s)) | (np.diff(shot[mine]) > 0)
    yield from np.split(mine, np.flatnonzero(parted) + 1)


def _longest_step(times_s: Floats) -> float:
    """Return the usual time between two frames, which is no gap even at two frames a second."""
    steps = np.diff(np.unique(times_s))
    return float(np.median(steps)) if len(steps) else 0.0


def _stays(
    zone: PlacedZone, times_s: Floats, places: Floats, within: npt.NDArray[np.bool_]
) -> list[Stay]:
    """Return the stays of one stretch of a track."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], within, [False])).astype(np.int8)))
    last = len(times_s) - 1
    found = []
    for first, after in edges.reshape(-1, 2):
        enter, exit_ = float(times_s[first]), float(times_s[after - 1])
        enter_from: float | None = None
        exit_to: float | None = None
        enter_to, exit_from = enter, exit_
        if first > 0:
            enter_from = float(times_s[first - 1])
            part = _crossing(zone, places[first - 1], places[first])
            enter = enter_from + part * (enter - enter_from)
        if after <= last:
            exit_to = float(times_s[after])
            part = 1.0 - _crossing(zone, places[after], places[after - 1])
            exit_ = exit_from + part * (exit_to - exit_from)
        found.append(Stay(enter, exit_, (enter_from, enter_to), (exit_from, exit_to)))
    return found


def _crossing(zone: PlacedZone, outside: Floats, within: Floats) -> float:
    """Return which part of a straight way into a zone lies outside it."""
    parts = np.arange(_FINENESS + 1) / _FINENESS
    way = outside + (within - outside) * parts[:, None]
    still_out = ~inside(zone, way)
    return float(np.flatnonzero(still_out).max() + 0.5) / _FINENESS


def _joined(stays: list[Stay], gap_s: float) -> tuple[Stay, ...]:
    """Return stays of which those that are parted by a gap too short to count are one."""
    if not stays:
        return ()
    joined = [stays[0]]
    for before, stay in pairwise(stays):
        # Where a track was cut off inside the zone nobody knows what was between.
        known = before.exit_span_s[1] is not None and stay.enter_span_s[0] is not None
        if known and stay.enter_s - before.exit_s < gap_s:
            joined[-1] = replace(joined[-1], exit_s=stay.exit_s, exit_span_s=stay.exit_span_s)
        else:
            joined.append(stay)
    return tuple(joined)


def _class_name(objects: Objects, mine: npt.NDArray[np.intp]) -> str:
    counts = np.bincount(objects.class_id[mine], minlength=1)
    most = int(counts.argmax())
    return objects.class_names[most] if most < len(objects.class_names) else str(most)
