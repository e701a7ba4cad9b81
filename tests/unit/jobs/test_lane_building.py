"""What lanes show, from detections and signals: stretches, rows, a car's speed, guns."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import numpy as np
import pytest
from fake_footage import InlinePool

from codefx_desktop.analysis.zone_activity import zone_levels
from codefx_desktop.domain.observations import Motion, Objects, Sound
from codefx_desktop.domain.zone import Zone
from codefx_desktop.jobs.lane_building import build
from codefx_desktop.jobs.lane_desk import LaneDesk
from codefx_desktop.jobs.lane_values import LaneArrays, LaneRequest
from codefx_desktop.jobs.review_values import PlacedZone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

NAMES = ("car", "crew")


def objects_of(rows: list[tuple[int, int, int, float]]) -> Objects:
    """Return detections of (frame, track, class, left edge), boxes of 10 pixels."""
    frame, track, kind, left = (np.array(column) for column in zip(*rows, strict=True))
    box = np.stack([left, np.zeros(len(left)), left + 10, np.full(len(left), 10)], axis=1)
    return Objects(
        frame.astype(np.int32),
        box.astype(np.float32),
        np.full(len(frame), 0.9, np.float32),
        kind.astype(np.int16),
        track.astype(np.int32),
        NAMES,
    )


def test_a_track_is_broken_where_it_is_not_seen_and_where_its_class_changes() -> None:
    rows = [(n, 7, 1, 0.0) for n in (0, 1, 2, 5, 6)] + [(7, 7, 0, 0.0), (8, 7, 0, 0.0)]
    times = np.array([0, 0.1, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9, 1.0])  # as the clip has them
    spans = build(LaneRequest(times, 1.25, objects_of(rows))).tracks
    assert spans is not None
    assert spans.begin_s.tolist() == [0.0, 0.7, 0.9]
    assert spans.end_s.tolist() == [0.4, 0.9, 1.25]  # until the last picture leaves the screen
    assert spans.class_id.tolist() == [1, 1, 0]
    assert (spans.rows, spans.tracks) == (1, 1)


def test_tracks_that_are_never_seen_together_share_a_row() -> None:
    rows = sorted(
        [(n, 1, 1, 0.0) for n in range(5)]
        + [(n, 2, 1, 0.0) for n in range(3, 8)]
        + [(n, 3, 1, 0.0) for n in range(6, 9)]
    )
    spans = build(LaneRequest(np.arange(10) / 10, 1.0, objects_of(rows))).tracks
    assert spans is not None
    row = dict(zip(spans.track_id.tolist(), spans.row.tolist(), strict=True))
    assert row[1] != row[2]
    assert row[3] == row[1]
    assert spans.rows == 2


def test_more_tracks_than_any_gap_closes_have_a_few_coarser_levels() -> None:
    rows = [(n, track, 1, 0.0) for track in range(3_200) for n in (track, track + 3)]
    objects = objects_of(sorted(rows))
    spans = build(LaneRequest(np.arange(3_203) / 10, 320.3, objects)).tracks
    levels = []
    while spans is not None:
        levels.append(len(spans.begin_s))
        spans = spans.coarser
    assert (levels[0], levels[-1]) == (6_400, 3_200)
    assert len(levels) < 12


def test_detections_of_no_track_are_no_track() -> None:
    rows = [(n, -1, 1, 0.0) for n in range(5)]
    arrays = build(LaneRequest(np.arange(5) / 10, 0.5, objects_of(rows)))
    assert arrays.tracks is None
    assert arrays.speed is None
    assert arrays.confidence is not None
    assert arrays.confidence.at(0.2) == pytest.approx(0.9)


def test_a_car_has_a_speed_while_one_track_is_followed() -> None:
    rate = 50
    times = np.arange(100) / rate
    rows = [(n, 1, 0, 4.0 * n) for n in range(60)] + [(n, 2, 0, 500.0) for n in range(60, 100)]
    speed = build(LaneRequest(times, 2.0, objects_of(rows))).speed
    assert speed is not None
    assert speed.unit == "px/s"
    assert speed.at(0.6) == pytest.approx(4 * rate)
    assert speed.at(1.6) == pytest.approx(0)
    assert speed.at(1.2) is None  # another car's box: nothing was measured, not a leap
    assert speed.top == pytest.approx(200)


def test_signals_have_their_units_and_nothing_is_made_up() -> None:
    times = np.arange(20) / 10
    energy = np.zeros((20, 2, 2), np.uint8)
    energy[5] = 40
    motion = Motion(np.zeros((20, 2, 2, 2), np.float16), energy, np.zeros((20, 4), np.float32))
    sound = Sound(4.0, np.array([0, 3, 12, 0], np.float32), np.zeros((0, 2)))
    arrays = build(LaneRequest(times, 2.0, Objects.none(), motion, sound))
    assert arrays.tracks is None
    assert arrays.confidence is None
    assert arrays.motion is not None
    assert arrays.motion.at(0.5) == 40
    assert arrays.motion.at(0.6) == 0
    assert arrays.guns is not None
    assert arrays.guns.at(0.6) == 12
    assert arrays.guns.at(1.5) is None  # the sound ends after a second
    assert arrays.guns.unit == "dB"
    bare = build(LaneRequest(times, 2.0, Objects.none()))
    assert bare.motion is None
    assert bare.guns is None


def test_a_zone_has_the_motion_of_its_own_cells() -> None:
    energy = np.zeros((40, 9, 16), np.uint8)
    energy[20:30, :3, :4] = 40
    motion = Motion(np.zeros((40, 9, 16, 2), np.float16), energy, np.zeros((40, 4), np.float32))
    corners = ((0.0, 0.0), (160.0, 0.0), (160.0, 120.0), (0.0, 120.0))
    here = PlacedZone(Zone("here", corners), stop=1, begins_s=0.4, ends_s=2.6)
    there = PlacedZone(Zone("there", tuple((x + 400, y + 200) for x, y in corners)))
    times = np.arange(40) / 10
    request = LaneRequest(
        times, 4.0, Objects.none(), motion, width=640, height=360, zones=(here, there)
    )
    curves = build(request).zones
    assert curves["here"].at(2.5) == pytest.approx(40, abs=1)
    assert curves["here"].at(0.5) == 0
    assert curves["here"].at(0.2) is None, "its car was not there"
    assert curves["here"].at(2.8) is None
    assert curves["there"].at(2.5) == 0
    assert curves["here"].unit == "grey"


def test_of_a_zone_only_the_frames_in_which_it_is_there_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []

    def counted(seen: object, motion: object, zone: object, within: range) -> object:
        read.append(within)
        return zone_levels(seen, motion, zone, within)  # type: ignore[arg-type]

    monkeypatch.setattr("codefx_desktop.jobs.lane_building.zone_levels", counted)
    motion = Motion(
        np.zeros((40, 9, 16, 2), np.float16),
        np.ones((40, 9, 16), np.uint8),
        np.zeros((40, 4), np.float32),
    )
    corners = ((0.0, 0.0), (160.0, 0.0), (160.0, 120.0))
    zones = tuple(
        PlacedZone(Zone("here", corners), stop=n, begins_s=n, ends_s=n + 0.5) for n in (1, 2)
    )
    times = np.arange(40) / 10
    build(LaneRequest(times, 4.0, Objects.none(), motion, width=640, height=360, zones=zones))
    assert read == [range(10, 16), range(20, 26)]


def test_lanes_that_nobody_wants_any_more_are_not_built_to_their_end() -> None:
    request = LaneRequest(np.arange(10) / 10, 1.0, objects_of([(1, 7, 1, 0.0)]))
    asks = Mock()
    whole = build(request, asks)
    assert whole.tracks is not None
    assert asks.call_count >= 5
    for ends in range(asks.call_count):
        last = Mock(side_effect=[*[None] * ends, InterruptedError])
        with pytest.raises(InterruptedError):
            build(request, last)


def test_a_newer_request_ends_the_one_in_work(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun, done, built = [], [], []
    request = LaneRequest(np.arange(3) / 10, 0.3, Objects.none())

    def work(_: LaneRequest, check: Callable[[], None]) -> LaneArrays:
        begun.append(True)
        if len(begun) == 1:
            desk.build(request)
        check()
        done.append(True)
        return LaneArrays()

    monkeypatch.setattr("codefx_desktop.jobs.lane_desk.build", work)
    desk = LaneDesk(tmp_path, new_pool=InlinePool)
    desk.built.connect(built.append)
    desk.build(request)
    qtbot.waitUntil(lambda: len(built) == 1)
    assert (len(begun), len(done)) == (2, 1)
    desk.shutdown()
