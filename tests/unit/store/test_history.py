"""Jobs in the history: what is kept, found, changed and removed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from codefx_desktop import __version__
from codefx_desktop.domain.errors import HistoryError, JobStateError, UnknownJob
from codefx_desktop.domain.job import (
    JobFilter,
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    LogLine,
    OutputFile,
    SessionKind,
    Stage,
)
from codefx_desktop.store.history import History, open_history

AddJob = Callable[..., JobRecord]


SPEC = JobSpec(
    weights=Path("/w/best.pt"),
    confidence=0.25,
    iou=0.7,
    image_size_px=1280,
    device="cuda:0",
    output_root=Path("/out"),
)
METADATA = JobMetadata(
    "Le Mans Cup", "Spa", "wet\nthen dry", date(2026, 5, 9), SessionKind.QUALI, "boom 2"
)


def test_a_new_job_is_queued_and_kept_as_given(
    add_job: AddJob, history: History, tmp_path: Path
) -> None:
    before = datetime.now(UTC)
    record = add_job("boxenstopp.mp4", spec=SPEC, metadata=METADATA, job_root=Path("/out"))
    assert record == history.get(record.id)
    assert (record.status, record.stage, record.progress) == (JobStatus.QUEUED, Stage.IMPORT, 0)
    assert record.spec == SPEC
    assert record.metadata == METADATA
    assert record.input_path == tmp_path / "clips" / "boxenstopp.mp4"
    assert record.job_dir == Path("/out/jobs") / record.id
    assert record.app_version == __version__
    assert before <= record.created_at == record.updated_at <= datetime.now(UTC)
    assert record.created_at.utcoffset() == timedelta(0)
    assert record.started_at is record.finished_at is record.output is None


def test_the_history_is_there_after_a_restart(add_job: AddJob, history: History) -> None:
    first, second = add_job("a.mp4"), add_job("b.mp4")
    history.close()
    with open_history(history.path).history as again:
        assert again.queue() == (first, second)
        assert again.get(second.id) == second


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_file_name_that_is_no_text_survives(add_job: AddJob, history: History) -> None:
    name = os.fsdecode(b"caf\xe9.mp4")
    record = add_job(name)
    history.log(record.id, [LogLine(datetime.now(UTC), "ERROR", f"{name} is damaged")])
    assert os.fsencode(history.get(record.id).input_path.name) == b"caf\xe9.mp4"
    assert history.logs(record.id)[0][1].text == "caf\\udce9.mp4 is damaged"


def test_the_data_folder_can_be_moved(add_job: AddJob, history: History, tmp_path: Path) -> None:
    record = add_job()
    history.claim(record.id)
    output = OutputFile(record.job_dir / "output" / "stop_annotated.mp4", 5, "ab" * 32)
    history.finish(record.id, JobStatus.COMPLETE, "", output)
    history.close()
    moved = tmp_path / "stick"
    shutil.move(history.path.parent, moved)
    with open_history(moved / "history.sqlite").history as again:
        found = again.get(record.id)
    assert found.job_dir == moved / "jobs" / record.id
    assert found.output is not None
    assert found.output.path == found.job_dir / "output" / "stop_annotated.mp4"
    assert found.input_path == record.input_path


def test_an_unknown_id_is_an_error_everywhere(history: History) -> None:
    line = LogLine(datetime.now(UTC), "INFO", "x")
    for call in (
        lambda: history.get("none"),
        lambda: history.progress("none", Stage.DETECTING, 0.5),
        lambda: history.set_scene_count("none", 1),
        lambda: history.set_clip("none", "v1:ab"),
        lambda: history.finish("none", JobStatus.FAILED),
        lambda: history.interrupt("none", "x"),
        lambda: history.requeue("none"),
        lambda: history.move("none", 0),
        lambda: history.set_metadata("none", JobMetadata()),
        lambda: history.delete("none"),
        lambda: history.log("none", [line]),
    ):
        with pytest.raises(UnknownJob, match="There is no job none"):
            call()
    assert not history.claim("none")


def test_a_job_is_found_by_the_beginning_of_its_id(add_job: AddJob, history: History) -> None:
    first = add_job(job_id="abcd1111-0000-4000-8000-000000000000")
    add_job(job_id="abcd2222-0000-4000-8000-000000000000")
    assert history.resolve("abcd1") == history.resolve(" ABCD1 ") == first.id
    assert history.resolve(first.id) == first.id
    with pytest.raises(UnknownJob, match="More than one"):
        history.resolve("abcd")
    with pytest.raises(UnknownJob, match="too short"):
        history.resolve("abc")
    with pytest.raises(UnknownJob, match="no job"):
        history.resolve("abcd%")


def test_a_page_is_newest_first_with_the_total(add_job: AddJob, history: History) -> None:
    ids = [add_job(f"{number}.mp4").id for number in range(7)]
    records, total = history.page(JobFilter(), limit=3, offset=2)
    assert total == 7
    assert [record.id for record in records] == ids[::-1][2:5]
    assert history.page(JobFilter(), limit=3, offset=7) == ((), 7)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (JobFilter(text="österreich"), "a"),
        (JobFilter(text="ÖSTERREICH gt3"), "a"),
        (JobFilter(text="o\u0308sterreich"), "a"),
        (JobFilter(text="100%"), "b"),
        (JobFilter(text="_"), "c"),
        (JobFilter(text="gt3 nothing"), ""),
        (JobFilter(series="GT3"), "ba"),
        (JobFilter(series="GT3", race="Spa"), "b"),
        (JobFilter(statuses=(JobStatus.PROCESSING, JobStatus.FAILED)), "a"),
        (JobFilter(since=date(2000, 1, 1), until=date(2000, 1, 2)), ""),
        (JobFilter(since=date.min, until=date.max), "cba"),
        (JobFilter(since=date.max), ""),
        (JobFilter(until=date.min), ""),
    ],
)
def test_the_filter_narrows(
    add_job: AddJob, history: History, wanted: JobFilter, names: str
) -> None:
    first = add_job("a.mp4", metadata=JobMetadata("GT3", "Österreichring"))
    add_job("b.mp4", metadata=JobMetadata("GT3", "Spa", notes="fuel at 100%"))
    add_job("c_1.mp4", metadata=JobMetadata("Cup"))
    history.claim(first.id)
    records, total = history.page(wanted)
    assert "".join(record.input_filename[0] for record in records) == names
    assert total == len(names)


def test_days_of_the_filter_are_whole_days_of_this_place(add_job: AddJob, history: History) -> None:
    record = add_job()
    today = record.created_at.astimezone().date()
    day = timedelta(days=1)
    assert history.page(JobFilter(since=today, until=today))[1] == 1
    assert history.page(JobFilter(since=today + day))[1] == 0
    assert history.page(JobFilter(until=today - day))[1] == 0


def test_metadata_can_be_changed_and_is_searched_then(add_job: AddJob, history: History) -> None:
    record = add_job(metadata=JobMetadata("Old"))
    history.set_metadata(record.id, METADATA)
    found = history.get(record.id)
    assert found.metadata == METADATA
    assert found.updated_at > record.updated_at
    assert history.page(JobFilter(text="old"))[1] == 0
    assert history.page(JobFilter(text="stop.mp4 boom"))[1] == 1


def test_what_the_clip_turned_out_to_be_is_kept(
    add_job: AddJob, history: History, tmp_path: Path
) -> None:
    record = add_job()
    history.set_clip(record.id, "v1:abc", size_bytes=77)
    history.set_clip(record.id, "v1:abc", path=tmp_path / "new.mp4")
    found = history.get(record.id)
    assert (found.fingerprint, found.input_size_bytes) == ("v1:abc", 77)
    assert (found.input_path, found.input_filename) == (tmp_path / "new.mp4", "new.mp4")


def test_deleting_takes_the_log_along_and_no_file(add_job: AddJob, history: History) -> None:
    gone, kept = add_job(), add_job()
    gone.job_dir.mkdir(parents=True)
    for record in (gone, kept):
        history.log(record.id, [LogLine(datetime.now(UTC), "INFO", "x")])
    history.delete(gone.id)
    assert history.logs(gone.id) == []
    assert len(history.logs(kept.id)) == 1
    assert history.page()[0] == (kept,)
    assert gone.job_dir.is_dir()


def test_series_and_races_are_offered_once_each(add_job: AddJob, history: History) -> None:
    assert history.series_and_races() == ((), ())
    for series, race in (("GT3", "Spa"), ("Cup", "Spa"), ("GT3", ""), ("", "Imola")):
        add_job(metadata=JobMetadata(series, race))
    assert history.series_and_races() == (("Cup", "GT3"), ("Imola", "Spa"))


def test_the_start_sheet_starts_from_the_newest_job(add_job: AddJob, history: History) -> None:
    assert history.last_used() is None
    add_job()
    add_job(spec=SPEC, metadata=METADATA)
    assert history.last_used() == (SPEC, METADATA)


def test_records_can_be_put_back(add_job: AddJob, history: History, tmp_path: Path) -> None:
    done, waiting = add_job("a.mp4", spec=SPEC, metadata=METADATA), add_job("b.mp4")
    history.claim(done.id)
    output = OutputFile(Path("/out/a.mp4"), 5, "ab")
    history.finish(done.id, JobStatus.COMPLETE, "", output, scene_count=4, artifact_frames=12)
    records = [history.get(done.id), history.get(waiting.id)]
    with open_history(history.path.with_name("other.sqlite")).history as other:
        assert other.restore(records) == 2
        assert other.restore(records) == 0
        assert other.get(done.id) == records[0]
        assert [record.id for record in other.queue()] == [waiting.id]


def put(history: History, job_id: str, **values: str) -> None:
    """Write columns of a row as another program would."""
    columns = ", ".join(f"{name} = ?" for name in values)
    with history._write() as session:
        session.connection().exec_driver_sql(
            f"UPDATE jobs SET {columns} WHERE id = ?",  # noqa: S608 - names of this file
            (*values.values(), job_id),
        )


def test_a_spec_of_a_newer_program_hides_no_other_job(add_job: AddJob, history: History) -> None:
    newer, fine = add_job("newer.mp4"), add_job("fine.mp4")
    put(history, newer.id, spec='{"version": 9}')
    records, total = history.page()
    assert total == 2
    assert records[0] == fine
    assert "version 9" in records[1].error_message
    # It cannot run with settings that are not its own, and does not hold up the queue.
    taken = history.claim_next()
    assert taken is not None
    assert taken.id == fine.id
    assert history.page()[0][1].status is JobStatus.FAILED


def test_a_job_of_a_newer_program_is_shown_and_can_be_deleted(
    add_job: AddJob, history: History
) -> None:
    newer = add_job("newer.mp4")
    put(history, newer.id, spec='{"version": 9}')
    shown = history.get(newer.id)
    assert (shown.id, shown.input_path, shown.job_dir) == (
        newer.id,
        newer.input_path,
        newer.job_dir,
    )
    assert "version 9" in shown.error_message
    history.delete(newer.id)
    assert history.page()[1] == 0


def test_words_of_a_newer_program_hide_no_job(add_job: AddJob, history: History) -> None:
    record = add_job()
    history.log(record.id, [LogLine(datetime.now(UTC), "INFO", "x", Stage.IMPORT)])
    put(history, record.id, status="POSTPONED", stage="STITCHING", session="sprint")
    with history._write() as session:
        session.connection().exec_driver_sql("UPDATE log_lines SET stage = 'STITCHING'")
    (shown,), _ = history.page()
    assert shown.status is JobStatus.FAILED
    assert "POSTPONED" in shown.error_message
    assert (shown.stage, shown.metadata.session) == (Stage.IMPORT, SessionKind.NONE)
    ((_, line),) = history.logs(record.id)
    assert (line.text, line.stage) == ("x", None)
    with pytest.raises(JobStateError, match="POSTPONED"):
        history.requeue(record.id)


def test_trouble_with_the_database_fails_no_job(
    add_job: AddJob, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim is one transaction: nothing can come between taking a job and reading it."""
    record = add_job()

    def busy(_history: History, _job_id: str) -> JobRecord:
        raise HistoryError("The history is busy.")

    monkeypatch.setattr(History, "get", busy)
    taken = history.claim_next()
    assert taken is not None
    assert (taken.id, taken.status) == (record.id, JobStatus.PROCESSING)


def test_an_id_that_is_no_text_is_no_job(history: History) -> None:
    name = os.fsdecode(b"\xff\xff\xff\xff")
    for call in (history.get, history.resolve, history.delete):
        with pytest.raises(UnknownJob):
            call(name)


def test_a_run_can_only_end_once(add_job: AddJob, history: History) -> None:
    record = add_job()
    with pytest.raises(JobStateError, match="QUEUED"):
        history.finish(record.id, JobStatus.COMPLETE)
    history.claim(record.id)
    with pytest.raises(ValueError, match="cannot end QUEUED"):
        history.finish(record.id, JobStatus.QUEUED)
    history.finish(record.id, JobStatus.FAILED, "The clip is damaged.")
    assert history.get(record.id).error_message == "The clip is damaged."
    with pytest.raises(JobStateError, match="FAILED"):
        history.finish(record.id, JobStatus.COMPLETE)


def test_a_result_that_comes_after_all_is_kept(add_job: AddJob, history: History) -> None:
    record = add_job()
    history.claim(record.id)
    assert history.interrupt(record.id, "The program ended.")
    assert not history.interrupt(record.id, "again")
    history.finish(record.id, JobStatus.COMPLETE)
    found = history.get(record.id)
    assert (found.status, found.error_message) == (JobStatus.COMPLETE, "")
