"""What the frame server asks of footage, without the libraries that do it.

The window is on screen before they are loaded: ``jobs.footage_files`` holds them and is imported
on a worker.
"""

# ruff: noqa: D102 - the calls are documented at video.access and jobs.footage_files

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.video.probe import ProbedClip


class ClipFrames(Protocol):
    """Any frame of one opened clip by its number; ``video.access.FrameAccess`` is one."""

    def exact(self, number: int, *, cancel: CancelSignal | None = None) -> Frame: ...
    def keyframe_near(self, number: int, *, cancel: CancelSignal | None = None) -> Frame: ...
    def fitted(self, number: int, size: tuple[int, int]) -> Pixels | None: ...
    def prefetch(self, number: int, direction: int, cancel: CancelSignal | None = None) -> int: ...
    def is_held(self, number: int) -> bool: ...
    def is_near(self, number: int) -> bool: ...
    def is_on_the_way(self, number: int) -> bool: ...
    def passing(self) -> Frame | None: ...


class FootageCalls(Protocol):
    """Clips, their proxies and stills; every call blocks and belongs on a worker."""

    def open_clip(
        self,
        path: Path,
        job_id: str | None,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> ProbedClip: ...
    def fingerprint(self, path: Path) -> str: ...
    def frames(self, clip: ProbedClip) -> AbstractContextManager[ClipFrames]: ...
    def find_proxy(self, clip: ProbedClip) -> ProbedClip | None: ...
    def make_proxy(
        self, clip: ProbedClip, progress: Callable[[float], None], cancel: CancelSignal
    ) -> ProbedClip: ...
    def drop_proxy(self, clip: ProbedClip) -> None: ...
    def save_still(self, clip: ProbedClip, number: int, target: Path) -> None: ...
