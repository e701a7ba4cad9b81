"""A clip without a pit stop says what was seen in it instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codefx_desktop.analysis.no_stop import why_no_stop
from codefx_desktop.domain.observations import Objects
from tests.moving_car import Pass, Track

THROUGH = Track(passes=(Pass(stop_s=None, go_s=None),), through_px_s=900.0)


def test_a_car_that_never_stops_is_told_from_no_car() -> None:
    seen = THROUGH.seen(detected=True)
    with_car = len(np.unique(seen.objects.of("car").frame))
    said = f"A car was seen in {with_car} of 240 frames, but none was seen to stop."
    assert why_no_stop(seen) == said
    nothing = seen.objects.where(np.zeros(len(seen.objects.frame), np.bool_))
    empty = replace(seen, objects=nothing)
    assert why_no_stop(empty) == "No car was seen in any of 240 frames."


def test_what_is_too_faint_to_be_looked_for_at_rest_is_no_car_either() -> None:
    seen = THROUGH.seen(detected=True)
    faint = replace(seen.objects, confidence=np.full_like(seen.objects.confidence, 0.1))
    said = why_no_stop(replace(seen, objects=faint))
    assert said == "No car was seen in any of 240 frames."


@pytest.mark.parametrize(
    ("names", "said"), [((), "No weights looked at the frames"), (("dog",), "The weights know no")]
)
def test_without_a_class_for_cars_only_motion_and_sound_spoke(
    names: tuple[str, ...], said: str
) -> None:
    seen = replace(THROUGH.seen(detected=False), objects=replace(Objects.none(), class_names=names))
    assert why_no_stop(seen).startswith(said)
