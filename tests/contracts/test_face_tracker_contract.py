"""What every face tracker promises (``domain.ports.FaceTracker``), over the fake and the real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import models
import numpy as np
import pytest
from fakes import FakeVision, faces

from codefx_desktop.domain.outlines import Faces
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.ports import FaceTracker


@pytest.fixture(params=["fake", "footage"])
def tracker(request: pytest.FixtureRequest, tmp_path: Path) -> FaceTracker:
    vision = FakeVision() if request.param == "fake" else Vision(models.folders(tmp_path))
    return vision.face_tracker()


def moving(number: int, count: int = 3) -> Faces:
    """Return faces of 60 px that drift apart by 2 px a frame."""
    return faces(
        [[100 * i + 2 * number, 50 + i, 100 * i + 2 * number + 60, 110 + i] for i in range(count)]
    )


def ids(tracker: FaceTracker, found: Faces, time_s: float) -> list[int]:
    return tracker.update(found, time_s).track_id.tolist()


def test_ids_begin_at_one_and_stay_with_their_faces(tracker: FaceTracker) -> None:
    rows = [ids(tracker, moving(n), n / 30) for n in range(60)]
    assert sorted(rows[0]) == [1, 2, 3]
    assert all(row == rows[0] for row in rows)


def test_the_same_faces_come_back_in_the_same_order(tracker: FaceTracker) -> None:
    found = moving(0)
    for array in (found.xyxy, found.confidence, found.landmarks, found.track_id):
        array.setflags(write=False)
    tracked = tracker.update(found, 0.0)
    np.testing.assert_array_equal(tracked.xyxy, found.xyxy)
    np.testing.assert_array_equal(tracked.landmarks, found.landmarks)
    np.testing.assert_array_equal(tracked.confidence, found.confidence)
    turned = faces(found.xyxy[::-1].tolist())
    assert ids(tracker, turned, 0.1) == tracked.track_id[::-1].tolist()


def test_every_fifteenth_frame_is_enough(tracker: FaceTracker) -> None:
    rows = [ids(tracker, moving(n), n / 30) for n in range(0, 90, 15)]
    assert all(row == rows[0] for row in rows)


def test_a_short_absence_keeps_the_id_and_a_long_one_does_not(tracker: FaceTracker) -> None:
    first = ids(tracker, moving(0), 0.0)
    assert ids(tracker, Faces.empty(), 0.4) == []
    assert ids(tracker, moving(0), 0.9) == first
    assert not set(ids(tracker, moving(0), 2.5)) & set(first)


def test_a_face_elsewhere_is_another_one(tracker: FaceTracker) -> None:
    first = ids(tracker, faces([[0, 0, 60, 60]]), 0.0)
    assert ids(tracker, faces([[500, 300, 560, 360]]), 0.1) != first


def test_a_cut_ends_all_tracks_and_uses_no_id_again(tracker: FaceTracker) -> None:
    first = ids(tracker, moving(0), 0.0)
    tracker.cut()
    second = ids(tracker, moving(0), 1 / 30)
    assert len(set(first + second)) == 6
    assert ids(tracker, moving(1), 2 / 30) == second


def test_nothing_found_is_no_trouble(tracker: FaceTracker) -> None:
    for number in range(3):
        tracked = tracker.update(Faces.empty(), number / 30)
        assert len(tracked) == 0
        assert tracked.track_id.dtype == np.int32


@pytest.mark.parametrize("time_s", [0.5, 0.4, float("nan")])
def test_time_must_increase(tracker: FaceTracker, time_s: float) -> None:
    tracker.update(moving(0), 0.5)
    with pytest.raises(ValueError, match="time must increase"):
        tracker.update(moving(1), time_s)
