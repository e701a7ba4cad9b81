"""Steps of a review through JSON and back; what cannot be used is named."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from review_edits import some_op

from codefx_desktop.domain.edit import BoxOp, ChooseOp, DismissOp, MarkOp, TrackDeed, TrackOp
from codefx_desktop.domain.edit_dict import op_from_dict, op_to_dict, ops_from_list, ops_to_list


@pytest.mark.parametrize("seed", range(5))
def test_every_op_comes_back_as_it_was(seed: int) -> None:
    rng, numbers = np.random.default_rng(seed), np.arange(100, dtype=np.int32)
    ops = tuple(some_op(rng, numbers, n) for n in range(40))
    assert {type(op).__name__ for op in ops} == {
        "BoxOp", "TrackOp", "EventOp", "MarkOp", "ThresholdOp"
    }  # fmt: skip
    assert ops_from_list(json.loads(json.dumps(ops_to_list(ops)))) == ops


@pytest.mark.parametrize("op", [BoxOp(3, -2, None), MarkOp(1, None)])
def test_what_is_deleted_has_nothing_after_it(op: BoxOp | MarkOp) -> None:
    assert op_to_dict(op)["after"] is None
    assert op_from_dict(op_to_dict(op)) == op


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"op": "teleport"}, "knows no op 'teleport'"),
        ({"deed": "paint"}, "deed must be one of"),
        ({"other_id": None}, "swap of a track needs an other_id"),
        ({"deed": "reclass", "class_id": None}, "needs a class_id"),
        ({"first_frame": 1.5}, "first_frame must be a whole number"),
    ],
)
def test_an_op_that_cannot_be_used_is_named(change: dict[str, Any], words: str) -> None:
    given = op_to_dict(TrackOp(TrackDeed.SWAP, 1, 0, None, 2))
    with pytest.raises(ValueError, match=words):
        op_from_dict({**given, **change})


def test_a_choice_between_two_steps_comes_back_as_it_was() -> None:
    op = ChooseOp("mine", "theirs")
    assert op_from_dict(json.loads(json.dumps(op_to_dict(op)))) == op
    with pytest.raises(ValueError, match="dropped"):
        op_from_dict({**op_to_dict(op), "dropped": 3})


@pytest.mark.parametrize("other", [None, 7])
def test_a_dismissed_suspicion_comes_back_as_it_was(other: int | None) -> None:
    op = DismissOp(3, other, 120)
    assert op_from_dict(json.loads(json.dumps(op_to_dict(op)))) == op
    with pytest.raises(ValueError, match="frame"):
        op_from_dict({**op_to_dict(op), "frame": "here"})
