"""Where a car's hubs are, and what its corners are called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codefx_desktop.analysis.hubs import find_hubs
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.observations import Objects
from codefx_desktop.domain.stop import Heading
from tests.standing_car import HUBS_M, Footage


def all_mounted() -> Footage:
    footage = Footage(seconds=1.0)
    footage.mounted(*HUBS_M)
    return footage


def test_wheels_that_stay_in_the_car_show_its_hubs() -> None:
    footage = all_mounted()
    footage.add("wheel", (0.72, 0.35), lambda _: (1.2, 2.0))  # held ready beside the car
    footage.add("wheel", (0.72, 0.35), lambda t: (3.0 - 6 * t, 0.3))  # carried over it
    place, notes = find_hubs(footage.seen(), footage.stop())
    assert notes == ()
    for corner, (ahead, left) in HUBS_M.items():
        x, y = place.hubs[corner]
        assert x * 1280 == pytest.approx(640 + 100 * ahead, abs=2)
        assert y * 720 == pytest.approx(360 - 100 * left, abs=2)


@pytest.mark.parametrize(
    ("heading", "top_right"),
    [
        (Heading(0.0, "arrival"), Place.FRONT_LEFT),
        (Heading(180.0, "arrival"), Place.REAR_RIGHT),
        (Heading(0.0, "camera", mirrored=True), Place.FRONT_RIGHT),
        (Heading(180.0, "manual", mirrored=True), Place.REAR_LEFT),
    ],
)
def test_corners_follow_heading_and_mirror(heading: Heading, top_right: Place) -> None:
    footage = all_mounted()
    place, _ = find_hubs(footage.seen(), footage.stop(heading))
    x, y = place.hubs[top_right]
    assert x > 0.5
    assert y < 0.5


def test_a_hub_without_a_wheel_is_missing_and_said_so() -> None:
    footage = Footage(seconds=1.0)
    footage.mounted(Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT)
    footage.add("wheel", (0.72, 0.35), lambda t: (-1.75, -0.8) if t < 0.1 else None)
    place, notes = find_hubs(footage.seen(), footage.stop())
    assert set(place.hubs) == set(HUBS_M) - {Place.REAR_RIGHT}
    assert len(notes) == 1
    assert "RR" in notes[0]


def test_without_a_heading_no_corner_has_a_name() -> None:
    footage = all_mounted()
    place, notes = find_hubs(footage.seen(), footage.stop(Heading()))
    assert not place.hubs
    assert place.box[0] == pytest.approx(365 / 1280)
    assert "not known" in notes[0]


def test_where_nobody_looked_for_wheels_that_is_said_once() -> None:
    seen = replace(Footage(seconds=1.0).seen(), objects=Objects.none())
    place, notes = find_hubs(seen, all_mounted().stop())
    assert place.hubs == {}
    assert notes == ("Nobody looked for wheels: what they would tell is not found.",)
