"""Values about models: names that work everywhere, promises that can be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from codefx_desktop.domain.models import (
    Model,
    ModelPlace,
    ModelTask,
    StandardModel,
    Transfer,
    check_model_name,
)
from codefx_desktop.domain.ports import Download


@pytest.mark.parametrize(
    "name", ["best.pt", "BEST.PT", "yolo11n-seg.pt", "my model (2).pt", "ñandú.pt", "a.b.pt"]
)
def test_ordinary_names_are_fine(name: str) -> None:
    check_model_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("best", "best.pth", ".pt", "", "a/b.pt", "a\\b.pt", "..pt", ".hidden.pt", " a.pt"),
        *("a .pt", "a?.pt", "a:b.pt", "con.pt", "LPT1.pt", "nul.x.pt", "a\n.pt", "x" * 120 + ".pt"),
    ],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"\.pt|every system"):
        check_model_name(name)


def standard(**changes: object) -> StandardModel:
    values = {
        "name": "a.pt",
        "task": ModelTask.DETECT,
        "title": "A",
        "licence": "AGPL-3.0",
        "url": "https://example.org/a.pt",
        "size_bytes": 9,
        "sha256": "0" * 64,
    }
    return StandardModel(**{**values, **changes})


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://example.org/a.pt"},
        {"url": "file:///etc/passwd"},
        {"size_bytes": 0},
        {"sha256": "0" * 63},
        {"sha256": "G" * 64},
        {"name": "../a.pt"},
    ],
)
def test_a_standard_model_must_be_safe_to_fetch(wrong: dict[str, object]) -> None:
    assert standard().name == "a.pt"
    with pytest.raises(ValueError, match=r"https|SHA-256|every system"):
        standard(**wrong)


def test_what_is_left_needs_a_speed() -> None:
    assert Transfer(0, 100).left_s is None
    assert Transfer(25, 100, 25.0).left_s == 3.0


def test_only_the_own_folder_is_ours_to_change() -> None:
    own = Model(Path("a.pt"), 9, frozenset({ModelPlace.OWN, ModelPlace.JOBS}))
    assert own.can_be_removed
    assert not own.is_known
    assert not Model(Path("a.pt"), 9, frozenset({ModelPlace.DEMO})).can_be_removed


def test_a_download_grows_beside_its_target() -> None:
    assert Download("", Path("x/a.pt"), 1, "").part == Path("x/a.pt.part")
