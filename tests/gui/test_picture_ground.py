"""The picture under boxes and words: scaled once, and again with everything that changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from codefx_desktop.ui.models.pictures import image_of
from codefx_desktop.ui.overlay_paint import _thinned
from codefx_desktop.ui.picture_ground import PictureGround

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
