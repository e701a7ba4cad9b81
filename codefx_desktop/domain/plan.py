"""What a job looks for in a clip, and the profiles that name the usual plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.artifact_choice import ArtifactChoice, ChoiceKind
from codefx_desktop.domain.scene import SceneSettings
from codefx_desktop.domain.stop_settings import StopSettings

if TYPE_CHECKING:
    from pathlib import Path

MAX_PROFILE_CHARS: Final = 32


@dataclass(frozen=True, slots=True)
class StagePlan:
    """The switches of a job's stages and their settings; stored with the job.

    Attributes:
        scenes: Look for cuts.
        detect: Detect objects and track them.
        segment: Find objects with their outlines.
        faces: Find faces.
        events: Take pit stops apart: what moves is measured, guns are heard, and the events of
            each stop are found. Works on what is detected where ``detect`` is on, else on motion
            and sound alone.
        scene: How cuts are looked for.
        artifacts: Which frames get pictures, JSON and TOON.
        every_frame: Segment and look for faces in every frame, not only in those with artifacts.
        segment_weights: Segmentation weights; None means: search the usual places at run time.
        segment_classes: Names of the classes to segment; empty means all.
        face_confidence: Fainter faces are left out.
        smallest_face_px: Side of the smallest face that is looked for.
        blur_faces: Make faces unrecognisable in every picture and video the job writes. They are
            looked for in every frame then.
        stop: How pit stops are taken apart.
    """

    scenes: bool = False
    detect: bool = True
    segment: bool = False
    faces: bool = False
    events: bool = False
    scene: SceneSettings = field(default_factory=SceneSettings)
    artifacts: ArtifactChoice = field(default_factory=lambda: ArtifactChoice(ChoiceKind.NONE))
    every_frame: bool = False
    segment_weights: Path | None = None
    segment_classes: tuple[str, ...] = ()
    face_confidence: float = 0.9
    smallest_face_px: int = 20
    blur_faces: bool = False
    stop: StopSettings = field(default_factory=StopSettings)

    def __post_init__(self) -> None:
        """Check that the parts fit together.

        Raises:
            ValueError: If they do not; the message says what to change.
        """
        if not (self.scenes or self.detect or self.segment or self.faces or self.events):
            raise ValueError(
                "switch on at least one of scenes, detection, segmentation, faces and events"
            )
        if self.artifacts.needs_scenes and not self.scenes:
            raise ValueError("artifacts of scenes need scene detection: switch it on")
        if self.artifacts.kind is ChoiceKind.EVENTS and not self.events:
            raise ValueError("artifacts at events need pit stops to be taken apart: switch that on")
        if self.blur_faces and not self.faces:
            raise ValueError("faces can be blurred only where they are looked for: switch faces on")
        if not 0.0 < self.face_confidence <= 1.0:
            raise ValueError("face_confidence must be above 0 and at most 1")
        if not 12 <= self.smallest_face_px <= 1000:
            raise ValueError("smallest_face_px must be between 12 and 1000")
        if self.looks_at_artifacts_only and not self.has_artifacts:
            raise ValueError(
                "segmentation and faces look at the frames with artifacts: choose such frames, "
                "or every frame"
            )

    @property
    def has_artifacts(self) -> bool:
        """Whether any frame gets artifacts."""
        return self.artifacts.kind is not ChoiceKind.NONE

    @property
    def draws_stops(self) -> bool:
        """Whether the video shows what is known only when the whole clip was seen."""
        return self.events and self.stop.draw

    @property
    def segments_everywhere(self) -> bool:
        """Whether every frame is segmented."""
        return self.segment and self.every_frame

    @property
    def faces_everywhere(self) -> bool:
        """Whether faces are looked for in every frame."""
        return self.faces and (self.every_frame or self.blur_faces)

    @property
    def looks_at_artifacts_only(self) -> bool:
        """Whether a stage that is on looks at frames with artifacts only."""
        return (self.segment and not self.segments_everywhere) or (
            self.faces and not self.faces_everywhere
        )

    @property
    def picture_kinds(self) -> int:
        """Kinds of pictures that are written of a frame: as it is, and one for each look."""
        return 1 + self.detect + self.segment + self.faces


@dataclass(frozen=True, slots=True)
class Profile:
    """A named plan.

    Attributes:
        name: Short, as in the terminal; stored with the job.
        title: As on screen.
        plan: What is looked for.
        is_own: Whether a person made it; the built-in ones cannot be changed.
    """

    name: str
    title: str
    plan: StagePlan
    is_own: bool = False

    def __post_init__(self) -> None:
        """Check the name.

        Raises:
            ValueError: If it could not be typed or shown.
        """
        check_profile_name(self.name)


def check_profile_name(name: str) -> None:
    """Check that a name can be a profile's.

    Raises:
        ValueError: If it is empty, too long, or begins or ends with space.
    """
    if not name or name != name.strip() or len(name) > MAX_PROFILE_CHARS or not name.isprintable():
        raise ValueError(f"a profile's name has 1 to {MAX_PROFILE_CHARS} visible characters")


PIT_STOP: Final = Profile("pitstop", "Pit stop", StagePlan(events=True))
VIDEO: Final = Profile(
    "video",
    "Video analysis",
    StagePlan(
        scenes=True,
        segment=True,
        faces=True,
        artifacts=ArtifactChoice(ChoiceKind.SCENES),
    ),
)
EVERYTHING: Final = Profile(
    "everything",
    "Everything",
    StagePlan(
        scenes=True,
        segment=True,
        faces=True,
        events=True,
        artifacts=ArtifactChoice.parse("every:15"),
        every_frame=True,
    ),
)
BUILT_IN: Final = (PIT_STOP, VIDEO, EVERYTHING)
