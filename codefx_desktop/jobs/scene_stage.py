"""The stage that looks for cuts, on the frames that are decoded for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.analysis.scenes import KnownScenes, SceneFinder
from codefx_desktop.domain.run import ScenesKnown
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.counting import frame_count
from codefx_desktop.jobs.progress import busy

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.run import Emit
    from codefx_desktop.domain.scene import Scene, SceneSettings
    from codefx_desktop.jobs.progress import StageMeter
    from codefx_desktop.video.probe import ProbedClip

SHOWN_CUTS = 20


class SceneStage:
    """Finds the scenes of one run's clip on a worker of its own; others ask what is known.

    Args:
        job_id: The job.
        settings: How cuts are looked for.
        clip: The clip.
        emit: Told how many scenes are known, at each cut.
        size: Frames that may wait for it.
    """

    def __init__(
        self, job_id: str, settings: SceneSettings, clip: ProbedClip, emit: Emit, size: int
    ) -> None:
        self._job_id = job_id
        self._shortest = settings.shortest_frames
        self._clip = clip
        self._emit = emit
        self._finder = SceneFinder(settings)
        self._frames: Channel[Frame] = Channel(size)
        self._ended: Channel[tuple[Scene, ...]] = Channel(1)
        self._known = KnownScenes((), 0)
        self._last = -1

    def put(self, frame: Frame) -> None:
        """Hand in the next frame; waits while too many wait.

        Raises:
            Stopped: If the run was stopped.
        """
        self._frames.put(frame)

    def close(self) -> None:
        """Say that no more frames come."""
        self._frames.close()

    def stop(self) -> None:
        """Wake everybody who waits here."""
        self._frames.stop()
        self._ended.stop()

    def scene_of(self, number: int) -> int | None:
        """Return the scene of a frame; None while it is not settled. May be asked from anywhere."""
        return self._known.scene_of(number)

    def wait(self) -> None:
        """Return when all frames were seen, and every frame's scene is settled.

        Raises:
            Stopped: If the run was stopped.
        """
        self._ended.take(1)

    def work(self, progress: StageMeter) -> None:
        """Be the stage's worker: look at frames until no more come."""
        for done, frame in enumerate(self._frames, start=1):
            with busy() as spent:
                self._finder.update(frame)
            # One value, replaced as a whole: whoever asks meanwhile sees the former or this.
            before, self._known = self._known, self._finder.known
            self._last = frame.number
            if self._known.starts != before.starts:
                self._emit(ScenesKnown(self._job_id, len(self._known.starts)))
            progress.advance(done, spent())
        scenes = self.scenes()
        self._known = KnownScenes(tuple(scene.first for scene in scenes), self._last + 1)
        self._emit(ScenesKnown(self._job_id, len(scenes)))
        progress.complete()
        self._ended.close()

    def scenes(self) -> tuple[Scene, ...]:
        """Return the scenes of the frames seen so far; ask when the worker has ended."""
        whole = self._last == len(self._clip.index) - 1
        return self._finder.finish(self._clip.info.duration_s if whole else None)

    def told(self) -> str:
        """Return what was found, for a person."""
        scenes = self.scenes()
        if not scenes:
            return "No scenes: no frame could be read."
        frames = scenes[-1].last - scenes[0].first + 1
        if len(scenes) == 1 and frames < self._shortest:
            return (
                f"1 scene: the clip has {frame_count(frames)}, fewer than the shortest scene "
                f"({self._shortest})."
            )
        if len(scenes) == 1:
            return "1 scene; no cut was found."
        cuts = [str(scene.first) for scene in scenes[1:]]
        at = "cut at frame" if len(cuts) == 1 else "cuts at frames"
        end = " ..." if len(cuts) > SHOWN_CUTS else "."
        return f"{len(scenes)} scenes; {at} {', '.join(cuts[:SHOWN_CUTS])}{end}"
