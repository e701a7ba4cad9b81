"""The Review workspace without a clip: what can be viewed; and a clip that is being opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.drop_target import paint_drop_frame
from codefx_desktop.ui.icons import draw, wear
from codefx_desktop.ui.models import words
from codefx_desktop.ui.widgets import row_layout, section, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.recent_clips import RecentClips
    from codefx_desktop.ui.theme import Theme

_WIDTH = 520
_RECENT = 6
_NAME_LENGTH = 56


class StartPage(QWidget):
    """Drop a clip here, choose one, or take up one that was viewed lately.

    Args:
        recent: The clips viewed lately.
        theme: The theme.
    """

    choose_wanted = Signal()
    sample_wanted = Signal()
    view_wanted = Signal(object)
    job_wanted = Signal(str)

    def __init__(self, recent: RecentClips, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._recent, self._theme = recent, theme
        self._job_id, self._offered = "", ("", "")
        self.choose_button = QPushButton("View clip…")
        self.choose_button.setProperty("primary", True)
        self.choose_button.setAccessibleName("View clip")
        self.choose_button.clicked.connect(self.choose_wanted)
        self.sample_button = QPushButton("View the sample stop")
        self.sample_button.clicked.connect(self.sample_wanted)
        self.job_button = QPushButton()
        self.job_button.setProperty("primary", True)
        self.job_button.setToolTip("The job in focus, frame by frame, with what was found over it")
        self.job_button.clicked.connect(lambda: self.job_wanted.emit(self._job_id))
        self.job_button.hide()
        wear(self.job_button, "view", theme)
        wear(self.choose_button, "folder", theme)
        wear(self.sample_button, "view", theme)
        self._title = section("Viewed lately")
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self._buttons: list[QToolButton] = []
        _centred(self, self._column())
        recent.changed.connect(self._show)
        self._show()

    def recent_buttons(self) -> tuple[QToolButton, ...]:
        """Return the buttons of the clips viewed lately."""
        return tuple(self._buttons)

    def offer(self, job_id: str, name: str) -> None:
        """Offer to review a job; none of it with empty names."""
        if (job_id, name) == self._offered:
            return  # asked whenever anything of the job changes
        self._job_id, self._offered = job_id, (job_id, name)
        text = f"Review {words.shortened(name, _NAME_LENGTH)}"
        self.job_button.setText(text.replace("&", "&&"))
        self.job_button.setAccessibleName(f"Review {name}")
        self.job_button.setVisible(bool(job_id))
        # One button is the one to press.
        self.choose_button.setProperty("primary", not job_id)
        self.choose_button.style().polish(self.choose_button)
        wear(self.choose_button, "folder", self._theme)  # its colour is that of the ground it is on

    def front_button(self) -> QPushButton:
        """Return the button that a person most likely wants."""
        return self.choose_button if self.job_button.isHidden() else self.job_button

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed frame that says: this is where to drop."""
        super().paintEvent(event)
        paint_drop_frame(self, self._theme)

    def _column(self) -> QVBoxLayout:
        text = wrapped(
            "Any frame of any clip, exact, with its own time. Clips are read where they are "
            "and never changed.",
            "muted",
        )
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = _head(Glyph("view", self._theme), "Drop a clip here to view it")
        column.addWidget(text)
        column.addSpacing(12)
        row = row_layout(self.choose_button, self.sample_button, spacing=12)
        row.insertStretch(0, 1)
        row.addStretch(1)
        column.addWidget(self.job_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(row)
        column.addSpacing(20)
        column.addWidget(self._title)
        column.addLayout(self._list)
        return column

    def _show(self) -> None:
        for button in self._buttons:
            self._list.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons.clear()
        paths = self._recent.paths()[:_RECENT]
        self._title.setVisible(bool(paths))
        for path in paths:
            button = QToolButton()
            button.setText(words.shortened(path.name, _NAME_LENGTH).replace("&", "&&"))
            button.setToolTip(str(path))
            button.setAccessibleName(f"View {path.name}")
            button.setProperty("labelled", True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _on=False, path=path: self.view_wanted.emit(path))
            wear(button, "film", self._theme)
            self._list.addWidget(button)
            self._buttons.append(button)


class OpeningPage(QWidget):
    """A clip whose packets are being read.

    Args:
        view: The clip in view.
        theme: The theme.
    """

    def __init__(self, view: ClipView, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("The clip is being opened")
        self._view = view
        self.title = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of opening the clip")
        self.leave_button = QPushButton("Leave (Esc)")
        self.leave_button.setAccessibleName("Leave")
        self.leave_button.clicked.connect(view.leave)
        text = wrapped("Its packets are read once, so that every frame has its true time.", "muted")
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = _head(Glyph("film", theme), "", self.title)
        column.addWidget(text)
        column.addSpacing(12)
        column.addWidget(self.bar)
        column.addSpacing(12)
        column.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignHCenter)
        _centred(self, column)
        view.progressed.connect(self._show)
        view.phased.connect(self._show)

    def _show(self) -> None:
        path = self._view.path
        name = words.shortened(path.name, _NAME_LENGTH) if path else ""
        self.title.setText(f"Opening {name}   {words.percent(self._view.fraction)}")
        self.bar.setValue(int(self._view.fraction * 1000))


class FailedPage(QWidget):
    """A clip that cannot be viewed: why, and what can be done.

    Args:
        view: The clip in view.
        theme: The theme.
    """

    choose_wanted = Signal()
    locate_wanted = Signal()
    """The clip of a job is somewhere else."""

    def __init__(self, view: ClipView, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
        self.title = QLabel()
        self.text = wrapped()
        self.text.setAccessibleName("Why the clip cannot be viewed")
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.retry_button = QPushButton("Try again")
        self.retry_button.clicked.connect(view.retry)
        self.choose_button = QPushButton("View another clip…")
        self.choose_button.clicked.connect(self.choose_wanted)
        self.locate_button = QPushButton("Locate it…")
        self.locate_button.setToolTip("The clip was moved or renamed: say where it is now")
        self.locate_button.clicked.connect(self.locate_wanted)
        wear(self.retry_button, "retry", theme)
        wear(self.locate_button, "search", theme)
        wear(self.choose_button, "folder", theme)
        column = _head(Glyph("failed", theme, tone="error"), "", self.title)
        column.addWidget(self.text)
        column.addSpacing(12)
        buttons = (self.retry_button, self.locate_button, self.choose_button)
        row = row_layout(*buttons, spacing=12)
        row.insertStretch(0, 1)
        row.addStretch(1)
        column.addLayout(row)
        _centred(self, column)
        view.phased.connect(self._show)

    def _show(self) -> None:
        path, trouble = self._view.path, self._view.trouble
        if path is not None and trouble is not None:
            self.title.setText(f"{words.shortened(path.name, _NAME_LENGTH)} cannot be viewed")
            self.text.setText(trouble.message)
            self.locate_button.setVisible(self._view.job_id is not None)


class Glyph(QWidget):
    """A large glyph.

    Args:
        name: The glyph.
        theme: The theme.
        tone: The colour's name in the theme.
    """

    def __init__(self, name: str, theme: Theme, *, tone: str = "accent") -> None:
        super().__init__()
        self._name, self._theme, self._tone = name, theme, tone
        self.setFixedSize(QSize(56, 56))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the glyph."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        color = QColor(getattr(tokens, self._tone))
        draw(painter, QRectF(self.rect()), self._name, color, QColor(tokens.surface))
        painter.end()


def _head(glyph: QWidget, text: str, title: QLabel | None = None) -> QVBoxLayout:
    """Return a column that begins with a glyph and a large title."""
    title = title or QLabel()
    title.setText(text)
    title.setTextFormat(Qt.TextFormat.PlainText)
    title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    font = title.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    font.setBold(True)
    title.setFont(font)
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addWidget(glyph, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addSpacing(4)
    column.addWidget(title)
    return column


def _centred(page: QWidget, column: QVBoxLayout) -> None:
    """Put a column of one width into the middle of a page."""
    middle = QWidget()
    middle.setFixedWidth(_WIDTH)
    column.setContentsMargins(24, 16, 24, 16)
    middle.setLayout(column)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addStretch(1)
    outer.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
    outer.addStretch(1)
