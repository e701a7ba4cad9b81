"""Where an artifact's statements come from: the job, the clip, the models and their settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from codefx_desktop.artifacts.numbers import setting, text

if TYPE_CHECKING:
    from codefx_desktop.domain.scene import SceneSettings

_SHA256 = re.compile(r"[0-9a-f]{64}")


class ModelTask(StrEnum):
    """What a model was used for."""

    DETECT = "detect"
    SEGMENT = "segment"
    FACE = "face"


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """A model that a job used, and how.

    Attributes:
        task: What for.
        name: File name of its weights.
        sha256: Of the weights' bytes, in hexadecimal.
        confidence: Nothing fainter is in the artifacts.
        iou: IoU of its non-maximum suppression; None where it has none to choose.
        image_size_px: Longer side of its input; None where it has none to choose.
        class_names: Name of each class id.
    """

    task: ModelTask
    name: str
    sha256: str
    confidence: float
    iou: float | None = None
    image_size_px: int | None = None
    class_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the hash.

        Raises:
            ValueError: If it is not a SHA-256 in hexadecimal.
        """
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"{self.sha256!r} is not a SHA-256")

    def class_name(self, class_id: int) -> str:
        """Return a class's name, or ``class N`` where the model tells none."""
        known = 0 <= class_id < len(self.class_names)
        return text(self.class_names[class_id]) if known else f"class {class_id}"

    def content(self) -> dict[str, Any]:
        """Return what artifacts say of it."""
        return {
            "task": self.task.value,
            "name": text(self.name),
            "sha256": self.sha256,
            "confidence": setting(self.confidence),
            "iou": None if self.iou is None else setting(self.iou),
            "image_size_px": self.image_size_px,
        }


@dataclass(frozen=True, slots=True)
class Provenance:
    """What all artifacts of one run share.

    Attributes:
        job_id: The job.
        app_version: Version of this program.
        device: What the models ran on (``cpu``, ``cuda:0``, ...).
        clip_name: File name of the clip.
        fingerprint: Of the clip; empty where it is not known.
        width: Upright width of the clip's pictures in pixels.
        height: Upright height in pixels.
        models: Models that were used, at most one for each task.
        scenes: How cuts were looked for; None where they were not.
    """

    job_id: str
    app_version: str
    device: str
    clip_name: str
    fingerprint: str
    width: int
    height: int
    models: tuple[ModelUsed, ...] = ()
    scenes: SceneSettings | None = None

    def __post_init__(self) -> None:
        """Check the models.

        Raises:
            ValueError: If two models have one task.
        """
        if len({model.task for model in self.models}) < len(self.models):
            raise ValueError("two models have the same task")

    def model(self, task: ModelTask) -> ModelUsed | None:
        """Return the model of a task; None where there is none."""
        return next((model for model in self.models if model.task is task), None)

    def class_name(self, task: ModelTask, class_id: int) -> str:
        """Return a class's name as the task's model has it."""
        model = self.model(task)
        return f"class {class_id}" if model is None else model.class_name(class_id)

    def content(self) -> dict[str, Any]:
        """Return the head of every artifact."""
        return {
            "job": {
                "id": self.job_id,
                "app_version": text(self.app_version),
                "device": text(self.device),
            },
            "clip": {
                "name": text(self.clip_name),
                "fingerprint": text(self.fingerprint),
                "width": self.width,
                "height": self.height,
            },
            "models": [model.content() for model in self.models],
            "scene_detector": self._scene_content(),
        }

    def _scene_content(self) -> dict[str, Any] | None:
        if self.scenes is None:
            return None
        return {
            "kind": self.scenes.kind.value,
            "threshold": setting(self.scenes.used_threshold),
            "shortest_frames": int(self.scenes.shortest_frames),
        }
