"""Stops copied from jobs' files to the history: what is kept, when it is copied again."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_stops import pit_stop as made_stop
from gui.fake_stops import template

from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.events import EventStatus, Place
from codefx_desktop.domain.job import JobFilter, JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.statistics import GroupBy, StatFilter
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.domain.template import CORNERS
from codefx_desktop.jobs import stop_noting
from codefx_desktop.jobs.statistics_reading import StatisticsFiles
from codefx_desktop.jobs.statistics_values import Over, Question
from codefx_desktop.jobs.stop_noting import note_all, note_job, noted_stop
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.connection import translated
from codefx_desktop.store.detections import DetectionWriter, replace_stops
from codefx_desktop.store.history import open_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.store.detections import DetectionReader
    from codefx_desktop.store.history import History

NEVER = threading.Event()
F1 = template()
BLUE = StopFacts(car_number="4", team="Blue", crew={"Gun FL": "Ann", "Gun FR": "Bo"})

pit_stop = cache(made_stop)


@pytest.fixture
def history(home: object) -> Iterator[History]:
    with open_history(app_paths().history).history as opened:
        yield opened


def job(history: History, *stops: PitStop, fingerprint: str = "", series: str = "F1") -> JobRecord:
    """Return a finished job, as an earlier version left it: its stops are in its file only."""
    record = history.add(
        input_path=app_paths().data / "lap.mp4",
        input_size_bytes=1,
        spec=JobSpec(),
        metadata=JobMetadata(series=series, event_date=date(2026, 5, 2)),
        job_root=app_paths().data,
        fingerprint=fingerprint,
        claimed=True,
    )
    ticks = np.arange(30, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks == 0, Fraction(1, 30))
    with DetectionWriter(layout_of(record).detections, index=index, model=None) as writer:
        writer.set_picture(64, 48, 1.0)
        writer.set_stops(stops, F1, CameraProfile())
    history.finish(record.id, JobStatus.COMPLETE, stop_count=len(stops), classic=ClassicTimes())
    return record


def longer(stop: PitStop, by_s: float) -> PitStop:
    """Return a stop whose car went later."""
    events = tuple(
        replace(
            one,
            time_s=one.time_s + by_s,
            earliest_s=one.time_s + by_s - 0.02,
            latest_s=one.time_s + by_s + 0.02,
        )
        if one.kind == "go" and one.time_s is not None
        else one
        for one in stop.events
    )
    return replace(stop, events=events)


def values(history: History, **wanted: object) -> list[float | None]:
    rows = history.stop_sample(StatFilter(**wanted)).rows
    return [None if one.value_s is None else round(one.value_s, 3) for one in rows]


def test_what_is_kept_of_a_stop() -> None:
    lacks = [("tighten_end", Place.FRONT_LEFT), ("go", Place.NONE)]
    kept = noted_stop(replace(pit_stop(missing=tuple(lacks)), facts=BLUE), F1)
    found = {(one.name, one.place): one for one in kept.durations}
    assert len(found) == len(kept.durations)
    tyre = found["tyre", Place.REAR_LEFT]
    assert tyre.value_s == pytest.approx(1.75)
    assert (tyre.low_s, tyre.high_s) == (pytest.approx(1.71), pytest.approx(1.79))
    for name, place in (("tyre", Place.FRONT_LEFT), ("stationary", Place.NONE)):
        assert found[name, place].value_s is None
    assert found["last_corner", Place.NONE].value_s is None  # one corner may have been later
    assert found["back_left_tyre_time_s", Place.NONE].value_s == pytest.approx(1.75)
    assert kept.facts == BLUE
    assert kept.frame_number == 60  # where it stops


def test_the_last_corner_is_told_at_its_place_from_the_stop_on() -> None:
    kept = noted_stop(pit_stop(), F1)
    found = {one.name: one for one in kept.durations}
    assert found["last_corner"].place is Place.REAR_LEFT
    assert found["last_corner"].value_s == pytest.approx(2.25)
    assert found["first_corner"].place is Place.FRONT_LEFT


def test_an_end_before_its_begin_is_no_time_but_who_goes_early_is_told() -> None:
    kept = noted_stop(longer(pit_stop(), -2.6), F1)
    found = {one.name: one for one in kept.durations if one.place is Place.NONE}
    assert found["stationary"].value_s is None
    assert found["reaction"].value_s == pytest.approx(-2.5)


def test_confirmed_is_what_has_both_ends_confirmed() -> None:
    stop = pit_stop()
    events = tuple(
        replace(one, status=EventStatus.CONFIRMED) if one.kind in ("stop", "go") else one
        for one in stop.events
    )
    kept = noted_stop(replace(stop, events=events), F1)
    sure = {one.name for one in kept.durations if one.is_confirmed}
    assert sure == {"stationary"}


def test_stops_of_older_jobs_are_copied_once_and_again_when_their_file_changes(
    history: History,
) -> None:
    one = job(history, pit_stop(), pit_stop(2))
    assert history.count_stops() == 0
    assert note_all(history, NEVER) == 1
    assert values(history) == [2.5, 2.5]
    assert note_all(history, NEVER) == 0
    replace_stops(layout_of(one).detections, [longer(pit_stop(), 0.4)])
    assert note_all(history, NEVER) == 1
    assert values(history) == [2.9]
    layout_of(one).detections.unlink()
    assert note_all(history, NEVER) == 0
    assert values(history) == [2.9]  # where the files are gone, what was known stays


def test_a_file_that_cannot_be_read_hides_no_other_job(history: History) -> None:
    broken, whole = job(history, pit_stop()), job(history, pit_stop())
    layout_of(broken).detections.write_bytes(b"not a database")
    assert note_all(history, NEVER) == 2
    assert [one.stop.job_id for one in history.stop_sample(StatFilter()).rows] == [whole.id]
    assert note_all(history, NEVER) == 0


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN])
def test_a_file_that_is_busy_or_out_of_reach_is_no_file_without_stops(
    history: History, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    record = job(history, pit_stop())
    assert note_job(history, record.id)
    replace_stops(layout_of(record).detections, [longer(pit_stop(), 0.4)])
    trouble = sqlite3.OperationalError("not now")
    trouble.sqlite_errorcode = code

    def refused(path: Path) -> DetectionReader:
        with translated(path):
            raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(stop_noting, "DetectionReader", refused)
        assert not note_job(history, record.id)
        assert note_all(history, NEVER) == 0
    assert values(history) == [2.5]  # what was known stays
    assert note_job(history, record.id)  # and it is tried again
    assert values(history) == [2.9]


def test_copying_can_be_ended(history: History) -> None:
    job(history, pit_stop())
    ended = threading.Event()
    ended.set()
    assert note_all(history, ended) == 0
    with pytest.raises(Cancelled):
        StatisticsFiles(history).answer(Question(), ended)


def test_a_job_that_runs_again_counts_for_nothing_until_it_has_ended(history: History) -> None:
    record = job(history, pit_stop())
    assert note_job(history, record.id)
    history.interrupt(record.id, "")
    with history._write() as session:  # as a program that died leaves it
        from codefx_desktop.store.reading import row_of

        row_of(session, record.id).status = JobStatus.FAILED.value
    history.requeue(record.id)
    assert values(history) == []
    assert not note_job(history, record.id)
    history.delete(record.id)
    assert history.count_stops() == 0


def test_a_clip_that_was_analysed_twice_is_one_stop(history: History) -> None:
    job(history, longer(pit_stop(), 1.0), fingerprint="v1:a")
    job(history, pit_stop(), fingerprint="v1:a")
    job(history, longer(pit_stop(), 0.2), fingerprint="v1:b")
    note_all(history, NEVER)
    sample = history.stop_sample(StatFilter())
    assert [round(one.value_s or 0.0, 3) for one in sample.rows] == [2.5, 2.7]
    assert sample.repeated == 1


def test_a_classic_time_that_a_person_corrected_is_theirs(history: History) -> None:
    record = job(history, pit_stop(), pit_stop(2))
    note_all(history, NEVER)
    history.set_classic(record.id, "fuel_time_s", 7.5)
    sample = history.stop_sample(StatFilter("fuel_time_s"))
    assert [(one.value_s, one.is_confirmed) for one in sample.rows] == [(7.5, True), (None, False)]


def test_filters(history: History) -> None:
    job(history, replace(longer(pit_stop(), 0.3), facts=BLUE))
    job(history, pit_stop(), series="Club")
    note_all(history, NEVER)
    assert values(history, team="Blue") == [2.8]
    assert values(history, jobs=JobFilter(series="Club")) == [2.5]
    assert values(history, template="imsa") == []
    assert values(history, most_uncertain_s=0.05) == [2.8, 2.5]
    sample = history.stop_sample(StatFilter(most_uncertain_s=0.01))
    assert (sample.rows, sample.unsure) == ((), 2)
    sample = history.stop_sample(StatFilter(only_confirmed=True))
    assert (sample.rows, sample.unconfirmed) == ((), 2)
    assert values(history, name="tyre", place=Place.REAR_LEFT) == [1.75, 1.75]
    assert len(values(history, name="tyre")) == 8


def test_an_answer_by_crew_member_and_the_chosen_stop_among_its_peers(history: History) -> None:
    first = job(history, replace(pit_stop(), facts=BLUE))
    job(history, replace(longer(pit_stop(), 0.5), facts=BLUE))
    job(history, pit_stop(missing=(("go", Place.NONE),)))
    files = StatisticsFiles(history)
    assert files.freshen(NEVER) == 3
    question = Question(by=GroupBy.MEMBER, over=Over.ORDER, chosen=(first.id, 1))
    answer = files.answer(question, NEVER)
    told = [(one.name, one.summary.count, one.summary.not_found) for one in answer.groups]
    assert told == [("Ann", 2, 0), ("Bo", 2, 0), ("not said", 0, 1)]
    assert answer.label == "Stationary"
    assert [(one.group, one.peers, one.percentile) for one in answer.chosen] == [
        ("Ann", 2, 0.0),
        ("Bo", 2, 0.0),
    ]
    assert [one.name for one in answer.choices.durations][:3] == ["stationary", "reaction", "tyre"]


def test_peers_are_of_the_same_series_team_and_template(history: History) -> None:
    slow = job(history, replace(longer(pit_stop(), 0.5), facts=BLUE))
    best = job(history, replace(longer(pit_stop(), 0.1), facts=BLUE))
    job(history, pit_stop(), series="Club")  # faster, but of another series
    job(history, replace(pit_stop(), facts=StopFacts(team="Green")))
    files = StatisticsFiles(history)
    files.freshen(NEVER)
    found = files.peers(slow.id, 1, NEVER)
    assert found.who == "Formula 1 stops of Blue in F1"
    assert (found.count, found.best) == (1, (best.id, 1))
    assert found.best_s == pytest.approx(2.6)
    assert found.percentile == 100.0, "slower than the only other one"
    medians = {one.place: (round(one.median_s, 3), one.count) for one in found.medians}
    corners = {**dict.fromkeys(CORNERS, (1.7, 1)), Place.REAR_LEFT: (1.75, 1)}
    assert medians == {Place.NONE: (2.6, 1), **corners}


def test_the_same_stop_analysed_again_is_no_peer(history: History) -> None:
    older = job(history, pit_stop(), fingerprint="v1:a")
    job(history, pit_stop(), fingerprint="v1:a")
    files = StatisticsFiles(history)
    files.freshen(NEVER)
    assert files.peers(older.id, 1, NEVER).count == 0
