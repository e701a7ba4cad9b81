"""Outlines that can be zones, and what is said of those that cannot."""

from __future__ import annotations

import pytest

from codefx_desktop.domain.camera_check import check_camera, check_camera_name
from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens, LensKind
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneSet
from codefx_desktop.domain.zone_check import check_zones, crossing_sides, outline_faults

SQUARE = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.4), (0.1, 0.4))
BOX = ((0.3, 0.2), (0.7, 0.2), (0.8, 0.9), (0.2, 0.9))


def test_a_plain_outline_has_no_faults() -> None:
    assert outline_faults(SQUARE) == ()
    assert outline_faults(SQUARE[:3]) == ()
    assert outline_faults(((-0.4, 0.1), (1.5, 0.1), (0.5, 1.9))) == ()


def test_a_hollow_outline_has_no_faults() -> None:
    arrow = ((0.1, 0.1), (0.5, 0.3), (0.9, 0.1), (0.5, 0.9))
    assert outline_faults(arrow) == ()


def test_sides_that_cross_are_named() -> None:
    bow = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
    assert crossing_sides(bow) == ((1, 3),)
    assert outline_faults(bow) == ("sides 1 and 3 cross",)


def test_the_last_side_runs_back_to_the_first_point() -> None:
    points = ((0.1, 0.5), (0.5, 0.1), (0.5, 0.9), (0.9, 0.5))
    assert crossing_sides(points) == ((2, 4),)


def test_a_corner_on_another_side_touches_it() -> None:
    points = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.5, 0.1), (0.1, 0.9))
    assert (1, 3) in crossing_sides(points)


def test_a_side_that_runs_back_over_the_one_before_is_no_outline() -> None:
    assert (1, 2) in crossing_sides(((0.1, 0.1), (0.9, 0.1), (0.5, 0.1), (0.5, 0.9)))
    assert outline_faults(((0.1, 0.1), (0.5, 0.1), (0.9, 0.1))) != ()


@pytest.mark.parametrize(
    ("points", "word"),
    [
        (SQUARE[:2], "at least 3"),
        (SQUARE * 60, "at most 200"),
        ((*SQUARE[:3], (float("nan"), 0.1)), "not a number"),
        ((*SQUARE[:3], (640.0, 0.4)), "point 4 lies far outside the picture"),
        ((SQUARE[0], *SQUARE), "points 1 and 2 are in the same place"),
        ((*SQUARE, SQUARE[0]), "points 1 and 5 are in the same place"),
    ],
)
def test_what_is_wrong_is_said(points: tuple[tuple[float, float], ...], word: str) -> None:
    faults = outline_faults(points)
    assert len(faults) == 1
    assert word in faults[0]


def test_names_are_unique_in_any_case_of_letters() -> None:
    with pytest.raises(ValueError, match="two zones are called 'FUEL'"):
        check_zones(ZoneSet((Zone("Fuel", SQUARE), Zone("FUEL", SQUARE))))


def test_a_fault_names_its_zone() -> None:
    bow = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
    with pytest.raises(ValueError, match="zone 'Fuel': sides 1 and 3 cross"):
        check_zones(ZoneSet((Zone("Fuel", bow),)))


@pytest.mark.parametrize("name", ["", " Fuel", "x" * 61, "a\nb"])
def test_a_name_can_be_read(name: str) -> None:
    with pytest.raises(ValueError, match="visible characters"):
        check_zones(ZoneSet((Zone(name, SQUARE),)))
    with pytest.raises(ValueError, match="visible characters"):
        check_camera_name(name)


def test_a_zone_that_goes_with_the_car_needs_the_car() -> None:
    zone = Zone("Fuel", SQUARE, anchor=ZoneAnchor.CAR)
    with pytest.raises(ValueError, match="where it stood"):
        check_zones(ZoneSet((zone,)))
    check_zones(ZoneSet((zone,), CarPlace((0.2, 0.2, 0.8, 0.8), {})))


def test_a_camera_of_sense_passes() -> None:
    check_camera(CameraProfile())
    check_camera(
        CameraProfile("Spa", 180.0, lens=Lens(LensKind.FISHEYE), marks=BoxMarks(BOX, 6.2, 2.9))
    )
    turned = BoxMarks((BOX[1], BOX[0], BOX[3], BOX[2]), 6.2, 2.9)
    check_camera(CameraProfile(mirrored=True, marks=turned))


@pytest.mark.parametrize(
    ("camera", "word"),
    [
        (CameraProfile(front_deg=float("inf")), "angle"),
        (CameraProfile(capture_rate_hz=0.0), "capture rate"),
        (CameraProfile(lens=Lens(field_of_view_deg=0.0)), "field of view"),
        (CameraProfile(lens=Lens(centre=(5.0, 0.5))), "centre"),
        (CameraProfile(marks=BoxMarks(BOX, 0.0, 2.9)), "above 0 metres"),
        (CameraProfile(marks=BoxMarks(BOX[::-1], 6.2, 2.9)), "wrong way round"),
        (CameraProfile(marks=BoxMarks(BOX, 6.2, 2.9), mirrored=True), "wrong way round"),
        (CameraProfile(marks=BoxMarks((BOX[0], BOX[2], BOX[1], BOX[3]), 6.2, 2.9)), "no box"),
        (CameraProfile(zones=ZoneSet((Zone("Fuel", SQUARE[:2]),))), "Fuel"),
    ],
)
def test_a_camera_without_sense_does_not(camera: CameraProfile, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        check_camera(camera)
