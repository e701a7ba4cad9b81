"""How ``codefx run`` takes pit stops apart: what its options make of a profile's settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import ZonesWithoutSize
from codefx_desktop.settings.camera_files import read_camera
from codefx_desktop.settings.cameras import load_cameras
from codefx_desktop.settings.named_entries import same_name
from codefx_desktop.settings.templates import find_template
from codefx_desktop.settings.zone_files import read_zones

if TYPE_CHECKING:
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.stop_settings import StopSettings
    from codefx_desktop.domain.zone import ZoneSet
    from codefx_desktop.settings.paths import AppPaths


@dataclass(frozen=True, slots=True)
class StopOptions:
    """One for each option, None or empty where it was not given.

    Attributes:
        template: Name of a template.
        camera: A file of a camera profile, the name of a saved one, or neither: then it is only
            kept with the job as what the camera is called.
        zones: A file of zones; they take the place of the camera's own.
        zones_size: Of the picture that zones in pixels were drawn on, such as ``1020x500``.
        draw: Draw them on the video.
    """

    template: str | None = None
    camera: str = ""
    zones: Path | None = None
    zones_size: str | None = None
    draw: bool | None = None

    @property
    def needs_stops(self) -> str:
        """The first given option that says nothing where stops are not taken apart; or empty."""
        given = (
            ("--template", self.template is not None),
            ("--zones", self.zones is not None),
            ("--draw-stop", self.draw is not None),
        )
        return next((name for name, is_given in given if is_given), "")

    def applied(self, stop: StopSettings, paths: AppPaths) -> StopSettings:
        """Return a profile's settings with what was given changed.

        Raises:
            ValueError: If an option cannot be understood.
            SettingsError: If a file cannot be read or used, or there is no such template.
        """
        camera = self._camera(paths) or stop.camera
        zones = self._zones()
        if zones is not None:
            camera = replace(camera, zones=zones)
        name = stop.template if self.template is None else self.template
        return replace(
            stop,
            template=find_template(paths, name).name,
            camera=camera,
            draw=stop.draw if self.draw is None else self.draw,
        )

    def camera_name(self, paths: AppPaths) -> str:
        """Return what the job's camera is called.

        Raises:
            SettingsError: If it is named by a file that cannot be used.
        """
        found = self._camera(paths)
        return found.name if found is not None else self.camera

    def _camera(self, paths: AppPaths) -> CameraProfile | None:
        if not self.camera:
            return None
        path = Path(self.camera).expanduser()
        if path.suffix.casefold() == ".json" or path.is_file():
            return read_camera(path)
        saved = load_cameras(paths).entries
        return next((one for one in saved if same_name(one.name, self.camera)), None)

    def _zones(self) -> ZoneSet | None:
        if self.zones is None:
            if self.zones_size is not None:
                raise ValueError("--zones-size needs --zones")
            return None
        try:
            return read_zones(self.zones.expanduser(), _size(self.zones_size))
        except ZonesWithoutSize as error:
            raise ValueError(
                f"the zones of {self.zones} are in pixels of a picture whose size the file does "
                "not tell: add --zones-size WIDTHxHEIGHT"
            ) from error


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"([1-9]\d{0,4})[x*]([1-9]\d{0,4})", text.strip().lower())
    if match is None:
        raise ValueError(f"--zones-size must be a width and a height such as 1020x500, not {text}")
    return int(match[1]), int(match[2])
