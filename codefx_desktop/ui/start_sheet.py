"""The start sheet: what was dropped, what it is, what to look for; filled in once for all of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.clip import CLIP_SUFFIXES
from codefx_desktop.ui.artifact_choice_box import ArtifactChoiceBox
from codefx_desktop.ui.metadata_form import MetadataForm
from codefx_desktop.ui.models import words
from codefx_desktop.ui.more_box import MoreBox
from codefx_desktop.ui.plan_box import PlanBox
from codefx_desktop.ui.profile_row import ProfileRow
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, section, tool_button

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.domain.ports import DeviceInfo
    from codefx_desktop.jobs.messages import StartDefaults
    from codefx_desktop.ui.cameras import Cameras
    from codefx_desktop.ui.models.start_form import StartForm
    from codefx_desktop.ui.theme import Theme

_LIST_ROWS = 4
_WIDTH = 1040
_BESIDE = 40
"""Pixels of the screen that stay free on each side: for the frame of the sheet, and to show that
the window is still there."""


class StartSheet(QDialog):
    """Asks once for everything that the clips share, then says so.

    Args:
        form: The choices.
        device: The device that was found, to offer it by name.
        theme: The theme.
        parent: The window.
    """

    start_wanted = Signal()

    def __init__(
        self, form: StartForm, device: DeviceInfo | None, theme: Theme, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.form = form
        self._theme = theme
        self.setWindowTitle("Start analysis")
        self.setMinimumWidth(860)
        self.metadata = MetadataForm()
        self.profile = ProfileRow(form.profile, theme)
        self.plan = PlanBox(form)
        self.artifacts = ArtifactChoiceBox(form)
        self.more = MoreBox(form, device)
        self._name_fields()
        self._lay_out()
        self.more_button.toggled.connect(self._show_more)
        form.changed.connect(self._show_state)
        self._show_state()
        self.metadata.series.setFocus()
        self.resize(self.sizeHint())

    def begin_from(self, defaults: StartDefaults) -> None:
        """Fill in what the last job had."""
        self.form.begin_from(defaults)
        self.metadata.offer(defaults.series, defaults.races)
        self.metadata.set_value(defaults.metadata)

    def offer_models(self, action: QAction) -> None:
        """Offer the models, by their key and by a button where weights are missing.

        Args:
            action: Shows them.
        """

        def show() -> None:
            self._let_others_in()
            action.trigger()

        for box in (self.plan.weights, self.plan.segment_weights):
            box.offer_models()
            box.models_wanted.connect(show)
        QShortcut(action.shortcut(), self, show)

    def offer_cameras(self, cameras: Cameras) -> None:
        """Offer cameras, zones and templates where they are chosen.

        Args:
            cameras: Shows them.
        """
        plan, stops = self.form.plan, self.plan.stops

        def show() -> None:
            self._let_others_in()
            clip = next(iter(self.form.clips), None)
            is_clip = clip is not None and clip.suffix.casefold() in CLIP_SUFFIXES
            cameras.show(clip if is_clip else None, camera=plan.camera.name)

        def show_templates() -> None:
            self._let_others_in()
            cameras.show_templates(plan.template)

        stops.cameras_wanted.connect(show)
        stops.templates_wanted.connect(show_templates)

    def _let_others_in(self) -> None:
        # A modal sheet would keep a person from using what is shown. Qt hears of another modality
        # only while a window is hidden.
        self.hide()
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.show()

    def accept(self) -> None:
        """Start, if nothing hinders it."""
        if self.form.hindrance:
            return
        self.form.metadata = self.metadata.value()
        self.start_wanted.emit()
        super().accept()

    def sizeHint(self) -> QSize:
        """All of it, as far as the screen goes."""
        room = self.screen().availableSize() - QSize(2 * _BESIDE, 2 * _BESIDE)
        return super().sizeHint().expandedTo(QSize(_WIDTH, 0)).boundedTo(room)

    def event(self, event: QEvent) -> bool:
        """Grow with what is shown; never shrink, so that nothing jumps about."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._grow()
        return done

    def changeEvent(self, event: QEvent) -> None:
        """Look for weights again when a person comes back: some may have been put there."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.form.look_for_weights()
            self._grow()

    def _grow(self) -> None:
        missing = self.sizeHint().height() - self.height()
        if missing <= 0:
            return
        if self.isVisible() and not self.isActiveWindow():
            return  # it may be on its way to its place, and a new size would keep it where it is
        self.resize(self.width(), self.height() + missing)
        screen = self.screen().availableGeometry()
        below = self.frameGeometry().bottom() + _BESIDE // 2 - screen.bottom()
        if below > 0:
            self.move(self.x(), max(screen.top(), self.y() - below))

    def _name_fields(self) -> None:
        """Have the fields at hand whichever box they stand in."""
        self.weights = self.plan.weights
        self.confidence, self.confidence_slider = self.plan.confidence, self.plan.confidence_slider
        self.iou, self.iou_slider = self.more.iou, self.more.iou_slider
        self.device, self.image_size = self.more.device, self.more.image_size
        self.quality = self.more.quality

    def _lay_out(self) -> None:
        self.hindrance = ElidedLabel()
        self.hindrance.setObjectName("muted")
        self.start_button = QPushButton("S&tart")
        self.start_button.setAccessibleName("Start")
        self.start_button.setProperty("primary", True)
        self.start_button.setDefault(True)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.start_button.clicked.connect(self.accept)
        buttons = row_layout(self.hindrance, cancel, self.start_button)
        buttons.setStretch(0, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 5)
        grid.addWidget(self._title(), 0, 0)
        grid.addWidget(self.profile, 0, 1)
        grid.addWidget(_Scroll(self._footage_side()), 1, 0)
        self._scroll = _Scroll(self._plan_side())
        grid.addWidget(self._scroll, 1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addLayout(grid, 1)
        column.addLayout(buttons)

    def _title(self) -> QLabel:
        self._headline = QLabel()
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        font.setBold(True)
        self._headline.setFont(font)
        return self._headline

    def _footage_side(self) -> QWidget:
        side = QWidget()
        column = _column(side)
        column.addWidget(self._clip_list())
        column.addSpacing(8)
        column.addWidget(section("Metadata of all these clips" if self._many else "Metadata"))
        column.addWidget(self.metadata)
        column.addSpacing(8)
        column.addWidget(section("Artifacts: pictures, JSON and TOON"))
        column.addWidget(self.artifacts)
        column.addStretch(1)
        return side

    def _plan_side(self) -> QWidget:
        self.more_button = tool_button(
            "chevron-right", "More options", self._theme, checked="chevron-down", text="More"
        )
        self.more_button.setProperty("disclosure", True)
        self.more.hide()
        side = QWidget()
        column = _column(side)
        column.addWidget(section("Look for"))
        column.addWidget(self.plan)
        column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.more)
        column.addStretch(1)
        return side

    @property
    def _many(self) -> bool:
        return len(self.form.clips) > 1

    def _clip_list(self) -> QListWidget:
        self.clips = QListWidget()
        self.clips.setAccessibleName("Clips")
        self.clips.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.clips.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.clips.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for path in self.form.clips:
            item = QListWidgetItem(path.name or str(path))
            item.setToolTip(str(path))
            self.clips.addItem(item)
        rows = min(max(1, self.clips.count()), _LIST_ROWS)
        self.clips.ensurePolished()
        self.clips.setFixedHeight(rows * max(1, self.clips.sizeHintForRow(0)) + 12)
        return self.clips

    def _show_state(self) -> None:
        self._headline.setText(f"Analyse {words.clips(self.form.clip_count)}")
        self.hindrance.say(self.form.hindrance)
        self.start_button.setEnabled(not self.form.hindrance)

    def _show_more(self, on: bool) -> None:
        self.more.setVisible(on)
        if on:  # once the layout has found room for it
            QTimer.singleShot(0, self._scroll, lambda: self._scroll.ensureWidgetVisible(self.more))


class _Scroll(QScrollArea):
    """Shows a side whole where there is room, and lets it be scrolled where there is none."""

    def __init__(self, side: QWidget) -> None:
        super().__init__()
        self._side = side
        self.setWidget(side)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the field that has the focus
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        side.setAutoFillBackground(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell the layout when the side asks for another size."""
        if watched is self._side and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """As large as what it shows."""
        return self._side.sizeHint()


def _column(side: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


def clip_paths(texts: list[str]) -> tuple[Path, ...]:
    """Return the paths that a file dialog gave."""
    return tuple(Path(text) for text in texts)
