"""Boxes under a hand: what a press takes hold of, what a release keeps, where a box may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_review import FakeReviewDesk, demo_review

from codefx_desktop.domain.edit import BoxOp, BoxValue, TrackDeed, TrackOp
from codefx_desktop.jobs import review_boxes
from codefx_desktop.ui.models.box_tool import BoxTool
from codefx_desktop.ui.models.review_model import BoxKey, ReviewModel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CAR = BoxKey(0, 0)
"""100, 50 to 180, 110 on frame 0; track 1."""


@pytest.fixture
def tool(qtbot: QtBot) -> BoxTool:
    desk = FakeReviewDesk()
    desk.jobs["a"] = demo_review()
    model = ReviewModel(desk)
    model.open("a")
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    made = BoxTool(model, model)
    made.kept_alive = (desk, model)
    return made


def car(tool: BoxTool) -> BoxValue:
    return review_boxes.box_value(tool.kept_alive[1].read, *CAR)


def texts(tool: BoxTool) -> list[str]:
    return [step.text for step in tool.kept_alive[1].read.steps if not step.is_undone]


def drag(tool: BoxTool, start: tuple[float, float], end: tuple[float, float]) -> bool:
    taken = tool.press(0, *start, 1.0)
    tool.move(*end)
    tool.release()
    return taken


def test_off_it_only_chooses(tool: BoxTool) -> None:
    assert not drag(tool, (140, 80), (160, 90))
    assert not texts(tool)
    tool.choose(0, 140, 80)
    model = tool.kept_alive[1]
    assert (model.selection.box, model.selection.track) == (CAR, 1)
    tool.choose(0, 5, 5)
    assert model.selection.box is None


def test_a_drag_moves_a_grip_resizes_and_each_is_one_step(tool: BoxTool) -> None:
    tool.set_on(True)
    assert drag(tool, (140, 80), (150, 85))
    assert car(tool).xyxy == (110, 55, 190, 115)
    assert drag(tool, (191, 116), (221, 136))  # the corner is within reach of the hand
    assert car(tool).xyxy == (110, 55, 220, 135)
    assert drag(tool, (110, 90), (90, 300))  # one edge follows across only
    assert car(tool).xyxy == (90, 55, 220, 135)
    assert texts(tool) == ["Move car on frame 0", "Resize car on frame 0", "Resize car on frame 0"]
    model = tool.kept_alive[1]
    for _ in range(3):
        model.undo()
    assert car(tool).xyxy == (100, 50, 180, 110)


def test_a_box_stays_in_the_picture_and_keeps_its_size(tool: BoxTool) -> None:
    tool.set_on(True)
    drag(tool, (140, 80), (-900, 2000))
    assert car(tool).xyxy == (0, 660, 80, 720)
    drag(tool, (80, 660), (2000, 100))
    assert car(tool).xyxy == (0, 100, 1280, 720)


def test_what_is_drawn_beside_boxes_is_a_new_one(tool: BoxTool) -> None:
    tool.set_on(True)
    tool.class_id = 2
    assert drag(tool, (700, 500), (650, 560))
    model = tool.kept_alive[1]
    assert model.read.steps[-1].ops == (BoxOp(0, -1, BoxValue((650, 500, 700, 560), 2, -1)),)
    assert model.selection.box == BoxKey(0, -1)
    drag(tool, (900, 500), (901, 501))  # a slip of the hand
    assert texts(tool) == ["Draw tyre on frame 0"]
    drag(tool, (900, 500), (950, 550))
    assert model.read.steps[-1].ops[0].box == -2


def test_letting_go_where_it_was_or_cancelling_changes_nothing(tool: BoxTool) -> None:
    tool.set_on(True)
    tool.press(0, 140, 80, 1.0)
    tool.move(170, 90)
    assert tool.ghost == (130, 60, 210, 120)
    tool.cancel()
    tool.release()
    drag(tool, (140, 80), (140, 80))
    assert not texts(tool)
    assert tool.ghost is None


def test_frames_that_were_not_analysed_have_no_boxes_to_change(tool: BoxTool) -> None:
    tool.set_on(True)
    assert not tool.press(4000, 140, 80, 1.0)


def test_nudges_are_pixels_of_the_frame(tool: BoxTool) -> None:
    tool.choose(0, 140, 80)
    tool.nudge(1, 0)
    tool.nudge(0, -1)
    assert car(tool).xyxy == (101, 49, 181, 109)


def test_boxes_between_two_corrections_move_evenly(tool: BoxTool) -> None:
    model = tool.kept_alive[1]
    model.do("a", BoxOp(0, 0, BoxValue((0, 0, 80, 60), 0, 1)))
    model.do("b", BoxOp(10, 0, BoxValue((100, 0, 180, 60), 0, 1)))
    assert review_boxes.corrected_before(model.read, 10, 1) == (0, 0)
    assert review_boxes.corrected_before(model.read, 10, 2) is None
    ops = review_boxes.between(model.read, (0, 0), (10, 0))
    model.do("even", *ops)
    for number in (1, 5, 9):
        value = review_boxes.box_value(model.read, number, 0)
        assert value.xyxy == pytest.approx((10 * number, 0, 10 * number + 80, 60), abs=0.01)
    model.do("same", *review_boxes.over_range(model.read, (10, 0), (11, 13)))
    assert review_boxes.box_value(model.read, 13, 0).xyxy == (100, 0, 180, 60)


def test_a_split_makes_a_track_that_nobody_has(tool: BoxTool) -> None:
    model = tool.kept_alive[1]
    op = review_boxes.split(model.read, 2, 100)
    assert op == TrackOp(TrackDeed.RELABEL, 2, 100, other_id=6)
    model.do("split", op)
    assert review_boxes.tracks_near(model.read, 200) == ((1, 0), (3, 1), (4, 2), (5, 2), (6, 1))
    model.undo()
    assert review_boxes.new_track(model.read) == 7  # redo would bring 6 back
