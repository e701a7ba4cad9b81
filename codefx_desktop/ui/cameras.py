"""Opens the windows of cameras, zones and templates; each is made when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from codefx_desktop.ui.template_window import TemplateWindow
from codefx_desktop.ui.zone_editor import ZoneEditor

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.job_book import Entry
    from codefx_desktop.ui.theme import Theme


class Cameras(QObject):
    """Keeps both windows.

    Args:
        hub: Answers.
        theme: The theme.
        window: The window they belong to.
    """

    def __init__(self, hub: Hub, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._hub, self._theme, self._window = hub, theme, window
        self.editor: ZoneEditor | None = None
        self.templates: TemplateWindow | None = None

    def show(
        self,
        clip: Path | None = None,
        job_id: str | None = None,
        number: int = 0,
        camera: str = "",
    ) -> None:
        """Show cameras and zones.

        Args:
            clip: Whose frame to draw on; None leaves the one that is there.
            job_id: The job it is viewed for.
            number: Of the frame.
            camera: The profile to edit; empty leaves the one that is there.
        """
        if self.editor is None:
            self.editor = ZoneEditor(self._hub, self._theme, self._window)
        if clip is not None:
            self.editor.open_clip(clip, job_id, number)
        if camera:
            self.editor.choose(camera)
        _to_front(self.editor)

    def show_for(self, view: ClipView | None, entry: Entry | None) -> None:
        """Show cameras and zones on the clip in view, else on a job's."""
        if view is not None and view.path is not None:
            self.show(view.path, view.job_id, view.position)
        elif entry is not None:
            camera = entry.record.spec.plan.stop.camera.name
            self.show(entry.record.input_path, entry.record.id, camera=camera)
        else:
            self.show()

    def show_templates(self, name: str = "") -> None:
        """Show the templates, one of them chosen."""
        if self.templates is None:
            self.templates = TemplateWindow(self._hub.camera_desk(), self._theme, self._window)
        if name:
            self.templates.choose(name)
        _to_front(self.templates)

    def close(self, *, asks: bool) -> bool:
        """Close both windows; return whether they are closed.

        Args:
            asks: Ask before something is lost.
        """
        windows = [one for one in (self.editor, self.templates) if one is not None]
        if not asks:
            for one in windows:
                one.forget()
        return all(one.close() for one in windows)


def _to_front(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
