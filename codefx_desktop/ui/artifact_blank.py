"""What the Artifacts workspace says where no frame can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models.artifact_facts import ACTION_WORDS, NO_JOB
from codefx_desktop.ui.widgets import ElidedLabel, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.artifact_facts import Blank
    from codefx_desktop.ui.theme import Theme

WIDTH_PX: Final = 520


class BlankPage(QWidget):
    """Why there is nothing to see, and what can be done.

    Args:
        theme: The theme.
    """

    pressed = Signal(str)
    """The button: ``again`` or ``history``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._action = ""
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("There are no artifacts to show")
        self.glyph = _Glyph(theme)
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        self.title.setFont(font)
        self.job = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.job.setObjectName("muted")
        self.text = wrapped("", "muted")
        self.text.setAccessibleName("Why there are no artifacts")
        self.button = QPushButton(ACTION_WORDS["again"])
        self.button.clicked.connect(lambda: self.pressed.emit(self._action))
        for label in (self.title, self.job, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle = QWidget()
        middle.setFixedWidth(WIDTH_PX)
        column = QVBoxLayout(middle)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addWidget(self.glyph, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.job)
        column.addWidget(self.text)
        column.addSpacing(12)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)

    def show_blank(self, blank: Blank, job: str) -> None:
        """Say why there is nothing to see."""
        self.glyph.show_glyph(blank.glyph, blank.tone)
        self.title.setText(blank.title)
        self.job.say(job)
        self.job.setVisible(bool(job))
        self.text.setText(blank.text)
        self.text.setVisible(bool(blank.text))
        self._action = blank.action
        self.button.setText(ACTION_WORDS.get(blank.action, ""))
        self.button.setAccessibleName(ACTION_WORDS.get(blank.action, "Nothing to do"))
        self.button.setVisible(bool(blank.action))

    def take_keyboard(self) -> None:
        """Give the keyboard to what can be done here."""
        front = self.button if self.button.isVisible() else self
        front.setFocus(Qt.FocusReason.OtherFocusReason)


class _Glyph(QWidget):
    """A large glyph that can change."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name, self._tone = NO_JOB.glyph, NO_JOB.tone
        self.setFixedSize(QSize(56, 56))

    def show_glyph(self, name: str, tone: str) -> None:
        """Show another glyph, in a colour of the theme."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the glyph."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        color = QColor(getattr(tokens, self._tone))
        draw(painter, QRectF(self.rect()), self._name, color, QColor(tokens.surface))
        painter.end()
