"""What is kept of stops from search to search: found again where something changed, only there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.analysis.stop_memory import StopMemory
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Event
from codefx_desktop.domain.observations import Objects, Observations
from codefx_desktop.domain.stop import Heading

FRAMES = 40
NAMES = ("car", "wheel", "crew")


def seen() -> Observations:
    """Three objects of three classes in each of 40 frames."""
    frame = np.repeat(np.arange(FRAMES, dtype=np.int32), 3)
    count = len(frame)
    objects = Objects(
        frame,
        np.tile(np.array([10, 10, 20, 20], np.float32), (count, 1)),
        np.full(count, 0.6, np.float32),
        np.tile(np.array([0, 1, 2], np.int16), FRAMES),
        np.tile(np.array([0, 1, 2], np.int32), FRAMES),
        NAMES,
    )
    numbers = np.arange(FRAMES, dtype=np.int32)
    return Observations(64, 36, numbers / 30.0, numbers, objects, None, None, (), FRAMES / 30.0)


@pytest.fixture
def what() -> Observations:
    return seen()


def frame(what: Observations) -> StopFrame:
    steady = Steady(np.zeros((FRAMES, 4)), 10, 64, 36)
    return StopFrame(
        12, 25, 10, 29, Event("stop"), Event("go"), (1, 1, 9, 9), Heading(), steady, CameraProfile()
    )


class Part:
    """A part of a stop that counts how often it is looked for, and what it is shown."""

    def __init__(self) -> None:
        self.shown: list[Objects] = []

    def __call__(self, what: Observations) -> int:
        self.shown.append(what.objects)
        return len(what.objects.frame)


def asked(memory: StopMemory, what: Observations, part: Part, given: object = None) -> int:
    memory.begin(what)
    return memory.part("part", what, frame(what), ("wheel",), (given,), part)


def test_a_part_is_shown_its_own_classes_in_its_own_stretch(what: Observations) -> None:
    part = Part()
    assert asked(StopMemory(), what, part) == 20
    assert set(part.shown[0].class_id.tolist()) == {1}
    assert (part.shown[0].frame.min(), part.shown[0].frame.max()) == (10, 29)


def test_what_it_does_not_look_at_leaves_it_as_it_was(what: Observations) -> None:
    memory, part = StopMemory(), Part()
    asked(memory, what, part)
    rows = what.objects
    elsewhere = (rows.class_id == 2) | (rows.frame < 10)
    asked(memory, replace(what, objects=rows.where(~elsewhere)), part)
    assert len(part.shown) == 1


@pytest.mark.parametrize("column", ["confidence", "xyxy", "track_id"])
def test_another_value_of_one_of_its_boxes_finds_it_again(what: Observations, column: str) -> None:
    memory, part = StopMemory(), Part()
    asked(memory, what, part)
    values = getattr(what.objects, column).copy()
    values[15 * 3 + 1] += 1
    asked(memory, replace(what, objects=replace(what.objects, **{column: values})), part)
    assert len(part.shown) == 2


def test_other_things_that_it_is_given_find_it_again(what: Observations) -> None:
    memory, part = StopMemory(), Part()
    asked(memory, what, part, given=1)
    asked(memory, what, part, given=2)
    asked(memory, what, part, given=2)
    assert len(part.shown) == 2


def test_another_clip_begins_with_nothing(what: Observations) -> None:
    memory, part = StopMemory(), Part()
    asked(memory, what, part)
    asked(memory, seen(), part)
    assert len(part.shown) == 2


def test_what_was_found_before_the_last_is_kept_too(what: Observations) -> None:
    memory, part = StopMemory(), Part()
    for given in (1, 2, 3, 1, 2, 3):
        asked(memory, what, part, given)
    assert len(part.shown) == 3
    asked(memory, what, part, 4)
    asked(memory, what, part, 3)
    assert len(part.shown) == 4
    asked(memory, what, part, 1)  # of many only the last three
    assert len(part.shown) == 5


def test_what_is_too_faint_for_a_part_leaves_it_as_it_was(what: Observations) -> None:
    memory, part = StopMemory(), Part()
    for faintest in (0.0, 0.55, 0.58):
        memory.begin(what)
        rows = what.objects.confidence.copy()
        rows[:30] = 0.55
        objects = replace(what.objects, confidence=rows)
        shown = replace(what, objects=objects.where(objects.confidence >= np.float32(faintest)))
        memory.part("part", shown, frame(what), ("wheel",), (), part, least=0.6)
    assert len(part.shown) == 1
    assert part.shown[0].confidence.min() >= np.float32(0.6)


def test_a_shot_is_found_again_only_where_what_it_looks_at_is_another(what: Observations) -> None:
    memory, part = StopMemory(), Part()
    memory.begin(what)
    for cars in (what.objects.of("car"), what.objects.of("car"), what.objects.of("crew")):
        memory.shot(what, cars, (0, 20), (), part)
    memory.shot(what, what.objects.of("car"), (20, 40), (), part)
    assert len(part.shown) == 3


def test_the_camera_is_followed_once_for_each_way_that_the_clip_is_cut(what: Observations) -> None:
    memory = StopMemory()
    places = memory.places(what)
    assert memory.places(replace(what, objects=what.objects.of("car"))) is places
    cut = replace(what, cuts=(10,))
    assert memory.places(cut) is memory.places(cut)
    assert memory.places(cut) is not places
    assert memory.places(what) is places
    assert memory.places(seen()) is not places  # another clip
