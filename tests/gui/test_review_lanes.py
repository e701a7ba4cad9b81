"""The timeline of Review with mouse and keys: what a hand does there is what the clip shows.

Over 400 lines because all of it is asked of one timeline, by the same few helpers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from gui.fake_frames import FakeFrameServer, clip_info, times
from gui.fake_lanes import FakeLaneDesk
from gui.fake_review import FakeReviewDesk, demo_review
from gui.reviewing import CTRL, SHIFT, A, B, key, settle
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from codefx_desktop.domain.edit import EventDeed, EventOp, Mark
from codefx_desktop.domain.events import EventSource, EventStatus, Place
from codefx_desktop.jobs.lane_values import silent
from codefx_desktop.jobs.review_values import EditDeed, ReviewState
from codefx_desktop.ui.lanes_panel import LanesPanel
from codefx_desktop.ui.lanes_ruler import RULER_PX
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.clip_view import ClipView
from codefx_desktop.ui.models.lane_data import with_review
from codefx_desktop.ui.models.lane_rows import LaneKind
from codefx_desktop.ui.models.lanes_model import LanesModel
from codefx_desktop.ui.models.review_model import ReviewModel
from codefx_desktop.ui.models.review_state import EventKey

if TYPE_CHECKING:
    from pathlib import Path

    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.lanes import Lanes
    from codefx_desktop.ui.theme import Theme

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
ALT, PLAIN = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier


@dataclass
class Desk:
    """A timeline beside a stand-in for the picture, without the rest of the window."""

    host: QWidget
    picture: QWidget
    server: FakeFrameServer
    reviews: FakeReviewDesk
    view: ClipView
    review: ReviewModel
    panel: LanesPanel

    @property
    def lanes(self) -> Lanes:
        return self.panel.lanes

    def press(self, qtbot: QtBot, *args: object) -> None:
        qtbot.keyClick(self.host.focusWidget() or self.host, *args)


def new_desk(home: Path, theme: Theme) -> Desk:
    host, picture = QWidget(), QWidget()
    picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    server, reviews = FakeFrameServer(host), FakeReviewDesk(host)
    reviews.jobs["a"] = demo_review()
    server.clips[A] = (clip_info(A, 250), times(250, variable=True))
    view = ClipView(server, host)
    review = ReviewModel(reviews, lambda: view.position, host)
    store = QSettings(str(home / "lanes.ini"), QSettings.Format.IniFormat)
    panel = LanesPanel(LanesModel(view, FakeLaneDesk(host), host), store, host, theme)
    panel.show_review(review)
    panel.actions_.set_in_front(True)
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(picture, 1)
    column.addWidget(panel, 6)
    host.resize(1200, 250)
    return Desk(host, picture, server, reviews, view, review, panel)


@pytest.fixture
def desk(qtbot: QtBot, home: Path, theme: Theme) -> Desk:
    """The timeline of a job of 250 frames with two scenes and one stop."""
    made = new_desk(home, theme)
    qtbot.addWidget(made.host)
    made.host.show()
    made.host.activateWindow()
    made.picture.setFocus()
    made.view.open(A, "a")
    made.review.open("a")
    data = made.lanes.model
    qtbot.waitUntil(lambda: data.data.arrays.tracks is not None and data.data.peaks is not None)
    qtbot.waitUntil(lambda: made.view.shown is not None)
    return made


@pytest.fixture
def lanes(desk: Desk) -> Lanes:
    return desk.lanes


def place(lanes: Lanes, number: int, kind: LaneKind = LaneKind.SCENES) -> QPoint:
    """Return the middle of a frame on a row."""
    begin, end = lanes.axis.frame_span(number)
    row = next(row for row in lanes.rows if row.kind is kind)
    return QPoint(
        round(lanes.axis.x_of((begin + end) / 2)), round(lanes.row_rect(row).center().y())
    )


def event_place(lanes: Lanes, kind: str, corner: Place) -> QPoint:
    """Return where the sign of an event is."""
    found = next(
        one
        for one in lanes.model.data.events
        if (one.event.kind, one.event.place) == (kind, corner)
    )
    row = lanes.row_of(found)
    assert row is not None
    return QPoint(round(lanes.axis.x_of(found.time_s)), round(lanes.row_rect(row).center().y()))


def turn(lanes: Lanes, at: QPoint, notches: int, keys: Qt.KeyboardModifier = PLAIN) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(lanes.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(lanes, event)


def drag(qtbot: QtBot, lanes: Lanes, begin: QPoint, *to: QPoint, drops: bool = True) -> None:
    qtbot.mousePress(lanes, LEFT, pos=begin)
    for at in to:
        qtbot.mouseMove(lanes, at)
    if drops:
        qtbot.mouseRelease(lanes, LEFT, pos=to[-1])


# -- where it is --------------------------------------------------------------------------------


def test_it_has_lanes_for_all_that_is_there(lanes: Lanes) -> None:
    kinds = {row.kind for row in lanes.rows}
    assert {LaneKind.SCENES, LaneKind.CAR, LaneKind.EVENTS, LaneKind.TRACKS} <= kinds
    assert {LaneKind.ZONES, LaneKind.GUNS, LaneKind.WAVEFORM, LaneKind.CONFIDENCE} <= kinds
    assert LaneKind.PROCESSED not in kinds


def test_a_clip_of_no_job_has_ruler_sound_and_playhead(qtbot: QtBot, desk: Desk) -> None:
    desk.view.open(B)
    desk.review.open(None)
    qtbot.waitUntil(lambda: [row.kind for row in desk.lanes.rows] == [LaneKind.WAVEFORM])
    assert desk.view.path == B
    assert not desk.panel.actions_.stop.isEnabled()
    desk.lanes.grab()


@pytest.mark.dressed
def test_in_the_window_it_lies_below_the_picture_keeps_its_height_and_can_be_hidden(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, theme: Theme
) -> None:
    panel, splitter = window.review.lanes, window.review.page.splitter
    window.resize(1440, 900)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    assert not panel.isVisible()  # no clip, no timeline
    window.review.open(A)
    qtbot.waitUntil(lambda: window.review.view.shown is not None)
    assert panel.isVisible()
    assert window.review.page.picture.height() > 2 * panel.height() > 240
    room = sum(splitter.sizes())
    splitter.moveSplitter(room - 250, 1)
    assert abs(panel.height() - 250) < 10
    key(qtbot, window, Qt.Key.Key_T, SHIFT)
    assert not panel.isVisible()
    key(qtbot, window, Qt.Key.Key_T, SHIFT)
    assert abs(panel.height() - 250) < 10
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    assert not panel.actions_.whole.isEnabled()  # its keys are others' in other workspaces
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    splitter.moveSplitter(room, 1)  # dragged shut
    assert not panel.is_wanted
    window.close()
    again = MainWindow(hub, theme)
    qtbot.addWidget(again)
    assert not again.review.lanes.is_wanted
    assert abs(again.review.lanes.height_in(700) - 250) < 10


# -- moving in the clip -------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 4, 5, 77, 249])
def test_a_click_shows_exactly_that_frame(
    qtbot: QtBot, desk: Desk, lanes: Lanes, number: int
) -> None:
    qtbot.mouseClick(lanes, LEFT, pos=place(lanes, number))
    assert settle(qtbot, desk.view) == number


def test_dragging_on_the_ruler_scrubs_by_keyframes_and_ends_exactly(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    begin, end = place(lanes, 20), place(lanes, 101)
    begin.setY(8)
    end.setY(8)
    drag(qtbot, lanes, begin, end, drops=False)
    assert desk.server.of("preview")[-1] == (101,)
    assert desk.view.dragging
    qtbot.mouseRelease(lanes, LEFT, pos=end)
    assert settle(qtbot, desk.view) == 101
    assert desk.server.of("show")[-1] == (101,)


def test_the_keyboard_stays_with_the_picture(qtbot: QtBot, desk: Desk, lanes: Lanes) -> None:
    qtbot.mouseClick(lanes, LEFT, pos=place(lanes, 50))
    assert settle(qtbot, desk.view) == 50
    assert desk.host.focusWidget() is desk.picture


def test_the_playhead_moves_over_rows_that_are_not_painted_again(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    qtbot.waitUntil(lambda: lanes.cache.painted > 0)
    QApplication.processEvents()
    lanes.grab()
    painted = lanes.cache.painted
    for number in (10, 60, 200):
        desk.view.release_at(number)
        picture = lanes.grab().toImage()
        assert has_accent(lanes, picture, lanes.axis.x_of(float(lanes.axis.times_s[number])))
    assert lanes.cache.painted == painted


def has_accent(lanes: Lanes, picture: QImage, x: float) -> bool:
    """Return whether the playhead is painted at a place across, on the bottom of the widget."""
    wanted = lanes._theme.tokens.accent
    ratio = picture.width() / lanes.width()
    y = picture.height() - 3
    return any(picture.pixelColor(round(x * ratio) + off, y).name() == wanted for off in (-1, 0, 1))


def test_shift_marks_a_range(qtbot: QtBot, desk: Desk, lanes: Lanes) -> None:
    begin, end = place(lanes, 150), place(lanes, 60)
    qtbot.mousePress(lanes, LEFT, SHIFT, begin)
    qtbot.mouseMove(lanes, end)
    qtbot.mouseRelease(lanes, LEFT, SHIFT, end)
    marked = desk.view.player.range
    assert (marked.first, marked.last) == (60, 150)
    span = lanes.model.range_s
    assert span is not None
    assert span[0] == float(lanes.axis.times_s[60])
    assert span[1] == float(lanes.axis.times_s[151])  # the last one is part of it to its end


# -- zoom and pan -------------------------------------------------------------------------------


def test_ctrl_and_the_wheel_zoom_at_the_cursor_to_single_frames(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    at = place(lanes, 120)
    under = lanes.axis.seconds_at(at.x())
    turn(lanes, at, 3, CTRL)
    assert lanes.axis.seconds_at(at.x()) == pytest.approx(under)
    for _ in range(40):
        turn(lanes, at, 3, CTRL)
    assert lanes.axis.frame_px() > 300
    assert lanes.number_at(at.x()) == 120
    lanes.grab()
    qtbot.mouseClick(lanes, LEFT, pos=at)
    assert settle(qtbot, desk.view) == 120
    desk.press(qtbot, Qt.Key.Key_Z)
    assert lanes.axis.is_whole


def test_keys_zoom_at_the_playhead(qtbot: QtBot, desk: Desk, lanes: Lanes) -> None:
    desk.view.release_at(200)
    settle(qtbot, desk.view)
    x = lanes.axis.x_of(lanes.model.position_s)
    desk.press(qtbot, Qt.Key.Key_Plus)
    assert not lanes.axis.is_whole
    assert lanes.axis.x_of(lanes.model.position_s) == pytest.approx(x)
    span = lanes.axis.span_s
    desk.press(qtbot, Qt.Key.Key_Minus)
    assert lanes.axis.span_s > span
    desk.press(qtbot, Qt.Key.Key_X)
    events = [one.time_s for one in lanes.model.data.events]
    assert lanes.axis.first_s <= min(events)
    assert max(events) <= lanes.axis.last_s < lanes.axis.ends_s
    desk.press(qtbot, Qt.Key.Key_C)
    assert lanes.axis.frame_px() > 30
    assert lanes.axis.first_s < lanes.model.position_s < lanes.axis.last_s


def test_wheel_and_middle_button_pan(qtbot: QtBot, lanes: Lanes) -> None:
    lanes.set_axis_shown(2, 4)
    at = place(lanes, 60)
    turn(lanes, at, -1)
    assert lanes.axis.first_s > 2
    turn(lanes, at, 1)
    assert lanes.axis.first_s == pytest.approx(2)
    under = lanes.axis.seconds_at(500)
    qtbot.mousePress(lanes, MIDDLE, pos=QPoint(500, 60))
    qtbot.mouseMove(lanes, QPoint(600, 60))
    qtbot.mouseRelease(lanes, MIDDLE, pos=QPoint(600, 60))
    assert lanes.axis.seconds_at(600) == pytest.approx(under)


@pytest.mark.dressed
def test_rows_that_have_no_room_are_scrolled_to(lanes: Lanes) -> None:
    most = lanes.most_scroll_px()
    assert most > 0
    turn(lanes, QPoint(20, 60), -1)
    assert lanes.scroll_px == 24
    for _ in range(40):
        turn(lanes, QPoint(600, 60), -1, SHIFT)
    assert lanes.scroll_px == most
    assert lanes.row_rect(lanes.rows[-1]).bottom() <= lanes.height()


def test_the_playhead_that_leaves_is_followed(qtbot: QtBot, desk: Desk, lanes: Lanes) -> None:
    lanes.set_axis_shown(0, 1)
    desk.view.release_at(200)
    settle(qtbot, desk.view)
    assert lanes.axis.first_s < lanes.model.position_s < lanes.axis.last_s


# -- events -------------------------------------------------------------------------------------


def test_a_click_on_an_event_takes_it_in_hand_and_shows_its_frame(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    at = event_place(lanes, "stop", Place.NONE)
    qtbot.mouseClick(lanes, LEFT, pos=at)
    current = lanes.model.current
    assert current is not None
    assert desk.review.selection.event == EventKey(1, "stop")
    assert settle(qtbot, desk.view) == current.number


def test_dragging_an_event_is_one_step_on_a_frame(qtbot: QtBot, desk: Desk, lanes: Lanes) -> None:
    before = event_place(lanes, "stop", Place.NONE)
    to = QPoint(before.x() - 60, before.y())
    drag(qtbot, lanes, before, QPoint(before.x() - 20, before.y()), to, drops=False)
    assert lanes.dragged is not None
    wanted = lanes.dragged[1].number
    assert desk.server.of("preview")[-1] == (wanted,)
    assert "Stop" in lanes.hover_text()
    assert desk.review.undo_text == ""  # nothing is done before it is dropped
    qtbot.mouseRelease(lanes, LEFT, pos=to)
    assert settle(qtbot, desk.view) == wanted
    ((_, deed, text, ops),) = desk.reviews.of("edit")
    assert deed is EditDeed.DO
    assert "Stop" in text
    (op,) = ops
    assert isinstance(op, EventOp)
    assert op.deed is EventDeed.MOVE
    assert op.after.frame_number == wanted
    assert (op.after.source, op.after.status) == (EventSource.MANUAL, EventStatus.EDITED)
    moved = lanes.model.current
    assert moved is not None
    assert moved.number == wanted
    desk.review.undo()
    back = lanes.model.current
    assert back is not None
    assert back.event.status is EventStatus.PROPOSED


def test_an_event_sticks_to_another_one_unless_alt_is_held(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    lanes.set_axis_shown(1.5, 5)
    begin = event_place(lanes, "stop", Place.NONE)
    other = event_place(lanes, "wheel_on", Place.FRONT_LEFT)
    near = QPoint(other.x() + 4, begin.y())
    drag(qtbot, lanes, begin, near, drops=False)
    assert lanes.dragged is not None
    assert lanes.dragged[1].on == "Wheel on FL"
    assert "on Wheel on FL" in lanes.hover_text()
    lanes._drag_event(lanes.dragged[0], near.x() + 30, ALT)
    assert lanes.dragged[1].on == ""
    desk.press(qtbot, Qt.Key.Key_Escape)


def test_esc_puts_an_event_back(qtbot: QtBot, desk: Desk, lanes: Lanes) -> None:
    desk.view.release_at(7)
    settle(qtbot, desk.view)
    begin = event_place(lanes, "stop", Place.NONE)
    drag(qtbot, lanes, begin, QPoint(begin.x() + 50, begin.y()), drops=False)
    desk.press(qtbot, Qt.Key.Key_Escape)
    assert lanes.dragged is None
    qtbot.mouseRelease(lanes, LEFT, pos=QPoint(begin.x() + 50, begin.y()))
    assert settle(qtbot, desk.view) == 7
    assert desk.reviews.of("edit") == []
    assert desk.host.focusWidget() is desk.picture


def test_arrows_go_from_event_to_event_and_enter_goes_there(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    lanes.setFocus(Qt.FocusReason.TabFocusReason)
    events = lanes.model.data.events
    for step in range(3):
        desk.press(qtbot, Qt.Key.Key_Right)
        assert lanes.model.current is not None
        assert lanes.model.current.key == events[step].key
    assert desk.view.position == 0  # looked at, not gone to
    desk.press(qtbot, Qt.Key.Key_Left)
    assert lanes.model.current.key == events[1].key
    desk.press(qtbot, Qt.Key.Key_Down)
    assert lanes.model.current.event.place is not Place.NONE
    at = lanes.model.current
    desk.press(qtbot, Qt.Key.Key_Return)
    assert settle(qtbot, desk.view) == at.number
    assert at.name in lanes.accessibleDescription()


# -- what it says -------------------------------------------------------------------------------


def test_hover_tells_what_is_there(qtbot: QtBot, lanes: Lanes) -> None:
    qtbot.mouseMove(lanes, event_place(lanes, "stop", Place.NONE))
    text = lanes.hover_text()
    assert text.startswith("Stop   2.000 s \N{PLUS-MINUS SIGN}")
    assert "proposed" in text
    qtbot.mouseMove(lanes, place(lanes, 170))
    assert "Scene 2" in lanes.hover_text()
    assert "frame 170" in lanes.hover_text()
    qtbot.mouseMove(lanes, QPoint(20, 60))
    assert lanes.hover_text() == ""


def test_a_reader_of_screens_hears_where_the_playhead_is(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    assert lanes.accessibleName() == "Timeline"
    desk.view.release_at(210)
    settle(qtbot, desk.view)
    said = lanes.accessibleDescription()
    assert said.startswith("Frame 210 of 250, 00:00:10.")
    desk.view.release_at(20)
    settle(qtbot, desk.view)
    assert "Scene 1" in lanes.accessibleDescription()


# -- which lanes --------------------------------------------------------------------------------


def test_lanes_are_folded_by_their_name_and_hidden_by_the_menu_and_stay_so(
    qtbot: QtBot, desk: Desk, lanes: Lanes, home: Path, theme: Theme
) -> None:
    rows = len(lanes.rows)
    corner = next(row for row in lanes.rows if row.kind is LaneKind.EVENTS)
    at = QPoint(30, round(lanes.row_rect(corner).center().y()))
    qtbot.mouseClick(lanes, LEFT, pos=at)
    assert len([row for row in lanes.rows if row.kind is LaneKind.EVENTS]) == 1
    assert len(lanes.rows) < rows
    desk.panel.actions_.kinds[LaneKind.SCENES].trigger()
    assert all(row.kind is not LaneKind.SCENES for row in lanes.rows)
    lanes.grab()
    again = new_desk(home, theme)
    qtbot.addWidget(again.host)
    assert again.lanes.hidden == {LaneKind.SCENES}
    assert again.lanes.folded == {LaneKind.EVENTS}
    assert not again.panel.actions_.kinds[LaneKind.SCENES].isChecked()
    again.panel.actions_.unfold.trigger()
    assert again.lanes.folded == frozenset()


def test_a_running_job_shows_how_far_it_is(lanes: Lanes, theme: Theme) -> None:
    read = demo_review(state=ReviewState.GROWING, processed_to=120)
    lanes.model.data = with_review(lanes.model.data, read)
    lanes.model.changed.emit()
    row = lanes.rows[0]
    assert row.kind is LaneKind.PROCESSED
    picture = lanes.grab().toImage()
    ratio = picture.width() / lanes.width()
    y = round(lanes.row_rect(row).center().y() * ratio)
    done, rest = (round(lanes.axis.x_of(s) * ratio) for s in (2.0, lanes.axis.ends_s - 0.5))
    ok = theme.tokens.ok
    assert picture.pixelColor(done, y).name() == ok
    across = {picture.pixelColor(rest + off, y).name() for off in range(12)}
    assert ok not in across


@pytest.mark.dressed
@pytest.mark.parametrize("name", ["dark", "light", "sunlight"])
def test_every_theme_paints_tracks_and_signs(lanes: Lanes, theme: Theme, name: str) -> None:
    theme.set(name)
    picture = lanes.grab().toImage()
    tracks = next(row for row in lanes.rows if row.kind is LaneKind.TRACKS)
    lanes.scroll_to(tracks.top)
    picture = lanes.grab().toImage()
    ratio = picture.width() / lanes.width()
    x = round(lanes.axis.x_of(5.0) * ratio)
    top = round((RULER_PX + tracks.top - lanes.scroll_px) * ratio)
    column = {picture.pixelColor(x, top + n).name() for n in range(round(tracks.height * ratio))}
    assert len(column) >= 3  # three tracks above the threshold and the ground


def test_a_click_on_a_track_takes_it_in_hand_and_another_lets_it_go(
    qtbot: QtBot, desk: Desk, lanes: Lanes
) -> None:
    row = next(row for row in lanes.rows if row.kind is LaneKind.TRACKS)
    lanes.scroll_to(row.top)
    spans = lanes.model.data.arrays.tracks
    assert spans is not None
    rect = lanes.row_rect(row)
    at = QPoint(500, round(rect.top() + 2))
    wanted = lanes.track_at(QPointF(at))
    assert wanted in (1, 2, 4)
    before = lanes.grab().toImage()
    qtbot.mouseClick(lanes, LEFT, pos=at)
    assert desk.review.selection.track == wanted
    assert settle(qtbot, desk.view) == lanes.number_at(500)
    assert f"#{wanted}" in lanes.hover_text() or lanes.hover is None
    assert lanes.grab().toImage() != before
    qtbot.mouseClick(lanes, LEFT, pos=at)
    assert desk.review.selection.track is None


def test_a_click_on_a_mark_takes_it_in_hand(qtbot: QtBot, desk: Desk, lanes: Lanes) -> None:
    marks = {3: Mark("Fuel in", 60, 2.0, 120, 4.0), 8: Mark("Cone hit", 90, 3.0)}
    read = desk.review.read
    assert read is not None
    desk.review.read = replace(read, marks=marks)
    desk.review.edited.emit()
    row = next(row for row in lanes.rows if row.kind is LaneKind.MARKS)
    y = round(lanes.row_rect(row).center().y())
    for time_s, number in ((3.0, 8), (2.5, 3)):
        qtbot.mouseClick(lanes, LEFT, pos=QPoint(round(lanes.axis.x_of(time_s)), y))
        assert desk.review.selection.mark == number
    qtbot.mouseClick(lanes, LEFT, pos=QPoint(round(lanes.axis.x_of(8.0)), y))
    assert desk.review.selection.mark == 3  # nothing lies there
    lanes.grab()


def test_nothing_is_made_anew_while_only_outlines_come(desk: Desk, lanes: Lanes) -> None:
    lanes.grab()
    painted, data = lanes.cache.painted, lanes.model.data
    desk.review.looked.emit()
    lanes.grab()
    assert lanes.model.data is data
    assert lanes.cache.painted == painted


def test_sound_that_cannot_be_read_says_why(desk: Desk, lanes: Lanes) -> None:
    bare = silent(A, "")
    said = silent(A, "The sound of a.mp4 cannot be decoded. Use another clip.")
    pictures = []
    for peaks in (bare, said):
        lanes.model.data = replace(lanes.model.data, peaks=peaks)
        lanes.model.changed.emit()
        row = next(row for row in lanes.rows if row.kind is LaneKind.WAVEFORM)
        lanes.scroll_to(row.top)
        pictures.append(lanes.grab().toImage())
    assert pictures[0] != pictures[1]


def test_a_dragged_threshold_has_lanes_built_when_the_hand_rests(
    desk: Desk, lanes: Lanes, qtbot: QtBot
) -> None:
    host = lanes.model._desk
    assert isinstance(host, FakeLaneDesk)
    built = len(host.requests)
    for percent in range(30, 60):
        desk.review.drag_threshold(0, percent / 100)
    assert len(host.requests) == built  # the hand may go on
    qtbot.waitUntil(lambda: len(host.requests) > built)
    assert [one.thresholds[0] for one in host.requests[built:]] == [0.59]


def test_what_is_hidden_goes_from_the_lanes_at_once(desk: Desk, lanes: Lanes) -> None:
    host = lanes.model._desk
    assert isinstance(host, FakeLaneDesk)
    built = len(host.requests)
    desk.review.look(hidden_classes=frozenset({0}))
    assert [one.hidden_classes for one in host.requests[built:]] == [frozenset({0})]
