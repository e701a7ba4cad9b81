"""The job under review without a window: what is drawn, what is changed, what is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_review import demo_objects, demo_review

from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import (
    BoxOp,
    BoxValue,
    EventDeed,
    EventOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.events import EventSource, EventStatus, Place
from codefx_desktop.jobs.review_stops import counted
from codefx_desktop.jobs.review_values import (
    EditDeed,
    Retracked,
    ReviewState,
)
from codefx_desktop.ui.models.review_events import put_on
from codefx_desktop.ui.models.review_model import (
    BoxKey,
    EventKey,
    ReviewLooks,
    ReviewModel,
)
from codefx_desktop.ui.models.review_overlay import Visible
from tests.under_review import Under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

STOP = EventKey(1, "stop")


@pytest.fixture
def under(qtbot: QtBot) -> Iterator[Under]:
    made = Under()
    made.open(qtbot)
    yield made
    made.model.deleteLater()
    made.desk.deleteLater()


def test_boxes_are_those_above_their_thresholds(under: Under) -> None:
    model = under.model
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]
    model.drag_threshold(2, 0.2)
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4, 5]
    model.look(hidden_classes=frozenset({1}))
    assert model.boxes_at(7).track_id.tolist() == [1, 4, 5]
    model.look(hidden_tracks=frozenset({1, 5}))
    assert model.boxes_at(7).track_id.tolist() == [4]
    assert len(model.boxes_at(4711)) == 0


def test_the_overlay_has_its_frames_number_and_one_second_of_trail(under: Under) -> None:
    for number in (0, 40, 160, 299):
        made = under.model.overlay_at(number)
        assert made is not None
        assert made.frame_number == number
        assert made.time_s == pytest.approx(number / 30)
        assert [box.xyxy[0] for box in made.boxes] == [100.0 + number, 200.0 + number, 400 + number]
        assert made.boxes[0].label == "car #1 0.90"
    trails = {one.track_id: one for one in under.model.overlay_at(40).trails}
    assert set(trails) == {1, 2, 4}
    assert len(trails[1].points) == 31
    assert trails[1].points[-1].tolist() == [100 + 40 + 40, 50 + 30]
    # A cut lies at 150: what was before it is another picture.
    assert len(under.model.overlay_at(160).trails[0].points) == 11
    assert under.model.overlay_at(300) is None


def test_switches_and_colours(under: Under) -> None:
    model = under.model
    model.look(labels=False, trails=False, zones=False, track_colours={2: (1, 2, 3)})
    made = model.overlay_at(7)
    assert (made.trails, made.zones) == ((), ())
    assert {box.label for box in made.boxes} == {""}
    assert made.boxes[1].color == (1, 2, 3)
    model.look(boxes=False)
    assert model.overlay_at(7).boxes == ()
    assert under.said.count("looked") == 2


def test_outlines_are_asked_for_once_and_drawn_when_they_are_there(
    under: Under, qtbot: QtBot
) -> None:
    under.desk.put(demo_review(has_outlines=True))
    under.settle(qtbot)
    made = under.model.overlay_at(7)
    assert made.waits
    under.model.overlay_at(7)
    assert under.desk.of("look_at") == [("a", 7)]
    qtbot.waitUntil(lambda: not under.model.overlay_at(7).waits)


def test_a_step_is_seen_at_once_and_kept(under: Under, qtbot: QtBot) -> None:
    model = under.model
    model.do("Delete track 1", TrackOp(TrackDeed.DELETE, 1, 0))
    assert model.boxes_at(7).track_id.tolist() == [2, 4]
    assert (model.undo_text, model.redo_text) == ("Delete track 1", "")
    assert under.said[0] == "edited"
    model.undo()
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]
    assert (model.undo_text, model.redo_text) == ("", "Delete track 1")
    model.redo()
    assert model.boxes_at(7).track_id.tolist() == [2, 4]
    under.settle(qtbot)
    assert [call[1] for call in under.desk.of("edit")] == [
        EditDeed.DO,
        EditDeed.UNDO,
        EditDeed.REDO,
    ]
    assert [step.is_undone for step in model.read.steps] == [False]


def test_what_could_not_be_kept_is_taken_back(under: Under, qtbot: QtBot) -> None:
    model = under.model
    under.desk.refuses = "The disk is full."
    model.select(event=STOP)
    model.nudge(1)
    model.do("Delete track 1", TrackOp(TrackDeed.DELETE, 1, 0))
    assert model.event_of(STOP).frame_number == 61
    under.settle(qtbot)
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]
    assert model.event_of(STOP).frame_number == 60
    assert model.undo_text == ""


def test_220_steps_are_undone_and_redone(under: Under) -> None:
    model = under.model
    before = model.read.corrected.objects.xyxy.copy()
    for number in range(220):
        value = BoxValue((1.0, 2.0, 3.0 + number, 4.0), 1, 9)
        model.do(f"Box in frame {number}", BoxOp(number, -1 - number, value))
    after = model.read.corrected.objects.xyxy.copy()
    for _ in range(220):
        model.undo()
    assert np.array_equal(model.read.corrected.objects.xyxy, before)
    assert model.undo_text == ""
    for _ in range(220):
        model.redo()
    assert np.array_equal(model.read.corrected.objects.xyxy, after)


def test_undo_goes_on_where_it_was_after_a_restart(under: Under, qtbot: QtBot) -> None:
    model = under.model
    for track in (1, 2, 4):
        model.do(f"Delete track {track}", TrackOp(TrackDeed.DELETE, track, 0))
    model.undo()
    under.settle(qtbot)
    again = ReviewModel(under.desk)
    again.open("a")
    qtbot.waitUntil(lambda: again.is_there)
    assert (again.undo_text, again.redo_text) == ("Delete track 2", "Delete track 4")
    assert again.history.stack.index() == 2
    assert again.boxes_at(7).track_id.tolist() == [4]
    again.undo()
    again.redo()
    again.redo()
    assert again.boxes_at(7).track_id.tolist() == []
    again.deleteLater()


def test_an_event_is_nudged_set_confirmed_and_rejected(under: Under) -> None:
    model = under.model
    model.nudge(1)
    assert "Select an event first" in under.notices[0]
    model.select(event=STOP)
    model.nudge(1)
    event = model.event_of(STOP)
    assert (event.frame_number, event.status, event.source) == (
        61,
        EventStatus.EDITED,
        EventSource.MANUAL,
    )
    assert event.time_s == pytest.approx(61 / 30)
    assert event.latest_s - event.earliest_s == pytest.approx(1 / 30)
    assert model.undo_text == "Move Stop by +1 frame"
    model.set_here()
    assert model.event_of(STOP).frame_number == 100
    model.reject()
    assert model.event_of(STOP).status is EventStatus.NOT_FOUND
    assert model.undo_text == "Reject Stop"
    wheel = EventKey(1, "wheel_off", Place.FRONT_LEFT)
    model.select(event=wheel)
    model.confirm()
    assert model.event_of(wheel).status is EventStatus.CONFIRMED
    assert model.undo_text == "Confirm Wheel off FL"
    for _ in range(4):
        model.undo()
    assert model.event_of(STOP).frame_number == 60
    assert model.event_of(wheel).status is EventStatus.PROPOSED


@pytest.mark.parametrize(("number", "rate_hz"), [(0, 30), (299, 30), (150, 30)])
def test_an_event_is_as_unsure_as_its_frame_at_the_ends_too(
    under: Under, number: int, rate_hz: float
) -> None:
    model = under.model
    model.move_event(STOP, number)
    event = model.event_of(STOP)
    assert event.time_s - event.earliest_s == pytest.approx(0.5 / rate_hz)
    assert event.latest_s - event.time_s == pytest.approx(0.5 / rate_hz)


def test_an_event_in_the_only_frame_is_not_exact(under: Under) -> None:
    whole = demo_review()
    read = demo_review(numbers=whole.numbers[:1], times_s=whole.times_s[:1])
    event = put_on(read, whole.stops[0].stop.events[0], 0)
    assert event.earliest_s < event.time_s < event.latest_s


def test_nothing_is_put_on_a_frame_that_is_not_analysed(under: Under) -> None:
    model = under.model
    model.select(event=STOP)
    before, under.here = model.event_of(STOP), 300
    model.set_here()
    assert model.event_of(STOP) == before
    assert under.notices == ["Frame 300 is not analysed (yet): nothing can be put on it."]


def test_ops_of_events_say_which_stop_they_are_about(under: Under) -> None:
    under.model.select(event=STOP)
    under.model.confirm()
    ((_, _, _, (op,)),) = under.desk.of("edit")
    assert isinstance(op, EventOp)
    assert (op.deed, op.stop, op.stop_begins_s) == (EventDeed.CONFIRM, 1, 0.0)


def test_a_threshold_is_dragged_live_and_kept_as_one_step(under: Under, qtbot: QtBot) -> None:
    model = under.model
    for confidence in (0.45, 0.4, 0.35):
        model.drag_threshold(1, confidence)
    assert model.is_updating
    assert model.undo_text == ""
    asked = len(under.desk.of("find_stops"))
    qtbot.waitUntil(lambda: not model.is_updating)
    assert len(under.desk.of("find_stops")) == asked + 1  # once for all three
    assert under.desk.of("find_stops")[-1] == ("a", (ThresholdOp(1, 0.35),), False)
    model.keep_threshold(1, 0.35)
    assert model.undo_text == "Count crew from 0.35"
    assert model.thresholds == {1: 0.35}
    under.settle(qtbot)
    assert under.desk.of("find_stops")[-1] == ("a", (ThresholdOp(1, 0.35),), True)
    model.undo()
    assert model.thresholds == {}


def test_another_job_lets_go_of_everything(under: Under) -> None:
    model = under.model
    model.select(box=BoxKey(7, 0), track=1)
    model.look(hidden_tracks=frozenset({1}))
    model.do("Delete track 1", TrackOp(TrackDeed.DELETE, 1, 0))
    model.open(None)
    assert (model.read, model.selection.box, model.undo_text) == (None, None, "")
    assert model.looks.hidden_tracks == frozenset()
    assert model.overlay_at(7) is None
    model.do("Delete track 1", TrackOp(TrackDeed.DELETE, 1, 0))
    assert under.notices == ["Delete track 1: there is nothing to change here yet."]


def test_tracks_that_were_found_again_are_one_step(under: Under) -> None:
    model = under.model
    model.retrack()
    assert under.desk.of("retrack") == [("a",)]
    state = model.read.corrected
    under.desk.retracking.emit(0.5)
    assert model.is_retracking
    under.desk.retracked.emit(Retracked("a", state, state.objects.track_id + np.int32(10)))
    under.desk.retracking.emit(None)
    assert not model.is_retracking
    assert model.undo_text == "Find tracks again"
    assert model.boxes_at(7).track_id.tolist() == [11, 12, 14]
    state = model.read.corrected
    under.desk.retracked.emit(Retracked("a", state, state.objects.track_id))
    assert under.notices == ["The tracker finds the same tracks as before."]
    model.undo()
    assert model.boxes_at(7).track_id.tolist() == [1, 2, 4]


def test_a_running_job_grows_and_keeps_what_is_in_hand(under: Under, qtbot: QtBot) -> None:
    model = under.model
    model.select(track=2)
    under.desk.put(demo_review(state=ReviewState.GROWING, processed_to=120))
    assert model.is_there
    assert model.selection.track == 2
    model.do("Delete track 1", TrackOp(TrackDeed.DELETE, 1, 0))
    # More comes while the change is on its way to the file: it is not lost from sight.
    under.desk.put(demo_review(state=ReviewState.GROWING, processed_to=150))
    assert model.boxes_at(7).track_id.tolist() == [2, 4]
    model.retrack()
    assert under.notices == ["Tracks can be found again once the job is done."]


def test_an_answer_for_a_job_that_was_left_and_came_back_is_counted(
    under: Under, qtbot: QtBot
) -> None:
    model, desk = under.model, under.desk
    desk.jobs["b"] = demo_review("b")
    model.do("Delete track 1", TrackOp(TrackDeed.DELETE, 1, 0))
    model.open("b")
    model.open("a")  # before the first change is answered
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    qtbot.wait(1)
    assert model.boxes_at(7).track_id.tolist() == [2, 4]
    assert model.undo_text == "Delete track 1"
    desk.refuses = "The disk is full."
    model.do("Delete track 2", TrackOp(TrackDeed.DELETE, 2, 0))
    under.settle(qtbot)
    assert model.boxes_at(7).track_id.tolist() == [2, 4], "it is not shown as kept"
    assert model.undo_text == "Delete track 1"


def test_a_change_that_is_answered_while_the_job_loads_is_seen(under: Under, qtbot: QtBot) -> None:
    model, desk = under.model, under.desk
    old = desk.jobs["a"]
    model.do("Delete track 1", TrackOp(TrackDeed.DELETE, 1, 0))
    model.open(None)
    model.open("a")
    desk.read.emit(old)  # read before the change was in the file
    under.settle(qtbot)
    assert model.boxes_at(7).track_id.tolist() == [2, 4]
    assert model.undo_text == "Delete track 1"


def test_a_class_without_a_name_has_no_other_classes_threshold_or_eye(under: Under) -> None:
    objects = demo_objects()
    objects.class_id[objects.class_id == 1] = 9
    read = demo_review(stored=objects, corrected=CorrectedObjects.measured(objects))
    looks = ReviewLooks(hidden_classes=frozenset({2}))
    assert Visible(read, {}, looks).boxes_at(7).class_id.tolist() == [0, 9]
    assert Visible(read, {2: 0.95}, ReviewLooks()).boxes_at(7).class_id.tolist() == [0, 9]
    assert Visible(read, {9: 0.3}, ReviewLooks()).boxes_at(7).class_id.tolist() == [0, 9, 9, 2]
    for_stops = counted(read.corrected, {2: 0.95})
    assert sorted(set(for_stops.class_id.tolist())) == [0, 9]
