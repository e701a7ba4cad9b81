"""The stage that measures what moves, on the frames that are decoded for everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codefx_desktop.analysis.motion import MotionTaker
from codefx_desktop.analysis.scenes import SceneFinder
from codefx_desktop.domain.scene import SceneSettings
from codefx_desktop.jobs.channel import Channel
from codefx_desktop.jobs.progress import busy

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.observations import Motion
    from codefx_desktop.jobs.progress import StageMeter
    from codefx_desktop.video.probe import ProbedClip

LEFT_FOR_EVENTS = 0.02
"""Part of the stage's progress that is kept for finding events when all frames were seen."""


class SignalStage:
    """Measures the motion of one run's clip on a worker of its own.

    Args:
        clip: The clip.
        size: Frames that may wait for it.
        looks_for_cuts: Whether nobody else does. Nothing is measured across a cut.
    """

    def __init__(self, clip: ProbedClip, size: int, *, looks_for_cuts: bool) -> None:
        self._frames: Channel[Frame] = Channel(size)
        self._taker = MotionTaker(clip.info.width, clip.info.height)
        self._finder = SceneFinder(SceneSettings()) if looks_for_cuts else None
        self._numbers: list[int] = []

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

    def work(self, progress: StageMeter, total: int) -> None:
        """Be the stage's worker: look at frames until no more come.

        Args:
            progress: Told about every frame, as a part of the stage.
            total: Frames of the clip.
        """
        for done, frame in enumerate(self._frames, start=1):
            with busy() as spent:
                self._taker.update(frame)
                if self._finder is not None:
                    self._finder.update(frame)
                self._numbers.append(frame.number)
            progress.fraction((1.0 - LEFT_FOR_EVENTS) * done / max(1, total), spent())

    def motion(self) -> Motion:
        """Return what moved, with all cuts; ask when the worker has ended."""
        motion = self._taker.finish()
        if self._finder is None:
            return motion
        starts = {scene.first for scene in self._finder.finish(None)[1:]}
        found = {place for place, number in enumerate(self._numbers) if number in starts}
        return replace(motion, cuts=tuple(sorted({*motion.cuts, *found})))
