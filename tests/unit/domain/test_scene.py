"""Scenes and how they are looked for, as values."""

from __future__ import annotations

import pytest

from codefx_desktop.domain.scene import Scene, SceneKind, SceneSettings


@pytest.mark.parametrize(
    ("kind", "threshold"),
    [
        (SceneKind.CONTENT, 27.0),
        (SceneKind.ADAPTIVE, 3.0),
        (SceneKind.HASH, 0.35),
        (SceneKind.THRESHOLD, 12.0),
    ],
)
def test_without_a_threshold_a_detector_has_its_usual_one(
    kind: SceneKind, threshold: float
) -> None:
    assert SceneSettings(kind).used_threshold == threshold
    assert SceneSettings(kind, threshold=threshold / 2).used_threshold == threshold / 2


def test_scenes_are_looked_for_as_the_former_program_did() -> None:
    usual = SceneSettings()
    assert (usual.kind, usual.used_threshold, usual.shortest_frames) == ("content", 27.0, 15)


@pytest.mark.parametrize(
    ("kind", "threshold"),
    [
        (SceneKind.CONTENT, 0.0),
        (SceneKind.CONTENT, 255.5),
        (SceneKind.ADAPTIVE, -1.0),
        (SceneKind.HASH, 1.01),
        (SceneKind.HASH, 27.0),
        (SceneKind.THRESHOLD, 256.0),
        (SceneKind.CONTENT, float("nan")),
    ],
)
def test_a_threshold_out_of_range_says_the_range(kind: SceneKind, threshold: float) -> None:
    top = "1" if kind is SceneKind.HASH else "255"
    expected = rf"the {kind} scene detector must be above 0 and at most {top} \(.*usually"
    with pytest.raises(ValueError, match=expected):
        SceneSettings(kind, threshold)


def test_a_brightness_is_a_whole_number() -> None:
    with pytest.raises(ValueError, match=r"must be a whole number, not 12\.5"):
        SceneSettings(SceneKind.THRESHOLD, 12.5)


@pytest.mark.parametrize("frames", [0, -3, 1.5])
def test_the_shortest_scene_is_a_whole_number_of_frames(frames: float) -> None:
    with pytest.raises(ValueError, match="whole number of frames, 1 or more"):
        SceneSettings(shortest_frames=frames)  # type: ignore[arg-type]


def test_an_unknown_detector_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="one of content, adaptive, hash, threshold, not 'edges'"):
        SceneSettings("edges")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "start_s", "end_s"), [(3, 2, 0, 1), (-1, 2, 0, 1), (0, 2, 1, 1)]
)
def test_an_empty_scene_is_none(first: int, last: int, start_s: float, end_s: float) -> None:
    with pytest.raises(ValueError, match="scene 0"):
        Scene(0, first, last, start_s, end_s)


def test_the_middle_of_an_even_scene_is_the_earlier_of_two() -> None:
    assert Scene(0, 10, 13, 0.0, 1.0).middle == 11
    assert len(Scene(0, 10, 13, 0.0, 1.0)) == 4
