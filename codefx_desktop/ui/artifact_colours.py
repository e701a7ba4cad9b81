"""Colours of JSON and TOON: keys, texts, and words such as ``null``; numbers stay as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QTextCharFormat, QTextLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit

    from codefx_desktop.ui.theme import Theme

_TEXT: Final = r'"(?:[^"\\]|\\.)*"'
_CUT: Final = r'"(?:[^"\\]|\\.)*$'
"""A text that is cut off, as lines are that nobody would read to their end."""
_WORD: Final = r"(?<![\w.-])(?:null|true|false)(?![\w.-])"
_MORE: Final = r"… [\d,]+ more .*"
_REST: Final = rf"(?P<text>{_TEXT}|{_CUT})|(?P<word>{_WORD})|(?P<more>{_MORE})"
JSON_PARTS: Final = re.compile(rf"(?P<key>{_TEXT})(?=:)|{_REST}")
TOON_PARTS: Final = re.compile(
    rf"(?P<key>^\s*(?:- )?(?:{_TEXT}|[A-Za-z_][\w.]*)(?=(?:\[\d+[^\]]*\])?(?:{{[^}}]*}})?:))"
    rf"|(?P<head>(?<=[\w\"])\[\d+[^\]]*\](?={{|:)|{{[^}}]*}}(?=:))|{_REST}"
)


class ArtifactColours(QObject):
    """Colours the lines of a text that are in sight, in the theme's own colours.

    A ``QSyntaxHighlighter`` colours every line whenever the text changes, which for the hundreds
    of lines of a frame takes as long as all the rest of showing it.

    Args:
        edit: Where the text stands; its lines are not wrapped.
        parts: What its parts are: groups ``key``, ``text``, ``word``, ``more``, ``head``.
        theme: The theme.
    """

    def __init__(self, edit: QPlainTextEdit, parts: re.Pattern[str], theme: Theme) -> None:
        super().__init__(edit)
        self._edit, self._parts, self._theme = edit, parts, theme
        self._done: set[int] = set()
        self._formats = self._made()
        edit.textChanged.connect(self._begin)
        edit.verticalScrollBar().valueChanged.connect(self.colour)
        edit.verticalScrollBar().rangeChanged.connect(self.colour)  # more or fewer lines in sight
        theme.changed.connect(self._on_theme)

    def colour(self) -> None:
        """Colour the lines that are in sight and not yet coloured."""
        edit = self._edit
        first = edit.verticalScrollBar().value()
        count = edit.viewport().height() // max(1, edit.fontMetrics().lineSpacing()) + 2
        document = edit.document()
        for number in range(first, first + count):
            if number in self._done:
                continue
            block = document.findBlockByNumber(number)
            if not block.isValid():
                return
            self._done.add(number)
            block.layout().setFormats(self._ranges(block.text()))
            document.markContentsDirty(block.position(), block.length())

    def _ranges(self, text: str) -> list[QTextLayout.FormatRange]:
        ranges = []
        for match in self._parts.finditer(text):
            part = QTextLayout.FormatRange()
            part.start, part.length = match.start(), match.end() - match.start()
            part.format = self._formats[str(match.lastgroup)]
            ranges.append(part)
        return ranges

    def _begin(self) -> None:
        self._done.clear()
        self.colour()

    def _on_theme(self) -> None:
        self._formats = self._made()
        self._begin()

    def _made(self) -> dict[str, QTextCharFormat]:
        tokens = self._theme.tokens
        made = {}
        for name, color in (
            ("key", tokens.accent),
            ("text", tokens.ok),
            ("word", tokens.warning),
            ("head", tokens.muted),
            ("more", tokens.muted),
        ):
            look = QTextCharFormat()
            look.setForeground(QColor(color))
            look.setFontItalic(name == "more")
            made[name] = look
        return made
