"""Which weights a job uses: one search order for the window and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import WeightsMissing, WeightsNotChosen
from codefx_desktop.settings.paths import AppPaths, program_dir, resource
from codefx_desktop.settings.settings import Settings, environment_names

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobSpec

BEST_SEGMENTER = "best-seg.pt"
DEMO_MODEL = "demo_model.pt"
DEMO_SEGMENTER = "demo_segmenter.pt"
DEMO_CLIP = "demo_clip.mp4"
DEMO_NOTICE = (
    "The demo model knows only rendered scenes. For real footage choose real weights "
    "(put best.pt into the model_weights folder)."
)


class DemoTask(StrEnum):
    """What a demo model does."""

    DETECT = "detect"
    SEGMENT = "segment"


@dataclass(frozen=True, slots=True)
class FoundWeights:
    """Weights and the sentence that says why these."""

    path: Path
    reason: str
    is_demo: bool = False


def find_weights(spec: JobSpec, settings: Settings, paths: AppPaths) -> FoundWeights:
    """Return the weights of a job.

    Order: the job's choice > ``PITSTOP_YOLO_WEIGHTS_PATH`` > ``model_weights/best.pt`` in the
    data folder > ``model_weights/best.pt`` beside the checkout or program. The demo model only
    when it is asked for.

    Raises:
        WeightsMissing: If weights were named that are not there.
        WeightsNotChosen: If none were named and none found.
    """
    if spec.demo_model:
        return FoundWeights(resource(DEMO_MODEL), "the demo model was asked for", is_demo=True)
    named = (
        (spec.weights, "chosen for this job"),
        (settings.yolo_weights_path, environment_names()["yolo_weights_path"]),
    )
    for path, reason in named:
        if path is not None:
            return FoundWeights(_existing(path, reason), reason)
    for folder in (paths.weights, program_dir() / "model_weights"):
        if (folder / "best.pt").is_file():
            return FoundWeights(folder / "best.pt", f"found in {folder}")
    raise WeightsNotChosen(
        "There are no detector weights.",
        hint=f"Put best.pt into {paths.weights}, choose a weights file, or use the demo model.",
    )


def find_segment_weights(spec: JobSpec, settings: Settings, paths: AppPaths) -> FoundWeights:
    """Return the segmentation weights of a job.

    Order: the job's choice > the demo segmenter where the demo model is asked for >
    ``CODEFX_SEG_WEIGHTS_PATH`` > ``best-seg.pt``, else the first ``*-seg.pt`` by name, in
    ``model_weights`` in the data folder > the same beside the checkout or program.

    Raises:
        WeightsMissing: If weights were named that are not there.
        WeightsNotChosen: If none were named and none found.
    """
    if spec.demo_model and spec.plan.segment_weights is None:
        return FoundWeights(resource(DEMO_SEGMENTER), "the demo model was asked for", is_demo=True)
    named = (
        (spec.plan.segment_weights, "chosen for this job"),
        (settings.segment_weights_path, environment_names()["segment_weights_path"]),
    )
    for path, reason in named:
        if path is not None:
            return FoundWeights(_existing(path, reason), reason)
    for folder in (paths.weights, program_dir() / "model_weights"):
        found = sorted(path for path in folder.glob("*-seg.pt") if path.is_file())
        best = folder / BEST_SEGMENTER
        if found:
            return FoundWeights(best if best in found else found[0], f"found in {folder}")
    raise WeightsNotChosen(
        "There are no segmentation weights.",
        hint=(
            "Segmentation needs weights of its own: get standard ones in the model manager, put "
            f"{BEST_SEGMENTER} into {paths.weights}, choose a file, or switch segmentation off."
        ),
    )


def find_demo_model(task: DemoTask) -> Path:
    """Return the bundled demo model of a task."""
    return resource(DEMO_MODEL if task is DemoTask.DETECT else DEMO_SEGMENTER)


def _existing(path: Path, reason: str) -> Path:
    path = path.expanduser()
    try:
        there = path.is_file()
    except OSError:  # nobody may look there, or the system has no such names
        there = False
    if not there:
        raise WeightsMissing(
            f"The weights file {path} ({reason}) is not there.",
            hint="Choose another weights file.",
            path=path,
        )
    return path
