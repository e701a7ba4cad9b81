"""Between rows of the history's stops and the sample that statistics are made of."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, null, select

from codefx_desktop.domain.classic import CLASSIC_NAMES
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.statistics import Sample, StopOrigin, TimedStop
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.domain.stop_dict import facts_from_dict
from codefx_desktop.store.queries import conditions
from codefx_desktop.store.tables import DurationRow, JobRow, StopRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.statistics import NotedDuration, NotedStop, StatFilter

Row = Any
"""One row of ``sample_query``: SQLAlchemy types it by its columns, which are many."""


def to_stop_row(stop: NotedStop, job_id: str) -> StopRow:
    """Return a new row for a stop."""
    return StopRow(
        job_id=job_id,
        number=stop.number,
        template=stop.template,
        template_label=stop.template_label,
        frame_number=stop.frame_number,
        facts=json.dumps(asdict(stop.facts), ensure_ascii=False),
        team=stop.facts.team,
    )


def to_duration_row(one: NotedDuration, stop_id: int) -> DurationRow:
    """Return a new row for a duration."""
    return DurationRow(
        stop_id=stop_id,
        name=one.name,
        place=one.place.value,
        label=one.label,
        value_s=one.value_s,
        low_s=one.low_s,
        high_s=one.high_s,
        is_confirmed=one.is_confirmed,
    )


def sample_query(wanted: StatFilter) -> Select[*tuple[Any, ...]]:
    """Return the query for all stops that may count, those of the newest jobs first."""
    query = (
        select(
            *(JobRow.id, JobRow.input_filename, JobRow.series, JobRow.race, JobRow.session),
            *(JobRow.event_date, JobRow.created_at, JobRow.fingerprint),
            *(StopRow.number, StopRow.template, StopRow.template_label, StopRow.frame_number),
            *(StopRow.facts, DurationRow.place),
            *(DurationRow.value_s, DurationRow.low_s, DurationRow.high_s),
            DurationRow.is_confirmed,
            _corrected(wanted.name).label("corrected"),
        )
        .join(StopRow, StopRow.job_id == JobRow.id)
        .join(DurationRow, DurationRow.stop_id == StopRow.id)
        .where(DurationRow.name == wanted.name, *conditions(wanted.jobs))
        .where(JobRow.stops_signature.is_not(None))  # of a run that was begun anew nothing counts
    )
    if wanted.place is not None:
        query = query.where(DurationRow.place == wanted.place.value)
    if wanted.team:
        query = query.where(StopRow.team == wanted.team)
    if wanted.job_id:
        query = query.where(JobRow.id == wanted.job_id)
    if wanted.template:
        query = query.where(StopRow.template == wanted.template)
    return query.order_by(JobRow.created_at.desc(), JobRow.number.desc(), StopRow.number)


def sample_of(rows: Sequence[Row], wanted: StatFilter) -> Sample:
    """Return what counts of the rows, and how many are left out and why."""
    kept, repeated = _newest_of_each_clip(rows)
    made = _maker(wanted.name in CLASSIC_NAMES)
    timed = [made(row) for row in kept]
    known = [one for one in timed if not _is_unconfirmed(one, wanted)]
    sure = [one for one in known if not _is_unsure(one, wanted)]
    sure.sort(key=lambda one: (one.stop.day, one.stop.added_at, one.stop.number))
    return Sample(tuple(sure), len(known) - len(sure), len(timed) - len(known), repeated)


def _corrected(name: str) -> Any:  # noqa: ANN401 - a column, or NULL
    return getattr(JobRow, name) if name in CLASSIC_NAMES else null()


def _newest_of_each_clip(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Leave out stops of a clip that a newer job has stops of; newest rows come first."""
    newest: dict[str, str] = {}
    kept = [
        row
        for row in rows
        if not row.fingerprint or newest.setdefault(row.fingerprint, row.id) == row.id
    ]
    return kept, len(rows) - len(kept)


def _is_unconfirmed(one: TimedStop, wanted: StatFilter) -> bool:
    return wanted.only_confirmed and one.value_s is not None and not one.is_confirmed


def _is_unsure(one: TimedStop, wanted: StatFilter) -> bool:
    """Return whether a time is not known well enough; what was not found is counted apart."""
    most = wanted.most_uncertain_s
    if most is None or one.value_s is None:
        return False
    return one.uncertainty_s is None or one.uncertainty_s > most


def _maker(is_classic: bool) -> Callable[[Row], TimedStop]:
    """Return what makes a value of a row; what many rows share is made once."""
    facts_of, origins = cache(_facts), dict[tuple[str, int], StopOrigin]()
    places = {place.value: place for place in Place}

    def origin(row: Row) -> StopOrigin:
        return StopOrigin(
            job_id=row.id,
            number=row.number,
            clip=row.input_filename,
            day=row.event_date or row.created_at.astimezone().date(),
            added_at=row.created_at,
            series=row.series,
            race=row.race,
            session=row.session,
            template=row.template,
            template_label=row.template_label,
            frame_number=row.frame_number,
            facts=facts_of(row.facts),
            fingerprint=row.fingerprint,
        )

    def made(row: Row) -> TimedStop:
        value, low, high, sure = row.value_s, row.low_s, row.high_s, row.is_confirmed
        if is_classic and row.number == 1 and row.corrected != value:
            value, low, high, sure = row.corrected, None, None, row.corrected is not None
        key = (row.id, row.number)
        whose = origins.get(key) or origins.setdefault(key, origin(row))
        return TimedStop(whose, places.get(row.place, Place.NONE), value, low, high, sure)

    return made


def _facts(text: str) -> StopFacts:
    try:
        return facts_from_dict(json.loads(text))
    except ValueError:  # another program's: it hides no stop
        return StopFacts()
