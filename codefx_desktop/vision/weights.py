"""Loads weights without running anything that is written in them.

A ``.pt`` file is a pickle: loaded carelessly it is a program. Ultralytics' restricted loading
reconstructs known layers only, but falls back to careless loading without a word where torch is
too old; here that is an error.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from ultralytics.nn import tasks
from ultralytics.nn.modules import head as heads

from codefx_desktop.domain.errors import WeightsMissing, WeightsUnusable
from codefx_desktop.domain.models import ModelTask, WeightsFacts

if TYPE_CHECKING:
    from pathlib import Path

ZIP_START = b"PK\x03\x04"
ANOTHER_FILE = "Choose detection weights made by Ultralytics YOLO (best.pt)."
ANY_MODEL = "Choose weights made by Ultralytics YOLO (such as best.pt)."
_CHOOSE = {
    "detect": ANOTHER_FILE,
    "segment": "Choose segmentation weights made by Ultralytics YOLO (such as yolo11n-seg.pt).",
}
OLDEST_TORCH = (2, 6)
"""Source: torch 2.6 release notes; the global scan that restricted loading rests on came there."""

_TASK_WORDS = {
    "detect": "detection",
    "segment": "segmentation",
    "semantic": "semantic segmentation",
    "classify": "classification",
    "pose": "pose",
    "obb": "oriented box",
    "depth": "depth",
}
_BROKEN_FILE = (
    *(TypeError, ValueError, AttributeError, LookupError, ArithmeticError, AssertionError),
    *(RuntimeError, ImportError, EOFError, MemoryError, OSError),
    *(pickle.PickleError, struct.error, zipfile.BadZipFile),
)
"""What unpickling hostile or damaged bytes raises; at this door all of it means the same."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedWeights:
    """A model in memory, on the CPU, float32, fused, ready to run.

    Attributes:
        path: Where it came from.
        sha256: Hash of the file's bytes, hexadecimal.
        task: ``detect`` or ``segment``.
        model: Ultralytics' ``DetectionModel`` or ``SegmentationModel``.
        class_names: Name of each class, by class id.
        stride: Largest stride in pixels; input sides must be multiples of it.
        end2end: Whether it needs no non-maximum suppression.
    """

    path: Path
    sha256: str
    task: str
    model: Any
    class_names: tuple[str, ...]
    stride: int
    end2end: bool


def load_detection_weights(path: Path) -> LoadedWeights:
    """Load weights safely and check that they detect objects.

    Raises:
        WeightsMissing: If the file is not there.
        WeightsUnusable: If it is no weights file, is damaged, would run code, knows no classes,
            or is of another task.
    """
    return _load(path, "detect")


def load_segmentation_weights(path: Path) -> LoadedWeights:
    """Load weights safely and check that they segment objects.

    Raises:
        WeightsMissing: If the file is not there.
        WeightsUnusable: If it is no weights file, is damaged, would run code, knows no classes,
            or is of another task.
    """
    return _load(path, "segment")


def load_parameters(path: Path) -> dict[str, torch.Tensor]:
    """Load the plain tensors of a detection model safely, for a training that begins with them.

    Returns:
        Every parameter and buffer by name, float32, on the CPU, not fused.

    Raises:
        WeightsMissing: If the file is not there.
        WeightsUnusable: If it is no weights file, is damaged, would run code, or is of another
            task.
    """
    model = _opened(path, "detect")
    return {name: value.detach() for name, value in model.state_dict().items()}


def _load(path: Path, task: str) -> LoadedWeights:
    model = _opened(path, task)
    model = _tried(model, path)
    return LoadedWeights(
        path,
        _sha256(path),
        task,
        model,
        _class_names(model, path),
        max(int(model.stride.max()), 32),
        bool(getattr(model, "end2end", False)),
    )


def inspect_weights(path: Path) -> WeightsFacts:
    """Load weights safely, try them if a job could use them, and say what they are.

    Raises:
        WeightsMissing: If the file is not there.
        WeightsUnusable: If it is no weights file, is damaged, would run code, or is a detection
            or segmentation model that knows no classes or does not run.
    """
    model = _read(path, ANY_MODEL)
    parameters = sum(value.numel() for value in model.parameters())
    task = _task_of(model)
    if task is None:
        kind, classes = _kind(model), tuple(map(str, _names_of(model).values()))
    else:
        _require_task(model, path, task)
        kind, classes = _TASK_WORDS[task], _class_names(model, path)
        _tried(model, path)
    known = ModelTask.OTHER if task is None else ModelTask(task)
    size = path.stat().st_size
    return WeightsFacts(known, kind, classes, parameters, size, _sha256(path))


def _opened(path: Path, task: str) -> Any:  # noqa: ANN401 - an untyped library's model
    model = _read(path, _CHOOSE[task])
    _require_task(model, path, task)
    return model


def _read(path: Path, hint: str) -> Any:  # noqa: ANN401 - an untyped library's model
    _look_at(path, hint)
    _require_safe_loading(path)
    try:
        model, _ = tasks.load_checkpoint(str(path.absolute()), device="cpu")
    except _BROKEN_FILE as error:
        raise WeightsUnusable(_why(path, error), hint=hint, path=path) from error
    return model


def _look_at(path: Path, hint: str) -> None:
    """Refuse what is plainly no weights file, before any library sees it."""
    try:
        there = path.exists()
    except OSError:  # nobody may look there, or the system has no such names
        there = False
    if not there:
        raise WeightsMissing(
            f"The weights file {path} is not there.", hint="Choose another file.", path=path
        )
    if trouble := _plain_trouble(path):
        raise WeightsUnusable(f"{path.name} {trouble}.", hint=hint, path=path)


def _plain_trouble(path: Path) -> str | None:
    if not path.is_file():
        return "is not a file"
    if path.suffix.lower() != ".pt":
        return "is not a .pt file"
    try:
        with path.open("rb") as file:
            start = file.read(len(ZIP_START))
        whole = zipfile.is_zipfile(path)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if start != ZIP_START:
        return "is not a weights file, whatever its name says" if start else "is empty"
    return None if whole else "is cut short or damaged"


def _require_safe_loading(path: Path) -> None:
    """Fail closed: without restricted loading nothing is loaded at all."""
    version = tuple(int(part) for part in torch.__version__.split(".")[:2])
    restricted = getattr(tasks, "_SafeLoad", None)
    if version < OLDEST_TORCH or not getattr(restricted, "SUPPORTED", False):
        raise WeightsUnusable(
            f"This installation (torch {torch.__version__}) cannot load weights safely.",
            hint="Install the program again; it needs torch 2.6 or newer and a recent Ultralytics.",
            path=path,
        )
    if not tasks.SAFE_LOAD:
        raise WeightsUnusable(
            "Safe loading of weights was switched off before this program could switch it on.",
            hint="Start the program by its own command.",
            path=path,
        )


def _why(path: Path, error: BaseException) -> str:
    text = str(error)
    if "supported Ultralytics checkpoint format" in text:
        return (
            f"{path.name} is no model of Ultralytics YOLO, or holds more than its weights and "
            "could run code."
        )
    if "TorchScript" in text:
        return f"{path.name} is an exported TorchScript model, not Ultralytics weights."
    if "YOLOv5" in text:
        return f"{path.name} is a model of the older YOLOv5 program and cannot be used."
    return f"{path.name} cannot be loaded as Ultralytics weights: it is damaged or something else."


def _require_task(model: Any, path: Path, task: str) -> None:  # noqa: ANN401 - an untyped library's
    """Judge by the layer that ends the model; what the file says of itself can be wrong."""
    found = _task_of(model)
    if found != task:
        kind = _TASK_WORDS[found] if found else _kind(model)
        article = "an" if kind[0] in "aeiouAEIOU" else "a"
        raise WeightsUnusable(
            f"{path.name} is {article} {kind} model; {_TASK_WORDS[task]} weights are wanted.",
            hint=_CHOOSE[task],
            path=path,
        )
    channels = model.yaml.get("channels", 3)
    if channels != 3:
        raise WeightsUnusable(
            f"{path.name} was trained on pictures with {channels} channels; colour video has 3.",
            hint=_CHOOSE[task],
            path=path,
        )


def _kind(model: Any) -> str:  # noqa: ANN401 - an untyped library's model
    """Return a word for what the model says of itself."""
    return _TASK_WORDS.get(str(getattr(model, "task", "") or ""), type(model).__name__)


def _task_of(model: Any) -> str | None:  # noqa: ANN401 - an untyped library's model
    """Return ``detect`` or ``segment``; None for what this program does not use."""
    last = model.model[-1] if isinstance(model, tasks.DetectionModel) else None
    others = (heads.Pose, heads.OBB, heads.WorldDetect, heads.YOLOEDetect)
    if not isinstance(last, heads.Detect) or isinstance(last, others):
        return None
    return "segment" if isinstance(last, heads.Segment) else "detect"


def _tried(model: Any, path: Path) -> Any:  # noqa: ANN401 - an untyped library's model
    """Return the model for inference after one small run.

    A file of another version loads well and breaks only when it is run.
    """
    try:
        model.end2end = False  # the head that ``YOLO.predict`` uses, where the file has both
        ready = model.fuse(verbose=False).eval().requires_grad_(requires_grad=False)
        with torch.inference_mode():
            ready(torch.zeros((1, 3, 64, 64)))
    except _BROKEN_FILE as error:
        raise WeightsUnusable(
            f"{path.name} was loaded but its model does not run ({type(error).__name__}).",
            hint="Train or export it again with a recent Ultralytics, or choose another file.",
            path=path,
        ) from error
    return ready


def _class_names(model: Any, path: Path) -> tuple[str, ...]:  # noqa: ANN401 - an untyped library's
    count, found = int(model.model[-1].nc), _names_of(model)
    if count < 1 or not found:
        raise WeightsUnusable(
            f"{path.name} does not say which classes it knows.",
            hint="Choose other weights, or train them again with `names` in the data file.",
            path=path,
        )
    return tuple(str(found.get(i, f"class {i}")) for i in range(count))


def _names_of(model: Any) -> dict[Any, Any]:  # noqa: ANN401 - an untyped library's model
    names = getattr(model, "names", None)
    return dict(names) if isinstance(names, dict) else dict(enumerate(names or ()))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
