"""Files of zones, ours and older ones, and what their names mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import NotWritable, SettingsError, ZonesWithoutSize
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet
from codefx_desktop.settings.zone_files import (
    other_shape,
    read_zone_file,
    read_zones,
    write_zones,
)
from codefx_desktop.settings.zone_names import role_of

if TYPE_CHECKING:
    from pathlib import Path

OWN = ZoneSet(
    (
        Zone(
            "Vorne links",
            ((0.1, 0.2), (0.3, 0.2), (0.3, 0.5)),
            ZoneRole.CORNER,
            Place.FRONT_LEFT,
            ZoneAnchor.CAR,
        ),
        Zone("Anything", ((-0.2, 0.0), (0.5, 0.0), (0.5, 1.1))),
    ),
    CarPlace((0.2, 0.2, 0.8, 0.7), {Place.FRONT_LEFT: (0.3, 0.31), Place.REAR_LEFT: (0.7, 0.32)}),
)


def older(path: Path, *zones: dict[str, object], **more: object) -> Path:
    path.write_text(json.dumps({"zones": zones, **more}), encoding="utf-8")
    return path


def tyre(name: str = "front_left_tyre") -> dict[str, object]:
    return {"name": name, "points": [[102, 50], [204, 50], [204, 250]]}


def test_our_own_zones_come_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "zones.json"
    write_zones(path, OWN)
    assert read_zones(path) == OWN
    assert json.loads(path.read_text())["version"] == 1
    assert [one.name for one in path.parent.iterdir()] == ["zones.json"]


def test_zones_that_cannot_be_used_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two zones"):
        write_zones(tmp_path / "z.json", ZoneSet((OWN.zones[1], OWN.zones[1])))
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="zones"):
        write_zones(tmp_path / "file" / "z.json", OWN)


def test_older_zones_are_parts_of_the_picture_they_were_drawn_on(tmp_path: Path) -> None:
    found = read_zone_file(older(tmp_path / "z.json", tyre()), (1020, 500))
    (zone,) = found.zones.zones
    assert zone.points == ((0.1, 0.1), (0.2, 0.1), (0.2, 0.5))
    assert (zone.role, zone.place) == (ZoneRole.CORNER, Place.FRONT_LEFT)
    assert zone.anchor is ZoneAnchor.PICTURE
    assert found.drawn_on == (1020, 500)


@pytest.mark.parametrize(
    "said",
    [
        {"size": [1020, 500]},
        {"width": 1020, "height": 500},
        {"resolution": "1020x500"},
        {"frame_size": {"width": 1020, "height": 500}},
    ],
)
def test_the_size_in_the_file_counts(tmp_path: Path, said: dict[str, object]) -> None:
    path = older(tmp_path / "z.json", tyre(), **said)
    assert read_zone_file(path, (1920, 1080)).drawn_on == (1020, 500)


def test_a_size_that_nobody_told_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ZonesWithoutSize, match="Tell the width and height"):
        read_zones(older(tmp_path / "z.json", tyre()))


def test_zones_of_a_larger_picture_are_refused(tmp_path: Path) -> None:
    zone = {"name": "fuel", "points": [[100, 100], [1800, 100], [1800, 900]]}
    with pytest.raises(SettingsError, match=r"reaches \(1800, 100\), outside .* 1020x500"):
        read_zones(older(tmp_path / "z.json", zone), (1020, 500))


def test_a_clip_of_another_shape_is_told_and_one_of_another_size_is_not(tmp_path: Path) -> None:
    path = older(tmp_path / "z.json", tyre())
    same = read_zone_file(path, (1020, 500), clip_size=(2040, 1000))
    assert same.notes == ()
    (note,) = read_zone_file(path, (1020, 500), clip_size=(1920, 1080)).notes
    assert "1020x500" in note
    assert "1920x1080" in note
    assert other_shape(None, (1920, 1080)) == ""


def test_a_second_zone_of_a_name_is_numbered_and_a_strange_name_is_told(tmp_path: Path) -> None:
    found = read_zone_file(older(tmp_path / "z.json", tyre("Zone"), tyre("zone")), (1020, 500))
    assert [zone.name for zone in found.zones.zones] == ["Zone", "zone 2"]
    assert any("'zone 2' now" in note for note in found.notes)
    assert any("no known role" in note for note in found.notes)


def test_an_outline_that_was_closed_loses_its_last_point(tmp_path: Path) -> None:
    zone = {"name": "a", "points": [[1, 1], [9, 1], [9, 9], [1, 1]]}
    assert len(read_zones(older(tmp_path / "z.json", zone), (10, 10)).zones[0].points) == 3


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "no file of zones"),
        ("[]", "no JSON object"),
        ("{}", "no list of zones"),
        ('{"zones": [{"points": []}]}', "zone 1 has no name"),
        ('{"zones": [{"name": "a", "points": 3}]}', "no list of points"),
        ('{"zones": [{"name": "a", "points": [[1, 2], [3]]}]}', "two numbers"),
        ('{"zones": [{"name": "a", "points": [[1, 2], [3, true]]}]}', "two numbers"),
        ('{"zones": [{"name": "a", "points": [[1, 2], [3, 4]]}]}', "at least 3"),
        ('{"zones": [{"name": "a", "points": [[0,0],[9,9],[9,0],[0,9]]}]}', "sides 1 and 3 cross"),
        ('{"size": [0, 3], "zones": []}', "no size of a picture"),
        ('{"size": "big", "zones": []}', "width and a height"),
        ('{"format": "codefx-zones", "zones": []}', "no version"),
        ('{"format": "codefx-zones", "version": 2, "zones": []}', "newer program"),
        ('{"format": "codefx-zones", "version": 1, "zones": [{"name": 3}]}', "must be a text"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "z.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match=word) as caught:
        read_zones(path, (10, 10))
    assert caught.value.hint
    assert caught.value.path == path


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_zones(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("name", "role", "place"),
    [
        ("front left tyre", ZoneRole.CORNER, "FL"),
        ("Front_Right_Tyre_time", ZoneRole.CORNER, "FR"),
        ("backLeftWheel", ZoneRole.CORNER, "RL"),
        ("rearright", ZoneRole.CORNER, "RR"),
        ("FL", ZoneRole.CORNER, "FL"),
        ("tyre-br", ZoneRole.CORNER, "RR"),
        ("LF tire", ZoneRole.CORNER, "FL"),
        ("left rear", ZoneRole.CORNER, "RL"),
        ("R left", ZoneRole.CORNER, "RL"),
        ("Fuel", ZoneRole.FUEL, ""),
        ("re-fuelling left", ZoneRole.FUEL, "left"),
        ("fuel_probe", ZoneRole.FUEL, ""),
        ("Driver change", ZoneRole.DRIVER, ""),
        ("right door", ZoneRole.DRIVER, "right"),
        ("Jack (rear)", ZoneRole.JACK, "rear"),
        ("front jack", ZoneRole.JACK, "front"),
        ("air jack", ZoneRole.JACK, ""),
        ("Pit box", ZoneRole.BOX, ""),
        ("Crew line", ZoneRole.CREW_LINE, ""),
        ("fast lane", ZoneRole.FAST_LANE, ""),
        ("Tribune", ZoneRole.NONE, ""),
        ("left", ZoneRole.NONE, ""),
        ("Zone 1", ZoneRole.NONE, ""),
    ],
)
def test_names_mean_roles(name: str, role: ZoneRole, place: str) -> None:
    assert role_of(name) == (role, Place(place))
