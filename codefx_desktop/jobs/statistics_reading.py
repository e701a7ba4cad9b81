"""Statistics over the history: what counts is asked of it, and told group by group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.statistics import percentile, summary, trend
from codefx_desktop.analysis.stop_groups import ALL, grouped
from codefx_desktop.artifacts.files import write_whole
from codefx_desktop.artifacts.statistics_csv import times_csv
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobFilter, JobRecord
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.statistics import GroupBy, StatFilter
from codefx_desktop.jobs.statistics_values import (
    Answer,
    Choices,
    ChosenTold,
    GroupTold,
    Over,
    Peers,
    PlaceMedian,
)
from codefx_desktop.jobs.stop_noting import note_all, note_job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.statistics import Sample, StopOrigin, TimedStop
    from codefx_desktop.jobs.statistics_values import Question, StopKey
    from codefx_desktop.store.history import History


class StatisticsFiles:
    """Answers about the stops of all jobs; every call blocks and belongs on a worker.

    Args:
        history: Knows the jobs and their stops.
    """

    def __init__(self, history: History) -> None:
        self._history = history

    def answer(self, question: Question, cancel: CancelSignal) -> Answer:
        """Return what the history says.

        Raises:
            HistoryError: If the history cannot be used.
            Cancelled: If nobody waits for the answer any more.
        """
        choices = self.choices()
        _check(cancel)
        sample = self._history.stop_sample(question.wanted)
        _check(cancel)
        return answer_to(question, sample, choices)

    def choices(self) -> Choices:
        """Return what can be asked for.

        Raises:
            HistoryError: If the history cannot be used.
        """
        names = self._history.series_and_races()
        teams, templates = self._history.stop_names()
        return Choices(
            self._history.duration_choices(),
            names.series,
            names.races,
            teams,
            templates,
            self._history.count_stops(),
        )

    def freshen(
        self, cancel: CancelSignal, progress: Callable[[int, int], None] | None = None
    ) -> int:
        """Copy stops from the files of jobs that changed; return of how many jobs.

        Raises:
            HistoryError: If the history cannot be used.
        """
        return note_all(self._history, cancel, progress)

    def job(self, job_id: str) -> JobRecord:
        """Return the job of a stop.

        Raises:
            UnknownJob: If it is gone.
            HistoryError: If the history cannot be used.
        """
        return self._history.get(job_id)

    def save_csv(self, wanted: StatFilter, path: Path) -> None:
        """Write what counts as a table for spreadsheets.

        Raises:
            HistoryError: If the history cannot be used.
            NoSpace: If the disk is full.
            NotWritable: If the file cannot be written.
        """
        rows = self._history.stop_sample(wanted).rows
        write_whole(path, times_csv(wanted.name, rows))

    def peers(self, job_id: str, number: int, cancel: CancelSignal) -> Peers:
        """Return the best of a stop's peers: of the same series, team and template.

        What nobody said of the stop (series, team) its peers need not share.

        Raises:
            HistoryError: If the history cannot be used.
            Cancelled: If nobody waits for the answer any more.
        """
        note_job(self._history, job_id)
        _check(cancel)
        wanted = StatFilter(place=Place.NONE)
        own = _of((job_id, number), self._history.stop_sample(replace(wanted, job_id=job_id)).rows)
        if own is None:
            return Peers(job_id, number, "")
        stop, team = own.stop, own.stop.facts.team
        jobs = JobFilter(series=stop.series)
        wanted = replace(wanted, jobs=jobs, team=team, template=stop.template)
        rows = self._history.stop_sample(wanted).rows
        others = [one for one in rows if one.value_s is not None and _is_other(one.stop, stop)]
        best = min(others, key=_value, default=None)
        rank = None
        if own.value_s is not None and others:
            rank = percentile(own.value_s, [own.value_s, *map(_value, others)])
        tyres = self._history.stop_sample(replace(wanted, name="tyre", place=None)).rows
        cornered = [one for one in tyres if one.value_s is not None and _is_other(one.stop, stop)]
        return Peers(
            job_id,
            number,
            _who(stop),
            len(others),
            None if best is None else best.value_s,
            None if best is None else best.stop.key,
            rank,
            _medians([*others, *cornered]),
        )


def answer_to(question: Question, sample: Sample, choices: Choices) -> Answer:
    """Return what is told of a sample, group by group."""
    over = _positions(sample.rows, question.over)
    whole = _told(ALL, range(len(sample.rows)), sample.rows, over)
    groups = (
        (whole,)
        if question.by is GroupBy.NONE
        else tuple(
            _told(name, places, sample.rows, over)
            for name, places in grouped(sample.rows, question.by).items()
        )
    )
    name = question.wanted.name
    label = next((one.label for one in choices.durations if one.name == name), name)
    chosen = _chosen(question.chosen, groups, sample.rows)
    return Answer(question, label, sample, whole, groups, chosen, choices)


def _told(
    name: str,
    places: Sequence[int],
    rows: Sequence[TimedStop],
    over: npt.NDArray[np.float64],
) -> GroupTold:
    found = [place for place in places if rows[place].value_s is not None]
    values = np.array([rows[place].value_s for place in found], np.float64)
    return GroupTold(
        name,
        tuple(places),
        summary([rows[place].value_s for place in places]),
        trend(over[found], values) if found else None,
    )


def _positions(rows: Sequence[TimedStop], over: Over) -> npt.NDArray[np.float64]:
    """Return where each row lies: days, or the place of its stop among all stops."""
    if over is Over.DATE:
        return np.array([one.stop.day.toordinal() for one in rows], np.float64)
    place_of: dict[StopKey, int] = {}
    places = [place_of.setdefault(one.stop.key, len(place_of)) for one in rows]
    return np.array(places, np.float64)


def _chosen(
    key: StopKey | None, groups: Sequence[GroupTold], rows: Sequence[TimedStop]
) -> tuple[ChosenTold, ...]:
    return tuple(
        _placed(place, group, rows)
        for group in groups
        for place in group.rows
        if key is not None and rows[place].stop.key == key and rows[place].value_s is not None
    )


def _placed(place: int, group: GroupTold, rows: Sequence[TimedStop]) -> ChosenTold:
    value = _value(rows[place])
    rank = percentile(value, [rows[one].value_s for one in group.rows])
    best = group.summary.best
    return ChosenTold(
        place,
        group.name,
        value,
        group.summary.count,
        rank,
        0.0 if best is None else value - best,
    )


def _medians(rows: Sequence[TimedStop]) -> tuple[PlaceMedian, ...]:
    by_place: dict[Place, list[float]] = {}
    for one in rows:
        by_place.setdefault(one.place, []).append(_value(one))
    return tuple(
        PlaceMedian(place, float(np.median(values)), len(values))
        for place, values in by_place.items()
    )


def _is_other(one: StopOrigin, stop: StopOrigin) -> bool:
    """Return whether it is another stop, and not the same one that was analysed twice."""
    if one.job_id == stop.job_id:
        return one.number != stop.number
    return not stop.fingerprint or one.fingerprint != stop.fingerprint


def _of(key: StopKey, rows: Sequence[TimedStop]) -> TimedStop | None:
    return next((one for one in rows if one.stop.key == key), None)


def _value(one: TimedStop) -> float:
    """Return a time that was found.

    Raises:
        ValueError: If it was not.
    """
    if one.value_s is None:
        raise ValueError("the duration was not found")
    return one.value_s


def _who(stop: StopOrigin) -> str:
    """Return which stops its peers are, in words."""
    team = f"of {stop.facts.team}" if stop.facts.team else ""
    series = f"in {stop.series}" if stop.series else ""
    words = " ".join(filter(None, (team, series)))
    kind = f"{stop.template_label or stop.template} stops"
    return f"{kind} {words}".strip()


def _check(cancel: CancelSignal) -> None:
    if cancel.is_set():
        raise Cancelled
