"""The network that is trained: its layout, what it begins with, its loss, and its weights file."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import ultralytics
from ultralytics.nn.tasks import DetectionModel, SegmentationModel
from ultralytics.utils import YAML, IterableSimpleNamespace
from ultralytics.utils.loss import v8DetectionLoss, v8SegmentationLoss

from codefx_desktop.vision.weights import load_parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

DETECT, SEGMENT = "detect", "segment"
_LAYOUTS = {DETECT: "yolo11.yaml", SEGMENT: "yolo11-seg.yaml"}
_MODELS = {DETECT: DetectionModel, SEGMENT: SegmentationModel}
_MOST_MASKS = 96
"""Of a picture, in one step."""
_KNOWN_SHARE = 0.4
"""Of the learning rate, for what begins trained: new layers must not pull the old ones apart."""


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What is trained and for how long.

    Attributes:
        task: ``detect`` or ``segment``.
        begin_with: Weights whose layers of the same name and shape are taken over; None begins
            with random ones.
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

    task: str = DETECT
    begin_with: Path | None = None
    epochs: int = 12
    minutes: float | None = None
    seed: int = 0
    image_size_px: int = 640
    batch: int = 8
    learning_rate: float = 1.5e-3
    coarse_share: float = 0.25
    scale: tuple[float, float, int] = (0.5, 0.25, 512)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON; of the weights to begin with their name."""
        return asdict(self) | {"begin_with": self.begin_with.name if self.begin_with else None}


@dataclass(slots=True)
class TrainingState:
    """Everything that a stopped training needs to go on.

    Attributes:
        model: What is trained.
        average: A slow average of it: what is exported.
        optimizer: Of the model's parameters.
        taken_over: How many of its tensors began trained.
        step: Steps made.
        epoch: Epochs ended.
        spent_s: Wall time of the parts before this one.
        losses: Mean losses of each epoch.
    """

    model: DetectionModel
    average: DetectionModel
    optimizer: torch.optim.Optimizer
    taken_over: int
    step: int = 0
    epoch: int = 0
    spent_s: float = 0.0
    losses: list[dict[str, float]] = field(default_factory=list)


def new_state(plan: TrainingPlan, classes: Sequence[str], device: str) -> TrainingState:
    """Build the network and its optimizer.

    Raises:
        WeightsError: If the weights to begin with cannot be used.
    """
    torch.manual_seed(plan.seed)
    layout = YAML.load(Path(ultralytics.__file__).parent / "cfg/models/11" / _LAYOUTS[plan.task])
    layout.update(nc=len(classes), scale="n", scales={"n": list(plan.scale)})
    model = _MODELS[plan.task](layout, ch=3, nc=len(classes), verbose=False)
    known: set[str] = set()
    if plan.begin_with is not None:
        known = _take_over(model, load_parameters(plan.begin_with))
    model = model.to(device)
    model.names = dict(enumerate(classes))
    model.args = IterableSimpleNamespace(box=7.5, cls=0.5, dfl=1.5, overlap_mask=False)
    average = copy.deepcopy(model).eval().requires_grad_(requires_grad=False)
    optimizer = _optimizer(model, known, plan.learning_rate)
    return TrainingState(model, average, optimizer, len(known))


def _take_over(model: DetectionModel, trained: dict[str, torch.Tensor]) -> set[str]:
    own = model.state_dict()
    fitting = {
        name: value
        for name, value in trained.items()
        if name in own and own[name].shape == value.shape
    }
    model.load_state_dict(fitting, strict=False)
    return set(fitting)


def _optimizer(model: DetectionModel, known: set[str], rate: float) -> torch.optim.Optimizer:
    groups: list[dict[str, Any]] = [
        {"params": [], "weight_decay": decay, "share": share}
        for decay in (5e-4, 0.0)
        for share in (1.0, _KNOWN_SHARE)
    ]
    for name, value in model.named_parameters():
        if value.requires_grad:
            groups[2 * (value.ndim < 2) + (name in known)]["params"].append(value)
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=rate, betas=(0.9, 0.99))


class SegmentationLoss(v8SegmentationLoss):  # type: ignore[misc]  # an untyped library's class
    """The library's loss, with masks of some of a picture's anchors at a time.

    An object is trained through about ten anchors, each with a mask of the whole picture: four
    in five add little but time. Which ones are left out changes from step to step.
    """

    @staticmethod
    def single_mask_loss(
        gt_mask: torch.Tensor,
        pred: torch.Tensor,
        proto: torch.Tensor,
        xyxy: torch.Tensor,
        area: torch.Tensor,
    ) -> torch.Tensor:
        """Return the summed loss of a picture's anchors, as if all had been looked at."""
        count = len(pred)
        chosen = torch.randperm(count, device=pred.device)[:_MOST_MASKS]
        loss: torch.Tensor = v8SegmentationLoss.single_mask_loss(
            gt_mask[chosen], pred[chosen], proto, xyxy[chosen], area[chosen]
        )
        return loss * (count / len(chosen))


def new_criterion(model: DetectionModel) -> v8DetectionLoss:
    """Return the loss of a model's task."""
    kind = SegmentationLoss if isinstance(model, SegmentationModel) else v8DetectionLoss
    return kind(model)


def export(
    model: DetectionModel,
    classes: Sequence[str],
    plan: TrainingPlan,
    path: Path,
    epochs: int,
) -> None:
    """Write weights that any loader of Ultralytics weights takes.

    Args:
        model: The averaged model; it is left as it is.
        classes: Names by class id.
        plan: What was trained; noted in the file.
        path: Where to; replaced only by a whole file.
        epochs: How many epochs are in it.
    """
    small = copy.deepcopy(model).cpu().half()
    small.args = {"task": plan.task, "imgsz": plan.image_size_px}
    content: dict[str, Any] = {
        "epoch": -1,
        "best_fitness": None,
        "model": small,
        "ema": None,
        "updates": None,
        "optimizer": None,
        "train_args": {"task": plan.task, "mode": "train", "imgsz": plan.image_size_px, "data": ""},
        "codefx": {"plan": json.dumps(plan.to_dict()), "epochs": epochs, "classes": list(classes)},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": ultralytics.__version__,
        "license": "AGPL-3.0",
    }
    part = path.with_suffix(".part")
    torch.save(content, part)
    part.replace(path)
