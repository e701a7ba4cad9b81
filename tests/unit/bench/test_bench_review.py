"""The review's benchmark at a tiny scale: the real window on a small clip, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from stop_samples import f1_times, stop_of

from codefx_desktop.bench import review_job
from codefx_desktop.bench.numbered import read_number
from codefx_desktop.bench.review_job import RATE, Crowd, long_clip, make_job
from codefx_desktop.bench.review_rows import Figure, Times, table
from codefx_desktop.domain.observations import Motion, Objects, Observations
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.history import open_history
from codefx_desktop.video.access import FrameAccess

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.video.probe import ProbedClip

SIZE = (320, 180)
LENGTH = 120


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ProbedClip:
    return long_clip(tmp_path_factory.mktemp("review"), 500, SIZE)


def stop_seen() -> Observations:
    """Two boxes in each of 120 frames, and nothing that moves."""
    frame = np.repeat(np.arange(LENGTH, dtype=np.int32), 2)
    count = len(frame)
    objects = Objects(
        frame,
        np.tile(np.array([[10, 10, 60, 60], [80, 20, 120, 90]], np.float32), (LENGTH, 1)),
        np.full(count, 0.9, np.float32),
        np.tile(np.array([0, 1], np.int16), LENGTH),
        np.tile(np.array([0, 1], np.int32), LENGTH),
        ("car", "crew"),
    )
    numbers = np.arange(LENGTH, dtype=np.int32)
    motion = Motion(
        np.zeros((LENGTH, 9, 16, 2), np.float16),
        np.zeros((LENGTH, 9, 16), np.uint8),
        np.zeros((LENGTH, 4), np.float32),
    )
    times_s = numbers / float(RATE)
    return Observations(*SIZE, times_s, numbers, objects, motion, None, (), LENGTH / float(RATE))


def test_a_long_clip_is_a_short_one_again_and_again(clip: ProbedClip) -> None:
    assert len(clip.index) == 500
    assert clip.index.keyframe[[0, 250]].all()
    assert len(set(np.diff(clip.index.ticks).tolist())) == 1
    with FrameAccess(clip) as access:
        assert [read_number(access.exact(n).pixels) for n in (0, 249, 250, 499)] == [0, 249, 0, 249]


def test_a_clip_that_does_not_end_with_its_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="250"):
        long_clip(tmp_path, 260, SIZE)


@pytest.mark.usefixtures("home")
def test_the_window_is_measured_until_it_is_painted(
    qapp: object, clip: ProbedClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codefx_desktop.bench.review_window import bench_window

    stops = (stop_of(f1_times()),)
    monkeypatch.setattr(review_job, "find_stops", lambda *_: stops)
    paths = app_paths()
    paths.data.mkdir(parents=True, exist_ok=True)
    with open_history(paths.history).history as history:
        record = make_job(history, paths.data, stop_seen(), clip, Crowd(6, 2))
        with DetectionReader(review_job.layout_of(record).detections) as reader:
            assert len(reader.objects().objects.frame) == 6 * LENGTH + 2 * (500 - LENGTH)
            assert len(reader.stops() or ()) == 1
    with bench_window() as bench:
        opened = bench.open(bench.record(record.id), 1)
        stepped = bench.step((640, 360), 3)
        painted = bench.paint((640, 360), 2)
        memory = bench.memory()
    del qapp
    assert bench.wrong == 0
    assert [one.count for one in (opened[0], *stepped, painted)] == [1, 3, 3, 2]
    assert all(one.value > 0 for one in (*opened, *stepped, painted, *memory))
    assert painted.note == "1 boxes"  # of two, one is surer than the job asks


def test_a_figure_says_whether_its_goal_is_met() -> None:
    slow = Figure.of("slow", Times([10.0, 30.0], [5.0, 7.0]), 25)
    fast = Figure("fast", 31.0, "/s", 30, is_least=True)
    told = Figure("told", 3.0)
    assert (slow.is_met, fast.is_met, told.is_met) == (False, True, None)
    assert (slow.value, slow.median, slow.cpu_ms, slow.count) == (29.0, 20.0, 6.0, 2)
    head, *lines = table([slow, fast, told])
    assert "processor" in head
    assert "NOT MET" in lines[0]
    assert ">= 30.0  met" in lines[1]
    assert "met" not in lines[2]
    assert slow.to_dict()["is_met"] is False
