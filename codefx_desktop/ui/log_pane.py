"""The log: filters, follow the tail, copy."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QGuiApplication,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QVBoxLayout, QWidget

from codefx_desktop.ui.models.log_book import LEVELS, MOST_LINES, LogBook, LogRow
from codefx_desktop.ui.widgets import tool_button

if TYPE_CHECKING:
    from codefx_desktop.ui.theme import Theme


class LogPane(QWidget):
    """Lines of the log, newest at the bottom.

    Args:
        log: The lines.
        theme: The theme.
    """

    def __init__(self, log: LogBook, theme: Theme) -> None:
        super().__init__()
        self._log, self._theme = log, theme
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Log")
        self.text.setPlaceholderText("Nothing has happened yet.")
        self.text.document().setDocumentMargin(8)
        self.job_box = QComboBox()
        self.job_box.addItems(["All jobs", "Selected job"])
        self.job_box.setAccessibleName("Jobs whose log is shown")
        self.level_box = QComboBox()
        self.level_box.addItems([text for text, _ in LEVELS])
        self.level_box.setAccessibleName("Least level shown")
        self.follow_button = tool_button(
            "follow", "Follow the newest line", theme, checked="follow"
        )
        self.follow_button.setChecked(True)
        self.copy_button = tool_button("copy", "Copy the lines shown", theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        self.job_box.currentIndexChanged.connect(lambda index: log.set_only_selected(index == 1))
        self.level_box.currentIndexChanged.connect(lambda i: log.set_least_level(LEVELS[i][1]))
        self.follow_button.toggled.connect(lambda on: self._to_end() if on else None)
        self.copy_button.clicked.connect(self.copy)
        log.appended.connect(self._append)
        log.replaced.connect(self._fill)
        theme.changed.connect(self._fill)
        bar = self.text.verticalScrollBar()
        bar.sliderMoved.connect(lambda _value: self._hold())
        bar.actionTriggered.connect(lambda _action: self._hold())
        self._fill()

    def controls(self) -> tuple[QWidget, ...]:
        """Return the controls that stand in the dock's head."""
        return self.job_box, self.level_box, self.follow_button, self.copy_button

    def copy(self) -> None:
        """Put the selected lines, else all that are shown, on the clipboard."""
        chosen = self.text.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(chosen or self.text.toPlainText())

    def _fill(self) -> None:
        self.text.clear()
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        for number, row in enumerate(self._log.rows()):
            if number:
                cursor.insertBlock()
            cursor.insertText(row.text(with_clip=not self._log.only_selected), self._format(row))
        cursor.endEditBlock()
        if self.follow_button.isChecked():
            self._to_end()

    def _append(self, row: LogRow) -> None:
        document = self.text.document()
        cursor = QTextCursor(document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not document.isEmpty():
            cursor.insertBlock()
        cursor.insertText(row.text(with_clip=not self._log.only_selected), self._format(row))
        if self.follow_button.isChecked():
            self._to_end()

    def _format(self, row: LogRow) -> QTextCharFormat:
        tokens = self._theme.tokens
        look = QTextCharFormat()
        color = tokens.text
        if row.level >= logging.ERROR:
            color = tokens.error
        elif row.level >= logging.WARNING:
            color = tokens.warning
        elif row.level < logging.INFO:
            color = tokens.muted
        look.setForeground(QColor(color))
        return look

    def _to_end(self) -> None:
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _hold(self) -> None:
        """Stop following when a person scrolls up; follow again at the end."""
        bar = self.text.verticalScrollBar()
        self.follow_button.setChecked(bar.sliderPosition() >= bar.maximum())
