"""What is seen at each corner: which wheel is on the hub, the gun on its nut, who is near."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codefx_desktop.analysis.corner_signals import corner_signals
from codefx_desktop.domain.events import Event, EventStatus, Place
from codefx_desktop.domain.observations import Objects, Observations
from codefx_desktop.domain.stop import Heading, PitStop
from codefx_desktop.domain.zone import CarPlace
from tests.standing_car import BOX, HUBS_M, METRE_PX, Footage

CORNER = Place.FRONT_LEFT
HUB = HUBS_M[CORNER]


def stop(**changes: object) -> PitStop:
    events = tuple(
        Event(kind, Place.NONE, at_s, status=EventStatus.PROPOSED)
        for kind, at_s in (("stop", 0.2), ("go", 4.5))
    )
    x1, y1, x2, y2 = BOX
    place = CarPlace(
        (x1 / 1280, y1 / 720, x2 / 1280, y2 / 720),
        {CORNER: ((640 + METRE_PX * HUB[0]) / 1280, (360 - METRE_PX * HUB[1]) / 720)},
    )
    whole = PitStop(1, "f1", events, 0.0, 5.0, Heading(0.0, "arrival"), place)
    return replace(whole, **changes)


def changed() -> Observations:
    """Return a corner at which a gun runs, a wheel goes and another comes, and crew stands by."""
    footage = Footage()
    footage.add("wheel", (0.72, 0.35), lambda t: HUB if t < 1.5 else (HUB[0], HUB[1] + 1.2))
    footage.add("wheel", (0.72, 0.35), lambda t: HUB if t >= 2.5 else (HUB[0] + 1.4, HUB[1] + 1.5))

    def gun(t: float) -> tuple[float, float]:
        on_nut = 0.6 <= t < 1.2 or 2.8 <= t < 3.4
        return (HUB[0], HUB[1] + (0.5 if on_nut else 1.5))

    footage.add("wheel_gun", (0.2, 0.4), gun)
    footage.add("crew", (0.4, 0.5), lambda t: (HUB[0], HUB[1] + 1.0) if t < 4.0 else None)
    return footage.seen()


def test_wheel_gun_and_crew_of_a_corner_over_time() -> None:
    (corner,) = corner_signals(changed(), stop())
    assert corner.place is CORNER
    old, new = corner.wheels
    assert old.number != new.number
    assert (old.end_s, new.begin_s) == (pytest.approx(1.5, abs=0.05), pytest.approx(2.5, abs=0.05))
    assert [(one.begin_s, one.end_s) for one in corner.guns] == [
        (pytest.approx(0.6, abs=0.05), pytest.approx(1.2, abs=0.05)),
        (pytest.approx(2.8, abs=0.05), pytest.approx(3.4, abs=0.05)),
    ]
    (near,) = corner.crew
    assert near.number == 1
    assert near.end_s == pytest.approx(4.0, abs=0.05)
    assert (
        corner.text(0.9)
        == f"FL: wheel #{old.number} on the hub, gun on the nut, 1 of the crew near"
    )
    assert corner.text(2.0) == "FL: no wheel on the hub, 1 of the crew near"
    assert (corner.begins_s, corner.ends_s) == (near.begin_s, new.end_s)


def test_corners_of_which_nothing_is_known_are_missing() -> None:
    seen = changed()
    assert corner_signals(seen, stop(car=None)) == ()
    assert corner_signals(seen, stop(heading=Heading())) == ()
    assert corner_signals(seen, stop(events=())) == ()
    blind = replace(seen, objects=Objects.none())
    assert corner_signals(blind, stop()) == ()
