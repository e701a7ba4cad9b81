"""The centre of the Artifacts workspace: frames, their pictures, what is said about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.jobs.artifact_values import ArtifactState
from codefx_desktop.ui.artifact_blank import BlankPage
from codefx_desktop.ui.artifact_list import ArtifactList
from codefx_desktop.ui.artifact_pictures import ArtifactPictures
from codefx_desktop.ui.artifact_texts import ArtifactTexts
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models.artifact_facts import (
    LOOKING,
    NO_JOB,
    STATE_GLYPHS,
    STATE_TONES,
    STATE_WORDS,
    Blank,
    blank_of,
    found_text,
    partial_text,
    place_texts,
    summary,
)
from codefx_desktop.ui.widgets import ElidedLabel, action_button, row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QAction

    from codefx_desktop.ui.artifact_actions import ArtifactActions
    from codefx_desktop.ui.models.artifact_view import ArtifactView
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.theme import Theme

LIST_PX: Final = 372
LEAST_PX: Final = 640
"""The workspaces share their place: what one of them needs at least is taken from all docks."""
_SPLITS: Final = ("artifacts/across", "artifacts/down", "artifacts/texts")


class ArtifactPage(QWidget):
    """Shows the artifacts in view; holds no rules.

    Args:
        view: The artifacts in view.
        book: The jobs, for their names.
        actions: What can be done with a frame.
        store: Where the sizes of the parts are kept between runs.
        theme: The theme.
    """

    review_wanted = Signal()
    """View the frame in its clip."""
    history_wanted = Signal()
    """Show the list of jobs."""

    def __init__(
        self,
        view: ArtifactView,
        book: JobBook,
        actions: ArtifactActions,
        store: QSettings,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._book, self._store = view, book, store
        self.head = _Head(_labelled(actions.export), theme)
        self.list = ArtifactList(view, theme)
        self.pictures = ArtifactPictures(theme)
        self.texts = ArtifactTexts(_button(actions.copy_json), _button(actions.copy_toon), theme)
        self.blank = BlankPage(theme)
        self.note = wrapped()
        self.note.setAccessibleName("Why the artifacts are not all there")
        self.found = ElidedLabel()
        self.found.setObjectName("muted")
        self._lay_out(actions)
        self._listen(actions)
        self._show_list()
        self._show_frame()

    def take_keyboard(self) -> None:
        """Give the keyboard to what is in front."""
        if self._pages.currentWidget() is self.blank:
            self.blank.take_keyboard()
        else:
            self.list.take_keyboard()

    def keep(self) -> None:
        """Write down how large the parts are."""
        for name, splitter in zip(_SPLITS, self._splitters(), strict=True):
            self._store.setValue(name, splitter.saveState())

    # -- building -----------------------------------------------------------------------------

    def _lay_out(self, actions: ArtifactActions) -> None:
        self._note_box = QFrame()
        self._note_box.setObjectName("noteBox")
        inside = QVBoxLayout(self._note_box)
        inside.setContentsMargins(12, 6, 12, 6)
        inside.addWidget(self.note)
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._down.addWidget(self._upper(actions))
        self._down.addWidget(self.texts)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._across.addWidget(self.list)
        self._across.addWidget(self._down)
        for splitter, sizes in ((self._down, [3, 2]), (self._across, [0, 1])):
            splitter.setChildrenCollapsible(False)
            for place, stretch in enumerate(sizes):
                splitter.setStretchFactor(place, stretch)
        self._across.setSizes([LIST_PX, 3 * LIST_PX])
        self._down.setSizes([600, 400])
        for name, splitter in zip(_SPLITS, self._splitters(), strict=True):
            if isinstance(state := self._store.value(name), QByteArray):
                splitter.restoreState(state)
        browser = QWidget()
        column = QVBoxLayout(browser)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._note_box)
        column.addWidget(self._across, 1)
        self.setMinimumWidth(LEAST_PX)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(browser)
        self._pages.addWidget(self.blank)

    def _upper(self, actions: ArtifactActions) -> QWidget:
        """Return the pictures with what is chosen about them above."""
        looks = row_layout(*(_look_button(action) for action in actions.looks.actions()), spacing=2)
        review = _labelled(actions.review)
        doing = row_layout(_button(actions.copy_picture), _button(actions.files), review, spacing=2)
        row = row_layout(spacing=8)
        row.setContentsMargins(8, 4, 6, 4)
        row.addLayout(looks)
        row.addWidget(self.found, 1)
        row.addLayout(doing)
        upper = QWidget()
        upper.setObjectName("panel")
        upper.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.pictures, 1)
        return upper

    def _splitters(self) -> tuple[QSplitter, ...]:
        return self._across, self._down, self.texts

    def _listen(self, actions: ArtifactActions) -> None:
        view = self._view
        view.listed.connect(self._show_list)
        view.shown_changed.connect(self._show_frame)
        view.looked.connect(lambda: self.pictures.set_kinds(view.kinds()))
        self._book.changed.connect(lambda job_id: self._show_list() if job_id == view.job_id else 0)
        self.pictures.stepped.connect(view.step)
        self.pictures.placed.connect(view.set_place)
        self.list.opened.connect(self.review_wanted)
        self.blank.pressed.connect(self._on_blank)
        actions.go_to.triggered.connect(lambda _on: self.list.number.start())

    # -- answers ------------------------------------------------------------------------------

    def _show_list(self) -> None:
        found, entry = self._view.found, self._book.get(self._view.job_id)
        if found is None or not len(found):
            self._show_blank(
                NO_JOB
                if self._view.job_id is None
                else LOOKING
                if found is None
                else blank_of(found)
            )
            return
        name = entry.record.input_filename if entry is not None else found.job_id
        self.head.say(name, found.state, summary(found), str(found.folder))
        note = partial_text(found)
        self.note.setText(note)
        self._note_box.setVisible(bool(note))
        self.pictures.set_kinds(self._view.kinds())
        if self._pages.currentIndex() != 0:
            had_keyboard = self.blank.hasFocus() or self.blank.button.hasFocus()
            self._pages.setCurrentIndex(0)
            if had_keyboard:
                self.take_keyboard()

    def _show_blank(self, blank: Blank) -> None:
        entry = self._book.get(self._view.job_id)
        self.blank.show_blank(blank, entry.record.input_filename if entry is not None else "")
        self._pages.setCurrentIndex(1)

    def _on_blank(self, action: str) -> None:
        if action == "history":
            self.history_wanted.emit()
        else:
            self._view.look_again()

    def _show_frame(self) -> None:
        shown = self._view.shown
        self.pictures.show_frame(shown, place_texts(shown) if shown is not None else ())
        self.texts.show_frame(shown)
        self.found.say(found_text(shown) if shown is not None else "")


class _Head(QWidget):
    """Whose artifacts these are, how they stand, how many there are; and what takes them all."""

    def __init__(self, export: QToolButton, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._state = ArtifactState.NONE
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.shape = _Shape(theme)
        self.state = QLabel()
        self.figures = QLabel()
        self.figures.setObjectName("muted")
        self.export = export
        row = row_layout(self.name, self.shape, self.state, self.figures, export, spacing=8)
        row.setStretch(0, 1)
        row.setContentsMargins(12, 3, 6, 3)
        self.setLayout(row)

    def say(self, name: str, state: ArtifactState, figures: str, folder: str) -> None:
        """Show a job's name, where its artifacts stand and how many there are."""
        self.name.say(name, folder)
        self.shape.show_state(state)
        self.state.setText(STATE_WORDS[state])
        self.figures.setText(figures)


class _Shape(QWidget):
    """The shape that stands for a state, in its colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state = ArtifactState.NONE
        self.setFixedSize(QSize(16, 16))
        theme.changed.connect(self.update)

    def show_state(self, state: ArtifactState) -> None:
        """Show this state."""
        self._state = state
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        color = QColor(getattr(tokens, STATE_TONES[self._state]))
        draw(painter, box, STATE_GLYPHS[self._state], color, QColor(tokens.surface))
        painter.end()


def _button(action: QAction) -> QToolButton:
    """Return a button that leaves the keyboard with the list when it is clicked."""
    button = action_button(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _labelled(action: QAction) -> QToolButton:
    button = _button(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setProperty("labelled", True)
    return button


def _look_button(action: QAction) -> QToolButton:
    button = _button(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setProperty("labelled", True)
    return button
