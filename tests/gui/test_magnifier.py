"""The glass over the picture: the frame's own pixels, where the pointer is and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_frames import clip_info, times
from gui.reviewing import Wall, key
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from codefx_desktop.domain.frame import Frame
from codefx_desktop.jobs.viewing import ServedFrame
from codefx_desktop.ui.frame_view import FrameView
from codefx_desktop.ui.magnifier import HELD_S, RADIUS_PX, HeldSwitch, Magnifier

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow
    from codefx_desktop.ui.theme import Theme

WIDTH, HEIGHT = 1280, 720


class Glass:
    """A frame whose every pixel tells where it is, half as large, with the glass over it."""

    def __init__(self, qtbot: QtBot, theme: Theme, path: Path, step: int = 1) -> None:
        self.view, self.glass = FrameView(theme), Magnifier()
        qtbot.addWidget(self.view)
        self.view.use_magnifier(self.glass)
        self.view.resize(WIDTH // 2, HEIGHT // 2)
        down, across = np.mgrid[0:HEIGHT:step, 0:WIDTH:step]
        pixels = np.stack((across % 256, down % 256, across // 256 * 40), -1).astype(np.uint8)
        info = replace(clip_info(path), width=WIDTH, height=HEIGHT)
        served = ServedFrame(1, 0, Frame(0, times(4).time(0), pixels), is_exact=True)
        self.view.show_frame(served, info, times(4))
        self.view.show()

    def color(self, x: float, y: float) -> tuple[int, ...]:
        image = self.view.grab().toImage()
        ratio = image.width() / self.view.width()
        return QColor(image.pixel(int(x * ratio), int(y * ratio))).getRgb()[:3]


@pytest.fixture
def glass(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Glass:
    return Glass(qtbot, theme, tmp_path / "lap.mp4")


def over(view: QWidget, x: float, y: float) -> None:
    """Move the pointer over a place, wherever it was."""
    place = QPointF(x, y)
    none = Qt.MouseButton.NoButton
    there = QPointF(view.mapToGlobal(place))
    plain = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, place, there, none, none, plain)
    QApplication.sendEvent(view, event)


def of(x: int, y: int) -> tuple[int, int, int]:
    """Return the colour that the frame has at a place."""
    return x % 256, y % 256, x // 256 * 40


def test_each_pixel_of_the_frame_is_four_wide_under_the_pointer(glass: Glass) -> None:
    spot = QPoint(320, 200)  # of the frame: 640, 400
    glass.glass.set_on(True)
    over(glass.view, spot.x(), spot.y())
    for k, j in ((5, 5), (-9, 6), (12, -10)):
        middle = QPointF(spot) + QPointF(4 * k + 2, 4 * j + 2)
        assert glass.color(middle.x(), middle.y()) == of(640 + k, 400 + j)
        assert glass.color(middle.x() + 1, middle.y() - 1) == of(640 + k, 400 + j)
    beyond = spot.x() + RADIUS_PX + 12
    assert np.abs(np.subtract(glass.color(beyond, 200), of(int(2 * beyond), 400))).max() <= 2


def test_it_is_there_only_while_it_is_on_and_over_the_picture(glass: Glass) -> None:
    plain = glass.color(342, 222)
    over(glass.view, 320, 200)
    assert glass.color(342, 222) == plain
    glass.glass.set_on(True)
    assert glass.color(342, 222) != plain
    glass.view.resize(640, 560)  # the picture has room above and below
    over(glass.view, 320, 40)
    assert glass.glass.spot(glass.view.viewport) is None
    glass.view.resize(640, 360)
    over(glass.view, 322, 200)
    assert glass.glass.spot(glass.view.viewport) is not None
    QApplication.sendEvent(glass.view, QEvent(QEvent.Type.Leave))
    assert glass.color(342, 222) == plain


def test_of_a_proxy_the_same_place_is_shown(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    half = Glass(qtbot, theme, tmp_path / "lap.mp4", step=2)
    half.glass.set_on(True)
    over(half.view, 320, 200)
    assert half.color(320 + 20 + 2, 200 + 20 + 2) == of(644, 404)  # its pixels are twice as wide


def test_a_tap_switches_it_over_and_a_held_key_lets_it_go(qtbot: QtBot) -> None:
    window, wall = QWidget(), Wall()
    qtbot.addWidget(window)
    window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    action = QAction("Magnifier", window)
    action.setCheckable(True)
    action.setShortcut(QKeySequence("Y"))
    window.addAction(action)
    HeldSwitch(action, wall)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.setFocus()
    qtbot.waitUntil(window.hasFocus)
    qtbot.keyPress(window, Qt.Key.Key_Y)
    qtbot.keyRelease(window, Qt.Key.Key_Y)
    assert action.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_Y)
    assert not action.isChecked()
    qtbot.keyPress(window, Qt.Key.Key_Y)
    assert action.isChecked()
    wall.now += HELD_S
    qtbot.keyRelease(window, Qt.Key.Key_Y)
    assert not action.isChecked()


def test_y_takes_the_glass_in_review(qtbot: QtBot, review: MainWindow) -> None:
    picture = review.review.page.picture
    key(qtbot, review, Qt.Key.Key_Y)
    assert review.review.actions.magnify.isChecked()
    over(picture, picture.width() / 2, picture.height() / 2)
    assert review.review.actions.magnifier.spot(picture.viewport) is not None
    assert any("Magnifier" in row.text for row in review.commands.keys.rows)
