"""The files of proxies: where they lie, which clip and version they are of, what is in them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av.error
import numpy as np

from codefx_desktop.domain.clip import FrameIndex, Verdict
from codefx_desktop.domain.errors import ClipError
from codefx_desktop.video.colour import (
    MATRIX_NAMES,
    PRIMARIES_NAMES,
    RANGE_NAMES,
    TRANSFER_NAMES,
)
from codefx_desktop.video.container import check_file, open_clip, video_stream
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.output import writing
from codefx_desktop.video.probe import ProbedClip

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.settings.paths import AppPaths

VERSION: Final = 1
"""Of how a proxy is made; those of another version are made again."""
_SUFFIX: Final = ".mp4"
_PART: Final = ".part"
_TAG: Final = "CodeFx proxy"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A file in the folder of proxies.

    Attributes:
        path: The file.
        size_bytes: Its size.
        clip_name: Name of the clip it was made of; empty if the file does not tell.
        made: When it was written.
        is_whole: False for what a broken-off run left, or what is no proxy of this version.
    """

    path: Path
    size_bytes: int
    clip_name: str
    made: datetime
    is_whole: bool


def proxy_path(paths: AppPaths, fingerprint: str) -> Path:
    """Return where the proxy of the clip with this fingerprint is kept.

    It lies with the data, not in the cache (see ``AppPaths.proxies``), and by the clip's content:
    a clip that was moved or renamed keeps its proxy.
    """
    return paths.proxies / f"{fingerprint.replace(':', '-')}{_SUFFIX}"


def part_path(target: Path, writer: int) -> Path:
    """Return the draft of a proxy, one for each process that writes it."""
    return target.with_name(f"{target.stem}.{writer}{_PART}{_SUFFIX}")


def open_proxy(clip: ProbedClip, path: Path) -> ProbedClip | None:
    """Return the proxy of a clip, if it is there, whole, of this clip and of this version.

    Quick however long the clip is: only the proxy's table of pictures is read, and, if the clip's
    fingerprint is not known, 1 MiB of the clip. The clip itself need not be there otherwise.

    Returns:
        A clip for ``FrameAccess`` whose frames have the numbers and times of ``clip``; None if
        there is no such proxy.

    Raises:
        ClipError: If the clip's fingerprint is not known and cannot be made.
    """
    tag = tag_of(clip)
    try:
        size_bytes = check_file(path).st_size
        with open_clip(path) as container:
            if container.metadata.get("comment") != tag:
                return None
            stream = video_stream(container, path)
            index = _index(stream, size_bytes)
            if index is None or not same_times(index, clip.index):
                return None
            return ProbedClip(_info(clip, path, size_bytes, container, stream), index)
    except (ClipError, av.error.FFmpegError):
        return None


def proxies(paths: AppPaths) -> list[Proxy]:
    """Return what lies in the folder of proxies, the largest first."""
    found = [_look(path) for path in paths.proxies.glob(f"*{_SUFFIX}")]
    return sorted((proxy for proxy in found if proxy), key=lambda proxy: -proxy.size_bytes)


def remove_proxy(path: Path) -> int:
    """Remove a proxy, and what broken-off runs left of it.

    Returns:
        How many bytes that freed; 0 if there was nothing.

    Raises:
        NotWritable: If it cannot be removed.
    """
    freed = 0
    for file in (path, *path.parent.glob(f"{path.stem}.*{_PART}{_SUFFIX}")):
        with writing(file), suppress(FileNotFoundError):
            size = file.stat().st_size
            file.unlink()
            freed += size
    return freed


def tag_of(clip: ProbedClip) -> str:
    """Return what the proxy of a clip says it is.

    Raises:
        ClipError: If the clip's fingerprint is not known and cannot be made.
    """
    known = clip.info.fingerprint or fingerprint(clip.info.path)
    return f"{_TAG} {VERSION} {known}"


def _index(stream: VideoStream, size_bytes: int) -> FrameIndex | None:
    """Return the index of an opened proxy; None if it is not all keyframes or not whole.

    Without B-frames decoding times are the times shown, and a plain MP4 has them in its header.
    """
    entries = list(stream.index_entries)
    if stream.time_base is None or not entries or entries[-1].pos + entries[-1].size > size_bytes:
        return None
    if not all(entry.is_keyframe for entry in entries):
        return None
    pts = np.array([entry.timestamp for entry in entries], np.int64)
    if bool(np.any(np.diff(pts) <= 0)):
        return None
    return FrameIndex(pts - pts[0], pts, np.ones(len(pts), np.bool_), stream.time_base)


def same_times(proxy: FrameIndex, clip: FrameIndex) -> bool:
    """Return whether two indexes have the same times, as exactly as a proxy's clock tells."""
    if len(proxy) != len(clip):
        return False
    ratio = clip.time_base / proxy.time_base
    if ratio.denominator == 1:
        return bool(np.array_equal(proxy.ticks, clip.ticks * ratio.numerator))
    rounded = [round(tick * ratio) for tick in clip.ticks.tolist()]
    return bool(np.array_equal(proxy.ticks, rounded))


def _info(
    clip: ProbedClip, path: Path, size_bytes: int, container: InputContainer, stream: VideoStream
) -> VideoInfo:
    """Describe a proxy: what it has of its clip, and how it was written."""
    context = stream.codec_context
    return replace(
        clip.info,
        path=path,
        size_bytes=size_bytes,
        container=container.format.name,
        codec=context.name,
        pixel_format=context.pix_fmt or "",
        width=context.width,
        height=context.height,
        coded_width=context.width,
        coded_height=context.height,
        fingerprint="",
        rotation=0,
        mirrored=False,
        sample_aspect=Fraction(1),
        interlaced=False,
        start_s=0.0,
        has_audio=False,
        audio_codec="",
        bit_depth=8,
        color_range=RANGE_NAMES.get(int(context.color_range), ""),
        color_matrix=MATRIX_NAMES.get(int(context.colorspace), ""),
        color_transfer=TRANSFER_NAMES.get(int(context.color_trc), ""),
        color_primaries=PRIMARIES_NAMES.get(int(context.color_primaries), ""),
        verdict=Verdict.OK,
        message="",
        metadata=dict(container.metadata),
    )


def _look(path: Path) -> Proxy | None:
    """Describe a file in the folder of proxies; None if it has just gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    name, tag = "", ""
    with suppress(ClipError, av.error.FFmpegError), open_clip(path) as container:
        name, tag = container.metadata.get("title", ""), container.metadata.get("comment", "")
    whole = tag.startswith(f"{_TAG} {VERSION} ") and not path.stem.endswith(_PART)
    return Proxy(path, found.st_size, name, datetime.fromtimestamp(found.st_mtime, UTC), whole)
