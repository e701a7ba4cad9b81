"""Drives that go away and disks that fill up in the middle of a run: nothing is lost or untold."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from fakes import FakeScript, FakeVision, brightest_block

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.errors import ClipRefused, NoSpace, NotWritable, OutputError
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus, Stage
from codefx_desktop.domain.run import ClipKnown, JobFinished, JobLogged, RunEvent, StageProgress
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.work import begin, is_claimed_just_now
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.store.history import History

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.jobs.work import Workshop

Hear = Callable[[RunEvent], object]


def run_one(
    clip: Path, weights: Path, hear: Hear = lambda _: None, script: FakeScript | None = None
) -> tuple[JobFinished, Workshop, JobRecord]:
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision(script))
    engine = Engine(shop)
    (record,) = engine.add([clip], JobSpec(weights=weights), JobMetadata())
    finished = engine.run_next(hear, threading.Event(), lambda _: None)
    assert finished is not None
    return finished, shop, shop.history.get(record.id)


def test_an_output_drive_that_goes_away_ends_the_job_with_one_final_event(
    tmp_path: Path, weights: Path, home: Path
) -> None:
    def unplug(frame: Frame) -> Detections:
        if frame.number == 30:
            (home / "jobs").rename(home / "gone")
            (home / "jobs").write_text("no folder any more")
        return brightest_block(frame)

    clip = make_clip(tmp_path / "clip.mp4", seconds=2)
    heard: list[RunEvent] = []
    finished, _, record = run_one(clip, weights, heard.append, FakeScript(boxes=unplug))
    assert record.status is finished.status is JobStatus.FAILED
    assert [event for event in heard if isinstance(event, JobFinished)] == [finished]
    assert finished.frames_in >= 30, "what was read is told of a run that failed, too"
    assert "unexpected" not in finished.error_message
    assert record.error_message == finished.error_message


def test_a_source_that_goes_away_before_it_is_decoded_interrupts_the_job(
    tmp_path: Path, weights: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1)

    def unplug(event: RunEvent) -> None:
        if isinstance(event, ClipKnown):
            clip.unlink()

    finished, _, record = run_one(clip, weights, unplug)
    assert record.status is JobStatus.INTERRUPTED
    assert "clip.mp4" in finished.error_message


def unplug_at(clip: Path, number: int) -> tuple[FakeScript, bytes]:
    """Return a script that takes a clip's bytes away at a frame, and the bytes."""
    data = clip.read_bytes()

    def unplug(frame: Frame) -> Detections:
        if frame.number == number:
            # What a pulled drive leaves: the name is there, and nothing behind it can be read.
            os.truncate(clip, 0)
        return brightest_block(frame)

    return FakeScript(boxes=unplug), data


def test_a_source_that_goes_away_while_it_is_read_interrupts_and_can_be_run_again(
    tmp_path: Path, weights: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=6, options={"crf": "0"})
    script, data = unplug_at(clip, 40)
    finished, shop, record = run_one(clip, weights, script=script)
    assert record.status is finished.status is JobStatus.INTERRUPTED
    where = re.match(
        r"Source missing at frame (\d+): clip\.mp4 can no longer be read \(", finished.error_message
    )
    assert where, finished.error_message
    assert 40 <= int(where[1]) < 180
    assert finished.frames_in == int(where[1])
    assert not list((record.job_dir / "output").iterdir())

    engine, heard = Engine(shop), list[RunEvent]()
    clip.write_bytes(data)  # it is plugged in again
    shop.vision.script = FakeScript()  # type: ignore[attr-defined]
    engine.retry(record.id)
    again = engine.run_next(heard.append, threading.Event(), lambda _: None)
    assert again is not None
    assert (again.status, again.frames_out) == (JobStatus.COMPLETE, 180)
    assert any("index was kept" in e.line.text for e in heard if isinstance(e, JobLogged))
    assert engine.get(record.id).fingerprint == record.fingerprint != ""


def test_another_file_under_the_name_of_a_lost_source_is_told_and_not_analysed(
    tmp_path: Path, weights: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=6, options={"crf": "0"})
    script, _ = unplug_at(clip, 40)
    _, shop, record = run_one(clip, weights, script=script)
    make_clip(clip, seconds=1)
    engine = Engine(shop)
    with pytest.raises(ClipRefused, match="not the file this job was begun with"):
        engine.open_clip(clip, record.id, lambda _: None, threading.Event())
    engine.retry(record.id)
    again = engine.run_next(lambda _: None, threading.Event(), lambda _: None)
    assert again is not None
    assert again.status is JobStatus.FAILED
    assert again.error_message == (
        "clip.mp4 is not the file this job was begun with: its content differs. "
        "Put the former file back, or add this one as a new job."
    )


def test_a_clip_larger_than_is_analysed_can_be_viewed_when_its_job_has_ended(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    with clip.open("ab") as file:
        file.write(b"\x00\x20\x00\x00free" + bytes(2**21 - 8))
    monkeypatch.setenv("MAX_FILE_SIZE_MB", "1")
    finished, shop, record = run_one(clip, weights)
    assert finished.status is JobStatus.FAILED
    found = Engine(shop).open_clip(clip, record.id, lambda _: None, threading.Event())
    assert len(found.index) == 9


def test_a_source_that_goes_away_while_its_packets_are_read_interrupts_the_job(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=6, options={"crf": "0"})
    data = clip.read_bytes()

    def unplug(event: RunEvent) -> None:
        if isinstance(event, StageProgress) and 0 < event.stages[Stage.IMPORT] < 0.9:
            os.truncate(clip, 0)

    monkeypatch.setattr("codefx_desktop.jobs.progress.EMIT_EVERY_S", 0.0)
    finished, shop, record = run_one(clip, weights, unplug)
    assert record.status is JobStatus.INTERRUPTED
    assert re.match(r"Source missing at frame \d+: clip\.mp4 ", finished.error_message)
    clip.write_bytes(data)
    engine = Engine(shop)
    engine.retry(record.id)
    again = engine.run_next(lambda _: None, threading.Event(), lambda _: None)
    assert again is not None
    assert again.status is JobStatus.COMPLETE


def test_a_source_that_goes_away_before_its_sound_is_copied_interrupts_the_job(
    tmp_path: Path, weights: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1, audio=True)

    def unplug(event: RunEvent) -> None:
        if isinstance(event, StageProgress) and event.stages[Stage.RENDERING] == 1.0:
            clip.unlink(missing_ok=True)

    finished, _, record = run_one(clip, weights, unplug)
    assert record.status is JobStatus.INTERRUPTED, "a clip with sound never loses it silently"
    assert finished.output is None
    assert not list((record.job_dir / "output").iterdir())


def test_an_end_that_could_not_be_written_is_told_and_written_later(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise NoSpace("The disk is full.", hint="Free some space.")

    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    heard: list[RunEvent] = []
    with monkeypatch.context() as patch:
        patch.setattr(History, "finish", full)
        finished, shop, record = run_one(clip, weights, heard.append)
    assert finished.status is JobStatus.COMPLETE
    assert record.status is JobStatus.PROCESSING
    said = [event.line.text for event in heard if isinstance(event, JobLogged)]
    assert "The disk is full. Free some space." in said[-1]

    monkeypatch.setattr("codefx_desktop.jobs.work.CLAIM_GRACE", timedelta(0))
    monkeypatch.setattr("codefx_desktop.jobs.work.CLAIM_GRACE", timedelta(0))
    assert Engine(shop).recover() == (), "a run that ended was not interrupted"
    kept = shop.history.get(record.id)
    assert kept.status is JobStatus.COMPLETE
    assert kept.output == finished.output


def test_a_cancel_at_the_very_beginning_is_a_cancel(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    engine = Engine(shop)
    engine.add([clip], JobSpec(weights=weights), JobMetadata())
    cancel = threading.Event()
    finished = engine.run_next(lambda _: None, cancel, lambda _: cancel.set())
    assert finished is not None
    assert finished.status is JobStatus.CANCELLED, finished.error_message


def test_a_job_whose_files_resist_stays_and_can_be_deleted_again(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shop, record = run_one(make_clip(tmp_path / "clip.mp4", seconds=0.3), weights)
    engine = Engine(shop)

    def open_elsewhere(_folder: Path) -> None:
        raise PermissionError(13, "The file is open in another program")

    with monkeypatch.context() as patch:
        patch.setattr("codefx_desktop.artifacts.layout.shutil.rmtree", open_elsewhere)
        with pytest.raises(NotWritable, match="could not be removed"):
            engine.delete(record.id)
    assert engine.get(record.id) == record
    engine.delete(record.id)
    assert not record.job_dir.exists()
    assert shop.history.page()[1] == 0


def test_an_output_that_is_no_longer_there_is_told(tmp_path: Path, weights: Path) -> None:
    finished, shop, record = run_one(make_clip(tmp_path / "clip.mp4", seconds=0.3), weights)
    assert finished.output is not None
    finished.output.path.unlink()
    with pytest.raises(OutputError, match="no longer there"):
        Engine(shop).output(record.id)
    with pytest.raises(OutputError, match="no longer there"):
        Engine(shop).save_output(record.id, tmp_path / "copy.mp4")


def test_a_copy_to_a_place_that_is_none_is_told(tmp_path: Path, weights: Path) -> None:
    _, shop, record = run_one(make_clip(tmp_path / "clip.mp4", seconds=0.3), weights)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NotWritable, match="could not be written"):
        Engine(shop).save_output(record.id, tmp_path / "file" / "copy.mp4")


def test_a_clock_that_was_set_back_does_not_keep_a_dead_job_running(tmp_path: Path) -> None:
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    record = begin(shop, tmp_path / "clip.mp4", JobSpec(), JobMetadata())
    assert is_claimed_just_now(record)
    assert record.started_at is not None
    ahead = replace(record, started_at=record.started_at + timedelta(hours=1))
    assert not is_claimed_just_now(ahead)
