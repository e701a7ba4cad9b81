"""Colours of JSON and TOON: keys, texts, and words such as ``null``; numbers stay as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

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


class ArtifactColours(QSyntaxHighlighter):
    """Colours a document in the theme's own colours, again when the theme changes.

    Args:
        document: The document; owns this.
        parts: What its parts are: groups ``key``, ``text``, ``word``, ``more``, ``head``.
        theme: The theme.
    """

    def __init__(self, document: QTextDocument, parts: re.Pattern[str], theme: Theme) -> None:
        super().__init__(document)
        self._parts, self._theme = parts, theme
        self._formats = self._made()
        theme.changed.connect(self._on_theme)

    def highlightBlock(self, text: str) -> None:
        """Colour a line."""
        for match in self._parts.finditer(text):
            look = self._formats[str(match.lastgroup)]
            self.setFormat(match.start(), match.end() - match.start(), look)

    def _on_theme(self) -> None:
        self._formats = self._made()
        self.rehighlight()

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
