"""``job.json``: all of a history row, written whole, found again where the folder is."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from codefx_desktop.artifacts.job_json import read_job_json, write_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.errors import HistoryError, NotWritable
from codefx_desktop.domain.job import (
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    OutputFile,
    SessionKind,
    Stage,
)

JOB = "1b0f2745-be12-490f-a505-3370d26ae404"
NOW = datetime(2026, 5, 9, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def layout(tmp_path: Path) -> JobLayout:
    return JobLayout(tmp_path / "data", JOB)


def full_record(layout: JobLayout) -> JobRecord:
    return JobRecord(
        id=JOB,
        status=JobStatus.COMPLETE,
        stage=Stage.COMPLETE,
        progress=1.0,
        input_path=Path("/footage/caf\udce9 車.mp4"),
        input_size_bytes=5_000_000_000,
        fingerprint="v1:" + "ab" * 32,
        spec=JobSpec(weights=Path("/w/best.pt"), confidence=0.3, device="cuda:0"),
        metadata=JobMetadata("GT3", "Spa", "a\nb", date(2026, 5, 9), SessionKind.RACE, "boom"),
        job_dir=layout.dir,
        app_version="0.1.0",
        created_at=NOW,
        updated_at=NOW,
        started_at=NOW,
        finished_at=NOW,
        error_message="",
        output=OutputFile(layout.annotated("a"), 7, "cd" * 32),
        scene_count=4,
        artifact_frames=12,
        stop_count=2,
        classic=ClassicTimes(front_left_tyre_time_s=2.0, driver_in_time_s=7.25),
    )


def test_a_row_comes_back(layout: JobLayout) -> None:
    record = full_record(layout)
    defaults = {item.name for item in fields(JobRecord)} - {"queue_position", "error_message"}
    assert all(getattr(record, name) is not None for name in defaults)
    assert write_job_json(record, layout) == layout.job_json
    assert read_job_json(layout) == record
    failed = replace(
        record,
        status=JobStatus.FAILED,
        metadata=JobMetadata(),
        started_at=None,
        finished_at=None,
        output=None,
        scene_count=None,
        artifact_frames=None,
        stop_count=None,
        classic=None,
        error_message="x",
    )
    write_job_json(failed, layout)
    assert read_job_json(layout) == failed
    assert [path.name for path in layout.dir.iterdir()] == ["job.json"]


def test_a_file_from_before_scenes_is_read(layout: JobLayout) -> None:
    write_job_json(full_record(layout), layout)
    values = json.loads(layout.job_json.read_text())
    for name in ("scene_count", "artifact_frames", "stop_count", "classic"):
        del values[name]
    layout.job_json.write_text(json.dumps(values))
    found = read_job_json(layout)
    assert found == replace(
        full_record(layout),
        scene_count=None,
        artifact_frames=None,
        stop_count=None,
        classic=None,
    )


def test_the_folder_can_be_moved(layout: JobLayout, tmp_path: Path) -> None:
    write_job_json(full_record(layout), layout)
    shutil.move(layout.root, tmp_path / "stick")
    moved = JobLayout(tmp_path / "stick", JOB)
    found = read_job_json(moved)
    assert found.job_dir == moved.dir
    assert found.output is not None
    assert found.output.path == moved.annotated("a")


def test_a_write_that_fails_leaves_the_old_file(
    layout: JobLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = full_record(layout)
    write_job_json(record, layout)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotWritable, match="No space left"):
        write_job_json(replace(record, error_message="new"), layout)
    assert read_job_json(layout) == record
    assert [path.name for path in layout.dir.iterdir()] == ["job.json"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, "its version is 2"),
        ({"id": "another"}, "it is of job another"),
        ({"status": "DONE"}, "DONE"),
        ({"created_at": "2026-05-09T12:00:00"}, "no zone"),
        ({"spec": {"version": 99}}, "version 99"),
        ({"spec": None}, "cannot be read"),
        ({"progress": None}, "cannot be read"),
        ({"progress": float("nan")}, "progress"),
        ({"input_size_bytes": float("inf")}, "cannot be read"),
        ({"scene_count": "4"}, "scene_count is 4"),
        ({"artifact_frames": -1}, "artifact_frames is -1"),
        ({"artifact_frames": True}, "artifact_frames is True"),
        ({"stop_count": 1.5}, "stop_count is 1.5"),
        ({"classic": {"fuel_time_s": "7"}}, "fuel_time_s is '7'"),
        ({"classic": {"fuel_time_s": -7}}, "fuel_time_s must be between"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    layout: JobLayout, change: dict[str, object], says: str
) -> None:
    write_job_json(full_record(layout), layout)
    values = json.loads(layout.job_json.read_text())
    layout.job_json.write_text(json.dumps(values | change))
    with pytest.raises(HistoryError, match=says):
        read_job_json(layout)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\xff", "[" * 200_000])
def test_a_damaged_file_says_so(layout: JobLayout, text: str) -> None:
    layout.dir.mkdir(parents=True)
    layout.job_json.write_text(text, encoding="latin-1")
    with pytest.raises(HistoryError, match=r"job\.json cannot be read"):
        read_job_json(layout)


def test_a_missing_file_says_so(layout: JobLayout) -> None:
    with pytest.raises(HistoryError, match="cannot be read"):
        read_job_json(layout)
