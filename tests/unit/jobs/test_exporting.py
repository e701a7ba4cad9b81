"""Exports of a job: what is in them, where they go, what is in the way."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip
from export_samples import faces, findings, objects, outlines
from fakes import CLASS_NAMES, FAKE_DEVICE, FakeVision
from runs import run_clip

from codefx_desktop.artifacts.layout import AnalysisFormat, JobLayout
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.errors import (
    AlreadyThere,
    ClipMissing,
    JobStateError,
    NotWritable,
)
from codefx_desktop.domain.export import ExportFormat, ExportRequest
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus, Stage
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.ports import FaceModelInfo, ModelInfo
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.exporting import Exporter
from codefx_desktop.store.detections import DetectionWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = ("model", "segmenter", "faces")
EVERY = StagePlan(artifacts=ArtifactChoice.parse("all"))


def record_of(layout: JobLayout, **spec: object) -> JobRecord:
    now = datetime.now(UTC)
    return JobRecord(
        layout.job_id,
        JobStatus.COMPLETE,
        Stage.COMPLETE,
        1.0,
        Path("stop.mp4"),
        1,
        "",
        JobSpec(**spec),
        JobMetadata(),
        layout.dir,
        "1.0",
        now,
        now,
    )


def exporter(tmp_path: Path, looked: Sequence[str] = ALL, **spec: object) -> Exporter:
    """Return what exports a job of two frames; the second shows nothing."""
    layout = JobLayout(tmp_path / "data", "job-1")
    ticks = np.arange(2, dtype=np.int64) * 512
    index = FrameIndex(ticks, ticks, np.ones(2, np.bool_), Fraction(1, 12_800))
    model = ModelInfo(Path("x.pt"), "0" * 64, "detect", CLASS_NAMES, 640, FAKE_DEVICE)
    models = {
        "model": model,
        "segmenter": replace(model, task="segment"),
        "faces": FaceModelInfo("fake", "2" * 64, FAKE_DEVICE),
    }
    found = {"model": ("detections", objects()), "segmenter": ("segments", outlines())}
    found["faces"] = ("faces", faces())
    with DetectionWriter(
        layout.detections,
        index=index,
        **{name: models[name] if name in looked else None for name in ALL},
    ) as writer:
        writer.append([findings(0, **dict(found[name] for name in looked))])
        empty = {what: type(value).empty() for what, value in (found[name] for name in looked)}
        writer.append([findings(1, **empty)])
    return Exporter(record_of(layout, **spec), layout, (200, 100))


def test_what_is_exported_has_the_jobs_confidence(tmp_path: Path) -> None:
    done = exporter(tmp_path, confidence=0.8).export(ExportRequest(ExportFormat.COCO))
    (path,) = done.paths
    assert path == tmp_path / "data" / "jobs" / "job-1" / "report" / "coco.json"
    told = json.loads(path.read_text())["annotations"]
    assert [row["score"] for row in told if "keypoints" not in row] == [0.9]
    assert (done.frames, done.objects, done.size_bytes) == (2, 2, path.stat().st_size)


def test_tracks_of_objects_and_faces(tmp_path: Path) -> None:
    done = exporter(tmp_path).export(ExportRequest(ExportFormat.MOT, tmp_path / "out"))
    assert done.paths == (tmp_path / "out" / "mot.txt", tmp_path / "out" / "mot-faces.txt")
    assert done.folder == tmp_path / "out"
    assert all(path.read_text() for path in done.paths)


@pytest.mark.parametrize(
    ("looked", "kind", "written"),
    [
        (("model",), ExportFormat.MOT, ["mot.txt"]),
        (("faces",), ExportFormat.MOT, ["mot-faces.txt"]),
        (("segmenter",), ExportFormat.YOLO, ["yolo-seg"]),
        (("model", "faces"), ExportFormat.YOLO, ["yolo"]),
        (ALL, ExportFormat.YOLO, ["yolo", "yolo-seg"]),
        (("segmenter",), ExportFormat.COCO, ["coco.json"]),
    ],
)
def test_only_what_was_looked_for_is_written(
    tmp_path: Path, looked: tuple[str, ...], kind: ExportFormat, written: list[str]
) -> None:
    done = exporter(tmp_path, looked).export(ExportRequest(kind, tmp_path / "out"))
    assert [path.name for path in done.paths] == written
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(written)


@pytest.mark.parametrize(
    ("looked", "kind"),
    [
        ((), ExportFormat.COCO),
        (("segmenter",), ExportFormat.MOT),
        (("faces",), ExportFormat.YOLO),
        (ALL, ExportFormat.JSON),
    ],
)
def test_where_there_is_nothing_of_the_kind_nothing_is_written(
    tmp_path: Path, looked: tuple[str, ...], kind: ExportFormat
) -> None:
    with pytest.raises(JobStateError, match="nothing to export"):
        exporter(tmp_path, looked).export(ExportRequest(kind, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_pictures_of_a_job_without_artifacts(tmp_path: Path) -> None:
    with pytest.raises(JobStateError, match="without artifacts"):
        exporter(tmp_path).export(ExportRequest(ExportFormat.YOLO, pictures=True))


@pytest.mark.parametrize("kind", [ExportFormat.COCO, ExportFormat.MOT, ExportFormat.YOLO])
def test_a_file_of_a_persons_is_not_replaced_unasked(tmp_path: Path, kind: ExportFormat) -> None:
    job, out = exporter(tmp_path), tmp_path / "out"
    path = job.export(ExportRequest(kind, out)).paths[-1]
    mine = path / "data.yaml" if path.is_dir() else path
    mine.write_text("mine")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(AlreadyThere, match=r"nothing was written"):
        job.export(ExportRequest(kind, out))
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    job.export(ExportRequest(kind, out, replace=True))
    assert mine.read_text() != "mine"


def test_in_the_jobs_own_folder_it_is_replaced(tmp_path: Path) -> None:
    job = exporter(tmp_path)
    for _ in range(2):
        job.export(ExportRequest(ExportFormat.YOLO))


def test_what_the_job_keeps_is_never_written_into(tmp_path: Path) -> None:
    job = exporter(tmp_path)
    with pytest.raises(NotWritable, match="its own results"):
        job.export(ExportRequest(ExportFormat.COCO, job.layout.analysis_dir, replace=True))
    assert not (job.layout.analysis_dir / "coco.json").exists()
    done = job.export(ExportRequest(ExportFormat.COCO, job.layout.report_dir / "for the team"))
    assert done.paths[0].is_file()


def test_an_export_can_be_ended(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    job = replace(exporter(tmp_path), cancel=cancel)
    with pytest.raises(Cancelled):
        job.export(ExportRequest(ExportFormat.COCO))
    assert list(job.layout.report_dir.iterdir()) == []


def test_artifacts_that_are_there_already_are_not_copied_beside_themselves(tmp_path: Path) -> None:
    job = exporter(tmp_path, plan=EVERY)
    path = job.layout.analysis(AnalysisFormat.TOON, 1)
    path.parent.mkdir(parents=True)
    path.write_text("frame:\n  number: 1\n")
    done = job.export(ExportRequest(ExportFormat.TOON))
    assert (done.paths, done.files, done.frames) == ((path.parent,), 1, 1)
    assert not job.layout.report_dir.exists()


def test_the_engine_knows_the_size_of_the_pictures(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    _, _, shop, record = run_clip(clip, weights, FakeVision())
    engine, request = Engine(shop), ExportRequest(ExportFormat.COCO)

    def size() -> tuple[int, int]:
        path = engine.export_artifacts(record.id, request).paths[0]
        image = json.loads(path.read_text())["images"][0]
        return image["width"], image["height"]

    assert size() == (320, 180)
    (record.job_dir / "analysis" / "clip.index").unlink()
    assert size() == (320, 180), "of a job of an earlier version, from the clip itself"
    (record.job_dir / "analysis" / "clip.index").unlink(missing_ok=True)
    clip.unlink()
    with pytest.raises(ClipMissing):
        size()
    engine.close()
