"""Values of JSON files: what is wrong is told in the same words whichever file it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain import json_values as values
from codefx_desktop.domain.camera_dict import camera_from_dict, zones_from_dict
from codefx_desktop.domain.edit_dict import op_from_dict
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_dict import event_from_dict

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = "one of '', 'FL', 'FR', 'RL', 'RR', 'front', 'rear', 'left', 'right', not 'FX'"


@pytest.mark.parametrize(
    ("check", "wrong", "must_be"),
    [
        (values.an_object, [], "an object"),
        (values.a_list, "FL", "a list"),
        (values.a_text, 7, "a text"),
        (values.a_switch, 1, "true or false"),
        (values.a_whole, 1.0, "a whole number"),
        (values.a_whole, True, "a whole number"),
        (values.a_number, True, "a number"),
        (values.a_number, float("nan"), "a number"),
        (values.number_or_none, "1", "a number"),
        (values.whole_or_none, 1.5, "a whole number"),
    ],
)
def test_a_wrong_value_is_told_with_what_it_must_be(
    check: Callable[[str, object], object], wrong: object, must_be: str
) -> None:
    with pytest.raises(ValueError, match=f"^lap must be {must_be}, not "):
        check("lap", wrong)


def test_numbers_are_counted() -> None:
    assert values.some_numbers("xyxy", [1, 2.5], 2) == (1.0, 2.5)
    with pytest.raises(ValueError, match="xyxy must be 4 numbers, not 2"):
        values.some_numbers("xyxy", [1, 2], 4)


@pytest.mark.parametrize(
    ("read", "given"),
    [
        (event_from_dict, {"kind": "stop", "place": "FX", "status": "proposed"}),
        (zones_from_dict, {"zones": [{"name": "z", "points": [], "place": "FX"}]}),
        (op_from_dict, {"op": "mark", "mark": 1, "after": {"label": "", "begins_frame": 0,
                        "begins_s": 0, "place": "FX"}}),
    ],
)  # fmt: skip
def test_words_that_would_do_are_told_as_one_writes_them(
    read: Callable[[object], object], given: object
) -> None:
    with pytest.raises(ValueError, match=f"must be {PLACES}"):
        read(given)


def test_what_is_not_there_takes_its_default() -> None:
    assert values.a_word("place", "FL", Place) is Place.FRONT_LEFT
    assert camera_from_dict({}).lens.centre == (0.5, 0.5)
