"""Boxes on the picture by mouse and keys, in the real window: drawn where the hand let go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_review import demo_review
from gui.reviewing import A, key, settled
from PySide6.QtCore import QPoint, Qt

from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import BoxOp, BoxValue, TrackDeed, TrackOp
from codefx_desktop.ui.models.review_model import BoxKey

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from PySide6.QtWidgets import QMenu
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
CAR = BoxKey(0, 0)
"""25, 12.5 to 45, 27.5 on frame 0 of the small picture; track 1."""


@pytest.fixture
def boxes(qtbot: QtBot, review: MainWindow, hub: FakeHub) -> MainWindow:
    """A clip of 320x180 in view whose job has the demo's boxes at a quarter of their size."""
    read = demo_review("a")
    small = replace(read.stored, xyxy=read.stored.xyxy / np.float32(4))
    corrected = CorrectedObjects.measured(small)
    assert hub.reviews is not None
    hub.reviews.jobs["a"] = replace(read, stored=small, corrected=corrected, width=320, height=180)
    review.review.open(A, "a")
    model = review.reviewing.model
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    settled(qtbot, review)
    review.review.page.take_keyboard()
    return review


def at(window: MainWindow, x: float, y: float) -> QPoint:
    """Return where a place of the frame lies on the picture's widget."""
    rect = window.review.page.picture.picture_rect()
    return QPoint(
        round(rect.x() + x * rect.width() / 320), round(rect.y() + y * rect.height() / 180)
    )


def drag(qtbot: QtBot, window: MainWindow, start: QPoint, end: QPoint) -> None:
    picture = window.review.page.picture
    qtbot.mousePress(picture, LEFT, pos=start)
    qtbot.mouseMove(picture, (start + end) / 2)
    qtbot.mouseMove(picture, end)
    qtbot.mouseRelease(picture, LEFT, pos=end)


def texts(window: MainWindow) -> list[str]:
    steps = window.reviewing.model.read.steps
    return [step.text for step in steps if not step.is_undone]


def test_a_click_chooses_and_a_drag_pans_while_the_tool_is_off(
    qtbot: QtBot, boxes: MainWindow
) -> None:
    picture, model = boxes.review.page.picture, boxes.reviewing.model
    qtbot.mouseClick(picture, LEFT, pos=at(boxes, 35, 20))
    assert (model.selection.box, model.selection.track) == (CAR, 1)
    drag(qtbot, boxes, at(boxes, 35, 20), at(boxes, 60, 30))
    assert not texts(boxes)
    key(qtbot, boxes, Qt.Key.Key_Escape)
    assert model.selection.box is None


def test_boxes_are_moved_resized_drawn_and_deleted_and_all_is_undone(
    qtbot: QtBot, boxes: MainWindow
) -> None:
    model, state = boxes.reviewing.model, boxes.reviewing.model.read.corrected
    key(qtbot, boxes, Qt.Key.Key_B)
    assert boxes.reviewing.boxes.tool.is_on
    drag(qtbot, boxes, at(boxes, 35, 20), at(boxes, 55, 30))
    x1, y1, x2, y2 = model.boxes_at(0).xyxy[0].tolist()
    assert (x1, y1, x2 - x1, y2 - y1) == pytest.approx((45, 22.5, 20, 15), abs=0.6)
    drag(qtbot, boxes, at(boxes, 250, 150), at(boxes, 290, 170))
    qtbot.waitUntil(lambda: len(texts(boxes)) == 2)
    assert [text.split()[0] for text in texts(boxes)] == ["Move", "Draw"]
    key(qtbot, boxes, Qt.Key.Key_Delete)
    assert texts(boxes)[-1].startswith("Delete")
    for _ in range(3):
        key(qtbot, boxes, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not texts(boxes)
    now = model.read.corrected
    assert np.array_equal(now.objects.xyxy, state.objects.xyxy)
    assert np.array_equal(now.box, state.box)


def test_the_menu_of_a_box_changes_its_class_and_its_track(qtbot: QtBot, boxes: MainWindow) -> None:
    model = boxes.reviewing.model
    qtbot.mouseClick(boxes.review.page.picture, LEFT, pos=at(boxes, 35, 20))
    choose(boxes, "Class of this box", "tyre")
    assert model.read.steps[-1].ops == (BoxOp(0, 0, BoxValue((25, 12.5, 45, 27.5), 2, 1)),)
    choose(boxes, "Exchange with another track from here on", "#3  crew")
    assert model.read.steps[-1].ops == (TrackOp(TrackDeed.SWAP, 1, 0, other_id=3),)
    choose(boxes, "Split #3 here: a new track from this frame on")
    assert texts(boxes)[-1] == "Split #3 at frame 0"
    choose(boxes, "Delete the whole track")
    assert len(texts(boxes)) == 4


def test_hidden_findings_come_back(qtbot: QtBot, boxes: MainWindow) -> None:
    picture = boxes.review.page.picture
    picture.grab()
    assert picture.painted_overlay is not None
    key(qtbot, boxes, Qt.Key.Key_H)
    picture.grab()
    assert picture.painted_overlay is None
    key(qtbot, boxes, Qt.Key.Key_H)
    picture.grab()
    assert picture.painted_overlay.frame_number == 0


def test_a_box_on_many_frames_shows_how_far_it_is_and_is_stopped(
    qtbot: QtBot, boxes: MainWindow, hub: FakeHub
) -> None:
    assert hub.reviews is not None
    hub.reviews.thinks = []
    qtbot.mouseClick(boxes.review.page.picture, LEFT, pos=at(boxes, 35, 20))
    boxes.review.view.player.mark_first(0)
    boxes.review.view.player.mark_last(99)
    progress = boxes.reviewing.boxes.progress
    choose(boxes, "Same box on the range between I and O")
    qtbot.waitUntil(progress.isActiveWindow)  # only then keys are its own
    qtbot.keyClick(progress, Qt.Key.Key_Escape)
    hub.reviews.thinks.pop()()
    assert not progress.isVisible()
    assert not texts(boxes)
    choose(boxes, "Same box on the range between I and O")
    qtbot.waitUntil(progress.isActiveWindow)
    for meant_for_the_window in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        qtbot.keyClick(progress.focusWidget() or progress, meant_for_the_window)
    assert progress.isVisible()
    hub.reviews.thinks.pop()()
    assert texts(boxes) == ["Same box on frames 0 to 99"]
    assert not progress.isVisible()


def choose(window: MainWindow, *names: str) -> None:
    """Trigger an entry of the chosen box's menu, through its submenus."""
    menu: QMenu | None = window.reviewing.boxes.new_menu()
    for name in names:
        assert menu is not None
        (action,) = (one for one in menu.actions() if one.text().replace("&", "") == name)
        assert action.isEnabled()
        menu = action.menu()
    action.trigger()
