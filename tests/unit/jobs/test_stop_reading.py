"""Stops of jobs that are done: read, found again the other way round, facts and times kept."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_stops import STOP_S, event, headless, pit_stop, template

from codefx_desktop.analysis.breakdown import classic_times
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.errors import JobStateError
from codefx_desktop.domain.events import EventStatus, Place
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.plan import PIT_STOP, StagePlan
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.stop import Heading, StopFacts
from codefx_desktop.jobs import stop_reading
from codefx_desktop.jobs.stop_carry import carried_classic, carry_over
from codefx_desktop.jobs.stop_reading import StopFiles, reanalyse
from codefx_desktop.jobs.stop_values import StopState, joined_facts
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.detections import DetectionReader, DetectionWriter
from codefx_desktop.store.history import open_history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.store.history import History

FRONT_LEFT, REAR_RIGHT = Place.FRONT_LEFT, Place.REAR_RIGHT


@pytest.fixture
def history(home: Path) -> Iterator[History]:
    with open_history(app_paths().history).history as opened:
        yield opened


def job_with(
    history: History, stops: Sequence[PitStop] | None, *, plan: StagePlan = PIT_STOP.plan
) -> JobRecord:
    """Return a finished job whose detections file holds stops; None: nobody looked."""
    record = history.add(
        input_path=app_paths().data / "lap.mp4",
        input_size_bytes=1,
        spec=JobSpec(plan=plan),
        metadata=JobMetadata(),
        job_root=app_paths().data,
    )
    ticks = np.arange(300, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks == 0, Fraction(1, 30))
    with DetectionWriter(layout_of(record).detections, index=index, model=None) as writer:
        writer.set_picture(1280, 720, 10.0)
        if stops is not None:
            writer.set_stops(stops, template(), CameraProfile())
    history.claim(record.id)
    classic = classic_times(stops[0]) if stops else None
    count = None if stops is None else len(stops)
    history.finish(record.id, JobStatus.COMPLETE, stop_count=count, classic=classic)
    return history.get(record.id)


def turned(stop: PitStop, front_deg: float) -> PitStop:
    """Return what the analysis finds where the car points that way: corners by their new names."""
    by_place = {FRONT_LEFT: REAR_RIGHT, REAR_RIGHT: FRONT_LEFT}
    by_place |= {Place.FRONT_RIGHT: Place.REAR_LEFT, Place.REAR_LEFT: Place.FRONT_RIGHT}
    by_place |= {Place.FRONT: Place.REAR, Place.REAR: Place.FRONT}
    there = {(one.kind, by_place.get(one.place, one.place)): one for one in stop.events}
    events = tuple(replace(there[slot], place=slot[1]) for slot in template().slots)
    return replace(stop, events=events, heading=Heading(front_deg, "camera"), facts=StopFacts())


@pytest.fixture
def found_again(monkeypatch: pytest.MonkeyPatch) -> list[CameraProfile]:
    """Have stops found again as they are where the car points to the left; note by which camera."""
    asked: list[CameraProfile] = []

    def find(
        seen: Observations, wanted: StopTemplate, camera: CameraProfile
    ) -> tuple[PitStop, ...]:
        assert (seen.width, wanted.name) == (1280, "f1")
        asked.append(camera)
        return (turned(pit_stop(), camera.front_deg or 0.0),)

    monkeypatch.setattr(stop_reading, "find_stops", find)
    return asked


def stored(layout: JobLayout) -> tuple[PitStop, ...]:
    with DetectionReader(layout.detections) as reader:
        return reader.stops() or ()


# -- reading ----------------------------------------------------------------------------------


def test_stops_are_read_with_what_follows_from_them(history: History) -> None:
    record = job_with(history, [pit_stop(), pit_stop(2)])
    read = StopFiles(history).read(record.id, threading.Event())
    assert (read.state, len(read.stops), read.template) == (StopState.FOUND, 2, "Formula 1")
    assert read.labels["wheel_off"] == "Wheel off"
    assert read.classic == record.classic
    shown = read.stops[0]
    assert shown.breakdown.stationary.value_s == pytest.approx(2.5)
    bars = shown.breakdown.critical.bars
    assert len(shown.bar_frames) == len(bars) > 20
    first = next(k for k, bar in enumerate(bars) if bar.begin_s == STOP_S)
    assert shown.bar_frames[first] == round(STOP_S * 30)


def test_why_there_are_none_is_told(history: History) -> None:
    files, never = StopFiles(history), threading.Event()
    read = files.read(job_with(history, []).id, never)
    assert (read.state, read.stops) == (StopState.NONE, ())
    assert read.why.startswith("No weights looked at the frames; in motion and sound alone")
    read = files.read(job_with(history, None, plan=StagePlan()).id, never)
    assert read.state is StopState.NOT_ASKED
    assert "was not asked to take pit stops apart" in read.why
    read = files.read(job_with(history, None).id, never)
    assert (read.state, "before stops were looked for" in read.why) == (StopState.WAITING, True)


def test_nobody_waits_for_an_answer_that_is_no_longer_wanted(history: History) -> None:
    record, left = job_with(history, [pit_stop()]), threading.Event()
    left.set()
    with pytest.raises(Cancelled):
        StopFiles(history).read(record.id, left)


# -- found again ------------------------------------------------------------------------------


def test_flipping_finds_the_stops_again_and_tells_everybody(
    history: History, found_again: list[CameraProfile]
) -> None:
    facts = StopFacts(car_number="44", crew={"Gun FL": "A. Name"})
    record = job_with(history, [pit_stop(facts=facts)])
    history.set_classic(record.id, "front_left_tyre_time_s", 9.5)
    changed = StopFiles(history).set_front(record.id, 180.0, mirrored=False)
    assert [camera.front_deg for camera in found_again] == [180.0]
    layout = layout_of(record)
    (stop,) = stored(layout)
    assert stop.heading == Heading(180.0, "manual")
    assert stop.facts == facts
    slow = stop.event("tighten_end", Place.FRONT_RIGHT)
    assert slow is not None
    assert slow.time_s == pytest.approx(STOP_S + 2.25)
    with DetectionReader(layout.detections) as reader:
        basis = reader.stop_basis()
    assert basis is not None
    assert basis.camera.front_deg == 180.0
    # What a person corrected is of the same wheel of the picture, under its new name.
    assert changed.classic is not None
    assert changed.classic.back_right_tyre_time_s == 9.5
    assert changed.classic.front_left_tyre_time_s == pytest.approx(1.7)
    told = json.loads((layout.report_dir / "events.json").read_text())
    assert told["stops"][0]["heading_source"] == "manual"
    assert json.loads(layout.job_json.read_text())["classic"]["back_right_tyre_time_s"] == 9.5


def test_a_job_without_stops_has_nothing_to_find_again(history: History) -> None:
    record = job_with(history, None)
    with pytest.raises(JobStateError, match="not taken apart"):
        reanalyse(layout_of(record), CameraProfile(), 0.5)
    with pytest.raises(JobStateError, match=r"no pit stops in the job of lap\.mp4"):
        StopFiles(history).set_front(record.id, 0.0, mirrored=False)


def test_a_job_that_runs_is_left_alone(history: History) -> None:
    record = job_with(history, [pit_stop()])
    waiting = history.add(
        input_path=record.input_path,
        input_size_bytes=1,
        spec=JobSpec(),
        metadata=JobMetadata(),
        job_root=app_paths().data,
    )
    with pytest.raises(JobStateError, match="has not ended"):
        StopFiles(history).set_front(waiting.id, 0.0, mirrored=False)


def test_what_a_person_edited_stays_at_its_wheel() -> None:
    edited = replace(event("wheel_off", FRONT_LEFT, 2.9), status=EventStatus.EDITED)
    was = pit_stop()
    events = tuple(edited if one.kind == "wheel_off" and one.place is FRONT_LEFT else one
                   for one in was.events)  # fmt: skip
    was = replace(was, events=events)
    again = carry_over(turned(pit_stop(), 180.0), [was])
    kept = again.event("wheel_off", REAR_RIGHT)
    assert kept == replace(edited, place=REAR_RIGHT)
    # A quarter turn: it is not known which wheel it was.
    quarter = carry_over(turned(pit_stop(), 90.0), [was])
    assert all(one.status is not EventStatus.EDITED for one in quarter.events)
    # Another stop of the clip is another stop.
    assert carry_over(pit_stop(2), [was]) == pit_stop(2)


def test_classic_times_are_those_of_the_stop_that_is_found_now() -> None:
    was, now = headless(pit_stop()), pit_stop()
    assert carried_classic(None, [was], [now]) == classic_times(now)
    assert carried_classic(classic_times(was), [was], []) is None
    corrected = classic_times(was).with_value("fuel_time_s", 6.0)
    kept = carried_classic(corrected, [was], [now])
    assert kept == classic_times(now).with_value("fuel_time_s", 6.0)


# -- what a person says -----------------------------------------------------------------------


def test_facts_are_kept_in_the_file_and_in_the_report(history: History) -> None:
    record = job_with(history, [pit_stop(), pit_stop(2)])
    facts = StopFacts(car_number="7", lap=12)
    StopFiles(history).set_facts(record.id, 2, facts)
    first, second = stored(layout_of(record))
    assert (first.facts, second.facts) == (StopFacts(), facts)
    told = json.loads((layout_of(record).report_dir / "events.json").read_text())
    assert told["stops"][1]["facts"]["lap"] == 12


def test_facts_are_shared_with_jobs_that_have_stops(history: History) -> None:
    one = job_with(history, [pit_stop(facts=StopFacts(team="Red", label="best"))])
    none = job_with(history, None)
    done = StopFiles(history).share_facts([one.id, none.id, "gone"], StopFacts(team="Blue", lap=3))
    assert [record.id for record in done.records] == [one.id]
    assert len(done.left_out) == 2
    assert stored(layout_of(one))[0].facts == StopFacts(team="Blue", label="best", lap=3)


def test_joined_facts_keep_what_is_not_filled_in() -> None:
    before = StopFacts(team="Red", lap=4, crew={"Gun FL": "A", "Gun FR": "B"})
    given = StopFacts(car_number="44", lap=0, crew={"Gun FR": "C"})
    joined = joined_facts(before, given)
    assert (joined.team, joined.car_number, joined.lap) == ("Red", "44", 0)
    assert joined.crew == {"Gun FL": "A", "Gun FR": "C"}


def test_a_classic_time_is_corrected(history: History) -> None:
    record = job_with(history, [pit_stop()])
    changed = StopFiles(history).set_classic(record.id, "fuel_time_s", 6.5)
    assert changed.classic is not None
    assert changed.classic.fuel_time_s == 6.5
