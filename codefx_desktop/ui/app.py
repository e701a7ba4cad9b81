"""The door to the window: makes the application, shows the window, then starts the hub."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from codefx_desktop import __version__
from codefx_desktop.ui.icons import app_icon
from codefx_desktop.ui.main_window import TITLE, MainWindow
from codefx_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.jobs.hub import Hub

DESKTOP_FILE = "codefx-desktop"
PATIENCE_MS = 2_000


def run_window(
    hub_factory: Callable[[QApplication], Hub],
    argv: Sequence[str],
    *,
    on_shown: Callable[[MainWindow], None] | None = None,
) -> int:
    """Show the window and run until it is closed.

    Args:
        hub_factory: Makes the hub once there is an application; must not block.
        argv: Command line, program name first; clips in it are asked about in the start sheet,
            as those of a file manager's "Open with".
        on_shown: Called when the window is on screen, before the hub starts.

    Returns:
        The exit status.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(list(argv))
    app.setApplicationName(TITLE)
    app.setApplicationVersion(__version__)
    QGuiApplication.setDesktopFileName(DESKTOP_FILE)
    app.setWindowIcon(app_icon())
    hub = hub_factory(app)
    window = MainWindow(hub, Theme(app))
    window.fit_into(window.screen().availableGeometry())

    def shown() -> None:
        if on_shown is not None:
            on_shown(window)
        hub.start()

    # Only when the window is painted may the hub's workers take the processor.
    paint = _FirstPaint(window)
    window.installEventFilter(paint)
    paint.seen.connect(shown)
    QTimer.singleShot(PATIENCE_MS, window, paint.give_up_waiting)
    window.show()
    window.start_with(_clips(app.arguments()))
    _end_on_signals(window)
    return app.exec()


def _clips(arguments: Sequence[str]) -> tuple[Path, ...]:
    """Return the clips of a command line from which Qt has taken its own options."""
    return tuple(Path(name).absolute() for name in arguments[1:] if not name.startswith("-"))


def show_trouble(message: str) -> None:
    """Show a message before there is a window, and wait for the person to close it."""
    app = QApplication.instance() or QApplication([TITLE])
    box = QMessageBox(QMessageBox.Icon.Critical, TITLE, message)
    box.exec()
    app.processEvents()


def _end_on_signals(window: MainWindow) -> None:
    """Let Ctrl+C in the terminal and the system's wish to end close the window, without asking.

    Python hears signals between its own instructions only; the hub's timer sees to those.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close_without_asking())


class _FirstPaint(QObject):
    """Says once, after the window's first paint, that it was painted."""

    seen = Signal()

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        self._told = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the first paint; the timer fires when it is done."""
        if event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.give_up_waiting)
        return False

    def give_up_waiting(self) -> None:
        """Say it now; a window that is hidden from the start is never painted."""
        if not self._told:
            self._told = True
            self.seen.emit()
