"""The summary of a job: its scenes, tracks and pit stops in ``analysis/job.json`` and ``job.toon``.

``resources/job_artifact.schema.json`` describes every field.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.frame_artifact import PICTURE_KEYS
from codefx_desktop.artifacts.numbers import CONFIDENCE_DECIMALS, clock
from codefx_desktop.artifacts.provenance import ModelTask, Provenance
from codefx_desktop.artifacts.stop_report import stop_content
from codefx_desktop.domain.detections import NO_TRACK, Detections

if TYPE_CHECKING:
    from codefx_desktop.artifacts.layout import FrameKind
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.artifact_choice import ArtifactChoice
    from codefx_desktop.domain.clip import FrameTime
    from codefx_desktop.domain.outlines import Faces
    from codefx_desktop.domain.scene import Scene

JOB_SCHEMA: Final = "codefx-job"
JOB_VERSION: Final = 1
JOB_SCHEMA_FILE: Final = "job_artifact.schema.json"


@dataclass(slots=True)
class _Seen:
    """One track so far."""

    first_frame: int
    first: FrameTime
    last_frame: int
    last: FrameTime
    frames: int = 0
    confidence: float = 0.0
    classes: Counter[int] = field(default_factory=Counter)


class TrackTable:
    """Sums tracks up, frame by frame in order."""

    def __init__(self) -> None:
        self._tracks: dict[int, _Seen] = {}

    def update(self, number: int, time: FrameTime, found: Detections | Faces) -> None:
        """Add a frame: what is to be counted of it, at the job's confidence.

        Args:
            number: Of the frame, greater than those before.
            time: Of the frame.
            found: Objects or faces; those without a track are passed over.
        """
        classes = found.class_id.tolist() if isinstance(found, Detections) else [0] * len(found)
        for track_id, confidence, class_id in zip(
            found.track_id.tolist(), found.confidence.tolist(), classes, strict=True
        ):
            if track_id == NO_TRACK:
                continue
            seen = self._tracks.setdefault(track_id, _Seen(number, time, number, time))
            seen.last_frame, seen.last = number, time
            seen.frames += 1
            seen.confidence += confidence
            seen.classes[class_id] += 1

    def rows(self, provenance: Provenance | None = None) -> list[dict[str, Any]]:
        """Return a row for each track, by number; with its class where the names are given."""
        return [
            {"track_id": track_id, **_class(seen, provenance), **_row(seen)}
            for track_id, seen in sorted(self._tracks.items())
        ]


def _class(seen: _Seen, provenance: Provenance | None) -> dict[str, Any]:
    if provenance is None:
        return {}
    # Of classes that come equally often the lowest: the same in each run.
    class_id = min(seen.classes, key=lambda number: (-seen.classes[number], number))
    name = provenance.class_name(ModelTask.DETECT, class_id)
    return {"class_id": class_id, "class_name": name}


def _row(seen: _Seen) -> dict[str, Any]:
    mean = round(seen.confidence / seen.frames, CONFIDENCE_DECIMALS)
    return {
        "first_frame": seen.first_frame,
        "last_frame": seen.last_frame,
        "first_time": clock(seen.first.exact_s),
        "last_time": clock(seen.last.exact_s),
        "frames": seen.frames,
        "mean_confidence": int(mean) if mean.is_integer() else mean,
    }


@dataclass(frozen=True, slots=True, eq=False)
class JobArtifact:
    """Everything that is said about a job.

    Attributes:
        provenance: Where it comes from.
        frames: Frames analysed, from the first on.
        duration_s: From the first picture to the end of the last one.
        complete: Whether the analysis came to the clip's end.
        choice: Which frames were to get artifacts.
        artifact_frames: Numbers of those frames, ascending.
        pictures: Kinds of pictures of each of them.
        scenes: The clip's scenes; None where nobody looked.
        tracks: Objects over time; None where nobody looked.
        face_tracks: Faces over time; None where nobody looked.
        stops: The clip's pit stops; None where nobody looked to the end.
    """

    provenance: Provenance
    frames: int
    duration_s: float
    complete: bool
    choice: ArtifactChoice
    artifact_frames: tuple[int, ...] = ()
    pictures: frozenset[FrameKind] = frozenset()
    scenes: tuple[Scene, ...] | None = None
    tracks: TrackTable | None = None
    face_tracks: TrackTable | None = None
    stops: tuple[StopTold, ...] | None = None

    def content(self) -> dict[str, Any]:
        """Return it as JSON values, in the order of the schema, nothing left out."""
        return {
            "schema": JOB_SCHEMA,
            "version": JOB_VERSION,
            **self.provenance.content(),
            "footage": {
                "frames": self.frames,
                "duration": clock(Fraction(self.duration_s)),
                "complete": self.complete,
            },
            "artifacts": {
                "choice": str(self.choice),
                "pictures": [key for key, kind in PICTURE_KEYS.items() if kind in self.pictures],
                "frames": list(self.artifact_frames),
            },
            "classes": self._classes(),
            "scenes": None if self.scenes is None else [_scene(scene) for scene in self.scenes],
            "tracks": self.tracks and self.tracks.rows(self.provenance),
            "face_tracks": self.face_tracks and self.face_tracks.rows(),
            "stops": None if self.stops is None else [stop_content(one) for one in self.stops],
        }

    def _classes(self) -> list[dict[str, Any]]:
        return [
            {
                "task": model.task.value,
                "class_id": class_id,
                "class_name": model.class_name(class_id),
            }
            for model in self.provenance.models
            for class_id in range(len(model.class_names))
        ]


def _scene(scene: Scene) -> dict[str, Any]:
    return {
        "scene": scene.number,
        "first_frame": scene.first,
        "last_frame": scene.last,
        "start": clock(Fraction(scene.start_s)),
        "end": clock(Fraction(scene.end_s)),
    }
