"""The standard models that can be had, as ``resources/standard_weights.json`` lists them."""

from __future__ import annotations

import json
from typing import Any

from codefx_desktop.domain.models import WEIGHTS_SUFFIX, ModelTask, StandardModel
from codefx_desktop.settings.paths import resource

STANDARD_WEIGHTS = "standard_weights.json"


def standard_models() -> tuple[StandardModel, ...]:
    """Return the standard models, in the list's order.

    Raises:
        FileNotFoundError: If the installation lacks the list.
        ValueError: If the list is not what it should be.
    """
    values = json.loads(resource(STANDARD_WEIGHTS).read_text("utf-8"))
    return tuple(_model(one) for one in values["models"])


def find_standard(name: str, models: tuple[StandardModel, ...]) -> StandardModel | None:
    """Return the model of this name, with or without its suffix; None if there is none."""
    wanted = name.strip().lower().removesuffix(WEIGHTS_SUFFIX)
    return next((one for one in models if one.name.removesuffix(WEIGHTS_SUFFIX) == wanted), None)


def _model(values: dict[str, Any]) -> StandardModel:
    return StandardModel(
        name=values["name"],
        task=ModelTask(values["task"]),
        title=values["title"],
        licence=values["licence"],
        url=values["url"],
        size_bytes=int(values["size_bytes"]),
        sha256=values["sha256"],
    )
