"""What a job looks for and which frames get artifacts, without its widgets."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.artifact_choice import ArtifactChoice, ChoiceKind
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import PIT_STOP, StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.domain.stop_settings import StopSettings
from codefx_desktop.ui.models.stop_choices import StopChoices
from codefx_desktop.ui.models.weights_pick import WeightsPick

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.jobs.hub import Hub

NO_SEGMENTER: Final = (
    "Segmentation has no weights: get standard weights in Models… (Ctrl+M), or choose a file."
)
_USUAL: Final = StagePlan()


class Frames(StrEnum):
    """Which frames get artifacts, as it is offered; EVERY and RATE take a number."""

    NONE = "none"
    MIDDLE = "scenes"
    THREE = "scenes:3"
    EVERY = "every"
    RATE = "rate"
    EVENTS = "events"
    ALL = "all"


class PlanForm(QObject):
    """The switches of the stages and their settings.

    Attributes are those of ``StagePlan``, as a person enters them; ``change`` sets them.

    Args:
        hub: Answers which segmentation weights, stop templates and cameras there are.
    """

    changed = Signal()

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)

        def ask(path: Path | None) -> int:
            plan = StagePlan(segment=True, every_frame=True, segment_weights=path)
            return hub.request_segment_weights(JobSpec(plan=plan, demo_model=self._demo))

        self._demo = False
        self.weights = WeightsPick(hub, ask, NO_SEGMENTER, parent=self)
        self.every_n, self.per_second = Fraction(15), Fraction(1)
        self.stops = StopChoices(hub.camera_desk(), self)
        self._take(PIT_STOP.plan)
        self.weights.look()
        self.weights.changed.connect(self.changed)
        self.stops.changed.connect(self._on_stop_choices)

    def load(self, plan: StagePlan) -> None:
        """Take everything from a plan."""
        self._take(plan)
        self.weights.blockSignals(True)
        self.weights.begin_from(plan.segment_weights)
        self.weights.blockSignals(False)
        self.changed.emit()

    def change(self, **values: object) -> None:
        """Set attributes by name; nobody is told if they are set so already."""
        before = dict(vars(self))
        for name, value in values.items():
            if name not in before:
                raise AttributeError(name)
            setattr(self, name, value)
        if vars(self) != before:
            self.changed.emit()

    def use_demo(self, demo: bool) -> None:
        """Say whether the job asks for the demo model, which has a segmenter of its own."""
        if demo != self._demo:
            self._demo = demo
            self.weights.look()

    def choose_detector(self, kind: SceneKind) -> None:
        """Take another scene detector, with the threshold that is usual for it."""
        if kind is not self.scene_kind:
            self.change(scene_kind=kind, scene_threshold=None)

    def plan(self) -> StagePlan:
        """Return the plan.

        Raises:
            ValueError: If its parts do not fit together; the message says what to change.
        """
        return StagePlan(
            scenes=self.scenes,
            detect=self.detect,
            segment=self.segment,
            faces=self.faces,
            events=self.events,
            scene=SceneSettings(self.scene_kind, self.scene_threshold, self.shortest_frames),
            artifacts=self._artifacts(),
            every_frame=self.every_frame,
            segment_weights=self.weights.chosen_file,
            segment_classes=_names(self.classes),
            face_confidence=self.face_confidence,
            smallest_face_px=self.smallest_face_px,
            blur_faces=self.blur_faces and self.faces,
            stop=StopSettings(self.template, self.camera, self.draw_stops),
        )

    @property
    def hindrance(self) -> str:
        """What has to be changed before a job can have this plan; empty if nothing has."""
        try:
            self.plan()
        except ValueError as error:
            text = str(error)
            return f"{text[0].upper()}{text[1:]}."
        if self.events and not self.stops.has_template(self.template):
            return f"The template {self.template} is not there any more: choose another one."
        return self.weights.hindrance if self.segment else ""

    @property
    def usual_threshold(self) -> float:
        """The threshold that is usual for the chosen scene detector."""
        return SceneSettings(self.scene_kind).used_threshold

    @property
    def looks_closely(self) -> bool:
        """Whether a stage is on that looks at the frames with artifacts or at every one."""
        return self.segment or self.faces

    def _take(self, plan: StagePlan) -> None:
        self.scenes, self.detect = plan.scenes, plan.detect
        self.segment, self.faces, self.events = plan.segment, plan.faces, plan.events
        self.template, self.draw_stops = plan.stop.template, plan.stop.draw
        self.camera: CameraProfile = self.stops.newest(plan.stop.camera)
        self.scene_kind, self.scene_threshold = plan.scene.kind, plan.scene.threshold
        self.shortest_frames = plan.scene.shortest_frames
        self.every_frame = plan.every_frame
        self.classes = ", ".join(plan.segment_classes)
        self.face_confidence = plan.face_confidence
        self.smallest_face_px = plan.smallest_face_px
        self.blur_faces = plan.blur_faces
        kind, value = plan.artifacts.kind, plan.artifacts.value
        if kind is ChoiceKind.EVERY:
            self.every_n = value
        elif kind is ChoiceKind.RATE:
            self.per_second = value
        three = kind is ChoiceKind.SCENES and value == 3
        self.frames = Frames.THREE if three else Frames(kind.value)

    def _on_stop_choices(self) -> None:
        """Take a camera as it is saved now: it may have been edited since it was chosen."""
        self.camera = self.stops.newest(self.camera)
        self.changed.emit()

    def _artifacts(self) -> ArtifactChoice:
        if self.frames is Frames.EVERY:
            return ArtifactChoice(ChoiceKind.EVERY, self.every_n)
        if self.frames is Frames.RATE:
            return ArtifactChoice(ChoiceKind.RATE, self.per_second)
        return ArtifactChoice.parse(self.frames)


def in_effect(plan: StagePlan) -> StagePlan:
    """Return the plan without the settings of stages that are off: two that do the same are equal.

    Args:
        plan: The plan.
    """
    scene = _USUAL.scene
    if plan.scenes:
        scene = replace(plan.scene, threshold=plan.scene.used_threshold)
    plan = replace(plan, scene=scene, every_frame=plan.every_frame and (plan.segment or plan.faces))
    if not plan.segment:
        plan = replace(plan, segment_weights=None, segment_classes=())
    if not plan.faces:
        plan = replace(
            plan,
            face_confidence=_USUAL.face_confidence,
            smallest_face_px=_USUAL.smallest_face_px,
        )
    return replace(plan, stop=_stop_in_effect(plan) if plan.events else _USUAL.stop)


def _stop_in_effect(plan: StagePlan) -> StopSettings:
    """Return the settings with a saved camera by its name alone: what is saved counts."""
    camera = plan.stop.camera
    return replace(plan.stop, camera=CameraProfile(camera.name)) if camera.name else plan.stop


def _names(text: str) -> tuple[str, ...]:
    """Return the names in a text like ``person, tyre``, each once."""
    return tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
