"""What is known about one model, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from codefx_desktop.ui.chips import Chips
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.model_parts import CopyRows, boxed, heading, scrolled
from codefx_desktop.ui.models import model_words, words
from codefx_desktop.ui.widgets import row_layout, section, tool_button, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.models import Model
    from codefx_desktop.ui.theme import Theme


class ModelDetails(QWidget):
    """One model.

    Args:
        theme: The theme.
    """

    show_wanted = Signal(object)
    """Show this file in the file manager."""
    remove_wanted = Signal(object)
    """Remove this model, after asking."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model: Model | None = None
        self.name = heading()
        self.summary = wrapped("", "muted")
        self.taken = wrapped()
        self.trouble = wrapped()
        self.classes_title = section("Classes")
        self.copy_classes = tool_button("copy", "Copy classes", theme)
        self.classes = Chips("Classes", theme)
        self.file = CopyRows(("Path", "Size", "SHA-256"), theme, plain=("Size",))
        self.places = wrapped("", "muted")
        self.uses = wrapped()
        self.show_button = _button("Show in folder", "folder", theme)
        self.copy_button = _button("Copy path", "copy", theme)
        self.remove_button = _button("Remove…", "trash", theme)
        self._lay_out()
        self.copy_classes.clicked.connect(self._copy_classes)
        self.copy_button.clicked.connect(lambda: self.file.copy("Path"))
        self.show_button.clicked.connect(self._show)
        self.remove_button.clicked.connect(self._remove)

    @property
    def path(self) -> Path | None:
        """The file that is shown."""
        return self._model.path if self._model else None

    def show_model(self, model: Model) -> None:
        """Show this model."""
        if model == self._model:
            return
        self._model = model
        facts = model.facts
        self.name.say(model.name)
        self.summary.setText(model_words.summary(model))
        self.taken.setText(model_words.taken_sentence(model))
        self._taken_box.setVisible(bool(model.roles))
        self.trouble.setText(model_words.trouble(model))
        self._trouble_box.setVisible(bool(model_words.trouble(model)))
        self._classes_box.setVisible(facts is not None)
        if facts is not None:
            self.classes_title.setText(f"Classes ({words.count(len(facts.class_names))})")
            self.classes.show_words(facts.class_names)
        self.file.say("Path", str(model.path))
        is_there = not model_words.is_missing(model)
        self.file.say("Size", _exact(model.size_bytes) if is_there else words.NONE)
        self.file.say("SHA-256", facts.sha256 if facts else words.NONE)
        self.places.setText(model_words.places(model))
        self.uses.setText(model_words.uses(model))
        self.show_button.setEnabled(is_there)
        self.remove_button.setVisible(model.can_be_removed)

    def _lay_out(self) -> None:
        self._taken_box = boxed("goodBox", self.taken)
        self._trouble_box = boxed("noteBox", self.trouble)
        self._classes_box = QWidget()
        classes = QVBoxLayout(self._classes_box)
        classes.setContentsMargins(0, 10, 0, 0)
        classes.setSpacing(6)
        title = row_layout(self.classes_title, self.copy_classes, spacing=4)
        title.addStretch(1)
        classes.addLayout(title)
        classes.addWidget(self.classes)
        column = QVBoxLayout()
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(6)
        column.addWidget(self.name)
        column.addWidget(self.summary)
        column.addSpacing(4)
        column.addWidget(self._taken_box)
        column.addWidget(self._trouble_box)
        column.addWidget(self._classes_box)
        parts: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("File", (self.file, self.places)),
            ("Used by", (self.uses,)),
        )
        for title_text, contents in parts:
            column.addSpacing(10)
            column.addWidget(section(title_text))
            for widget in contents:
                column.addWidget(widget)
        column.addStretch(1)
        buttons = row_layout(self.show_button, self.copy_button)
        buttons.addStretch(1)
        buttons.addWidget(self.remove_button)
        buttons.setContentsMargins(24, 8, 24, 16)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled(column), 1)
        whole.addLayout(buttons)

    def _copy_classes(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.classes.words))

    def _show(self) -> None:
        if self._model is not None:
            self.show_wanted.emit(self._model.path)

    def _remove(self) -> None:
        if self._model is not None:
            self.remove_wanted.emit(self._model)


def _button(text: str, glyph: str, theme: Theme) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    wear(button, glyph, theme)
    return button


def _exact(size_bytes: int) -> str:
    return f"{words.size(size_bytes)} ({words.count(size_bytes)} bytes)"
