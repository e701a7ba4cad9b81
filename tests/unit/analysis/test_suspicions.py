"""Tracks that may have become other objects': each kind is found, and what is fine is not."""

from __future__ import annotations

import tracemalloc
from unittest.mock import Mock

import numpy as np
import pytest
from counting import calls

from codefx_desktop.analysis import crossings
from codefx_desktop.analysis import suspicions as looking
from codefx_desktop.analysis.suspicions import MOST, Suspicion, suspicions
from codefx_desktop.domain.observations import Objects

FRAMES = 60
NUMBERS = np.arange(100, 100 + FRAMES, dtype=np.int32)
TIMES_S = np.arange(FRAMES) / 30
Path = dict[int, tuple[float, float]]


def clip(*tracks: tuple[int, Path], kinds: dict[int, int] | None = None) -> Objects:
    """Return tracks of boxes 40 wide and 40 high, each with its middle by frame."""
    rows = sorted((n, track, at) for track, path in tracks for n, at in path.items())
    middle = np.array([at for _, _, at in rows], np.float32)
    return Objects(
        np.array([n for n, _, _ in rows], np.int32),
        np.hstack([middle - 20, middle + 20]),
        np.full(len(rows), 0.9, np.float32),
        np.array([(kinds or {}).get(n, 0) if t == 1 else 0 for n, t, _ in rows], np.int16),
        np.array([track for _, track, _ in rows], np.int32),
        ("person", "wheel"),
    )


def line(start: float, step: float, y: float = 100.0, frames: range = range(FRAMES)) -> Path:
    return {n: (start + step * n, y) for n in frames}


def found(objects: Objects, cuts: tuple[int, ...] = ()) -> tuple[Suspicion, ...]:
    return suspicions(objects, NUMBERS, TIMES_S, cuts)


def test_tracks_that_cross_and_go_on_as_before_are_fine() -> None:
    assert found(clip((1, line(0, 6)), (2, line(360, -6)))) == ()


def test_tracks_that_go_back_after_they_met_may_have_changed_places() -> None:
    """Two people walk through each other, and the tracker takes one for the other."""
    one, other = line(0, 6), line(360, -6)
    swapped = {n: (one if n < 30 else other)[n] for n in range(FRAMES)}
    swapped_other = {n: (other if n < 30 else one)[n] for n in range(FRAMES)}
    (only,) = found(clip((1, swapped), (2, swapped_other)))
    assert (only.track_id, only.other_id) == (1, 2)
    assert 130 < only.frame_number < 138
    assert only.time_s == TIMES_S[only.frame_number - 100]
    assert only.score > 0.9
    assert "overlapped by" in only.why


def test_a_tracker_does_not_take_objects_of_different_classes_for_each_other() -> None:
    one, other = line(0, 6), line(360, -6)
    back = {n: (one if n < 30 else other)[n] for n in range(FRAMES)}
    back_too = {n: (other if n < 30 else one)[n] for n in range(FRAMES)}
    objects = clip((1, back), (2, back_too), kinds=dict.fromkeys(range(FRAMES), 1))
    assert found(objects) == ()


def test_a_track_that_begins_where_another_ended_may_be_it() -> None:
    objects = clip((1, line(0, 5, frames=range(25))), (7, line(0, 5, frames=range(35, FRAMES))))
    (only,) = found(objects)
    assert (only.track_id, only.other_id, only.frame_number) == (1, 7, 135)
    assert only.why.startswith("Track 1 ended 0.37 s before track 7 begins, 100%")
    assert 0.7 < only.score < 0.9
    assert found(objects, cuts=(30,)) == ()  # another shot: nobody goes on there


def test_a_track_that_begins_elsewhere_or_too_late_is_another_object() -> None:
    first = (1, line(0, 5, frames=range(10)))
    assert found(clip(first, (7, line(0, 5, y=300, frames=range(15, FRAMES))))) == ()
    assert found(clip(first, (7, line(0, 5, frames=range(45, FRAMES))))) == ()


def test_a_track_jumps_only_beyond_what_its_speed_allows() -> None:
    steady = {n: (20.0 * n, 100.0) for n in range(FRAMES)}
    assert found(clip((1, steady))) == ()
    jumping = {n: (20.0 * n + (400 if n >= 30 else 0), 100.0) for n in range(FRAMES)}
    (only,) = found(clip((1, jumping)))
    assert (only.track_id, only.other_id, only.frame_number) == (1, None, 130)
    assert "jumps 420 px; its size and speed allow 100 px" in only.why
    assert found(clip((1, jumping)), cuts=(30,)) == ()
    gap = {n: at for n, at in jumping.items() if not 29 < n < 33}
    assert found(clip((1, gap)), cuts=(30,)) == ()  # first seen again some frames after the cut


def test_a_change_of_class_is_told_unless_it_is_a_flicker() -> None:
    path = (1, line(0, 5))
    (only,) = found(clip(path, kinds=dict.fromkeys(range(20, FRAMES), 1)))
    assert only.frame_number == 120
    assert (
        only.why
        == "Track 1 is person in 100% of what was before and wheel in 100% of what follows."
    )
    assert found(clip(path, kinds={20: 1, 21: 1, 40: 1, 58: 1, 59: 1})) == ()


def test_nothing_is_suspicious_where_nothing_was_tracked() -> None:
    assert found(Objects.none()) == ()
    assert found(clip((-1, line(0, 5)))) == ()
    assert found(clip((3, {5: (1.0, 1.0)}))) == ()


def test_long_clips_are_looked_through_without_a_look_at_each_box() -> None:
    frames, each = 20_000, 10
    rng = np.random.default_rng(0)
    at = np.cumsum(rng.normal(0, 1.5, (frames, each, 2)), 0) % 1500
    corner = at.reshape(-1, 2).astype(np.float32)
    objects = Objects(
        np.repeat(np.arange(frames, dtype=np.int32), each),
        np.hstack([corner, corner + 80]),
        np.full(frames * each, 0.9, np.float32),
        np.zeros(frames * each, np.int16),
        (np.arange(frames)[:, None] // 200 * each + np.arange(each)).astype(np.int32).reshape(-1),
        ("person",),
    )
    numbers, times_s = np.arange(frames, dtype=np.int32), np.arange(frames) / 60
    told: tuple[Suspicion, ...] = ()

    def look() -> None:
        nonlocal told
        told = suspicions(objects, numbers, times_s)

    assert calls(look) < len(objects.frame)  # 115,000 for 200,000 boxes
    assert len(told) == MOST
    assert [one.frame_number for one in told] == sorted(one.frame_number for one in told)
    assert all(0.0 <= one.score <= 1.0 for one in told)


def wandering(seed: int) -> Objects:
    """Return tracks that wander into each other, jump and change class; some frames lack some."""
    rng = np.random.default_rng(seed)
    parts = []
    for track in range(12):
        start = int(rng.integers(0, FRAMES))
        frames = start + np.flatnonzero(rng.random(FRAMES - start) < 0.9)
        way = rng.normal(0, rng.choice([1, 5, 20]), (len(frames), 2))
        middle = rng.uniform(0, 200, 2) + np.cumsum(way, axis=0)
        middle[len(frames) // 2 :] += rng.choice([0, 0, 300])
        kind = np.where(np.arange(len(frames)) < len(frames) * rng.choice([0.5, 1]), 0, 1)
        box = np.hstack([middle - 25, middle + 25])
        parts.append((frames, box, kind, np.full(len(frames), track - 1)))
    frame, box, kind, track = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(frame, kind="stable")
    return Objects(
        frame[order].astype(np.int32),
        box[order].astype(np.float32),
        np.full(len(order), 0.9, np.float32),
        kind[order].astype(np.int16),
        track[order].astype(np.int32),
        ("person", "wheel"),
    )


def some_at_a_time(monkeypatch: pytest.MonkeyPatch, boxes: int) -> None:
    monkeypatch.setattr(looking, "_BOXES", boxes)
    monkeypatch.setattr(crossings, "_BOXES", boxes)


def test_the_same_is_found_however_many_boxes_are_looked_at_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clips = [wandering(seed) for seed in range(15)]
    whole = [found(objects, cuts=(20, 41)) for objects in clips]
    assert sum(map(len, whole)) > 60
    for boxes in (1, 7, 100):
        some_at_a_time(monkeypatch, boxes)
        assert [found(objects, cuts=(20, 41)) for objects in clips] == whole


def test_a_search_that_nobody_waits_for_ends_before_the_next_boxes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some_at_a_time(monkeypatch, 50)
    objects, asks = wandering(1), Mock()
    suspicions(objects, NUMBERS, TIMES_S, (), asks)
    assert asks.call_count >= 2 * len(objects.frame) // 100
    for ends in range(asks.call_count):
        last = Mock(side_effect=[*[None] * ends, InterruptedError])
        with pytest.raises(InterruptedError):
            suspicions(objects, NUMBERS, TIMES_S, (), last)


def test_a_search_takes_little_more_memory_than_what_it_looks_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some_at_a_time(monkeypatch, 1_000)
    frames, each = 4_000, 10
    middle = np.random.default_rng(0).uniform(0, 1e4, (each, 2)).astype(np.float32)
    objects = Objects(
        np.repeat(np.arange(frames, dtype=np.int32), each),
        np.tile(np.hstack([middle, middle + 5]), (frames, 1)),
        np.full(frames * each, 0.9, np.float32),
        np.zeros(frames * each, np.int16),
        np.tile(np.arange(each, dtype=np.int32), frames),
        ("person",),
    )
    numbers, times_s = np.arange(frames, dtype=np.int32), np.arange(frames) / 60
    tracemalloc.start()
    try:
        assert suspicions(objects, numbers, times_s) == ()
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 65 * len(objects.frame)  # of 30 bytes each; 44 of a million of them
