"""Classes and tracks of the job under review: what is drawn, in which colour, from how sure on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QColorDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.jobs.review_values import ReviewState
from codefx_desktop.ui.models.detection_tree import COUNT, NAME, WHEN, DetectionTree
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.theme import Theme

REST_MS: Final = 150
"""Sums are made anew when edits rest so long: a held key makes many."""
SWITCHES: Final = (
    ("boxes", "Boxes"),
    ("labels", "Labels"),
    ("trails", "Trails"),
    ("masks", "Masks"),
    ("faces", "Faces"),
    ("zones", "Zones"),
)
_STEPS: Final = 100
LOWEST: Final = 0.05
"""Nothing fainter is stored."""
NOTHING: Final = {
    None: "View a job's clip to see what was found in it.",
    ReviewState.LOADING: "Reading what was found…",
}


class DetectionsPanel(QWidget):
    """Shows the job under review; holds no rules.

    Args:
        model: The job under review.
        theme: The theme.
    """

    frame_wanted = Signal(int)
    """A track's first frame is to be seen."""
    retrack_wanted = Signal()
    """Tracks are to be made again from the stored boxes."""

    def __init__(self, model: ReviewModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model, self._theme = model, theme
        self._class_id: int | None = None
        self._track: int | None = None
        self.tree_model = DetectionTree(model, self)
        self.tree = QTreeView()
        self.switches = {name: self._switch(name, text) for name, text in SWITCHES}
        self.hint = wrapped(name="muted")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.value = QDoubleSpinBox()
        self.reset = QPushButton("As the job")
        self.title = QLabel()
        self.retrack = QPushButton("Track again…")
        self.updating = QLabel("The stop is being found again…")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.tree_model.refill)
        self._set_up()
        self._lay_out()
        self._listen()
        self._on_changed()

    # -- building -----------------------------------------------------------------------------

    def _switch(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setObjectName("chip")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(f"Draw {text.lower()}")
        button.setToolTip(f"Draw {text.lower()} over the picture")
        button.clicked.connect(lambda on: self._model.look(**{name: on}))
        return button

    def _set_up(self) -> None:
        tree = self.tree
        tree.setModel(self.tree_model)
        tree.setAccessibleName("Classes and tracks")
        tree.setUniformRowHeights(True)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        head = tree.header()
        head.setStretchLastSection(False)
        head.setResizeContentsPrecision(0)  # of rows in sight: a race has thousands of tracks
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (COUNT, WHEN):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.slider.setRange(round(LOWEST * _STEPS), _STEPS)
        self.value.setRange(LOWEST, 1.0)
        self.value.setSingleStep(0.01)
        self.slider.setAccessibleName("Threshold of the class")
        self.value.setAccessibleName("Threshold of the class, in figures")
        self.reset.setToolTip("Count this class from the job's own confidence on")
        self.retrack.setToolTip(
            "Make all tracks again from the stored boxes. No picture is looked at; undo takes it "
            "back."
        )
        self.updating.setObjectName("muted")
        self.updating.hide()
        room = self.updating.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # nothing moves under a hand that drags
        self.updating.setSizePolicy(room)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, button in enumerate(self.switches.values()):
            grid.addWidget(button, place // 3, place % 3)
        self.title.setBuddy(self.slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addLayout(grid)
        column.addWidget(self.hint)
        column.addWidget(self.tree, 1)
        column.addWidget(self.title)
        column.addLayout(row_layout(self.slider, self.value, spacing=6))
        column.addLayout(row_layout(self.reset, self.retrack, spacing=6))
        column.addWidget(self.updating)

    def _listen(self) -> None:
        model = self._model
        model.changed.connect(self._on_changed)
        model.edited.connect(self._on_edited)
        model.looked.connect(self._on_looked)
        model.selected.connect(self._on_selected)
        model.updated.connect(self.updating.setVisible)
        self.tree_model.refilling.connect(self._note_current)
        self.tree_model.refilled.connect(self._on_refilled)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.tree.doubleClicked.connect(self._go)
        self.tree.activated.connect(self._go)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.slider.valueChanged.connect(lambda step: self._drag(step / _STEPS))
        self.slider.sliderReleased.connect(self._keep)
        self.slider.actionTriggered.connect(self._on_slider_key)
        self.value.editingFinished.connect(self._keep_value)
        self.reset.clicked.connect(self._reset)
        self.retrack.clicked.connect(self.retrack_wanted)

    # -- showing ------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self.tree_model.refill()
        self._show_state()
        self._on_looked()

    def _note_current(self) -> None:
        self._track = self.tree_model.track_at(self.tree.currentIndex())

    def _on_refilled(self) -> None:
        track, tree = self._track, self.tree_model
        if track is not None and (row := tree.index_of_track(track)).isValid():
            self.tree.setCurrentIndex(row)
        elif self._class_id is not None:
            self.tree.setCurrentIndex(tree.index_of_class(self._class_id))
        self._show_state()

    def _show_state(self) -> None:
        read = self._model.read
        is_there = self._model.is_there
        text = ""
        if not is_there:
            state = None if read is None else read.state
            text = NOTHING.get(state) or (read.why if read is not None else "")
        elif self.tree_model.rowCount() == 0 and self.tree_model.is_counting:
            text = "Counting what was found…"
        elif self.tree_model.rowCount() == 0:
            text = "No objects were looked for, or none were found."
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        for widget in (self.tree, self.title, self.slider, self.value, self.reset, self.retrack):
            widget.setVisible(is_there and self.tree_model.rowCount() > 0)
        self._show_threshold()

    def _on_edited(self) -> None:
        self._show_threshold()
        self._rest.start()

    def _on_looked(self) -> None:
        for name, button in self.switches.items():
            button.setChecked(getattr(self._model.looks, name))
            button.setEnabled(self._model.is_there)
        read = self._model.read
        self.switches["masks"].setEnabled(read is not None and read.has_outlines)
        self.switches["faces"].setEnabled(read is not None and read.has_faces)
        self.tree_model.recount()
        self._show_threshold()

    def _on_selected(self) -> None:
        track = self._model.selection.track
        if track is not None and track != self.tree_model.track_at(self.tree.currentIndex()):
            row = self.tree_model.index_of_track(track)
            if row.isValid():
                self.tree.setCurrentIndex(row)
                self.tree.scrollTo(row)

    def _show_threshold(self) -> None:
        class_id, read = self._class_id, self._model.read
        usable = class_id is not None and read is not None and self._model.is_there
        for widget in (self.slider, self.value, self.reset):
            widget.setEnabled(usable)
        if class_id is None or read is None:
            self.title.setText("Choose a class to change its threshold")
            return
        own = self._model.thresholds.get(class_id)
        shown = read.job_confidence if own is None else own
        self.title.setText(f"Count {self._model.class_name(class_id)} from")
        self.reset.setText(f"As the job ({read.job_confidence:.2f})")
        self.reset.setEnabled(usable and own is not None)
        for widget, value in ((self.slider, round(shown * _STEPS)), (self.value, shown)):
            widget.blockSignals(True)  # shown, not changed by a person
            widget.setValue(value)  # type: ignore[arg-type]
            widget.blockSignals(False)

    # -- asking -------------------------------------------------------------------------------

    def _on_current(self, now: QModelIndex) -> None:
        self._class_id = self.tree_model.class_at(now)
        track = self.tree_model.track_at(now)
        if self.tree.hasFocus() and track is not None and track != self._model.selection.track:
            self._model.select(track=track)
        self._show_threshold()

    def _go(self, index: QModelIndex) -> None:
        number = self.tree_model.first_frame_at(index.siblingAtColumn(NAME))
        if number is not None:
            self._model.select(track=self.tree_model.track_at(index))
            self.frame_wanted.emit(number)

    def _drag(self, value: float) -> None:
        if self._class_id is not None:
            self._model.drag_threshold(self._class_id, value)

    def _keep(self) -> None:
        if self._class_id is not None:
            self._model.keep_threshold(self._class_id, self.slider.value() / _STEPS)

    def _on_slider_key(self) -> None:
        """Keep what a key or a click beside the handle asked for; a drag is kept on release."""
        if not self.slider.isSliderDown():
            QTimer.singleShot(0, self, self._keep)

    def _keep_value(self) -> None:
        class_id, read = self._class_id, self._model.read
        if class_id is None or read is None:
            return
        now = self._model.thresholds.get(class_id, read.job_confidence)
        if round(self.value.value(), 2) != round(now, 2):
            self._model.keep_threshold(class_id, round(self.value.value(), 2))

    def _reset(self) -> None:
        if self._class_id is not None:
            self._model.keep_threshold(self._class_id, None)

    def _menu(self, place: QPoint) -> None:
        index = self.tree.indexAt(place).siblingAtColumn(NAME)
        if not index.isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tree, looks = self.tree_model, self._model.looks
        track = tree.track_at(index)
        menu.addAction("Draw only this").triggered.connect(lambda: self._only(index))
        menu.addAction("Draw all").triggered.connect(
            lambda: self._model.look(hidden_classes=frozenset(), hidden_tracks=frozenset())
        )
        if track is not None:
            menu.addSeparator()
            menu.addAction("Colour…").triggered.connect(lambda: self._ask_color(index))
            own = menu.addAction("Colour of its class")
            own.setEnabled(track in looks.track_colours)
            own.triggered.connect(lambda: tree.paint_in(index, None))
            menu.addAction("Go to its first frame").triggered.connect(lambda: self._go(index))
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def _only(self, index: QModelIndex) -> None:
        track, class_id = self.tree_model.track_at(index), self.tree_model.class_at(index)
        classes = frozenset(self.tree_model.classes()) - {class_id}
        others = frozenset() if track is None else self.tree_model.other_tracks(index)
        self._model.look(hidden_classes=classes, hidden_tracks=others)

    def _ask_color(self, index: QModelIndex) -> None:
        dialog = QColorDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Colour of the track")

        def take(color: QColor) -> None:
            self.tree_model.paint_in(index, (color.red(), color.green(), color.blue()))

        dialog.colorSelected.connect(take)
        dialog.open()
