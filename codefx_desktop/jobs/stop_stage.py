"""Takes the pit stops of a clip apart, when all of it was seen: from what is kept to a report."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.analysis.anatomy import anatomy
from codefx_desktop.analysis.no_stop import why_no_stop
from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.artifacts.stop_report import StopTold, write_stop_report
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.job import Stage
from codefx_desktop.jobs.zone_stage import tell_zones
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.jobs.signal_stage import SignalStage
    from codefx_desktop.jobs.sound_stage import SoundStage
    from codefx_desktop.jobs.task import Run
    from codefx_desktop.store.detections import DetectionWriter
    from codefx_desktop.video.probe import ProbedClip


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What was found of a clip's stops.

    Attributes:
        stops: Each with what follows from it.
        seen: All that was measured of the clip.
    """

    stops: tuple[StopTold, ...]
    seen: Observations

    @property
    def event_frames(self) -> tuple[int, ...]:
        """Numbers of the frames nearest to events that were found, ascending, each once."""
        return tuple(
            sorted(
                {
                    event.frame_number
                    for told in self.stops
                    for event in told.stop.events
                    if event.frame_number is not None and event.status is not EventStatus.NOT_FOUND
                }
            )
        )


def take_apart(
    run: Run,
    clip: ProbedClip,
    signals: SignalStage,
    sound: SoundStage,
    store: DetectionWriter,
    template: StopTemplate,
) -> Told:
    """Find the clip's stops; keep them and what they were found from, and write the reports.

    Args:
        run: The run.
        clip: Its clip.
        signals: Has seen all frames.
        sound: Has heard all sound.
        store: Holds all that was found in the frames.
        template: Which events a stop has.

    Raises:
        Cancelled: If the person cancelled.
        NoSpace: If the disk is full.
    """
    began, task = time.perf_counter(), run.task
    store.set_picture(clip.info.width, clip.info.height, clip.info.duration_s)
    store.set_motion(signals.motion())
    store.set_sound(sound.sound())
    run.check_cancel()
    camera = task.spec.plan.stop.camera
    with DetectionReader(task.layout.detections) as reader:
        seen = reader.observations()
    stops = find_stops(seen, template, camera)
    run.check_cancel()
    store.set_stops(stops, template, camera)
    told = tuple(StopTold(stop, anatomy(stop, template, camera, seen)) for stop in stops)
    write_stop_report(task.layout, told)
    zones = tell_zones(task.layout, seen, camera, stops, task.spec.confidence)
    for line in filter(None, (*_lines(told, template, seen), zones)):
        run.say(line, stage=Stage.EVENTS)
    run.meter.fraction(Stage.EVENTS, 1.0, time.perf_counter() - began)
    run.meter.complete(Stage.EVENTS)
    return Told(told, seen)


def _lines(stops: Iterable[StopTold], template: StopTemplate, seen: Observations) -> list[str]:
    """Return what was found, for a person."""
    lines = [_line(told.stop, told, template) for told in stops]
    return lines or [f"No pit stop was found. {why_no_stop(seen)}"]


def _line(stop: PitStop, told: StopTold, template: StopTemplate) -> str:
    found = sum(event.status is not EventStatus.NOT_FOUND for event in stop.events)
    name = f"Pit stop {stop.number} ({template.label})"
    standing = next((one for one in told.breakdown.durations if one.name == "stationary"), None)
    text = "stationary time not found"
    if standing is not None and standing.value_s is not None:
        text = f"stationary {standing.value_s:.2f} s"
        if standing.low_s is not None and standing.high_s is not None:
            text += f" ({standing.low_s:.2f} to {standing.high_s:.2f})"
    if stop.time_scale != 1.0:
        text += f", slow motion: true seconds, {stop.time_scale:.3g} in one of the clip"
    notes = "".join(f" {note}" for note in stop.notes)
    return f"{name}: {text}; {found} of {len(stop.events)} events found.{notes}"
