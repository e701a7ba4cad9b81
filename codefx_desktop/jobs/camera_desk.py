"""Cameras, zones and templates for the screen: files are read and written on workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from codefx_desktop.domain.errors import ZonesWithoutSize
from codefx_desktop.jobs.camera_values import SizeWanted
from codefx_desktop.jobs.desk import AnsweringDesk
from codefx_desktop.jobs.pools import Pool, new_pool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.domain.zone import ZoneSet
    from codefx_desktop.jobs.camera_values import CameraCalls, Size

    Receive = Callable[[Any], object]
    Work = Callable[[CameraCalls], object]


class CameraDesk(AnsweringDesk):
    """Answers about cameras; lives in the main thread, works on workers.

    Every call returns at once. A list comes when it is asked for, and again whenever anything was
    changed here.

    Args:
        shelf_of: Returns what keeps cameras. Called on a worker; may block until the signal it is
            given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    listed = Signal(object)
    """``CameraList``"""
    saved = Signal(str)
    """Name of a profile that was kept."""
    template_saved = Signal(str)
    """Name of a template that was kept."""
    zones_found = Signal(object)
    """``ZonesFound``: read from a file, or proposed."""
    size_wanted = Signal(object)
    """``SizeWanted``"""
    camera_read = Signal(object)
    """``CameraProfile`` of a file."""
    written = Signal(object)
    """Path of a file that was written."""
    grid = Signal(object)
    """``MetreGrid`` of what was asked last."""
    checked = Signal(object)
    """``TemplateCheck`` of what was asked last."""
    template_text = Signal(str)
    """A template as a text to be edited."""

    def __init__(
        self,
        shelf_of: Callable[[CancelSignal], CameraCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._shelf_of = shelf_of
        self._questions, self._changes = self._newest_calls(), self._queued_calls(keeps=True)

    # -- questions: of each kind only the newest is answered ----------------------------------

    def request_list(self) -> None:
        """Ask which cameras and templates there are."""
        self._question("request_list", lambda shelf: shelf.listed(), self.listed.emit)

    def request_grid(self, camera: CameraProfile, size: Size) -> None:
        """Ask for the metres on the ground of a picture of this size, pixels."""
        self._question("request_grid", lambda shelf: shelf.grid(camera, size), self.grid.emit)

    def request_check(self, text: str) -> None:
        """Ask whether a text can be a template."""
        self._question("request_check", lambda shelf: shelf.check_template(text), self.checked.emit)

    def request_template_text(self, template: StopTemplate, name: str) -> None:
        """Ask for a template as a text to be edited, under another name."""
        self._question(
            "request_template_text",
            lambda shelf: shelf.template_text(template, name),
            self.template_text.emit,
        )

    def propose(self, clip: Path, job_id: str | None, said: Heading, size: Size) -> None:
        """Ask for zones around the car as a finished job of this clip saw it stand.

        Args:
            clip: The clip.
            job_id: The job it is viewed for, if it is viewed for one.
            said: Which way the car points, as the profile says.
            size: Width and height of the clip's pictures, pixels.
        """
        self._question(
            "propose",
            lambda shelf: shelf.propose(clip, job_id, said, size, self.closing),
            self.zones_found.emit,
        )

    # -- changes: one after the other, all of them --------------------------------------------

    def save(self, camera: CameraProfile, was: str = "") -> None:
        """Keep a profile; ``saved`` or a trouble tells.

        Args:
            camera: The profile.
            was: Its name before; empty for a new one.
        """
        self._change(
            "save", lambda shelf: shelf.save(camera, was), lambda _: self.saved.emit(camera.name)
        )

    def delete(self, name: str) -> None:
        """Delete a profile; the list comes again."""
        self._change("delete", lambda shelf: shelf.delete(name))

    def save_template(self, template: StopTemplate) -> None:
        """Keep a person's own template; ``template_saved`` or a trouble tells."""
        self._change(
            "save_template",
            lambda shelf: shelf.save_template(template),
            lambda _: self.template_saved.emit(template.name),
        )

    def delete_template(self, name: str) -> None:
        """Delete a person's own template; the list comes again."""
        self._change("delete_template", lambda shelf: shelf.delete_template(name))

    def import_zones(
        self, path: Path, size: Size | None = None, clip_size: Size | None = None
    ) -> None:
        """Read zones from a file; they come, or the size they were drawn on is asked for.

        Args:
            path: The file.
            size: Of the picture that zones in pixels were drawn on, where the file tells nothing.
            clip_size: Of the clip they are for.
        """

        def work(shelf: CameraCalls) -> None:
            try:
                self._tell(self.zones_found.emit, shelf.read_zones(path, size, clip_size))
            except ZonesWithoutSize:
                self._tell(self.size_wanted.emit, SizeWanted(path, clip_size))

        self._change("import_zones", work, lists=False)

    def export_zones(self, path: Path, zones: ZoneSet) -> None:
        """Write zones into a file; one that is there is replaced."""
        self._change(
            "export_zones",
            lambda shelf: shelf.write_zones(path, zones),
            lambda _: self.written.emit(path),
            lists=False,
        )

    def import_camera(self, path: Path) -> None:
        """Read a profile from a file."""
        self._change(
            "import_camera",
            lambda shelf: shelf.read_camera(path),
            self.camera_read.emit,
            lists=False,
        )

    def export_camera(self, path: Path, camera: CameraProfile) -> None:
        """Write a profile into a file; one that is there is replaced."""
        self._change(
            "export_camera",
            lambda shelf: shelf.write_camera(path, camera),
            lambda _: self.written.emit(path),
            lists=False,
        )

    # -- inside -------------------------------------------------------------------------------

    def _question(self, what: str, work: Work, receive: Receive) -> None:
        self._try(self._questions, what, lambda: work(self._shelf_of(self.closing)), receive)

    def _change(
        self, what: str, work: Work, receive: Receive | None = None, *, lists: bool = True
    ) -> None:
        self._try(
            self._changes,
            what,
            lambda: work(self._shelf_of(self.closing)),
            receive,
            self.request_list if lists else None,
        )
