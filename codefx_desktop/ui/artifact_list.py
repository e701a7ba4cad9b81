"""The list of frames that have artifacts: by scene, by number, by arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QIntValidator, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.artifact_rows import COUNTED, HEADINGS, MISSING_ROLE, Column
from codefx_desktop.ui.theme import mixed
from codefx_desktop.ui.widgets import row_layout

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from codefx_desktop.ui.models.artifact_view import ArtifactView
    from codefx_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_PAD: Final = 6
_MARK: Final = 12
_MOST_FRAMES: Final = 2**31 - 1
_HEAD_PAD: Final = 9
_SAMPLES: Final = {Column.FRAME: "36,000", Column.TIME: "00:00:00.000"}
"""The longest that these have to show; the others are as wide as their headings."""


class FrameTable(QTableView):
    """A table in which typed figures begin a number to go to."""

    typed = Signal(str)
    """A figure was typed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand figures on; everything else moves in the table."""
        text = event.text()
        chord = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if text.isdecimal() and text.isascii() and not chord:
            self.typed.emit(text)
            event.accept()
        else:
            super().keyPressEvent(event)


class NumberField(QLineEdit):
    """Takes a frame number; the list follows while it is typed."""

    left = Signal()
    """The keyboard belongs to the list again."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Frame")
        self.setToolTip("Go to the frame with this number, or the nearest (G)")
        self.setAccessibleName("Go to frame")
        self.setValidator(QIntValidator(0, _MOST_FRAMES, self))
        self.setFixedWidth(84)
        self.returnPressed.connect(self._leave)

    def start(self, text: str = "") -> None:
        """Take the keyboard, with the first figure if one was typed."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.clear()
            self.insert(text)
        else:
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc and on the keys that move in the list."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._leave()
            return
        super().keyPressEvent(event)

    def _leave(self) -> None:
        self.clear()
        self.left.emit()


class ArtifactList(QWidget):
    """Frames with their times, scenes and what was found.

    Args:
        view: The artifacts in view.
        theme: The theme.
    """

    opened = Signal()
    """A frame was double clicked, or Enter pressed on it."""

    def __init__(self, view: ArtifactView, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
        self._is_filling = False
        self.scenes = QComboBox()
        self.scenes.setAccessibleName("Scene whose frames are listed")
        self.scenes.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.number = NumberField()
        self.table = self._make_table(theme)
        top = row_layout(self.scenes, self.number, spacing=6)
        top.setStretch(0, 1)
        top.setContentsMargins(8, 8, 8, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.scenes.currentIndexChanged.connect(self._on_scene)
        self.number.textEdited.connect(self._jump)
        self.number.left.connect(self.take_keyboard)
        self.table.typed.connect(self._type)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.activated.connect(lambda _index: self.opened.emit())
        view.rows.filtered.connect(self._fill_scenes)
        view.rows.filtered.connect(self._show_current)
        view.rows.modelReset.connect(self._show_current)
        view.listed.connect(self._show_columns)
        view.moved.connect(self._show_current)
        self._fill_scenes()

    def take_keyboard(self) -> None:
        """Give the keyboard to the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_table(self, theme: Theme) -> FrameTable:
        table = FrameTable()
        table.setModel(self._view.rows)
        table.setItemDelegate(_Delegate(theme, table))
        table.setAccessibleName("Frames with artifacts")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setFont(hud_font(table.font()))
        metrics = QFontMetrics(table.font())
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(16)
        table.verticalHeader().setDefaultSectionSize(metrics.height() + 8)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(24)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, heading in enumerate(HEADINGS):
            width = metrics.horizontalAdvance(heading) + 2 * _HEAD_PAD
            if sample := _SAMPLES.get(Column(column)):
                room = _MARK if column == Column.FRAME else 0
                width = max(width, metrics.horizontalAdvance(sample) + 2 * _PAD + room)
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            table.setColumnWidth(column, width)
        head.setStretchLastSection(True)
        return table

    def _show_columns(self) -> None:
        """Hide the counts of stages that the job does not have."""
        there = self._view.pictures()
        for column, kind in COUNTED.items():
            self.table.setColumnHidden(column, kind not in there)

    def _show_current(self) -> None:
        rows = self._view.rows
        number = self._view.number
        row = -1 if number is None else rows.row_of(number)
        if row < 0 or rows.number_at(row) != number:
            self.table.clearSelection()
        elif row != self.table.currentIndex().row() or not self.table.selectedIndexes():
            self.table.selectRow(row)
            self.table.scrollTo(rows.index(row, 0))

    def _on_row(self, current: QModelIndex, _former: QModelIndex) -> None:
        number = self._view.rows.number_at(current.row()) if current.isValid() else None
        if number is not None and number != self._view.number:
            self._view.choose(number)

    def _type(self, text: str) -> None:
        self.number.start(text)
        self._jump(self.number.text())

    def _jump(self, text: str) -> None:
        row = self._view.rows.row_of(int(text)) if text else -1
        number = self._view.rows.number_at(row)
        if number is not None:
            self._view.choose(number)

    def _fill_scenes(self) -> None:
        """Offer the scenes that frames are known to be of."""
        known = self._view.rows.scenes()
        texts = ["All scenes"]
        texts += [f"Scene {scene} · {words.frames(count)}" for scene, count in known]
        shown = [self.scenes.itemText(place) for place in range(self.scenes.count())]
        chosen = self._view.rows.scene
        self._is_filling = True
        if texts != shown:
            self.scenes.clear()
            self.scenes.addItems(texts)
            for place, (scene, _count) in enumerate(known, start=1):
                self.scenes.setItemData(place, scene)
        self.scenes.setCurrentIndex(max(0, self.scenes.findData(chosen)) if known else 0)
        self.scenes.setEnabled(len(known) > 1 or chosen is not None)
        self._is_filling = False

    def _on_scene(self, place: int) -> None:
        if not self._is_filling:
            self._view.filter_scene(self.scenes.itemData(place) if place > 0 else None)


class _Delegate(QStyledItemDelegate):
    """Paints a row as the history's are: figures at the right, a sign where a file is missing."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_first = index.column() == Column.FRAME
        if selected:
            painter.fillRect(option.rect, mixed(tokens.surface, tokens.accent, 0.22))
            if is_first:
                bar = QRect(option.rect)
                bar.setWidth(3)
                painter.fillRect(bar, QColor(tokens.accent))
        if is_first and index.data(MISSING_ROLE):
            box = QRectF(option.rect.left() + _PAD - 2, 0, _MARK, _MARK)
            box.moveTop(option.rect.center().y() - _MARK / 2)
            draw(painter, box, "warning", QColor(tokens.warning), QColor(tokens.surface))
        painter.setFont(option.font)
        painter.setPen(QColor(tokens.text if is_first else tokens.muted))
        room = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        painter.drawText(
            room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(index.data())
        )
        painter.restore()
