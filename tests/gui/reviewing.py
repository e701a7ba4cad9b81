"""What tests of the Review workspace share: reading pixels, pressing keys, turning the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gui.fake_frames import number_in
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from codefx_desktop.ui.models.pictures import image_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow
    from codefx_desktop.ui.models.clip_view import ClipView

A, B = Path("/footage/a.mp4"), Path("/footage/b.mov")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def key(qtbot: QtBot, window: MainWindow, *args: object) -> None:
    """Press a key with whoever has the keyboard, as a person does."""
    qtbot.keyClick(window.focusWidget() or window, *args)


def painted(window: MainWindow) -> int:
    """Return the number that the picture's own pixels show."""
    picture = window.review.page.picture
    image = picture.grab().toImage()
    rect = picture.picture_rect().toRect()
    ratio = image.width() / picture.width()
    x, y, w, h = (round(v * ratio) for v in rect.getRect())
    return number_in(image.copy(x, y, w, h))


def settled(qtbot: QtBot, window: MainWindow) -> int:
    """Wait for the wanted picture; its pixels, the words over it and the position agree."""
    view = window.review.view

    def there() -> bool:
        shown = view.shown
        return shown is not None and shown.is_exact and shown.frame.number == view.position

    qtbot.waitUntil(there)
    assert painted(window) == view.position
    assert window.review.page.picture.hud()[0] == f"frame {view.position} / {view.last + 1}"
    return view.position


def at(window: MainWindow, number: int) -> QPoint:
    bar = window.review.page.transport.bar
    return QPoint(round(bar.x_of(number) + 0.5), 30)


def wheel(target: object, notches: int, modifiers: Qt.KeyboardModifier) -> None:
    middle = QPointF(target.width() / 2, target.height() / 2)
    event = QWheelEvent(
        middle,
        QPointF(target.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


class Wall:
    """A wall clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def shown(view: ClipView) -> int:
    assert view.shown is not None
    number = number_in(image_of(view.shown.frame.pixels))
    assert number == view.shown.frame.number
    return number


def settle(qtbot: QtBot, view: ClipView) -> int:
    qtbot.waitUntil(lambda: view.shown is not None and view.shown.frame.number == view.position)
    return shown(view)
