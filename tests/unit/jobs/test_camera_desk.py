"""The camera desk on real files: lists, saves, imports, metres, templates; nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile
from codefx_desktop.domain.zone import Zone, ZoneRole, ZoneSet
from codefx_desktop.jobs.camera_desk import CameraDesk
from codefx_desktop.jobs.camera_shelf import CameraShelf
from codefx_desktop.settings.cameras import load_cameras
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.templates import find_template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SPA = CameraProfile("Spa", front_deg=180.0)
CORNERS = ((0.2, 0.7), (0.2, 0.3), (0.8, 0.3), (0.8, 0.7))
"""Front left, front right, rear right, rear left of a car that points left."""


@pytest.fixture
def shelf(home: Path) -> CameraShelf:
    return CameraShelf(app_paths(), None)  # type: ignore[arg-type] - no test here asks for jobs


@pytest.fixture
def desk(qapp: object, shelf: CameraShelf) -> Iterator[CameraDesk]:
    desk = CameraDesk(lambda _cancel: shelf)
    yield desk
    desk.shutdown()


def test_a_camera_is_saved_renamed_and_deleted(qtbot: QtBot, desk: CameraDesk) -> None:
    with qtbot.waitSignal(desk.listed), qtbot.waitSignal(desk.saved) as told:
        desk.save(SPA)
    assert told.args == ["Spa"]
    with qtbot.waitSignal(desk.listed) as listed:
        desk.save(replace(SPA, name="Spa, boom"), "Spa")
    assert [one.name for one in listed.args[0].cameras] == ["Spa, boom"]
    assert len(listed.args[0].templates) == 4
    with qtbot.waitSignal(desk.listed):
        desk.delete("Spa, boom")
    assert load_cameras(app_paths()).entries == ()


def test_what_cannot_be_saved_is_told_and_nothing_is_written(
    qtbot: QtBot, desk: CameraDesk
) -> None:
    with qtbot.waitSignal(desk.trouble) as told:
        desk.save(replace(SPA, capture_rate_hz=0.0))
    assert told.args[0] == "save"
    assert told.args[1].startswith("The capture rate must be between")
    assert load_cameras(app_paths()).entries == ()


def test_zones_without_a_size_ask_for_it(qtbot: QtBot, desk: CameraDesk, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    rows = [{"name": "fuel", "points": [[0, 0], [510, 0], [510, 250]]}]
    file.write_text(json.dumps({"zones": rows}))
    with qtbot.waitSignal(desk.size_wanted) as wanted:
        desk.import_zones(file, None, (1280, 720))
    assert wanted.args[0].path == file
    with qtbot.waitSignal(desk.zones_found) as found:
        desk.import_zones(file, (1020, 500), (1280, 720))
    (zone,) = found.args[0].zones.zones
    assert (zone.role, zone.points[2]) == (ZoneRole.FUEL, (0.5, 0.5))
    assert "another shape of picture" in found.args[0].notes[0]


def test_zones_go_out_and_come_back(qtbot: QtBot, desk: CameraDesk, tmp_path: Path) -> None:
    zones = ZoneSet((Zone("Box", ((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)), ZoneRole.BOX),))
    with qtbot.waitSignal(desk.written):
        desk.export_zones(tmp_path / "z.json", zones)
    with qtbot.waitSignal(desk.zones_found) as found:
        desk.import_zones(tmp_path / "z.json")
    assert found.args[0].zones == zones


def test_metres_lie_where_the_box_is(shelf: CameraShelf) -> None:
    camera = replace(SPA, marks=BoxMarks(CORNERS, 6.0, 2.0))
    grid = shelf.grid(camera, (1280, 720))
    assert grid.trouble == ""
    xs = sorted({round(line[0][0], 3) for line in grid.lines if line[0][0] == line[-1][0]})
    assert 0.2 in xs  # 3 m ahead of the middle: the box's front line
    assert 0.3 in xs  # a metre less
    assert shelf.grid(SPA, (1280, 720)).lines == ()
    wrong = replace(camera, mirrored=True)
    assert "wrong way round" in shelf.grid(wrong, (1280, 720)).trouble


def test_an_own_template_is_checked_and_kept(
    qtbot: QtBot, desk: CameraDesk, shelf: CameraShelf
) -> None:
    text = shelf.template_text(find_template(app_paths(), "nascar"), "club")
    check = shelf.check_template(text)
    assert check.template is not None
    with qtbot.waitSignal(desk.template_saved):
        desk.save_template(check.template)
    assert find_template(app_paths(), "club").is_own
    broken = shelf.check_template(text.replace('"wheel_off"', '"wheel_of"'))
    assert "there is no event" in broken.trouble.casefold()
    assert shelf.check_template("{").trouble != ""
