"""Everything known about the clip in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models.clip_facts import (
    as_text,
    camera_facts,
    file_facts,
    frame_facts,
    picture_facts,
    time_facts,
    verdict_glyph,
    verdict_sentence,
    verdict_word,
)
from codefx_desktop.ui.models.facts import Fact
from codefx_desktop.ui.proxy_box import ProxyBox
from codefx_desktop.ui.widgets import FactList, row_layout, section, tool_button, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.theme import Theme

AFTER_MS = 30
_GROUPS = ("Frame in view", "Time", "Picture", "File", "Camera")


class ClipPanel(QWidget):
    """Verdict first, then the frame in view, the proxy, and the facts.

    Args:
        view: The clip in view.
        theme: The theme.
    """

    def __init__(self, view: ClipView, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
        self.shape = _VerdictShape(theme)
        self.verdict = wrapped()
        font = self.verdict.font()
        font.setBold(True)
        self.verdict.setFont(font)
        self.message = wrapped()
        self.proxy = ProxyBox(view)
        self.lists = {name: FactList() for name in _GROUPS}
        self._titles = {name: section(name) for name in _GROUPS}
        self.copy_button = tool_button("copy", "Copy all facts", theme)
        self.copy_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.copy_button.clicked.connect(self.copy)
        self._lay_out()
        view.phased.connect(self._show_clip)
        # What is read in words comes when the picture is painted: it need not wait for them.
        self._after = QTimer(self)
        self._after.setSingleShot(True)
        self._after.setInterval(AFTER_MS)
        self._after.timeout.connect(self._show_frame)
        view.pictured.connect(self._on_picture)
        self._show_clip()

    def groups(self) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
        """Return all facts under their titles."""
        clip, shown = self._view.clip, self._view.shown
        if clip is None:
            return ()
        frame = frame_facts(shown.frame, clip.info, clip.index) if shown else ()
        facts = (
            frame,
            time_facts(clip.info, clip.index),
            picture_facts(clip.info),
            file_facts(clip.info),
            camera_facts(clip.info),
        )
        return tuple(zip(_GROUPS, facts, strict=True))

    def copy(self) -> None:
        """Put all facts on the clipboard as lines."""
        clip = self._view.clip
        if clip is None:
            return
        verdict = Fact(verdict_word(clip.info.verdict), verdict_sentence(clip.info))
        QGuiApplication.clipboard().setText(as_text((("Verdict", (verdict,)), *self.groups())))

    def _lay_out(self) -> None:
        body = QWidget()
        body.setObjectName("panel")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        head = row_layout(self.shape, self.verdict, spacing=6)
        head.setStretch(1, 1)
        column.addLayout(head)
        column.addWidget(self.message)
        for name in _GROUPS:
            column.addSpacing(8)
            column.addWidget(self._titles[name])
            column.addWidget(self.lists[name])
            if name == _GROUPS[0]:
                column.addSpacing(8)
                column.addWidget(section("Proxy"))
                column.addWidget(self.proxy)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        hint = wrapped("View a clip to see what is known about it.", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setMargin(24)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(hint)
        self._pages.addWidget(scroll)

    def _show_clip(self) -> None:
        clip = self._view.clip
        self._pages.setCurrentIndex(0 if clip is None else 1)
        self.copy_button.setEnabled(clip is not None)
        if clip is None:
            return
        info = clip.info
        self.shape.show_verdict(info.verdict)
        self.verdict.setText(verdict_word(info.verdict))
        self.message.setText(verdict_sentence(info))
        self._fill(_GROUPS)

    def _on_picture(self) -> None:
        if not self._after.isActive():  # of pictures that follow each other quickly not each one
            self._after.start()

    def _show_frame(self) -> None:
        if self._view.clip is not None:
            self._fill(_GROUPS[:1])

    def _fill(self, names: tuple[str, ...]) -> None:
        for name, facts in self.groups():
            if name in names:
                self.lists[name].show_facts(facts)
                self.lists[name].setVisible(bool(facts))
                self._titles[name].setVisible(bool(facts))


class _VerdictShape(QWidget):
    """The shape that stands for a verdict, in its colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._verdict = Verdict.OK
        self.setFixedSize(QSize(18, 18))

    def show_verdict(self, verdict: Verdict) -> None:
        """Show this verdict."""
        self._verdict = verdict
        self.setAccessibleName(verdict_word(verdict))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        del event
        tokens = self._theme.tokens
        colors = {
            Verdict.OK: tokens.ok,
            Verdict.PARTIAL: tokens.warning,
            Verdict.ERROR: tokens.error,
        }
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        color, ground = QColor(colors[self._verdict]), QColor(tokens.surface)
        draw(painter, box, verdict_glyph(self._verdict), color, ground)
        painter.end()
