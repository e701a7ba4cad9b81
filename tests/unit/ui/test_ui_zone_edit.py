"""Editing a camera's zones without a window: changes, the way back, faults, snapping."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codefx_desktop.domain import zone_check
from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet
from codefx_desktop.ui.models.camera_form import Front, free_name, front_of
from codefx_desktop.ui.models.snapping import contains, nearest_side, snapped
from codefx_desktop.ui.models.zone_edit import ZoneEdit

SQUARE = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))
SPA = CameraProfile("Spa", zones=ZoneSet((Zone("FL", SQUARE, ZoneRole.CORNER, Place.FRONT_LEFT),)))
CAR = CarPlace((0.3, 0.3, 0.7, 0.5), {})


@pytest.fixture
def edit(qapp: object) -> ZoneEdit:
    edit = ZoneEdit()
    edit.begin(SPA)
    return edit


def test_every_change_can_be_undone_and_done_again(edit: ZoneEdit) -> None:
    edit.add_zone(((0, 0), (0.1, 0), (0.1, 0.1)))
    edit.set_zone(1, "role", role=ZoneRole.FUEL)
    edit.put("mirror", mirrored=True)
    last = edit.camera
    assert edit.zones[1].name == "Zone 1"
    assert edit.is_changed
    for _ in range(3):
        edit.undo.undo()
    assert edit.camera == SPA
    assert not edit.is_changed
    for _ in range(3):
        edit.undo.redo()
    assert edit.camera == last


def test_a_drag_is_one_step_and_the_next_drag_another(edit: ZoneEdit) -> None:
    for _ in range(2):
        key = edit.new_drag()
        for _ in range(10):
            edit.move_zone(0, 0.01, 0.0, key)
    assert edit.undo.count() == 2
    edit.undo.undo()
    assert edit.zones[0].points[0][0] == pytest.approx(0.3)
    edit.undo.undo()
    assert edit.camera == SPA


def test_points_are_moved_inserted_and_deleted(edit: ZoneEdit) -> None:
    edit.move_point(0, 1, (0.7, 0.1))
    edit.insert_point(0, 2, (0.65, 0.4))
    assert edit.zones[0].points == ((0.2, 0.2), (0.7, 0.1), (0.65, 0.4), (0.6, 0.6), (0.2, 0.6))
    assert (edit.zone, edit.point) == (0, 2)
    assert edit.delete_marked() == ""
    assert len(edit.zones[0].points) == 4
    assert edit.point == -1


def test_three_points_stay_and_a_marked_zone_goes_whole(edit: ZoneEdit) -> None:
    edit.move_zone(0, 0, 0)
    edit.mark(0, 3)
    edit.delete_marked()
    edit.mark(0, 0)
    assert "at least 3 points" in edit.delete_marked()
    assert len(edit.zones[0].points) == 3
    edit.mark(0)
    assert edit.delete_marked() == ""
    assert edit.zones == ()
    assert edit.marked_zone is None
    edit.undo.undo()
    assert len(edit.zones) == 1


def test_a_place_goes_with_its_role(edit: ZoneEdit) -> None:
    edit.set_zone(0, "role", role=ZoneRole.JACK)
    assert edit.zones[0].place is Place.NONE
    edit.set_zone(0, "role", role=ZoneRole.CORNER)
    assert edit.zones[0].place is Place.FRONT_LEFT
    edit.set_zone(0, "role", role=ZoneRole.BOX)
    assert edit.zones[0].place is Place.NONE


def test_faults_are_said_in_place(edit: ZoneEdit) -> None:
    assert edit.faults_of(0) == ()
    edit.move_point(0, 0, (0.7, 0.5))
    assert edit.faults_of(0) == ("sides 2 and 4 cross",)
    assert edit.trouble == "Zone 'FL': sides 2 and 4 cross."
    edit.undo.undo()
    edit.add_zone(SQUARE)
    edit.set_zone(1, "name", name="fl")
    assert all("another zone has this name" in edit.faults_of(n)[0] for n in (0, 1))
    edit.set_zone(1, "name", name="")
    assert "1 to 60 visible characters" in edit.faults_of(1)[0]
    edit.set_zone(1, "name", name="Door", anchor=ZoneAnchor.CAR)
    assert "nobody said where the car stood" in edit.faults_of(1)[0]
    edit.set_car(CAR)
    assert edit.faults_of(1) == ()
    assert edit.trouble == ""


def test_proposed_zones_take_the_place_of_those_of_their_name(edit: ZoneEdit) -> None:
    edit.add_zone(SQUARE)
    anchored = Zone("fl", SQUARE, ZoneRole.CORNER, Place.FRONT_LEFT, ZoneAnchor.CAR)
    edit.add_zones(ZoneSet((anchored,), CAR), "propose")
    assert [zone.name for zone in edit.zones] == ["Zone 1", "fl"]
    assert edit.camera.zones.car == CAR
    moved = replace(CAR, box=(0.1, 0.1, 0.2, 0.2))
    edit.add_zones(ZoneSet((Zone("Box", SQUARE),), moved), "import")
    assert edit.camera.zones.car == CAR  # fl still hangs on it


def test_a_camera_without_a_name_cannot_be_saved(edit: ZoneEdit) -> None:
    edit.put("rename", name="")
    assert edit.trouble.startswith("A camera's name has 1 to 60")
    corners = ((0.1, 0.1), (0.1, 0.9), (0.9, 0.9), (0.9, 0.1))
    edit.put("rename", name="Spa", marks=BoxMarks(corners, 6.0, 3.0))
    assert "wrong way round" in edit.trouble


def test_hands_snap_to_corners_first_then_to_sides() -> None:
    outline = ((0.0, 0.0), (100.0, 0.0), (100.0, 50.0))
    assert snapped((97.0, 4.0), [outline], 9) == (100.0, 0.0)
    assert snapped((50.0, 6.0), [outline], 9) == (50.0, 0.0)
    assert snapped((50.0, -20.0), [outline], 9) == (50.0, -20.0)
    near = nearest_side((101.0, 25.0), [(), outline], 9)
    assert near is not None
    assert (near.outline, near.side, near.at) == (1, 1, (100.0, 25.0))
    assert contains(outline, (90.0, 10.0))
    assert not contains(outline, (10.0, 40.0))


def test_angles_have_words_and_names_are_free() -> None:
    assert front_of(None) is Front.ARRIVAL
    assert [front_of(deg) for deg in (0, 90, 180, 270, 360, 45)] == [
        Front.RIGHT,
        Front.UP,
        Front.LEFT,
        Front.DOWN,
        Front.RIGHT,
        Front.ANGLE,
    ]
    assert free_name(["camera 1", "Camera 2"]) == "Camera 3"


def test_a_move_looks_at_the_zone_that_moves_and_at_no_other(
    edit: ZoneEdit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(60):
        edit.add_zone(((0.0, 0.0), (0.1, 0.0), (0.1, 0.1 + n / 1000)))
    looked: list[object] = []
    check = zone_check.crossing_sides
    monkeypatch.setattr(
        zone_check, "crossing_sides", lambda points: looked.append(1) or check(points)
    )

    def all_faults() -> None:
        for number in range(len(edit.zones)):
            edit.faults_of(number)
        assert edit.trouble == ""

    all_faults()
    looked.clear()
    edit.move_point(7, 1, (0.15, 0.0))
    all_faults()
    assert len(looked) == 1
