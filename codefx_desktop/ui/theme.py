"""The looks: colours of each theme, the palette and the few style rules made of them.

Colours that carry meaning are the Okabe-Ito hues, darkened where the ground is light; each comes
with a shape and a word, never alone. A test holds every theme to its contrast.

Source: Okabe and Ito, "Color Universal Design", 2008; contrast as in WCAG 2.2, 1.4.3 and 1.4.11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.settings.paths import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SYSTEM = "system"
NAMES = (SYSTEM, "dark", "light", "sunlight")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours and the few measures of one theme; colours as ``#rrggbb``.

    Attributes:
        window: Ground of the window.
        surface: Ground of panels and lists.
        raised: Ground of cards and buttons.
        border: Lines between things.
        edge: Outline of what can be operated; 3:1 against its ground.
        canvas: Ground behind footage, dark in every theme so that pictures look the same.
        line_px: Width of outlines.
    """

    dark: bool
    window: str
    surface: str
    raised: str
    border: str
    edge: str
    text: str
    muted: str
    accent: str
    on_accent: str
    ok: str
    warning: str
    error: str
    canvas: str
    on_canvas: str
    line_px: int = 1

    def status(self, status: JobStatus) -> QColor:
        """Return the colour of a status glyph."""
        return QColor(
            {
                JobStatus.QUEUED: self.muted,
                JobStatus.PROCESSING: self.accent,
                JobStatus.COMPLETE: self.ok,
                JobStatus.FAILED: self.error,
                JobStatus.CANCELLED: self.muted,
                JobStatus.INTERRUPTED: self.warning,
            }[status]
        )


THEMES: dict[str, Tokens] = {
    "dark": Tokens(
        dark=True,
        window="#121418",
        surface="#1a1d23",
        raised="#252932",
        border="#333944",
        edge="#747d8c",
        text="#eceef1",
        muted="#a8b0bd",
        accent="#56b4e9",
        on_accent="#06141d",
        ok="#19b58a",
        warning="#e69f00",
        error="#f0762b",
        canvas="#0a0b0d",
        on_canvas="#f2f4f6",
    ),
    "light": Tokens(
        dark=False,
        window="#e9ecf0",
        surface="#ffffff",
        raised="#f3f5f8",
        border="#cdd3dc",
        edge="#7d8694",
        text="#15181d",
        muted="#535b68",
        accent="#0068a3",
        on_accent="#ffffff",
        ok="#007a59",
        warning="#946400",
        error="#b84f00",
        canvas="#16181c",
        on_canvas="#f2f4f6",
    ),
    "sunlight": Tokens(
        dark=False,
        window="#dedede",
        surface="#ffffff",
        raised="#ffffff",
        border="#000000",
        edge="#000000",
        text="#000000",
        muted="#2b2b2b",
        accent="#003f6b",
        on_accent="#ffffff",
        ok="#00513b",
        warning="#5c3d00",
        error="#7d2f00",
        canvas="#000000",
        on_canvas="#ffffff",
        line_px=2,
    ),
}


class Theme(QObject):
    """The theme in force; painting widgets hold it and repaint when it changes.

    Args:
        app: The application that is dressed.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.name = SYSTEM
        self.tokens = THEMES["dark"]
        self._dressed = False
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def set(self, name: str) -> None:
        """Dress the application; an unknown name is the system's theme."""
        self.name = name if name in NAMES else SYSTEM
        self._dress()

    def _follow(self) -> None:
        if self.name == SYSTEM:
            self._dress()

    def _dress(self) -> None:
        tokens = THEMES[self._resolved()]
        if self._dressed and tokens is self.tokens:
            self.changed.emit()
            return
        self.tokens, self._dressed = tokens, True
        self._app.setStyle("Fusion")
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

    def _resolved(self) -> str:
        if self.name != SYSTEM:
            return self.name
        # A system that does not say gets the dark one: footage is judged on a dark ground.
        scheme = self._app.styleHints().colorScheme()
        return "light" if scheme == Qt.ColorScheme.Light else "dark"


def palette(tokens: Tokens) -> QPalette:
    """Return the palette of a theme, with its disabled group."""
    role = QPalette.ColorRole
    colors = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.error,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.raised,
        role.Midlight: tokens.border,
        role.Mid: tokens.border,
        role.Dark: tokens.border,
        role.Shadow: tokens.canvas,
    }
    result = QPalette()
    for key, color in colors.items():
        result.setColor(key, QColor(color))
    faded = mixed(tokens.muted, tokens.surface, 0.45)
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, key, faded)
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.border))
    return result


def mixed(a: str, b: str, part_b: float) -> QColor:
    """Return the colour between ``a`` and ``b``."""
    one, two = QColor(a), QColor(b)
    return QColor(
        *(
            round(x * (1 - part_b) + y * part_b)
            for x, y in zip(one.getRgb()[:3], two.getRgb()[:3], strict=True)  # type: ignore[index]
        )
    )


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21.

    Source: WCAG 2.2, definition of contrast ratio.
    """
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    value = QColor(color)
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value.redF(), value.greenF(), value.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def faded_ink(t: Tokens) -> str:
    """Return the colour of words on what cannot be operated."""
    return mixed(t.muted, t.surface, 0.45).name()


def faint_edge(t: Tokens) -> str:
    """Return the outline of what cannot be operated, also where lines are as dark as edges."""
    return min((t.border, faded_ink(t)), key=lambda color: contrast(color, t.surface))


def style_sheet(t: Tokens) -> str:
    """Return the style rules: only what a palette cannot say."""
    hover = mixed(t.raised, t.text, 0.08).name()
    pressed = mixed(t.raised, t.text, 0.16).name()
    accent_hover = mixed(t.accent, t.text, 0.15).name()
    faded, rim = faded_ink(t), faint_edge(t)
    # Style rules take pictures from files only; Qt finds the ones for finer screens beside it.
    chevron = resource(f"ui/chevron-{'light' if t.dark else 'dark'}.png").as_posix()
    check = resource(f"ui/check-{'dark' if t.dark else 'light'}.png").as_posix()
    return f"""
QMainWindow::separator {{ background: {t.window}; width: 6px; height: 6px; }}
QMainWindow::separator:hover {{ background: {t.accent}; }}
QDockWidget {{ color: {t.text}; }}
QMenuBar {{ background: {t.window}; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {t.raised}; border: {t.line_px}px solid {t.border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
QMenu::item:disabled {{ color: {faded}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
QMenu::icon {{ padding-left: 8px; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.edge}; padding: 4px; }}
QStatusBar {{ background: {t.window}; border-top: {t.line_px}px solid {t.border}; }}
QStatusBar::item {{ border: none; }}

QPushButton {{ background: {t.raised}; border: {t.line_px}px solid {t.edge}; border-radius: 4px;
    padding: 5px 14px; min-height: 18px; outline: none; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {pressed}; }}
QPushButton:focus {{ border-color: {t.accent}; }}
QPushButton:disabled {{ color: {faded}; border-color: {rim}; }}
QPushButton[pad="true"] {{ padding: 3px 2px; }}
QPushButton[primary="true"] {{ background: {t.accent}; color: {t.on_accent};
    border-color: {t.accent}; font-weight: 600; }}
QPushButton[primary="true"]:hover {{ background: {accent_hover}; }}
QPushButton[primary="true"]:focus {{ border: {t.line_px}px solid {t.text}; }}
QPushButton[primary="true"]:disabled {{ background: {t.raised}; color: {faded};
    border-color: {rim}; }}

QToolButton {{ border: {t.line_px}px solid transparent; border-radius: 4px; padding: 3px; }}
QToolButton[labelled="true"] {{ padding: 3px 8px 3px 6px; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:pressed {{ background: {pressed}; }}
QToolButton:checked {{ background: {pressed}; border-color: {t.edge}; }}
QToolButton[disclosure="true"]:checked {{ background: transparent; border-color: transparent; }}
QToolButton#chip {{ border-color: {t.edge}; color: {t.muted}; padding: 3px; }}
QToolButton#chip:checked {{ background: {t.accent}; color: {t.on_accent};
    border-color: {t.accent}; font-weight: 600; }}
QToolButton#chip:checked:hover {{ background: {accent_hover}; }}
QToolButton#chip:disabled {{ background: transparent; color: {faded};
    border: {t.line_px}px dashed {faded}; font-weight: 400; }}
QToolButton#chip:focus {{ border-color: {t.text}; }}
QToolButton:focus, QToolButton[disclosure="true"]:focus {{ border-color: {t.accent}; }}
QToolButton:disabled {{ color: {faded}; }}
QToolButton::menu-indicator {{ image: none; }}

QTabBar::tab {{ background: {t.window}; color: {t.muted}; padding: 6px 14px;
    border: none; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ background: {t.surface}; color: {t.text}; font-weight: 600;
    border-bottom: 2px solid {t.accent}; }}
QTabBar[tight="true"]::tab {{ padding: 6px 8px; }}
QTabBar::tab:hover:!selected {{ color: {t.text}; }}
QTabBar::tab:focus {{ color: {t.accent}; }}

QLineEdit, QComboBox, QAbstractSpinBox {{ background: {t.surface}; color: {t.text};
    border: {t.line_px}px solid {t.edge}; border-radius: 4px; padding: 3px 6px; min-height: 18px;
    selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {{
    border-color: {t.accent}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    color: {faded}; border-color: {rim}; }}
QComboBox:!editable {{ padding-left: 8px; }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0; min-height: 0;
    background: transparent; }}
QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-position: top left; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-position: top right; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button,
QDoubleSpinBox::down-button {{ subcontrol-origin: border; border: none; background: transparent;
    width: 8px; height: 1px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ subcontrol-origin: border; border: none;
    width: 22px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url({chevron}); width: 12px;
    height: 12px; }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: {t.line_px}px solid {t.edge};
    selection-background-color: {t.accent}; selection-color: {t.on_accent}; outline: none; }}

QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QMessageBox QLabel {{ min-width: 420px; }}
QRadioButton, QCheckBox {{ spacing: 8px; }}
QRadioButton::indicator, QCheckBox::indicator, QListWidget::indicator {{ width: 14px; height: 14px;
    border: {t.line_px}px solid {t.edge}; background: {t.surface}; }}
QRadioButton::indicator {{ border-radius: {7 + t.line_px}px; }}
QCheckBox::indicator, QListWidget::indicator {{ border-radius: 3px; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px;
    border: {4 + t.line_px}px solid {t.accent}; background: {t.on_accent}; }}
QCheckBox::indicator:checked, QListWidget::indicator:checked {{ background: {t.accent};
    border-color: {t.accent}; image: url({check}); }}
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled {{ border-color: {rim}; }}
QRadioButton:focus, QCheckBox:focus {{ color: {t.accent}; }}

QHeaderView {{ background: {t.surface}; }}
QHeaderView::section {{ background: {t.surface}; color: {t.muted}; padding: 4px 8px; border: none;
    border-bottom: {t.line_px}px solid {t.border}; }}
QListView, QTableView, QPlainTextEdit, QScrollArea {{ border: none; }}
QPlainTextEdit[boxed="true"] {{ border: {t.line_px}px solid {t.edge}; border-radius: 4px;
    background: {t.surface}; }}
QListWidget {{ border: {t.line_px}px solid {t.border}; border-radius: 4px; padding: 4px;
    background: {t.surface}; }}
QListWidget::item {{ padding: 2px 4px; }}
QTreeWidget {{ border: {t.line_px}px solid {t.border}; border-radius: 4px; }}
QTreeWidget::item {{ padding: 4px 2px; }}
QPlainTextEdit[boxed="true"]:focus {{ border-color: {t.accent}; }}
QTableView {{ gridline-color: {t.border}; selection-background-color: {t.accent};
    selection-color: {t.on_accent}; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.edge}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QProgressBar {{ background: {t.raised}; border: {t.line_px}px solid {t.edge}; border-radius: 4px;
    min-height: 8px; max-height: 8px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}

QToolButton#workspace {{ color: {t.muted}; border: none; border-radius: 0; padding: 5px 10px 3px;
    border-bottom: 2px solid transparent; }}
QToolButton#workspace:hover {{ color: {t.text}; background: {hover}; }}
QToolButton#workspace:checked {{ color: {t.text}; background: transparent; font-weight: 600;
    border-bottom: 2px solid {t.accent}; }}
QToolButton#workspace:focus {{ color: {t.accent}; }}
QToolButton#statusButton {{ padding: 1px 6px; }}
QWidget#menuRow {{ background: {t.window}; }}

QWidget#panel {{ background: {t.surface}; }}
QWidget#dockTitle {{ background: {t.surface}; border-bottom: {t.line_px}px solid {t.border}; }}
QWidget#strip {{ background: {t.surface}; }}
QLineEdit[wrong="true"] {{ border-color: {t.error}; }}
QFrame#errorBox {{ background: {t.raised}; border: {t.line_px}px solid {t.border};
    border-left: 4px solid {t.error}; border-radius: 4px; }}
QFrame#noteBox {{ background: {t.raised}; border: {t.line_px}px solid {t.border};
    border-left: 4px solid {t.warning}; border-radius: 4px; }}
QFrame#goodBox {{ background: {t.raised}; border: {t.line_px}px solid {t.border};
    border-left: 4px solid {t.ok}; border-radius: 4px; }}
QLabel#muted {{ color: {t.muted}; }}
QLabel#fault {{ color: {t.error}; }}
QLabel#section {{ color: {t.muted}; font-weight: 600; }}
"""
