"""One camera profile as a file, to be handed on.

::

    {"format": "codefx-camera", "version": 1, "name": "Monza, box 3", "front_deg": 0, ...}
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.camera_check import check_camera
from codefx_desktop.domain.camera_dict import camera_from_dict, camera_to_dict
from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.settings.whole_file import write_whole
from codefx_desktop.settings.zone_files import check_version, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codefx_desktop.domain.camera_profile import CameraProfile

FORMAT: Final = "codefx-camera"
VERSION: Final = 1


def read_camera(path: Path) -> CameraProfile:
    """Return the profile of a file.

    Raises:
        SettingsError: If the file cannot be read or its profile cannot be used.
    """
    content = read_json(path, "a camera")
    try:
        camera = _usable(content)
    except ValueError as error:
        raise SettingsError(
            f"The camera of {path} cannot be used: {error}.",
            hint="Correct the file, or save the camera again.",
            path=path,
        ) from error
    return camera


def _usable(content: Mapping[str, Any]) -> CameraProfile:
    if content.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    check_version(content, VERSION)
    camera = camera_from_dict(content)
    check_camera(camera)
    return camera


def write_camera(path: Path, camera: CameraProfile) -> None:
    """Write a profile, replacing the file.

    Raises:
        ValueError: If something in it cannot be used.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    check_camera(camera)
    content = {"format": FORMAT, "version": VERSION, **camera_to_dict(camera)}
    write_whole(path, (json.dumps(content, indent=1) + "\n").encode("ascii"), "camera")
