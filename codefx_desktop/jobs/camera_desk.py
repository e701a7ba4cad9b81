"""Cameras, zones and templates for the screen: files are read and written on workers."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError, ZonesWithoutSize
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.camera_values import SizeWanted
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import SignalInstance

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.domain.zone import ZoneSet
    from codefx_desktop.jobs.camera_values import CameraCalls, Size

    Work = Callable[[CameraCalls], None]

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 3_000


class CameraDesk(QObject):
    """Answers about cameras; lives in the main thread, works on workers.

    Every call returns at once. A list comes when it is asked for, and again whenever anything was
    changed here. Call ``shutdown`` before letting go of it; the hub does so for its own.

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
    trouble = Signal(str, str)
    """What could not be done (name of the method), and why."""

    _arrived = Signal(object, object)

    def __init__(
        self,
        shelf_of: Callable[[CancelSignal], CameraCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._shelf_of = shelf_of
        self._questions, self._changes = NewestCalls(new_pool(1)), new_pool(1)
        self._closing = threading.Event()
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    # -- questions: of each kind only the newest is answered ----------------------------------

    def request_list(self) -> None:
        """Ask which cameras and templates there are."""
        self._ask("request_list", lambda shelf: self._tell(self.listed, shelf.listed()))

    def request_grid(self, camera: CameraProfile, size: Size) -> None:
        """Ask for the metres on the ground of a picture of this size, pixels."""
        self._ask("request_grid", lambda shelf: self._tell(self.grid, shelf.grid(camera, size)))

    def request_check(self, text: str) -> None:
        """Ask whether a text can be a template."""
        self._ask(
            "request_check", lambda shelf: self._tell(self.checked, shelf.check_template(text))
        )

    def request_template_text(self, template: StopTemplate, name: str) -> None:
        """Ask for a template as a text to be edited, under another name."""

        def work(shelf: CameraCalls) -> None:
            self._tell(self.template_text, shelf.template_text(template, name))

        self._ask("request_template_text", work)

    def propose(self, clip: Path, job_id: str | None, said: Heading, size: Size) -> None:
        """Ask for zones around the car as a finished job of this clip saw it stand.

        Args:
            clip: The clip.
            job_id: The job it is viewed for, if it is viewed for one.
            said: Which way the car points, as the profile says.
            size: Width and height of the clip's pictures, pixels.
        """

        def work(shelf: CameraCalls) -> None:
            found = shelf.propose(clip, job_id, said, size, self._closing)
            self._tell(self.zones_found, found)

        self._ask("propose", work)

    # -- changes: one after the other, all of them --------------------------------------------

    def save(self, camera: CameraProfile, was: str = "") -> None:
        """Keep a profile; ``saved`` or a trouble tells.

        Args:
            camera: The profile.
            was: Its name before; empty for a new one.
        """

        def work(shelf: CameraCalls) -> None:
            shelf.save(camera, was)
            self._tell(self.saved, camera.name)

        self._change("save", work)

    def delete(self, name: str) -> None:
        """Delete a profile; the list comes again."""
        self._change("delete", lambda shelf: shelf.delete(name))

    def save_template(self, template: StopTemplate) -> None:
        """Keep a person's own template; ``template_saved`` or a trouble tells."""

        def work(shelf: CameraCalls) -> None:
            shelf.save_template(template)
            self._tell(self.template_saved, template.name)

        self._change("save_template", work)

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
                self._tell(self.zones_found, shelf.read_zones(path, size, clip_size))
            except ZonesWithoutSize:
                self._tell(self.size_wanted, SizeWanted(path, clip_size))

        self._change("import_zones", work, lists=False)

    def export_zones(self, path: Path, zones: ZoneSet) -> None:
        """Write zones into a file; one that is there is replaced."""

        def work(shelf: CameraCalls) -> None:
            shelf.write_zones(path, zones)
            self._tell(self.written, path)

        self._change("export_zones", work, lists=False)

    def import_camera(self, path: Path) -> None:
        """Read a profile from a file."""

        def work(shelf: CameraCalls) -> None:
            self._tell(self.camera_read, shelf.read_camera(path))

        self._change("import_camera", work, lists=False)

    def export_camera(self, path: Path, camera: CameraProfile) -> None:
        """Write a profile into a file; one that is there is replaced."""

        def work(shelf: CameraCalls) -> None:
            shelf.write_camera(path, camera)
            self._tell(self.written, path)

        self._change("export_camera", work, lists=False)

    def shutdown(self) -> None:
        """Stop everything, wait three seconds at most."""
        if self._closing.is_set():
            return
        self._closing.set()
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        self._questions.close()
        ended = self._questions.wait(deadline.remainingTime())
        # What is to be kept is kept all the same.
        if not (self._changes.waitForDone(deadline.remainingTime()) and ended):
            log.warning("A worker of the camera desk did not end within %d ms", SHUTDOWN_MS)

    # -- inside -------------------------------------------------------------------------------

    def _ask(self, what: str, work: Work) -> None:
        if not self._closing.is_set():
            self._questions.ask(what, partial(self._guarded, what, work))

    def _change(self, what: str, work: Work, *, lists: bool = True) -> None:
        def call() -> None:
            self._guarded(what, work)
            if lists:
                self.request_list()

        if not self._closing.is_set():
            self._changes.start(Call(call))

    def _guarded(self, what: str, work: Work) -> None:
        """Do something on a worker; whatever goes wrong is told."""
        try:
            work(self._shelf_of(self._closing))
        except Cancelled:
            return
        except (CodefxError, ValueError) as error:
            self._tell(self.trouble, (what, _sentence(str(error))))
        except Exception as error:
            log.exception("The camera desk failed unexpectedly")
            self._tell(self.trouble, (what, unexpected(error)))

    def _tell(self, signal: SignalInstance, value: object) -> None:
        if not self._closing.is_set():
            self._arrived.emit(signal, value)

    def _deliver(self, signal: SignalInstance, value: object) -> None:
        if isinstance(value, tuple):
            signal.emit(*value)
        else:
            signal.emit(value)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
