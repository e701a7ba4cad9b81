"""Whole runs on clips made here, with a fake detector: the pipeline, its errors, its records."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip
from fakes import FakeScript, FakeVision
from runs import Ear, run_clip, shop_with

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, Stage
from codefx_desktop.domain.run import (
    ClipKnown,
    JobFinished,
    JobLogged,
    PreviewPicture,
    RunEvent,
    StageProgress,
)
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.work import layout_of, recover
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader


def test_every_frame_goes_through_once_with_its_time(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "stop.mp4", seconds=2, size=(640, 360), audio=True)
    before = hashlib.sha256(clip.read_bytes()).hexdigest()
    finished, ear, _, record = run_clip(clip, weights, wants_preview=True)

    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert (finished.frames_in, finished.frames_out) == (60, 60)
    assert record.status is JobStatus.COMPLETE
    assert record.progress == 1.0
    assert record.stage is Stage.COMPLETE
    assert record.output is not None
    assert record.output.path.name == "stop_annotated.mp4"
    assert record.output.sha256 == hashlib.sha256(record.output.path.read_bytes()).hexdigest()
    assert record.fingerprint.startswith("v1:")

    source, output = probe(clip), probe(record.output.path)
    assert len(output.index) == 60
    times = [float(source.index.time(n).exact_s) for n in range(60)]
    assert [float(output.index.time(n).exact_s) for n in range(60)] == pytest.approx(
        times, abs=5e-4
    )
    assert output.info.has_audio
    assert output.info.codec == "h264"
    assert not list(record.output.path.parent.glob("*.part"))
    assert hashlib.sha256(clip.read_bytes()).hexdigest() == before

    with DetectionReader(layout_of(record).detections) as reader:
        assert reader.count() == 60
        assert reader.frame(59).number == 59
        assert len(reader.frame(59).detections) >= 1

    finals = ear.of(JobFinished)
    assert finals == [finished]
    assert ear.heard[-1] is finished
    progress = [event.overall for event in ear.of(StageProgress)]
    assert progress == sorted(progress)
    assert progress[-1] == pytest.approx(1.0)
    assert len(ear.of(ClipKnown)) == 1
    previews = ear.of(PreviewPicture)
    assert previews
    assert previews[0].pixels.shape == (360, 640, 3)
    assert previews[-1].frame_number == 59, "the last picture stays on screen"
    assert (layout_of(record).dir / "job.json").is_file()


def test_log_reaches_the_history_in_order(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "stop.mp4", seconds=1)
    _, ear, shop, record = run_clip(clip, weights)
    said = [event.line.text for event in ear.of(JobLogged)]
    kept = [line.text for _, line in shop.history.logs(record.id)]
    assert kept == said
    assert any("Fake processor" in text for text in kept)
    assert "Complete: 30 frames" in kept[-1]


def test_variable_rate_stays_variable(tmp_path: Path, weights: Path) -> None:
    times_ms = [0, 33, 66, 166, 180, 300, 334, 400, 900, 933, 967, 1001]
    clip = make_clip(tmp_path / "phone.mp4", times_ms=times_ms)
    finished, _, _, record = run_clip(clip, weights)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert record.output is not None
    output = probe(record.output.path)
    shown = [round(float(output.index.time(n).exact_s) * 1000) for n in range(len(output.index))]
    assert shown == times_ms


@pytest.mark.parametrize("size", [(321, 181), (1280, 720), (98, 50)])
def test_odd_and_small_sizes(tmp_path: Path, weights: Path, size: tuple[int, int]) -> None:
    codec = {"codec": "mpeg4"} if size[0] % 2 else {}
    clip = make_clip(tmp_path / "odd.mp4", seconds=0.5, size=size, **codec)  # type: ignore[arg-type]
    finished, _, _, _ = run_clip(clip, weights)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert finished.frames_in == finished.frames_out == 15


@pytest.mark.parametrize("suffix", [".mov", ".mkv", ".avi", ".webm"])
def test_formats(tmp_path: Path, weights: Path, suffix: str) -> None:
    codec = "libvpx" if suffix == ".webm" else "libx264"
    clip = make_clip(tmp_path / f"clip{suffix}", seconds=0.5, codec=codec, b_frames=0)
    finished, _, _, _ = run_clip(clip, weights)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert finished.frames_out == 15


def test_the_queue_goes_on_after_a_failure(tmp_path: Path, weights: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_text("this is no video\n" * 100)
    good = make_clip(tmp_path / "good.mp4", seconds=0.5)
    engine = Engine(shop_with(FakeVision()))
    engine.add([bad, good], JobSpec(weights=weights), JobMetadata())
    results = []
    while finished := engine.run_next(lambda _: None, threading.Event(), lambda _: None):
        results.append(finished.status)
    assert results == [JobStatus.FAILED, JobStatus.COMPLETE]


def test_a_device_that_breaks_fails_the_job_and_frees_the_detector(
    tmp_path: Path, weights: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=2)
    vision = FakeVision(FakeScript(fail_at=20))
    finished, _, _, record = run_clip(clip, weights, vision)
    assert finished.status is JobStatus.FAILED
    assert "out of memory" in record.error_message
    assert vision.detectors[0].closed
    assert not list(layout_of(record).output_dir.iterdir())


def test_a_bug_in_a_stage_ends_the_job_not_the_program(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1)
    vision = FakeVision(FakeScript(fail_at=5, error=ZeroDivisionError("a bug")))
    finished, ear, _, _ = run_clip(clip, weights, vision)
    assert finished.status is JobStatus.FAILED
    assert "ZeroDivisionError" in finished.error_message
    assert len(ear.of(JobFinished)) == 1


def test_cancel_ends_a_run_soon_and_leaves_no_half_video(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=4)
    cancel = threading.Event()

    class CancelAtTen(Ear):
        def __call__(self, event: RunEvent) -> None:
            super().__call__(event)
            if isinstance(event, StageProgress) and event.frames_done >= 10:
                cancel.set()

    vision = FakeVision(FakeScript(delay_s=0.02))
    finished, _, _, record = run_clip(clip, weights, vision, cancel=cancel, ear=CancelAtTen())
    assert finished.status is JobStatus.CANCELLED
    assert record.status is JobStatus.CANCELLED
    assert not list(layout_of(record).output_dir.iterdir())


@pytest.mark.parametrize("stage", [Stage.IMPORT, Stage.TRANSCODING])
def test_cancel_is_heard_in_the_first_and_in_the_last_stage(
    tmp_path: Path, weights: Path, stage: Stage
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=2)
    cancel = threading.Event()

    class CancelInStage(Ear):
        def __call__(self, event: RunEvent) -> None:
            super().__call__(event)
            if isinstance(event, StageProgress) and event.stage is stage:
                cancel.set()

    finished, _, _, record = run_clip(clip, weights, cancel=cancel, ear=CancelInStage())
    assert finished.status is JobStatus.CANCELLED
    assert record.output is None


def test_an_output_folder_that_cannot_be_written_is_told(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder is wanted")
    engine = Engine(shop_with(FakeVision()))
    engine.add([clip], JobSpec(weights=weights, output_root=blocked), JobMetadata())
    finished = engine.run_next(lambda _: None, threading.Event(), lambda _: None)
    assert finished is not None
    assert finished.status is JobStatus.FAILED
    assert "cannot be written" in finished.error_message


def test_a_full_disk_is_told_before_anything_is_written(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.importing.LEAST_FREE_BYTES", 2**62)
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    finished, _, _, _ = run_clip(clip, weights)
    assert finished.status is JobStatus.FAILED
    assert "free" in finished.error_message


KILLED = """
import sys, threading
sys.path.insert(0, sys.argv[3])
from pathlib import Path
from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.job import JobMetadata, JobSpec
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from fakes import FakeScript, FakeVision
shop, _ = open_workshop(app_paths(), load_settings(), FakeVision(FakeScript(delay_s=0.2)))
engine = Engine(shop)
engine.add([Path(sys.argv[1])], JobSpec(weights=Path(sys.argv[2])), JobMetadata())
engine.run_next(lambda event: print("event", flush=True), threading.Event(), lambda _: None)
"""


def test_a_killed_program_leaves_an_interrupted_job_that_runs_again(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(clip), str(weights), str(Path(__file__).parents[1])],
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        for _ in range(5):
            assert other.stdout.readline() == "event\n"
        shop = shop_with(FakeVision())
        monkeypatch.setattr("codefx_desktop.jobs.work.CLAIM_GRACE", timedelta(0))
        assert recover(shop) == (), "a living program keeps its job"
        other.send_signal(signal.SIGKILL)
        other.wait()
    (record,) = recover(shop)
    assert record.status is JobStatus.INTERRUPTED
    assert "Run it again" in record.error_message
    engine = Engine(shop)
    assert engine.retry(record.id).status is JobStatus.QUEUED
    finished = engine.run_next(lambda _: None, threading.Event(), lambda _: None)
    assert finished is not None
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert finished.frames_out == 30


def test_two_workers_share_one_queue_without_doing_a_job_twice(
    tmp_path: Path, weights: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    first = Engine(shop_with(FakeVision()))
    second = Engine(shop_with(FakeVision()))
    first.add([clip] * 6, JobSpec(weights=weights), JobMetadata())
    done: list[str] = []

    def work(engine: Engine) -> None:
        while finished := engine.run_next(lambda _: None, threading.Event(), lambda _: None):
            assert finished.status is JobStatus.COMPLETE, finished.error_message
            done.append(finished.job_id)

    threads = [threading.Thread(target=work, args=(engine,)) for engine in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(set(done)) == 6


def test_a_damaged_history_is_set_aside_and_its_jobs_are_found_again(
    tmp_path: Path, weights: Path, home: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    _, _, shop, record = run_clip(clip, weights)
    shop.history.close()
    (home / "history.sqlite").write_bytes(b"this is not a database" * 1000)
    again, notices = open_workshop(app_paths(), load_settings(), FakeVision())
    assert any("1 jobs were found again" in notice for notice in notices), notices
    kept = again.history.get(record.id)
    assert kept.status is JobStatus.COMPLETE
    assert kept.metadata.series == "F1"
    assert kept.output == record.output
    assert list(home.glob("history.damaged-*"))


def test_delete_removes_results_and_never_the_footage(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    _, _, shop, record = run_clip(clip, weights)
    folder = layout_of(record).dir
    assert folder.is_dir()
    Engine(shop).delete(record.id)
    assert not folder.exists()
    assert clip.is_file()
    assert shop.history.page()[1] == 0


def test_save_output_refuses_to_replace_the_footage(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    before = clip.read_bytes()
    _, _, shop, record = run_clip(clip, weights)
    engine = Engine(shop)
    with pytest.raises(Exception, match="footage itself"):
        engine.save_output(record.id, clip)
    assert clip.read_bytes() == before
    saved = engine.save_output(record.id, tmp_path / "copy.mp4")
    assert record.output is not None
    assert saved.read_bytes() == record.output.path.read_bytes()


def test_boxes_are_drawn_where_the_detector_saw_them(tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5, size=(640, 360))
    _, _, _, record = run_clip(clip, weights)
    assert record.output is not None
    with FrameReader(probe(clip)) as reader:
        source = [frame.pixels for frame in reader]
    with FrameReader(probe(record.output.path)) as reader:
        drawn = [frame.pixels for frame in reader]
    with DetectionReader(layout_of(record).detections) as reader:
        x1, y1, _, _ = reader.frame(7).detections.xyxy[0].astype(int)
    changed = np.abs(source[7].astype(int) - drawn[7].astype(int)).max(axis=2) > 60
    assert changed[max(0, y1 - 3) : y1 + 4, x1 + 4 : x1 + 12].any()
    assert changed.mean() < 0.5


def test_memory_of_waiting_frames_is_bounded() -> None:
    from codefx_desktop.jobs.pipeline import CHANNEL_BYTES, channel_size

    assert channel_size(320, 180) == 8
    assert channel_size(3840, 2160) * 3840 * 2160 * 3 <= CHANNEL_BYTES
    assert channel_size(16000, 9000) == 2
