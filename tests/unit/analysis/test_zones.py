"""Zones go with the car; the lens and the ground are taken into account; proposals fit."""

from __future__ import annotations

import cmath
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.analysis.ground import Ground
from codefx_desktop.analysis.lens import bent, straightened
from codefx_desktop.analysis.zone_proposal import propose_zones
from codefx_desktop.analysis.zones import inside, place_zones, unplaced
from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens, LensKind
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop import Heading
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet
from codefx_desktop.domain.zone_check import check_zones

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

W, H = 1280, 720
HUBS = {
    Place.FRONT_LEFT: (800.0, 270.0),
    Place.FRONT_RIGHT: (800.0, 430.0),
    Place.REAR_LEFT: (460.0, 270.0),
    Place.REAR_RIGHT: (460.0, 430.0),
}
FISHEYE = Lens(LensKind.FISHEYE, (0.5, 0.5), 150.0)
MARKS = BoxMarks(((0.62, 0.3), (0.7, 0.66), (0.3, 0.66), (0.38, 0.3)), 6.2, 2.9)


def car(hubs: dict[Place, tuple[float, float]], box: tuple[float, ...] | None = None) -> CarPlace:
    x, y = zip(*hubs.values(), strict=True) if hubs else ((0.0,), (0.0,))
    x1, y1, x2, y2 = box or (min(x) - 80, min(y) - 20, max(x) + 110, max(y) + 20)
    parts = {place: (px / W, py / H) for place, (px, py) in hubs.items()}
    return CarPlace((x1 / W, y1 / H, x2 / W, y2 / H), parts)


def zone(points: Floats, anchor: ZoneAnchor = ZoneAnchor.CAR, name: str = "Fuel") -> Zone:
    return Zone(name, tuple((x / W, y / H) for x, y in points), ZoneRole.FUEL, anchor=anchor)


OUTLINE = np.array(((560.0, 120.0), (640.0, 120.0), (640.0, 260.0), (560.0, 260.0)))


def turned(shift: complex, scale: float, degrees: float) -> Callable[[Floats], Floats]:
    factor = scale * cmath.exp(1j * math.radians(degrees))

    def move(points: Floats) -> Floats:
        flat = factor * (points[:, 0] - 640 + 1j * (points[:, 1] - 360)) + shift
        return np.column_stack((flat.real + 640, flat.imag + 360))

    return move


def by(move: Callable[[Floats], Floats], only: tuple[Place, ...] = tuple(HUBS)) -> CarPlace:
    moved = {place: tuple(move(np.array([HUBS[place]]))[0]) for place in only}
    return car(moved)


def points_of(placed: tuple[Zone, ...]) -> Floats:
    (one,) = placed
    assert one.anchor is ZoneAnchor.PICTURE
    return np.array(one.points)


@pytest.mark.parametrize(
    "seen",
    [
        tuple(HUBS),
        (Place.FRONT_LEFT, Place.REAR_RIGHT),
        (Place.REAR_LEFT, Place.FRONT_LEFT, Place.REAR_RIGHT),
    ],
)
def test_a_zone_goes_where_the_hubs_went(seen: tuple[Place, ...]) -> None:
    move = turned(40 - 25j, 1.1, 7.0)
    zones = ZoneSet((zone(OUTLINE),), car(HUBS))
    np.testing.assert_allclose(
        points_of(place_zones(zones, by(move, seen), W, H)), move(OUTLINE), atol=1e-6
    )


def test_a_car_that_comes_the_other_way_takes_its_zone_along() -> None:
    move = turned(0j, 1.0, 180.0)
    zones = ZoneSet((zone(OUTLINE),), car(HUBS))
    found = points_of(place_zones(zones, by(move), W, H))
    np.testing.assert_allclose(found, move(OUTLINE), atol=1e-6)


def test_with_one_hub_the_box_counts() -> None:
    drawn = car(HUBS, (400, 200, 900, 500))
    now = CarPlace((450 / W, 215 / H, 950 / W, 515 / H), {Place.FRONT_LEFT: (0.1, 0.1)})
    found = points_of(place_zones(ZoneSet((zone(OUTLINE),), drawn), now, W, H))
    np.testing.assert_allclose(found, OUTLINE + np.array((50, 15)), atol=1e-6)


def test_hubs_that_make_no_car_give_way_to_the_box() -> None:
    wild = {place: (x / 5, y / 5) for place, (x, y) in HUBS.items()}
    drawn, now = car(HUBS, (400, 200, 900, 500)), car(wild, (410, 200, 910, 500))
    found = points_of(place_zones(ZoneSet((zone(OUTLINE),), drawn), now, W, H))
    np.testing.assert_allclose(found, OUTLINE + np.array((10, 0)), atol=1e-6)


def test_a_zone_of_the_picture_stays_and_one_without_a_car_is_named() -> None:
    zones = ZoneSet((zone(OUTLINE, ZoneAnchor.PICTURE), zone(OUTLINE, name="Jack")), car(HUBS))
    placed = place_zones(zones, None, W, H)
    np.testing.assert_allclose(points_of(placed), OUTLINE)
    assert unplaced(zones, placed) == ("Jack",)
    other = place_zones(zones, None, 640, 360)
    np.testing.assert_allclose(points_of(other), OUTLINE / 2)


def test_through_a_fisheye_a_zone_goes_as_on_the_straight_picture() -> None:
    move = turned(60 + 30j, 1.0, 5.0)
    flat = {place: np.array([spot]) for place, spot in HUBS.items()}
    seen = {place: tuple(bent(spot, FISHEYE, W, H)[0]) for place, spot in flat.items()}
    now = {place: tuple(bent(move(spot), FISHEYE, W, H)[0]) for place, spot in flat.items()}
    drawn = bent(OUTLINE, FISHEYE, W, H)
    zones = ZoneSet((zone(drawn),), car(seen))
    found = points_of(place_zones(zones, car(now), W, H, lens=FISHEYE))
    assert len(found) == 4 * 8
    np.testing.assert_allclose(found[::8], bent(move(OUTLINE), FISHEYE, W, H), atol=1e-6)


def test_on_calibrated_ground_a_zone_keeps_its_metres() -> None:
    ground = Ground(MARKS, Lens(), W, H)
    hubs_m = np.array(((1.7, 0.8), (1.7, -0.8), (-1.7, 0.8), (-1.7, -0.8)))
    outline_m = np.array(((-0.8, 1.0), (0.4, 1.0), (0.4, 2.0), (-0.8, 2.0)))
    angle = math.radians(4.0)
    turn = np.array(((math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))))
    drawn, now = (
        car({place: tuple(xy) for place, xy in zip(HUBS, ground.to_pixels(m), strict=True)})
        for m in (hubs_m, hubs_m @ turn + (0.7, -0.2))
    )
    zones = ZoneSet((zone(ground.to_pixels(outline_m)),), drawn)
    found = points_of(place_zones(zones, now, W, H, ground=ground))
    np.testing.assert_allclose(ground.to_metres(found), outline_m @ turn + (0.7, -0.2), atol=1e-6)


def test_inside_agrees_with_the_eye() -> None:
    arrow = Zone("a", ((0.0, 0.0), (50.0, 20.0), (100.0, 0.0), (50.0, 100.0)))
    xy = np.array(((50, 10), (50, 30), (20, 10), (-1, 5), (50, 101), (90, 8)), float)
    assert inside(arrow, xy).tolist() == [False, True, True, False, False, True]
    assert inside(arrow, np.zeros((0, 2))).tolist() == []


def test_the_lens_is_corrected_both_ways() -> None:
    points = np.random.default_rng(1).uniform((0, 0), (W, H), (200, 2))
    flat = straightened(points, FISHEYE, W, H)
    np.testing.assert_allclose(bent(flat, FISHEYE, W, H), points, atol=1e-9)
    centre = np.array([(640.0, 360.0)])
    np.testing.assert_allclose(straightened(centre, FISHEYE, W, H), centre)
    # Equidistant: 37.5 degrees of 150 over the width lie at a quarter of it.
    there = straightened(np.array([(960.0, 360.0)]), FISHEYE, W, H)[0, 0]
    focal = W / math.radians(150.0)
    assert there == pytest.approx(640 + focal * math.tan(math.radians(37.5)))
    wide = Lens(LensKind.FISHEYE, (0.5, 0.5), 200.0)
    assert np.isnan(straightened(np.array([(1279.0, 360.0)]), wide, W, H)).all()
    np.testing.assert_array_equal(straightened(points, Lens(), W, H), points)


def test_the_ground_is_calibrated_by_the_box() -> None:
    ground = Ground(MARKS, FISHEYE, W, H)
    corners = np.array(MARKS.corners) * (W, H)
    wanted = np.array(((3.1, 1.45), (3.1, -1.45), (-3.1, -1.45), (-3.1, 1.45)))
    np.testing.assert_allclose(ground.to_metres(corners), wanted, atol=1e-9)
    np.testing.assert_allclose(ground.to_pixels(wanted), corners, atol=1e-6)
    assert not ground.mirrored
    assert Ground(BoxMarks(MARKS.corners[::-1], 2.9, 6.2), Lens(), W, H).mirrored
    assert Ground.of(CameraProfile(), W, H) is None


def test_above_the_horizon_there_is_no_ground() -> None:
    ground = Ground(MARKS, Lens(), W, H)
    above = ground.to_metres(np.array([(640.0, -5000.0), (640.0, 700.0)]))
    assert np.isnan(above[0]).all()
    assert np.isfinite(above[1]).all()


@pytest.mark.parametrize(
    ("marks", "word"),
    [
        (BoxMarks((MARKS.corners[0], MARKS.corners[2], *MARKS.corners[1:3]), 6.2, 2.9), "no box"),
        (BoxMarks(MARKS.corners, 6.2, 0.0), "above 0"),
    ],
)
def test_clicks_that_make_no_box_are_refused(marks: BoxMarks, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Ground(marks, Lens(), W, H)


@pytest.mark.parametrize("known", [4, 2, 0])
def test_proposed_zones_lie_where_their_names_say(known: int) -> None:
    there = CarPlace(car(HUBS).box, dict(list(car(HUBS).hubs.items())[:known]))
    zones = propose_zones(
        there, Heading(0.0, "arrival"), W, H, fuel_side=Place.LEFT, driver_side=Place.RIGHT
    )
    check_zones(zones)
    assert all(one.anchor is ZoneAnchor.CAR for one in zones.zones)
    placed = {one.name: one for one in place_zones(zones, there, W, H)}
    assert set(placed) == {
        "Box", "Front left", "Front right", "Rear left", "Rear right",
        "Front jack", "Rear jack", "Fuel", "Driver",
    }  # fmt: skip
    for name, place in (("Front left", Place.FRONT_LEFT), ("Rear right", Place.REAR_RIGHT)):
        hub = np.array([HUBS[place]])
        out = hub + np.array((0.0, -90.0 if place is Place.FRONT_LEFT else 90.0))
        assert inside(placed[name], out).all()
        assert placed[name].place is place
    spots = np.array(((1010.0, 350.0), (250.0, 350.0), (585.0, 200.0), (670.0, 480.0)))
    for name, spot in zip(("Front jack", "Rear jack", "Fuel", "Driver"), spots, strict=True):
        assert inside(placed[name], spot[None]).all(), name


def test_proposed_corners_turn_with_the_heading_and_with_a_mirror() -> None:
    there = CarPlace(car(HUBS).box, {})
    west = {one.name: one for one in propose_zones(there, Heading(180.0), W, H).zones}
    left = np.array(west["Front left"].points).mean(axis=0)
    assert left[0] < 0.4  # the front points to the picture's left ...
    assert left[1] > 0.5  # ... and the driver's left is then below
    mirrored = propose_zones(there, Heading(180.0, mirrored=True), W, H).zones
    other = next(one for one in mirrored if one.name == "Front left")
    assert np.array(other.points).mean(axis=0)[1] < 0.5


def test_without_a_heading_only_the_box_is_proposed() -> None:
    zones = propose_zones(CarPlace(car(HUBS).box, {}), Heading(), W, H)
    assert [one.name for one in zones.zones] == ["Box"]
