"""A person's camera profiles, one for each venue: ``cameras.json`` in the data folder.

::

    {"version": 1, "cameras": [{"name": "Monza, box 3", "front_deg": 0, "zones": {...}, ...}]}

Keys that this program does not know are ignored; ``named_entries`` says how files are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.camera_check import check_camera, check_camera_name
from codefx_desktop.domain.camera_dict import camera_from_dict, camera_to_dict
from codefx_desktop.settings.named_entries import Loaded, NamedEntries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.settings.paths import AppPaths


def cameras_file(paths: AppPaths) -> Path:
    """Return where camera profiles are kept."""
    return paths.data / "cameras.json"


def load_cameras(paths: AppPaths) -> Loaded[CameraProfile]:
    """Return the saved profiles; a damaged file is kept aside, what is good in it is used."""
    return _file(paths).load()


def save_camera(paths: AppPaths, camera: CameraProfile) -> None:
    """Keep a profile; one of the same name, in any case of letters, is replaced.

    Raises:
        ValueError: If it has no usable name or something in it cannot be used.
        SettingsError: If the profiles that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    check_camera_name(camera.name)
    check_camera(camera)
    _file(paths).save(camera)


def delete_camera(paths: AppPaths, name: str) -> None:
    """Delete a profile; nothing happens if there is none of this name.

    Raises:
        SettingsError: If the profiles that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    _file(paths).delete(name)


def _file(paths: AppPaths) -> NamedEntries[CameraProfile]:
    return NamedEntries(cameras_file(paths), "camera", _read, _write)


def _read(name: str, raw: Mapping[str, Any]) -> CameraProfile:
    check_camera_name(name)
    camera = camera_from_dict(raw)
    check_camera(camera)
    return camera


def _write(camera: CameraProfile) -> Mapping[str, Any]:
    return {key: value for key, value in camera_to_dict(camera).items() if key != "name"}
