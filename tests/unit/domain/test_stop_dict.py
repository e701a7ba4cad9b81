"""A pit stop comes back from its dict as it was, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from stop_samples import f1_times, full_stop, stop_of

from codefx_desktop.domain.stop_dict import STOP_VERSION, stop_from_dict, stop_to_dict


def test_a_stop_comes_back_through_json() -> None:
    for stop in (full_stop(), stop_of(f1_times())):
        assert stop_from_dict(json.loads(json.dumps(stop_to_dict(stop)))) == stop


def test_what_an_older_program_did_not_write_takes_its_default() -> None:
    values = {"version": 1, "number": 1, "begins_s": 0, "ends_s": 1}
    found = stop_from_dict(values)
    assert found == replace(stop_of({}), template="", ends_s=1.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": STOP_VERSION + 1}, "version 2"),
        ({"version": None}, "version"),
        ({"number": "1"}, "number"),
        ({"begins_s": float("nan")}, "begins_s"),
        ({"events": [{"kind": "stop", "status": "sure"}]}, "status must be one of"),
        ({"events": [{"kind": "stop", "status": "proposed", "place": "XX"}]}, "place"),
        ({"events": {}}, "events must be a list"),
        ({"flags": [{"kind": "crew over the line"}]}, "frame_number"),
        ({"facts": {"lap": 3.5}}, "lap"),
        ({"notes": [1]}, "a note"),
    ],
)
def test_what_is_no_stop_is_told(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        stop_from_dict({**stop_to_dict(full_stop()), **changes})
