"""torchvision's compiled operators: there, missing, or of another torch."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.bootstrap import check_operators
from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.settings.paths import app_paths

if TYPE_CHECKING:
    from collections.abc import Callable


def test_they_are_here() -> None:
    assert check_operators(app_paths()) == "torchvision.ops.nms works"


def missing(*_given: object) -> object:
    raise RuntimeError("operator torchvision::nms does not exist")


def wrong(*_given: object) -> object:
    return SimpleNamespace(tolist=lambda: [0, 1])


@pytest.mark.parametrize(
    ("nms", "says"),
    [
        (missing, "RuntimeError: operator torchvision::nms does not exist"),
        (wrong, "kept \\[0, 1\\]"),
    ],
)
def test_what_is_wrong_is_told(
    monkeypatch: pytest.MonkeyPatch, nms: Callable[..., object], says: str
) -> None:
    monkeypatch.setitem(sys.modules, "torchvision.ops", SimpleNamespace(nms=nms))
    with pytest.raises(DeviceError, match=says) as caught:
        check_operators(app_paths())
    assert "torch and torchvision together" in caught.value.hint


def test_a_torchvision_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchvision.ops", None)
    with pytest.raises(DeviceError, match="cannot be used: ModuleNotFoundError"):
        check_operators(app_paths())
