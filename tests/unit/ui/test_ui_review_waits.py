"""What of a review takes long is worked out apart: steps go on, are kept at once, none is lost."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_review import demo_review
from review_edits import state_hash

from codefx_desktop.analysis.corrections import active, corrected
from codefx_desktop.domain.edit import BoxOp, BoxValue, ChooseOp, TrackDeed, TrackOp
from codefx_desktop.jobs import review_boxes
from codefx_desktop.jobs.review_values import EditDeed, Retracked, ReviewState
from tests.under_review import Under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.models.review_model import ReviewModel

KEPT = 8
"""So many steps are taken back without anything being worked out."""
DELETE = TrackOp(TrackDeed.DELETE, 1, 0)


@pytest.fixture
def under(qtbot: QtBot) -> Iterator[Under]:
    made = Under()
    made.open(qtbot)
    made.desk.thinks = []
    yield made
    made.model.deleteLater()
    made.desk.deleteLater()


def think(under: Under) -> int:
    """Work out what waits, also what follows; return how often."""
    assert under.desk.thinks is not None
    count = 0
    while under.desk.thinks:
        under.desk.thinks.pop(0)()
        count += 1
    return count


def move(model: ReviewModel, count: int) -> None:
    for n in range(count):
        model.do(f"Move {n}", BoxOp(n, 0, BoxValue((1.0, 2.0, 3.0 + n, 40.0), 1, 9)))


def is_exact(model: ReviewModel) -> bool:
    """Return whether the boxes are those that all steps lead to."""
    read = model.read
    there = state_hash(read.corrected, ())
    return there == state_hash(corrected(read.stored, read.numbers, active(read.steps)), ())


def deeds(under: Under) -> list[EditDeed]:
    return [call[1] for call in under.desk.of("edit")]


def test_undo_further_back_than_is_known_waits_and_is_kept_at_once(under: Under) -> None:
    model = under.model
    move(model, 20)
    for _ in range(KEPT):
        model.undo()
    assert is_exact(model)
    under.desk.thinks.clear()  # what was asked in advance never comes
    model._boxes.begin(is_known=True)
    under.said.clear()
    model.undo()
    assert model.undo_text == "Move 10"
    assert deeds(under) == [EditDeed.DO] * 20 + [EditDeed.UNDO] * 9
    assert not is_exact(model)
    assert model.is_updating
    found = len(under.desk.of("find_stops"))
    think(under)
    assert is_exact(model)
    assert len(under.desk.of("find_stops")) == found + 1
    assert under.said.count("edited") == 2
    for _ in range(KEPT - 1):
        model.undo()
        assert is_exact(model)  # these came along


def test_keys_that_are_pressed_meanwhile_are_done_in_order(under: Under, qtbot: QtBot) -> None:
    model = under.model
    move(model, 30)
    under.settle(qtbot)
    under.desk.put(under.desk.jobs["a"])  # as it is opened: nothing before the last is known
    under.desk.calls.clear()
    for _ in range(12):
        model.undo()
    model.do("Delete", DELETE)
    model.do("Draw", BoxOp(5, -1, BoxValue((1.0, 2.0, 3.0, 4.0), 1, -1)))
    model.undo()
    model.undo()
    model.undo()
    model.redo()
    assert model.is_updating
    assert len(under.desk.thinks) == 1  # one at a time
    assert deeds(under) == [
        *[EditDeed.UNDO] * 12, EditDeed.DO, EditDeed.DO, *[EditDeed.UNDO] * 3, EditDeed.REDO
    ]  # fmt: skip
    assert think(under) <= 3
    assert is_exact(model)
    assert model.undo_text == "Move 17"
    assert model.redo_text == "Delete"
    under.settle(qtbot)
    assert [one.text for one in model.read.steps if not one.is_undone] == [
        f"Move {n}" for n in range(18)
    ]


def test_what_was_asked_before_steps_took_another_way_is_not_taken_for_theirs(
    under: Under,
) -> None:
    model = under.model
    move(model, 20)
    model._boxes.begin(is_known=True)
    model.undo()
    model.undo()
    model.do("Delete", DELETE)
    model.do("Draw", BoxOp(5, -1, BoxValue((1.0, 2.0, 3.0, 4.0), 1, -1)))
    assert think(under) == 2
    assert is_exact(model)


def test_what_undo_will_want_is_worked_out_before(under: Under, qtbot: QtBot) -> None:
    model = under.model
    move(model, 40)
    under.settle(qtbot)
    waited = 0
    while model.undo_text:
        model.undo()
        waited += not is_exact(model)
        think(under)
    assert waited == 0
    assert is_exact(model)


@pytest.mark.parametrize("seed", range(3))
def test_any_walk_ends_at_what_its_steps_lead_to(under: Under, qtbot: QtBot, seed: int) -> None:
    model, rng = under.model, np.random.default_rng(seed)
    for n in range(150):
        deed = rng.choice(["do", "many", "undo", "undo", "undo", "redo", "redo", "think", "read"])
        if deed == "do":
            frame, right = int(rng.integers(300)), 3.0 + n
            model.do(
                f"Move {n}", BoxOp(frame, int(rng.integers(5)), BoxValue((1, 2, right, 9), 1, 2))
            )
        elif deed == "many":
            ops = [BoxOp(f, -1 - n, BoxValue((n, 2, n + 9, 9), 1, 2)) for f in range(0, 300, 3)]
            model.do(f"Draw {n}", *ops)
        elif deed == "think":
            if under.desk.thinks:
                under.desk.thinks.pop(0)()
        elif deed == "read":
            qtbot.wait(1)
            under.desk.put(under.desk.jobs["a"])
        else:
            getattr(model, deed)()
    think(under)
    under.settle(qtbot)
    assert is_exact(model)


def test_a_change_of_many_boxes_waits_and_so_does_a_choice(under: Under, qtbot: QtBot) -> None:
    model = under.model
    ops = [BoxOp(n, 0, None) for n in range(300)]
    model.do("Delete all of them", *ops)
    assert model.is_updating
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]
    think(under)
    assert model.boxes_at(7).track_id.tolist() == [2, 4]
    model.undo()
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]  # that was known
    model.do("Keep mine", ChooseOp("x", "y"))
    assert model.is_updating
    think(under)
    under.settle(qtbot)
    assert is_exact(model)


def test_another_job_forgets_what_was_worked_out(under: Under, qtbot: QtBot) -> None:
    model, desk = under.model, under.desk
    desk.jobs["b"] = demo_review("b")
    model.do("Delete all of them", *[BoxOp(n, 0, None) for n in range(300)])
    model.open("b")
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    think(under)
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]
    assert model.undo_text == ""


def test_what_is_read_while_boxes_are_worked_out_ends_the_wait(under: Under, qtbot: QtBot) -> None:
    model, desk = under.model, under.desk
    desk.put(demo_review(state=ReviewState.GROWING, processed_to=120))
    model.do("Delete all of them", *[BoxOp(n, 0, None) for n in range(300)])
    assert model.is_updating
    qtbot.waitUntil(lambda: not model._waiting["a"])
    desk.put(desk.jobs["a"])
    assert not model.is_updating
    think(under)
    assert is_exact(model)


def test_a_running_job_grows_while_changes_are_kept_and_none_goes_out_of_sight(
    under: Under, qtbot: QtBot
) -> None:
    model, desk = under.model, under.desk
    desk.put(demo_review(state=ReviewState.GROWING, processed_to=120))
    model.do("Delete track 1", DELETE)
    desk.read.emit(demo_review(state=ReviewState.GROWING, processed_to=150))
    assert model.read.processed_to == 120  # without the change it is not shown
    model.do("Delete track 2", TrackOp(TrackDeed.DELETE, 2, 0))
    desk.read.emit(demo_review(state=ReviewState.GROWING, processed_to=180))
    think(under)
    assert model.read.processed_to == 180
    assert model.boxes_at(7).track_id.tolist() == [4]
    under.settle(qtbot)
    assert is_exact(model)


def test_boxes_that_cannot_be_worked_out_say_so(under: Under) -> None:
    model = under.model
    under.desk.calls.clear()
    model._on_no_boxes("Tracks that were found again are damaged.")
    assert "Boxes cannot be shown as changed. Tracks" in under.notices[0]
    assert under.desk.of("open") == [("a",)]


# -- changes of many frames -------------------------------------------------------------------


CARRY = partial(review_boxes.over_range, source=(10, 0), frames=(0, 299))


def test_a_change_of_many_frames_is_one_step(under: Under) -> None:
    model, told = under.model, []
    model.spreading.connect(told.append)
    model.spread("Same box", CARRY)
    assert model.undo_text == ""
    think(under)
    assert model.undo_text == "Same box"
    assert model.boxes_at(250).xyxy[0].tolist() == [110, 50, 190, 110]
    assert (told[0], told[-1]) == (0.0, None)
    assert is_exact(model)


def test_a_change_of_many_frames_is_stopped(under: Under) -> None:
    model = under.model
    model.spread("Same box", CARRY)
    model.spread("Another", CARRY)
    assert under.notices == ["Another: wait for the one before, or stop it."]
    model.stop_spreading()
    think(under)
    assert model.undo_text == ""
    model.spread("Same box", CARRY)
    think(under)
    assert model.undo_text == "Same box"


def test_a_change_of_many_frames_is_refused_where_boxes_are_others(
    under: Under, qtbot: QtBot
) -> None:
    model, crew = under.model, partial(CARRY, source=(10, 1))
    for meanwhile in (
        partial(model.do, "Delete track 1", DELETE),
        model.undo,
        lambda: under.desk.put(demo_review(run="another")),
    ):
        under.notices.clear()
        model.spread("Same box", crew)
        meanwhile()
        think(under)
        assert under.notices == [
            "Same box: not done, since boxes were changed meanwhile. "
            "Look at them, then do it again."
        ]
        under.settle(qtbot)
    model.spread("Same box", crew)
    model.keep_threshold(1, 0.3)  # what is said of other things does not matter
    think(under)
    assert model.undo_text == "Same box"


def test_a_change_of_many_frames_without_its_box_says_so(under: Under) -> None:
    under.model.spread("Same box", partial(review_boxes.over_range, source=(10, 77), frames=(0, 9)))
    think(under)
    assert under.notices == ["Same box: not done. frame 10 has no box 77"]
    assert under.model.undo_text == ""


def test_tracks_that_were_found_of_other_boxes_are_laid_over_those_there_are(under: Under) -> None:
    model = under.model
    state = model.read.corrected
    under.desk.retracked.emit(Retracked("a", state, state.objects.track_id + np.int32(10)))
    model.do("Delete track 1", DELETE)
    think(under)
    assert model.undo_text == "Find tracks again"
    assert model.boxes_at(7).track_id.tolist() == [12, 14]
    assert is_exact(model)


def test_tracks_that_were_found_of_another_run_are_no_tracks_of_this_one(under: Under) -> None:
    model = under.model
    model.retrack()
    state = model.read.corrected
    under.desk.put(demo_review(run="another"))
    under.desk.retracked.emit(Retracked("a", state, state.objects.track_id + np.int32(10)))
    think(under)
    assert under.notices == ["Tracks were not found again: the job was run again meanwhile."]
    assert model.undo_text == ""


def test_a_change_of_many_frames_that_waits_for_its_turn_is_not_replaced(under: Under) -> None:
    model = under.model
    under.desk.spreading.disconnect()  # it has not begun: tracks are being found
    model.spread("Same box", CARRY)
    model.spread("Another", CARRY)
    assert under.notices == ["Another: wait for the one before, or stop it."]
    think(under)
    assert model.undo_text == "Same box"


def test_a_step_of_another_run_moves_no_box_of_this_one_when_it_is_done_again(
    under: Under, qtbot: QtBot
) -> None:
    model = under.model
    model.do("Delete track 1", DELETE)
    under.settle(qtbot)
    held = tuple(replace(step, ops=()) for step in model.read.steps)
    under.desk.put(demo_review(run="another", steps=held))  # kept, not done
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]
    model.undo()
    think(under)
    model.redo()
    think(under)
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]
