"""What a push sends: keys, types, order, and what never goes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from push_world import EVERYTHING, JOB_ID, make_job

from codefx_desktop.artifacts.layout import FrameKind, JobLayout
from codefx_desktop.domain.errors import ClipMissing, JobStateError
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.push import Priority, PushOptions, PushPart
from codefx_desktop.jobs.push_plan import content_type, estimate, plan_push

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.store.outbox import Wanted

PREFIX = f"jobs/{JOB_ID}/"


@pytest.fixture
def record(tmp_path: Path) -> JobRecord:
    return make_job(tmp_path / "data", frames=12)


@pytest.fixture
def layout(tmp_path: Path) -> JobLayout:
    return JobLayout(tmp_path / "data", JOB_ID)


def plan(record: JobRecord, options: PushOptions = EVERYTHING) -> Wanted:
    return plan_push(record, "pits", options, record.job_dir.parents[1] / "staging")


def names(wanted: Wanted) -> list[str]:
    return [piece.key.removeprefix(PREFIX) for piece in wanted.pieces]


def test_everything_of_a_job_has_its_key(record: JobRecord) -> None:
    wanted = plan(record)
    found = names(wanted)
    assert len(found) == len(set(found)) == 12 * 3 + 7
    assert {
        "job.json",
        "manifest.json",
        "report/stops.csv",
        "analysis/job.json",
        "analysis/detections.sqlite",
        "analysis/toon/frame_11.toon",
        "frames/original/frame_0.jpg",
        "output/clip_annotated.mp4",
        "input/source.mov",
    } <= set(found)
    assert (wanted.job_id, wanted.job_name, wanted.target) == (JOB_ID, f"clip-{JOB_ID}.mov", "pits")


def test_types_are_as_the_web_knows_them(record: JobRecord) -> None:
    types = {piece.key.rpartition(".")[2]: piece.content_type for piece in plan(record).pieces}
    assert types == {
        "mp4": "video/mp4",
        "jpg": "image/jpeg",
        "json": "application/json",
        "toon": "application/x-toon",
        "csv": "text/csv",
        "sqlite": "application/vnd.sqlite3",
        "mov": "video/quicktime",
    }


def test_a_type_nobody_knows_is_bytes(tmp_path: Path) -> None:
    assert content_type(tmp_path / "clip.index") == "application/octet-stream"
    assert content_type(tmp_path / "CLIP.MP4") == "video/mp4"


def test_small_results_go_first_and_the_source_last(record: JobRecord) -> None:
    by_name = {piece.key.removeprefix(PREFIX): piece.priority for piece in plan(record).pieces}
    assert by_name["job.json"] is by_name["analysis/job.json"] is Priority.RESULT
    assert by_name["report/stops.csv"] is Priority.RESULT
    assert by_name["analysis/detections.sqlite"] is Priority.ANALYSIS
    assert by_name["frames/original/frame_3.jpg"] is Priority.FRAME
    assert by_name["output/clip_annotated.mp4"] is Priority.VIDEO
    assert by_name["input/source.mov"] is Priority.SOURCE
    assert by_name["manifest.json"] is Priority.MANIFEST


def test_frames_go_in_their_order(record: JobRecord) -> None:
    frames = [name for name in names(plan(record)) if name.startswith("frames/")]
    assert frames == [f"frames/original/frame_{number}.jpg" for number in range(12)]


def test_only_what_was_chosen_goes_and_the_rest_stays_part_of_the_push(record: JobRecord) -> None:
    wanted = plan(record, PushOptions(frozenset({PushPart.REPORT})))
    assert names(wanted) == ["job.json", "report/stops.csv", "manifest.json"]
    assert set(wanted.kept) == {
        PREFIX + name for name in ("analysis/", "frames/", "output/", "input/")
    }


def test_results_that_were_freed_stay_part_of_the_push(
    record: JobRecord, layout: JobLayout
) -> None:
    layout.annotated("clip").unlink()
    wanted = plan(record)
    assert "output/clip_annotated.mp4" not in names(wanted)
    assert wanted.kept == (PREFIX + "output/",)


def test_what_is_unfinished_hidden_or_a_link_never_goes(
    record: JobRecord, layout: JobLayout, tmp_path: Path
) -> None:
    before = names(plan(record))
    secret = tmp_path / "secret.txt"
    secret.write_text("private")
    (layout.output_dir / "clip_annotated.mp4.part").write_bytes(b"half")
    (layout.report_dir / ".hidden").write_bytes(b"x")
    (layout.report_dir / "link.csv").symlink_to(secret)
    (layout.frame(FrameKind.FACE, 0).parent).parent.joinpath("elsewhere").symlink_to(tmp_path)
    assert names(plan(record)) == before


def test_detections_go_as_a_copy_with_what_is_still_in_their_log(
    record: JobRecord, layout: JobLayout
) -> None:
    with closing(sqlite3.connect(layout.detections)) as writer:
        writer.execute("INSERT INTO meta VALUES ('late', 'yes')")
        writer.commit()
        assert layout.detections.with_name("detections.sqlite-wal").stat().st_size > 0
        (piece,) = [one for one in plan(record).pieces if one.key.endswith(".sqlite")]
    assert piece.path != layout.detections
    assert piece.size_bytes == piece.path.stat().st_size
    with closing(sqlite3.connect(piece.path)) as copy:
        assert copy.execute("SELECT value FROM meta WHERE key = 'late'").fetchone() == ("yes",)
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert not list(piece.path.parent.glob("*-wal"))


def test_the_copy_of_unchanged_detections_is_the_same_piece(record: JobRecord) -> None:
    first, second = plan(record), plan(record)
    assert first.pieces == second.pieces


def test_what_a_push_would_send_is_told(record: JobRecord) -> None:
    told = estimate(record)
    assert told.files == {
        PushPart.REPORT: 1,
        PushPart.ANALYSIS: 26,
        PushPart.FRAMES: 12,
        PushPart.OUTPUT: 1,
        PushPart.SOURCE: 1,
    }
    assert told.size_bytes[PushPart.SOURCE] == 7_000
    assert told.size_bytes[PushPart.FRAMES] == sum(2_000 + number for number in range(12))


def test_the_source_may_be_a_copy(record: JobRecord, tmp_path: Path) -> None:
    copy = tmp_path / "source.mp4"
    copy.write_bytes(b"copy")
    record.input_path.unlink()
    wanted = plan_push(record, "pits", EVERYTHING, tmp_path / "staging", copy)
    (piece,) = [one for one in wanted.pieces if one.priority is Priority.SOURCE]
    assert (piece.path, piece.key) == (copy, PREFIX + "input/source.mp4")


def test_a_source_that_is_gone_is_told_before_anything_is_queued(record: JobRecord) -> None:
    record.input_path.unlink()
    with pytest.raises(ClipMissing, match="without the source"):
        plan(record)
    assert PushPart.SOURCE not in estimate(record).files
    assert plan(record, PushOptions())


def test_an_odd_extension_makes_no_odd_key(record: JobRecord, tmp_path: Path) -> None:
    odd = tmp_path / "clip.my video"
    odd.write_bytes(b"x")
    wanted = plan(replace(record, input_path=odd))
    assert "input/source.bin" in names(wanted)


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.PROCESSING])
def test_a_job_that_is_not_finished_is_not_pushed(record: JobRecord, status: JobStatus) -> None:
    with pytest.raises(JobStateError, match="not finished"):
        plan(replace(record, status=status))


def test_a_job_without_files_is_told(record: JobRecord, tmp_path: Path) -> None:
    nowhere = replace(record, job_dir=tmp_path / "gone" / "jobs" / JOB_ID)
    with pytest.raises(JobStateError, match="nothing"):
        plan(nowhere, PushOptions())
