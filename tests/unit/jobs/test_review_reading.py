"""Reviews of jobs out of their files: columns, steps, stops found again and kept for everybody.

Over 400 lines because all of it is asked of the same small job, read and changed in every way.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_stops import pit_stop, template

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.artifacts.layout import ReportFormat
from codefx_desktop.cli import events
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.clip import FrameIndex, FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.edit import (
    EventDeed,
    EventOp,
    Mark,
    MarkOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.events import EventSource, EventStatus
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.domain.plan import PIT_STOP
from codefx_desktop.domain.ports import DeviceInfo, ModelInfo
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.jobs import corrected_job, review_stops, stop_reading
from codefx_desktop.jobs.review_apply import active_ops, as_told, retrack_of
from codefx_desktop.jobs.review_reading import ReviewFiles
from codefx_desktop.jobs.review_values import Edit, EditDeed, MovedOn, ReviewState
from codefx_desktop.jobs.stop_reading import StopFiles
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.detections import DetectionReader, DetectionWriter
from codefx_desktop.store.history import open_history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.domain.breakdown import Breakdown
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.store.history import History

FRAMES = 300
NEVER = threading.Event()
BASE = Fraction(1, 30)
DEVICE = DeviceInfo("cpu", "CPU", "asked for")
MODEL = ModelInfo(Path("m.pt"), "0" * 64, "detect", ("car", "crew"), 640, DEVICE)


@pytest.fixture
def history(home: Path) -> Iterator[History]:
    with open_history(app_paths().history).history as opened:
        yield opened


class OneTrack:
    """A tracker for which everything in a frame belongs to a track of its place there."""

    def update(self, detections: Detections, time_s: float) -> Detections:
        del time_s
        return detections.with_tracks(np.arange(len(detections), dtype=np.int32) + 70)


def files_of(history: History) -> ReviewFiles:
    return ReviewFiles(history, lambda _rate: OneTrack(), threading.Lock())


def found(number: int) -> FrameFindings:
    """Return a car of track 1 and a crew of track 2, fainter."""
    xyxy = np.array([[number, 100, number + 50, 150], [200, 200, 240, 300]], np.float32)
    boxes = Detections(
        xyxy,
        np.array([0.9, 0.4], np.float32),
        np.array([0, 1], np.int16),
        np.array([1, 2], np.int32),
    )
    return FrameFindings(number, FrameTime(number, BASE), boxes, Segments.empty(), Faces.empty())


def write(record: JobRecord, frames: int, stops: tuple[PitStop, ...] | None) -> None:
    ticks = np.arange(FRAMES, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks == 0, BASE)
    with DetectionWriter(layout_of(record).detections, index=index, model=MODEL) as writer:
        writer.set_picture(1280, 720, 10.0)
        writer.append([found(number) for number in range(frames)])
        if stops is not None:
            writer.set_stops(stops, template(), CameraProfile())


def queued(history: History) -> JobRecord:
    return history.add(
        input_path=app_paths().data / "lap.mp4",
        input_size_bytes=1,
        spec=JobSpec(plan=PIT_STOP.plan),
        metadata=JobMetadata(),
        job_root=app_paths().data,
    )


def job(history: History, *stops: PitStop, frames: int = FRAMES) -> JobRecord:
    record = queued(history)
    write(record, frames, stops)
    history.claim(record.id)
    history.finish(record.id, JobStatus.COMPLETE, stop_count=len(stops))
    return history.get(record.id)


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the same stop found again always; note how many detections it was found from."""
    asked: list[int] = []

    def find(seen: Observations, *_more: object) -> tuple[PitStop, ...]:
        asked.append(len(seen.objects.frame))
        return (pit_stop(),)

    monkeypatch.setattr(review_stops, "find_stops", find)
    return asked


def moved() -> EventOp:
    stop = pit_stop()
    before = next(one for one in stop.events if one.kind == "stop")
    after = replace(
        before,
        time_s=2.5,
        earliest_s=2.48,
        latest_s=2.52,
        frame_number=75,
        status=EventStatus.EDITED,
        source=EventSource.MANUAL,
    )
    return EventOp(EventDeed.MOVE, 1, stop.begins_s, before, after, "", stop.heading)


# -- reading ----------------------------------------------------------------------------------


def test_a_job_is_read_as_columns(history: History) -> None:
    record = job(history, pit_stop())
    read = files_of(history).read(record.id, NEVER)
    assert (read.state, read.why, read.width, read.height) == (ReviewState.READY, "", 1280, 720)
    assert read.numbers.tolist() == list(range(FRAMES))
    assert read.times_s[30] == pytest.approx(1.0)
    assert read.processed_to == FRAMES - 1
    assert read.corrected is not None
    assert read.corrected.objects.track_id[:4].tolist() == [1, 2, 1, 2]
    assert read.corrected.box[:4].tolist() == [0, 1, 0, 1]
    assert (read.class_names, read.job_confidence) == (("car", "crew"), 0.5)
    assert read.stops[0].breakdown.stationary.value_s == pytest.approx(2.5)
    assert read.template is not None
    assert read.labels["wheel_off"] == "Wheel off"


def test_what_is_not_there_is_told_plainly(history: History) -> None:
    files = files_of(history)
    waiting = queued(history)
    read = files.read(waiting.id, NEVER)
    assert (read.state, "waits in the queue" in read.why) == (ReviewState.NONE, True)
    history.claim(waiting.id)
    read = files.read(waiting.id, NEVER)
    assert (read.state, "just begun" in read.why) == (ReviewState.GROWING, True)
    history.finish(waiting.id, JobStatus.FAILED)
    assert "ended (failed) before" in files.read(waiting.id, NEVER).why
    record = job(history)
    layout_of(record).detections.write_bytes(b"nonsense" * 1000)
    with pytest.raises(HistoryError, match="damaged"):
        files.read(record.id, NEVER)


def test_nobody_waits_for_a_job_that_was_left(history: History) -> None:
    record, left = job(history), threading.Event()
    left.set()
    with pytest.raises(Cancelled):
        files_of(history).read(record.id, left)


def test_a_running_job_grows(history: History) -> None:
    record, files = queued(history), files_of(history)
    history.claim(record.id)
    before = files.read(record.id, NEVER)
    assert files.grown(before, NEVER) is None
    write(record, 10, None)
    first = files.grown(before, NEVER)
    assert first is not None
    assert (first.state, first.processed_to) == (ReviewState.GROWING, 9)
    files.edit(record.id, EditDeed.DO, "Delete", (TrackOp(TrackDeed.DELETE, 1, 0),))
    first = as_told(first, files.log_of(record.id)[0])
    assert files.grown(first, NEVER) is None
    write(record, 25, None)
    more = files.grown(first, NEVER)
    assert more is not None
    assert more.processed_to == 24
    assert more.corrected is not None
    assert more.corrected.objects.frame.tolist() == list(range(25))
    assert set(more.corrected.objects.track_id.tolist()) == {2}
    write(record, 5, None)  # run again, from the beginning
    again = files.grown(more, NEVER)
    assert again is not None
    assert again.processed_to == 4
    history.finish(record.id, JobStatus.COMPLETE)
    ended = files.grown(again, NEVER)
    assert ended is not None
    assert ended.state is ReviewState.READY


def test_outlines_of_one_frame(history: History) -> None:
    record = job(history)
    looks = files_of(history).looks_of(record.id, 7)
    assert looks.number == 7
    assert looks.segments is not None
    assert files_of(history).looks_of(record.id, 4711).segments is None


# -- steps ------------------------------------------------------------------------------------


def test_steps_are_kept_and_what_can_be_redone_is_known(history: History) -> None:
    record, files = job(history), files_of(history)
    for text in ("one", "two", "three"):
        files.edit(record.id, EditDeed.DO, text, (ThresholdOp(1, 0.3),))
    files.edit(record.id, EditDeed.UNDO, "", ())
    steps, redo = files.edit(record.id, EditDeed.UNDO, "", ())
    assert [step.is_undone for step in steps] == [False, True, True]
    assert redo == (2, 3)
    read = files_of(history).read(record.id, NEVER)
    assert (read.redoable, [step.text for step in read.steps]) == ((2, 3), ["one", "two", "three"])
    steps, redo = files.edit(record.id, EditDeed.DO, "four", (MarkOp(1, Mark("Fire", 3, 0.1)),))
    assert redo == ()
    assert files.read(record.id, NEVER).marks == {1: Mark("Fire", 3, 0.1)}


def test_boxes_of_an_earlier_run_are_kept_and_not_done(
    history: History, finds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrected_job, "find_stops", review_stops.find_stops)
    record, files = job(history, pit_stop()), files_of(history)
    before = files.read(record.id, NEVER)
    ops = (TrackOp(TrackDeed.DELETE, 2, 0), moved(), MarkOp(1, Mark("Fire", 3, 0.1)))
    files.edit(record.id, EditDeed.DO, "All three", ops, before.run)
    files.edit(record.id, EditDeed.DO, "Event", (moved(),), before.run)
    read = files.read(record.id, NEVER)
    assert (len(read.steps[0].ops), read.held_back) == (3, 0)
    write(record, FRAMES, (pit_stop(),))  # it is run again
    read = files.read(record.id, NEVER)
    assert read.corrected is not None
    assert len(read.corrected.box) == 2 * FRAMES
    assert [step.text for step in read.steps] == ["All three", "Event"]
    assert (len(read.steps[0].ops), read.held_back) == (2, 1)
    assert read.marks == {1: Mark("Fire", 3, 0.1)}
    again = files.stops_again(read, active_ops(read.steps), 1, NEVER)
    files.keep_stops(again)
    assert again.stops[0].stop.event("stop").time_s == 2.5
    exported = corrected_job.read_corrected(history.get(record.id))
    assert exported.corrections.state is None
    assert len(exported.steps[0].ops) == 3  # the audit tells all of it
    with pytest.raises(HistoryError, match="run again meanwhile"):
        files.edit(record.id, EditDeed.DO, "Late", (TrackOp(TrackDeed.DELETE, 1, 0),), before.run)
    with pytest.raises(MovedOn):
        files.keep_stops(replace(again, run=before.run))


def test_what_was_put_aside_is_kept_when_the_job_is_read_or_changed(history: History) -> None:
    record, files = job(history), files_of(history)
    files.put_aside((Edit(record.id, EditDeed.DO, "first", (ThresholdOp(1, 0.4),)),))
    assert [step.text for step in files.read(record.id, NEVER).steps] == ["first"]
    files.put_aside((Edit(record.id, EditDeed.DO, "second", (ThresholdOp(1, 0.4),)),))
    steps, _ = files.edit(record.id, EditDeed.DO, "third", (ThresholdOp(1, 0.5),))
    assert [step.text for step in steps] == ["first", "second", "third"]


# -- stops found again ------------------------------------------------------------------------


def test_undo_takes_back_what_the_person_sees_and_not_what_another_window_did(
    history: History,
) -> None:
    record, files, other = job(history), files_of(history), files_of(history)
    files.edit(record.id, EditDeed.DO, "Mine", (ThresholdOp(1, 0.3),))
    other.edit(record.id, EditDeed.DO, "Theirs", (ThresholdOp(1, 0.4),))
    with pytest.raises(HistoryError, match="elsewhere"):
        files.edit(record.id, EditDeed.UNDO, "Mine", ())
    steps, redoable = files.log_of(record.id)
    assert ([step.is_undone for step in steps], redoable) == ([False, False], ())
    other.edit(record.id, EditDeed.UNDO, "Theirs", ())
    with pytest.raises(HistoryError, match="elsewhere"):
        files.edit(record.id, EditDeed.REDO, "Mine", ())
    steps, _ = files.edit(record.id, EditDeed.REDO, "Theirs", ())
    assert [step.is_undone for step in steps] == [False, False]


def test_without_any_step_the_stops_are_those_that_are_stored(
    history: History, finds: list[int]
) -> None:
    record, files = job(history, pit_stop()), files_of(history)
    again = files.stops_again(files.read(record.id, NEVER), (), 1, NEVER)
    assert [one.stop for one in again.stops] == [pit_stop()]
    assert finds == []


def test_a_threshold_counts_for_its_class_and_what_was_said_is_laid_over(
    history: History, finds: list[int]
) -> None:
    record, files = job(history, pit_stop()), files_of(history)
    read = files.read(record.id, NEVER)
    files.stops_again(read, (ThresholdOp(1, 0.5),), 1, NEVER)
    files.stops_again(read, (ThresholdOp(1, 0.3),), 2, NEVER)
    assert finds == [FRAMES, 2 * FRAMES]
    again = files.stops_again(read, (ThresholdOp(1, 0.3), moved()), 3, NEVER)
    assert finds == [FRAMES, 2 * FRAMES]  # an event changes nothing of what is found
    (shown,) = again.stops
    assert shown.stop.event("stop").time_s == 2.5
    assert shown.breakdown.stationary.value_s == pytest.approx(2.0)
    assert again.found[0].event("stop").time_s == pytest.approx(2.0)


def test_what_was_measured_is_read_once_for_each_run(
    history: History, finds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    real = DetectionReader.observations

    def observations(self: DetectionReader, **more: object) -> Observations:
        read.append(more["known"])
        return real(self, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(DetectionReader, "observations", observations)
    record, files = job(history, pit_stop()), files_of(history)
    ops = (ThresholdOp(1, 0.5),)
    before = files.stops_again(files.read(record.id, NEVER), ops, 1, NEVER)
    again = files.stops_again(files.read(record.id, NEVER), ops, 2, NEVER)  # opened anew
    assert len(read) == 1
    assert (again.found, again.motion) == (before.found, before.motion)
    write(record, FRAMES, (pit_stop(),))  # another run
    files.stops_again(files.read(record.id, NEVER), ops, 3, NEVER)
    write(record, FRAMES - 1, (pit_stop(),))
    files.stops_again(files.read(record.id, NEVER), ops, 4, NEVER)
    assert len(read) == 3
    assert finds == [FRAMES, FRAMES, FRAMES, FRAMES - 1]


def test_everybody_reads_the_stops_that_were_kept(history: History, finds: list[int]) -> None:
    record, files = job(history, pit_stop()), files_of(history)
    steps, _ = files.edit(record.id, EditDeed.DO, "Move Stop", (moved(),))
    read = as_told(files.read(record.id, NEVER), steps)
    kept = files.keep_stops(files.stops_again(read, (moved(),), 1, NEVER))
    assert kept is not None
    assert kept.classic is not None
    stops = StopFiles(history).read(record.id, NEVER).stops
    assert stops[0].stop.event("stop").time_s == 2.5
    layout = layout_of(record)
    told = json.loads((layout.report_dir / "events.json").read_text())
    (event,) = [one for one in told["stops"][0]["events"] if one["kind"] == "stop"]
    assert (event["time_s"], event["status"]) == (2.5, "edited")
    assert "edited" in layout.job_json.read_text() or layout.job_json.is_file()
    # Taken back, the job tells what was found again.
    steps, _ = files.edit(record.id, EditDeed.UNDO, "", ())
    read = as_told(read, steps)
    files.keep_stops(files.stops_again(read, (), 2, NEVER))
    with DetectionReader(layout.detections) as reader:
        (stop,) = reader.stops() or ()
    assert stop.event("stop").status is EventStatus.PROPOSED
    assert finds == [2 * FRAMES]


def test_reports_follow_corrections_also_where_the_stops_stay_the_same(
    history: History, finds: list[int]
) -> None:
    record, files = job(history, pit_stop()), files_of(history)
    ops = (TrackOp(TrackDeed.DELETE, 2, 0),)
    steps, _ = files.edit(record.id, EditDeed.DO, "Delete track 2", ops)
    read = as_told(files.read(record.id, NEVER), steps)
    again = files.stops_again(read, ops, 1, NEVER)
    report = layout_of(record).events(ReportFormat.JSON)
    assert files.keep_stops(again) is None  # the job is the same in the history
    assert report.is_file()
    written = report.stat()
    files.keep_stops(again)
    assert report.stat() == written  # a file that tells the same already is left alone
    report.unlink()
    steps, _ = files.edit(record.id, EditDeed.UNDO, "", ())
    files.keep_stops(files.stops_again(as_told(read, steps), (), 2, NEVER))
    assert report.is_file()  # what was taken back is told no more
    assert finds == [FRAMES, 2 * FRAMES]


def test_stops_found_by_another_basis_or_from_another_log_are_not_kept(
    history: History, finds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop_reading, "find_stops", review_stops.find_stops)
    record, files = job(history, pit_stop()), files_of(history)
    steps, _ = files.edit(record.id, EditDeed.DO, "Move Stop", (moved(),))
    read = as_told(files.read(record.id, NEVER), steps)
    again = files.stops_again(read, (moved(),), 1, NEVER)
    files_of(history).edit(record.id, EditDeed.UNDO, "", ())  # in another window
    with pytest.raises(MovedOn):
        files.keep_stops(again)
    files.edit(record.id, EditDeed.REDO, "", ())
    StopFiles(history).set_front(record.id, 90.0, mirrored=False)
    told = layout_of(record).events(ReportFormat.JSON).read_bytes()
    with pytest.raises(MovedOn):
        files.keep_stops(again)
    assert layout_of(record).events(ReportFormat.JSON).read_bytes() == told
    files.keep_stops(files.stops_again(read, (moved(),), 2, NEVER))
    assert len(finds) == 3


def test_a_log_that_changed_unseen_is_settled(history: History, finds: list[int]) -> None:
    record, files = job(history, pit_stop()), files_of(history)
    assert files.settle(record.id, NEVER) is None
    files.edit(record.id, EditDeed.DO, "Move Stop", (moved(),))
    changed = files.settle(record.id, NEVER)
    assert changed is not None
    assert changed.classic is not None
    with DetectionReader(layout_of(record).detections) as reader:
        (stop,) = reader.stops() or ()
    assert stop.event("stop").time_s == 2.5
    assert finds == [2 * FRAMES]


def test_what_follows_from_stops_follows_from_corrected_detections_everywhere(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, files = job(history, pit_stop()), files_of(history)
    files.edit(record.id, EditDeed.DO, "Delete track 2", (TrackOp(TrackDeed.DELETE, 2, 0),))
    told: list[int] = []

    def noting(
        stop: PitStop, template_: object, camera: object, seen: Observations, *_more: object
    ) -> Breakdown:
        told.append(len(seen.objects.frame))
        return breakdown(stop, template())

    for place in ("jobs.stop_showing", "jobs.stop_reading", "analysis.anatomy"):
        monkeypatch.setattr(f"codefx_desktop.{place}.anatomy", noting)
    StopFiles(history).read(record.id, NEVER)
    StopFiles(history).set_facts(record.id, 1, StopFacts(team="Red"))
    events._stops(record)
    assert told == [FRAMES] * 3


def test_stops_of_a_job_that_is_run_again_are_not_kept(history: History, finds: list[int]) -> None:
    record, files = queued(history), files_of(history)
    write(record, FRAMES, (pit_stop(),))
    history.claim(record.id)
    history.finish(record.id, JobStatus.FAILED, "The disk was full.")
    steps, _ = files.edit(record.id, EditDeed.DO, "Move Stop", (moved(),))
    read = as_told(files.read(record.id, NEVER), steps)
    again = files.stops_again(read, (moved(),), 1, NEVER)
    history.requeue(record.id)
    assert files.keep_stops(again) is None
    assert history.get(record.id).stop_count is None
    assert finds == [2 * FRAMES]


def test_what_is_said_of_a_stop_stays_when_it_is_found_again(
    history: History, finds: list[int]
) -> None:
    facts = replace(pit_stop().facts, team="Blue")
    record, files = job(history, pit_stop(facts=facts)), files_of(history)
    read = files.read(record.id, NEVER)
    again = files.stops_again(read, (ThresholdOp(1, 0.5),), 1, NEVER)
    assert again.stops[0].stop.facts.team == "Blue"
    StopFiles(history).set_facts(record.id, 1, replace(facts, team="Red"))
    files.keep_stops(again)
    with DetectionReader(layout_of(record).detections) as reader:
        (stop,) = reader.stops() or ()
    assert stop.facts.team == "Red"
    assert len(finds) == 1


def test_turning_the_car_round_keeps_what_was_corrected(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_boxes: list[int] = []

    def find(seen: Observations, *_more: object) -> tuple[PitStop, ...]:
        seen_boxes.append(len(seen.objects.frame))
        return (pit_stop(),)

    monkeypatch.setattr(stop_reading, "find_stops", find)
    record, files = job(history, pit_stop()), files_of(history)
    ops = (moved(), TrackOp(TrackDeed.DELETE, 2, 0))
    files.edit(record.id, EditDeed.DO, "Both", ops)
    StopFiles(history).set_front(record.id, 0.0, mirrored=False)
    assert seen_boxes == [FRAMES]
    stop = StopFiles(history).read(record.id, NEVER).stops[0].stop
    assert stop.event("stop").time_s == 2.5


# -- tracks found again -----------------------------------------------------------------------


def test_tracks_are_found_again_and_survive_the_log(history: History) -> None:
    record, files = job(history), files_of(history)
    read = files.read(record.id, NEVER)
    told: list[float] = []
    again = files.retracked(read, told.append, NEVER)
    assert set(again.tracks.tolist()) == {70, 71}
    assert told[0] == 0.0
    op = retrack_of(read, again)
    assert op is not None
    steps, _ = files.edit(record.id, EditDeed.DO, "Find tracks again", (op,))
    assert len(op.tracks) < 200
    after = files.read(record.id, NEVER)
    assert after.corrected is not None
    assert after.corrected.objects.track_id[:4].tolist() == [70, 71, 70, 71]
    assert retrack_of(after, replace(again, state=after.corrected)) is None
    assert len(steps) == 1


def test_tracks_found_meanwhile_fit_what_was_changed_since(history: History) -> None:
    record, files = job(history), files_of(history)
    read = files.read(record.id, NEVER)
    again = files.retracked(read, lambda _: None, NEVER)
    steps, _ = files.edit(record.id, EditDeed.DO, "", (TrackOp(TrackDeed.DELETE, 1, 0, 9),))
    op = retrack_of(as_told(read, steps), again)
    assert op is not None
    assert op.count == 2 * FRAMES - 10
    steps, _ = files.edit(record.id, EditDeed.DO, "", (op,))
    state = as_told(read, steps).corrected
    assert state is not None
    assert state.objects.track_id[:12].tolist() == [71] * 10 + [70, 71]
    left = threading.Event()
    left.set()
    with pytest.raises(Cancelled):
        files.retracked(read, lambda _: None, left)
