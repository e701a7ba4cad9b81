"""Labels and number fields of the start sheet."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QSlider, QWidget

from codefx_desktop.ui.widgets import label_width, row_layout

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLayout

Value = TypeVar("Value", bound=StrEnum)

INDENT_PX = 24
"""Width of a check mark and the space after it: what belongs to a choice begins under its words."""


def field_label(text: str, field: QWidget) -> QLabel:
    """Return the label of a field; its mnemonic leads there."""
    label = QLabel(text)
    label.setMinimumWidth(label_width(label))
    label.setBuddy(field)
    return label


def fraction(name: str, lowest: float = 0.0) -> tuple[QDoubleSpinBox, QSlider]:
    """Return a spin box and a slider up to 1 that move each other."""
    spin = number(name, lowest, 1.0, decimals=2, width_px=64)
    spin.setSingleStep(0.05)
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(round(lowest * 100), 100)
    slider.setAccessibleName(f"{name} slider")
    slider.valueChanged.connect(lambda value: spin.setValue(value / 100))
    spin.valueChanged.connect(lambda value: slider.setValue(round(value * 100)))
    return spin, slider


def number(
    name: str,
    lowest: float,
    highest: float,
    *,
    decimals: int = 0,
    suffix: str = "",
    width_px: int = 104,
) -> QDoubleSpinBox:
    """Return a field for a number; without decimals it is a whole one."""
    spin = QDoubleSpinBox()
    spin.setDecimals(decimals)
    spin.setRange(lowest, highest)
    spin.setSuffix(suffix)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight)
    spin.setFixedWidth(width_px)
    spin.setAccessibleName(name)
    return spin


def choice(name: str, words: dict[Value, str], take: Callable[[Value], None]) -> QComboBox:
    """Return a box that offers values of an enum by their words.

    Args:
        name: Accessible name.
        words: Word of each value, in order.
        take: Called with what a person chose.
    """
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for value, word in words.items():
        box.addItem(word, value.value)
    values = list(words)
    box.activated.connect(lambda place: take(values[place]))
    return box


def show_quietly(spin: QDoubleSpinBox, value: float, slider: QSlider | None = None) -> None:
    """Show a number as if nobody had entered it, so that its exact value is kept.

    A field that shows it already is left alone: somebody may be typing there.
    """
    if round(value, spin.decimals()) != spin.value():
        spin.blockSignals(True)
        spin.setValue(value)
        spin.blockSignals(False)
    if slider is not None:
        slider.blockSignals(True)
        slider.setValue(round(value * 100))
        slider.blockSignals(False)


def indented(widget: QWidget) -> QLayout:
    """Return a widget moved to where the words of a choice begin."""
    row = row_layout(widget)
    row.setContentsMargins(INDENT_PX, 0, 0, 0)
    return row
