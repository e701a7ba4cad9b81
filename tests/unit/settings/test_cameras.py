"""Camera profiles: kept under a name, handed on as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens, LensKind
from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.zone import Zone, ZoneSet
from codefx_desktop.settings.camera_files import read_camera, write_camera
from codefx_desktop.settings.cameras import (
    cameras_file,
    delete_camera,
    load_cameras,
    save_camera,
)
from codefx_desktop.settings.paths import app_paths

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.settings.paths import AppPaths

MONZA = CameraProfile(
    "Monza, box 3",
    180.0,
    mirrored=False,
    lens=Lens(LensKind.FISHEYE, (0.48, 0.5), 150.0),
    marks=BoxMarks(((0.3, 0.3), (0.7, 0.3), (0.8, 0.8), (0.2, 0.8)), 6.2, 2.9),
    zones=ZoneSet((Zone("Fuel", ((0.1, 0.1), (0.2, 0.1), (0.2, 0.3))),)),
    capture_rate_hz=120.0,
)


@pytest.fixture
def paths() -> AppPaths:
    return app_paths()


def test_a_saved_camera_comes_back_whole(paths: AppPaths) -> None:
    assert load_cameras(paths).entries == ()
    save_camera(paths, MONZA)
    save_camera(paths, CameraProfile("Spa"))
    assert load_cameras(paths).entries == (MONZA, CameraProfile("Spa"))
    assert cameras_file(paths).parent == paths.data


def test_one_of_the_same_name_is_replaced_and_one_can_be_deleted(paths: AppPaths) -> None:
    save_camera(paths, MONZA)
    save_camera(paths, CameraProfile("monza, Box 3", 0.0))
    (kept,) = load_cameras(paths).entries
    assert kept.front_deg == 0.0
    delete_camera(paths, "MONZA, box 3")
    assert load_cameras(paths).entries == ()


def test_a_camera_without_sense_is_not_kept(paths: AppPaths) -> None:
    with pytest.raises(ValueError, match="visible characters"):
        save_camera(paths, CameraProfile())
    with pytest.raises(ValueError, match="field of view"):
        save_camera(paths, CameraProfile("Spa", lens=Lens(field_of_view_deg=-1.0)))
    assert not cameras_file(paths).exists()


def test_a_damaged_camera_is_kept_aside_and_the_others_stay(paths: AppPaths) -> None:
    save_camera(paths, MONZA)
    path = cameras_file(paths)
    content = json.loads(path.read_text())
    content["cameras"].append({"name": "Bad", "front_deg": "north"})
    path.write_text(json.dumps(content))
    loaded = load_cameras(paths)
    assert loaded.entries == (MONZA,)
    assert "Bad: front_deg" in loaded.trouble
    assert path.with_name("cameras.json.damaged").exists()


def test_a_camera_is_handed_on_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "monza.json"
    write_camera(path, MONZA)
    assert read_camera(path) == MONZA
    write_camera(path, CameraProfile())
    assert read_camera(path) == CameraProfile()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({"zones": []}, "format is not"),
        ({"format": "codefx-camera", "version": 9}, "newer program"),
        ({"format": "codefx-camera", "version": 1, "mirrored": 1}, "mirrored"),
        ({"format": "codefx-camera", "version": 1, "capture_rate_hz": 0}, "capture rate"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, content: object, word: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(content))
    with pytest.raises(SettingsError, match=word):
        read_camera(path)
