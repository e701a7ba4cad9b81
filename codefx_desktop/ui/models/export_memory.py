"""What was chosen for the last export, as a text that the window's settings keep."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.sheet import MAX_ROLL_S, Paper, Product
from codefx_desktop.ui.models.export_form import ExportChoices

if TYPE_CHECKING:
    from collections.abc import Mapping


def choices_text(choices: ExportChoices) -> str:
    """Return choices as a text."""
    return json.dumps(
        {
            "products": list(choices.products),
            "folder": choices.folder_text,
            "paper": choices.paper,
            "pre_s": choices.pre_s,
            "post_s": choices.post_s,
            "burn_clock": choices.burn_clock,
            "draw": choices.draw,
            "pictures": choices.pictures,
            "only_corrected": choices.only_corrected,
        }
    )


def choices_from(text: str) -> ExportChoices:
    """Return the choices of a text; what it does not tell, or tells wrongly, is as at first."""
    first = ExportChoices()
    try:
        values = json.loads(text)
    except ValueError:
        return first
    if not isinstance(values, dict):
        return first
    named = values.get("products")
    known = [one for one in Product if isinstance(named, list) and one.value in named]
    papers = [paper for paper in Paper if paper.value == values.get("paper")]
    folder = values.get("folder")
    return ExportChoices(
        tuple(known) or first.products,
        folder if isinstance(folder, str) else "",
        papers[0] if papers else first.paper,
        _seconds(values, "pre_s", first.pre_s),
        _seconds(values, "post_s", first.post_s),
        *(
            bool(values.get(name, getattr(first, name)))
            for name in ("burn_clock", "draw", "pictures", "only_corrected")
        ),
    )


def _seconds(values: Mapping[str, Any], name: str, otherwise: float) -> float:
    value = values.get(name)
    if isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= MAX_ROLL_S:
        return float(value)
    return otherwise
