"""The stops of all jobs with their durations, as the history keeps them for statistics.

What a job's own files say is the truth; these rows are a copy that can be asked about thousands
of jobs at once. Which files they were copied from stands with the job, so that whoever changed
them, here or in another program, has them read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, select, update

from codefx_desktop.domain.classic import CLASSIC_NAMES
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.statistics import DurationChoice, Sample, StatFilter
from codefx_desktop.store.reading import HistoryReader
from codefx_desktop.store.stop_samples import sample_of, sample_query, to_duration_row, to_stop_row
from codefx_desktop.store.tables import DurationRow, JobRow, StopRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from codefx_desktop.domain.statistics import NotedJob

_FIRST = ("stationary", "reaction", "tyre")
_FINAL = tuple(status.value for status in JobStatus if status.is_final)


class StopsNoted(NamedTuple):
    """How far the stops of one job are known.

    Attributes:
        job_id: The job.
        job_dir: Its folder.
        signature: Of the files that they were read from; None where they never were.
    """

    job_id: str
    job_dir: Path
    signature: str | None


class HistoryStops(HistoryReader):
    """Keeps and answers about the stops of all jobs; ``History`` adds a job's life."""

    def note_stops(self, jobs: Iterable[NotedJob]) -> None:
        """Put stops of jobs in the place of what was noted of them before, all or none.

        Jobs that are gone, or that run again, are passed over.
        """
        with self._write() as session:
            for job in jobs:
                _forget(session, job.job_id)
                noting = (
                    update(JobRow)
                    .where(JobRow.id == job.job_id, JobRow.status.in_(_FINAL))
                    .values(stops_signature=job.signature)
                    .returning(JobRow.id)
                )
                if session.scalar(noting) is None:
                    continue
                for stop in job.stops:
                    row = to_stop_row(stop, job.job_id)
                    session.add(row)
                    session.flush()
                    session.add_all(to_duration_row(one, row.id) for one in stop.durations)

    def stops_noted(self, job_id: str | None = None) -> tuple[StopsNoted, ...]:
        """Return of all jobs that have ended, or of one of them, how far their stops are known."""
        query = select(JobRow.id, JobRow.job_dir, JobRow.stops_signature)
        query = query.where(JobRow.status.in_(_FINAL)).order_by(JobRow.number.desc())
        if job_id is not None:
            query = query.where(JobRow.id == job_id)
        with self._read() as session:
            return tuple(
                StopsNoted(found, self._base / folder, signature)
                for found, folder, signature in session.execute(query)
            )

    def stop_sample(self, wanted: StatFilter) -> Sample:
        """Return one duration of all stops that a filter lets through, in order of time.

        Of several jobs on the same clip only the newest counts: a stop that was analysed twice
        is one stop. The classic times of a clip's first stop are those of its job, which a
        person may have corrected.
        """
        with self._read() as session:
            rows = session.execute(sample_query(wanted)).all()
        return sample_of(rows, wanted)

    def duration_choices(self) -> tuple[DurationChoice, ...]:
        """Return the durations that stops have: the big ones first, the classic ones last."""
        pairs = select(DurationRow.name, DurationRow.place).distinct()  # all of it in the index
        found: dict[str, set[str]] = {}
        with self._read() as session:
            for name, place in session.execute(pairs):
                found.setdefault(name, set()).add(place)
            labels = {name: _label_of(session, name) for name in found}
        choices = [
            DurationChoice(name, labels[name], tuple(p for p in Place if p.value in places))
            for name, places in found.items()
        ]
        return tuple(sorted(choices, key=_order_of))

    def stop_names(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return the teams that stops have, and their templates: name in files and label."""
        teams = select(StopRow.team).where(StopRow.team != "").distinct().order_by(StopRow.team)
        templates = (
            select(StopRow.template, func.max(StopRow.template_label))
            .group_by(StopRow.template)
            .order_by(StopRow.template)
        )
        with self._read() as session:
            labels = tuple((name, label) for name, label in session.execute(templates))
            return tuple(session.scalars(teams)), labels

    def count_stops(self) -> int:
        """Return how many stops of all jobs are noted."""
        counting = (
            select(func.count(StopRow.id))
            .join(JobRow, JobRow.id == StopRow.job_id)
            .where(JobRow.stops_signature.is_not(None))
        )
        with self._read() as session:
            return session.scalar(counting) or 0


def _forget(session: Session, job_id: str) -> None:
    session.execute(delete(StopRow).where(StopRow.job_id == job_id))


def _order_of(one: DurationChoice) -> tuple[int, bool, str]:
    first = _FIRST.index(one.name) if one.name in _FIRST else len(_FIRST)
    return first, one.name in CLASSIC_NAMES, one.label


def _label_of(session: Session, name: str) -> str:
    label = select(DurationRow.label).where(DurationRow.name == name).limit(1)
    return session.scalar(label) or name
