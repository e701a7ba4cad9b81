"""``codefx events``: a job's stops as tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from stop_samples import full_stop

from codefx_desktop.cli import main
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.events import Event
from codefx_desktop.domain.job import JobMetadata, JobSpec
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.templates import built_in_templates
from codefx_desktop.store.detections import DetectionWriter
from codefx_desktop.store.history import open_history

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.stop import PitStop

Codefx = Callable[..., tuple[int, str, str]]
F1 = built_in_templates()[0]


@pytest.fixture
def codefx(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Codefx:
    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["codefx", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsysbinary.readouterr()
        return int(ended.value.code or 0), said.out.decode(), said.err.decode()

    return call


def job_with(stops: Sequence[PitStop] | None, clip: Path) -> JobRecord:
    """Make a job whose detections file holds stops; None: nobody looked for them."""
    from fractions import Fraction

    ticks = np.arange(3, dtype=np.int64)
    index = FrameIndex(ticks, ticks, ticks == 0, Fraction(1, 50))
    with open_history(app_paths().history).history as history:
        record = history.add(
            input_path=clip,
            input_size_bytes=1,
            spec=JobSpec(),
            metadata=JobMetadata(),
            job_root=app_paths().data,
        )
    with DetectionWriter(layout_of(record).detections, index=index, model=None) as writer:
        writer.set_picture(1280, 720, 0.06)
        if stops is not None:
            writer.set_stops(stops, F1, CameraProfile())
    return record


def test_tables_tell_all_of_a_stop(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([full_stop(1), full_stop(2)], tmp_path / "lap.mp4")
    code, out, err = codefx("events", record.id[:8])
    assert (code, err) == (0, "")
    assert "lap.mp4: 2 pit stops" in out
    assert "Stop 1 (44 Blue best), template f1: stationary 1.300 (1.290 to 1.310) s" in out
    told = [line for line in out.splitlines() if line.strip()]
    assert any(
        "Wheel off" in line and "RR" in line and "2.800 (2.790 to 2.810)" in line for line in told
    )
    assert any("Probe in" in line and "not found" in line for line in told)
    assert any(line.split()[:2] == ["front_left_tyre_time_s", "0.850"] for line in told)
    assert any(line.split()[:3] == ["fuel_time_s", "not", "found"] for line in told)
    assert "No single task held the release" in out
    assert "Marks: not found. The box of this camera is not calibrated." in out
    assert "To judge: wheel uncontrolled, frame 140 (2.800 s): 0.9 m from anyone" in out
    assert "The rear jack was hidden." in out


def test_what_was_not_found_has_no_unit(codefx: Codefx, tmp_path: Path) -> None:
    stop = full_stop(1)
    begins_inside = tuple(
        Event(event.kind, event.place) if event.kind == "stop" else event for event in stop.events
    )
    record = job_with([replace(stop, events=begins_inside)], tmp_path / "lap.mp4")
    _, out, _ = codefx("events", record.id)
    assert "template f1: stationary not found\n" in out


def test_slow_motion_says_on_which_clock_what_is(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([replace(full_stop(1), time_scale=0.25)], tmp_path / "lap.mp4")
    told = " ".join(codefx("events", record.id)[1].split())
    assert "on the clip's clock, durations in true s (0.25 in one of the clip)" in told
    plain = job_with([replace(full_stop(1), time_scale=1.0)], tmp_path / "lap.mp4")
    assert "Slow motion" not in codefx("events", plain.id)[1]


def test_json_is_one_object(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([full_stop(1)], tmp_path / "lap.mp4")
    code, out, _ = codefx("events", record.id, "--json")
    (line,) = out.splitlines()
    content = json.loads(line)
    assert code == 0
    assert (content["job"], content["clip"]) == (record.id, str(tmp_path / "lap.mp4"))
    (stop,) = content["stops"]
    assert stop["classic"]["back_left_tyre_time_s"] == 0.85
    assert len(stop["events"]) == len(full_stop().events)
    assert stop["critical_path"]["until"] == "release"


def test_csv_goes_into_a_file_as_it_is(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([full_stop(1), full_stop(2)], tmp_path / "lap.mp4")
    code, out, _ = codefx("events", record.id, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert {row["stop"] for row in rows} == {"1", "2"}
    assert len(rows) == 2 * len(full_stop().events)


def test_a_clip_without_a_stop_says_so(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([], tmp_path / "lap.mp4")
    code, out, _ = codefx("events", record.id)
    assert (code, out.splitlines()[0]) == (0, "lap.mp4: 0 pit stops")
    assert " ".join(out.split()).endswith("in motion and sound alone no stop was seen.")
    assert json.loads(codefx("events", record.id, "--json")[1])["stops"] == []


def test_a_job_that_took_nothing_apart_is_no_empty_answer(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with(None, tmp_path / "lap.mp4")
    code, out, err = codefx("events", record.id)
    assert (code, out) == (1, "")
    assert "Pit stops were not taken apart in the job of lap.mp4." in err


def test_a_classic_time_is_corrected_in_the_history(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([full_stop(1)], tmp_path / "lap.mp4")
    code, out, _ = codefx(
        "events", record.id, "--set", "fuel_time_s=7.25", "--set", "driver_in_time_s="
    )
    assert code == 0
    assert out.splitlines()[0] == "fuel_time_s: 7.250"
    with open_history(app_paths().history).history as history:
        assert history.get(record.id).classic == ClassicTimes(fuel_time_s=7.25)
    _, out, _ = codefx("events", record.id)
    assert "In the history fuel_time_s of the first stop is 7.250 s." in out
    code, _, err = codefx("events", record.id, "--set", "fuel_time_s=1", "--set", "fuel=1")
    assert (code, "fuel is none of" in err) == (2, True)
    with open_history(app_paths().history).history as history:
        assert history.get(record.id).classic == ClassicTimes(fuel_time_s=7.25)


def test_wrong_use_is_told(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([], tmp_path / "lap.mp4")
    code, _, err = codefx("events", record.id, "--json", "--csv")
    assert (code, "at once" in err) == (2, True)
    assert codefx("events", "nothing-like-it")[0] == 2


def test_a_time_that_is_no_number_is_told_in_words(codefx: Codefx, tmp_path: Path) -> None:
    record = job_with([full_stop(1)], tmp_path / "lap.mp4")
    code, _, err = codefx("events", record.id, "--set", "fuel_time_s=soon")
    assert (code, err) == (2, "fuel_time_s: 'soon' are no seconds; give them like 7.25.\n")
