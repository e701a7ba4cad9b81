"""Trains the small demo detector from its layout, on a folder of rendered pictures.

A loop of our own instead of the library's trainer: it opens no socket, writes only where it is
told, can be stopped at any instant and goes on where it was, and fits its learning rate to a
number of minutes when a laptop has only so many.
"""

from __future__ import annotations

import copy
import json
import math
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
import ultralytics
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils import YAML, IterableSimpleNamespace
from ultralytics.utils.loss import v8DetectionLoss

from codefx_desktop.domain.errors import OutputError, WeightsUnusable

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKPOINT = "checkpoint.pt"
WEIGHTS = "demo_model.pt"
_STRIDE = 32
_GREY = 114
_SAVE_EVERY_S = 120.0


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What is trained and for how long.

    Attributes:
        epochs: Passes over the pictures.
        minutes: Wall time over which the learning rate falls to its end; None leaves it to
            ``epochs``. Whichever is over first ends the training.
        seed: Of the first weights, the order and the changes of pictures.
        image_size_px: Longer side of the network's input, a multiple of 32.
        batch: Pictures per step.
        learning_rate: The highest; it rises to it and falls from it.
        coarse_share: First part of the training, in three quarters of the size and half the time.
        scale: Depth and width multiples and the most channels of the ``yolo11`` layout.
    """

    epochs: int = 12
    minutes: float | None = None
    seed: int = 0
    image_size_px: int = 640
    batch: int = 8
    learning_rate: float = 1.5e-3
    coarse_share: float = 0.25
    scale: tuple[float, float, int] = (0.5, 0.25, 512)


@dataclass(slots=True)
class _State:
    """Everything that a stopped training needs to go on."""

    model: DetectionModel
    average: DetectionModel
    optimizer: torch.optim.Optimizer
    step: int = 0
    epoch: int = 0
    spent_s: float = 0.0


def train_demo(
    output_dir: Path,
    *,
    data_dir: Path,
    plan: TrainingPlan,
    resume: bool,
    device: str,
    progress: Callable[[str], None],
) -> Path:
    """Train a detector and return its weights file.

    Args:
        output_dir: Gets ``checkpoint.pt`` (every two minutes and epoch) and ``demo_model.pt``
            (every epoch): the averaged weights, 16-bit, without the optimizer.
        data_dir: ``images/``, ``labels/`` and ``classes.json`` as ``synthetic.dataset`` writes
            them; pictures that arrive later take part from the next epoch on.
        plan: What is trained and for how long.
        resume: Go on from ``checkpoint.pt`` where there is one.
        device: ``cpu``, ``cuda:0``, ``mps``.
        progress: Gets a line of text now and then.

    Returns:
        The path of ``demo_model.pt``.

    Raises:
        OutputError: If the data folder has no pictures or the output folder cannot be written.
        WeightsUnusable: If the checkpoint cannot be read.
    """
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        classes = json.loads((data_dir / "classes.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise OutputError(
            f"The training folders cannot be used: {error}.",
            hint="Choose a folder that can be written and make the pictures first.",
        ) from error
    torch.manual_seed(plan.seed)
    state = _start(plan, classes, device)
    if resume and (output_dir / CHECKPOINT).is_file():
        _load(output_dir / CHECKPOINT, state, device)
        progress(f"going on after {state.step} steps, epoch {state.epoch}")
    trainer = _Trainer(state, plan, data_dir, output_dir, device, progress)
    trainer.run(classes)
    return output_dir / WEIGHTS


def _start(plan: TrainingPlan, classes: list[str], device: str) -> _State:
    layout = YAML.load(Path(ultralytics.__file__).parent / "cfg/models/11/yolo11.yaml")
    layout.update(nc=len(classes), scale="n", scales={"n": list(plan.scale)})
    model = DetectionModel(layout, ch=3, nc=len(classes), verbose=False).to(device)
    model.names = dict(enumerate(classes))
    model.args = IterableSimpleNamespace(box=7.5, cls=0.5, dfl=1.5)
    average = copy.deepcopy(model).eval().requires_grad_(requires_grad=False)
    plain = [p for p in model.parameters() if p.ndim < 2]
    decayed = [p for p in model.parameters() if p.ndim >= 2 and p.requires_grad]
    groups = [{"params": decayed, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=plan.learning_rate, betas=(0.9, 0.99))
    return _State(model, average, optimizer)


def _load(path: Path, state: _State, device: str) -> None:
    try:
        saved = torch.load(path, map_location=device, weights_only=True)
        state.model.load_state_dict(saved["model"])
        state.average.load_state_dict(saved["average"])
        state.optimizer.load_state_dict(saved["optimizer"])
    except Exception as error:  # torch reports a damaged file in many ways, all of them here
        raise WeightsUnusable(
            f"The training checkpoint {path} cannot be read.",
            hint="Remove it, or start without resuming.",
            path=path,
        ) from error
    state.step, state.epoch = int(saved["step"]), int(saved["epoch"])
    state.spent_s = float(saved["spent_s"])


class _Trainer:
    def __init__(
        self,
        state: _State,
        plan: TrainingPlan,
        data_dir: Path,
        output_dir: Path,
        device: str,
        progress: Callable[[str], None],
    ) -> None:
        self._state, self._plan, self._device = state, plan, device
        self._data, self._output, self._progress = data_dir, output_dir, progress
        self._criterion = v8DetectionLoss(state.model)
        self._began = time.monotonic() - state.spent_s
        self._half = _fast_half(device)

    def run(self, classes: list[str]) -> None:
        """Train to the plan's end."""
        state = self._state
        while state.epoch < self._plan.epochs and self._done(0, 1) < 1.0:
            self._epoch()
            state.epoch += 1
            self._save()
            export(state.average, classes, self._plan, self._output / WEIGHTS, state.epoch)

    def _done(self, batch: int, batches: int) -> float:
        """Return the share of the plan that is over, by epochs or by time."""
        share = (self._state.epoch + batch / batches) / self._plan.epochs
        if self._plan.minutes is not None:
            share = max(share, (time.monotonic() - self._began) / (60 * self._plan.minutes))
        return min(1.0, share)

    def _epoch(self) -> None:
        state, plan = self._state, self._plan
        names = sorted(path.stem for path in (self._data / "labels").glob("*.txt"))
        if not names:
            raise OutputError(f"{self._data} has no pictures.", hint="Make them first.")
        rng = np.random.default_rng([plan.seed, state.epoch, state.step])
        order = [names[i] for i in rng.permutation(len(names))]
        batches = math.ceil(len(order) / plan.batch)
        losses, saved, began, first = [], time.monotonic(), time.monotonic(), state.step
        state.model.train()
        for number in range(batches):
            done = self._done(number, batches)
            if done >= 1.0:
                break
            part = order[number * plan.batch : (number + 1) * plan.batch]
            size = plan.image_size_px * (3 if done < plan.coarse_share else 4) // 4
            samples = [load_sample(self._data, name, size, rng) for name in part]
            losses.append(self._step(collate(samples), done))
            if state.step % 50 == 0:
                rate = (state.step - first) * plan.batch / (time.monotonic() - began)
                mean = np.mean(losses[-50:], axis=0)
                self._progress(
                    f"epoch {state.epoch + 1} step {state.step} {100 * done:.0f} % "
                    f"box {mean[0]:.3f} class {mean[1]:.3f} edge {mean[2]:.3f}, "
                    f"{rate:.1f} pictures/s"
                )
            if time.monotonic() - saved > _SAVE_EVERY_S:
                self._save()
                saved = time.monotonic()

    def _step(self, batch: dict[str, torch.Tensor], done: float) -> list[float]:
        state, plan = self._state, self._plan
        warm = min(1.0, (state.step + 1) / 150)
        fall = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
        for group in state.optimizer.param_groups:
            group["lr"] = plan.learning_rate * warm * fall
        batch = {key: value.to(self._device) for key, value in batch.items()}
        pixels = batch["img"].float().div_(255)
        kind = torch.device(self._device).type
        with torch.autocast(kind, torch.bfloat16, enabled=self._half):
            found = state.model(pixels)
        found = {
            key: [v.float() for v in value] if isinstance(value, list) else value.float()
            for key, value in found.items()
        }
        loss, items = self._criterion(found, batch)
        loss.sum().backward()
        torch.nn.utils.clip_grad_norm_(state.model.parameters(), 10.0)
        state.optimizer.step()
        state.optimizer.zero_grad(set_to_none=True)
        state.step += 1
        _follow(state.average, state.model, 0.998 * (1 - math.exp(-state.step / 300)))
        return [float(value) for value in items.values()]

    def _save(self) -> None:
        state = self._state
        part = self._output / (CHECKPOINT + ".part")
        torch.save(
            {
                "model": state.model.state_dict(),
                "average": state.average.state_dict(),
                "optimizer": state.optimizer.state_dict(),
                "step": state.step,
                "epoch": state.epoch,
                "spent_s": time.monotonic() - self._began,
            },
            part,
        )
        part.replace(self._output / CHECKPOINT)


def _fast_half(device: str) -> bool:
    """Return whether 16-bit arithmetic is faster here.

    Source: measured on 2 cores with avx512_bf16: 18.7 pictures/s against 8.1 at 640x384.
    """
    if device.startswith("cuda"):
        return bool(torch.cuda.is_bf16_supported())
    return device == "cpu" and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001


@torch.no_grad()
def _follow(average: DetectionModel, model: DetectionModel, keep: float) -> None:
    """Move the averaged weights a step towards the trained ones."""
    fresh = model.state_dict()
    for name, value in average.state_dict().items():
        if value.dtype.is_floating_point:
            value.mul_(keep).add_(fresh[name].detach(), alpha=1.0 - keep)
        else:
            value.copy_(fresh[name])


def export(
    model: DetectionModel, classes: list[str], plan: TrainingPlan, path: Path, epochs: int
) -> None:
    """Write weights that any loader of Ultralytics detection weights takes.

    Args:
        model: The averaged model; it is left as it is.
        classes: Names by class id.
        plan: What was trained; noted in the file.
        path: Where to; replaced only by a whole file.
        epochs: How many epochs are in it.
    """
    small = copy.deepcopy(model).cpu().half()
    small.args = {"task": "detect", "imgsz": plan.image_size_px}
    content: dict[str, Any] = {
        "epoch": -1,
        "best_fitness": None,
        "model": small,
        "ema": None,
        "updates": None,
        "optimizer": None,
        "train_args": {"task": "detect", "mode": "train", "imgsz": plan.image_size_px, "data": ""},
        "codefx": {"plan": json.dumps(asdict(plan)), "epochs": epochs, "classes": classes},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": ultralytics.__version__,
        "license": "AGPL-3.0",
    }
    part = path.with_suffix(".part")
    torch.save(content, part)
    part.replace(path)


Sample = tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]


def load_sample(data_dir: Path, name: str, size: int, rng: np.random.Generator) -> Sample:
    """Return a picture, changed at random, and its labels.

    Args:
        data_dir: The data set.
        name: The picture's name without its ending.
        size: Longer side of the result.
        rng: Decides the changes.

    Returns:
        RGB (H, W, 3), uint8, sides multiples of 32; labels float32 (N, 5): class, then centre x,
        centre y, width, height as fractions of the picture.
    """
    data = np.fromfile(data_dir / "images" / f"{name}.jpg", np.uint8)
    picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)
    text = (data_dir / "labels" / f"{name}.txt").read_text(encoding="ascii")
    rows = np.array([line.split() for line in text.splitlines()], np.float32).reshape(-1, 6)
    height, width = picture.shape[:2]
    canvas_h = math.ceil(size * height / width / _STRIDE) * _STRIDE
    scale = size / width
    if rng.random() < 0.5:
        scale *= float(rng.uniform(0.8, 1.25))
    shift = rng.uniform(-0.08, 0.08, 2) * (size, canvas_h) * (rng.random() < 0.5)
    left = (size - scale * width) / 2 + shift[0]
    top = (canvas_h - scale * height) / 2 + shift[1]
    matrix = np.array([[scale, 0, left + scale / 2 - 0.5], [0, scale, top + scale / 2 - 0.5]])
    moved = cv2.warpAffine(
        picture, matrix, (size, canvas_h), flags=cv2.INTER_LINEAR, borderValue=(_GREY,) * 3
    )
    labels = _moved_labels(rows, (width, height), (scale, left, top), (size, canvas_h))
    moved, labels = _flipped(moved, labels, rng)
    return _recoloured(moved, rng), labels


def _moved_labels(
    rows: npt.NDArray[np.float32],
    size: tuple[int, int],
    place: tuple[float, float, float],
    canvas: tuple[int, int],
) -> npt.NDArray[np.float32]:
    """Return labels on the canvas; those too hidden, too small or cut off are left out."""
    scale, left, top = place
    span = np.array([size[0], size[1]]) * scale
    low = (rows[:, 1:3] - rows[:, 3:5] / 2) * span + (left, top)
    high = (rows[:, 1:3] + rows[:, 3:5] / 2) * span + (left, top)
    whole = np.maximum(high - low, 1e-6).prod(axis=1)
    low, high = np.clip(low, 0, canvas), np.clip(high, 0, canvas)
    sides = high - low
    inside = sides.prod(axis=1) / whole
    keep = (rows[:, 5] * inside >= 0.3) & (sides.min(axis=1) >= 5.0 * canvas[0] / 640)
    boxes = np.concatenate(((low + high) / 2, sides), axis=1) / (*canvas, *canvas)
    kept: npt.NDArray[np.float32] = np.concatenate((rows[:, :1], boxes), axis=1)[keep]
    return kept.astype(np.float32)


def _flipped(
    picture: npt.NDArray[np.uint8], labels: npt.NDArray[np.float32], rng: np.random.Generator
) -> Sample:
    for axis, column in ((1, 1), (0, 2)):
        if rng.random() < 0.5:
            picture = np.flip(picture, axis)
            labels[:, column] = 1.0 - labels[:, column]
    return np.ascontiguousarray(picture), labels


def _recoloured(picture: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return other liveries and another exposure."""
    if rng.random() < 0.3:
        picture = np.ascontiguousarray(picture[..., rng.permutation(3)])
    gain = rng.uniform(0.75, 1.25) * rng.uniform(0.94, 1.06, 3)
    steps = np.arange(256)[:, None] * gain
    table = np.clip(steps, 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def collate(samples: list[Sample]) -> dict[str, torch.Tensor]:
    """Return one batch as the loss wants it."""
    pixels = np.stack([picture.transpose(2, 0, 1) for picture, _ in samples])
    counts = [len(labels) for _, labels in samples]
    labels = torch.from_numpy(np.concatenate([labels for _, labels in samples]))
    owner = torch.repeat_interleave(torch.arange(len(samples)), torch.tensor(counts))
    return {
        "img": torch.from_numpy(pixels),
        "batch_idx": owner.float(),
        "cls": labels[:, :1],
        "bboxes": labels[:, 1:],
    }
