"""Labels never cover each other; what is in hand keeps its own."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QRectF

from codefx_desktop.ui.label_places import LabelPlaces

LINE, WIDTH = 14.0, 90.0


def test_fifty_labels_in_a_crowd_do_not_cover_each_other() -> None:
    chance = np.random.default_rng(4)
    places = LabelPlaces(640, 360, LINE, (QRectF(8, 8, 200, 20),))
    stood = []
    for x, y in chance.uniform((0, 0), (600, 320), (50, 2)).tolist():
        label = places.place(QRectF(x, y, 40, 60), WIDTH)
        if label is not None:
            assert not any(label.intersects(other) for other in stood)
            assert not label.intersects(QRectF(8, 8, 200, 20))
            assert QRectF(0, 0, 640, 360).contains(label)
            stood.append(label)
    assert 20 < len(stood) < 50  # where there is no room one is left out


def test_a_label_goes_round_its_box_before_it_is_left_out() -> None:
    places = LabelPlaces(640, 360, LINE)
    box = QRectF(200, 100, 200, 60)
    stood = [places.place(box, WIDTH) for _ in range(6)]
    assert stood[0] == QRectF(200, 86, WIDTH, LINE)  # above its left corner
    assert all(one is not None for one in stood)
    assert all(not one.intersects(other) for one, other in pairwise(stood))
    assert places.place(box, WIDTH) is None


def test_what_is_in_hand_keeps_its_label_and_nothing_stands_on_its_grips() -> None:
    places = LabelPlaces(640, 360, LINE, (QRectF(0, 0, 640, 360),))
    box = QRectF(100, 100, 60, 60)
    assert places.place(box, WIDTH) is None
    assert places.place(box, WIDTH, must=True) == QRectF(100, 86, WIDTH, LINE)
    free = LabelPlaces(640, 360, LINE)
    free.keep_free([QRectF(100, 80, 200, 10)])
    assert free.place(QRectF(100, 90, 60, 60), WIDTH) != QRectF(100, 76, WIDTH, LINE)


def test_what_is_not_in_sight_has_no_label() -> None:
    places = LabelPlaces(640, 360, LINE)
    assert places.place(QRectF(-300, 40, 60, 60), WIDTH, must=True) is None
    assert places.place(QRectF(-30, 40, 60, 60), WIDTH) == QRectF(0, 26, WIDTH, LINE)
