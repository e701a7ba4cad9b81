"""Proxies: copies of clips in which every picture is a keyframe, with the clips' own times.

Any frame of a proxy is one seek and one small picture away, so a finger that drags sees exact
frames instead of keyframes. Frame N of a proxy is frame N of its clip. A proxy is made on
request, never by itself; it is a copy to look at, and nothing is measured on it.

Coded as H.264 by x264's ``ultrafast`` (no CABAC, no deblocking) with adaptive quantisation, in
four slices that a decoder may share among threads. Others are larger, or slower to make or read:

===============================  ===============  =============  =============  =============
coding, CRF 21 or quality        kB per picture   PSNR in dB     decoding, ms   encoding, ms
===============================  ===============  =============  =============  =============
H.264 ``ultrafast`` as here      117    77        33.0   37.7    3.3    2.9     8.1    7.6
H.264 ``ultrafast``              109    71        33.1   37.2    3.3    2.8     8.1    6.7
H.264 ``superfast fastdecode``   114    68        33.0   37.9    3.7    3.5    13.3   12.7
H.264 ``superfast``               92    56        32.6   38.2    9.5    7.3    16.7   13.9
MJPEG 4                          373   131        33.0   38.8    5.3    3.6    10.0    5.3
MJPEG 8                          151    87        31.3   37.6    3.4    3.3     5.4    5.0
===============================  ===============  =============  =============  =============

Source: measured with PyAV 18.1 (libx264, FFmpeg's mjpeg) on 48 pictures of 1920x1080 each of
blocks with noise (first figures) and of real footage with grain (second ones); processor time,
medians for decoding.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from os import getpid
from typing import TYPE_CHECKING, Final

import numpy as np
from av.video.frame import VideoFrame

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import ClipError, ClipUnreadable, EncodeError, NoSpace
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.output import flush_folder, flush_to_disk, writing
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.proxy_file import (
    Proxy,
    open_proxy,
    part_path,
    proxies,
    proxy_path,
    remove_proxy,
    same_times,
    tag_of,
)
from codefx_desktop.video.proxy_pictures import as_decoded, as_shown, proxy_size
from codefx_desktop.video.writer import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.clip import FrameIndex
    from codefx_desktop.domain.run import CancelSignal

__all__ = [
    "Proxy",
    "make_proxy",
    "open_proxy",
    "proxies",
    "proxy_path",
    "proxy_size",
    "remove_proxy",
]

BYTES_PER_PIXEL: Final = 0.1
"""What a picture is taken to need when the disk is looked at: somewhat more than measured."""
FINEST_HZ: Final = 1_000_000_000
"""No container counts in less than nanoseconds."""
_TICKS: Final = (1 << 31) - 1
"""FFmpeg's MP4 has no more from picture to picture."""
_ENCODING_SHARE: Final = 0.95
_X264: Final = {"preset": "ultrafast", "crf": "21", "x264-params": "aq-mode=1:slices=4"}


def make_proxy(
    clip: ProbedClip,
    target: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancel: CancelSignal | None = None,
) -> ProbedClip:
    """Write the proxy of a clip, read it back, and put it at ``target``.

    Pictures are upright, deinterlaced and 8 bits deep, as ``FrameReader`` delivers them; there is
    no sound. A clip of which not every frame of the index can be decoded gets no proxy: a gap
    would shift all later frames, and a repeated picture would be an invented one.

    Args:
        clip: The probed clip.
        target: The proxy's place, ending in ``.mp4``; its folder is made.
        progress: Told 0 to 1.
        cancel: Asked after every frame.

    Returns:
        The proxy, to be read like any clip. Its times are exactly the clip's; they are rounded
        only where the clip counts more than 2^31 ticks from one picture to the next.

    Raises:
        Cancelled: If the signal was seen. Then, as after any error, nothing new is left behind.
        NoSpace: If the disk will not hold it.
        NotWritable: If the place cannot be written to.
        ClipUnreadable: If a frame of the clip cannot be decoded.
        ClipLost: If the clip can no longer be read.
        EncodeError: If the proxy does not verify.
    """
    work = _Work(progress, cancel)
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    _check_space(clip, target)
    part = part_path(target, getpid())
    try:
        _encode(clip, part, work)
        made = _verified(clip, part, work)
        with writing(target):
            flush_to_disk(part)
            part.replace(target)
            flush_folder(target.parent)
    finally:
        with suppress(OSError):  # the first error is the one to tell
            part.unlink()
    if progress is not None:
        progress(1.0)  # a cancel that comes now is too late
    return ProbedClip(replace(made.info, path=target), made.index)


class _Work:
    """Progress and cancel in one."""

    def __init__(self, tell: Callable[[float], None] | None, cancel: CancelSignal | None) -> None:
        self._tell = tell
        self._cancel = cancel
        self._most = 0.0

    def tell(self, fraction: float) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled
        self._most = max(self._most, min(1.0, fraction))  # a second try goes on from here
        if self._tell is not None:
            self._tell(self._most)


def _encode(clip: ProbedClip, part: Path, work: _Work) -> None:
    """Write all pictures, first the quick way, then, if one cannot go it, the way of ``reader``.

    Raises:
        ClipUnreadable: If a frame cannot be decoded.
    """
    count, done = len(clip.index), 0
    for pictures in (as_decoded, as_shown):
        done = 0
        with _writer(clip, part) as writer, pictures(clip) as numbered:
            for number, picture in numbered:
                if number != done:
                    break
                ticks = int(clip.index.ticks[number])
                if isinstance(picture, VideoFrame):
                    writer.write_decoded(picture, ticks)
                else:
                    writer.write(picture, ticks)
                done += 1
                work.tell(_ENCODING_SHARE * done / count)
            if done == count:
                writer.finish()
                return
    raise ClipUnreadable(
        f"Frame {done} of {clip.info.path.name} cannot be decoded, so it gets no proxy.",
        hint="Look at the clip itself.",
        path=clip.info.path,
    )


def _writer(clip: ProbedClip, part: Path) -> VideoWriter:
    width, height = proxy_size(clip.info.width, clip.info.height)
    return VideoWriter(
        part,
        width=width,
        height=height,
        time_base=clip.index.time_base,
        average_rate=clip.info.average_rate,
        metadata={"title": clip.info.path.name, "comment": tag_of(clip)},
        keyframe_distance=1,
        encoder_options=_X264,
        fragmented=False,
        max_clock_hz=_max_clock_hz(clip.index),
    )


def _max_clock_hz(index: FrameIndex) -> int:
    """Return the finest clock that can count from any picture to the next."""
    longest = int(np.diff(index.ticks).max(initial=1)) * index.time_base
    return min(FINEST_HZ, int(_TICKS / longest))


def _verified(clip: ProbedClip, part: Path, work: _Work) -> ProbedClip:
    """Read the written file back, all of it, and open it as it will be opened.

    Raises:
        Cancelled: If the signal was seen.
        EncodeError: If it is not what it should be.
    """
    rest = 1 - _ENCODING_SHARE
    try:
        found = probe(part, progress=lambda done: work.tell(_ENCODING_SHARE + rest * done))
    except ClipError as error:
        raise _unverified(part, str(error)) from error
    if found.info.verdict is not Verdict.OK:
        raise _unverified(part, found.info.message)
    if not same_times(found.index, clip.index):
        raise _unverified(part, "its times are not those of the clip")
    if not found.index.keyframe.all():
        raise _unverified(part, "not every picture is a keyframe")
    opened = open_proxy(clip, part)
    if opened is None:
        raise _unverified(part, "its table of pictures is not as expected")
    return opened


def _unverified(path: Path, detail: str) -> EncodeError:
    return EncodeError(
        f"The proxy {path.name} did not verify: {detail}.",
        hint="Make it again; if it happens again, report it with the log.",
        path=path,
    )


def _check_space(clip: ProbedClip, target: Path) -> None:
    width, height = proxy_size(clip.info.width, clip.info.height)
    needed = round(width * height * BYTES_PER_PIXEL * len(clip.index))
    with writing(target):
        free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise NoSpace(
            f"A proxy of {clip.info.path.name} needs about {needed / 1e9:.1f} GB; "
            f"{free / 1e9:.1f} GB are free.",
            hint="Free some space, or remove other proxies.",
            path=target,
        )
