"""Turns a part file into the verified output: faststart MP4 with sound, or nothing at all."""

from __future__ import annotations

import hashlib
import logging
import shutil
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import av
import av.error
import numpy as np

from codefx_desktop.domain.errors import ClipError, ClipLost, CodefxError, EncodeError
from codefx_desktop.domain.job import OutputFile
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.output import flush_folder, flush_to_disk, no_space, writing
from codefx_desktop.video.packets import ReadTrouble, read_packets
from codefx_desktop.video.probe import probe
from codefx_desktop.video.sound import AudioSource, ClipAudio, open_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from pathlib import Path

    from av.packet import Packet
    from av.stream import Stream

    from codefx_desktop.domain.clip import FrameIndex
    from codefx_desktop.domain.run import CancelSignal

log = logging.getLogger(__name__)

TOLERANCE_S: Final = 0.0005
FULL_BELOW_BYTES: Final = 16 * 1024 * 1024
HASH_BLOCK_BYTES: Final = 4 * 1024 * 1024
EVERY: Final = 64


def finalise(
    part: Path,
    target: Path,
    *,
    expected_frames: int,
    expected_index: FrameIndex | None = None,
    audio: AudioSource | None = None,
    progress: Callable[[float], None] | None = None,
    cancel: CancelSignal | None = None,
    warn: Callable[[str], None] = log.warning,
) -> OutputFile:
    """Copy ``part`` into a faststart MP4 with sound, verify it, and put it at ``target``.

    The output is written beside the target under a temporary name and renamed when its frame
    count, its times (within half a millisecond) and its first and last pictures have been read
    back. The part is removed only then. Sound is copied where MP4 takes its codec and encoded to
    AAC otherwise; sound that cannot be read at all is left out, and ``warn`` is told.

    Args:
        part: What ``VideoWriter`` wrote.
        target: The output.
        expected_frames: How many pictures it must have.
        expected_index: The times they must have; None: not checked.
        audio: Sound to add.
        progress: Told 0 to 1.
        cancel: Asked now and then.
        warn: Told in a sentence what had to be left out.

    Raises:
        Cancelled: If ``cancel`` was set; nothing is left at the target.
        NoSpace: If the disk is full.
        NotWritable: If the place cannot be written to.
        EncodeError: If the output does not verify.
        ClipLost: If the clip whose sound is wanted can no longer be read.
    """
    draft = target.with_name(f"{target.stem}.new{target.suffix}")
    work = _Progress(progress, cancel)
    if isinstance(audio, ClipAudio) and audio.start_s is None and expected_index is not None:
        audio = replace(audio, start_s=int(expected_index.pts[0]) * expected_index.time_base)
    try:
        _remux_with_sound(part, draft, audio, expected_frames, work, warn)
        _verify(draft, expected_frames, expected_index, work)
        with writing(draft):
            flush_to_disk(draft)
            result = OutputFile(target, draft.stat().st_size, _sha256(draft, work))
        with writing(target):
            draft.replace(target)
            flush_folder(target.parent)
    finally:
        with suppress(OSError):  # the first error is the one to tell
            draft.unlink()
    part.unlink(missing_ok=True)
    work.tell(1.0)
    return result


class _Progress:
    """Progress and cancel in one."""

    def __init__(self, tell: Callable[[float], None] | None, cancel: CancelSignal | None) -> None:
        self._tell = tell
        self._cancel = cancel

    def tell(self, fraction: float) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled
        if self._tell is not None:
            self._tell(min(1.0, fraction))


def _remux_with_sound(
    part: Path,
    draft: Path,
    audio: AudioSource | None,
    frames: int,
    work: _Progress,
    warn: Callable[[str], None],
) -> None:
    """Write the draft; where the sound resists, try again with less of it."""
    if audio is not None:
        for copy in (True, False):
            try:
                _remux(part, draft, audio, frames, work, copy=copy)
            except ClipLost:
                raise  # the clip's sound is not at fault: its drive went away
            except (EncodeError, ClipError) as error:
                warn(f"The sound could not be {'copied' if copy else 'encoded'}: {error}")
            else:
                return
        warn("The annotated video has no sound.")
    _remux(part, draft, None, frames, work, copy=False)


_MP4: Final = {"movflags": "+faststart", "movie_timescale": "90000"}
"""The film's own clock says when sound begins; FFmpeg's usual millisecond is too coarse."""


def _remux(
    part: Path,
    draft: Path,
    audio: AudioSource | None,
    frames: int,
    work: _Progress,
    *,
    copy: bool,
) -> None:
    with writing(draft), ExitStack() as stack:
        source = stack.enter_context(av.open(f"file:{part.absolute()}", format="mp4"))
        output = stack.enter_context(
            av.open(f"file:{draft.absolute()}", "w", format="mp4", options=_MP4)
        )
        output.metadata.update(source.metadata)
        stream = source.streams.video[0]
        target = output.add_stream_from_template(stream)
        sound: Iterator[Packet[Stream]] = iter(())
        if audio is not None:
            sound = stack.enter_context(open_sound(audio, output, copy=copy))
        waiting = next(sound, None)
        for count, packet in enumerate(read_packets(source, (stream,), part, ReadTrouble())):
            if count % EVERY == 0:
                work.tell(0.6 * count / max(1, frames))
            while waiting is not None and _seconds(waiting) <= _seconds(packet):
                output.mux(waiting)
                waiting = next(sound, None)
            packet.stream = target
            output.mux(packet)
        while waiting is not None:
            output.mux(waiting)
            waiting = next(sound, None)


def _seconds(packet: Packet[Stream]) -> Fraction:
    clock = packet.dts if packet.dts is not None else packet.pts
    return (clock or 0) * packet.time_base


def _verify(draft: Path, frames: int, index: FrameIndex | None, work: _Progress) -> None:
    try:
        clip = probe(draft, progress=lambda done: work.tell(0.6 + 0.2 * done))
    except ClipError as error:
        raise _unverified(draft, str(error)) from error
    if len(clip.index) != frames:
        raise _unverified(draft, f"{len(clip.index)} of {frames} frames can be read back")
    if clip.info.message:
        raise _unverified(draft, clip.info.message)
    if index is None:
        return
    if len(index) != frames:
        raise _unverified(draft, f"{len(index)} times are known for {frames} frames")
    wanted = index.ticks * float(index.time_base)
    written = clip.index.ticks * float(clip.index.time_base)
    worst = float(np.abs(wanted - written).max()) if frames else 0.0
    if worst > TOLERANCE_S:
        raise _unverified(draft, f"times are off by up to {worst * 1000:.2f} ms")


def _unverified(draft: Path, detail: str) -> CodefxError:
    if shutil.disk_usage(draft.parent).free < FULL_BELOW_BYTES:
        # FFmpeg drops some errors of buffered writes; a full disk explains the rest.
        return no_space(draft)
    return EncodeError(
        f"The output did not verify: {detail}.",
        hint="Run the job again; if it happens again, report it with the log.",
        path=draft,
    )


def _sha256(path: Path, work: _Progress) -> str:
    digest, size, done = hashlib.sha256(), path.stat().st_size, 0
    with path.open("rb") as file:
        while block := file.read(HASH_BLOCK_BYTES):
            digest.update(block)
            done += len(block)
            work.tell(0.8 + 0.2 * done / size)
    return digest.hexdigest()
