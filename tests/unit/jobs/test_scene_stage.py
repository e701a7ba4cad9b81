"""What is known of scenes while they are looked for, and what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fake_footage import fake_clip
from shots import MultiShot, pictures

from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.run import ScenesKnown
from codefx_desktop.domain.scene import SceneSettings
from codefx_desktop.jobs.channel import Stopped
from codefx_desktop.jobs.progress import ProgressMeter
from codefx_desktop.jobs.scene_stage import SHOWN_CUTS, SceneStage

if TYPE_CHECKING:
    from codefx_desktop.domain.run import RunEvent

NO_PROGRESS = ProgressMeter("job", [], lambda _: None)


def stage_over(
    lengths: tuple[int, ...], heard: list[RunEvent], *, missing: int = 0, shortest: int = 15
) -> SceneStage:
    """Return a stage that has seen a whole clip, or all but its last frames."""
    from codefx_desktop.domain.job import Stage

    count = sum(lengths)
    clip = fake_clip(frames=count + missing)
    settings = SceneSettings(shortest_frames=shortest)
    stage = SceneStage("job", settings, clip, heard.append, count + 1)
    shown = pictures(MultiShot("", lengths, 3, size=(64, 48)))
    for number, pixels in enumerate(shown):
        stage.put(Frame(number, clip.index.time(number), pixels))
    assert stage.scene_of(0) is None
    stage.close()
    stage.work(NO_PROGRESS.of(Stage.SCENES))
    return stage


def test_every_cut_is_told_and_at_the_end_all_is_settled() -> None:
    heard: list[RunEvent] = []
    stage = stage_over((20, 25, 18), heard)
    stage.wait()
    assert [event.count for event in heard if isinstance(event, ScenesKnown)] == [1, 2, 3, 3]
    assert [stage.scene_of(number) for number in (0, 19, 20, 44, 45, 62)] == [0, 0, 1, 1, 2, 2]
    assert [(scene.first, scene.last) for scene in stage.scenes()] == [(0, 19), (20, 44), (45, 62)]


def test_the_last_scene_of_a_clip_that_broke_off_ends_with_what_was_seen() -> None:
    whole, broken = stage_over((20, 20), []), stage_over((20, 20), [], missing=30)
    assert whole.scenes()[-1].end_s == fake_clip(frames=40).info.duration_s
    assert broken.scenes()[-1].end_s == pytest.approx(40 / 60)


@pytest.mark.parametrize(
    ("lengths", "told"),
    [
        ((20, 25, 18), "3 scenes; cuts at frames 20, 45."),
        ((20, 25), "2 scenes; cut at frame 20."),
        ((30,), "1 scene; no cut was found."),
        ((9,), "1 scene: the clip has 9 frames, fewer than the shortest scene (15)."),
    ],
)
def test_what_was_found_is_told(lengths: tuple[int, ...], told: str) -> None:
    assert stage_over(lengths, []).told() == told


def test_of_many_cuts_the_first_are_told() -> None:
    told = stage_over((3,) * (SHOWN_CUTS + 5), [], shortest=2).told()
    assert told.startswith("25 scenes; cuts at frames 3, 6, ")
    assert told.endswith(" 60 ...")


def test_a_stop_wakes_who_waits() -> None:
    stage = SceneStage("job", SceneSettings(), fake_clip(), lambda _: None, 1)
    stage.stop()
    with pytest.raises(Stopped):
        stage.wait()
    assert stage.scenes() == ()
    assert stage.told() == "No scenes: no frame could be read."
