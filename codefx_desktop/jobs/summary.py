"""A run's own artifact: its summary, and what it says however the run ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.files import settle, write_summary
from codefx_desktop.artifacts.job_artifact import JobArtifact
from codefx_desktop.artifacts.promise import Broken, Promise, check_summary
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.jobs.artifact_stage import pictures_of

if TYPE_CHECKING:
    from codefx_desktop.artifacts.provenance import Provenance
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.jobs.keeping import Sums
    from codefx_desktop.jobs.scene_stage import SceneStage
    from codefx_desktop.jobs.task import JobTask
    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)


class Summary:
    """Writes the summary of one run, where its plan has artifacts or scenes.

    It is there from the beginning, marked as not complete: a program that dies leaves no doubt
    about what it left.

    Args:
        task: The job.
        clip: Its clip.
        provenance: What all artifacts say.
        sums: What was summed up so far.
        scenes: Knows the scenes; None where nobody looks for them.
    """

    def __init__(
        self,
        task: JobTask,
        clip: ProbedClip,
        provenance: Provenance,
        sums: Sums,
        scenes: SceneStage | None,
    ) -> None:
        self._task = task
        self._clip = clip
        self._provenance = provenance
        self._sums = sums
        self._scenes = scenes
        self._stops: tuple[StopTold, ...] | None = None
        plan = task.spec.plan
        self._is_wanted = plan.has_artifacts or plan.scenes

    def begin(self) -> None:
        """Write that the run has begun.

        Raises:
            NoSpace: If the disk is full.
            NotWritable: If the folder cannot be written to.
        """
        if self._is_wanted:
            self._write((), complete=False)

    def finish(
        self, numbers: tuple[int, ...], stops: tuple[StopTold, ...] | None = None
    ) -> list[Broken]:
        """Write that the analysis came to the clip's end; return what of it is not right.

        Args:
            numbers: Of the frames that got artifacts.
            stops: The clip's pit stops; None where nobody looked.

        Raises:
            NoSpace: If the disk is full.
            NotWritable: If the folder cannot be written to.
        """
        if not self._is_wanted:
            return []
        self._stops = stops
        layout = self._task.layout
        self._write(numbers, complete=True)
        broken = check_summary(layout)
        if not broken:
            settle(Promise(()).paths(layout))
        return broken

    def leave(self, numbers: tuple[int, ...]) -> None:
        """Write what there is of a run that did not come to its end, if that can be done.

        Args:
            numbers: Of the frames whose artifacts are all there.
        """
        if not self._is_wanted:
            return
        try:
            self._write(numbers, complete=False)
        except (CodefxError, ValueError):
            log.warning("The summary still says what it said before", exc_info=True)

    def _write(self, numbers: tuple[int, ...], *, complete: bool) -> None:
        plan, sums = self._task.spec.plan, self._sums
        artifact = JobArtifact(
            self._provenance,
            sums.frames,
            self._end_s(sums.last),
            complete,
            plan.artifacts,
            numbers,
            pictures_of(plan) if plan.has_artifacts else frozenset(),
            None if self._scenes is None else self._scenes.scenes(),
            sums.tracks,
            sums.face_tracks,
            self._stops,
        )
        write_summary(self._task.layout, artifact.content())

    def _end_s(self, last: int) -> float:
        """Return when a frame leaves the screen; 0 for none."""
        if last < 0:
            return 0.0
        index = self._clip.index
        if last + 1 < len(index):
            return index.time(last + 1).seconds
        return self._clip.info.duration_s
