"""Adding footage to the queue: choose or drop clips, fill the start sheet, start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.file_filters import FOOTAGE
from codefx_desktop.ui.models.start_form import StartForm
from codefx_desktop.ui.start_sheet import StartSheet, clip_paths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QAction

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import StartDefaults
    from codefx_desktop.ui.cameras import Cameras
    from codefx_desktop.ui.models.machine import Machine
    from codefx_desktop.ui.theme import Theme


class Intake(QObject):
    """One start sheet at a time; what comes before the history is open waits.

    Args:
        hub: Takes the clips.
        machine: What this machine has.
        theme: The theme.
        window: Over which the sheet stands.
    """

    started = Signal()
    """Clips were queued."""
    noticed = Signal(object)
    """Something that the person should know: ``Notice``."""

    models: QAction | None
    """Shows the models; offered in the sheet once it is set."""
    cameras: Cameras | None
    """Shows cameras, zones and templates; likewise."""

    def __init__(self, hub: Hub, machine: Machine, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._hub, self._machine, self._theme, self._window = hub, machine, theme, window
        self.defaults: StartDefaults | None = None
        self.sheet: StartSheet | None = None
        self.models = self.cameras = None
        self._ready = False
        self._held: tuple[Path, ...] = ()
        self._sample_held = False
        self._why_not = ""
        hub.ready.connect(self._on_ready)
        hub.unopened.connect(self._on_unopened)
        hub.start_defaults.connect(self._on_defaults)

    def ask(self) -> None:
        """Let a person choose clips, then show the start sheet."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open clips", "", FOOTAGE)
        self.start_with(clip_paths(names))

    def try_sample(self) -> None:
        """Queue the sample stop, now or as soon as the history is open."""
        if self._why_not:
            self._refuse()
        elif self._ready:
            self._hub.add_demo()
        else:
            self._sample_held = True

    def start_with(self, paths: Sequence[Path]) -> None:
        """Show the start sheet for these clips, now or as soon as the history is open."""
        if not paths:
            return
        if self._why_not:
            self._refuse()
            return
        if not self._ready:
            self._held = (*self._held, *paths)
            return
        if self.sheet is not None:
            paths = (*self.sheet.form.clips, *paths)
            self.sheet.reject()
        form = StartForm(self._hub, paths)
        sheet = StartSheet(form, self._machine.device, self._theme, self._window)
        form.setParent(sheet)
        if self.models is not None:
            sheet.offer_models(self.models)
        if self.cameras is not None:
            sheet.offer_cameras(self.cameras)
        if self.defaults is not None:
            sheet.begin_from(self.defaults)
        sheet.start_wanted.connect(lambda: self._start(form))
        sheet.finished.connect(lambda _result: self._forget_sheet(sheet))
        self.sheet = sheet
        sheet.open()

    def _start(self, form: StartForm) -> None:
        self._hub.add_clips(form.clips, form.spec(), form.metadata)
        self._hub.request_start_defaults()
        self.started.emit()

    def _forget_sheet(self, sheet: StartSheet) -> None:
        if self.sheet is sheet:
            self.sheet = None
        sheet.deleteLater()

    def _on_ready(self) -> None:
        self._ready = True
        self._hub.request_start_defaults()
        if self._sample_held:
            self._sample_held = False
            self._hub.add_demo()
        held, self._held = self._held, ()
        self.start_with(held)

    def _on_unopened(self, why: str) -> None:
        self._why_not = why
        if self._held or self._sample_held:
            self._held, self._sample_held = (), False
            self._refuse()

    def _refuse(self) -> None:
        """Say why nothing begins: a click that does nothing tells nothing."""
        then = "Then start the program again."
        text = f"Nothing can be analysed without the history. {self._why_not} {then}"
        self.noticed.emit(Notice("error", text))

    def _on_defaults(self, defaults: StartDefaults) -> None:
        self.defaults = defaults
