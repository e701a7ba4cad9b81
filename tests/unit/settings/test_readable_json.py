"""JSON for a person: small things in one line, and always the same value."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from codefx_desktop.settings.readable_json import WIDTH, readable_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=40,
)


@given(VALUES)
def test_it_is_read_back_as_it_was(value: object) -> None:
    assert json.loads(readable_json(value)) == value


def test_what_is_small_stands_in_one_line() -> None:
    events = [{"kind": "stop"}, {"kind": "clear", "places": ["FL", "FR"]}]
    assert readable_json({"label": "Mine", "events": events}) == (
        '{\n  "label": "Mine",\n  "events": [{"kind": "stop"}, '
        '{"kind": "clear", "places": ["FL", "FR"]}]\n}'
    )
    long = readable_json({"events": events * 3})
    assert '\n    {"kind": "clear", "places": ["FL", "FR"]}' in long
    assert max(map(len, long.splitlines())) <= WIDTH
