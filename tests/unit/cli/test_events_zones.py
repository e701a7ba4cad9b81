"""``codefx events --zones``: who was in which zone, as a table, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import FAKE_DEVICE

from codefx_desktop.cli import main
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import JobMetadata, JobSpec
from codefx_desktop.domain.ports import ModelInfo
from codefx_desktop.domain.zone import Zone, ZoneSet
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.store.detections import DetectionWriter
from codefx_desktop.store.history import open_history

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord

Codefx = Callable[..., tuple[int, str, str]]
MODEL = ModelInfo(Path("/weights/best.pt"), "ab" * 32, "detect", ("car", "crew"), 640, FAKE_DEVICE)
LANE = Zone("Lane", ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))


@pytest.fixture
def codefx(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Codefx:
    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["codefx", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsysbinary.readouterr()
        return int(ended.value.code or 0), said.out.decode(), said.err.decode()

    return call


def job_with(
    clip: Path, zones: tuple[Zone, ...] = (LANE,), model: ModelInfo | None = MODEL
) -> JobRecord:
    """Return a job in which a person walks 10 px a frame, into a zone that begins at 640 px."""
    ticks = np.arange(50, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks == 0, Fraction(1, 25))
    with open_history(app_paths().history).history as history:
        record = history.add(
            input_path=clip,
            input_size_bytes=1,
            spec=JobSpec(),
            metadata=JobMetadata(),
            job_root=app_paths().data,
        )
    with DetectionWriter(layout_of(record).detections, index=index, model=model) as writer:
        writer.set_picture(1280, 720, 2.0)
        if model is not None:
            writer.append(
                [FrameFindings(n, index.time(n), walker(395.0 + 10 * n)) for n in range(50)]
            )
        camera = CameraProfile(zones=ZoneSet(zones))
        writer.set_stops((), built_in_templates()[0], camera)
    return record


def walker(x: float) -> Detections:
    return Detections(
        np.array([[x - 20, 300, x + 20, 400]], np.float32),
        np.array([0.9], np.float32),
        np.array([1], np.int16),
        np.array([7], np.int32),
    )


def test_a_table_tells_who_was_where_and_when(codefx: Codefx, tmp_path: Path) -> None:
    code, out, err = codefx("events", job_with(tmp_path / "lap.mp4").id[:8], "--zones")
    assert (code, err) == (0, "")
    (row,) = [line.split() for line in out.splitlines() if "Lane" in line]
    # Halfway between frames 24 and 25 it comes in; in frame 49, the last, it is still there.
    assert row[:3] == ["Lane", "7", "crew"]
    assert float(row[3]) == pytest.approx(24.5 / 25, abs=0.002)
    assert row[4:6] == ["to", "(1.960)"]
    assert float(row[6]) == pytest.approx(0.98, abs=0.002)
    assert "In brackets" in out


def test_json_and_csv_say_the_same(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with(tmp_path / "lap.mp4")
    content = json.loads(codefx("events", record.id, "--zones", "--json")[1])
    assert (content["job"], content["clip"]) == (record.id, str(tmp_path / "lap.mp4"))
    (visit,) = content["visits"]
    (stay,) = visit["stays"]
    assert (stay["enter_earliest_s"], stay["enter_latest_s"]) == (0.96, 1)
    (row,) = csv.DictReader(io.StringIO(codefx("events", record.id, "--zones", "--csv")[1]))
    assert (row["zone"], float(row["enter_s"])) == ("Lane", stay["enter_s"])
    assert float(row["total_s"]) == visit["total_s"]


def test_why_there_is_nothing_is_told(codefx: Codefx, tmp_path: Path) -> None:
    clip = tmp_path / "lap.mp4"
    code, _, err = codefx("events", job_with(clip, ()).id, "--zones")
    assert (code, "The job of lap.mp4 has no zones." in err) == (1, True)
    code, _, err = codefx("events", job_with(clip, model=None).id, "--zones")
    assert (code, "Nobody looked for objects" in err) == (1, True)
    aside = Zone("Far", ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1)))
    assert codefx("events", job_with(clip, (aside,)).id, "--zones")[:2] == (
        0,
        "lap.mp4: nobody was in any zone\n",
    )
    assert codefx("events", "0000", "--zones", "--set", "fuel_time_s=1")[0] == 2
