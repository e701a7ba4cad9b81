"""Small widgets that several panels use."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDockWidget,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from codefx_desktop.ui.icons import wear

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.ui.models.facts import Fact
    from codefx_desktop.ui.theme import Theme


_LEAST_SCROLLED_PX: Final = 120
_AROUND: Final = QSize(40, 80)


class ElidedLabel(QLabel):
    """A line of text that shortens itself to its room; the whole stands in the tooltip.

    Args:
        text: The text.
        mode: Where it is shortened; names in the middle, sentences at the end.
    """

    def __init__(
        self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self._said: tuple[str, str] | None = None
        self._text = ""
        self._more = ""
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.say(text)

    def say(self, text: str, more: str = "") -> None:
        """Show a text; ``more`` replaces the tooltip."""
        if (text, more) == self._said:
            return
        self._said = (text, more)
        self._text, self._more = text.replace("\n", " "), more
        self.setAccessibleName(self._text)
        self._elide()

    @property
    def whole(self) -> str:
        """The text before it was shortened."""
        return self._text

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten again."""
        super().resizeEvent(event)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def _elide(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._text, self._mode, self.width())
        self.setText(shown)
        self.setToolTip(self._more or (self._text if shown != self._text else ""))


class FactList(QWidget):
    """Labels and values in two columns; values shorten themselves and can be read whole."""

    def __init__(self) -> None:
        super().__init__()
        self._form = form_layout()
        self.setLayout(self._form)
        self._facts: tuple[Fact, ...] = ()
        self._rows: list[tuple[QLabel, ElidedLabel]] = []

    def show_facts(self, facts: Iterable[Fact]) -> None:
        """Show these lines; rows are reused and nothing is laid out again for the same ones."""
        facts = tuple(facts)
        if facts == self._facts:
            return
        self._facts = facts
        while len(self._rows) < len(facts):
            label, value = QLabel(), ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
            label.setObjectName("muted")
            label.setMinimumWidth(label_width(label))
            self._form.addRow(label, value)
            self._rows.append((label, value))
        for number, (label, value) in enumerate(self._rows):
            self._form.setRowVisible(number, number < len(facts))
            if number < len(facts):
                fact = facts[number]
                label.setText(fact.label)
                value.say(fact.value, fact.more)
                value.setAccessibleName(f"{fact.label}: {fact.value}")

    def texts(self) -> dict[str, str]:
        """Return the lines that are shown."""
        return {label.text(): value.whole for label, value in self._rows if not value.isHidden()}


class OptionalDate(QWidget):
    """A day that may be left open.

    Args:
        name: What day it is, for a screen reader.
        none_text: What the box says beside the date.
    """

    changed = Signal()

    def __init__(self, name: str, none_text: str = "") -> None:
        super().__init__()
        self._known = QCheckBox(none_text)
        self._known.setAccessibleName(f"{name} is set")
        self._day = QDateEdit(QDate.currentDate())
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setCalendarPopup(True)
        self._day.setEnabled(False)
        self._day.setAccessibleName(name)
        row = row_layout(self._known, self._day)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.setFocusProxy(self._known)
        self._known.toggled.connect(self._day.setEnabled)
        self._known.toggled.connect(lambda _on: self.changed.emit())
        self._day.dateChanged.connect(lambda _day: self.changed.emit())

    def value(self) -> date | None:
        """Return the day, or None."""
        if not self._known.isChecked():
            return None
        day = self._day.date()
        return date(day.year(), day.month(), day.day())

    def set_value(self, day: date | None) -> None:
        """Show a day, or none."""
        self._known.setChecked(day is not None)
        if day is not None:
            self._day.setDate(QDate(day.year, day.month, day.day))


class DockTitle(QWidget):
    """A dock's head: its name, its own controls, float and close.

    Where docks are stacked the tab says the name, so the head says something of use instead.

    Args:
        dock: The dock.
        theme: The theme.
        controls: Widgets that belong to the panel.
        floats: Whether it has a button to undock; where there is no room for one, a double
            click on the head does it too.
    """

    def __init__(
        self, dock: QDockWidget, theme: Theme, *controls: QWidget, floats: bool = True
    ) -> None:
        super().__init__(dock)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dock = dock
        self._summary = ""
        self.label = ElidedLabel()
        font = self.label.font()
        font.setBold(True)
        self.label.setFont(font)
        if floats:
            float_button = tool_button("float", f"Undock {dock.windowTitle()}", theme)
            float_button.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
            controls = (*controls, float_button)
        close_button = tool_button("remove", f"Close {dock.windowTitle()}", theme)
        close_button.clicked.connect(dock.close)
        row = row_layout(self.label, *controls, close_button, spacing=2)
        row.setContentsMargins(12, 3, 4, 3)
        row.setStretch(0, 1)
        self.setLayout(row)
        dock.setTitleBarWidget(self)
        dock.dockLocationChanged.connect(lambda _area: self.settle())
        dock.topLevelChanged.connect(lambda _floating: self.settle())
        dock.visibilityChanged.connect(lambda _visible: self.settle())
        self.settle()

    def add(self, control: QWidget) -> None:
        """Put another control before those that are there."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(1, control)

    def say(self, summary: str) -> None:
        """Set what the head says beside or instead of the name."""
        self._summary = summary
        self.settle()

    def settle(self) -> None:
        """Say the name unless a tab does."""
        name, window = self._dock.windowTitle(), self._dock.parentWidget()
        stacked = (
            isinstance(window, QMainWindow)
            and not self._dock.isFloating()
            and bool(window.tabifiedDockWidgets(self._dock))
        )
        parts = [self._summary] if stacked else [name, self._summary]
        self.label.say(" · ".join(part for part in parts if part))

    def minimumSizeHint(self) -> QSize:
        """Let the dock be narrow; the name shortens itself."""
        return QSize(80, super().minimumSizeHint().height())


def resize_within_screen(window: QWidget, size: QSize) -> None:
    """Give a window its size, or what the screen has for it with its frame and the bars."""
    room = window.screen().availableGeometry().size() - _AROUND
    window.resize(size.boundedTo(room))


class Scrolled(QScrollArea):
    """A panel that scrolls where the window is too low for it, and is never cut off at its side.

    Args:
        panel: The panel.
    """

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self._panel = panel
        panel.installEventFilter(self)
        self.setWidget(panel)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another width when the panel does."""
        if watched is self._panel and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        """Return the panel's width with the scroll bar's beside it."""
        needed = self._panel.minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(needed.width() + bar, min(needed.height(), _LEAST_SCROLLED_PX))


def tool_button(
    glyph: str, name: str, theme: Theme, *, checked: str = "", text: str = ""
) -> QToolButton:
    """Return a flat button with a glyph, a tooltip and an accessible name.

    Args:
        glyph: What it wears.
        name: What it does.
        theme: The theme.
        checked: Glyph of the checked state; given, the button can be checked.
        text: Words beside the glyph, if any.
    """
    button = QToolButton()
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setCheckable(bool(checked))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if text:
        button.setText(text)
        button.setProperty("labelled", True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    wear(button, glyph, theme, checked=checked)
    return button


def action_button(action: QAction) -> QToolButton:
    """Return a flat glyph button that does an action."""
    button = QToolButton()
    button.setIconSize(QSize(16, 16))
    button.setDefaultAction(action)
    button.setAccessibleName(action.text().replace("&", "").removesuffix("…"))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def row_layout(*widgets: QWidget, spacing: int = 8) -> QHBoxLayout:
    """Return the widgets side by side, without margins."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return row


def form_layout() -> QFormLayout:
    """Return a form with the house's spacing."""
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(6)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form


def label_width(widget: QWidget) -> int:
    """Return the width that labels of lists under each other share, so that values line up."""
    return widget.fontMetrics().horizontalAdvance("Segmentation") + 2


def section(text: str) -> QLabel:
    """Return a small heading."""
    label = QLabel(text)
    label.setObjectName("section")
    return label


class WrappedLabel(QLabel):
    """Text of several lines that always gets the height its width asks for.

    WORKAROUND(Qt 6): nested layouts do not pass height-for-width up to a window, which then cuts
    lines off; a minimum height does pass. Remove when they do.
    """

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height of the new width."""
        super().resizeEvent(event)
        self._settle()

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._settle()

    def _settle(self) -> None:
        if self.width() > 0:
            self.setMinimumHeight(0)  # what a width asks for is never said to be less than it
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


def wrapped(text: str = "", name: str = "") -> WrappedLabel:
    """Return a label of several lines that can be selected with the mouse."""
    label = WrappedLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setObjectName(name)
    return label
