"""What stands under the mouse on the timeline, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.lane_columns import track_at
from codefx_desktop.ui.models.lane_rows import LaneKind
from codefx_desktop.ui.models.stop_words import plus_minus

if TYPE_CHECKING:
    from codefx_desktop.jobs.lane_values import Curve
    from codefx_desktop.ui.models.lane_data import LaneData
    from codefx_desktop.ui.models.lane_events import LaneEvent
    from codefx_desktop.ui.models.lane_rows import LaneRow


def place_text(data: LaneData, number: int) -> str:
    """Return a frame with its time: ``0:04.800   frame 120``."""
    return f"{words.timecode(float(data.times_s[number]))}   frame {words.count(number)}"


def event_text(one: LaneEvent) -> str:
    """Return an event with its time, how far that may be off, where it is from, its status."""
    event = one.event
    off = ""
    if event.earliest_s is not None and event.latest_s is not None:
        off = f" {plus_minus(one.time_s, event.earliest_s, event.latest_s)} s"
    source = f", from {event.source.value}" if event.source else ""
    status = event.status.value.replace("_", " ")
    return f"{one.name}   {one.time_s:.3f} s{off}{source}, {status}"


def row_text(data: LaneData, row: LaneRow, time_s: float, part: float, lines: int) -> str:
    """Return what a row shows at an instant; empty where there is nothing.

    Args:
        data: What the timeline shows.
        row: The row.
        time_s: The instant.
        part: How far down in the row, 0 to 1.
        lines: How many pixels of the screen the row is high.
    """
    arrays = data.arrays
    curves = {
        LaneKind.GUNS: ("Gun strength", arrays.guns),
        LaneKind.MOTION: ("Motion energy", arrays.motion),
        LaneKind.SPEED: ("Car speed", arrays.speed),
        LaneKind.CONFIDENCE: ("Mean confidence", arrays.confidence),
    }
    if row.kind in curves:
        return _curve_text(*curves[row.kind], time_s)
    say = {
        LaneKind.TRACKS: lambda: _track_text(data, time_s, int(part * lines), lines),
        LaneKind.SCENES: lambda: _scene_text(data, time_s),
        LaneKind.CAR: lambda: _car_text(data, time_s),
        LaneKind.ZONES: lambda: _zone_text(data, row.zone, time_s),
        LaneKind.CORNERS: lambda: _corner_text(data, row, time_s),
        LaneKind.MARKS: lambda: _mark_text(data, time_s),
        LaneKind.PROCESSED: lambda: _processed_text(data),
        LaneKind.WAVEFORM: lambda: "" if data.peaks is None else data.peaks.why,
    }.get(row.kind)
    return "" if say is None else say()


def _curve_text(name: str, curve: Curve | None, time_s: float) -> str:
    value = None if curve is None else curve.at(time_s)
    if curve is None or value is None:
        return f"{name}: not measured here"
    unit = {"grey": " grey levels", "": ""}.get(curve.unit, f" {curve.unit}")
    return f"{name} {value:.{2 if not unit else 1}f}{unit}"


def _track_text(data: LaneData, time_s: float, line: int, lines: int) -> str:
    spans = data.arrays.tracks
    if spans is None:
        return ""
    place = track_at(spans, time_s, line, lines)
    if place is None:
        part = spans.between(time_s, np.nextafter(time_s, np.inf))
        seen = int((spans.end_s[part] > time_s).sum())
        return f"{words.count(seen)} of {words.count(spans.tracks)} tracks here"
    class_id = int(spans.class_id[place])
    known = 0 <= class_id < len(data.class_names)
    name = data.class_names[class_id] if known else f"class {class_id}"
    begin, end = float(spans.begin_s[place]), float(spans.end_s[place])
    return f"{name} #{int(spans.track_id[place])}   {begin:.3f} to {end:.3f} s"


def _scene_text(data: LaneData, time_s: float) -> str:
    for scene in data.scenes:
        if scene.start_s <= time_s < scene.end_s:
            frames = f"frames {words.count(scene.first)} to {words.count(scene.last)}"
            return f"Scene {scene.number + 1}   {frames}"
    return ""


def _car_text(data: LaneData, time_s: float) -> str:
    for stop in data.stops:
        began, ended = stop.event("stop"), stop.event("go")
        if began is None or began.time_s is None or ended is None or ended.time_s is None:
            continue
        if began.time_s <= time_s < ended.time_s:
            stood = (ended.time_s - began.time_s) * stop.time_scale
            return f"Car stands, {stood:.3f} s in all"
    return ""


def _corner_text(data: LaneData, row: LaneRow, time_s: float) -> str:
    """Return what is seen at a row's corners while a car stands; empty at other times."""
    for stop in data.stops:
        if stop.begins_s <= time_s <= stop.ends_s:
            here = [one for one in data.arrays.corners if one.place in row.places]
            near = [one for one in here if one.begins_s - 1 <= time_s <= one.ends_s + 1]
            return "; ".join(one.text(time_s) for one in near)
    return ""


def _zone_text(data: LaneData, zone: str, time_s: float) -> str:
    curve = data.arrays.zones.get(zone)
    level = None if curve is None else curve.at(time_s)
    moves = "" if level is None else f", motion {level:.1f} grey levels"
    return f"{_who_text(data, zone, time_s)}{moves}"


def _who_text(data: LaneData, zone: str, time_s: float) -> str:
    inside = [
        one for one in data.zones if zone in ("", one.zone) and one.begin_s <= time_s < one.end_s
    ]
    if not inside:
        # Where nobody looked for objects it is motion that was looked for.
        return f"{zone}: {'nobody' if data.class_names else 'still'}" if zone else ""
    who = ", ".join(sorted({one.who for one in inside})[:4])
    more = f" and {len(inside) - 4} more" if len(inside) > 4 else ""
    return f"{zone or inside[0].zone}: {who}{more}"


def _mark_text(data: LaneData, time_s: float) -> str:
    for one in data.marks.values():
        if one.ends_s is not None and one.begins_s <= time_s <= one.ends_s:
            return f"{one.label}   {one.begins_s:.3f} to {one.ends_s:.3f} s"
    return ""


def _processed_text(data: LaneData) -> str:
    to = data.processed_to
    return "" if to is None else f"Analysed up to frame {words.count(to)}"
