"""What may have been against the rules: told when it lasts, with its frame, and not otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from stop_samples import event

from codefx_desktop.analysis.rule_flags import rule_flags
from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Event
from codefx_desktop.domain.observations import Objects, Observations
from codefx_desktop.domain.stop import FlagKind, Heading, RuleFlag
from codefx_desktop.domain.zone import Zone, ZoneRole
from codefx_desktop.settings.templates import built_in_templates

F1, INDYCAR, IMSA, _ = built_in_templates()
NAMES = ("car", "wheel", "crew", "wheel_gun", "jack")
TIMES = np.arange(0.0, 8.0, 0.04)
STOP_S, GO_S = 2.0, 6.0
CAR_BOX = (500.0, 300.0, 800.0, 400.0)
OWN_CAR = ("car", 0.0, GO_S, CAR_BOX)


def square(name: str, role: ZoneRole, x1: float, y1: float, x2: float, y2: float) -> Zone:
    return Zone(name, ((x1, y1), (x2, y1), (x2, y2), (x1, y2)), role)


BOX = square("box", ZoneRole.BOX, 450, 250, 850, 500)
LINE = square("beyond the wall", ZoneRole.CREW_LINE, 200, 200, 1100, 560)
FAST = square("fast lane", ZoneRole.FAST_LANE, 0, 80, 1280, 200)
Thing = tuple[str, float, float, tuple[float, float, float, float]]


def observed(*things: Thing, to: dict[int, tuple[float, float]] | None = None) -> Observations:
    """Return footage in which each thing is at its box from one time to another.

    Args:
        things: Class, from when, until when, box; each has a track of its own.
        to: How far the thing of an index moves until its end, pixels.
    """
    rows = []
    for track, (name, begin, end, box) in enumerate(things):
        way = np.array((to or {}).get(track, (0.0, 0.0)))
        for frame in np.flatnonzero((begin <= TIMES) & (end > TIMES)):
            part = (TIMES[frame] - begin) / (end - begin)
            moved = np.array(box) + np.tile(way * part, 2)
            rows.append((frame, moved, NAMES.index(name), track))
    rows.sort(key=lambda row: row[0])
    objects = Objects(
        np.array([row[0] for row in rows], np.int32),
        np.array([row[1] for row in rows], np.float32).reshape(-1, 4),
        np.full(len(rows), 0.9, np.float32),
        np.array([row[2] for row in rows], np.int16),
        np.array([row[3] for row in rows], np.int32),
        NAMES,
    )
    numbers = np.arange(len(TIMES), dtype=np.int32)
    return Observations(1280, 720, TIMES, numbers, objects, None, None, (), float(TIMES[-1]))


def frame(seen: Observations, *zones: Zone) -> StopFrame:
    first, last = np.searchsorted(TIMES, (STOP_S, GO_S)).tolist()
    return StopFrame(
        first, last - 1, 0, len(TIMES) - 1, event("stop", "", STOP_S), event("go", "", GO_S),
        CAR_BOX, Heading(0.0, "arrival"), Steady.of(seen, 0), CameraProfile(), zones,
    )  # fmt: skip


def flags(seen: Observations, *zones: Zone, template: object = IMSA) -> tuple[RuleFlag, ...]:
    return rule_flags(seen, frame(seen, *zones), template)  # type: ignore[arg-type]


def person(begin: float, end: float, x: float, y: float = 450.0) -> Thing:
    return ("crew", begin, end, (x, y - 80.0, x + 40.0, y))


def test_crew_over_the_line_before_the_car_stands() -> None:
    early = person(1.2, 7.0, 600)
    seen = observed(OWN_CAR, early, person(2.2, 7.0, 700))
    (flag,) = flags(seen, LINE)
    assert flag.kind is FlagKind.CREW_OVER_LINE
    assert flag.text.startswith("1 of the crew over the line, the first 0.79 s before")
    assert flag.time_s < STOP_S
    assert flag.frame_number == round(flag.time_s / 0.04)
    assert flag.xyxy == pytest.approx(early[3])
    assert flags(seen, LINE, template=F1) == ()  # they may wait in the box there
    assert flags(seen, BOX) == ()  # without the line nobody can be over it
    assert flags(observed(OWN_CAR, person(1.9, 7.0, 600)), LINE) == ()
    assert flags(observed(OWN_CAR, person(1.0, 7.0, 600, y=700.0)), LINE) == ()


def test_a_stop_that_was_not_seen_has_no_before() -> None:
    seen = observed(OWN_CAR, person(0.0, 7.0, 600))
    at = replace(frame(seen, LINE), stop=Event("stop"))
    assert rule_flags(seen, at, IMSA) == ()


def test_too_many_crew() -> None:
    many = [person(2.5, 5.5, 470 + 45.0 * index) for index in range(8)]
    (flag,) = flags(observed(OWN_CAR, *many), BOX)
    assert flag.kind is FlagKind.TOO_MANY_CREW
    assert flag.text == "8 persons at the car; 7 are allowed"
    assert STOP_S < flag.time_s < GO_S
    assert flags(observed(OWN_CAR, *many[:7]), BOX) == ()
    assert flags(observed(OWN_CAR, *many), BOX, template=F1) == ()
    assert flags(observed(OWN_CAR, *many)) == ()
    passing = [*many[:7], person(3.0, 3.4, 800)]
    assert flags(observed(OWN_CAR, *passing), BOX) == ()


def test_a_wheel_that_rolls_away_from_all_hands() -> None:
    wheel = ("wheel", 3.0, 5.0, (400.0, 560.0, 460.0, 620.0))
    seen = observed(OWN_CAR, wheel, person(2.0, 8.0, 380, y=600.0), to={1: (400.0, 0.0)})
    (flag,) = flags(seen, template=F1)
    assert flag.kind is FlagKind.WHEEL_LOOSE
    assert "rolls" in flag.text
    assert flag.xyxy is not None
    assert flag.xyxy[0] > 700


def test_a_wheel_that_is_carried_lies_or_is_of_another_car_is_no_flag() -> None:
    held = ("wheel", 3.0, 5.0, (400.0, 560.0, 460.0, 620.0))
    carrier = person(3.0, 5.0, 410, y=600.0)
    assert flags(observed(held, carrier, to={0: (400.0, 0.0), 1: (400.0, 0.0)})) == ()
    lying = ("wheel", 0.0, 8.0, (900.0, 560.0, 960.0, 620.0))
    assert flags(observed(lying, person(0.0, 8.0, 300))) == ()
    put_down = [("wheel", 3.0, 5.0, (400.0, 560.0, 460.0, 620.0)), person(2.0, 3.5, 410, y=600.0)]
    assert flags(observed(*put_down, person(0.0, 8.0, 900))) == ()
    passing_car = ("car", 3.0, 5.0, (100.0, 560.0, 500.0, 640.0))
    theirs = ("wheel", 3.0, 5.0, (120.0, 600.0, 180.0, 650.0))
    moved = {0: (600.0, 0.0), 1: (600.0, 0.0)}
    assert flags(observed(passing_car, theirs, person(0.0, 8.0, 900), to=moved)) == ()
    never_held = ("wheel", 3.0, 5.0, (400.0, 560.0, 460.0, 620.0))
    assert flags(observed(never_held, person(0.0, 8.0, 900), to={0: (300.0, 0.0)})) == ()


def test_a_release_into_traffic() -> None:
    passing = ("car", 5.5, 6.5, (200.0, 100.0, 500.0, 180.0))
    (flag,) = flags(observed(OWN_CAR, passing, to={1: (300.0, 0.0)}), FAST)
    assert flag.kind is FlagKind.UNSAFE_RELEASE
    assert flag.time_s == pytest.approx(GO_S, abs=0.05)
    earlier = ("car", 4.0, 5.5, (200.0, 100.0, 500.0, 180.0))
    assert flags(observed(OWN_CAR, earlier), FAST) == ()
    assert flags(observed(OWN_CAR, passing)) == ()
    assert flags(observed(OWN_CAR), square("wide", ZoneRole.FAST_LANE, 0, 0, 1280, 720)) == ()


@pytest.mark.parametrize("name", ["wheel_gun", "jack", "wheel"])
def test_equipment_left_in_the_box(name: str) -> None:
    left = (name, 5.0, 8.0, (560.0, 430.0, 590.0, 460.0))
    seen = observed(OWN_CAR, left, person(0.0, 8.0, 900))
    (flag,) = flags(seen, BOX, template=F1)
    assert flag.kind is FlagKind.EQUIPMENT_LEFT
    assert flag.text.startswith(name.replace("_", " "))
    assert flag.time_s >= GO_S
    assert flags(observed(OWN_CAR, left, person(0.0, 8.0, 560, y=470.0)), BOX) == ()
    gone = (name, 5.0, 6.2, left[3])
    assert flags(observed(OWN_CAR, gone, person(0.0, 8.0, 900)), BOX) == ()
    outside = (name, 5.0, 8.0, (560.0, 530.0, 590.0, 560.0))
    assert flags(observed(OWN_CAR, outside, person(0.0, 8.0, 900)), BOX) == ()
    assert flags(observed(OWN_CAR, left), BOX) == ()  # no crew was seen at all: nothing is said


def test_what_flickers_is_not_told() -> None:
    blinks: list[Thing] = [person(at, at + 0.1, 600) for at in (0.5, 0.9, 1.3, 1.7)]
    assert flags(observed(OWN_CAR, *blinks), LINE) == ()


def test_faint_boxes_are_not_told() -> None:
    seen = observed(OWN_CAR, person(0.5, 7.0, 600))
    faint = replace(seen.objects, confidence=np.full(len(seen.objects.frame), 0.3, np.float32))
    assert flags(seen, LINE)
    assert flags(replace(seen, objects=faint), LINE) == ()


def test_without_any_objects_nothing_is_told() -> None:
    seen = replace(observed(), objects=Objects.none())
    assert flags(seen, LINE, BOX, FAST) == ()
