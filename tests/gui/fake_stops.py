"""A stop desk without workers: notes what it is asked, answers from memory on the next turn."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import FlagKind, Heading, PitStop, RuleFlag, StopFacts
from codefx_desktop.jobs.stop_values import StopShown, StopsRead, StopState
from codefx_desktop.settings.templates import built_in_templates, event_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.template import StopTemplate

STOP_S = 2.0
"""When the car of ``pit_stop`` comes to rest."""
_CORNER = (
    *(("loosen_start", 0.20), ("loosen_end", 0.50), ("wheel_off", 0.80), ("wheel_on", 1.20)),
    *(("tighten_start", 1.40), ("tighten_end", 1.90), ("clear", 2.05)),
)
_LATER = {
    Place.FRONT_LEFT: 0.0,
    Place.FRONT_RIGHT: 0.05,
    Place.REAR_LEFT: 0.3,
    Place.REAR_RIGHT: 0.1,
}


class FakeStopDesk(QObject):
    """The same signals and calls as ``jobs.stop_desk.StopDesk``."""

    read = Signal(object)
    changed = Signal(object)
    busied = Signal(bool)
    noticed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.jobs: dict[str, StopsRead] = {}
        self.job_id: str | None = None

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    # -- what the window calls ------------------------------------------------------------------

    def open(self, job_id: str) -> None:
        self.calls.append(("open", job_id))
        self.job_id = job_id
        QTimer.singleShot(0, self, lambda: self._answer(job_id))

    def close(self) -> None:
        self.calls.append(("close",))
        self.job_id = None

    def is_open(self, job_id: str) -> bool:
        return job_id == self.job_id

    def set_front(self, job_id: str, front_deg: float, mirrored: bool) -> None:
        self.calls.append(("set_front", job_id, front_deg, mirrored))

    def set_facts(self, job_id: str, number: int, facts: StopFacts) -> None:
        self.calls.append(("set_facts", job_id, number, facts))

    def share_facts(self, job_ids: Sequence[str], facts: StopFacts) -> None:
        self.calls.append(("share_facts", tuple(job_ids), facts))

    def set_classic(self, job_id: str, name: str, value_s: float | None) -> None:
        self.calls.append(("set_classic", job_id, name, value_s))

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def put(self, found: StopsRead) -> None:
        """Keep what a job has; tell it if the job is open."""
        self.jobs[found.job_id] = found
        if self.job_id == found.job_id:
            self.read.emit(found)

    def _answer(self, job_id: str) -> None:
        if job_id == self.job_id:
            nothing = StopsRead(job_id, StopState.NOT_ASKED, "Not asked for.")
            self.read.emit(self.jobs.get(job_id, nothing))


@functools.cache
def template(name: str = "f1") -> StopTemplate:
    """Return a built-in template."""
    return next(one for one in built_in_templates() if one.name == name)


def event(kind: str, place: Place, time_s: float, half_s: float = 0.02) -> Event:
    """Return an event that was found."""
    return Event(
        kind,
        place,
        time_s,
        time_s - half_s,
        time_s + half_s,
        round(time_s * 30),
        EventSource.TRACK,
        EventStatus.PROPOSED,
        0.9,
        {"seen": "a <b> in 3 pictures"},
    )


def pit_stop(
    number: int = 1, missing: Sequence[tuple[str, Place]] = (), **fields: object
) -> PitStop:
    """Return a stop of 2.5 s whose rear left corner is slowest; fields as given."""
    began = STOP_S + 60.0 * (number - 1)
    none = Place.NONE
    times = {
        ("arrive", none): began - 1.0,
        ("stop", none): began,
        ("go", none): began + 2.5,
        ("depart", none): began + 3.5,
        ("release", none): began + 2.4,
        **{("jack_up", end): began + 0.15 for end in (Place.FRONT, Place.REAR)},
        **{("jack_down", end): began + 2.3 for end in (Place.FRONT, Place.REAR)},
        **{(k, p): began + at + late for p, late in _LATER.items() for k, at in _CORNER},
        # The nut of the rear left turns longer than the others.
        ("tighten_end", Place.REAR_LEFT): began + 2.25,
        ("clear", Place.REAR_LEFT): began + 2.29,
    }
    events = tuple(
        event(*slot, times[slot]) if slot in times and slot not in missing else Event(*slot)
        for slot in template().slots
    )
    values: dict[str, object] = {
        "number": number,
        "template": "f1",
        "events": events,
        "begins_s": began - 2.0,
        "ends_s": began + 5.0,
        "heading": Heading(0.0, "arrival"),
        "flags": (RuleFlag(FlagKind.EQUIPMENT_LEFT, 140, 4.67, "A gun lies in the box."),),
        "notes": ("The light was not seen.",),
    }
    return PitStop(**{**values, **fields})


def stops_read(*stops: PitStop, job_id: str = "a", **fields: object) -> StopsRead:
    """Return the stops of a job, each with what follows from it."""
    shown = tuple(_shown(stop) for stop in stops)
    first = shown[0].breakdown.classic if shown else None
    values: dict[str, object] = {
        "job_id": job_id,
        "state": StopState.FOUND if stops else StopState.NONE,
        "stops": shown,
        "template": template().label,
        "labels": {kind.kind: kind.label for kind in event_kinds()},
        "classic": first,
    }
    return StopsRead(**{**values, **fields})


def _shown(stop: PitStop) -> StopShown:
    found = breakdown(stop, template(stop.template))
    frames = tuple(round(bar.begin_s * 30) for bar in found.critical.bars)
    return StopShown(stop, found, frames)


def headless(stop: PitStop) -> PitStop:
    """Return a stop of a car that stood from the beginning: nobody knows its front."""
    return replace(stop, heading=Heading())
