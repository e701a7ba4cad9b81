"""Samples of a clip's sound on the clock of its pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.container import check_file, open_clip
from codefx_desktop.video.sound import decoded_frames, first_picture_s

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame

    from codefx_desktop.domain.run import CancelSignal

PREROLL_S: Final = Fraction(1, 2)
"""Codecs need some sound before the wanted place to settle."""
GAP_S: Final = 0.02
"""Blocks that stray less from each other are joined; more is a real gap."""

Samples = npt.NDArray[np.float32]


def read_samples(
    path: Path,
    *,
    rate_hz: int = 16000,
    start_s: float = 0.0,
    end_s: float | None = None,
    origin_s: Fraction | None = None,
) -> Samples:
    """Return sound as mono, float32 (N,), -1 to 1.

    Sample ``i`` is heard ``start_s + i / rate_hz`` seconds after the first shown picture. Where
    there is no sound (before it starts, in gaps, after it ends) there is silence.

    Args:
        path: The clip.
        rate_hz: Samples per second of what is returned.
        start_s: First wanted instant, seconds from the first shown picture.
        end_s: End of the wanted span; None: the end of the sound.
        origin_s: Time of the first shown picture on the file's own clock
            (``VideoInfo.start_s``); None: found in the file.

    Returns:
        Exactly ``round((end_s - start_s) * rate_hz)`` samples if ``end_s`` is given; an empty
        array if it is not and the clip has no sound.

    Raises:
        ClipError: If the clip cannot be read.
    """
    joined = _read(path, "mono", rate_hz, start_s, end_s, origin_s)
    return joined[:, 0]


def read_stereo(
    path: Path,
    *,
    rate_hz: int = 16000,
    start_s: float = 0.0,
    end_s: float | None = None,
    origin_s: Fraction | None = None,
    cancel: CancelSignal | None = None,
) -> Samples:
    """Return sound as left and right, float32 (N, 2), -1 to 1; both are the same in a mono clip.

    Places, arguments, length and errors are those of ``read_samples``; ``cancel`` is asked
    between two blocks.

    Raises:
        ClipError: If the clip cannot be read.
        Cancelled: If ``cancel`` said so.
    """
    return _read(path, "stereo", rate_hz, start_s, end_s, origin_s, cancel)


def stereo_blocks(
    path: Path,
    *,
    rate_hz: int,
    start_s: float,
    origin_s: Fraction | None = None,
    block_s: float = 0.1,
) -> Generator[Samples, None, None]:
    """Yield sound from an instant on as left and right, float32 (N, 2), -1 to 1.

    Blocks are ``block_s`` long, the last one may be shorter; they lie end to end, with silence
    where there is no sound between. Nothing is yielded where the clip has none.

    Args:
        path: The clip.
        rate_hz: Samples per second of what is yielded.
        start_s: When the first block begins, seconds from the first shown picture.
        origin_s: Time of the first shown picture on the file's own clock; None: found in the file.
        block_s: How long a block is.

    Raises:
        ClipError: If the clip cannot be read.
    """
    length = max(1, round(block_s * rate_hz))
    pieces = _Pieces(None, round(GAP_S * rate_hz), 2)
    for place, block in _placed(path, "stereo", rate_hz, start_s, origin_s):
        pieces.add(place, block)
        yield from pieces.taken(length)
    rest = pieces.joined()
    if len(rest):
        yield rest


def _read(
    path: Path,
    layout: str,
    rate_hz: int,
    start_s: float,
    end_s: float | None,
    origin_s: Fraction | None,
    cancel: CancelSignal | None = None,
) -> Samples:
    """Return sound as float32 (N, channels of the layout)."""
    wanted = None if end_s is None else max(0, round((end_s - start_s) * rate_hz))
    pieces = _Pieces(wanted, round(GAP_S * rate_hz), 2 if layout == "stereo" else 1)
    for place, block in _placed(path, layout, rate_hz, start_s, origin_s):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if not pieces.add(place, block):
            break
    return pieces.joined()


def _placed(
    path: Path, layout: str, rate_hz: int, start_s: float, origin_s: Fraction | None
) -> Iterator[tuple[int, Samples]]:
    """Yield (samples from the first wanted instant on, samples (N, channels))."""
    check_file(path)
    origin = first_picture_s(path) if origin_s is None else origin_s
    with open_clip(path) as container:
        stream = container.streams.best("audio")
        if isinstance(stream, AudioStream) and stream.codec_context is not None:
            begin = origin + Fraction(start_s)
            if start_s > PREROLL_S and stream.time_base:
                container.seek(int((begin - PREROLL_S) / stream.time_base), stream=stream)
            for at, block in _blocks(decoded_frames(container, stream, path), layout, rate_hz):
                yield round((at - begin) * rate_hz), block


def _blocks(
    frames: Iterator[AudioFrame], layout: str, rate_hz: int
) -> Iterator[tuple[Fraction, Samples]]:
    """Yield (seconds on the file's clock, samples (N, channels)) of resampled sound."""
    resampler = AudioResampler("fltp", layout, rate_hz)
    for frame in frames:
        for block in resampler.resample(frame):
            yield _at(block)
    for block in resampler.resample(None):
        yield _at(block)


def _at(block: AudioFrame) -> tuple[Fraction, Samples]:
    time_base = block.time_base or Fraction(1, block.sample_rate)
    samples: Samples = np.ascontiguousarray(block.to_ndarray().T)
    return (block.pts or 0) * time_base, samples


class _Pieces:
    """Puts blocks at their places, silence between them."""

    def __init__(self, wanted: int | None, gap: int, channels: int) -> None:
        self._wanted = wanted
        self._channels = channels
        self._gap = gap
        self._parts: list[Samples] = []
        self._end = 0

    def add(self, place: int, block: Samples) -> bool:
        """Add a block; return whether more is wanted."""
        gap = place - self._end
        if self._end and abs(gap) < self._gap:
            gap = 0
        if gap > 0:
            self._put(np.zeros((gap, self._channels), np.float32))
        elif gap < 0:
            block = block[-gap:]
        self._put(block)
        return self._wanted is None or self._end < self._wanted

    def taken(self, length: int) -> Iterator[Samples]:
        """Yield what there is in blocks of a length, and let go of them."""
        if sum(map(len, self._parts)) < length:
            return
        held = np.concatenate(self._parts)
        whole = len(held) - len(held) % length
        self._parts = [held[whole:]]
        yield from (held[at : at + length] for at in range(0, whole, length))

    def joined(self) -> Samples:
        """Return everything, cut or filled to the wanted length."""
        nothing = np.zeros((0, self._channels), np.float32)
        samples = np.concatenate([nothing, *self._parts])
        if self._wanted is None:
            return samples
        short = self._wanted - len(samples)
        return np.pad(samples, ((0, short), (0, 0))) if short > 0 else samples[: self._wanted]

    def _put(self, block: Samples) -> None:
        if len(block):
            self._parts.append(block)
            self._end += len(block)
