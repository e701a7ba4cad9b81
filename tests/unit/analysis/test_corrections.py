"""Detections with corrections: the same as the plain way, whole or step by step, undone or not."""

from __future__ import annotations

import time
import tracemalloc
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from review_edits import as_plain, plainly, some_box, some_objects, some_op, state_hash

from codefx_desktop.analysis.correction_walk import is_quick, walked
from codefx_desktop.analysis.corrections import (
    active,
    corrected,
    further,
    marks_of,
    retrack_op,
    thresholds_of,
)
from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import (
    BoxOp,
    BoxValue,
    ChooseOp,
    EditOp,
    EditStep,
    Mark,
    MarkOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.observations import Objects

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

NUMBERS = np.arange(0, 80, 2, dtype=np.int32)
"""Every second frame was analysed."""


@pytest.mark.parametrize("seed", range(12))
def test_ops_do_what_they_do_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    objects = some_objects(rng, len(NUMBERS))
    ops = [some_op(rng, NUMBERS, n) for n in range(120)]
    state = corrected(objects, NUMBERS, ops)
    assert as_plain(state, NUMBERS) == plainly(objects, NUMBERS, ops)
    assert np.all(np.diff(state.objects.frame) >= 0)
    assert state.objects.class_names == objects.class_names
    stepwise = CorrectedObjects.measured(objects)
    for op in ops:
        stepwise = further(stepwise, NUMBERS, [op])
    assert state_hash(stepwise, ops) == state_hash(state, ops)


def undone_and_redone(
    seed: int, count: int, objects: Objects, numbers: npt.NDArray[np.int32]
) -> None:
    """Walk back and forth over random steps; every state has to be the one it was."""
    rng = np.random.default_rng(seed)
    steps = [(some_op(rng, numbers, n),) for n in range(count)]
    shown = [state_hash(CorrectedObjects.measured(objects), ())]
    state = CorrectedObjects.measured(objects)
    done: list[EditOp] = []
    for ops in steps:
        state = further(state, numbers, ops)
        done += ops
        shown.append(state_hash(state, done))
    assert len(set(shown)) > count // 2
    for kept in (*rng.integers(0, count + 1, 12), 0, count):
        numbered = [
            EditStep(n + 1, "", "", "", ops, is_undone=n >= kept) for n, ops in enumerate(steps)
        ]
        left = active(numbered)
        assert state_hash(corrected(objects, numbers, left), left) == shown[kept]
    # One by one, as undo goes through them.
    log = [EditStep(n + 1, "", "", "", ops) for n, ops in enumerate(steps)]
    measured, found = CorrectedObjects.measured(objects), dict[int, CorrectedObjects]()
    for depth in range(count, -1, -1):
        if depth not in found:
            found = walked({0: measured}, numbers, log[:depth], 8)
        assert state_hash(found[depth], done[:depth]) == shown[depth]


def test_500_edits_undone_and_redone_lead_back_to_the_same_state() -> None:
    for seed in range(3):
        objects = some_objects(np.random.default_rng(seed), len(NUMBERS))
        undone_and_redone(seed, 500, objects, NUMBERS)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [7, 8, 9])
def test_500_edits_of_a_long_clip_undone_and_redone(seed: int) -> None:
    numbers = np.arange(100_000, dtype=np.int32)
    objects = some_objects(np.random.default_rng(seed), 100_000, 20)
    undone_and_redone(seed, 500, objects, numbers)


def some_steps(rng: np.random.Generator, objects: Objects, count: int) -> list[EditStep]:
    """Return steps of one or a few ops, some of which find tracks again or drop an earlier one."""
    steps: list[EditStep] = []
    state = CorrectedObjects.measured(objects)
    for n in range(count):
        ops = [some_op(rng, NUMBERS, n) for _ in range(rng.integers(1, 4))]
        if n % 11 == 5:
            tracks = rng.integers(-1, 9, len(state.box)).astype(np.int32)
            ops = [retrack_op(tracks)]
        elif n % 13 == 7:
            kept, dropped = rng.choice(n, 2, replace=False).tolist()
            ops = [ChooseOp(f"k{kept}", f"k{dropped}")]
        steps.append(EditStep(n + 1, "", "", f"step {n}", tuple(ops), key=f"k{n}"))
        state = corrected(objects, NUMBERS, active(steps))
    return steps


@pytest.mark.parametrize("seed", range(6))
def test_what_the_last_steps_led_to_is_what_all_of_them_lead_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    objects = some_objects(rng, len(NUMBERS))
    steps = some_steps(rng, objects, 60)
    measured = CorrectedObjects.measured(objects)
    hashes = [
        state_hash(corrected(objects, NUMBERS, active(steps[:n])), ())
        for n in range(len(steps) + 1)
    ]
    for depth in (0, 1, 5, 23, 40, 60):
        found = walked({0: measured}, NUMBERS, steps[:depth], 8)
        assert {n: state_hash(state, ()) for n, state in found.items()} == {
            n: hashes[n] for n in found
        }
        assert max(found) == depth
        assert depth < 20 or depth - min(found) >= 8
        for begin in (min(found), max(0, depth - 3)):  # gone on from what is known already
            known = {0: measured, begin: found.get(begin, measured)} if begin in found else {}
            again = walked({0: measured, **known}, NUMBERS, steps[:depth], 8)
            assert state_hash(again[depth], ()) == hashes[depth]


def test_what_is_quick_changes_few_boxes_and_no_earlier_step() -> None:
    value = BoxValue((1, 2, 3, 4), 1, 90)
    box, track = BoxOp(10, 0, value), TrackOp(TrackDeed.SWAP, 1, 0, other_id=2)
    assert is_quick([])
    assert is_quick([box] * 64)
    assert not is_quick([box] * 65)
    assert is_quick([track] * 8)
    assert not is_quick([track] * 9)
    assert is_quick([ThresholdOp(1, 0.4)] * 1_000)
    assert not is_quick([retrack_op(np.zeros(3, np.int32))])
    assert not is_quick([ChooseOp("a", "b")])


def test_a_new_box_lies_behind_those_of_its_frame_and_has_full_confidence() -> None:
    objects = some_objects(np.random.default_rng(0), len(NUMBERS))
    before = CorrectedObjects.measured(objects).rows_of(5)
    drawn = [BoxOp(10, number, BoxValue((1, 2, 3, 4), 1, 90)) for number in (-2, -1)]
    state = corrected(objects, NUMBERS, drawn)
    rows = state.rows_of(5)
    assert state.box[rows].tolist() == [*range(before.stop - before.start), -1, -2]
    assert state.objects.xyxy[rows][-1].tolist() == [1, 2, 3, 4]
    assert state.objects.confidence[rows][-1] == 1.0
    assert len(state.box) == len(objects.frame) + 2


def test_what_was_measured_is_never_touched() -> None:
    rng = np.random.default_rng(3)
    objects = some_objects(rng, len(NUMBERS))
    arrays = {"xyxy": objects.xyxy, "track": objects.track_id, "class": objects.class_id}
    kept = {name: array.tobytes() for name, array in arrays.items()}
    corrected(objects, NUMBERS, [some_op(rng, NUMBERS, n) for n in range(50)])
    assert {name: array.tobytes() for name, array in arrays.items()} == kept
    assert further(state := CorrectedObjects.measured(objects), NUMBERS, []) is state


def test_no_more_is_copied_than_changes() -> None:
    frames, each = 10_000, 10
    count = frames * each
    objects = Objects(
        np.repeat(np.arange(frames, dtype=np.int32), each),
        np.ones((count, 4), np.float32),
        np.full(count, 0.5, np.float32),
        np.zeros(count, np.int16),
        np.tile(np.arange(each, dtype=np.int32), frames),
        ("car",),
    )
    state, numbers = CorrectedObjects.measured(objects), np.arange(frames, dtype=np.int32)
    column = count * 4
    for op, copied in (
        (BoxOp(50, 3, BoxValue((1, 2, 3, 4), 0, 3)), 5 * column),  # where it is, how sure
        (BoxOp(50, 3, None), 8.5 * column),
        (BoxOp(50, -1, BoxValue((1, 2, 3, 4), 0, 3)), 8.5 * column),
        (TrackOp(TrackDeed.SWAP, 1, 50, 60, 2), column),
        (TrackOp(TrackDeed.RECLASS, 1, 50, 60, class_id=0), 0),  # it is
    ):
        tracemalloc.start()
        found = further(state, numbers, [op])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert copied <= peak < copied + column, op
        assert len(found.box) - count in (-1, 0, 1)


def test_a_value_is_taken_bit_by_bit() -> None:
    objects = some_objects(np.random.default_rng(0), len(NUMBERS))
    ops = [BoxOp(10, 0, BoxValue((zero, 2.0, 3.0, 4.0), 1, 2)) for zero in (-0.0, 0.0)]
    at_once = corrected(objects, NUMBERS, ops)
    one_by_one = further(corrected(objects, NUMBERS, ops[:1]), NUMBERS, ops[1:])
    assert state_hash(at_once, ()) == state_hash(one_by_one, ())


def test_frames_that_were_not_analysed_have_no_boxes() -> None:
    objects = some_objects(np.random.default_rng(0), len(NUMBERS))
    value = some_box(np.random.default_rng(0))
    ops: list[EditOp] = [
        BoxOp(11, 0, value),
        BoxOp(999, 0, None),
        TrackOp(TrackDeed.DELETE, 1, 900),
    ]
    state = corrected(objects, NUMBERS, ops)
    assert state_hash(state, ()) == state_hash(CorrectedObjects.measured(objects), ())


def test_a_clip_without_detections_can_be_drawn_in() -> None:
    value = BoxValue((1, 2, 3, 4), 0, 5)
    state = corrected(Objects.none(), NUMBERS, [BoxOp(4, -1, value), BoxOp(2, -2, value)])
    assert state.objects.frame.tolist() == [1, 2]
    assert state.box.tolist() == [-2, -1]


def test_a_track_op_without_its_other_is_a_mistake() -> None:
    objects = some_objects(np.random.default_rng(0), len(NUMBERS))
    with pytest.raises(ValueError, match="swap of track 1"):
        corrected(objects, NUMBERS, [TrackOp(TrackDeed.SWAP, 1, 0)])


def test_thresholds_and_marks_are_what_was_said_last() -> None:
    mark = Mark("Pit board", 3, 0.1)
    ops: list[EditOp] = [
        ThresholdOp(1, 0.4), ThresholdOp(2, 0.6), ThresholdOp(1, 0.7), ThresholdOp(2, None),
        MarkOp(1, mark), MarkOp(2, mark), MarkOp(1, None),
    ]  # fmt: skip
    assert thresholds_of(ops) == {1: 0.7}
    assert marks_of(ops) == {2: mark}


def test_a_step_of_a_million_detections_is_applied_at_once() -> None:
    """A person waits for a step, or for all of a long review when it is opened.

    Counted in copies of all detections, made beside it: the machine's speed does not count.
    """
    frames, each = 100_000, 10
    rng = np.random.default_rng(1)
    corner = rng.uniform(0, 1500, (frames * each, 2)).astype(np.float32)
    objects = Objects(
        np.repeat(np.arange(frames, dtype=np.int32), each),
        np.hstack([corner, corner + 50]),
        np.full(frames * each, 0.5, np.float32),
        np.zeros(frames * each, np.int16),
        np.tile(np.arange(each, dtype=np.int32), frames),
        ("car",),
    )
    numbers = np.arange(frames, dtype=np.int32)
    state = CorrectedObjects.measured(objects)
    value = BoxValue((1, 2, 3, 4), 0, 3)
    single: list[EditOp] = [
        BoxOp(5000, 3, value),
        BoxOp(5000, 3, None),
        BoxOp(5000, -1, value),
        TrackOp(TrackDeed.SWAP, 1, 500, None, 2),
        TrackOp(TrackDeed.DELETE, 1, 500),
    ]
    every = np.ones(len(objects.frame), bool)
    copy_s = fastest(lambda: objects.where(every))
    for op in single:
        assert fastest(partial(further, state, numbers, [op])) < 4 * copy_s
    ops = [some_op(rng, numbers, n) for n in range(500)]
    assert fastest(lambda: corrected(objects, numbers, ops), tries=1) < 20 * copy_s


def fastest(call: Callable[[], object], tries: int = 3) -> float:
    """Return the shortest processor time of some calls, seconds."""
    found = []
    for _ in range(tries):
        began = time.process_time()
        call()
        found.append(time.process_time() - began)
    return min(found)
