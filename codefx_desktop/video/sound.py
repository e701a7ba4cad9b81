"""Sound for an output: where it comes from and how it gets into an MP4."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from codefx_desktop.video.container import open_clip, video_stream
from codefx_desktop.video.decoder import PictureDecoder
from codefx_desktop.video.packets import ReadTrouble, read_packets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av.audio.codeccontext import AudioCodecContext
    from av.audio.frame import AudioFrame
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.stream import Stream

COPIED: Final = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus"})
"""Codecs that MP4 takes and players play."""
AAC_RATES_HZ: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
AAC_BITS_PER_CHANNEL: Final = 96_000
BLOCK: Final = 1024
RESET_BACK_S: Final = Fraction(1)
HEAD_PACKETS: Final = 300


@dataclass(frozen=True, slots=True)
class ClipAudio:
    """The sound of a clip.

    Attributes:
        path: The clip.
        start_s: Time of its first shown picture on the file's own clock; the sound is moved by
            it so that it stays with the pictures. None: found in the file.
        begins_s: From when on it is wanted, seconds from the first picture: the sound of what is
            cut out of a clip begins there.
        lasts_s: How long it is wanted from there; None: to its end.
    """

    path: Path
    start_s: Fraction | None = None
    begins_s: Fraction = Fraction(0)
    lasts_s: Fraction | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PcmAudio:
    """Samples from the first picture on.

    Attributes:
        samples: float32 (N,) or (N, 2), -1 to 1.
        rate_hz: Samples per second.
    """

    samples: npt.NDArray[np.float32]
    rate_hz: int

    def __post_init__(self) -> None:
        """Check the shape.

        Raises:
            ValueError: If it is not (N,) or (N, 2) float32.
        """
        shape = self.samples.shape
        if self.samples.dtype != np.float32 or not (
            len(shape) == 1 or (len(shape) == 2 and shape[1] in (1, 2))
        ):
            raise ValueError(f"expected (N,) or (N, 2) float32, got {shape} {self.samples.dtype}")


AudioSource = ClipAudio | PcmAudio


@contextmanager
def open_sound(
    source: AudioSource, output: OutputContainer, *, copy: bool
) -> Iterator[Iterator[Packet[Stream]]]:
    """Add a sound stream to ``output`` and yield its packets in order, ready for muxing.

    Args:
        source: Where the sound comes from.
        output: Opened, nothing muxed yet.
        copy: Whether packets may be copied where MP4 takes their codec.

    Raises:
        ClipError: If the source cannot be read.
    """
    if isinstance(source, PcmAudio):
        stream = _add_aac(output, source.rate_hz, source.samples.ndim == 2)
        yield _encode(stream, _pcm_frames(source))
        return
    start = source.start_s if source.start_s is not None else first_picture_s(source.path)
    with open_clip(source.path) as container:
        audio = container.streams.best("audio")
        if not isinstance(audio, AudioStream) or audio.codec_context is None:
            yield iter(())
            return
        if copy and audio.codec_context.codec.canonical_name in COPIED:
            target = output.add_stream_from_template(audio)
            packets = _copy(container, audio, target, source.path, start)
            yield _cut_packets(packets, source)
            return
        context = audio.codec_context
        stream = _add_aac(output, context.sample_rate, context.channels > 1)
        frames = decoded_frames(container, audio, source.path)
        yield _encode(stream, _cut_frames(_shifted(frames, start), source))


def first_picture_s(path: Path) -> Fraction:
    """Return the time of a clip's first shown picture on the file's own clock.

    Raises:
        ClipError: If the clip cannot be read.
    """
    with open_clip(path) as container:
        stream = video_stream(container, path)
        decoder = PictureDecoder(stream)
        assert stream.time_base is not None
        for count, packet in enumerate(read_packets(container, (stream,), path, ReadTrouble())):
            for frame in decoder.feed(packet):
                if frame.pts is not None:
                    return frame.pts * stream.time_base
            if count >= HEAD_PACKETS:
                break
        for frame in decoder.drain():
            if frame.pts is not None:
                return frame.pts * stream.time_base
        return (stream.start_time or 0) * stream.time_base


def decoded_frames(
    container: InputContainer, stream: AudioStream, path: Path
) -> Iterator[AudioFrame]:
    """Yield decoded sound; damaged packets are left out.

    Raises:
        ClipLost: If the file goes away.
    """
    for packet in read_packets(container, (stream,), path, ReadTrouble()):
        try:
            yield from stream.codec_context.decode(packet)
        except av.error.FFmpegError:
            continue
    try:
        yield from stream.codec_context.decode(None)
    except av.error.FFmpegError:
        return


def _copy(
    container: InputContainer,
    stream: AudioStream,
    target: AudioStream,
    path: Path,
    start_s: Fraction,
) -> Iterator[Packet[Stream]]:
    assert stream.time_base is not None
    shift = -round(start_s / stream.time_base)
    back = RESET_BACK_S / stream.time_base
    next_dts: int | None = None
    for packet in read_packets(container, (stream,), path, ReadTrouble()):
        if packet.dts is None or packet.pts is None or not packet.size:
            continue
        if next_dts is not None and next_dts - (packet.dts + shift) > back:
            shift = next_dts - packet.dts  # the clock was set back: go on where it was
        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
        duration = packet.duration or 1
        goes_back = next_dts is not None and packet.dts < next_dts - duration
        if goes_back or packet.pts + duration <= 0:
            continue
        next_dts = packet.dts + duration
        packet.stream = target
        yield packet


def _cut_packets(packets: Iterator[Packet[Stream]], source: ClipAudio) -> Iterator[Packet[Stream]]:
    """Yield the packets that are wanted, from 0 on; the first may begin a little before that."""
    for packet in packets:
        assert packet.pts is not None
        assert packet.dts is not None
        back = round(source.begins_s / packet.time_base)
        if source.lasts_s is not None and (packet.pts - back) * packet.time_base >= source.lasts_s:
            return
        packet.pts, packet.dts = packet.pts - back, packet.dts - back
        if packet.pts + (packet.duration or 1) > 0:
            yield packet


def _cut_frames(frames: Iterable[AudioFrame], source: ClipAudio) -> Iterator[AudioFrame]:
    """Yield the sound that is wanted, from 0 on."""
    for frame in frames:
        assert frame.pts is not None
        assert frame.time_base is not None
        frame.pts -= round(source.begins_s / frame.time_base)
        if source.lasts_s is not None and frame.pts * frame.time_base >= source.lasts_s:
            return
        if frame.pts * frame.time_base + Fraction(frame.samples, frame.sample_rate) > 0:
            yield frame


def _shifted(frames: Iterable[AudioFrame], start_s: Fraction) -> Iterator[AudioFrame]:
    for frame in frames:
        if frame.pts is None or frame.time_base is None:
            continue
        frame.pts -= round(start_s / frame.time_base)
        if (frame.pts * frame.time_base) + Fraction(frame.samples, frame.sample_rate) > 0:
            yield frame


def _add_aac(output: OutputContainer, rate_hz: int, stereo: bool) -> AudioStream:
    rate = rate_hz if rate_hz in AAC_RATES_HZ else 48_000
    stream = output.add_stream("aac", rate=rate)
    stream.codec_context.layout = "stereo" if stereo else "mono"
    stream.codec_context.bit_rate = AAC_BITS_PER_CHANNEL * (2 if stereo else 1)
    return stream


def _encode(stream: AudioStream, frames: Iterable[AudioFrame]) -> Iterator[Packet[Stream]]:
    context: AudioCodecContext = stream.codec_context
    resampler = AudioResampler("fltp", context.layout, context.sample_rate, BLOCK)
    for frame in frames:
        for block in resampler.resample(frame):
            yield from stream.encode(block)
    for block in resampler.resample(None):
        yield from stream.encode(block)
    yield from stream.encode(None)


def _pcm_frames(source: PcmAudio) -> Iterator[AudioFrame]:
    samples = source.samples if source.samples.ndim == 2 else source.samples[:, None]
    layout = "stereo" if samples.shape[1] == 2 else "mono"
    for at in range(0, len(samples), BLOCK):
        block = np.ascontiguousarray(samples[at : at + BLOCK].T)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate, frame.time_base = source.rate_hz, Fraction(1, source.rate_hz)
        frame.pts = at
        yield frame
