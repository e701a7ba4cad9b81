"""How a job looks at its clip, in words: the stages that are on, with their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.artifact_choice import ArtifactChoice, ChoiceKind
from codefx_desktop.domain.plan import BUILT_IN
from codefx_desktop.ui.models.facts import Fact

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobSpec
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.ui.models.job_book import Entry

_FOUND = "Searched in the usual places when the job runs."


def spec_facts(entry: Entry) -> tuple[Fact, ...]:
    """Return how the clip is analysed: a line for each stage that is on."""
    spec = entry.record.spec
    plan = spec.plan
    facts = [_profile(spec)]
    if plan.scenes:
        scene = plan.scene
        shortest = f"A scene that a cut ends has at least {scene.shortest_frames} frames."
        facts.append(Fact("Scenes", f"{scene.kind} {scene.used_threshold:g}", shortest))
    if plan.detect:
        facts += _detection(spec)
    if plan.events:
        facts.append(_stops(plan))
    if plan.segment:
        facts.append(_segmentation(plan))
    if plan.faces:
        facts.append(_faces(plan))
    if plan.has_artifacts:
        pictures = "Of each frame pictures, and what was found as JSON and TOON."
        facts.append(Fact("Artifacts", choice_words(plan.artifacts), pictures))
    return (*facts, Fact("Device", spec.device))


def choice_words(choice: ArtifactChoice) -> str:
    """Return which frames get artifacts: ``every 5th frame``, ``middle of each scene``."""
    if choice.kind is ChoiceKind.EVERY:
        return "every frame" if choice.value == 1 else f"every {_ordinal(int(choice.value))} frame"
    if choice.kind is ChoiceKind.RATE:
        return f"{str(choice).partition(':')[2]} per second"
    if choice.kind is ChoiceKind.SCENES:
        three = choice.value == 3
        return "first, middle, last of each scene" if three else "middle of each scene"
    if choice.kind is ChoiceKind.EVENTS:
        return "nearest to each event of a stop"
    return "every frame" if choice.kind is ChoiceKind.ALL else "none"


def _profile(spec: JobSpec) -> Fact:
    known = next((profile for profile in BUILT_IN if profile.name == spec.profile), None)
    if known is None:
        return Fact("Profile", spec.profile)
    changed = "" if spec.plan == known.plan else ", changed"
    return Fact("Profile", f"{known.title}{changed}")


def _detection(spec: JobSpec) -> tuple[Fact, ...]:
    if spec.demo_model:
        weights = Fact("Detection", "Demo model", "Knows only rendered scenes.")
    else:
        weights = _weights("Detection", spec.weights)
    return (
        weights,
        Fact("Confidence", f"{spec.confidence:.2f}", "Detections below are stored but not drawn."),
        Fact("NMS IoU", f"{spec.iou:.2f}"),
        Fact("Detector size", f"{spec.image_size_px} px", "Longer side of the detector's input."),
    )


def _stops(plan: StagePlan) -> Fact:
    camera = plan.stop.camera
    zones = len(camera.zones.zones)
    lines = [
        f"Camera: {camera.name}" if camera.name else "Nothing was said about the camera.",
        f"Zones: {zones}" if zones else "No zones.",
        "Drawn on the video." if plan.stop.draw else "Not drawn on the video.",
    ]
    return Fact("Pit stops", plan.stop.template, "\n".join(lines))


def _segmentation(plan: StagePlan) -> Fact:
    found = _weights("Segmentation", plan.segment_weights)
    classes = ", ".join(plan.segment_classes) or "all of the model"
    more = (
        f"{found.more}\nClasses: {classes}\nLooks at {_where(everywhere=plan.segments_everywhere)}"
    )
    return Fact(found.label, found.value, more)


def _faces(plan: StagePlan) -> Fact:
    blurred = ", blurred" if plan.blur_faces else ""
    lines = [
        f"Looks at {_where(everywhere=plan.faces_everywhere)}",
        f"Smallest face: {plan.smallest_face_px} px",
    ]
    if plan.blur_faces:
        lines.insert(0, "Made unrecognisable in every picture and video that the job writes.")
    return Fact("Faces", f"from {plan.face_confidence:.2f}{blurred}", "\n".join(lines))


def _weights(label: str, path: Path | None) -> Fact:
    if path is None:
        return Fact(label, "As found", _FOUND)
    return Fact(label, path.name, str(path))


def _where(*, everywhere: bool) -> str:
    return "every frame." if everywhere else "the frames with artifacts."


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
