"""The demo models' training: they learn, stop, go on, and their files load safely."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from codefx_desktop.domain.errors import OutputError, WeightsUnusable

if TYPE_CHECKING:
    from codefx_desktop.vision.training import Trained
    from codefx_desktop.vision.training_network import TrainingPlan

SIDE = 128


def make_data(folder: Path) -> Path:
    """Write grey pictures with one bright square each, rendered twice as large as stored."""
    for part in ("images", "labels", "outlines"):
        (folder / part).mkdir(parents=True)
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
        left, top, right, bottom = (2 * side for side in (x, y, x + 36, y + 36))
        square = [left, top, right, top, right, bottom, left, bottom]
        outlines = {"size": [2 * SIDE, 144], "objects": [[square]]}
        (folder / "outlines" / f"{number}.json").write_text(json.dumps(outlines))
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path / "data")


@dataclass(frozen=True)
class Begun:
    """One epoch of each task, in one folder."""

    data: Path
    output: Path
    trained: dict[str, Trained]

    def copied(self, folder: Path) -> Path:
        return Path(shutil.copytree(self.output, folder))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    folder, said = tmp_path_factory.mktemp("begun"), []
    data, output = make_data(folder / "data"), folder / "out"
    trained = {task: train(output, data, plan(task, 1), said) for task in ("detect", "segment")}
    assert not said
    return Begun(data, output, trained)


def plan(task: str, epochs: int, **changes: object) -> TrainingPlan:
    from codefx_desktop.vision.training_network import TrainingPlan

    tiny = TrainingPlan(
        task=task, epochs=epochs, image_size_px=SIDE, batch=3, scale=(0.25, 0.125, 128)
    )
    return replace(tiny, **changes)


def train(
    output: Path, data: Path, wanted: TrainingPlan, said: list[str], *, resume: bool = True
) -> Trained:
    from codefx_desktop.vision.training import train_demo

    return train_demo(
        output, data_dir=data, plan=wanted, resume=resume, device="cpu", progress=said.append
    )


def spend_before(output: Path, task: str, *, minutes: float) -> None:
    """Let the checkpoint's part have taken so long: two parts a second long differ by chance."""
    import torch

    from codefx_desktop.vision.training import CHECKPOINTS

    path = output / CHECKPOINTS[task]
    saved = torch.load(path, weights_only=True)
    torch.save(saved | {"spent_s": 60 * minutes}, path)


@pytest.mark.parametrize("task", ["detect", pytest.param("segment", marks=pytest.mark.slow)])
def test_training_goes_on_where_it_was_and_its_weights_load_safely(
    tmp_path: Path, begun: Begun, task: str
) -> None:
    first, said = begun.trained[task], []
    content = first.weights.read_bytes()
    output = begun.copied(tmp_path / "out")
    spend_before(output, task, minutes=30)
    second = train(output, begun.data, plan(task, 2), said)
    assert said == ["going on after 2 steps, epoch 1"]
    assert (second.weights.name, second.steps) == (first.weights.name, 4)
    assert len(second.losses) == 2
    assert second.losses[0] == first.losses[0]
    assert second.minutes > 30 > first.minutes
    assert second.weights.read_bytes() != content
    assert len(content) < 6_000_000

    from codefx_desktop.vision import weights

    load = {
        "detect": weights.load_detection_weights,
        "segment": weights.load_segmentation_weights,
    }[task]
    loaded = load(second.weights)
    assert loaded.class_names == ("square", "nothing")
    assert loaded.stride == 32


def test_a_training_whose_time_was_over_leaves_its_weights(tmp_path: Path, begun: Begun) -> None:
    first, output = begun.trained["segment"], begun.copied(tmp_path / "out")
    (output / first.weights.name).unlink()
    over = train(output, begun.data, plan("segment", 9, minutes=1e-9), [])
    assert over.steps == first.steps
    assert over.weights.is_file()


def test_both_tasks_can_share_a_folder(begun: Begun) -> None:
    detector, segmenter = begun.trained["detect"], begun.trained["segment"]
    assert detector.weights.parent == segmenter.weights.parent
    assert detector.weights != segmenter.weights
    assert detector.weights.exists()


@pytest.mark.slow  # a training of its own; the first steps of both tasks are above
def test_a_segmenter_begins_with_the_layers_of_a_detector(tmp_path: Path, begun: Begun) -> None:
    detector = begun.trained["detect"]
    frozen = {"begin_with": detector.weights, "learning_rate": 0.0}
    segmenter = train(tmp_path / "out", begun.data, plan("segment", 1, **frozen), [])

    from codefx_desktop.vision.weights import load_detection_weights, load_segmentation_weights

    taken = load_detection_weights(detector.weights).model.state_dict()
    own = load_segmentation_weights(segmenter.weights).model.state_dict()
    assert segmenter.taken_over > 0.8 * len(own)
    first, last = "model.0.conv.weight", "model.23.cv3.2.2.weight"
    for name in (first, last):
        assert name in own
    assert (own[last] - taken[last]).abs().max() < 1e-3
    assert not any("proto" in name for name in taken)


@pytest.mark.slow  # a training of its own; the first steps of both tasks are above
def test_a_tiny_segmenter_learns_to_outline_squares(tmp_path: Path, data: Path) -> None:
    for folder in ("images", "labels", "outlines"):
        for path in list((data / folder).iterdir()):
            shutil.copy(path, path.with_stem(f"{path.stem}_again"))
    wanted = plan("segment", 4, coarse_share=0.0, learning_rate=4e-2)
    trained = train(tmp_path / "out", data, wanted, [])
    begun, ended = trained.losses[0], trained.losses[-1]
    assert (trained.pictures, trained.steps, len(trained.losses)) == (12, 16, 4)
    assert set(begun) == {"box", "mask", "class", "edge"}
    assert 0.0 < ended["mask"] < 0.6 * begun["mask"]
    assert ended["class"] < begun["class"]


@pytest.mark.parametrize("anchors", [7, 300])
def test_masks_of_some_anchors_weigh_as_those_of_all(anchors: int) -> None:
    import torch
    from ultralytics.utils.loss import v8SegmentationLoss

    from codefx_desktop.vision.training_network import SegmentationLoss

    torch.manual_seed(2)
    one = torch.rand(1, 12, 16), torch.randn(1, 32), torch.tensor([[2.0, 1.0, 12.0, 9.0]])
    masks, coefficients, boxes = (each.expand(anchors, *each.shape[1:]) for each in one)
    area = torch.full((anchors,), 0.4)
    prototypes = torch.randn(32, 12, 16)
    whole, ours = (
        kind.single_mask_loss(masks, coefficients, prototypes, boxes, area)
        for kind in (v8SegmentationLoss, SegmentationLoss)
    )
    assert float(ours) == pytest.approx(float(whole), rel=1e-4)


def test_labels_follow_their_picture_through_every_change(data: Path) -> None:
    from codefx_desktop.vision.training_samples import load_sample

    rng = np.random.default_rng(3)
    for _ in range(40):
        sample = load_sample(data, "2", SIDE, rng)
        picture, labels = sample.picture, sample.labels
        assert sample.masks.shape == (0, 0, 0)
        assert picture.shape == (96, SIDE, 3)
        assert len(labels) == 1
        x, y, w, h = labels[0, 1:] * (SIDE, 96, SIDE, 96)
        # The square is what is brighter than both its ground and the grey border.
        bright = picture.max(axis=2) > 156
        found = np.argwhere(bright)
        low, high = found.min(axis=0), found.max(axis=0) + 1
        assert (x - w / 2, y - h / 2) == pytest.approx((low[1], low[0]), abs=2.0)
        assert (x + w / 2, y + h / 2) == pytest.approx((high[1], high[0]), abs=2.0)


def test_masks_follow_their_picture_through_every_change(data: Path) -> None:
    from codefx_desktop.vision.training_samples import load_sample

    rng = np.random.default_rng(4)
    for _ in range(40):
        sample = load_sample(data, "3", SIDE, rng, with_masks=True)
        assert sample.masks.shape == (len(sample.labels), 24, 32)
        # The same square as the picture shows it, as the share of each cell that it covers.
        bright = (sample.picture.max(axis=2) > 156).astype(np.float32)
        cover = bright.reshape(24, 4, 32, 4).mean(axis=(1, 3))
        assert np.abs(sample.masks[0] / 255 - cover).mean() < 0.02


def test_masks_know_how_much_of_a_cell_is_covered() -> None:
    from codefx_desktop.vision.training_samples import draw_mask

    mask = np.zeros((4, 5), np.uint8)
    square = np.array([(2, 4), (10, 4), (10, 8), (2, 8)], np.float64)
    draw_mask(mask, [square, np.array([(16, 12), (40, 12), (40, 40), (16, 40)], np.float64)])
    wanted = np.zeros((4, 5))
    wanted[1, :3] = 0.5, 1.0, 0.5
    wanted[3, 4] = 1.0
    assert mask / 255 == pytest.approx(wanted, abs=0.002)
    draw_mask(mask, [])
    draw_mask(mask, [square + 100])
    assert mask / 255 == pytest.approx(wanted, abs=0.002)


def test_a_batch_keeps_every_mask_with_its_picture(data: Path) -> None:
    from codefx_desktop.vision.training_samples import collate, load_sample

    rng = np.random.default_rng(5)
    samples = [load_sample(data, name, SIDE, rng, with_masks=True) for name in "012"]
    batch = collate(samples)
    assert batch["batch_idx"].tolist() == [0.0, 1.0, 2.0]
    assert batch["img"].shape == (3, 3, 96, SIDE)
    assert batch["masks"].shape == (3, 24, 32)
    assert (batch["masks"][1].numpy() == samples[1].masks[0]).all()
    assert "masks" not in collate([load_sample(data, "0", SIDE, rng)])


def test_a_folder_without_pictures_is_said(tmp_path: Path, data: Path) -> None:
    with pytest.raises(OutputError, match="cannot be used"):
        train(tmp_path / "out", tmp_path / "nothing", plan("detect", 1), [])
    for path in (data / "labels").iterdir():
        path.unlink()
    with pytest.raises(OutputError, match="no pictures"):
        train(tmp_path / "out", data, plan("detect", 1), [])


def test_a_damaged_checkpoint_is_said(tmp_path: Path, data: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "checkpoint.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(WeightsUnusable, match="cannot be read"):
        train(tmp_path / "out", data, plan("detect", 1), [])


@pytest.mark.parametrize("name", ["demo_model", "demo_segmenter"])
def test_a_bundled_model_is_the_one_its_note_describes(name: str) -> None:
    import hashlib

    from codefx_desktop.settings.paths import resource
    from codefx_desktop.vision.weights import load_detection_weights, load_segmentation_weights

    note = json.loads(resource(f"{name}.json").read_text(encoding="utf-8"))
    path = resource(f"{name}.pt")
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == note["sha256"]
    assert note["file"] == path.name
    assert len(content) <= 6_000_000
    load = load_detection_weights if name == "demo_model" else load_segmentation_weights
    assert list(load(path).class_names) == note["classes"]
