"""Plain values between the camera desk and whoever shows cameras, zones and templates."""

# ruff: noqa: D102 - the calls of the Protocol are documented at jobs.camera_shelf

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.domain.zone import Point, ZoneSet

Size = tuple[int, int]
Line = tuple["Point", ...]


@dataclass(frozen=True, slots=True)
class CameraList:
    """What a person can choose from.

    Attributes:
        cameras: The saved profiles, in the order in which they were made.
        templates: The built-in templates, then a person's own.
        troubles: What of the files could not be used and what became of it, a sentence each.
    """

    cameras: tuple[CameraProfile, ...] = ()
    templates: tuple[StopTemplate, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZonesFound:
    """Zones that were read from a file or proposed.

    Attributes:
        zones: They.
        origin: Where they come from, for a person.
        notes: What a person should know, in sentences.
    """

    zones: ZoneSet
    origin: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SizeWanted:
    """A file's zones are in pixels, and it does not say of which picture.

    Attributes:
        path: The file.
        clip_size: Of the clip they are for.
    """

    path: Path
    clip_size: Size | None = None


@dataclass(frozen=True, slots=True)
class MetreGrid:
    """The ground of a camera's picture, a line per metre.

    Attributes:
        lines: Each as places on the picture, in parts of it.
        trouble: Why there is none; empty where there is nothing to calibrate or all is well.
    """

    lines: tuple[Line, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """What became of a text that should be a template.

    Attributes:
        text: The text.
        template: What it says; None where it cannot be used.
        trouble: Why not, in words; empty where it can be used.
    """

    text: str
    template: StopTemplate | None = None
    trouble: str = ""


class CameraCalls(Protocol):
    """Cameras, zones and templates; every call blocks and belongs on a worker."""

    def listed(self) -> CameraList: ...
    def save(self, camera: CameraProfile, was: str) -> None: ...
    def delete(self, name: str) -> None: ...
    def read_camera(self, path: Path) -> CameraProfile: ...
    def write_camera(self, path: Path, camera: CameraProfile) -> None: ...
    def read_zones(self, path: Path, size: Size | None, clip_size: Size | None) -> ZonesFound: ...
    def write_zones(self, path: Path, zones: ZoneSet) -> None: ...
    def propose(
        self, clip: Path, job_id: str | None, said: Heading, size: Size, cancel: CancelSignal
    ) -> ZonesFound: ...
    def grid(self, camera: CameraProfile, size: Size) -> MetreGrid: ...
    def check_template(self, text: str) -> TemplateCheck: ...
    def template_text(self, template: StopTemplate, name: str) -> str: ...
    def save_template(self, template: StopTemplate) -> None: ...
    def delete_template(self, name: str) -> None: ...
