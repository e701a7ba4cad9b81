"""Keeps what was found: in the store, in the sums, and on the way to the artifacts.

A frame is kept when it is settled which scene it is in, up to a shortest scene after it was seen:
faces then get tracks that never reach across a cut, whatever the speed of the stages, and every
file can say the frame's scene. What waits for that are arrays, no pictures; where scenes are told
by fades, all of a dark stretch waits for its end.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from codefx_desktop.artifacts.job_artifact import TrackTable

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.domain.ports import FaceTracker
    from codefx_desktop.jobs.artifact_stage import ArtifactStage

CHUNK_S = 1.0


class KnowsScenes(Protocol):
    """Says which scene a frame is in."""

    def scene_of(self, number: int) -> int | None:
        """Return the number of a frame's scene; None while it is not settled."""
        ...

    def wait(self) -> None:
        """Return when every frame's scene is settled."""
        ...


@dataclass(slots=True)
class Sums:
    """What is summed up over a run.

    Attributes:
        confidence: Fainter objects are not counted.
        tracks: Objects over time; None where nobody looks.
        face_tracks: Faces over time; None where nobody looks.
        faces: Faces in all frames looked at.
        frames: Frames kept.
        last: Number of the last of them; -1 while there is none.
    """

    confidence: float
    tracks: TrackTable | None = None
    face_tracks: TrackTable | None = None
    faces: int = 0
    frames: int = 0
    last: int = -1

    @classmethod
    def of(cls, plan: StagePlan, confidence: float) -> Sums:
        """Return the sums of nothing yet."""
        tracks = TrackTable() if plan.detect else None
        return cls(confidence, tracks, TrackTable() if plan.faces else None)

    def add(self, found: FrameFindings) -> None:
        """Add the next frame."""
        self.frames += 1
        self.last = found.number
        if self.tracks is not None and found.detections is not None:
            shown = found.detections.at_least(self.confidence)
            self.tracks.update(found.number, found.time, shown)
        self.add_faces(found)

    def add_faces(self, found: FrameFindings) -> None:
        """Add the faces of the next frame in which they were looked for."""
        if self.face_tracks is not None and found.faces is not None:
            self.faces += len(found.faces)
            self.face_tracks.update(found.number, found.time, found.faces)


class Keeper:
    """Takes findings in order, gives faces their tracks, and keeps all. For one worker.

    Args:
        write: Puts frames into the store, about a second of footage at a time.
        count: Told each frame.
        scenes: Knows scenes; None where nobody looks for them.
        face_tracker: None where faces are not looked for, or have tracks already.
        artifacts: Writes what is said about frames; None where nothing is to be written now.
        wanted: Numbers of the frames that get artifacts.
    """

    def __init__(
        self,
        write: Callable[[Sequence[FrameFindings]], None],
        count: Callable[[FrameFindings], None],
        scenes: KnowsScenes | None,
        face_tracker: FaceTracker | None,
        artifacts: ArtifactStage | None = None,
        wanted: Container[int] = (),
    ) -> None:
        self._write = write
        self._count = count
        self._scenes = scenes
        self._face_tracker = face_tracker
        self._artifacts = artifacts
        self._wanted = wanted
        self._waiting: deque[FrameFindings] = deque()
        self._chunk: list[FrameFindings] = []
        self._face_scene: int | None = None

    def add(self, found: FrameFindings) -> None:
        """Add the next frame; keep those that are settled.

        Raises:
            Stopped: If the run was stopped.
            NoSpace: If the disk is full.
        """
        self._waiting.append(found)
        self._keep_settled()

    def finish(self) -> None:
        """Keep all that is left, when the last scene is known.

        Raises:
            Stopped: If the run was stopped.
            NoSpace: If the disk is full.
        """
        if self._scenes is not None:
            self._scenes.wait()
        self._keep_settled()
        self._flush()

    def _keep_settled(self) -> None:
        while self._waiting:
            scene = None
            if self._scenes is not None:
                scene = self._scenes.scene_of(self._waiting[0].number)
                if scene is None:
                    return
            self._keep(self._waiting.popleft(), scene)

    def _keep(self, found: FrameFindings, scene: int | None) -> None:
        found = self._tracked(found, scene)
        self._count(found)
        if self._chunk and found.time.seconds - self._chunk[0].time.seconds >= CHUNK_S:
            self._flush()
        self._chunk.append(found)
        if self._artifacts is not None and found.number in self._wanted:
            self._artifacts.tell(found, scene)

    def _tracked(self, found: FrameFindings, scene: int | None) -> FrameFindings:
        if self._face_tracker is None or found.faces is None:
            return found
        if self._face_scene is not None and scene != self._face_scene:
            self._face_tracker.cut()
        self._face_scene = scene
        return replace(found, faces=self._face_tracker.update(found.faces, found.time.seconds))

    def _flush(self) -> None:
        if self._chunk:
            self._write(self._chunk)
            self._chunk = []
