"""A frame's analysis as JSON and as TOON, side by side and scrolled as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.artifact_colours import JSON_PARTS, TOON_PARTS, ArtifactColours
from codefx_desktop.ui.models.artifact_facts import json_size, toon_size
from codefx_desktop.ui.models.side_by_side import SideBySide
from codefx_desktop.ui.theme import mixed
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, section, wrapped

if TYPE_CHECKING:
    import re

    from codefx_desktop.jobs.artifact_values import ArtifactText, ShownArtifact
    from codefx_desktop.ui.theme import Theme


class TextPane(QWidget):
    """One of the two texts, with its size above and what is wrong with it.

    Args:
        name: Its format.
        parts: What is coloured.
        copy_button: Copies it.
        theme: The theme.
    """

    def __init__(
        self, name: str, parts: re.Pattern[str], copy_button: QToolButton, theme: Theme
    ) -> None:
        super().__init__()
        self._shown = ""
        self.figure = ElidedLabel()
        self.figure.setObjectName("muted")
        self.edit = QPlainTextEdit()
        self.edit.setReadOnly(True)
        self.edit.setUndoRedoEnabled(False)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.edit.setAccessibleName(f"{name} of the frame")
        self.edit.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.edit.document().setDocumentMargin(8)
        self.colours = ArtifactColours(self.edit, parts, theme)
        self.trouble = wrapped()
        self.trouble.setAccessibleName(f"What is wrong with the {name}")
        self._trouble_box = QFrame()
        self._trouble_box.setObjectName("noteBox")
        inside = QVBoxLayout(self._trouble_box)
        inside.setContentsMargins(12, 6, 12, 6)
        inside.addWidget(self.trouble)
        self._trouble_box.hide()
        title: QLabel = section(name)
        head = row_layout(title, self.figure, copy_button, spacing=8)
        head.setStretch(1, 1)
        head.setContentsMargins(12, 4, 6, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._trouble_box)
        column.addWidget(self.edit, 1)

    def show_text(self, text: ArtifactText, size: str) -> None:
        """Show a text; one that is shown already stays where it is scrolled to."""
        self.figure.say(size, str(text.path))
        self.trouble.setText(text.trouble)
        self._trouble_box.setVisible(bool(text.trouble))
        if text.shown != self._shown:
            self._shown = text.shown
            self.edit.setPlainText(text.shown)

    def clear(self) -> None:
        """Show nothing."""
        self.figure.say("")
        self._trouble_box.hide()
        self._shown = ""
        self.edit.clear()


class ArtifactTexts(QSplitter):
    """JSON at the left, TOON at the right; what says the same stays side by side.

    Args:
        copy_json: Copies the JSON.
        copy_toon: Copies the TOON.
        theme: The theme.
    """

    def __init__(self, copy_json: QToolButton, copy_toon: QToolButton, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self.json = TextPane("JSON", JSON_PARTS, copy_json, theme)
        self.toon = TextPane("TOON", TOON_PARTS, copy_toon, theme)
        self._pairs = SideBySide()
        self._is_following = False
        self.setChildrenCollapsible(False)
        for pane in (self.json, self.toon):
            self.addWidget(pane)
            pane.edit.verticalScrollBar().valueChanged.connect(lambda _v, p=pane: self._scroll(p))
            pane.edit.cursorPositionChanged.connect(lambda p=pane: self._mark(p))
        theme.changed.connect(self._unmark)

    def show_frame(self, shown: ShownArtifact | None) -> None:
        """Show what is said about a frame, at the place in the text where the last one was."""
        if shown is None:
            self.json.clear()
            self.toon.clear()
            return
        self._unmark()
        before = self.json.edit.verticalScrollBar().value()
        self._pairs = SideBySide(shown.anchors)
        self._is_following = True
        self.json.show_text(shown.json, json_size(shown.json))
        self.toon.show_text(shown.toon, toon_size(shown.json, shown.toon))
        self._is_following = False
        bar = self.json.edit.verticalScrollBar()
        bar.setValue(before)
        self._scroll(self.json)

    def _scroll(self, moved: TextPane) -> None:
        """Bring the other text to where the one that was moved is."""
        if self._is_following:
            return
        bars = [pane.edit.verticalScrollBar() for pane in (self.json, self.toon)]
        pairs = self._pairs.within(bars[0].maximum(), bars[1].maximum())
        self._is_following = True
        if moved is self.json:
            bars[1].setValue(pairs.right_of(bars[0].value()))
        else:
            bars[0].setValue(pairs.left_of(bars[1].value()))
        self._is_following = False

    def _mark(self, chosen: TextPane) -> None:
        """Mark the line with the cursor and, at the same height, the one that says the same."""
        if not chosen.edit.hasFocus():
            return  # nobody put it there
        line = chosen.edit.textCursor().blockNumber()
        if chosen is self.json:
            lines = (line, self._pairs.right_of(line))
        else:
            lines = (self._pairs.left_of(line), line)
        tokens = self._theme.tokens
        ground = mixed(tokens.surface, tokens.accent, 0.14)
        height = line - chosen.edit.verticalScrollBar().value()
        for pane, number in zip((self.json, self.toon), lines, strict=True):
            pane.edit.setExtraSelections([_line(pane.edit, number, ground)])
            if pane is not chosen:
                self._is_following = True
                pane.edit.verticalScrollBar().setValue(number - height)
                self._is_following = False

    def _unmark(self) -> None:
        for pane in (self.json, self.toon):
            pane.edit.setExtraSelections([])


def _line(edit: QPlainTextEdit, number: int, ground: QColor) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    selection.cursor = QTextCursor(edit.document().findBlockByNumber(number))
    selection.format.setBackground(ground)
    selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return selection
