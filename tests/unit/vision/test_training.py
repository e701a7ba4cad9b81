"""The demo model's training: it learns, stops, goes on, and its file loads safely."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from codefx_desktop.domain.errors import OutputError, WeightsUnusable

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.vision.training import TrainingPlan

SIDE = 128


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Grey pictures with one bright square each."""
    folder = tmp_path / "data"
    (folder / "images").mkdir(parents=True)
    (folder / "labels").mkdir()
    (folder / "classes.json").write_text('["square", "nothing"]')
    rng = np.random.default_rng(1)
    for number in range(6):
        picture = np.full((72, SIDE, 3), 60, np.uint8)
        x, y = int(rng.integers(5, 85)), int(rng.integers(5, 30))
        picture[y : y + 36, x : x + 36] = 230
        cv2.imwrite(str(folder / "images" / f"{number}.jpg"), picture)
        place = (x + 18) / SIDE, (y + 18) / 72, 36 / SIDE, 36 / 72
        text = " ".join(f"{value:.5f}" for value in place)
        (folder / "labels" / f"{number}.txt").write_text(f"0 {text} 1.000\n")
    return folder


def plan(epochs: int) -> TrainingPlan:
    from codefx_desktop.vision.training import TrainingPlan

    return TrainingPlan(epochs=epochs, image_size_px=SIDE, batch=3, scale=(0.25, 0.125, 128))


def train(output: Path, data: Path, epochs: int, said: list[str]) -> Path:
    wanted = plan(epochs)
    from codefx_desktop.vision.training import train_demo

    return train_demo(
        output, data_dir=data, plan=wanted, resume=True, device="cpu", progress=said.append
    )


def test_training_goes_on_where_it_was_and_its_weights_load_safely(
    tmp_path: Path, data: Path
) -> None:
    said: list[str] = []
    weights = train(tmp_path / "out", data, 1, said)
    first = weights.read_bytes()
    assert not said
    assert train(tmp_path / "out", data, 2, said) == weights
    assert said == ["going on after 2 steps, epoch 1"]
    assert weights.read_bytes() != first
    assert len(first) < 6_000_000

    from codefx_desktop.vision.weights import load_detection_weights

    loaded = load_detection_weights(weights)
    assert loaded.class_names == ("square", "nothing")


def test_labels_follow_their_picture_through_every_change(data: Path) -> None:
    from codefx_desktop.vision.training import load_sample

    rng = np.random.default_rng(3)
    for _ in range(40):
        picture, labels = load_sample(data, "2", SIDE, rng)
        assert picture.shape == (96, SIDE, 3)
        assert len(labels) == 1
        x, y, w, h = labels[0, 1:] * (SIDE, 96, SIDE, 96)
        # The square is what is brighter than both its ground and the grey border.
        bright = picture.max(axis=2) > 156
        found = np.argwhere(bright)
        low, high = found.min(axis=0), found.max(axis=0) + 1
        assert (x - w / 2, y - h / 2) == pytest.approx((low[1], low[0]), abs=2.0)
        assert (x + w / 2, y + h / 2) == pytest.approx((high[1], high[0]), abs=2.0)


def test_a_folder_without_pictures_is_said(tmp_path: Path, data: Path) -> None:
    with pytest.raises(OutputError, match="cannot be used"):
        train(tmp_path / "out", tmp_path / "nothing", 1, [])
    for path in (data / "labels").iterdir():
        path.unlink()
    with pytest.raises(OutputError, match="no pictures"):
        train(tmp_path / "out", data, 1, [])


def test_a_damaged_checkpoint_is_said(tmp_path: Path, data: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "checkpoint.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(WeightsUnusable, match="cannot be read"):
        train(tmp_path / "out", data, 1, [])


def test_the_bundled_model_is_the_one_its_note_describes() -> None:
    import hashlib

    from codefx_desktop.settings.paths import resource

    note = json.loads(resource("demo_model.json").read_text(encoding="utf-8"))
    content = resource("demo_model.pt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == note["sha256"]
    assert len(content) <= 6_000_000
    from codefx_desktop.vision.weights import load_detection_weights

    assert list(load_detection_weights(resource("demo_model.pt")).class_names) == note["classes"]
