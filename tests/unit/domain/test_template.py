"""Stop templates: how events are matched place by place, and what cannot be a template."""

from __future__ import annotations

from typing import Any

import pytest

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.template import EventRef, StopTemplate, find_cycle
from codefx_desktop.domain.template_dict import template_from_dict, template_to_dict

CORNERS = ["FL", "FR", "RL", "RR"]


def small(**changes: object) -> dict[str, Any]:
    values: dict[str, Any] = {
        "label": "Small",
        "together": [CORNERS],
        "events": [
            {"kind": "stop"},
            {"kind": "jack_up", "places": ["front", "rear"]},
            {"kind": "wheel_off", "places": CORNERS},
            {"kind": "wheel_on", "places": CORNERS},
            {"kind": "go"},
        ],
        "order": [
            {"before": "stop", "after": "jack_up"},
            {"before": "jack_up", "after": "wheel_off"},
            {"before": "wheel_on", "after": "go"},
        ],
        "tasks": [{"name": "swap", "label": "Swap", "from": "wheel_off", "to": "wheel_on"}],
        "durations": [{"name": "stationary", "label": "Stationary", "from": "stop", "to": "go"}],
    }
    return {**values, **changes}


def template(**changes: object) -> StopTemplate:
    return template_from_dict("small", small(**changes))


def test_events_are_matched_place_by_place() -> None:
    of = template()
    assert of.pairs(EventRef("wheel_off"), EventRef("wheel_on")) == tuple(
        (("wheel_off", Place(c)), ("wheel_on", Place(c))) for c in CORNERS
    )
    assert of.pairs(EventRef("jack_up"), EventRef("wheel_off")) == (
        (("jack_up", Place.FRONT), ("wheel_off", Place.FRONT_LEFT)),
        (("jack_up", Place.FRONT), ("wheel_off", Place.FRONT_RIGHT)),
        (("jack_up", Place.REAR), ("wheel_off", Place.REAR_LEFT)),
        (("jack_up", Place.REAR), ("wheel_off", Place.REAR_RIGHT)),
    )
    assert len(of.pairs(EventRef.parse("wheel_on:*"), EventRef("jack_up"))) == 8
    assert len(of.pairs(EventRef.parse("jack_up:front"), EventRef("wheel_off"))) == 4
    assert len(of.slots) == 12


def test_a_task_orders_its_ends() -> None:
    assert (("wheel_off", Place.REAR_LEFT), ("wheel_on", Place.REAR_LEFT)) in template().rules()


def test_a_template_comes_back_from_its_dict() -> None:
    of = template(crew_limit=6, crew_from="stop", notes="From the club's rules.", version=3)
    assert template_from_dict("small", template_to_dict(of)) == of


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"order": [{"before": "wheel_on:FL", "after": "wheel_off:FL"}]},
            "circle: wheel on FL -> wheel off FL -> wheel on FL",
        ),
        (
            {"durations": [{"name": "fuel", "from": "probe_in", "to": "probe_out"}]},
            "the duration fuel: the template has no event probe_in",
        ),
        ({"order": [{"before": "stop", "after": "release"}]}, "no event release"),
        (
            {"order": [{"before": "stop", "after": "wheel_off:XL"}]},
            "order: there is no place 'XL'",
        ),
        ({"events": [{"kind": "stop"}, {"kind": "stop"}]}, "the event stop is there twice"),
        ({"events": []}, "no events"),
        ({"events": [{"kind": "stop", "places": ["FL", "FL"]}]}, "stop at FL is there twice"),
        (
            {"durations": [{"name": "a", "from": "stop", "to": "go"}] * 2},
            "the duration a is there twice",
        ),
        ({"durations": [{"name": "a", "to": "go"}]}, "the duration a does not say"),
        ({"tasks": [{"name": "a", "from": "stop"}]}, "a task a has no 'to'"),
        ({"together": [["front"]]}, "front is no corner"),
        ({"crew_limit": 0}, "crew_limit"),
        ({"crew_limit": True}, "crew_limit must be a whole number"),
        ({"crew_from": "release"}, "crew_from names release"),
        ({"label": 3}, "label must be a text"),
        ({"order": "stop"}, "order must be a list"),
        (
            {"order": [{"before": "wheel_on:FL", "after": "wheel_off:FR"}] * 1
             + [{"before": "wheel_on:FR", "after": "wheel_off:FL"}]},
            "-> wheel on FR -> wheel off FL",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_a_template_is_told(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        template(**changes)


@pytest.mark.parametrize("name", ["", " f1", "f1 ", "x" * 33, "a\nb"])
def test_a_name_can_be_typed(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        template_from_dict(name, small())


def test_a_way_with_two_branches_is_no_cycle() -> None:
    a, b, c, d = ((kind, Place.NONE) for kind in "abcd")
    assert find_cycle([(a, b), (a, c), (b, d), (c, d)]) == ()
    assert find_cycle([(a, b), (b, c), (c, b)]) == (b, c, b)
