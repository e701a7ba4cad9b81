"""A car that rises at once is seen to grow; whatever else grows or shrinks lifts nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.analysis.hubs import find_hubs
from codefx_desktop.analysis.jacks import jack_events
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Motion
from tests.standing_car import BOX, HUBS_M, Footage, ease

if TYPE_CHECKING:
    from collections.abc import Callable

RATE = 25.0
UP_S, DOWN_S, LIFT_S, DROP_S = 2.0, 7.0, 0.3, 0.2
ENDS = (Place.FRONT, Place.REAR)


def raised(time_s: float) -> float:
    return ease((time_s - UP_S) / LIFT_S) - ease((time_s - DOWN_S + DROP_S) / DROP_S)


def seen_growing(
    size_px: float = 1.6,
    *,
    height: Callable[[float], float] = raised,
    everywhere: bool = False,
    jack_s: tuple[float, float] | None = None,
    classes: bool = True,
    half: bool = False,
    frames: int | None = None,
) -> dict[tuple[str, Place], Event]:
    """Return the jacks' events of a car whose picture's ends move apart by so much, each."""
    footage = Footage(9.0, RATE if frames is None else 60.0)
    footage.mounted(*HUBS_M)
    if jack_s is not None:
        footage.jack(1.0, lambda t: 0.0 if jack_s[0] < t < jack_s[1] else 3.0, lambda _: 0.0)
    seen, stop = footage.seen(), footage.stop()
    rng = np.random.default_rng(4)
    times = seen.times_s
    flow = 0.08 * rng.standard_normal((len(times), 18, 32, 2))
    x, y = (np.arange(32) + 0.5) * 40, (np.arange(18) + 0.5) * 40
    away = np.stack(np.meshgrid(x - 640, y - 360), axis=-1) / ((BOX[2] - BOX[0]) / 2)
    if not everywhere:
        away[(np.abs(y - 360) > 100)[:, None] | (np.abs(x - 640) > 275)[None]] = 0.0
    if half:
        away[:, x < 640] = 0.0
    grown = np.diff([height(t) for t in times.tolist()], prepend=0.0)
    flow += size_px * grown[:, None, None, None] * away
    count = len(times)
    motion = Motion(
        flow.astype(np.float16), np.zeros((count, 18, 32), np.uint8),
        np.zeros((count, 4), np.float32), (), np.zeros((0, 4), np.float32),
    )  # fmt: skip
    seen = replace(seen, motion=motion)
    if not classes:
        seen = replace(seen, objects=replace(seen.objects, class_names=("car", "wheel")))
    if frames is not None:
        stop = replace(stop, last=stop.first + frames - 1)
    place, _ = find_hubs(seen, stop)
    return {(event.kind, event.place): event for event in jack_events(seen, stop, place)}


def nothing(events: dict[tuple[str, Place], Event]) -> bool:
    assert len(events) == 4
    return all(event.status is EventStatus.NOT_FOUND for event in events.values())


def test_a_car_that_grows_and_shrinks_again_was_lifted_and_set_down() -> None:
    events = seen_growing()
    for kind, true_s in (("jack_up", UP_S), ("jack_down", DOWN_S)):
        for end in ENDS:
            event = events[kind, end]
            assert event.source is EventSource.MOTION
            assert event.time_s == pytest.approx(true_s, abs=0.04)
            assert event.earliest_s is not None
            assert event.latest_s is not None
            assert event.earliest_s < true_s < event.latest_s


def test_noise_lifts_nothing() -> None:
    assert nothing(seen_growing(0.0))


def test_a_camera_that_zooms_lifts_nothing() -> None:
    assert nothing(seen_growing(everywhere=True))


def test_a_lift_without_a_drop_is_not_believed() -> None:
    assert nothing(seen_growing(height=lambda t: ease((t - UP_S) / LIFT_S)))


def test_several_lifts_are_none() -> None:
    def twice(time_s: float) -> float:
        return raised(time_s) + 0.9 * (ease((time_s - 4) / 0.3) - ease((time_s - 5) / 0.3))

    assert nothing(seen_growing(height=twice))


def test_a_car_with_a_jack_under_it_has_none_of_its_own() -> None:
    assert nothing(seen_growing(jack_s=(-1.0, 10.0)))


def test_what_stands_there_for_a_moment_does_not_hold_the_car() -> None:
    events = seen_growing(jack_s=(3.0, 4.0))
    assert {event.source for event in events.values()} == {EventSource.MOTION}


def test_where_nobody_looked_for_jacks_the_car_is_not_known_to_have_its_own() -> None:
    assert nothing(seen_growing(classes=False))


@pytest.mark.parametrize("size_px", [0.31, 0.33])
def test_a_faint_lift_of_all_of_a_car_is_believed(size_px: float) -> None:
    # Six and a half times what sums of this noise usually are.
    events = seen_growing(size_px)
    assert events["jack_up", Place.FRONT].time_s == pytest.approx(UP_S, abs=0.08)
    assert events["jack_down", Place.REAR].time_s == pytest.approx(DOWN_S, abs=0.08)


@pytest.mark.parametrize("size_px", [0.55, 0.6])
def test_what_faintly_grows_over_one_half_of_a_car_lifts_nothing(size_px: float) -> None:
    # As far above the noise of the whole car as those.
    assert nothing(seen_growing(size_px, half=True))


@pytest.mark.parametrize("frames", [9, 10, 30, 59])
def test_a_shot_that_shows_the_car_for_a_moment_only_shows_no_lift(frames: int) -> None:
    # Fewer pictures than a lift takes: a stop that a cut ends as it begins.
    assert nothing(seen_growing(frames=frames))
