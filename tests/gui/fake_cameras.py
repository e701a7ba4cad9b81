"""A camera desk without workers: notes what it is asked, answers from memory on the next turn."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.jobs.camera_values import CameraList, MetreGrid, TemplateCheck, ZonesFound
from codefx_desktop.settings.templates import built_in_templates, read_template_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.domain.zone import ZoneSet
    from codefx_desktop.jobs.camera_values import Size

built_in = functools.cache(built_in_templates)
"""Reading and checking them takes 20 ms: once for all windows of all tests."""


class FakeCameraDesk(QObject):
    """The same signals and calls as ``jobs.camera_desk.CameraDesk``."""

    listed = Signal(object)
    saved = Signal(str)
    template_saved = Signal(str)
    zones_found = Signal(object)
    size_wanted = Signal(object)
    camera_read = Signal(object)
    written = Signal(object)
    grid = Signal(object)
    checked = Signal(object)
    template_text = Signal(str)
    trouble = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.cameras: list[CameraProfile] = []
        self.templates: list[StopTemplate] = list(built_in())
        self.proposal: ZonesFound | None = None
        self.refuses = ""

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    # -- what the window calls ------------------------------------------------------------------

    def request_list(self) -> None:
        self.calls.append(("request_list",))
        self._soon(lambda: self.listed.emit(self.all()))

    def request_grid(self, camera: CameraProfile, size: Size) -> None:
        self.calls.append(("request_grid", camera, size))
        lines = () if camera.marks is None else (camera.marks.corners,)
        self._soon(lambda: self.grid.emit(MetreGrid(lines)))

    def request_check(self, text: str) -> None:
        self.calls.append(("request_check", text))
        try:
            check = TemplateCheck(text, read_template_text(text))
        except ValueError as error:
            check = TemplateCheck(text, trouble=f"{error}.")
        self._soon(lambda: self.checked.emit(check))

    def request_template_text(self, template: StopTemplate, name: str) -> None:
        from codefx_desktop.jobs.camera_shelf import template_text

        self.calls.append(("request_template_text", template, name))
        self._soon(lambda: self.template_text.emit(template_text(template, name)))

    def propose(self, clip: Path, job_id: str | None, said: Heading, size: Size) -> None:
        self.calls.append(("propose", clip, job_id, said, size))
        if self.proposal is None:
            self._soon(lambda: self.trouble.emit("propose", "No finished job saw a car stand."))
        else:
            self._soon(lambda: self.zones_found.emit(self.proposal))

    def save(self, camera: CameraProfile, was: str = "") -> None:
        self.calls.append(("save", camera, was))
        if self.refuses:
            self._soon(lambda: self.trouble.emit("save", self.refuses))
            return
        gone = {was.casefold(), camera.name.casefold()}
        self.cameras = [one for one in self.cameras if one.name.casefold() not in gone]
        self.cameras.append(camera)
        self._soon(lambda: self.saved.emit(camera.name))
        self._soon(lambda: self.listed.emit(self.all()))

    def delete(self, name: str) -> None:
        self.calls.append(("delete", name))
        self.cameras = [one for one in self.cameras if one.name != name]
        self._soon(lambda: self.listed.emit(self.all()))

    def save_template(self, template: StopTemplate) -> None:
        self.calls.append(("save_template", template))
        self.templates = [one for one in self.templates if one.name != template.name]
        self.templates.append(template)
        self._soon(lambda: self.template_saved.emit(template.name))
        self._soon(lambda: self.listed.emit(self.all()))

    def delete_template(self, name: str) -> None:
        self.calls.append(("delete_template", name))
        self.templates = [one for one in self.templates if one.name != name]
        self._soon(lambda: self.listed.emit(self.all()))

    def import_zones(
        self, path: Path, size: Size | None = None, clip_size: Size | None = None
    ) -> None:
        self.calls.append(("import_zones", path, size, clip_size))

    def export_zones(self, path: Path, zones: ZoneSet) -> None:
        self.calls.append(("export_zones", path, zones))
        self._soon(lambda: self.written.emit(path))

    def import_camera(self, path: Path) -> None:
        self.calls.append(("import_camera", path))

    def export_camera(self, path: Path, camera: CameraProfile) -> None:
        self.calls.append(("export_camera", path, camera))
        self._soon(lambda: self.written.emit(path))

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def all(self) -> CameraList:
        """Return what there is."""
        return CameraList(tuple(self.cameras), tuple(self.templates))

    def _soon(self, act: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, act)
