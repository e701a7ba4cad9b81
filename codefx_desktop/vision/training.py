"""Trains the small demo models from their layout, on a folder of rendered pictures.

A loop of our own instead of the library's trainer: it opens no socket, writes only where it is
told, can be stopped at any instant and goes on where it was, and fits its learning rate to a
number of minutes when a laptop has only so many.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from codefx_desktop.domain.errors import OutputError, WeightsUnusable
from codefx_desktop.vision.training_network import (
    DETECT,
    SEGMENT,
    TrainingPlan,
    TrainingState,
    export,
    new_criterion,
    new_state,
)
from codefx_desktop.vision.training_samples import collate, load_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ultralytics.nn.tasks import DetectionModel

CHECKPOINTS = {DETECT: "checkpoint.pt", SEGMENT: "checkpoint-seg.pt"}
WEIGHTS = {DETECT: "demo_model.pt", SEGMENT: "demo_segmenter.pt"}
_SAVE_EVERY_S = 120.0
_TELL_EVERY = 50
_LOSS_WORDS = {"box_loss": "box", "seg_loss": "mask", "cls_loss": "class", "dfl_loss": "edge"}


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to.

    Attributes:
        plan: What was wanted.
        weights: The file.
        pictures: How many pictures there were at its end.
        epochs: Passes over them, the last one perhaps cut by the time.
        steps: Steps made.
        minutes: Wall time spent, all parts of it together.
        taken_over: How many of the network's tensors began trained.
        losses: Mean losses of each epoch, by what was to be learned.
    """

    plan: TrainingPlan
    weights: Path
    pictures: int
    epochs: int
    steps: int
    minutes: float
    taken_over: int
    losses: tuple[dict[str, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return how it was trained as plain values for JSON."""
        return {
            **self.plan.to_dict(),
            "pictures": self.pictures,
            "epochs_begun": self.epochs,
            "steps": self.steps,
            "minutes_spent": round(self.minutes, 1),
            "tensors_taken_over": self.taken_over,
            "losses": [
                {word: round(value, 4) for word, value in each.items()} for each in self.losses
            ],
        }


def train_demo(
    output_dir: Path,
    *,
    data_dir: Path,
    plan: TrainingPlan,
    resume: bool,
    device: str,
    progress: Callable[[str], None],
) -> Trained:
    """Train a detector or a segmenter.

    Args:
        output_dir: Gets a checkpoint (every two minutes and epoch) and the weights (every epoch):
            the averaged ones, 16-bit, without the optimizer. Their names differ by task.
        data_dir: ``images/``, ``labels/``, ``outlines/`` and ``classes.json`` as
            ``synthetic.dataset`` writes them; pictures that arrive later take part from the next
            epoch on.
        plan: What is trained and for how long.
        resume: Go on from the checkpoint where there is one.
        device: ``cpu``, ``cuda:0``, ``mps``.
        progress: Gets a line of text now and then.

    Raises:
        OutputError: If the data folder has no pictures or the output folder cannot be written.
        WeightsError: If the checkpoint or the weights to begin with cannot be read.
    """
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        classes = json.loads((data_dir / "classes.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise OutputError(
            f"The training folders cannot be used: {error}.",
            hint="Choose a folder that can be written and make the pictures first.",
        ) from error
    state = new_state(plan, classes, device)
    if resume and (output_dir / CHECKPOINTS[plan.task]).is_file():
        _load(output_dir / CHECKPOINTS[plan.task], state, device)
        progress(f"going on after {state.step} steps, epoch {state.epoch}")
    trainer = _Trainer(state, plan, data_dir, output_dir, device, progress)
    return trainer.run(classes)


def _load(path: Path, state: TrainingState, device: str) -> None:
    try:
        saved = torch.load(path, map_location=device, weights_only=True)
        state.model.load_state_dict(saved["model"])
        state.average.load_state_dict(saved["average"])
        state.optimizer.load_state_dict(saved["optimizer"])
        state.step, state.epoch = int(saved["step"]), int(saved["epoch"])
        state.spent_s, state.losses = float(saved["spent_s"]), list(saved["losses"])
    except Exception as error:  # torch reports a damaged file in many ways, all of them here
        raise WeightsUnusable(
            f"The training checkpoint {path} cannot be read.",
            hint="Remove it, or start without resuming.",
            path=path,
        ) from error


class _Trainer:
    def __init__(
        self,
        state: TrainingState,
        plan: TrainingPlan,
        data_dir: Path,
        output_dir: Path,
        device: str,
        progress: Callable[[str], None],
    ) -> None:
        self._state, self._plan, self._device = state, plan, device
        self._data, self._output, self._progress = data_dir, output_dir, progress
        self._criterion = new_criterion(state.model)
        self._began = time.monotonic() - state.spent_s
        self._half = _fast_half(device)
        self._saved = time.monotonic()

    def run(self, classes: Sequence[str]) -> Trained:
        """Train to the plan's end."""
        state, weights = self._state, self._output / WEIGHTS[self._plan.task]
        while state.epoch < self._plan.epochs and self._done(0, 1) < 1.0:
            self._epoch()
            state.epoch += 1
            self._save()
            export(state.average, classes, self._plan, weights, state.epoch)
        if not weights.is_file():  # stopped in its first epoch, and its time was over when resumed
            export(state.average, classes, self._plan, weights, state.epoch)
        return Trained(
            self._plan,
            weights,
            len(self._names()),
            state.epoch,
            state.step,
            (time.monotonic() - self._began) / 60,
            state.taken_over,
            tuple(state.losses),
        )

    def _names(self) -> list[str]:
        names = sorted(path.stem for path in (self._data / "labels").glob("*.txt"))
        if not names:
            raise OutputError(f"{self._data} has no pictures.", hint="Make them first.")
        return names

    def _done(self, batch: int, batches: int) -> float:
        """Return the share of the plan that is over, by epochs or by time."""
        share = (self._state.epoch + batch / batches) / self._plan.epochs
        if self._plan.minutes is not None:
            share = max(share, (time.monotonic() - self._began) / (60 * self._plan.minutes))
        return min(1.0, share)

    def _epoch(self) -> None:
        state, plan, names = self._state, self._plan, self._names()
        rng = np.random.default_rng([plan.seed, state.epoch, state.step])
        order = [names[i] for i in rng.permutation(len(names))]
        batches = math.ceil(len(order) / plan.batch)
        losses: list[dict[str, float]] = []
        began = time.monotonic()
        state.model.train()
        for number in range(batches):
            done = self._done(number, batches)
            if done >= 1.0:
                break
            part = order[number * plan.batch : (number + 1) * plan.batch]
            losses.append(self._step(self._batch(part, done, rng), done))
            if state.step % _TELL_EVERY == 0:
                rate = len(losses) * plan.batch / (time.monotonic() - began)
                self._tell(done, losses[-_TELL_EVERY:], rate)
            if time.monotonic() - self._saved > _SAVE_EVERY_S:
                self._save()
        if losses:
            state.losses.append(_mean(losses))

    def _batch(
        self, names: Sequence[str], done: float, rng: np.random.Generator
    ) -> dict[str, torch.Tensor]:
        plan = self._plan
        size = plan.image_size_px * (3 if done < plan.coarse_share else 4) // 4
        masks = plan.task == SEGMENT
        return collate(
            [load_sample(self._data, name, size, rng, with_masks=masks) for name in names]
        )

    def _step(self, batch: dict[str, torch.Tensor], done: float) -> dict[str, float]:
        state, plan = self._state, self._plan
        warm = min(1.0, (state.step + 1) / 150)
        fall = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
        for group in state.optimizer.param_groups:
            group["lr"] = plan.learning_rate * warm * fall * group["share"]
        batch = {key: value.to(self._device) for key, value in batch.items()}
        if "masks" in batch:
            batch["masks"] = batch["masks"].float().div_(255)
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
        return {word: float(items[key]) for key, word in _LOSS_WORDS.items() if key in items}

    def _tell(self, done: float, losses: Sequence[dict[str, float]], rate: float) -> None:
        words = " ".join(f"{word} {value:.3f}" for word, value in _mean(losses).items())
        self._progress(
            f"epoch {self._state.epoch + 1} step {self._state.step} {100 * done:.0f} % "
            f"{words}, {rate:.1f} pictures/s"
        )

    def _save(self) -> None:
        state, self._saved = self._state, time.monotonic()
        path = self._output / CHECKPOINTS[self._plan.task]
        part = path.with_suffix(".part")
        torch.save(
            {
                "model": state.model.state_dict(),
                "average": state.average.state_dict(),
                "optimizer": state.optimizer.state_dict(),
                "step": state.step,
                "epoch": state.epoch,
                "spent_s": time.monotonic() - self._began,
                "losses": state.losses,
            },
            part,
        )
        part.replace(path)


def _mean(losses: Sequence[dict[str, float]]) -> dict[str, float]:
    return {word: float(np.mean([each[word] for each in losses])) for word in losses[0]}


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
