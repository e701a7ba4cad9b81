"""The one entry point: from all that was measured of a clip to its stops, each taken apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codefx_desktop.analysis.air_jacks import air_jack_events
from codefx_desktop.analysis.car_passing import passing_events
from codefx_desktop.analysis.car_stops import find_car_stops
from codefx_desktop.analysis.contradictions import without_contradictions
from codefx_desktop.analysis.crew import CREW, clear_events
from codefx_desktop.analysis.ground import Ground
from codefx_desktop.analysis.gun_sight import GUN
from codefx_desktop.analysis.guns import gun_events
from codefx_desktop.analysis.hubs import WHEEL, find_hubs
from codefx_desktop.analysis.jack_paths import JACK
from codefx_desktop.analysis.jacks import jack_events
from codefx_desktop.analysis.rule_flags import SURE, rule_flags
from codefx_desktop.analysis.stop_memory import StopMemory
from codefx_desktop.analysis.time_scale import time_scale
from codefx_desktop.analysis.wheels import wheel_events
from codefx_desktop.analysis.zone_events import zone_events
from codefx_desktop.analysis.zones import place_zones, unplaced
from codefx_desktop.domain.events import Event, EventStatus
from codefx_desktop.domain.stop import PitStop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codefx_desktop.analysis.car_stops import CarStop, CarView
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import RuleFlag
    from codefx_desktop.domain.template import Slot, StopTemplate
    from codefx_desktop.domain.zone import CarPlace


def find_stops(
    seen: Observations,
    template: StopTemplate,
    camera: CameraProfile,
    memory: StopMemory | None = None,
    check: Callable[[], None] = lambda: None,
) -> tuple[PitStop, ...]:
    """Return the stops of a clip, in order of time; none where no car stops.

    Args:
        seen: All that was measured of the clip.
        template: Which events a stop has.
        camera: What is known of the camera.
        memory: What was found of the clip before; it changes what this takes, not what is found.
        check: Called before each stop; may raise to end the search.
    """
    if seen.motion is not None and seen.motion.cuts:
        # A shot that nobody looked for scenes in still ends where the picture does.
        seen = replace(seen, cuts=tuple(sorted({*seen.cuts, *seen.motion.cuts} - {0})))
    memory = memory or StopMemory()
    memory.begin(seen)
    found = []
    for number, stop in enumerate(find_car_stops(seen, camera, memory), start=1):
        check()
        found.append(_pit_stop(seen, template, stop, number, memory))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one shot tells of a stop."""

    events: tuple[Event, ...]
    place: CarPlace
    flags: tuple[RuleFlag, ...]
    notes: tuple[str, ...]


def _pit_stop(
    seen: Observations, template: StopTemplate, stop: CarStop, number: int, memory: StopMemory
) -> PitStop:
    parts = [_parts(seen, template, view, memory) for view in stop.views]
    found = _best(event for part in parts for event in part.events)
    events = without_contradictions([found.get(slot, Event(*slot)) for slot in template.slots])
    # The place in which most hubs are known: what zones are anchored to.
    shown = max(range(len(parts)), key=lambda index: len(parts[index].place.hubs))
    notes = [*stop.notes, *(note for part in parts for note in part.notes)]
    first, last = stop.views[0].frame, stop.views[-1].frame
    return PitStop(
        number=number,
        template=template.name,
        events=events,
        begins_s=float(seen.times_s[first.begin]),
        ends_s=float(seen.times_s[last.end]),
        heading=stop.views[shown].frame.heading,
        car=parts[shown].place,
        flags=tuple(flag for part in parts for flag in part.flags),
        notes=tuple(dict.fromkeys(notes)),
        time_scale=time_scale(seen, stop.views[0].frame.camera),
    )


def _parts(seen: Observations, template: StopTemplate, view: CarView, memory: StopMemory) -> _Parts:
    """Return what one shot tells of a stop, part by part."""
    place, notes = memory.part(
        "hubs", seen, view.frame, (WHEEL,), (), lambda shown: find_hubs(shown, view.frame)
    )
    ground, troubles = _ground(seen, view.frame.camera)
    frame, missing = _with_zones(seen, view.frame, place, ground)
    wheels, guns, jacks, clear = _worked(seen, frame, place, memory)
    events = (
        frame.stop,
        frame.go,
        *passing_events(seen, view, ground),
        *wheels,
        *jacks,
        *guns,
        *clear,
        *zone_events(seen, frame, place),
    )
    flags = memory.part(
        "flags",
        seen,
        frame,
        seen.objects.class_names,
        (template,),
        lambda it: rule_flags(it, frame, template),
        least=SURE,
    )
    return _Parts(events, place, flags, (*notes, *troubles, *missing))


def _worked(
    seen: Observations, frame: StopFrame, place: CarPlace, memory: StopMemory
) -> tuple[tuple[Event, ...], tuple[Event, ...], tuple[Event, ...], tuple[Event, ...]]:
    """Return what the crew did: wheels, guns, jacks, and when they were clear."""
    wheels = memory.part(
        "wheels", seen, frame, (WHEEL,), (place,), lambda it: wheel_events(it, frame, place)
    )
    guns = memory.part(
        "guns",
        seen,
        frame,
        (WHEEL, GUN),
        (place, wheels),
        lambda it: gun_events(it, frame, place, wheels),
    )
    jacks = memory.part(
        "jacks",
        seen,
        frame,
        (JACK,),
        (place,),
        lambda it: jack_events(it, frame, place, lambda: _air_jacks(seen, frame, memory)),
    )
    clear = memory.part(
        "clear",
        seen,
        frame,
        (WHEEL, GUN, CREW),
        (place, guns),
        lambda it: clear_events(it, frame, place, guns),
    )
    return wheels, guns, jacks, clear


def _air_jacks(seen: Observations, frame: StopFrame, memory: StopMemory) -> tuple[Event, ...]:
    """Return when the car is on its own jacks, which its picture tells, whatever was detected."""
    return memory.part("air jacks", seen, frame, (), (), lambda it: air_jack_events(it, frame))


def _ground(seen: Observations, camera: CameraProfile) -> tuple[Ground | None, tuple[str, ...]]:
    """Return the calibrated ground, if it is; with a sentence where its marks are unusable."""
    try:
        return Ground.of(camera, seen.width, seen.height), ()
    except ValueError as error:
        return None, (f"The camera profile's box cannot be used: {error}.",)


def _with_zones(
    seen: Observations, frame: StopFrame, place: CarPlace, ground: Ground | None
) -> tuple[StopFrame, tuple[str, ...]]:
    """Return the stop with the camera's zones where they belong, and which could not be placed."""
    camera = frame.camera
    zones = place_zones(
        camera.zones, place, seen.width, seen.height, lens=camera.lens, ground=ground
    )
    names = unplaced(camera.zones, zones)
    notes = (f"These zones could not be placed on this stop: {', '.join(names)}.",) if names else ()
    return replace(frame, zones=zones), notes


def _best(events: Iterable[Event]) -> dict[Slot, Event]:
    """Return the event of each kind and place: what was found first, in the order of calling."""
    best: dict[Slot, Event] = {}
    for event in events:
        slot = (event.kind, event.place)
        if slot not in best or (
            best[slot].status is EventStatus.NOT_FOUND and event.status is not EventStatus.NOT_FOUND
        ):
            best[slot] = event
    return best
