"""The timeline's models: frames by their own times, much data on few pixels, snapping events."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gui.fake_frames import times
from gui.fake_review import CLASSES, demo_objects, demo_review

from codefx_desktop.domain.corner_signals import CornerSignals, Held
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Motion, Objects
from codefx_desktop.domain.stop import PitStop
from codefx_desktop.jobs.lane_building import build, track_spans
from codefx_desktop.jobs.lane_values import Curve, LaneArrays, LaneRequest, Peaks, TrackSpans
from codefx_desktop.ui.models.lane_axis import LaneAxis, times_of
from codefx_desktop.ui.models.lane_columns import (
    NO_CLASS,
    curve_band,
    peak_band,
    track_at,
    track_classes,
)
from codefx_desktop.ui.models.lane_data import LaneData, request_of, with_review
from codefx_desktop.ui.models.lane_events import event_near, lane_events, next_event, snapped
from codefx_desktop.ui.models.lane_rows import FOLDED_PX, LaneKind, height_of, lay_out, row_at
from codefx_desktop.ui.models.lane_words import event_text, row_text
from codefx_desktop.ui.models.review_state import ReviewLooks
from codefx_desktop.ui.models.time_axis import TimeAxis, ticks_between

# -- time ---------------------------------------------------------------------------------------


def vfr_axis(width: float = 1000.0) -> LaneAxis:
    """Return a clip of 250 frames; every fifth stays twice as long as the others."""
    index = times(250, variable=True)
    at = times_of(index)
    return LaneAxis.whole(at, float(at[-1]) + 0.08, 0.0, width)


def test_times_are_exactly_those_of_the_frames() -> None:
    index = times(250, variable=True)
    assert times_of(index).tolist() == [index.time(n).seconds for n in range(250)]


def test_a_place_is_the_frame_that_is_on_screen_then_whatever_frames_last() -> None:
    axis = vfr_axis()
    for number in range(250):
        begin, end = axis.frame_span(number)
        assert axis.number_at(begin) == number
        assert axis.number_at((begin + end) / 2) == number
        assert axis.number_at(end - 1e-4) == number
    assert [round(b - a, 3) for a, b in map(axis.frame_span, range(5))] == [0.04] * 4 + [0.08]
    assert axis.number_at(-1) == 0
    assert axis.number_at(99) == 249


def test_the_nearest_frame_begins_nearest() -> None:
    axis = vfr_axis()
    assert axis.nearest(0.0599) == 1
    assert axis.nearest(0.0601) == 2
    assert axis.nearest(0.199) == 4  # frame 4 stays from 0.16 to 0.24
    assert axis.nearest(0.201) == 5
    assert axis.nearest(99) == 249


def test_zooming_holds_what_lies_under_the_cursor() -> None:
    axis = vfr_axis()
    at_s = axis.seconds_at(300)
    for factor in (1.5, 3.0, 0.7):
        axis = axis.zoomed(factor, at_s)
        assert axis.x_of(at_s) == pytest.approx(300)
    assert axis.zoomed(1e-9, at_s).is_whole


def test_zooming_ends_at_two_frames_and_never_leaves_the_clip() -> None:
    axis = vfr_axis()
    for at in (0.0, 5.0, axis.ends_s):
        close = axis.zoomed(1e9, at)
        assert close.span_s == pytest.approx(0.08)
        assert close.first_s >= 0
        assert close.last_s <= axis.ends_s
    assert axis.panned(-5).is_whole
    close = axis.showing(4, 5).panned(1e6)
    assert close.last_s == axis.ends_s
    assert close.span_s == pytest.approx(1)


def test_the_playhead_that_leaves_is_shown_a_page_on() -> None:
    axis = vfr_axis().showing(2, 4)
    assert axis.revealing(3.0) is axis
    on = axis.revealing(4.1)
    assert on.first_s == pytest.approx(3.9)
    assert on.span_s == pytest.approx(2)
    back = axis.revealing(1.0)
    assert back.first_s <= 1.0 < back.last_s


def test_ticks_of_a_part_lie_at_round_times() -> None:
    ticks = ticks_between(61.3, 62.4, 1000, 80)
    labelled = [tick for tick in ticks if tick.label]
    assert [tick.label for tick in labelled][:3] == ["1:01.3", "1:01.4", "1:01.5"]
    assert all(61.3 - 1e-9 <= tick.seconds <= 62.4 + 1e-9 for tick in ticks)
    assert ticks_between(0, 10, 700, 84) == TimeAxis(10, 0, 700).ticks(84)


# -- columns ------------------------------------------------------------------------------------


def test_a_column_has_least_and_greatest_of_all_its_values() -> None:
    values = np.arange(250, dtype=np.float32)
    values[77] = 1000
    axis = vfr_axis(50)
    curve = Curve(axis.times_s, values, "", 1, axis.ends_s)
    low, high = curve_band(curve, axis, 50)
    assert high.max() == 1000  # one wild frame of 250 is seen in 50 columns
    assert int(np.argmax(high)) == int(axis.times_s[77] / axis.ends_s * 50)
    assert low[0] == 0
    assert (low <= high).all()


def test_a_value_holds_until_the_next_one() -> None:
    axis = vfr_axis(1000).showing(0.165, 0.285)  # frame 4 stays from 0.16 to 0.24
    curve = Curve(axis.times_s, np.arange(250, dtype=np.float32), "", 1, axis.ends_s)
    low, high = curve_band(curve, axis, 12)
    assert low.tolist() == [4.0] * 8 + [5.0] * 4
    assert high.tolist() == [4.0] * 7 + [5.0] * 4 + [6.0]


def test_what_was_not_measured_is_no_value() -> None:
    axis = vfr_axis(10)
    curve = Curve(axis.times_s[50:], np.full(200, np.nan, np.float32), "", 1, axis.ends_s)
    low, high = curve_band(curve, axis, 10)
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    assert curve.at(1.0) is None


def test_peaks_end_where_reading_has_come() -> None:
    axis = vfr_axis(10)
    half = round(axis.ends_s * 100 / 2)
    peaks = Peaks(Path("a"), 100.0, np.full(half, -127, np.int8), np.full(half, 64, np.int8), False)
    low, high = peak_band(peaks, axis, 10)
    assert low[:5].tolist() == [-1.0] * 5
    assert high[0] == pytest.approx(64 / 127)
    assert np.isnan(low[5:]).all()


def spans_of(frames: int = 4000, tracks: int = 900) -> TrackSpans:
    """Return many short tracks, each with holes."""
    rng = np.random.default_rng(3)
    begin = rng.integers(0, frames - 200, tracks)
    parts = [start + np.flatnonzero(rng.random(200) < 0.7) for start in begin]
    frame = np.concatenate(parts).astype(np.int32)
    track = np.repeat(np.arange(tracks, dtype=np.int32), [len(part) for part in parts])
    order = np.argsort(frame, kind="stable")
    count = len(frame)
    objects = Objects(
        frame[order],
        np.zeros((count, 4), np.float32),
        np.ones(count, np.float32),
        np.zeros(count, np.int16),
        track[order],
        CLASSES,
    )
    at = np.arange(frames) / 60
    spans = track_spans(LaneRequest(at, frames / 60, objects), objects)
    assert spans is not None
    return spans


def test_coarser_stretches_show_the_same_pixels() -> None:
    spans = spans_of()
    assert spans.coarser is not None
    assert len(spans.coarser.begin_s) < len(spans.begin_s) / 2
    at = np.arange(4000) / 60
    axis = LaneAxis.whole(at, 4000 / 60, 0, 300)
    fine = TrackSpans(
        *(getattr(spans, name) for name in ("begin_s", "end_s", "row", "class_id", "track_id")),
        spans.reach_s,
        spans.rows,
        spans.tracks,
    )
    assert spans.for_gap(axis.span_s / 300) is not spans
    fast = track_classes(spans, axis, 300, spans.rows) != NO_CLASS
    slow = track_classes(fine, axis, 300, spans.rows) != NO_CLASS
    assert (slow & ~fast).sum() == 0
    # A hole shorter than a pixel may close; it never spreads to a pixel beside it.
    assert (fast & ~slow).mean() < 0.01


def test_zoomed_in_holes_are_holes() -> None:
    spans = spans_of()
    axis = LaneAxis.whole(np.arange(4000) / 60, 4000 / 60, 0, 600).showing(30, 31)
    assert spans.for_gap(axis.span_s / 600) is spans
    picture = track_classes(spans, axis, 600, spans.rows)
    for column in range(5, 600, 60):
        time_s = 30 + (column + 0.5) / 600
        alive = (spans.begin_s <= time_s) & (time_s < spans.end_s)
        assert (picture[:, column] != NO_CLASS).sum() == alive.sum()


def test_more_tracks_than_lines_share_them() -> None:
    spans = spans_of()
    axis = LaneAxis.whole(np.arange(4000) / 60, 4000 / 60, 0, 300)
    assert spans.rows > 10
    picture = track_classes(spans, axis, 300, 10)
    assert picture.shape == (10, 300)
    assert (picture != NO_CLASS).any(axis=1).all()


def test_what_is_painted_is_what_is_told() -> None:
    spans = spans_of(tracks=5)
    time_s = float(spans.begin_s[2]) + 1e-3
    lines = spans.rows
    place = track_at(spans, time_s, int(spans.row[2]), lines)
    assert place is not None
    assert spans.track_id[place] == spans.track_id[2]
    assert track_at(spans, -1.0, 0, lines) is None


# -- rows ---------------------------------------------------------------------------------------


def test_rows_lie_under_each_other_and_only_what_is_there() -> None:
    places = (Place.FRONT_LEFT, Place.REAR_RIGHT)
    there = (LaneKind.SCENES, LaneKind.EVENTS, LaneKind.ZONES, LaneKind.TRACKS)
    rows = lay_out(there, (), (), places, ("Box", "Lane"))
    assert [row.label for row in rows] == ["Scenes", "FL", "RR", "Tracks", "Box", "Lane"]
    assert [row.is_head for row in rows] == [True, True, False, True, True, False]
    for row, after in itertools.pairwise(rows):
        assert after.top > row.bottom - 1
        assert row_at(rows, row.top) is row
    assert row_at(rows, height_of(rows) + 5) is None


def test_folded_rows_are_one_small_one_and_hidden_ones_none() -> None:
    places = (Place.FRONT_LEFT, Place.REAR_RIGHT)
    there = (LaneKind.SCENES, LaneKind.EVENTS)
    rows = lay_out(there, (LaneKind.SCENES,), (LaneKind.EVENTS,), places, ())
    assert [(row.places, row.height) for row in rows] == [(places, FOLDED_PX)]


# -- events -------------------------------------------------------------------------------------


def test_hubs_have_a_row_each_and_say_what_is_seen() -> None:
    held = Held(1.0, 2.0, 4)
    corners = tuple(
        CornerSignals(place, wheels=(held,)) for place in (Place.FRONT_LEFT, Place.REAR_RIGHT)
    )
    times = np.arange(50) / 10
    stop = PitStop(1, "f1", (), 0.5, 4.0)
    data = LaneData(times, 5.0, stops=(stop,), arrays=LaneArrays(corners=corners))
    rows = lay_out(data.there, (), (), data.places, data.zone_names, data.hubs)
    hubs = [row for row in rows if row.kind is LaneKind.CORNERS]
    assert [row.label for row in hubs] == ["FL hub", "RR hub"]
    assert row_text(data, hubs[0], 1.5, 0.5, 20) == "FL: wheel #4 on the hub"
    assert row_text(data, hubs[1], 2.5, 0.5, 20) == "RR: no wheel on the hub"
    assert row_text(data, hubs[0], 4.5, 0.5, 20) == "", "the car is gone"
    (folded,) = lay_out({LaneKind.CORNERS}, (), {LaneKind.CORNERS}, (), (), data.hubs)
    assert folded.places == (Place.FRONT_LEFT, Place.REAR_RIGHT)


def an_event(kind: str, place: Place, time_s: float | None, **fields: object) -> Event:
    if time_s is None:
        return Event(kind, place, **fields)
    low, high = time_s - 0.02, time_s + 0.03
    return Event(kind, place, time_s, low, high, None, EventSource.ZONE, EventStatus.PROPOSED, 0.9)


STOP = PitStop(
    1,
    "Formula 1",
    (
        an_event("stop", Place.NONE, 2.0),
        an_event("wheel_off", Place.FRONT_LEFT, 3.013),
        an_event("wheel_on", Place.FRONT_LEFT, 3.1),
        an_event("wheel_off", Place.REAR_LEFT, 2.5),
        an_event("clear", Place.REAR_LEFT, None),
        an_event("wheel_on", Place.REAR_LEFT, None, source=EventSource.MANUAL),
    ),
    1.0,
    6.0,
)
LABELS = {"stop": "Stop", "wheel_off": "Wheel off", "wheel_on": "Wheel on"}


def test_what_was_not_found_or_rejected_is_not_there() -> None:
    events = lane_events((STOP,), LABELS, vfr_axis())
    names = ["Stop", "Wheel off RL", "Wheel off FL", "Wheel on FL"]
    assert [one.name for one in events] == names


def test_an_event_is_said_with_how_far_it_may_be_off() -> None:
    event = lane_events((STOP,), LABELS, vfr_axis())[0]
    assert event_text(event) == "Stop   2.000 s \N{PLUS-MINUS SIGN}0.030 s, from zone, proposed"


def test_a_drag_goes_from_frame_to_frame_by_their_own_times() -> None:
    axis = vfr_axis().showing(0, 1)
    for x, number in ((0, 0), (19, 0), (21, 1), (159, 4), (199, 4), (201, 5)):
        snap = snapped(axis, x, (), 7)
        assert (snap.number, snap.time_s) == (number, float(axis.times_s[number]))
        assert snap.on == ""


def test_a_drag_sticks_to_the_frame_of_another_event() -> None:
    axis = vfr_axis()
    events = lane_events((STOP,), LABELS, axis)
    x = axis.x_of(2.5)
    snap = snapped(axis, x + 5, events, 7)
    assert snap.on == "Wheel off RL"
    assert snap.number == axis.nearest(2.5)
    free = snapped(axis, x + 5, events, 0)
    assert free.on == ""
    assert free.number != snap.number
    assert snapped(axis, x + 9, events, 7).on == ""


def test_the_event_under_a_place_is_one_of_its_row() -> None:
    axis = vfr_axis()
    events = lane_events((STOP,), LABELS, axis)
    x = axis.x_of(3.013)
    found = event_near(events, axis, x + 2, (Place.FRONT_LEFT,), 6)
    assert found is not None
    assert found.name == "Wheel off FL"
    assert event_near(events, axis, x, (Place.REAR_LEFT,), 6) is None
    assert event_near(events, axis, x - 30, (Place.FRONT_LEFT,), 6) is None


def test_the_next_event_is_found_from_the_one_in_hand_or_from_a_time() -> None:
    events = lane_events((STOP,), LABELS, vfr_axis())
    assert next_event(events, None, 2.4, 1) is events[1]
    assert next_event(events, None, 2.4, -1) is events[0]
    assert next_event(events, events[1], 0, 1) is events[2]
    assert next_event(events, events[-1], 0, 1) is events[-1]
    assert next_event((), None, 0, 1) is None


# -- all of it ----------------------------------------------------------------------------------


def test_a_job_brings_its_lanes_and_a_clip_alone_has_none() -> None:
    at = np.arange(300) / 30
    alone = LaneData(at, 10.0)
    assert alone.there == frozenset()
    read = demo_review()
    data = with_review(alone, read)
    assert {LaneKind.SCENES, LaneKind.CAR, LaneKind.EVENTS, LaneKind.ZONES} <= data.there
    assert LaneKind.PROCESSED not in data.there
    assert with_review(data, None).there == frozenset()
    rows = {row.kind: row for row in lay_out(data.there, (), (), data.places, data.zone_names)}
    assert row_text(data, rows[LaneKind.SCENES], 6.0, 0, 1) == "Scene 2   frames 150 to 299"
    assert row_text(data, rows[LaneKind.ZONES], 3.0, 0, 1) == "Box: crew #2"
    assert row_text(data, rows[LaneKind.ZONES], 5.0, 0, 1) == "Box: nobody"


def test_the_zones_of_a_job_tell_how_much_moves_in_them() -> None:
    at, shape = np.arange(300) / 30, (300, 18, 32)
    energy = np.full(shape, 8, np.uint8)
    motion = Motion(np.zeros((*shape, 2), np.float16), energy, np.zeros((300, 4), np.float32))
    read = demo_review(motion=motion)
    data = with_review(LaneData(at, 10.0), read)
    request = request_of(data, read, {}, ReviewLooks())
    assert request is not None
    data = replace(data, arrays=build(request))
    (row,) = (row for row in lay_out(data.there, (), (), (), data.zone_names) if row.zone)
    assert row_text(data, row, 5.0, 0, 1) == "Box: nobody, motion 8.0 grey levels"
    blind = replace(data, class_names=())
    assert row_text(blind, row, 5.0, 0, 1) == "Box: still, motion 8.0 grey levels"


def test_lanes_follow_thresholds_and_eyes() -> None:
    at, objects = np.arange(300) / 30, demo_objects()
    every = build(LaneRequest(at, 10.0, objects, confidence=0.0))
    assert every.tracks is not None
    assert every.tracks.tracks == 5
    sure = build(LaneRequest(at, 10.0, objects, confidence=0.5, thresholds={2: 0.2}))
    assert sure.tracks is not None
    assert set(sure.tracks.track_id.tolist()) == {1, 2, 4, 5}
    hidden = build(
        LaneRequest(
            at,
            10.0,
            objects,
            confidence=0.0,
            hidden_classes=frozenset({2}),
            hidden_tracks=frozenset({1}),
        )
    )
    assert hidden.tracks is not None
    assert set(hidden.tracks.track_id.tolist()) == {2, 3}
    assert hidden.speed is None  # the car is hidden
