"""Scenes of whole clips: every hard cut and no other, and what PySceneDetect itself tells."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shots import CLIPS, MultiShot, write

from codefx_desktop.analysis.scenes import SceneFinder
from codefx_desktop.domain.scene import Scene, SceneKind, SceneSettings
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[MultiShot], Path]:
    """Return a function that writes a clip, once."""
    folder = tmp_path_factory.mktemp("shots")

    def path_of(clip: MultiShot) -> Path:
        path = folder / f"{clip.seed}.mp4"
        return path if path.exists() else write(clip, path)

    return path_of


def ours(path: Path, settings: SceneSettings) -> tuple[Scene, ...]:
    clip = probe(path)
    finder = SceneFinder(settings)
    with FrameReader(clip) as reader:
        for frame in reader:
            finder.update(frame)
    return finder.finish(clip.info.duration_s)


def theirs(path: Path, settings: SceneSettings) -> list[int]:
    """Return the first frame of each scene as PySceneDetect's own reader and manager tell."""
    import scenedetect as library

    threshold, shortest = settings.used_threshold, settings.shortest_frames
    detector = {
        SceneKind.CONTENT: lambda: library.ContentDetector(threshold, shortest),
        SceneKind.ADAPTIVE: lambda: library.AdaptiveDetector(threshold, shortest),
        SceneKind.HASH: lambda: library.HashDetector(threshold, min_scene_len=shortest),
        SceneKind.THRESHOLD: lambda: library.ThresholdDetector(
            threshold, shortest, add_final_scene=True
        ),
    }[settings.kind]()
    manager = library.SceneManager()
    manager.add_detector(detector)
    video = library.open_video(str(path))
    try:
        manager.detect_scenes(video)
    finally:
        video.capture.release()
    return [start.frame_num for start, _ in manager.get_scene_list(start_in_scene=True)]


@pytest.mark.parametrize("kind", [SceneKind.CONTENT, SceneKind.ADAPTIVE])
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_every_hard_cut_is_found_and_no_other(
    clip: MultiShot, kind: SceneKind, written: Callable[[MultiShot], Path]
) -> None:
    found = ours(written(clip), SceneSettings(kind))
    assert [scene.first for scene in found] == [0, *clip.cuts]
    last = sum(clip.lengths) - 1
    assert [n for s in found for n in range(s.first, s.last + 1)] == list(range(last + 1))


@pytest.mark.parametrize("kind", SceneKind)
@pytest.mark.parametrize(
    "clip", [c for c in CLIPS if not c.intervals_ms][:5], ids=lambda clip: clip.name
)
def test_scenes_are_those_of_scenedetect_itself(
    clip: MultiShot, kind: SceneKind, written: Callable[[MultiShot], Path]
) -> None:
    settings = SceneSettings(kind, shortest_frames=12)
    path = written(clip)
    assert [scene.first for scene in ours(path, settings)] == theirs(path, settings)


@pytest.mark.parametrize("clip", [c for c in CLIPS if c.intervals_ms], ids=lambda clip: clip.name)
def test_scenes_of_a_variable_rate_begin_at_their_first_frames_time(
    clip: MultiShot, written: Callable[[MultiShot], Path]
) -> None:
    found = ours(written(clip), SceneSettings())
    starts = [clip.times_ms[n] / 1000 for n in (0, *clip.cuts)]
    assert [s.start_s for s in found] == pytest.approx(starts, abs=1e-6)
    assert [s.end_s for s in found[:-1]] == [s.start_s for s in found[1:]]
    assert found[-1].end_s > clip.times_ms[-1] / 1000


def test_camera_footage_is_cut_where_scenedetect_cuts_it() -> None:
    folder = os.environ.get("CODEFX_TEST_CLIPS")
    if not folder:
        pytest.skip("CODEFX_TEST_CLIPS names no folder with testvideo.mp4")
    found = ours(Path(folder) / "testvideo.mp4", SceneSettings())
    assert [(s.first, s.last) for s in found] == [(0, 29), (30, 179), (180, 393), (394, 719)]
