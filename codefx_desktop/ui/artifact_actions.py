"""What can be done with the artifacts in view, from menu, keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup

from codefx_desktop.jobs.artifact_values import ArtifactFile
from codefx_desktop.ui.keyed_action import KeyedActions
from codefx_desktop.ui.models.artifact_facts import PICTURE_WORDS
from codefx_desktop.ui.models.artifact_view import ALL_PICTURES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.artifact_view import ArtifactView
    from codefx_desktop.ui.theme import Theme

_LOOK_KEYS = {
    ArtifactFile.ORIGINAL: "O",
    ArtifactFile.DETECTED: "D",
    ArtifactFile.SEGMENTED: "S",
    ArtifactFile.FACE: "P",
}


class ArtifactActions:
    """Off while there is no frame or another workspace is in front.

    Args:
        window: Owns the actions; their keys work in all of it.
        view: The artifacts in view.
        theme: The theme.
        export: Exports the job; works in other workspaces, too.
    """

    def __init__(self, window: QWidget, view: ArtifactView, theme: Theme, export: QAction) -> None:
        self._view = view
        self.export = export
        self._in_front = False
        self._new = KeyedActions(window, theme)
        make = self._new.make
        self.back = make("Former frame", "", "Left")
        self.forward = make("Next frame", "", "Right")
        self.go_to = make("Go to frame", "", "G")
        self.looks = QActionGroup(window)
        self._look(ALL_PICTURES, "All pictures", "A")
        for kind, key in _LOOK_KEYS.items():
            self._look(kind, PICTURE_WORDS[kind], key)
        self.copy_picture = make("Copy picture", "copy", "Ctrl+Shift+C")
        self.copy_json = make("Copy JSON", "copy", "Ctrl+Shift+J")
        self.copy_toon = make("Copy TOON", "copy", "Ctrl+Shift+T")
        self.files = make("Show in the file manager", "folder", "Ctrl+Shift+F")
        self.review = make("Open the frame in Review", "view", "R")
        self.review.setIconText(" Review")
        self.back.triggered.connect(lambda: view.step(-1))
        self.forward.triggered.connect(lambda: view.step(1))
        self.looks.triggered.connect(lambda action: view.look_at(ArtifactFile(action.data())))
        for changed in (view.listed, view.shown_changed, view.looked):
            changed.connect(self.settle)
        self.settle()

    def all(self) -> tuple[QAction, ...]:
        """Return all of them, for the list of keys."""
        moving = (self.back, self.forward, self.go_to)
        return (*moving, *self.looks.actions(), *self.doing())

    def doing(self) -> tuple[QAction, ...]:
        """Return what is done with a frame."""
        return self.copy_picture, self.copy_json, self.copy_toon, self.files, self.review

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu."""
        menu.addActions([self.back, self.forward, self.go_to])
        menu.addSeparator()
        menu.addActions(self.looks.actions())
        menu.addSeparator()
        menu.addActions([self.copy_picture, self.copy_json, self.copy_toon])
        menu.addSeparator()
        menu.addActions([self.files, self.review])
        menu.addSeparator()
        menu.addAction(self.export)

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace of the artifacts is the one in front."""
        self._in_front = in_front
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        view, shown = self._view, self._view.shown
        has_rows = self._in_front and view.rows.rowCount() > 0
        for action in (self.back, self.forward, self.go_to, self.review, self.files):
            action.setEnabled(has_rows)
        there = view.pictures()
        for action in self.looks.actions():
            kind = ArtifactFile(action.data())
            action.setVisible(kind == ALL_PICTURES or kind in there)
            action.setEnabled(has_rows and (kind == ALL_PICTURES or kind in there))
            action.setChecked(kind == view.looks)
        pictures = shown.pictures if shown is not None else ()
        self.copy_picture.setEnabled(has_rows and any(p.pixels is not None for p in pictures))
        self.copy_json.setEnabled(has_rows and shown is not None and bool(shown.json.text))
        self.copy_toon.setEnabled(has_rows and shown is not None and bool(shown.toon.text))

    def _look(self, kind: ArtifactFile, text: str, key: str) -> None:
        action = self._new.make_switch(text, "", key)
        action.setData(int(kind))
        self.looks.addAction(action)
