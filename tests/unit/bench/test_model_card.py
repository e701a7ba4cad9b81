"""What is told about a model, on its card and in the terminal."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.bench.accuracy import ClassScore
from codefx_desktop.bench.accuracy_report import BoxReport, OutlineReport
from codefx_desktop.bench.model_card import write_card
from codefx_desktop.bench.segmentation import MaskReport, MaskScore
from codefx_desktop.domain.errors import NotWritable

if TYPE_CHECKING:
    from pathlib import Path

MASKS = OutlineReport(MaskReport((MaskScore("car", 0.91, 0.62, 7, 0.8),), 0.91, 0.62, 12, 55.4))
BOXES = BoxReport((ClassScore("car", 0.97, 7, 0.9),), 0.97)


def test_a_card_tells_which_file_it_describes(tmp_path: Path) -> None:
    weights = tmp_path / "demo-seg.pt"
    weights.write_bytes(b"weights")
    path = write_card(weights, {"task": "segment", "steps": 9}, MASKS, 6)
    assert path == tmp_path / "demo-seg.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(b"weights").hexdigest()
    assert (card["file"], card["size_bytes"]) == ("demo-seg.pt", 7)
    assert card["training"] == {"task": "segment", "steps": 9}
    assert card["evaluation"]["map50"] == 0.91
    assert card["evaluation"]["command"] == "codefx bench accuracy --task segment --pictures 6"
    assert card["evaluation"]["seeds"].startswith("900000-900019")
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix == ".part"] == []


def test_what_nobody_measured_has_no_figure(tmp_path: Path) -> None:
    weights = tmp_path / "demo_model.pt"
    weights.write_bytes(b"weights")
    card = json.loads(write_card(weights, {}, None, 0).read_text(encoding="utf-8"))
    assert card["evaluation"] is None


def test_a_card_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    weights = tmp_path / "demo-seg.pt"
    weights.write_bytes(b"weights")
    (tmp_path / "demo-seg.json").mkdir()
    with pytest.raises(NotWritable, match="cannot be written"):
        write_card(weights, {}, None, 0)


def test_reports_say_the_same_to_people_and_programs() -> None:
    assert MASKS.to_dict()["map50"] == 0.91
    assert MASKS.to_dict()["classes"][0]["ap50_95"] == 0.62
    assert MASKS.lines() == [
        "car        mask AP50 0.910  AP50-95 0.620   7 objects, 80.0% found at confidence 0.5",
        "mean       mask AP50 0.910  AP50-95 0.620   12 pictures, 55 ms each",
    ]
    assert BOXES.to_dict()["task"] == "detect"
    assert BOXES.lines()[-1] == "mean       AP50 0.970"
