"""The export of one job: everything that can be written, where to, how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.sheet import MAX_ROLL_S, Paper, Product
from codefx_desktop.ui.export_outcome import ExportOutcome
from codefx_desktop.ui.model_parts import heading
from codefx_desktop.ui.models import export_words
from codefx_desktop.ui.sheet_fields import INDENT_PX, field_label, number
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, section, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.ui.models.export_form import ExportForm
    from codefx_desktop.ui.theme import Theme

WIDTH_PX: Final = 820
COMBO_PX: Final = 240


class ExportSheet(QDialog):
    """Shows an export form; holds no rules. Enter exports; closing it does not stop an export.

    Args:
        form: The choices.
        theme: The theme.
        parent: The window.
    """

    folder_wanted = Signal(object)
    """Show this folder (``Path``) in the file manager."""

    def __init__(self, form: ExportForm, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self.setWindowTitle("Export")
        self.name = heading(1.2)
        self.note = wrapped("", "muted")
        self.ticks = {one: QCheckBox(name) for one, name in export_words.NAMES.items()}
        self.stop = _combo("Which stop", "Which stop report, clip and still are of")
        self.about = _combo("What the clip is of", "The whole stop, or one of its events")
        self.paper = _combo("Size of the page", "Size of the report's page")
        for paper in Paper:
            self.paper.addItem(paper.value, paper)
        self.pre = number("Seconds before it", 0, MAX_ROLL_S, decimals=1, suffix=" s", width_px=76)
        self.post = number("Seconds after it", 0, MAX_ROLL_S, decimals=1, suffix=" s", width_px=76)
        self.burn = QCheckBox("Cloc&k: time since the stop, frame, PTS")
        self.draw = QCheckBox("&Boxes, zones and the stop's panel")
        self.pictures = QCheckBox("With the &pictures, to train on")
        self.only_corrected = QCheckBox("Only frames that were correcte&d by hand")
        self.folder = QLineEdit()
        self.folder.setAccessibleName("Folder to export to")
        self.choose_button = QPushButton("C&hoose…")
        self.choose_button.setAccessibleName("Choose a folder")
        self.names = ElidedLabel()
        self.names.setObjectName("muted")
        self.outcome = ExportOutcome(theme)
        self.hindrance = ElidedLabel()
        self.hindrance.setObjectName("muted")
        self.export_button = QPushButton("E&xport")
        self.export_button.setProperty("primary", True)
        self.export_button.setDefault(True)
        self.export_button.setToolTip("Export what is ticked (Enter)")
        self.close_button = QPushButton("Close")
        self.close_button.setAutoDefault(False)
        self.choose_button.setAutoDefault(False)
        self._lay_out()
        self._listen()
        self.show_form()
        self.export_button.setFocus()

    # -- building -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(28)
        for build in (self._stops, self._pictures, self._programs):
            column = build()
            columns.addLayout(column, 1)
        where = row_layout(self.folder, self.choose_button)
        buttons = row_layout(self.hindrance, self.close_button, self.export_button)
        buttons.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(6)
        head = row_layout(self.name, self.stop)
        head.setStretch(0, 1)
        column.addLayout(head)
        column.addWidget(self.note)
        column.addSpacing(8)
        column.addLayout(columns)
        column.addSpacing(10)
        column.addWidget(section("Where to"))
        column.addLayout(where)
        column.addWidget(self.names)
        column.addSpacing(6)
        column.addWidget(self.outcome)
        column.addStretch(1)
        column.addSpacing(8)
        column.addLayout(buttons)
        self.setMinimumWidth(WIDTH_PX)

    def _stops(self) -> QVBoxLayout:
        return self._group("Pit stops", {Product.PDF: (self._paper_row(),)})

    def _pictures(self) -> QVBoxLayout:
        roll = row_layout(self.pre, field_label("before", self.pre), self.post)
        roll.addWidget(field_label("after", self.post))
        roll.addStretch(1)
        inside = QWidget()
        clip = QVBoxLayout(inside)
        clip.setContentsMargins(INDENT_PX, 0, 0, 4)
        clip.setSpacing(5)
        clip.addWidget(self.about)
        clip.addLayout(roll)
        both = QLabel("Drawn into clip and still:")
        both.setObjectName("muted")
        extra = {
            Product.CLIP: (inside,),
            Product.STILL: (_in(both), _in(self.burn), _in(self.draw)),
        }
        return self._group("Pictures", extra)

    def _programs(self) -> QVBoxLayout:
        extra = {Product.YOLO: (_in(self.pictures),), Product.MOT: (self.only_corrected,)}
        return self._group("Other programs", extra)

    def _group(self, name: str, extra: Mapping[Product, tuple[QWidget, ...]]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        column.addWidget(section(name))
        for product in export_words.GROUPS[name]:
            column.addWidget(self.ticks[product])
            for widget in extra.get(product, ()):
                column.addWidget(widget)
        column.addStretch(1)
        return column

    def _paper_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(INDENT_PX, 0, 0, 0)
        layout.addWidget(self.paper)
        layout.addStretch(1)
        return row

    def _listen(self) -> None:
        form = self.form
        form.changed.connect(self.show_form)
        form.ended.connect(self.outcome.take_keyboard)
        for product, box in self.ticks.items():
            box.clicked.connect(lambda on, product=product: form.tick(product, on))
        self.stop.activated.connect(lambda _: form.choose_stop(self.stop.currentData()))
        self.about.activated.connect(lambda _: form.choose_event(self.about.currentData()))
        self.paper.activated.connect(lambda _: form.choose(paper=self.paper.currentData()))
        self.pre.valueChanged.connect(lambda value: form.choose(pre_s=value))
        self.post.valueChanged.connect(lambda value: form.choose(post_s=value))
        self.burn.clicked.connect(lambda on: form.choose(burn_clock=on))
        self.draw.clicked.connect(lambda on: form.choose(draw=on))
        self.pictures.clicked.connect(lambda on: form.choose(pictures=on))
        self.only_corrected.clicked.connect(lambda on: form.choose(only_corrected=on))
        self.folder.textEdited.connect(lambda text: form.choose(folder_text=text))
        self.choose_button.clicked.connect(self.ask_folder)
        self.export_button.clicked.connect(form.start)
        self.close_button.clicked.connect(self.close)
        self.outcome.stop_wanted.connect(form.stop_export)
        self.outcome.replace_wanted.connect(lambda: form.start(replace=True))
        self.outcome.other_wanted.connect(self.ask_folder)
        self.outcome.folder_wanted.connect(self.folder_wanted)

    # -- what a person does -------------------------------------------------------------------

    def ask_folder(self) -> None:
        """Let the person choose another folder."""
        where = self.form.choices.folder_text
        chosen = QFileDialog.getExistingDirectory(self, "Export to", where)
        if chosen:
            self.form.choose(folder_text=chosen)

    # -- what is shown ------------------------------------------------------------------------

    def show_form(self) -> None:
        """Show what is chosen and how far it is."""
        form = self.form
        self.name.say(form.record.input_filename, str(form.record.input_path))
        note = export_words.UNTIL_NOW.get(form.record.status, "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._show_products()
        self._show_choices()
        self._show_stops()
        if self.folder.text() != form.choices.folder_text:
            self.folder.setText(form.choices.folder_text)
        for field in (self.folder, self.choose_button):
            field.setEnabled(not form.is_busy)
        self.names.say(export_words.listed(form.names), "\n".join(form.names))
        self.outcome.show_step(form.step)
        self.hindrance.say("" if form.is_busy else form.hindrance)
        self.export_button.setEnabled(not form.is_busy and not form.hindrance)

    def _show_products(self) -> None:
        form = self.form
        for product, box in self.ticks.items():
            trouble = form.trouble_of(product)
            text = trouble or export_words.WHAT_FOR[product]
            box.setChecked(product in form.choices.products and not trouble)
            box.setEnabled(not trouble and not form.is_busy)
            box.setToolTip(text)
            box.setAccessibleDescription(text)
        frame = form.frame if form.about is None else None
        shown = "St&ill, PNG" if frame is None else f"St&ill of frame {frame}, as in view"
        self.ticks[Product.STILL].setText(shown)

    def _show_choices(self) -> None:
        form, choices = self.form, self.form.choices
        wanted = set() if form.is_busy else set(form.products)
        cuts, sets = {Product.CLIP, Product.STILL}, {Product.YOLO, Product.COCO}
        self.paper.setCurrentIndex(self.paper.findData(choices.paper))
        for spin, value in ((self.pre, choices.pre_s), (self.post, choices.post_s)):
            if spin.value() != value:
                spin.setValue(value)
        for field, needs in (
            *((self.paper, {Product.PDF}), (self.about, cuts), (self.burn, cuts)),
            *((self.pre, {Product.CLIP}), (self.post, {Product.CLIP}), (self.draw, cuts)),
            *((self.pictures, {Product.YOLO}), (self.only_corrected, sets)),
        ):
            field.setEnabled(bool(wanted & needs))
        self.burn.setChecked(choices.burn_clock)
        self.draw.setChecked(choices.draw)
        self.pictures.setChecked(choices.pictures)
        self.only_corrected.setChecked(choices.only_corrected)

    def _show_stops(self) -> None:
        form = self.form
        _fill(self.stop, [(one.name, one.number) for one in form.stops], form.stop)
        self.stop.setVisible(len(form.stops) > 1)
        self.stop.setEnabled(form.of_stop and not form.is_busy)
        events = [(name, event) for event, name in form.events]
        _fill(self.about, [(export_words.WHOLE_STOP, None), *events], form.about)


def _combo(name: str, tip: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(tip)
    combo.setMinimumWidth(84)
    combo.setMaximumWidth(COMBO_PX)
    return combo


def _fill(combo: QComboBox, rows: list[tuple[str, object]], chosen: object) -> None:
    """Show rows of a combo, each with its value; filled anew only where they are others."""
    if [combo.itemText(place) for place in range(combo.count())] != [name for name, _ in rows]:
        combo.clear()
        for name, value in rows:
            combo.addItem(name, value)
    values = [value for _, value in rows]
    combo.setCurrentIndex(values.index(chosen) if chosen in values else 0)


def _in(box: QWidget) -> QWidget:
    """Return what belongs to the check box above it."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(INDENT_PX, 0, 0, 0)
    row.addWidget(box)
    row.addStretch(1)
    row.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return holder
