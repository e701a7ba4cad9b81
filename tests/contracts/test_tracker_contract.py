"""What every tracker promises (``domain.ports.Tracker``), over the fake and the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import models
import numpy as np
import pytest
from fakes import FakeVision, detections

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.ports import Tracker

RATE = 30.0


@pytest.fixture(params=["fake", "bytetrack"])
def new_tracker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Tracker]:
    vision = (
        FakeVision()
        if request.param == "fake"
        else Vision(models.folders(tmp_path_factory.getbasetemp() / "libraries"))
    )
    return lambda: vision.tracker(RATE)


def moving(number: int, objects: int = 3) -> Detections:
    """Return boxes that drift apart by 2 px a frame."""
    return detections(
        [[100 * i + 2 * number, 50 + i, 100 * i + 2 * number + 60, 110 + i] for i in range(objects)]
    )


def ids(tracker: Tracker, found: Detections, number: float) -> list[int]:
    return tracker.update(found, number / RATE).track_id.tolist()


def test_ids_begin_at_one_and_stay_with_their_objects(
    new_tracker: Callable[[], Tracker],
) -> None:
    tracker = new_tracker()
    rows = [ids(tracker, moving(number), number) for number in range(60)]
    assert sorted(rows[0]) == [1, 2, 3]
    assert all(row == rows[0] for row in rows)


def test_the_same_detections_come_back_in_the_same_order(
    new_tracker: Callable[[], Tracker],
) -> None:
    tracker = new_tracker()
    random = np.random.default_rng(0)
    known: dict[tuple[float, ...], int] = {}
    for number in range(10):
        order = random.permutation(3)
        found = moving(0).where(order)
        tracked = tracker.update(found, number / RATE)
        np.testing.assert_array_equal(tracked.xyxy, found.xyxy)
        np.testing.assert_array_equal(tracked.confidence, found.confidence)
        np.testing.assert_array_equal(tracked.class_id, found.class_id)
        for box, track in zip(tracked.xyxy.tolist(), tracked.track_id.tolist(), strict=True):
            assert known.setdefault(tuple(box), track) == track


def test_what_is_given_is_not_changed(new_tracker: Callable[[], Tracker]) -> None:
    found = moving(0)
    for array in (found.xyxy, found.confidence, found.class_id, found.track_id):
        array.setflags(write=False)
    tracked = new_tracker().update(found, 0.0)
    assert (found.track_id == NO_TRACK).all()
    assert (tracked.track_id != NO_TRACK).all()


def test_faint_detections_start_no_track_but_carry_one_on(
    new_tracker: Callable[[], Tracker],
) -> None:
    tracker = new_tracker()
    box = [[50, 50, 150, 150]]
    assert ids(tracker, detections(box, 0.2), 0) == [NO_TRACK]
    assert ids(tracker, detections(box, 0.05), 1) == [NO_TRACK]
    tracker = new_tracker()
    first = ids(tracker, detections(box, 0.9), 0)
    assert ids(tracker, detections(box, 0.2), 1) == first != [NO_TRACK]
    assert ids(tracker, detections(box, 0.06), 2) == [NO_TRACK]


@pytest.mark.parametrize("gap", [1, 15, 28])
def test_a_gap_of_less_than_a_second_keeps_the_id(
    new_tracker: Callable[[], Tracker], gap: int
) -> None:
    tracker = new_tracker()
    first = [ids(tracker, detections([[50, 50, 150, 150]]), n) for n in range(5)][-1]
    for number in range(5, 5 + gap):
        assert ids(tracker, Detections.empty(), number) == []
    assert ids(tracker, detections([[50, 50, 150, 150]]), 5 + gap) == first


@pytest.mark.parametrize("gap", [32, 60])
def test_a_gap_of_more_than_a_second_gives_a_new_id(
    new_tracker: Callable[[], Tracker], gap: int
) -> None:
    tracker = new_tracker()
    box = detections([[50, 50, 150, 150]])
    first = [ids(tracker, box, n) for n in range(5)][-1]
    for number in range(5, 5 + gap):
        assert ids(tracker, Detections.empty(), number) == []
    again = [ids(tracker, box, 5 + gap + n) for n in range(3)][-1]
    assert again not in (first, [NO_TRACK])


def test_the_second_is_one_of_footage_however_few_frames_it_has(
    new_tracker: Callable[[], Tracker],
) -> None:
    """Two empty frames, but 1.5 s of a variable rate."""
    tracker = new_tracker()
    box = detections([[50, 50, 150, 150]])
    first = [tracker.update(box, n / RATE).track_id.tolist() for n in range(5)][-1]
    tracker.update(Detections.empty(), 0.2)
    tracker.update(Detections.empty(), 1.6)
    again = [tracker.update(box, 1.7 + n / RATE).track_id.tolist() for n in range(3)][-1]
    assert again not in (first, [NO_TRACK])


def test_the_second_is_one_of_footage_however_many_frames_it_has(
    new_tracker: Callable[[], Tracker],
) -> None:
    """Ninety empty frames in 0.9 s: more than a second's worth at the average rate."""
    tracker = new_tracker()
    box = detections([[50, 50, 150, 150]])
    first = [tracker.update(box, n / RATE).track_id.tolist() for n in range(5)][-1]
    for number in range(1, 90):
        tracker.update(Detections.empty(), 4 / RATE + number / 100)
    assert tracker.update(box, 4 / RATE + 0.9).track_id.tolist() == first


def test_a_long_frame_alone_loses_nothing(new_tracker: Callable[[], Tracker]) -> None:
    """An object seen in two neighbouring frames was never missed, however far apart they are."""
    tracker = new_tracker()
    box = detections([[50, 50, 150, 150]])
    first = [tracker.update(box, n / RATE).track_id.tolist() for n in range(5)][-1]
    assert tracker.update(box, 3.0).track_id.tolist() == first


def test_two_trackers_do_not_disturb_each_other(new_tracker: Callable[[], Tracker]) -> None:
    alone = new_tracker()
    expected = [ids(alone, moving(n), n) for n in range(20)]
    one, other = new_tracker(), new_tracker()
    for number in range(20):
        assert ids(one, moving(number), number) == expected[number]
        if number >= 5:
            assert sorted(ids(other, moving(number, 2), number - 5)) == [1, 2]


def test_only_empty_frames_are_fine(new_tracker: Callable[[], Tracker]) -> None:
    tracker = new_tracker()
    for number in range(3):
        tracked = tracker.update(Detections.empty(), number / RATE)
        assert len(tracked) == 0
        assert tracked.track_id.dtype == np.int32


def test_boxes_without_area_are_let_through(new_tracker: Callable[[], Tracker]) -> None:
    tracker = new_tracker()
    for number in range(3):
        found = detections([[10, 10, 10, 40], [50, 50, 150, 150], [0, 0, 0, 0]])
        assert ids(tracker, found, number)[1] == 1


@pytest.mark.parametrize("time_s", [0.5, 0.4, float("nan")])
def test_time_must_increase(new_tracker: Callable[[], Tracker], time_s: float) -> None:
    tracker = new_tracker()
    tracker.update(moving(0), 0.5)
    with pytest.raises(ValueError, match="time must increase"):
        tracker.update(moving(1), time_s)
