"""The events of a job in Review by mouse and keys, in the real window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gui.fake_review import demo_review
from gui.fake_stops import event, pit_stop, stops_read
from gui.reviewing import CTRL, SHIFT, A, key, settled
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from codefx_desktop.domain.corrected import Difference, Suspicion
from codefx_desktop.domain.edit import (
    DismissOp,
    EditStep,
    EventDeed,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.events import EventSource, EventStatus, Place
from codefx_desktop.ui.models.event_rows import Show, Standing
from codefx_desktop.ui.models.review_state import EventKey

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.events_panel import EventsPanel
    from codefx_desktop.ui.main_window import MainWindow

LEFT, FL = Qt.MouseButton.LeftButton, Place.FRONT_LEFT
K = Qt.Key
OFF_FL, ON_FL = EventKey(1, "wheel_off", FL), EventKey(1, "wheel_on", FL)
MISSING = ("release", Place.NONE)


@pytest.fixture
def reviewed(qtbot: QtBot, review: MainWindow, hub: FakeHub) -> MainWindow:
    """A clip of 250 frames in view whose job has two stops, of which the light was not seen."""
    stops = stops_read(pit_stop(missing=[MISSING]), pit_stop(2)).stops
    assert hub.reviews is not None
    hub.reviews.jobs["a"] = demo_review("a", stops=stops, found=tuple(one.stop for one in stops))
    review.review.open(A, "a")
    model = review.reviewing.model
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    settled(qtbot, review)
    review.review.page.take_keyboard()
    return review


def panel(window: MainWindow) -> EventsPanel:
    return window.reviewing.events


def steps(window: MainWindow) -> tuple[EditStep, ...]:
    return tuple(one for one in window.reviewing.model.read.steps if not one.is_undone)


def row_rect(window: MainWindow, place: EventKey) -> QRect:
    view = panel(window).view
    index = view.list.index(view.list.place_of(place, None))
    view.scrollTo(index)
    return view.visualRect(index)


def click(qtbot: QtBot, window: MainWindow, place: EventKey) -> None:
    rect = row_rect(window, place)
    qtbot.mouseClick(panel(window).view.viewport(), LEFT, pos=rect.center())


def chosen(window: MainWindow) -> EventKey | None:
    return window.reviewing.model.selection.event


def status(window: MainWindow, place: EventKey) -> EventStatus:
    return window.reviewing.model.event_of(place).status


def test_it_comes_in_front_with_a_job_that_has_stops_and_a_click_shows_the_exact_frame(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    view = panel(reviewed).view
    assert not view.visibleRegion().isEmpty()
    click(qtbot, reviewed, OFF_FL)
    assert settled(qtbot, reviewed) == 84  # 2.8 s
    assert chosen(reviewed) == OFF_FL
    assert panel(reviewed).detail_fold.button.text() == "Wheel off FL"
    assert "a <b> in 3 pictures" in panel(reviewed).details.evidence.accessibleName()
    assert "&lt;b&gt;" in panel(reviewed).details.evidence.text()
    panel(reviewed).details.evidence.linkActivated.emit("frame:90")
    assert settled(qtbot, reviewed) == 90
    qtbot.keyClick(view, K.Key_Down)
    assert (chosen(reviewed), settled(qtbot, reviewed)) == (ON_FL, 96)


def test_enter_confirms_and_goes_on_and_backspace_rejects_and_all_is_undone(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    head = reviewed.docks.events_title.label
    assert head.whole == "0 of 36 confirmed, 1 not found"
    key(qtbot, reviewed, K.Key_Return)
    first = chosen(reviewed)
    assert first == EventKey(1, "arrive")
    assert not steps(reviewed)
    key(qtbot, reviewed, K.Key_Return)
    assert status(reviewed, first) is EventStatus.CONFIRMED
    assert chosen(reviewed) == EventKey(1, "stop")
    assert settled(qtbot, reviewed) == 60
    assert head.whole == "1 of 36 confirmed, 1 not found"
    key(qtbot, reviewed, K.Key_Backspace)
    (_, step) = steps(reviewed)
    assert (step.ops[0].deed, step.ops[0].after.source) == (EventDeed.REJECT, EventSource.MANUAL)
    assert panel(reviewed).walk.row.standing is Standing.REJECTED
    key(qtbot, reviewed, K.Key_Z, CTRL)
    assert panel(reviewed).walk.row.standing is Standing.PROPOSED
    view = panel(reviewed).view
    rect = row_rect(reviewed, ON_FL)
    qtbot.mouseClick(view.viewport(), LEFT, pos=rect.center())
    qtbot.mouseDClick(view.viewport(), LEFT, pos=rect.center())
    assert status(reviewed, ON_FL) is EventStatus.CONFIRMED
    assert chosen(reviewed) == EventKey(1, "tighten_start", FL)


@pytest.mark.dressed
def test_the_event_in_hand_stays_in_sight_when_its_details_take_room(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    view = panel(reviewed).view
    view.setFixedHeight(400)
    qtbot.waitUntil(lambda: view.height() == 400)
    view.scrollToTop()
    lowest = view.indexAt(view.viewport().rect().bottomLeft() - QPoint(0, 60))
    view.setCurrentIndex(lowest)
    view.setFixedHeight(view.minimumSizeHint().height() + 60)
    qtbot.waitUntil(lambda: view.height() < 250)
    assert view.viewport().rect().contains(view.visualRect(lowest))


def test_the_rest_of_a_stop_is_confirmed_in_one_step(qtbot: QtBot, reviewed: MainWindow) -> None:
    key(qtbot, reviewed, K.Key_Return, CTRL)
    (step,) = steps(reviewed)
    assert step.text == "Confirm all 36 proposed of stop 1"
    assert panel(reviewed).count == "36 of 36 confirmed, 1 not found"
    assert not panel(reviewed).actions_.confirm_all.isEnabled()
    assert panel(reviewed).walk.model.event_of(EventKey(2, "stop")).status is EventStatus.PROPOSED
    key(qtbot, reviewed, K.Key_Z, CTRL)
    assert panel(reviewed).count == "0 of 36 confirmed, 1 not found"


def test_an_event_is_nudged_and_set_and_the_picture_goes_with_it(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    click(qtbot, reviewed, OFF_FL)
    key(qtbot, reviewed, K.Key_BracketRight)
    assert settled(qtbot, reviewed) == 85
    key(qtbot, reviewed, K.Key_BracketLeft, SHIFT)
    assert settled(qtbot, reviewed) == 75
    assert [step.text for step in steps(reviewed)] == [
        "Move Wheel off FL (stop 1) by +1 frame",
        "Move Wheel off FL (stop 1) by \N{MINUS SIGN}10 frames",
    ]
    reviewed.review.page.take_keyboard()
    key(qtbot, reviewed, K.Key_Home)
    settled(qtbot, reviewed)
    key(qtbot, reviewed, K.Key_T)
    moved = reviewed.reviewing.model.event_of(OFF_FL)
    assert (moved.frame_number, moved.status) == (0, EventStatus.EDITED)
    assert settled(qtbot, reviewed) == 0


def test_figures_code_events_where_the_pad_says(qtbot: QtBot, reviewed: MainWindow) -> None:
    pad, coding = panel(reviewed).pad, panel(reviewed).coding
    reviewed.review.view.release_at(120)
    settled(qtbot, reviewed)
    key(qtbot, reviewed, K.Key_P)
    assert coding.place is Place.FRONT_RIGHT
    number = 1 + [one.kind for one in coding.keys].index("wheel_off")
    assert pad.codes[number - 1].text() == f"{number}  FR\nWheel off"
    key(qtbot, reviewed, K(K.Key_0 + number))
    place = EventKey(1, "wheel_off", Place.FRONT_RIGHT)
    assert reviewed.reviewing.model.event_of(place).frame_number == 120
    assert chosen(reviewed) == place
    key(qtbot, reviewed, K.Key_0)
    assert pad.page.text() == "0  2/2"
    late = 1 + [one.kind for one in coding.keys].index("release")
    qtbot.mouseClick(pad.codes[late - 1], LEFT)
    made = reviewed.reviewing.model.event_of(EventKey(1, *MISSING))
    assert (made.frame_number, made.source) == (120, EventSource.MANUAL)
    assert [step.ops[0].deed for step in steps(reviewed)] == [EventDeed.MOVE, EventDeed.ADD]


def test_marks_are_named_in_the_panel_and_their_labels_offered_again(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    ask, model = panel(reviewed).pad.ask, reviewed.reviewing.model
    picture = reviewed.review.page.picture
    key(qtbot, reviewed, K.Key_M)
    assert ask.isVisible()
    qtbot.keyClicks(QApplication.focusWidget(), "Gun 1 slips")
    key(qtbot, reviewed, K.Key_Return)
    (mark,) = model.read.marks.values()
    assert (mark.label, mark.begins_frame, mark.ends_frame) == ("Gun 1 slips", 0, None)
    assert picture.hasFocus()
    key(qtbot, reviewed, K.Key_M, SHIFT)
    assert panel(reviewed).pad.waiting.text() == "A mark begins at frame 0."
    for _ in range(3):
        key(qtbot, reviewed, K.Key_Right)
    settled(qtbot, reviewed)
    key(qtbot, reviewed, K.Key_M, SHIFT)
    assert ask.field.itemText(0) == "Gun 1 slips"
    qtbot.keyClicks(QApplication.focusWidget(), "Tyre rolls")
    key(qtbot, reviewed, K.Key_Return)
    assert [(m.begins_frame, m.ends_frame) for m in model.read.marks.values()] == [
        (0, None),
        (0, 3),
    ]
    assert panel(reviewed).walk.row.name == "Tyre rolls"
    key(qtbot, reviewed, K.Key_Backspace)
    assert len(model.read.marks) == 1
    key(qtbot, reviewed, K.Key_M)
    key(qtbot, reviewed, K.Key_Escape)
    assert not ask.isVisible()
    assert picture.hasFocus()
    assert len(model.read.marks) == 1


@pytest.mark.dressed
def test_in_a_low_window_what_is_asked_is_scrolled_to(qtbot: QtBot, reviewed: MainWindow) -> None:
    reviewed.resize(1000, 560)
    click(qtbot, reviewed, OFF_FL)
    key(qtbot, reviewed, K.Key_M)
    line = panel(reviewed).pad.ask.line
    qtbot.waitUntil(lambda: line.visibleRegion().boundingRect().height() == line.height())


def test_a_note_is_written_in_the_panel_with_keys_that_are_commands_elsewhere(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    click(qtbot, reviewed, OFF_FL)
    reviewed.review.page.take_keyboard()
    key(qtbot, reviewed, K.Key_N)
    qtbot.keyClicks(QApplication.focusWidget(), "[1] mt 0 seen late")
    key(qtbot, reviewed, K.Key_Return)
    (step,) = steps(reviewed)
    assert (step.ops[0].deed, step.ops[0].note) == (EventDeed.NOTE, "[1] mt 0 seen late")
    assert panel(reviewed).walk.row.note == "[1] mt 0 seen late"
    assert panel(reviewed).details.note.text() == "Note: [1] mt 0 seen late"


def test_what_differs_stands_side_by_side_and_one_of_both_is_taken(
    qtbot: QtBot, reviewed: MainWindow, hub: FakeHub
) -> None:
    model = reviewed.reviewing.model
    kept = replace(event("wheel_off", FL, 2.8), status=EventStatus.CONFIRMED)
    found = event("wheel_off", FL, 3.0, 0.05)
    more = Difference(1, "wheel_off", FL, kept, found)
    hub.reviews.jobs["a"] = replace(hub.reviews.jobs["a"], differences=(more,))
    model.open(None)
    model.open("a")
    qtbot.waitUntil(lambda: bool(model.read.differences))
    chip = panel(reviewed).chips[Show.DIFFERENCES]
    assert chip.text() == "Differs 1"
    qtbot.mouseClick(chip, LEFT)
    assert [row.key for row in panel(reviewed).walk.rows[1:]] == [OFF_FL]
    click(qtbot, reviewed, OFF_FL)
    box = panel(reviewed).details.difference
    assert "+0.800 \N{PLUS-MINUS SIGN}0.020 s, track, frame 84" in box.mine.accessibleName()
    assert "+1.000 \N{PLUS-MINUS SIGN}0.050 s, track, frame 90" in box.new.accessibleName()
    qtbot.mouseClick(box.take, LEFT)
    qtbot.mouseClick(box.keep, LEFT)
    took, held = (step.ops[0] for step in steps(reviewed))
    assert (took.before, took.after.time_s, took.after.status) == (
        found,
        3.0,
        EventStatus.CONFIRMED,
    )
    assert (held.before, held.after) == (found, kept)


def test_a_stop_that_was_not_found_is_coded_from_nothing(
    qtbot: QtBot, reviewed: MainWindow, hub: FakeHub
) -> None:
    model = reviewed.reviewing.model
    hub.reviews.jobs["a"] = replace(hub.reviews.jobs["a"], stops=(), found=())
    model.open(None)
    model.open("a")
    qtbot.waitUntil(lambda: model.is_there)
    assert panel(reviewed).empty.text().startswith("No stop was found.")
    assert not panel(reviewed).actions_.confirm.isEnabled()
    reviewed.review.view.release_at(60)
    settled(qtbot, reviewed)
    key(qtbot, reviewed, K.Key_2)
    (op,) = steps(reviewed)[0].ops
    assert (op.deed, op.stop, op.stop_begins_s) == (EventDeed.ADD, 1, 2.0)
    assert (op.after.kind, op.after.time_s, op.after.status) == ("stop", 2.0, EventStatus.EDITED)


def test_the_row_of_the_frame_on_screen_is_marked(qtbot: QtBot, reviewed: MainWindow) -> None:
    rows = panel(reviewed).view.list

    def here() -> list[str]:
        return [rows.rows[place].name for place in sorted(rows._here)]

    assert not here()
    reviewed.review.view.release_at(84)
    settled(qtbot, reviewed)
    assert set(here()) == {"Wheel off FL", "Loosen ends RL"}  # both on frame 84
    qtbot.mouseClick(panel(reviewed).by_time, LEFT)
    assert set(here()) == {"Wheel off FL", "Loosen ends RL"}  # both on frame 84
    times = [row.time_s for row in rows.rows if row.time_s is not None]
    assert times == sorted(times)


def test_suspicious_tracks_are_walked_through_and_put_right(
    qtbot: QtBot, reviewed: MainWindow
) -> None:
    shown, model = panel(reviewed).suspicions, reviewed.reviewing.model
    assert panel(reviewed).tabs.tabText(1) == "Tracks 1"
    key(qtbot, reviewed, K.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert shown.isVisible()
    assert settled(qtbot, reviewed) == 120
    assert (model.selection.track, model.selection.other) == (2, 3)
    assert shown.why.text() == "Two crew crossed within 12 px."
    exchange, split, fine = shown.buttons
    qtbot.mouseClick(exchange, LEFT)
    qtbot.mouseClick(split, LEFT)
    qtbot.mouseClick(fine, LEFT)
    assert [step.ops[0] for step in steps(reviewed)] == [
        TrackOp(TrackDeed.SWAP, 2, 120, other_id=3),
        TrackOp(TrackDeed.RELABEL, 2, 120, other_id=6),
        DismissOp(2, 3, 120),
    ]
    assert shown.head.whole == "No suspicious tracks"
    assert not fine.isEnabled()
    key(qtbot, reviewed, K.Key_Z, CTRL)
    assert shown.head.whole == "1 suspicious place"


def test_two_suspicions_about_one_track_are_told_apart(
    qtbot: QtBot, reviewed: MainWindow, hub: FakeHub
) -> None:
    model, shown = reviewed.reviewing.model, panel(reviewed).suspicions
    twice = tuple(Suspicion(2, None, number, number / 30, "It jumps.", 0.5) for number in (90, 99))
    hub.reviews.jobs["a"] = replace(hub.reviews.jobs["a"], suspicions=twice)
    model.open(None)
    model.open("a")
    qtbot.waitUntil(lambda: model.is_there)
    for number in (90, 99):
        key(qtbot, reviewed, K.Key_Right, Qt.KeyboardModifier.AltModifier)
        assert settled(qtbot, reviewed) == shown.chosen.frame_number == number
    assert not shown.buttons[0].isEnabled()  # there is no other track to exchange it with
    qtbot.mouseClick(shown.buttons[2], LEFT)
    assert settled(qtbot, reviewed) == shown.chosen.frame_number == 90
    key(qtbot, reviewed, K.Key_Right, CTRL)
    assert not shown.isVisible()


def test_without_a_job_all_is_off_and_says_why(qtbot: QtBot, review: MainWindow) -> None:
    shown = panel(review)
    assert shown.hint.text() == "View a job's clip to go through its events."
    assert not shown.tabs.isEnabled()
    assert not any(action.isEnabled() for action in shown.actions_.all())
    key(qtbot, review, K.Key_M)
    assert not shown.pad.ask.isVisible()


def test_its_keys_are_others_in_other_workspaces(qtbot: QtBot, reviewed: MainWindow) -> None:
    click(qtbot, reviewed, OFF_FL)
    qtbot.keyClick(reviewed, K.Key_1, CTRL)
    key(qtbot, reviewed, K.Key_BracketRight)
    key(qtbot, reviewed, K.Key_1)
    assert not steps(reviewed)


def test_another_stop_is_chosen(qtbot: QtBot, reviewed: MainWindow) -> None:
    chooser = panel(reviewed).chooser
    chooser.setFocus()
    qtbot.keyClick(chooser, K.Key_Down)
    chooser.activated.emit(1)
    assert panel(reviewed).walk.number == 2
    assert panel(reviewed).walk.rows[1].key.stop == 2
    reviewed.reviewing.model.select(event=OFF_FL)
    assert chooser.currentIndex() == 0
