"""What the artifact desk asks of artifacts, without the libraries that do it.

The window is on screen before they are loaded: ``jobs.artifact_files`` holds them and is imported
on a worker.
"""

# ruff: noqa: D102 - the calls are documented at jobs.artifact_files

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.artifact_values import (
        ArtifactFile,
        ArtifactList,
        ArtifactPicture,
        FrameNote,
        ShownArtifact,
    )


class ArtifactCalls(Protocol):
    """The artifacts of jobs; every call blocks and belongs on a worker."""

    def list(self, job_id: str, cancel: CancelSignal) -> ArtifactList: ...
    def measure(self, job_id: str, cancel: CancelSignal) -> int: ...
    def describe(
        self, job_id: str, numbers: Sequence[int], cancel: CancelSignal
    ) -> tuple[FrameNote, ...]: ...
    def read(
        self, job_id: str, number: int, kinds: ArtifactFile, at_most: tuple[int, int]
    ) -> ShownArtifact: ...
    def picture(self, job_id: str, number: int, kind: ArtifactFile) -> ArtifactPicture: ...
