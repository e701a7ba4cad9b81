"""Stops are made once and kept; what depends on changed code is made again, and nothing else."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.bench import stop_set
from codefx_desktop.bench.clip_key import clip_key
from codefx_desktop.bench.stop_set import FOLDER_VARIABLE, StopSet, set_folder
from codefx_desktop.domain.detections import Detections
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.synthetic.clip import Footage
from codefx_desktop.synthetic.paint import Painter

if TYPE_CHECKING:
    from pathlib import Path

SEED = 800_900
SMALL = Footage(width=320, height=180, rate=Fraction(24), variable=False, shots=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stops")


def stops(folder: Path) -> StopSet:
    return StopSet(folder, 4.0, SMALL)


def test_a_stop_is_made_whole(folder: Path) -> None:
    with stops(folder) as made:
        case = made.load(SEED, weights=False)
    seen = case.observations
    assert (seen.width, seen.height, len(seen.times_s)) == (320, 180, 96)
    np.testing.assert_allclose(np.diff(seen.times_s), 1 / 24)
    assert seen.ends_s == pytest.approx(4.0)
    assert seen.numbers.tolist() == list(range(96))
    assert len(seen.objects.frame) == 0
    assert seen.motion is not None
    assert len(seen.motion.flow) == 96
    assert seen.sound is not None
    assert list(seen.cuts) == case.truth["cuts"]  # found on the picture, not read from the truth
    assert case.truth["seed"] == SEED
    assert "polygons" not in case.truth["pictures"][0]


def test_it_is_kept_and_only_what_changed_is_made_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stops(folder) as made:
        clip = made.load(SEED, weights=False).clip
    before = {path: path.stat().st_mtime_ns for path in clip.parent.iterdir()}
    monkeypatch.setattr(stop_set, "synth", None)
    monkeypatch.setattr(stop_set, "pass_over", None)
    with stops(folder) as made:
        made.load(SEED, weights=False)
    assert {path: path.stat().st_mtime_ns for path in clip.parent.iterdir()} == before
    real = stop_set.code_hash
    monkeypatch.setattr(
        stop_set, "code_hash", lambda name: "new" if name == "analysis.gun_sound" else real(name)
    )
    with stops(folder) as made:
        made.load(SEED, weights=False)
    (new,) = set(clip.parent.iterdir()) - set(before)
    assert new.name.startswith("heard_")


def test_a_clip_is_named_by_what_the_generator_makes(folder: Path, tmp_path: Path) -> None:
    name = clip_key(folder, SEED, 4.0, SMALL)
    assert clip_key(tmp_path, SEED, 4.0, SMALL) == name
    assert clip_key(tmp_path, SEED, 4.5, SMALL) != name


def test_a_picture_that_changes_gives_another_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = clip_key(folder, SEED, 4.0, SMALL)
    paint = Painter.paint

    def darker(self: Painter, time_s: float, number: int) -> object:
        pixels, outlines = paint(self, time_s, number)
        return pixels // 2, outlines

    monkeypatch.setattr(Painter, "paint", darker)
    assert clip_key(folder, SEED, 4.0, SMALL) == name  # remembered: the same source
    assert clip_key(tmp_path, SEED, 4.0, SMALL) != name


def test_detections_and_tracks_are_kept_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector, tracker = FakeDetector(), FakeTracker()
    monkeypatch.setattr(StopSet, "_open_detector", lambda _self: detector)
    monkeypatch.setattr(StopSet, "_open_vision", lambda _self: tracker)
    with stops(folder) as made:
        objects = made.load(SEED).observations.objects
    assert detector.frames == list(range(96))
    assert objects.frame.tolist() == [n for n in range(96) for _ in range(2)]
    assert objects.class_names == ("car", "wheel")
    assert objects.track_id.tolist() == [1, 2] * 96
    real = stop_set.code_hash
    monkeypatch.setattr(
        stop_set,
        "code_hash",
        lambda *names: "new" if names == ("vision.keeping_tracker",) else real(*names),
    )
    with stops(folder) as made:
        made.load(SEED)
    assert len(detector.frames) == 96
    assert len(tracker.times_s) == 2 * 96


def test_where_stops_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert set_folder() == app_paths().cache / "stop_set"
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert set_folder() == tmp_path


class FakeDetector:
    batch_size = 5

    def __init__(self) -> None:
        self.frames: list[int] = []
        self.info = self

    class_names = ("car", "wheel")

    def detect(self, frames: list[object]) -> list[Detections]:
        self.frames += [frame.number for frame in frames]  # type: ignore[attr-defined]
        return [
            Detections(
                np.array([[0, 0, 9, 9], [5, 5, 8, 8]], np.float32),
                np.array([0.9, 0.8], np.float32),
                np.array([0, 1], np.int16),
                np.array([-1, -1], np.int32),
            )
            for _ in frames
        ]


class FakeTracker:
    def __init__(self) -> None:
        self.times_s: list[float] = []

    def tracker(self, _rate_hz: float) -> FakeTracker:
        return self

    def update(self, detections: Detections, time_s: float) -> Detections:
        self.times_s.append(time_s)
        return detections.with_tracks(np.array([1, 2], np.int32))
