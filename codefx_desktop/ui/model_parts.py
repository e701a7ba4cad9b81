"""Parts that the panes of the models window are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.models import words
from codefx_desktop.ui.widgets import ElidedLabel, label_width, tool_button

if TYPE_CHECKING:
    from codefx_desktop.ui.theme import Theme


class CopyRows(QWidget):
    """Labels and values in lines, each with a button that copies the value.

    Args:
        names: Labels of the lines.
        theme: The theme.
        plain: Lines whose values are not worth copying.
    """

    def __init__(self, names: tuple[str, ...], theme: Theme, plain: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._values: dict[str, ElidedLabel] = {}
        self._buttons: dict[str, QToolButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(names):
            label = QLabel(name)
            label.setObjectName("muted")
            label.setMinimumWidth(label_width(label))
            value = self._values[name] = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
            if name == "SHA-256":
                value.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
            grid.addWidget(label, row, 0)
            grid.addWidget(value, row, 1)
            if name in plain:
                grid.setRowMinimumHeight(row, 24)
                continue
            spoken = name if name == "SHA-256" else name.lower()
            button = self._buttons[name] = tool_button("copy", f"Copy {spoken}", theme)
            button.clicked.connect(lambda _on=False, name=name: self.copy(name))
            grid.addWidget(button, row, 2)

    def say(self, name: str, text: str) -> None:
        """Show a value."""
        value = self._values[name]
        value.say(text)
        value.setAccessibleName(f"{name}: {text}")
        if name in self._buttons:
            self._buttons[name].setEnabled(text != words.NONE)

    def text(self, name: str) -> str:
        """Return a value as it is, not shortened."""
        return self._values[name].whole

    def copy(self, name: str) -> None:
        """Put a value on the clipboard."""
        QGuiApplication.clipboard().setText(self.text(name))


def heading(size: float = 1.4) -> ElidedLabel:
    """Return a large bold line."""
    label = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * size)
    font.setBold(True)
    label.setFont(font)
    return label


def boxed(name: str, *widgets: QWidget) -> QFrame:
    """Return widgets in a frame: ``errorBox`` or ``noteBox``."""
    box = QFrame()
    box.setObjectName(name)
    inside = QVBoxLayout(box)
    inside.setContentsMargins(12, 8, 12, 8)
    for widget in widgets:
        inside.addWidget(widget)
    return box


def scrolled(column: QVBoxLayout) -> QScrollArea:
    """Return a column of widgets that scrolls upwards and downwards only."""
    body = QWidget()
    body.setObjectName("panel")
    body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    body.setLayout(column)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(body)
    return area
