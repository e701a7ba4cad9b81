"""Loads the models a job's plan needs, says which, and what artifacts say of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop import __version__
from codefx_desktop.artifacts.provenance import ModelTask, ModelUsed, Provenance
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.ports import DetectorRequest, FaceRequest, SegmenterRequest
from codefx_desktop.settings.weights import DEMO_CLIP, DEMO_NOTICE

if TYPE_CHECKING:
    from contextlib import ExitStack

    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.domain.job import JobSpec
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.domain.ports import (
        Detector,
        DeviceInfo,
        FaceFinder,
        ModelInfo,
        Segmenter,
    )
    from codefx_desktop.jobs.task import Run

SHOWN_CLASSES = 20
NO_DEVICE = "cpu"
"""What a job ran on that needed no model."""


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The models of a run, loaded and warm; None where a stage is off.

    Attributes:
        detector: Finds objects.
        segmenter: Finds objects with their outlines.
        faces: Finds faces.
        used: What artifacts say of them.
    """

    detector: Detector | None
    segmenter: Segmenter | None
    faces: FaceFinder | None
    used: tuple[ModelUsed, ...]

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class of the detector; none where nothing is detected."""
        return () if self.detector is None else self.detector.info.class_names

    @property
    def device(self) -> str:
        """What they run on, for all are loaded for one device."""
        for model in (self.detector, self.segmenter, self.faces):
            if model is not None:
                return model.info.device.name
        return NO_DEVICE


def load_models(run: Run, stack: ExitStack) -> Models:
    """Load the models of a job's plan, each on ``stack``.

    Raises:
        Cancelled: If the person cancelled meanwhile.
        WeightsError: If weights are not there or not of the task.
        SettingsError: If the weights know none of the classes that are wanted.
        DeviceError: If the device is not there or too small.
    """
    plan = run.task.spec.plan
    used: list[ModelUsed] = []
    detector = stack.enter_context(_load_detector(run, used)) if plan.detect else None
    run.check_cancel()
    segmenter = stack.enter_context(_load_segmenter(run, used)) if plan.segment else None
    run.check_cancel()
    faces = stack.enter_context(_load_faces(run, used)) if plan.faces else None
    run.check_cancel()
    return Models(detector, segmenter, faces, tuple(used))


def provenance_of(run: Run, info: VideoInfo, models: Models) -> Provenance:
    """Return what all artifacts of a run say about where they come from."""
    plan = run.task.spec.plan
    return Provenance(
        run.task.job_id,
        __version__,
        models.device,
        run.task.clip.name,
        info.fingerprint,
        info.width,
        info.height,
        models.used,
        plan.scene if plan.scenes else None,
    )


def _load_detector(run: Run, used: list[ModelUsed]) -> Detector:
    task, stage = run.task, Stage.DETECTING
    weights = task.find_weights()
    run.say(f"Weights: {weights.path.name} ({weights.reason})", stage=stage)
    if weights.is_demo and task.clip.name != DEMO_CLIP:
        run.say(DEMO_NOTICE, level="WARNING", stage=stage)
    spec = task.spec
    request = DetectorRequest(
        weights.path, spec.iou, spec.image_size_px, spec.device, at_once=_at_once(spec.plan)
    )
    detector = run.vision.detector(request)
    _say_model(run, detector.info, stage)
    used.append(_used(ModelTask.DETECT, detector.info, spec, request.low_confidence))
    return detector


def _load_segmenter(run: Run, used: list[ModelUsed]) -> Segmenter:
    spec, stage = run.task.spec, Stage.SEGMENTING
    weights = run.task.find_segment_weights()
    run.say(f"Segmentation weights: {weights.path.name} ({weights.reason})", stage=stage)
    classes = spec.plan.segment_classes
    request = SegmenterRequest(
        weights.path,
        spec.iou,
        spec.image_size_px,
        spec.device,
        classes=classes,
        at_once=_at_once(spec.plan),
    )
    segmenter = run.vision.segmenter(request)
    _say_model(run, segmenter.info, stage)
    if classes:
        _say_classes(run, segmenter.info, classes)
    used.append(_used(ModelTask.SEGMENT, segmenter.info, spec, request.low_confidence))
    return segmenter


def _load_faces(run: Run, used: list[ModelUsed]) -> FaceFinder:
    spec, stage = run.task.spec, Stage.FACES
    confidence, smallest_px = spec.plan.face_confidence, spec.plan.smallest_face_px
    request = FaceRequest(spec.device, confidence, smallest_px, _at_once(spec.plan))
    finder = run.vision.face_finder(request)
    info = finder.info
    run.say(f"Faces: {info.name}, {smallest_px} pixels and larger", stage=stage)
    run.say(f"{_device(info.device)}; SHA-256 {info.sha256[:16]}", stage=stage)
    used.append(ModelUsed(ModelTask.FACE, info.name, info.sha256, confidence))
    return finder


def _at_once(plan: StagePlan) -> int:
    """Return how many models look at every frame; those of chosen frames rest most of the time."""
    return max(1, plan.detect + plan.segments_everywhere + plan.faces_everywhere)


def _say_model(run: Run, info: ModelInfo, stage: Stage) -> None:
    more = " ..." if len(info.class_names) > SHOWN_CLASSES else ""
    run.say(
        f"{_device(info.device)}; classes: {', '.join(info.class_names[:SHOWN_CLASSES])}{more}; "
        f"SHA-256 {info.sha256[:16]}",
        stage=stage,
    )


def _say_classes(run: Run, info: ModelInfo, wanted: tuple[str, ...]) -> None:
    known = {name.casefold() for name in info.class_names}
    strange = [name for name in wanted if name.casefold() not in known]
    if strange:
        run.say(
            f"{info.path.name} does not know these classes: {', '.join(strange)}.",
            level="WARNING",
            stage=Stage.SEGMENTING,
        )
    looked_for = [name for name in wanted if name not in strange]
    run.say(f"Only these classes are segmented: {', '.join(looked_for)}", stage=Stage.SEGMENTING)


def _device(device: DeviceInfo) -> str:
    return f"Device: {device.label} ({device.reason})"


def _used(task: ModelTask, info: ModelInfo, spec: JobSpec, low_confidence: float) -> ModelUsed:
    return ModelUsed(
        task,
        info.path.name,
        info.sha256,
        max(spec.confidence, low_confidence),
        spec.iou,
        info.image_size_px,
        info.class_names,
    )
