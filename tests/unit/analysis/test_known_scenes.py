"""What is known of scenes before the end: it is never taken back."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from shots import MultiShot, fading, pictures

from codefx_desktop.analysis.scenes import KnownScenes, SceneFinder
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.scene import SceneKind, SceneSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shots import Picture


def flashing(seed: int, count: int = 120) -> list[Picture]:
    """Return pictures that change at random moments, often faster than a scene may."""
    random = np.random.default_rng(seed)
    shown, colour = [], random.integers(0, 256, 3)
    for _ in range(count):
        if random.uniform() < 0.12:
            colour = random.integers(0, 256, 3) * int(random.uniform() < 0.7)
        noise = random.integers(0, 6, (24, 32, 3))
        shown.append(np.clip(colour + noise, 0, 255).astype(np.uint8))
    return shown


def check(shown: Iterable[Picture], settings: SceneSettings, step: int = 1) -> list[int]:
    """Feed pictures; return how many frames behind each answer came."""
    finder = SceneFinder(settings)
    assert finder.known == KnownScenes((), 0)
    told: dict[int, int] = {}
    late: list[int] = []
    number = -step
    for place, pixels in enumerate(shown):
        number = place * step
        finder.update(Frame(number, FrameTime(place, Fraction(1, 25)), pixels))
        known = finder.known
        late.append((number + 1 - known.settled_before) // step)
        for asked in range(0, number + 1, step):
            scene = known.scene_of(asked)
            if asked in told:
                assert scene == told[asked], "an answer was taken back"
            elif scene is not None:
                told[asked] = scene
    final = {
        asked: scene.number
        for scene in finder.finish()
        for asked in range(scene.first, scene.last + 1, step)
    }
    assert told.items() <= final.items()
    assert known.scene_of(number + 1) is None
    return late


@pytest.mark.parametrize("kind", SceneKind)
@pytest.mark.parametrize("seed", range(6))
def test_an_answer_is_never_taken_back(kind: SceneKind, seed: int) -> None:
    check(flashing(seed), SceneSettings(kind, shortest_frames=5 + 3 * seed))


@pytest.mark.parametrize("kind", [SceneKind.CONTENT, SceneKind.ADAPTIVE, SceneKind.HASH])
def test_an_answer_comes_a_shortest_scene_late_at_most(kind: SceneKind) -> None:
    late = check(pictures(MultiShot("", (20, 25), 3)), SceneSettings(kind))
    assert max(late) <= 15


def test_a_fade_is_settled_when_it_is_light_again() -> None:
    late = check(fading((20, 20), 10), SceneSettings(SceneKind.THRESHOLD))
    assert max(late) == 10
    assert late[-1] == 0


def test_numbers_may_have_gaps() -> None:
    check(pictures(MultiShot("", (20, 25), 3)), SceneSettings(), step=3)


def test_the_frame_that_begins_a_scene_is_in_it() -> None:
    known = KnownScenes((0, 20, 45), 60)
    assert [known.scene_of(number) for number in (0, 19, 20, 44, 45, 59, 60)] == [
        0,
        0,
        1,
        1,
        2,
        2,
        None,
    ]
