"""What may have been against the rules, each with the frame that shows it, for a person to judge.

A flag needs what it speaks of, and is silent without:

- *crew over the line*: a zone with the role ``crew line``, drawn around the ground on which nobody
  of the crew may be before the template's ``crew_from``;
- *too many crew*: a zone ``crew line``, otherwise ``box``, and a template with a ``crew_limit``;
- *wheel uncontrolled*: nothing but wheels and crew;
- *release into traffic*: a zone ``fast lane``;
- *equipment left in the box*: a zone ``box``, drawn along the painted lines.

Everything has to last, so that a single wrong box never makes a flag. People and wheels count with
the place where they meet the ground, the middle of their box's lower edge; crew with all of their
box when the question is whether they have hold of something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.car_rests import CAR
from codefx_desktop.analysis.crew import CREW
from codefx_desktop.analysis.gun_sight import GUN
from codefx_desktop.analysis.hubs import WHEEL
from codefx_desktop.analysis.instants import bounds
from codefx_desktop.analysis.jack_paths import JACK
from codefx_desktop.analysis.zones import inside
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.stop import FlagKind, RuleFlag
from codefx_desktop.domain.zone import ZoneRole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.analysis.zones import PlacedZone
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.observations import Objects, Observations
    from codefx_desktop.domain.template import StopTemplate

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

EQUIPMENT: Final = (GUN, JACK, WHEEL)
SURE: Final = 0.5
LASTS_S: Final = 0.3
"""What is seen for less is not told: a box that flickers, someone who passes."""

TOO_MANY_LASTS_S: Final = 0.6
TRAFFIC_S: Final = 0.15
"""A car in the fast lane counts within this time of go."""

LEFT_S: Final = 2.0
"""So long after go is looked at what lies in the box: until the car is out of it."""

AWAY: Final = 0.8
"""Nobody has hold of a wheel or a tool that is farther than this part of its own size from all of
the crew: an arm reaches half as far."""

ROLLED: Final = 1.2
"""A wheel that nobody holds and that goes farther than this part of its own size rolls."""


@dataclass(frozen=True, slots=True)
class _View:
    """One stop as rules look at it; boxes lie on its reference picture."""

    seen: Observations
    stop: StopFrame

    def objects(self, name: str, first: int, last: int) -> Objects:
        """Return a class's sure detections in frames from ``first`` to ``last``."""
        found = self.stop.objects(self.seen, name, margin=len(self.seen.times_s))
        sure = found.confidence >= np.float32(SURE)
        return found.where(sure & (found.frame >= first) & (found.frame <= last))

    def zones(self, role: ZoneRole) -> tuple[PlacedZone, ...]:
        return tuple(zone for zone in self.stop.zones if zone.role is role)

    def frame_at(self, time_s: float) -> int:
        """Return the first frame at or after a time, within this shot."""
        frame = int(np.searchsorted(self.seen.times_s, time_s))
        return min(max(frame, self.stop.begin), self.stop.end)

    def flag(
        self, kind: FlagKind, frame: int, text: str, box: npt.NDArray[np.floating] | None = None
    ) -> RuleFlag:
        """Return a flag; its box is told on the frame's own picture, as it was detected."""
        xyxy = None
        if box is not None:
            x1, y1, x2, y2 = (float(side) for side in box)
            xyxy = (x1, y1, x2, y2)
        time_s = float(self.seen.times_s[frame])
        return RuleFlag(kind, int(self.seen.numbers[frame]), time_s, text, xyxy)

    def as_detected(self, found: Objects, index: int) -> npt.NDArray[np.floating]:
        """Return the box of a detection before the camera's motion was taken out."""
        frame = int(found.frame[index])
        all_of = self.seen.objects.between(frame, frame + 1)
        alike = np.flatnonzero(
            (all_of.class_id == found.class_id[index])
            & (all_of.confidence == found.confidence[index])
            & (all_of.track_id == found.track_id[index])
        )
        box: npt.NDArray[np.float32] = all_of.xyxy[alike[0]] if len(alike) else found.xyxy[index]
        return box


def rule_flags(seen: Observations, stop: StopFrame, template: StopTemplate) -> tuple[RuleFlag, ...]:
    """Return what a person should judge of one stop in one shot, in order of time.

    Args:
        seen: All that was measured of the clip.
        stop: The stop, with its zones placed.
        template: From when how many of the crew may be there.
    """
    view = _View(seen, stop)
    flags = (
        *_over_the_line(view, template),
        *_too_many(view, template),
        *_loose_wheels(view),
        *_traffic(view),
        *_left_behind(view),
    )
    return tuple(sorted(flags, key=lambda flag: flag.time_s))


def _over_the_line(view: _View, template: StopTemplate) -> list[RuleFlag]:
    """Return where crew was on forbidden ground before the car stood."""
    allowed = _time(view.stop.stop)
    zones = view.zones(ZoneRole.CREW_LINE)
    if template.crew_from != "stop" or allowed is None or not zones:
        return []
    crew = view.objects(CREW, view.stop.begin, view.frame_at(allowed[0]))
    crew = crew.where(view.seen.times_s[crew.frame] < allowed[0])
    within = _within_any(zones, _feet(crew))
    run = _first_run(view, crew.frame[within], LASTS_S)
    if run is None:
        return []
    # The clearest frame is the last before the stop: those who came early are all there.
    frame = run[1]
    here = np.flatnonzero(within & (crew.frame == frame))
    early = allowed[0] - float(view.seen.times_s[run[0]])
    text = f"{len(here)} of the crew over the line, the first {early:.2f} s before the car stood"
    box = view.as_detected(crew, int(here[0]))
    return [view.flag(FlagKind.CREW_OVER_LINE, frame, text, box)]


def _too_many(view: _View, template: StopTemplate) -> list[RuleFlag]:
    """Return where more persons were at the car than the template allows."""
    zones = view.zones(ZoneRole.CREW_LINE) or view.zones(ZoneRole.BOX)
    if template.crew_limit is None or not zones:
        return []
    crew = view.objects(CREW, view.stop.first, view.stop.last)
    within = crew.where(_within_any(zones, _feet(crew)))
    counts = np.bincount(within.frame, minlength=len(view.seen.times_s))
    crowded = np.flatnonzero(counts > template.crew_limit)
    run = _first_run(view, crowded, TOO_MANY_LASTS_S)
    if run is None:
        return []
    frame = run[0] + int(np.argmax(counts[run[0] : run[1] + 1]))
    text = f"{counts[frame]} persons at the car; {template.crew_limit} are allowed"
    return [view.flag(FlagKind.TOO_MANY_CREW, frame, text)]


def _loose_wheels(view: _View) -> list[RuleFlag]:
    """Return wheels of this stop that went on their own."""
    stop = view.stop
    wheels = view.objects(WHEEL, stop.first, stop.last)
    crew = view.objects(CREW, stop.first, stop.last)
    at_this = _in_box(_middles(wheels), stop.box, _sizes(wheels))
    away = _away(wheels, crew) & _whole(view, wheels) & ~at_this & ~_on_a_car(view, wheels)
    found = []
    for track in np.unique(wheels.track_id[away & (wheels.track_id >= 0)]):
        mine = np.flatnonzero(wheels.track_id == track)
        # Somebody had it before: others' wheels, and those that lie about, are nobody's.
        held = mine[~away[mine]]
        alone = mine[away[mine] & (wheels.frame[mine] > held.min(initial=np.iinfo(np.int32).max))]
        run = _first_run(view, wheels.frame[alone], LASTS_S)
        if run is None:
            continue
        alone = alone[(wheels.frame[alone] >= run[0]) & (wheels.frame[alone] <= run[1])]
        way = _feet(wheels)[alone]
        went = float(np.hypot(*(way[-1] - way[0])))
        size = float(np.median(_sizes(wheels)[alone]))
        if went > ROLLED * size:
            last = int(alone[-1])
            text = f"a wheel rolls {went / size:.1f} of its own size with nobody at it"
            box = view.as_detected(wheels, last)
            found.append(view.flag(FlagKind.WHEEL_LOOSE, int(wheels.frame[last]), text, box))
    return found


def _traffic(view: _View) -> list[RuleFlag]:
    """Return cars in the fast lane when this one went."""
    go = _time(view.stop.go)
    zones = view.zones(ZoneRole.FAST_LANE)
    if go is None or not zones:
        return []
    first, last = view.frame_at(go[0] - TRAFFIC_S), view.frame_at(go[1] + TRAFFIC_S)
    cars = view.objects(CAR, first, last)
    others = cars.where(~_in_box(_middles(cars), view.stop.box))
    within = others.where(_within_any(zones, _feet(others)))
    if len(np.unique(within.frame)) < max(2, (last - first) // 2):
        return []
    index = int(np.argmin(np.abs(view.seen.times_s[within.frame] - (go[0] + go[1]) / 2)))
    frame = int(within.frame[index])
    text = "a car is in the fast lane as this one goes"
    return [view.flag(FlagKind.UNSAFE_RELEASE, frame, text, view.as_detected(within, index))]


def _left_behind(view: _View) -> list[RuleFlag]:
    """Return what lies in the box with nobody at it when the car has gone, or goes."""
    go = _time(view.stop.go)
    zones = view.zones(ZoneRole.BOX)
    if go is None or not zones:
        return []
    first, last = view.frame_at(go[1]), view.frame_at(go[1] + LEFT_S)
    crew = view.objects(CREW, first, last)
    found = []
    for name in EQUIPMENT:
        things = view.objects(name, first, last)
        lies = _away(things, crew) & _whole(view, things) & _within_any(zones, _feet(things))
        things = things.where(lies & ~_on_a_car(view, things))
        run = _still_run(view, things)
        if run is not None:
            frame = int(things.frame[run])
            text = f"{name.replace('_', ' ')} in the box with nobody at it as the car goes"
            box = view.as_detected(things, run)
            found.append(view.flag(FlagKind.EQUIPMENT_LEFT, frame, text, box))
    return found


def _still_run(view: _View, things: Objects) -> int | None:
    """Return which detection shows a thing that stays at its place; None if none does."""
    feet, sizes = _feet(things), _sizes(things)
    for index in range(len(things.frame)):
        near = np.hypot(*(feet - feet[index]).T) < 0.25 * sizes[index]
        run = _first_run(view, np.unique(things.frame[near]), LASTS_S)
        if run is not None:
            return index
    return None


def _first_run(
    view: _View, frames: npt.NDArray[np.integer], lasts_s: float
) -> tuple[int, int] | None:
    """Return the first and last frame of the first run of frames that lasts; None without one.

    One missed frame does not end a run: a detector blinks.
    """
    frames = np.unique(frames)
    times = view.seen.times_s
    for run in np.split(frames, np.flatnonzero(np.diff(frames) > 2) + 1):
        if len(run) > 1 and times[run[-1]] - times[run[0]] >= lasts_s:
            return int(run[0]), int(run[-1])
    return None


def _time(event: Event) -> tuple[float, float] | None:
    if event.status is EventStatus.NOT_FOUND or event.time_s is None:
        return None
    return bounds(event)


def _away(things: Objects, crew: Objects) -> Mask:
    """Return which things nobody of the crew can have hold of, bool (N,).

    Where nobody of the crew is seen at all, nothing is said.
    """
    away = np.zeros(len(things.frame), np.bool_)
    sizes = _sizes(things)
    for frame in np.unique(things.frame):
        mine = np.flatnonzero(things.frame == frame)
        people = crew.xyxy[crew.frame == frame].astype(np.float64)
        if len(people):
            gaps = _gaps(things.xyxy[mine].astype(np.float64), people)
            away[mine] = gaps.min(axis=1) > AWAY * sizes[mine]
    return away


def _whole(view: _View, things: Objects) -> Mask:
    """Return which things lie off the picture's edge by as much as anyone needs to hold them.

    Who has hold of what is cut off may be outside the picture.
    """
    boxes, reach = things.xyxy.astype(np.float64), AWAY * _sizes(things)
    corner = np.array((view.seen.width, view.seen.height))
    room = np.column_stack((boxes[:, :2], corner - boxes[:, 2:])).min(axis=1, initial=np.inf)
    whole: Mask = np.asarray(room > reach)
    return whole


def _gaps(boxes: Floats, others: Floats) -> Floats:
    """Return how far apart boxes are, float64 (N, M), pixels; 0 where they touch."""
    x = np.maximum(boxes[:, None, 0] - others[None, :, 2], others[None, :, 0] - boxes[:, None, 2])
    y = np.maximum(boxes[:, None, 1] - others[None, :, 3], others[None, :, 1] - boxes[:, None, 3])
    gaps: Floats = np.hypot(np.maximum(x, 0.0), np.maximum(y, 0.0))
    return gaps


def _on_a_car(view: _View, things: Objects) -> Mask:
    """Return which things are at a car, in their frame.

    A car's box is that of its body; its wheels stand out of it.
    """
    middles, sizes = _middles(things), _sizes(things)
    on = np.zeros(len(things.frame), np.bool_)
    first, last = int(things.frame.min(initial=0)), int(things.frame.max(initial=0))
    cars = view.objects(CAR, first, last)
    for frame in np.unique(cars.frame):
        mine = np.flatnonzero(things.frame == frame)
        for x1, y1, x2, y2 in cars.xyxy[cars.frame == frame].tolist():
            on[mine] = on[mine] | _in_box(middles[mine], (x1, y1, x2, y2), sizes[mine])
    return on


def _in_box(
    places: Floats, box: tuple[float, float, float, float], reach: Floats | float = 0.0
) -> Mask:
    x1, y1, x2, y2 = box
    off = np.maximum(np.array((x1, y1)) - places, places - np.array((x2, y2))).max(axis=1)
    within: Mask = np.asarray(off <= reach)
    return within


def _within_any(zones: Sequence[PlacedZone], places: Floats) -> Mask:
    within = np.zeros(len(places), np.bool_)
    for zone in zones:
        within |= inside(zone, places)
    return within


def _feet(found: Objects) -> Floats:
    boxes = found.xyxy.astype(np.float64)
    return np.column_stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]))


def _middles(found: Objects) -> Floats:
    boxes = found.xyxy.astype(np.float64)
    middles: Floats = (boxes[:, :2] + boxes[:, 2:]) / 2
    return middles


def _sizes(found: Objects) -> Floats:
    """Return the longer side of each box, pixels."""
    boxes = found.xyxy.astype(np.float64)
    sizes: Floats = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0)
    return sizes
