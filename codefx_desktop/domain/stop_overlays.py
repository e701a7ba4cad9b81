"""Tells what to draw of a clip's pit stops on any of its frames.

Pure: the same frame gives the same values in any order of asking, and nothing is told before its
time has come. Zones and corner names lie where the stop's reference picture has them; a moving
camera is not followed unless each frame's motion is handed in (``StopOverlays``' ``cameras``).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_overlay import (
    CHAIN_LINES,
    ChainLine,
    CornerMark,
    CornerTime,
    PanelCorner,
    Progress,
    StopClock,
    StopOverlay,
    StopPart,
    ZoneShown,
)
from codefx_desktop.domain.stop_times import (
    apart,
    bounds,
    found_events,
    plus_minus_text,
    seconds_text,
    time_of,
)
from codefx_desktop.domain.stop_words import NOT_FOUND
from codefx_desktop.domain.template import CORNERS
from codefx_desktop.domain.zone import ZoneRole

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.stop_overlay import PointPx
    from codefx_desktop.domain.template import Slot
    from codefx_desktop.domain.zone import Zone

_WHITE: Final[Rgb] = (255, 255, 255)
_ORANGE: Final[Rgb] = (230, 159, 0)
_SKY: Final[Rgb] = (86, 180, 233)
_GREEN: Final[Rgb] = (0, 158, 115)
_YELLOW: Final[Rgb] = (240, 228, 66)
_VERMILLION: Final[Rgb] = (213, 94, 0)
_PURPLE: Final[Rgb] = (204, 121, 167)

PLACE_COLORS: Final[Mapping[Place, Rgb]] = {
    Place.FRONT_LEFT: _ORANGE,
    Place.FRONT_RIGHT: _SKY,
    Place.REAR_LEFT: _GREEN,
    Place.REAR_RIGHT: _PURPLE,
    Place.FRONT: _YELLOW,
    Place.REAR: _YELLOW,
    Place.LEFT: _YELLOW,
    Place.RIGHT: _YELLOW,
}
"""One colour for each corner, one for the jacks; what concerns the whole car is white.

Source: Okabe and Ito, "Color Universal Design", 2008.
"""
_ROLE_COLORS: Final[Mapping[ZoneRole, Rgb]] = {
    ZoneRole.JACK: _YELLOW,
    ZoneRole.FUEL: _VERMILLION,
    ZoneRole.DRIVER: _YELLOW,
    ZoneRole.FAST_LANE: _VERMILLION,
}
_WORK: Final[Mapping[ZoneRole, tuple[str, str]]] = {
    ZoneRole.CORNER: ("loosen_start", "tighten_end"),
    ZoneRole.JACK: ("jack_up", "jack_down"),
    ZoneRole.FUEL: ("probe_in", "probe_out"),
    ZoneRole.DRIVER: ("driver_out", "driver_in"),
}
"""Between which two events somebody is at work in a zone."""
_CHANGE: Final = _WORK[ZoneRole.CORNER]
_FADED: Final = 0.68
"""How bright the oldest line of the chain is; all lines must stay readable."""
_MINUS: Final = "\N{MINUS SIGN}"
_CREW_REACH: Final = 0.12
"""How far around the car its crew works, in lengths of the car on the picture."""
_PANEL: Final = (0.24, 0.5)
"""About how much of the picture's width and height the panel takes."""


def zone_color(zone: Zone) -> Rgb:
    """Return the colour of a zone, the same on the video and where it is drawn."""
    return PLACE_COLORS.get(zone.place, _ROLE_COLORS.get(zone.role, _WHITE))


class StopOverlays:
    """Tells what to draw of a clip's stops on any of its frames.

    Args:
        stops: In order of time.
        zones: For each stop its zones in pixels of its reference picture
            (``analysis.zones.place_zones``); stops beyond the last have none.
        width: Of the picture, pixels.
        height: Likewise.
        parts: What to draw.
        cameras: For each stop float64 (F, 2, 3), by frame number: the matrix that takes pixels of
            its reference picture to those of a frame; with NaN where another shot is shown, on
            which no zone and no corner is drawn (``analysis.stop_camera``). None, and stops beyond
            the last: the camera does not move and nothing is cut.

    Raises:
        ValueError: If there are zones or cameras of more stops than there are.
    """

    def __init__(
        self,
        stops: Sequence[PitStop],
        zones: Sequence[Sequence[Zone]],
        width: int,
        height: int,
        *,
        parts: Collection[StopPart] = tuple(StopPart),
        cameras: Sequence[npt.NDArray[np.float64] | None] = (),
    ) -> None:
        if len(zones) > len(stops) or len(cameras) > len(stops):
            raise ValueError("zones or cameras of more stops than there are")
        self._shown = tuple(
            _StopShown(stop, drawn or (), camera, (width, height), frozenset(parts))
            for stop, drawn, camera in zip_longest(stops, zones, cameras)
        )

    def at(self, frame_number: int, time_s: float) -> StopOverlay | None:
        """Return what to draw on a frame; None outside every stop.

        Where two stops overlap, the one that began last is shown.

        Args:
            frame_number: Of the frame.
            time_s: Its time, seconds from the first picture.
        """
        now = [shown for shown in self._shown if shown.covers(time_s)]
        return now[-1].at(frame_number, time_s) if now else None


class _StopShown:
    """One stop; everything that does not change from frame to frame is made once."""

    def __init__(
        self,
        stop: PitStop,
        zones: Sequence[Zone],
        camera: npt.NDArray[np.float64] | None,
        size: tuple[int, int],
        parts: frozenset[StopPart],
    ) -> None:
        self._stop, self._camera, self._parts = stop, camera, parts
        self._found = found_events(stop)
        self._begin = self._found.get(("stop", Place.NONE))
        self._go = self._found.get(("go", Place.NONE))
        self._line_times = sorted(map(time_of, self._found.values()))
        self._by_clip, self._from_stop = self._chain(None), self._chain(self._begin)
        self._zones = tuple(zones)
        self._hubs = _hubs(stop, size)
        self._changed = tuple(
            place
            for place in CORNERS
            if any(event.place is place and event.kind in _CHANGE for event in stop.events)
        )
        self._panel = _panel(stop, size)

    def covers(self, time_s: float) -> bool:
        return self._stop.begins_s <= time_s <= self._stop.ends_s

    def at(self, frame_number: int, time_s: float) -> StopOverlay:
        parts = self._parts
        return StopOverlay(
            frame_number,
            time_s,
            zones=self._zones_at(frame_number, time_s) if StopPart.ZONES in parts else (),
            corners=self._corners_at(frame_number, time_s) if StopPart.CORNERS in parts else (),
            clock=self._clock_at(time_s) if StopPart.CLOCK in parts else None,
            corner_times=self._times_at(time_s) if StopPart.CORNER_TIMES in parts else (),
            chain=self._chain_at(time_s) if StopPart.CHAIN in parts else (),
            chain_room=min(CHAIN_LINES, len(self._line_times)) if StopPart.CHAIN in parts else 0,
            panel=self._panel,
        )

    def _stands(self, time_s: float) -> bool:
        """Return whether the car stands; an end that was not found leaves it open."""
        has_stopped = self._begin is None or time_s >= time_of(self._begin)
        return has_stopped and (self._go is None or time_s < time_of(self._go))

    def _clock_at(self, time_s: float) -> StopClock:
        facts, begin, go = self._stop.facts, self._begin, self._go
        of_whom = " ".join(filter(None, (facts.car_number, facts.team, facts.label)))
        title = f"Stop {self._stop.number}" + (f"  {of_whom}" if of_whom else "")
        slow = "" if self._stop.time_scale == 1.0 else "slow motion, true seconds"
        if begin is None:
            return StopClock(title, f"stop {NOT_FOUND}", "", slow, Progress.UNKNOWN)
        if time_s < time_of(begin):
            return StopClock(title, "arrives", "", slow, Progress.WAITING)
        if go is None or time_s < time_of(go):
            since = (time_s - time_of(begin)) * self._stop.time_scale
            note = slow if go is not None else f"since the stop; go {NOT_FOUND}"
            return StopClock(title, seconds_text(since), "", note, Progress.RUNNING)
        value, doubt = apart(begin, go, self._stop.time_scale)
        return StopClock(title, seconds_text(value), plus_minus_text(doubt), slow, Progress.DONE)

    def _progress(self, begins: Slot, ends: Slot, time_s: float) -> Progress:
        begin, end = self._found.get(begins), self._found.get(ends)
        if begin is None or end is None or time_of(end) < time_of(begin):
            return Progress.UNKNOWN
        if time_s < time_of(begin):
            return Progress.WAITING
        return Progress.RUNNING if time_s < time_of(end) else Progress.DONE

    def _corner_progress(self, place: Place, time_s: float) -> Progress:
        """Return how far a corner is; that it is not known how far is told from the stop on."""
        has_stopped = self._begin is None or time_s >= time_of(self._begin)
        loosen, tighten = _CHANGE
        progress = self._progress((loosen, place), (tighten, place), time_s)
        return progress if has_stopped or progress is not Progress.UNKNOWN else Progress.WAITING

    def _times_at(self, time_s: float) -> tuple[CornerTime, ...]:
        return tuple(self._time_at(place, time_s) for place in self._changed)

    def _time_at(self, place: Place, time_s: float) -> CornerTime:
        progress, scale = self._corner_progress(place, time_s), self._stop.time_scale
        text, doubt_text = "", ""
        if progress is Progress.UNKNOWN:
            text = NOT_FOUND
        elif progress is not Progress.WAITING:
            begin, end = (self._found[kind, place] for kind in _CHANGE)
            if progress is Progress.RUNNING:
                text = seconds_text((time_s - time_of(begin)) * scale)
            else:
                value, doubt = apart(begin, end, scale)
                text, doubt_text = seconds_text(value), plus_minus_text(doubt)
        return CornerTime(place, text, doubt_text, PLACE_COLORS[place], progress)

    def _chain(self, since: Event | None) -> tuple[ChainLine, ...]:
        """Return a line for each event with its time, in order of time, told from one of them."""
        return tuple(
            self._line(event, since) for event in sorted(self._found.values(), key=time_of)
        )

    def _line(self, event: Event, since: Event | None) -> ChainLine:
        if since is None or event is since:
            low, high = bounds(event)
            # The clip's own clock, by which a person finds it; also of slow motion.
            text = f"at {seconds_text(time_of(event))}"
            doubt = max(high - time_of(event), time_of(event) - low)
        else:
            value, doubt = apart(since, event, self._stop.time_scale)
            text = f"{'+' if value >= 0.0 else _MINUS}{seconds_text(abs(value))}"
        color = PLACE_COLORS.get(event.place, _WHITE)
        what = event.kind.replace("_", " ")
        return ChainLine(event.place, what, text, plus_minus_text(doubt), color)

    def _chain_at(self, time_s: float) -> tuple[ChainLine, ...]:
        # From the stop, but not before it: that would tell when it will be.
        has_stopped = self._begin is not None and time_s >= time_of(self._begin)
        lines = self._from_stop if has_stopped else self._by_clip
        happened = bisect_right(self._line_times, time_s)
        newest = lines[max(0, happened - CHAIN_LINES) : happened][::-1]
        step = (1.0 - _FADED) / (CHAIN_LINES - 1)
        return tuple(replace(line, strength=1.0 - step * age) for age, line in enumerate(newest))

    def _zones_at(self, frame_number: int, time_s: float) -> tuple[ZoneShown, ...]:
        stands = self._stands(time_s)
        shown = []
        for zone in self._zones:
            points = self._on_frame(zone.points, frame_number)
            if points:
                color = zone_color(zone)
                is_active = self._is_worked_in(zone, time_s)
                shown.append(ZoneShown(zone.name, points, color, is_active, not stands))
        return tuple(shown)

    def _is_worked_in(self, zone: Zone, time_s: float) -> bool:
        if zone.role not in _WORK:
            return False
        begins, ends = _WORK[zone.role]
        # Fuel and drivers have a side on the picture, but no place as events.
        place = zone.place if (begins, zone.place) in self._found else Place.NONE
        return self._progress((begins, place), (ends, place), time_s) is Progress.RUNNING

    def _corners_at(self, frame_number: int, time_s: float) -> tuple[CornerMark, ...]:
        if not self._stands(time_s):
            return ()
        points = self._on_frame(tuple(self._hubs.values()), frame_number)
        middle = np.mean(points, axis=0) if points else np.zeros(2)
        return tuple(
            CornerMark(
                place,
                xy,
                _direction(xy[0] - middle[0], xy[1] - middle[1]),
                PLACE_COLORS[place],
                self._corner_progress(place, time_s),
            )
            for place, xy in zip(self._hubs, points, strict=False)
        )

    def _on_frame(self, points: Sequence[PointPx], frame_number: int) -> tuple[PointPx, ...]:
        """Return where places of the reference picture lie on a frame; none on another shot."""
        if self._camera is None or not points:
            return tuple(points)
        if not 0 <= frame_number < len(self._camera):
            return ()
        matrix = self._camera[frame_number]
        moved = np.asarray(points, np.float64) @ matrix[:, :2].T + matrix[:, 2]
        return tuple((x, y) for x, y in moved.tolist()) if np.isfinite(moved).all() else ()


def _hubs(stop: PitStop, size: tuple[int, int]) -> dict[Place, PointPx]:
    width, height = size
    hubs = {} if stop.car is None else stop.car.hubs
    return {
        place: (hubs[place][0] * width, hubs[place][1] * height)
        for place in CORNERS
        if place in hubs
    }


def _direction(x: float, y: float) -> PointPx:
    length = math.hypot(x, y)
    return (x / length, y / length) if length > 0.0 else (0.0, 0.0)


def _panel(stop: PitStop, size: tuple[int, int]) -> PanelCorner:
    """Return the corner of the picture of which the car and its crew cover least."""
    if stop.car is None:
        return PanelCorner.BOTTOM_LEFT
    x1, y1, x2, y2 = stop.car.box
    wide, high = _PANEL
    margin = _CREW_REACH * (x2 - x1) * size[0]
    x1, x2 = x1 - margin / size[0], x2 + margin / size[0]
    y1, y2 = y1 - margin / size[1], y2 + margin / size[1]

    def covered(corner: PanelCorner) -> float:
        left = 0.0 if corner in (PanelCorner.BOTTOM_LEFT, PanelCorner.TOP_LEFT) else 1.0 - wide
        top = 0.0 if corner in (PanelCorner.TOP_LEFT, PanelCorner.TOP_RIGHT) else 1.0 - high
        across = min(x2, left + wide) - max(x1, left)
        down = min(y2, top + high) - max(y1, top)
        return round(max(across, 0.0) * max(down, 0.0), 3)

    return min(PanelCorner, key=covered)
