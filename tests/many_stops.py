"""A history of made-up jobs with stops, written through the store's own calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from gui.fake_stops import pit_stop, template

from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, SessionKind
from codefx_desktop.domain.statistics import NotedJob
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.jobs.stop_noting import noted_stop

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.store.history import History

TEAMS = (("Blue", "4"), ("Green", "10"), ("Orange", "23"))
DRIVERS = ("A. Fast", "B. Steady", "C. Late")
RACES = ("Spa", "Monza", "Suzuka", "Austin")
CREW = {
    "Gun FL": ("Ann", "Tim"),
    "Gun FR": ("Bo", "Ivo"),
    "Gun RL": ("Cid", "Cid"),
    "Gun RR": ("Dee", "Udo"),
    "Jack front": ("Eve", "Eve"),
}
SHAPES = 300
"""So many stops differ; of more, some have the same times."""
SESSIONS = (SessionKind.RACE, SessionKind.PRACTICE, SessionKind.QUALI)


def fill(history: History, jobs: int, *, seed: int = 7, stops_each: int = 1) -> tuple[str, ...]:
    """Add complete jobs whose stops are noted; return their ids, oldest first."""
    rng, plain, f1 = np.random.default_rng(seed), pit_stop(), template()
    many = min(jobs, SHAPES)
    shapes = [noted_stop(_shape(plain, rng, place / max(many, 1)), f1) for place in range(many)]
    noted = []
    for place in range(jobs):
        job_id = _job(history, place, history.path.parent)
        facts = _facts(place)
        stops = tuple(
            replace(shapes[(place + 7 * n) % many], number=n + 1, facts=facts)
            for n in range(stops_each)
        )
        noted.append(NotedJob(job_id, f"made up {place}", stops))
    history.note_stops(noted)
    return tuple(job.job_id for job in noted)


def _job(history: History, place: int, root: Path) -> str:
    record = history.add(
        input_path=root / f"stop-{place:04d}.mp4",
        input_size_bytes=1_000,
        spec=JobSpec(),
        metadata=JobMetadata(
            series="F1" if place % 5 else "Club cup",
            race=RACES[place * len(RACES) // 300 % len(RACES)],
            event_date=date(2026, 3, 1) + timedelta(days=place // 2),
            session=SESSIONS[place % 3],
        ),
        job_root=root,
        fingerprint=f"v1:{place}",
        claimed=True,
    )
    history.finish(record.id, JobStatus.COMPLETE, stop_count=1, classic=ClassicTimes())
    return record.id


def _facts(place: int) -> StopFacts:
    team, car = TEAMS[place % 3]
    return StopFacts(
        car_number=car,
        team=team,
        driver_in=DRIVERS[place % 3],
        lap=place % 50,
        tyre_set=("soft", "medium", "hard")[place // 3 % 3],
        crew={position: names[place // 2 % 2] for position, names in CREW.items()},
    )


def _shape(plain: PitStop, rng: np.random.Generator, part: float) -> PitStop:
    """Return a stop; later ones are a little shorter, some lack an event, few go wrong."""
    slow = 0.25 - 0.5 * part + float(rng.normal(0.0, 0.18))
    if rng.random() < 0.04:
        slow += float(rng.uniform(1.0, 3.0))
    lacks = []
    if rng.random() < 0.06:
        lacks.append(("go", Place.NONE))
    if rng.random() < 0.1:
        lacks.append(("tighten_end", Place.REAR_RIGHT))
    moved = {"go", "depart", "release", "jack_down"}
    half = float(rng.choice([0.01, 0.02, 0.05, 0.12]))
    events = []
    sure = rng.random() < 0.4
    for event in plain.events:
        time_s = event.time_s
        if time_s is None or (event.kind, event.place) in lacks:
            events.append(Event(event.kind, event.place))
            continue
        later = slow if event.kind in moved else float(rng.normal(0.0, 0.05))
        later = max(later, -0.6) if event.kind != "stop" else 0.0
        status = EventStatus.CONFIRMED if sure else EventStatus.PROPOSED
        events.append(
            replace(
                event,
                time_s=time_s + later,
                earliest_s=time_s + later - half,
                latest_s=time_s + later + half,
                status=status,
                source=EventSource.TRACK,
            )
        )
    return replace(plain, events=tuple(events))
