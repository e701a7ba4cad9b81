"""Proxies: copies of clips in which every picture is a keyframe, with the clips' own times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.domain.errors import ClipError, ClipUnreadable
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.writer import QualityPreset, VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.clip import FrameIndex
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.settings.paths import AppPaths

MAX_LINES = 1080
VERSION = 1


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy on the disk."""

    path: Path
    size_bytes: int


def proxy_path(paths: AppPaths, fingerprint: str) -> Path:
    """Return where the proxy of the clip with this fingerprint is kept."""
    return paths.proxies / f"{fingerprint.replace(':', '-')}.mp4"


def make_proxy(
    clip: ProbedClip,
    target: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancel: CancelSignal | None = None,
) -> ProbedClip:
    """Write the proxy of a clip and return it, probed.

    Raises:
        Cancelled: If the signal was seen; nothing is left behind.
        NoSpace: If the disk will not hold it.
        NotWritable: If the place cannot be written to.
        ClipUnreadable: If a frame of the clip cannot be decoded.
        ClipLost: If the clip can no longer be read.
        EncodeError: If the proxy does not verify.
    """
    width, height = proxy_size(clip.info.width, clip.info.height)
    scaled = ProbedClip(replace(clip.info, width=width, height=height), clip.index)
    part = target.with_name(target.name + ".part")
    count = len(clip.index)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            FrameReader(scaled) as reader,
            VideoWriter(
                part,
                width=width,
                height=height,
                time_base=clip.index.time_base,
                average_rate=clip.info.average_rate,
                preset=QualityPreset.SMALL,
                metadata={"comment": _tag(clip)},
                keyframe_distance=1,
            ) as writer,
        ):
            for expected, frame in enumerate(reader):
                if cancel is not None and cancel.is_set():
                    raise Cancelled
                if frame.number != expected:
                    raise ClipUnreadable(f"Frame {expected} cannot be decoded.", path=target)
                writer.write(frame.pixels, frame.time.ticks)
                if progress is not None:
                    progress(0.9 * (expected + 1) / count)
            writer.finish()
        finalise(part, target, expected_frames=count, expected_index=clip.index, cancel=cancel)
    finally:
        part.unlink(missing_ok=True)
    made = open_proxy(clip, target)
    assert made is not None
    return made


def open_proxy(clip: ProbedClip, path: Path) -> ProbedClip | None:
    """Return the proxy of a clip; None if there is none that is whole and of this clip."""
    try:
        found = probe(path)
    except ClipError:
        return None
    if found.info.metadata.get("comment") != _tag(clip) or not _same_times(found.index, clip.index):
        return None
    return found


def proxies(paths: AppPaths) -> list[Proxy]:
    """Return the proxies on the disk, the largest first."""
    found = [Proxy(path, path.stat().st_size) for path in paths.proxies.glob("*.mp4")]
    return sorted(found, key=lambda proxy: -proxy.size_bytes)


def remove_proxy(path: Path) -> bool:
    """Remove a proxy; return whether it was there."""
    if not path.exists():
        return False
    path.unlink()
    return True


def proxy_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of the proxy of a clip of this upright size."""
    scale = min(1.0, MAX_LINES / min(width, height))
    return tuple(max(2, round(side * scale / 2) * 2) for side in (width, height))  # type: ignore[return-value]


def _tag(clip: ProbedClip) -> str:
    whole = clip.info.fingerprint or fingerprint(clip.info.path)
    return f"codefx proxy {VERSION} {whole}"


def _same_times(proxy: FrameIndex, clip: FrameIndex) -> bool:
    if len(proxy) != len(clip):
        return False
    ratio = clip.time_base / proxy.time_base
    left, right = proxy.ticks * ratio.denominator, clip.ticks * ratio.numerator
    return bool(np.array_equal(left, right))
