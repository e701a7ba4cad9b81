"""What the switches of ``codefx run`` make of a profile's plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codefx_desktop.domain.artifact_choice import ArtifactChoice, ChoiceKind
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings


@dataclass(frozen=True, slots=True)
class PlanSwitches:
    """One for each option, None where it was not given: then the profile's own value holds."""

    scenes: bool | None = None
    detect: bool | None = None
    segment: bool | None = None
    faces: bool | None = None
    events: bool | None = None
    artifacts: str | None = None
    every_frame: bool | None = None
    scene_detector: SceneKind | None = None
    scene_threshold: float | None = None
    shortest_scene: int | None = None
    seg_weights: Path | None = None
    seg_classes: str | None = None
    face_confidence: float | None = None
    smallest_face: int | None = None
    blur_faces: bool | None = None

    def applied(self, plan: StagePlan) -> StagePlan:
        """Return a plan with what was given changed.

        Raises:
            ValueError: If it does not fit together; the message says what to add.
        """
        stages = {name: _given(self, plan, name) for name in _STAGES}
        for stage, options in _OPTIONS_OF.items():
            if not stages[stage]:
                self._refuse(options, f"--{stage}")
        choice = plan.artifacts if self.artifacts is None else ArtifactChoice.parse(self.artifacts)
        if choice.needs_scenes and not stages["scenes"]:
            raise ValueError(
                f"artifacts of scenes need scenes: add --scenes, or choose other frames than "
                f"{choice}, such as --artifacts every:15"
            )
        if choice.kind is ChoiceKind.EVENTS and not stages["events"]:
            raise ValueError("artifacts at events need pit stops to be taken apart: add --events")
        every_frame = _given(self, plan, "every_frame")
        blur = _given(self, plan, "blur_faces")
        if blur and not stages["faces"]:
            raise ValueError("faces are blurred only where they are looked for: add --faces")
        if choice.kind is ChoiceKind.NONE and not every_frame:
            _refuse_stages_without_frames(stages, blur=blur)
        changes: dict[str, Any] = {
            **stages,
            "artifacts": choice,
            "every_frame": every_frame,
            "blur_faces": blur,
            "scene": self._scene(plan.scene),
            **self._settings(),
        }
        return replace(plan, **changes)

    def _refuse(self, options: tuple[str, ...], switch: str) -> None:
        for name in options:
            if getattr(self, name) is not None:
                raise ValueError(f"--{name.replace('_', '-')} needs {switch}, which is off here")

    def _scene(self, scene: SceneSettings) -> SceneSettings:
        kind = scene.kind if self.scene_detector is None else self.scene_detector
        # A threshold is in its detector's own measure.
        threshold = scene.threshold if kind is scene.kind else None
        return SceneSettings(
            kind,
            threshold if self.scene_threshold is None else self.scene_threshold,
            scene.shortest_frames if self.shortest_scene is None else self.shortest_scene,
        )

    def _settings(self) -> dict[str, Any]:
        given = {
            "segment_weights": self.seg_weights and self.seg_weights.expanduser().absolute(),
            "segment_classes": None if self.seg_classes is None else _names(self.seg_classes),
            "face_confidence": self.face_confidence,
            "smallest_face_px": self.smallest_face,
        }
        return {name: value for name, value in given.items() if value is not None}


_STAGES = ("scenes", "detect", "segment", "faces", "events")
_OPTIONS_OF = {
    "scenes": ("scene_detector", "scene_threshold", "shortest_scene"),
    "segment": ("seg_weights", "seg_classes"),
    "faces": ("face_confidence", "smallest_face"),
}


def check_detector_is_wanted(spec: JobSpec) -> None:
    """Check that a detector that was named has something to do.

    Raises:
        ValueError: If nothing is to be detected.
    """
    if spec.plan.detect or not (spec.weights or spec.demo_model):
        return
    named = "--demo-model is a detector" if spec.demo_model else "--weights are a detector's"
    raise ValueError(f"{named}, and nothing is to be detected: add --detect or leave it out")


def _given(switches: PlanSwitches, plan: StagePlan, name: str) -> bool:
    given = getattr(switches, name)
    return bool(getattr(plan, name) if given is None else given)


def _refuse_stages_without_frames(stages: dict[str, bool], *, blur: bool) -> None:
    idle = [
        name
        for name, on in (
            ("segmentation", stages["segment"]),
            ("faces", stages["faces"] and not blur),
        )
        if on
    ]
    if idle:
        raise ValueError(
            f"{' and '.join(idle)} would look at no frame: they look at those with artifacts, and "
            "there are none; add --artifacts every:15 (or --scenes --artifacts scenes), or "
            "--every-frame"
        )


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name for part in text.split(",") if (name := part.strip()))
    if not names:
        raise ValueError("--seg-classes needs names of classes, such as person,tyre")
    return names
