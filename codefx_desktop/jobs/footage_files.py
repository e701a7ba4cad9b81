"""Footage on the disk, as the frame server asks for it: clips, their proxies, stills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from codefx_desktop.domain.errors import ClipRefused
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.proxy import make_proxy, open_proxy, proxy_path, remove_proxy
from codefx_desktop.video.still import write_still

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.video.frame_cache import SharedRoom
    from codefx_desktop.video.probe import ProbedClip

STILL_CACHE_BYTES: Final = 64 * 1024 * 1024
"""A still needs one picture; one with fields its neighbours too."""


class OpenClip(Protocol):
    """Reads a clip's packets, or finds what was kept of an earlier reading."""

    def __call__(
        self,
        path: Path,
        job_id: str | None,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> ProbedClip:
        """Return the clip."""
        ...


class FootageFiles:
    """Clips, their proxies and stills; every call blocks and belongs on a worker.

    Args:
        paths: The app's folders.
        open_clip: How a clip is opened.
        room: What decoded pictures may take, shared with other clips that are looked at.
    """

    def __init__(
        self, paths: AppPaths, open_clip: OpenClip, room: SharedRoom | None = None
    ) -> None:
        self._paths = paths
        self._open_clip = open_clip
        self._room = room

    def open_clip(
        self,
        path: Path,
        job_id: str | None,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> ProbedClip:
        """Return a clip with the exact time of every frame.

        Args:
            path: The file.
            job_id: The job whose clip it is.
            progress: Told 0 to 1.
            cancel: Ends it early.

        Raises:
            Cancelled: If the signal was seen.
            CodefxError: If it cannot be opened.
        """
        return self._open_clip(path, job_id, progress, cancel)

    def fingerprint(self, path: Path) -> str:
        """Return what a file is known again by.

        Raises:
            ClipError: If it cannot be read.
        """
        return fingerprint(path)

    def frames(self, clip: ProbedClip) -> FrameAccess:
        """Return the frames of a clip, to be entered and left."""
        return FrameAccess(clip, room=self._room)

    def find_proxy(self, clip: ProbedClip) -> ProbedClip | None:
        """Return a clip's proxy; None if there is none that is whole."""
        path = self._proxy_path(clip)
        return open_proxy(clip, path) if path is not None and path.is_file() else None

    def make_proxy(
        self, clip: ProbedClip, progress: Callable[[float], None], cancel: CancelSignal
    ) -> ProbedClip:
        """Make a clip's proxy.

        Raises:
            Cancelled: If the signal was seen.
            ClipRefused: If the clip is still being written.
            CodefxError: If it cannot be made.
        """
        path = self._proxy_path(clip)
        if path is None:
            raise ClipRefused(
                f"{clip.info.path.name} was still being written when it was opened.",
                hint="Wait until it is complete, open it again, then make the proxy.",
                path=clip.info.path,
            )
        return make_proxy(clip, path, progress=progress, cancel=cancel)

    def drop_proxy(self, clip: ProbedClip) -> None:
        """Remove a clip's proxy.

        Raises:
            NotWritable: If it resists.
        """
        path = self._proxy_path(clip)
        if path is not None:
            remove_proxy(path)

    def save_still(self, clip: ProbedClip, number: int, target: Path) -> None:
        """Write a frame of the clip itself as a PNG of full size, whole or not at all.

        Raises:
            IndexError: If the clip has no such frame.
            ClipError: If it cannot be decoded.
            OutputError: If it cannot be written.
        """
        with FrameAccess(clip, cache_bytes=STILL_CACHE_BYTES) as frames:
            frame = frames.exact(number)
        write_still(frame.pixels, target, keep=clip.info.path)

    def _proxy_path(self, clip: ProbedClip) -> Path | None:
        """Return where a clip's proxy is kept; None for one that was not yet what it will be."""
        known = clip.info.fingerprint
        return proxy_path(self._paths, known) if known else None
