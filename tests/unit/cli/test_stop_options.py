"""What the options of ``codefx run`` say about pit stops."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.cli.stop_options import StopOptions
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.stop_settings import StopSettings
from codefx_desktop.domain.zone import Zone, ZoneRole, ZoneSet
from codefx_desktop.settings.camera_files import write_camera
from codefx_desktop.settings.cameras import save_camera
from codefx_desktop.settings.paths import AppPaths, app_paths
from codefx_desktop.settings.zone_files import write_zones

if TYPE_CHECKING:
    from pathlib import Path

BOX = ZoneSet((Zone("Box", ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9)), ZoneRole.BOX),))
SPA = CameraProfile("Spa, boom", front_deg=180.0, mirrored=True, zones=BOX)


@pytest.fixture
def paths(home: Path) -> AppPaths:
    return app_paths()


def test_nothing_given_changes_nothing(paths: AppPaths) -> None:
    kept = StopSettings("imsa", SPA, draw=False)
    assert StopOptions().applied(kept, paths) == kept
    assert StopOptions().needs_stops == ""


def test_template_and_drawing(paths: AppPaths) -> None:
    got = StopOptions(template="NASCAR", draw=False).applied(StopSettings(), paths)
    assert got == StopSettings("nascar", draw=False)
    with pytest.raises(SettingsError, match="f1, indycar, imsa, nascar"):
        StopOptions(template="gt").applied(StopSettings(), paths)


def test_a_camera_is_a_file_a_saved_one_or_only_a_name(paths: AppPaths, tmp_path: Path) -> None:
    file = tmp_path / "spa.json"
    write_camera(file, SPA)
    by_file = StopOptions(camera=str(file))
    assert by_file.applied(StopSettings(), paths).camera == SPA
    assert by_file.camera_name(paths) == "Spa, boom"
    save_camera(paths, replace(SPA, name="Monza"))
    by_name = StopOptions(camera="monza")
    assert by_name.applied(StopSettings(), paths).camera == replace(SPA, name="Monza")
    assert by_name.camera_name(paths) == "Monza"
    other = StopOptions(camera="Boom")
    assert other.applied(StopSettings(), paths) == StopSettings()
    assert other.camera_name(paths) == "Boom"
    with pytest.raises(SettingsError, match="cannot be read"):
        StopOptions(camera=str(tmp_path / "gone.json")).applied(StopSettings(), paths)


def test_zones_take_the_place_of_the_cameras_own(paths: AppPaths, tmp_path: Path) -> None:
    file = tmp_path / "zones.json"
    drawn = ZoneSet((Zone("Line", ((0, 0), (1, 0), (1, 0.1)), ZoneRole.CREW_LINE),))
    write_zones(file, drawn)
    got = StopOptions(zones=file).applied(StopSettings(camera=SPA), paths)
    assert got.camera == replace(SPA, zones=drawn)


def test_zones_in_pixels_need_the_size_they_were_drawn_on(paths: AppPaths, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    rows = [{"name": "fuel", "points": [[0, 0], [510, 0], [510, 250]]}]
    file.write_text(json.dumps({"zones": rows}))
    with pytest.raises(ValueError, match="add --zones-size"):
        StopOptions(zones=file).applied(StopSettings(), paths)
    got = StopOptions(zones=file, zones_size="1020x500").applied(StopSettings(), paths)
    (zone,) = got.camera.zones.zones
    assert zone.role is ZoneRole.FUEL
    assert zone.points[2] == (0.5, 0.5)
    with pytest.raises(ValueError, match="such as 1020x500, not wide"):
        StopOptions(zones=file, zones_size="wide").applied(StopSettings(), paths)
    with pytest.raises(ValueError, match="needs --zones"):
        StopOptions(zones_size="1020x500").applied(StopSettings(), paths)


def test_what_needs_stops_says_so(tmp_path: Path) -> None:
    assert StopOptions(template="f1").needs_stops == "--template"
    assert StopOptions(zones=tmp_path).needs_stops == "--zones"
    assert StopOptions(draw=True).needs_stops == "--draw-stop"
    assert StopOptions(camera="Boom").needs_stops == ""  # a job's camera has a name without stops
