"""What was chosen for an export survives the window, whatever becomes of the text."""

from __future__ import annotations

import json

import pytest

from codefx_desktop.domain.sheet import Paper, Product
from codefx_desktop.ui.models.export_form import ExportChoices
from codefx_desktop.ui.models.export_memory import choices_from, choices_text


def test_it_comes_back_as_it_was() -> None:
    chosen = ExportChoices(
        *((Product.CLIP, Product.YOLO), "/media/usb", Paper.LETTER, 0.5, 2.0),
        burn_clock=False,
        draw=False,
        pictures=True,
        only_corrected=True,
    )
    assert choices_from(choices_text(chosen)) == chosen


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", "null", '{"products": 3, "pre_s": "x", "paper": "A0"}']
)
def test_what_cannot_be_read_is_as_at_first(text: str) -> None:
    assert choices_from(text) == ExportChoices()


def test_a_newer_or_broken_value_is_left_out_alone() -> None:
    kept = choices_from(json.dumps({"products": ["pdf", "hologram"], "pre_s": -1, "post_s": 1e9}))
    assert kept.products == (Product.PDF,)
    assert (kept.pre_s, kept.post_s) == (1.0, 1.0)
    assert choices_from('{"pre_s": NaN}').pre_s == 1.0
