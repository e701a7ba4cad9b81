"""The command palette: everything that can be done, found by typing some of its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.models.palette_rows import Command, found
from codefx_desktop.ui.widgets import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from codefx_desktop.ui.theme import Theme

WIDTH_PX, HEIGHT_PX, ROW_PX, TOP_PX = 620, 420, 34, 72
COMMAND = Qt.ItemDataRole.UserRole


class Palette(QDialog):
    """A field and what answers to it; Enter does the marked one.

    Args:
        commands: All that can be done, or cannot be done now.
        theme: The theme.
        parent: The window it stands in.
    """

    def __init__(self, commands: Sequence[Command], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commands")
        self.setObjectName("palette")
        self._commands = tuple(commands)
        self.field = QLineEdit()
        self.field.setPlaceholderText("What do you want to do?")
        self.field.setAccessibleName("Search commands")
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setItemDelegate(_Row(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = wrapped("No command answers to this. Fewer letters find more.", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(10, 6, 10, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self.run())
        self._place(parent)
        self._fill("")

    def run(self) -> None:
        """Do what is marked, once the palette is gone."""
        item = self.list.currentItem()
        command: Command | None = None if item is None else item.data(COMMAND)
        if command is None or command.why_not:
            return
        self.close()
        command.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the field's up, down, page and Enter keys be the list's."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.run()
                return True
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }.get(Qt.Key(event.key()))
            if steps is not None:
                self._move(steps)
                return True
        return super().eventFilter(watched, event)

    def texts(self) -> tuple[str, ...]:
        """Return what is offered."""
        return tuple(self.list.item(row).text() for row in range(self.list.count()))

    def _move(self, steps: int) -> None:
        last = self.list.count() - 1
        if last >= 0:
            self.list.setCurrentRow(min(max(self.list.currentRow() + steps, 0), last))

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for command in found(self._commands, typed):
            item = QListWidgetItem(command.text)
            item.setData(COMMAND, command)
            item.setToolTip(command.why_not)
            keys = f", {command.key}" if command.key else ""
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                f"{command.text}, {command.group}{keys} {command.why_not}".strip(),
            )
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        self.nothing.setVisible(self.list.count() == 0)

    def _place(self, parent: QWidget) -> None:
        width = min(WIDTH_PX, parent.width() - 40)
        self.resize(width, min(HEIGHT_PX, parent.height() - 2 * TOP_PX))
        self.move(parent.mapToGlobal(QPoint((parent.width() - width) // 2, TOP_PX)))


class _Row(QStyledItemDelegate):
    """What it does at the left, its menu and key at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the same height for every row."""
        return QSize(super().sizeHint(option, index).width(), ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one command; one that cannot be done now is quiet and says why."""
        command: Command = index.data(COMMAND)
        t = self._theme.tokens
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        if marked:
            painter.fillRect(option.rect, QColor(t.accent))
        ink = QColor(t.on_accent if marked else t.muted if command.why_not else t.text)
        quiet = QColor(t.on_accent if marked else t.muted)
        rect = option.rect.adjusted(10, 0, -10, 0)
        metrics = QFontMetrics(painter.font())
        right = command.why_not or "   ".join(p for p in (command.group, command.key) if p)
        room = min(metrics.horizontalAdvance(right) + 4, rect.width() // 2)
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(quiet)
        elided = metrics.elidedText(right, Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect, flags | Qt.AlignmentFlag.AlignRight, elided)
        painter.setPen(ink)
        left = rect.adjusted(0, 0, -room - 16, 0)
        text = metrics.elidedText(command.text, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, flags | Qt.AlignmentFlag.AlignLeft, text)
