"""``codefx train-demo --task segment`` and ``bench accuracy``, end to end on next to nothing."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.bench import segmentation
from codefx_desktop.cli import main
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def one_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure on one unseen stop instead of twenty."""
    defaults = {"seeds": EVALUATION_SEEDS[:1], "frames_per_seed": 1}
    monkeypatch.setattr(segmentation.evaluate, "__kwdefaults__", defaults)


def call(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["codefx", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.usefixtures("one_stop")
def test_a_segmenter_is_trained_described_and_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "training"
    words = ("train-demo", "--task", "segment", "--output", output, "--scenes", 1)
    few = ("--pictures", 2, "--device", "cpu", "--check", 1)
    assert call(monkeypatch, *words, *few, "--epochs", 1) == 0
    weights, card = output / "demo_segmenter.pt", output / "demo_segmenter.json"
    told = json.loads(card.read_text(encoding="utf-8"))
    assert told["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert told["size_bytes"] < 6_000_000
    training = told["training"]
    assert (training["task"], training["pictures"], training["steps"]) == ("segment", 2, 1)
    assert training["command"] == (
        "codefx train-demo --task segment --scenes 1 --pictures 2 --epochs 1 --seed 0"
    )
    assert training["begin_with"] == "demo_model.pt"
    assert training["tensors_taken_over"] > 400
    assert training["rendered_seeds"] == "100000-100000"
    assert 0.0 <= told["evaluation"]["map50"] <= 1.0

    capsys.readouterr()
    assert call(monkeypatch, *words, "--pictures", 2, "--check", 0, "--epochs", 2) == 0
    assert "going on after 1 steps, epoch 1" in capsys.readouterr().out
    assert json.loads(card.read_text(encoding="utf-8"))["evaluation"] is None

    accuracy = ("bench", "accuracy", "--task", "segment", "--weights", weights, "--json")
    assert call(monkeypatch, *accuracy, "--pictures", 1) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["task"] == "segment"
    assert {"map50", "map50_95", "ms_per_picture"} <= set(found)
    assert next(each["name"] for each in found["classes"]) == "car"
