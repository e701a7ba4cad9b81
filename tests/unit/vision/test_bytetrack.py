"""Our driving of ByteTrack against Ultralytics' own, and the clock."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import detections

from codefx_desktop.domain.detections import NO_TRACK, Detections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.vision.tracker import Bars


def crowd(number: int, random: np.random.Generator) -> Detections:
    """Return about twenty boxes that wander, flicker, vanish for a while and cross."""
    index = np.arange(20)
    centre = np.stack(
        [
            640 + 500 * np.sin(index + number * 0.01 * (1 + index % 3)),
            360 + 250 * np.cos(1.7 * index + number * 0.013),
        ],
        axis=1,
    )
    centre += random.normal(0, 1.5, centre.shape)
    half = 20 + index[:, None] * np.array([1.5, 2.0])
    boxes = np.hstack([centre - half, centre + half])
    hidden = ((number + 13 * index) % 90 < 20) & (index % 2 == 0)
    seen = ~hidden & (random.random(20) > 0.05)
    return detections(
        boxes[seen],
        np.clip(random.normal(0.5, 0.25, 20), 0.05, 0.99)[seen],
        (index % 5)[seen],
    )


def ultralytics_ids(frames: list[Detections]) -> list[list[int]]:
    """Return the ids that the library gives by itself, row by row of each frame."""
    from ultralytics.engine.results import Boxes
    from ultralytics.trackers.byte_tracker import BYTETracker

    tracker = BYTETracker(
        SimpleNamespace(
            track_high_thresh=0.25,
            track_low_thresh=0.1,
            new_track_thresh=0.25,
            track_buffer=30,
            match_thresh=0.8,
            fuse_score=True,
        )
    )
    result = []
    for found in frames:
        data = np.column_stack([found.xyxy, found.confidence, found.class_id]).astype(np.float32)
        ids = [NO_TRACK] * len(found)
        for row in tracker.update(Boxes(data, (720, 1280))):
            ids[int(row[-1])] = int(row[4])
        result.append(ids)
    return result


def none_barred(tracks: Sequence[int], classes: np.ndarray) -> np.ndarray:
    return np.zeros((len(tracks), len(classes)), np.bool_)


@pytest.mark.parametrize("bars", [None, none_barred], ids=["its own", "with bars"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_at_a_constant_rate_the_ids_are_those_of_ultralytics(seed: int, bars: Bars | None) -> None:
    from codefx_desktop.vision.tracker import ByteTracker

    random = np.random.default_rng(seed)
    frames = [crowd(number, random) for number in range(240)]
    tracker = ByteTracker(30.0, bars)
    ours = [tracker.update(found, n / 30).track_id.tolist() for n, found in enumerate(frames)]
    assert ours == ultralytics_ids(frames)
    assert max(map(max, ours)) > 20  # the crowd does lose tracks


def test_classes_are_mixed_as_ultralytics_does() -> None:
    from codefx_desktop.vision.tracker import ByteTracker

    tracker = ByteTracker(30.0)
    box = [[50, 50, 150, 150]]
    ids = [tracker.update(detections(box, 0.9, n % 2), n / 30).track_id[0] for n in range(10)]
    assert set(ids) == {1}


def test_forgotten_tracks_leave_no_memory() -> None:
    from codefx_desktop.vision.tracker import ByteTracker

    tracker = ByteTracker(30.0)
    for number in range(600):
        place = 200.0 * (number % 37)
        tracker.update(detections([[place, 0, place + 20, 20]]), number / 30)
    assert len(tracker._seen_s) < 80
    assert len(tracker._inner.lost_stracks) < 80


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_rate_must_be_positive(rate: float) -> None:
    from codefx_desktop.vision.tracker import ByteTracker

    with pytest.raises(ValueError, match="positive"):
        ByteTracker(rate)


WHEEL, CREW = 0, 1
ALONG = np.array([1.0, 0.0, 1.0, 0.0])


def followed(kinds: list[int]) -> list[int]:
    """Return the identities of something that keeps its place and is called by these classes."""
    from codefx_desktop.vision.keeping_tracker import KeepingTracker

    tracker = KeepingTracker(30.0)
    box = [[50, 50, 150, 150]]
    rows = [tracker.update(detections(box, 0.9, kind), n / 30) for n, kind in enumerate(kinds)]
    return [int(row.track_id[0]) for row in rows]


def test_what_flickers_between_classes_stays_one_track() -> None:
    assert set(followed([0, 1] * 20)) == {1}


@pytest.mark.parametrize("faint", [0.9, 0.2])
def test_who_leans_over_a_wheel_does_not_take_its_track_along(faint: float) -> None:
    from codefx_desktop.vision.keeping_tracker import KeepingTracker

    tracker = KeepingTracker(30.0)
    wheel = np.array([100.0, 100.0, 200.0, 200.0])
    ids = []
    for n in range(60):
        hidden = 30 <= n < 36
        if not hidden:
            found = detections([wheel], 0.9, WHEEL)
        else:
            # Someone's box comes to lie on the wheel and goes off, by 20 pixels a frame.
            found = detections([wheel + 20.0 * (n - 30) * ALONG], faint, CREW)
        ids.append(int(tracker.update(found, n / 30).track_id[0]))
    assert set(ids[:30]) == set(ids[36:]) == {1}
    assert 1 not in ids[30:36]


def test_classes_of_lost_tracks_leave_no_memory() -> None:
    from codefx_desktop.vision.keeping_tracker import KeepingTracker

    tracker = KeepingTracker(30.0)
    for number in range(600):
        place = 200.0 * (number % 37)
        tracker.update(detections([[place, 0, place + 20, 20]]), number / 30)
    assert len(tracker._classes._known) < 80
