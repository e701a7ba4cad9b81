"""The Artifacts workspace as one thing: whose they are, what is done with them, where they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.artifact_actions import ArtifactActions
from codefx_desktop.ui.artifact_page import ArtifactPage
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.artifact_facts import PICTURE_WORDS
from codefx_desktop.ui.models.artifact_view import ALL_PICTURES, ArtifactView
from codefx_desktop.ui.models.pictures import image_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPoint, QSettings
    from PySide6.QtGui import QAction

    from codefx_desktop.jobs.artifact_values import ArtifactFile, FullPicture
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.theme import Theme


class Artifacts(QObject):
    """Shows the artifacts of the job in focus.

    Args:
        hub: Makes the artifact desk.
        book: The jobs.
        selection: The job in focus.
        store: Keeps the sizes of the parts.
        theme: The theme.
        window: Owns the actions.
        export: Exports the job in focus.
    """

    wanted = Signal()
    """A job's artifacts were asked for: the workspace belongs to the front."""
    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    folder_wanted = Signal(object)
    """Show this folder (``Path``) in the file manager."""
    review_wanted = Signal(str, int)
    """View a frame of a job's clip."""

    def __init__(
        self,
        hub: Hub,
        book: JobBook,
        selection: Selection,
        store: QSettings,
        theme: Theme,
        window: QWidget,
        export: QAction,
    ) -> None:
        super().__init__(window)
        self._book, self._selection = book, selection
        self.view = ArtifactView(hub.artifact_desk(self), book, selection, self)
        self.actions = ArtifactActions(window, self.view, theme, export)
        self.page = ArtifactPage(self.view, book, self.actions, store, theme)
        actions, page = self.actions, self.page
        actions.copy_picture.triggered.connect(lambda: self._copy_picture(self.view.kinds()[0]))
        actions.copy_json.triggered.connect(lambda: self._copy_text(json=True))
        actions.copy_toon.triggered.connect(lambda: self._copy_text(json=False))
        actions.files.triggered.connect(self._show_files)
        actions.review.triggered.connect(self._review)
        page.review_wanted.connect(self._review)
        page.pictures.chosen.connect(self._on_picture)
        page.pictures.menu_wanted.connect(self._show_menu)
        self.view.fetched.connect(self._on_fetched)

    def open_job(self, job_id: str) -> None:
        """Show the artifacts of a job, and stay with it."""
        if self._book.get(job_id) is not None:
            self._selection.choose(job_id)
            self._selection.hold()
            self.wanted.emit()

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace is the one in front."""
        self.view.set_in_front(in_front)
        self.actions.set_in_front(in_front)

    def menu_for(self, kind: ArtifactFile) -> QMenu:
        """Return what can be done with a picture."""
        menu = QMenu(self.page)
        copy = menu.addAction(f"Copy picture: {PICTURE_WORDS[kind]}")
        copy.triggered.connect(lambda: self._copy_picture(kind))
        menu.addSeparator()
        menu.addActions([self.actions.files, self.actions.review])
        return menu

    def _show_menu(self, kind: ArtifactFile, place: QPoint) -> None:
        menu = self.menu_for(kind)
        menu.exec(place)
        menu.deleteLater()

    def _on_picture(self, kind: ArtifactFile) -> None:
        """Show one picture alone, or all of them again."""
        self.view.look_at(ALL_PICTURES if self.view.looks == kind else kind)

    def _copy_picture(self, kind: ArtifactFile) -> None:
        self.view.fetch(kind)

    def _on_fetched(self, full: FullPicture) -> None:
        picture = full.picture
        if picture.pixels is None:
            self.noticed.emit(Notice("error", f"Nothing was copied. {picture.trouble}"))
            return
        image = image_of(picture.pixels).copy()
        QGuiApplication.clipboard().setImage(image)
        size = f"{image.width()} x {image.height()}"
        kind = PICTURE_WORDS[picture.kind].lower()
        self._say(f"Copied the picture of frame {words.count(full.number)} ({kind}), {size}.")

    def _copy_text(self, *, json: bool) -> None:
        shown = self.view.shown
        if shown is not None:
            QGuiApplication.clipboard().setText(shown.json.text if json else shown.toon.text)
            name = "JSON" if json else "TOON"
            self._say(f"Copied the {name} of frame {words.count(shown.number)}.")

    def _show_files(self) -> None:
        """Open the folder of the picture that is looked at; of all of them the job's."""
        found, shown = self.view.found, self.view.shown
        if found is None:
            return
        folder: Path = found.folder
        if shown is not None and self.view.looks != ALL_PICTURES and len(shown.pictures) == 1:
            folder = shown.pictures[0].path.parent
        self.folder_wanted.emit(folder)

    def _review(self) -> None:
        if self.view.job_id is not None and self.view.number is not None:
            self.review_wanted.emit(self.view.job_id, self.view.number)

    def _say(self, text: str) -> None:
        self.noticed.emit(Notice("info", text))
