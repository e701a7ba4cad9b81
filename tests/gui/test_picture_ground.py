"""The picture under boxes and words: scaled once, and again with everything that changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from codefx_desktop.ui.models.pictures import image_of, image_of_screen
from codefx_desktop.ui.overlay_paint import _thinned
from codefx_desktop.ui.picture_ground import PictureGround, pixels_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CANVAS = QColor("#102030")
RECTS = (QRectF(0, 0, 160, 90), QRectF(20, 5, 120, 67.5), QRectF(-200, -90, 640, 360))


def painted(ground: PictureGround, widget: QWidget, image: QImage, rect: QRectF) -> np.ndarray:
    made = QImage(widget.size(), QImage.Format.Format_RGB32)
    made.fill(0)
    painter = QPainter(made)
    ground.paint(painter, widget, image, rect, CANVAS, smooth=True)
    painter.end()
    return np.array(made.constBits()).reshape(made.height(), made.width(), 4)[..., :3]


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(160, 90)
    return made


def test_what_is_kept_is_what_would_be_painted_anew(widget: QWidget) -> None:
    rng = np.random.default_rng(3)
    pictures = [rng.integers(0, 256, (180, 320, 3), np.uint8) for _ in range(2)]
    images = [image_of(one) for one in pictures]
    kept = PictureGround()
    for _ in range(2):
        for image in images:
            for rect in RECTS:
                for _ in range(2):
                    anew = painted(PictureGround(), widget, image, rect)
                    assert (painted(kept, widget, image, rect) == anew).all()
    assert not (
        painted(kept, widget, images[0], RECTS[0]) == painted(kept, widget, images[1], RECTS[0])
    ).all()


def test_it_is_as_a_picture_that_is_drawn_at_once(widget: QWidget) -> None:
    step = np.linspace(0, 255, 320, dtype=np.uint8)
    image = image_of(np.ascontiguousarray(np.broadcast_to(step[None, :, None], (180, 320, 3))))
    for rect in RECTS:
        direct = QImage(widget.size(), QImage.Format.Format_RGB32)
        direct.fill(CANVAS)
        painter = QPainter(direct)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, image)
        painter.end()
        was = np.array(direct.constBits()).reshape(90, 160, 4)[..., :3].astype(int)
        now = painted(PictureGround(), widget, image, rect).astype(int)
        assert np.abs(was - now).max() <= 2


def test_it_follows_its_widget(widget: QWidget) -> None:
    image = image_of(np.full((180, 320, 3), 200, np.uint8))
    ground = PictureGround()
    painted(ground, widget, image, RECTS[0])
    widget.resize(200, 120)
    shown = painted(ground, widget, image, QRectF(0, 0, 200, 112.5))
    assert (shown[:112] == 200).all()
    assert tuple(shown[-1, -1]) == (CANVAS.blue(), CANVAS.green(), CANVAS.red())


class Sharp(QWidget):
    """A widget on a screen of one and a half pixels to each of its own."""

    def devicePixelRatioF(self) -> float:  # noqa: N802 - Qt's name
        return 1.5


@pytest.mark.parametrize(
    ("kind", "rect", "place"),
    [
        (QWidget, QRectF(0, 0, 160, 90), (0, 0, 160, 90)),
        (QWidget, QRectF(0, 11.25, 160, 67.5), (0, 11, 160, 68)),
        (QWidget, QRectF(20.4, 0, 119.2, 90), (20, 0, 119, 90)),
        (Sharp, QRectF(0, 0, 160, 90), (0, 0, 240, 135)),
        (Sharp, QRectF(0, 11.25, 160, 67.5), (0, 17, 240, 101)),
        (Sharp, QRectF(20.4, 0, 119.2, 90), (31, 0, 179, 135)),
    ],
)
def test_a_picture_of_the_screens_size_is_copied(
    qtbot: QtBot, kind: type[QWidget], rect: QRectF, place: tuple[int, int, int, int]
) -> None:
    widget = kind()
    qtbot.addWidget(widget)
    widget.resize(160, 90)
    ratio = widget.devicePixelRatioF()
    assert pixels_of(rect, ratio).getRect() == place
    left, top, width, height = place
    ready = np.random.default_rng(5).integers(0, 256, (height, width, 4), np.uint8)
    ready[..., 3] = 255
    made = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    made.fill(0)
    painter = QPainter(made)
    other = image_of(np.zeros((180, 320, 3), np.uint8))
    PictureGround().paint(
        painter, widget, other, rect, CANVAS, smooth=True, fitted=image_of_screen(ready)
    )
    painter.end()
    shown = np.array(made.constBits()).reshape(made.height(), made.width(), 4)[..., :3]
    assert (shown[top : top + height, left : left + width] == ready[..., :3]).all()
    beside = np.ones(shown.shape[:2], bool)
    beside[top : top + height, left : left + width] = False
    assert (shown[beside] == (CANVAS.blue(), CANVAS.green(), CANVAS.red())).all()


def test_a_picture_of_another_size_is_scaled_as_without_it(widget: QWidget) -> None:
    image = image_of(np.random.default_rng(3).integers(0, 256, (180, 320, 3), np.uint8))
    small = image_of_screen(np.zeros((89, 160, 4), np.uint8))
    made = QImage(widget.size(), QImage.Format.Format_RGB32)
    painter = QPainter(made)
    PictureGround().paint(painter, widget, image, RECTS[0], CANVAS, smooth=True, fitted=small)
    painter.end()
    shown = np.array(made.constBits()).reshape(90, 160, 4)[..., :3]
    assert (shown == painted(PictureGround(), widget, image, RECTS[0])).all()


def test_ways_are_thinned_together_as_each_would_be_alone() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        ways = [
            np.cumsum(rng.normal(0, 1.5, (count, 2)), axis=0).astype(np.float32)
            for count in rng.integers(1, 40, rng.integers(1, 9))
        ]
        for way, kept in zip(ways, _thinned(ways, 2.0), strict=True):
            assert kept.tolist() == _thinned([way], 2.0)[0].tolist()
            assert kept[0].tolist() == way[0].tolist()
            assert kept[-1].tolist() == way[-1].tolist()
    still = np.zeros((30, 2), np.float32)
    assert [len(one) for one in _thinned([still, still[:1]], 2.0)] == [2, 1]
    none = still[:0]
    for places in ((0, 30, 30), (30, 0, 30), (30, 30, 0), (0, 0, 0), (0,)):
        kept = _thinned([still if there else none for there in places], 2.0)
        assert [len(one) for one in kept] == [2 if there else 0 for there in places]
    assert _thinned([], 2.0) == []
