"""Templates that come with the program, and a person's own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.template_dict import template_to_dict
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.templates import (
    built_in_templates,
    delete_template,
    event_kinds,
    find_template,
    load_templates,
    read_template_text,
    save_template,
    templates_file,
)

if TYPE_CHECKING:
    from codefx_desktop.domain.template import StopTemplate


def own(name: str = "club") -> StopTemplate:
    return replace(built_in_templates()[0], name=name, label="Club", is_own=True)


def test_four_series_come_with_the_program() -> None:
    templates = built_in_templates()
    assert [one.name for one in templates] == ["f1", "indycar", "imsa", "nascar"]
    kinds = {kind.kind for kind in event_kinds()}
    for one in templates:
        assert one.notes
        assert {kind for kind, _ in one.slots} <= kinds
        names = {duration.name for duration in one.durations}
        assert {"stationary", "reaction", "tyre"} <= names
        assert len(one.corners) == 4
    assert "fuel" not in {one.name for one in templates[0].durations}
    for one in templates[1:]:
        assert "fuel" in {duration.name for duration in one.durations}


def test_every_kind_but_none_is_in_some_template() -> None:
    used = {kind for one in built_in_templates() for kind, _ in one.slots}
    assert used == {kind.kind for kind in event_kinds()}


def test_a_persons_own_template_is_kept_changed_and_deleted() -> None:
    paths = app_paths()
    save_template(paths, own())
    assert find_template(paths, "CLUB") == own()
    save_template(paths, replace(own(), label="Club race", version=2))
    loaded = load_templates(paths)
    assert [one.name for one in loaded.templates] == ["f1", "indycar", "imsa", "nascar", "club"]
    assert loaded.templates[-1].label == "Club race"
    delete_template(paths, "club")
    with pytest.raises(SettingsError, match="There are f1, indycar, imsa, nascar"):
        find_template(paths, "club")


def test_a_built_in_template_cannot_be_replaced() -> None:
    with pytest.raises(ValueError, match="built-in"):
        save_template(app_paths(), own("F1"))


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([{"kind": "stop"}, {"kind": "pit_lights"}], "no event 'pit_lights'"),
        ([{"kind": "stop", "places": ["FL"]}], "stop cannot happen at FL"),
        ([{"kind": "wheel_off"}], "wheel_off cannot happen at the car; places are FL, FR, RL, RR"),
    ],
)
def test_events_are_those_of_the_table(events: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_template_text(json.dumps({"events": events}), "mine")


def test_a_template_of_its_own_is_read() -> None:
    assert read_template_text(json.dumps(template_to_dict(own())), "club") == own()
    with pytest.raises(ValueError, match="holds no object"):
        read_template_text("[]")


def test_a_damaged_own_template_is_told_and_kept_aside() -> None:
    paths = app_paths()
    save_template(paths, own())
    raw = json.loads(templates_file(paths).read_text())
    raw["templates"].append({"name": "bad", "events": [{"kind": "nothing"}]})
    templates_file(paths).write_text(json.dumps(raw))
    loaded = load_templates(paths)
    assert [one.name for one in loaded.templates][4:] == ["club"]
    assert "no event 'nothing'" in loaded.trouble
    assert "kept as" in loaded.trouble
