"""Writes pictures as H.264 into a part file that survives a pulled battery."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack, suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Self, cast

import av
import av.error
import numpy as np
from av.codec.hwaccel import HWAccel
from av.video.frame import PictureType
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    ColorTrc,
    Interpolation,
    VideoReformatter,
)

from codefx_desktop.domain.errors import EncodeError
from codefx_desktop.domain.job import QualityPreset
from codefx_desktop.video.encoders import X264, EncodePlan, Encoder, options
from codefx_desktop.video.output import CheckedFile, writing
from codefx_desktop.video.sound import AudioSource, ClipAudio, PcmAudio

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from codefx_desktop.domain.frame import Pixels

__all__ = ["AudioSource", "ClipAudio", "PcmAudio", "QualityPreset", "VideoWriter"]

log = logging.getLogger(__name__)

FRAGMENT_S: Final = 2
"""At most this much footage is lost when the power goes."""
FRAGMENTED: Final = "+frag_keyframe+empty_moov+default_base_moof+delay_moov"
MAX_CLOCK_HZ: Final = 1_000_000
MAX_THREADS: Final = 4
"""x264 holds a picture per thread; detection needs the other cores."""


class VideoWriter:
    """Encodes pictures to H.264 (4:2:0, BT.709 limited) in a fragmented MP4, without sound.

    Every picture keeps its exact time: the clock of the file is the clip's (``time_base``) with
    a numerator of 1; only clocks faster than ``max_clock_hz`` are rounded to it. A fragment ends
    every two seconds, so a part file that was never finished is still a video. Sound is added by
    ``finalise``, which has to copy the file anyway to put its index first.

    H.264 in 4:2:0 needs even sides: an odd width or height is padded by one pixel that repeats
    the picture's edge, so that coordinates stay what they are.

    A hardware encoder that cannot be opened (all its sessions are in use, say) is replaced by
    libx264, and ``warn`` is told. One that fails later is an error: its pictures so far are not
    joined with another encoder's.

    Use as a context manager. Without ``finish`` the part file stays as it is.

    Args:
        part: The file to write; replaced if it is there.
        width: Width of the pictures in pixels.
        height: Height of the pictures in pixels.
        time_base: Seconds per tick of the times given to ``write``.
        average_rate: Frames per second, for the encoder's decisions; 30 if not known.
        preset: Quality against size and speed.
        metadata: Tags of the file.
        keyframe_distance: Pictures from keyframe to keyframe; those of 2 s if not given.
        encoder: The encoder to use.
        warn: Told in a sentence why another encoder is used.
        encoder_options: The encoder's own options instead of those of the preset.
        fragmented: Whether the part file is a video before it is finished.
        max_clock_hz: The finest clock, at most 1 GHz; no two pictures may be 2^31 ticks apart.
    """

    def __init__(  # noqa: PLR0913 - one output has many sides; most have a default
        self,
        part: Path,
        *,
        width: int,
        height: int,
        time_base: Fraction,
        average_rate: Fraction | None = None,
        preset: QualityPreset = QualityPreset.STANDARD,
        metadata: dict[str, str] | None = None,
        keyframe_distance: int | None = None,
        encoder: Encoder = X264,
        warn: Callable[[str], None] = log.warning,
        encoder_options: dict[str, str] | None = None,
        fragmented: bool = True,
        max_clock_hz: int = MAX_CLOCK_HZ,
    ) -> None:
        self._part = part
        self._shape = (height, width, 3)
        self._size = (width + width % 2, height + height % 2)
        self._padded = None if self._size == (width, height) else self._padding()
        self._scale, self._clock = _clock(time_base, max_clock_hz)
        self._rate = average_rate or Fraction(30)
        self._plan = EncodePlan(*self._size, self._clock, self._rate, preset, keyframe_distance)
        self._metadata = metadata or {}
        self._encoder = encoder
        self._warn = warn
        self._encoder_options = encoder_options
        self._flags = {"movflags": FRAGMENTED} if fragmented else {}
        self._reformatter = VideoReformatter()
        self._stack = ExitStack()
        self._frames = 0
        self._last_ticks: int | None = None
        self._finished = False

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            NotWritable: If it cannot be created.
            EncodeError: If no encoder can be opened.
        """
        try:
            self._open()
        except EncodeError as error:
            if not self._encoder.is_hardware:
                raise
            self._warn(f"{error.message} libx264 is used instead.")
            self._encoder = X264
            self._open()
        return self

    @property
    def encoder(self) -> Encoder:
        """The encoder that is in use."""
        return self._encoder

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; what was not finished keeps what is in it."""
        if self._finished:
            return
        self._finished = True
        if kind is None:
            with writing(self._part):
                self._stack.close()
            return
        with suppress(av.error.FFmpegError, OSError):  # the first error is the one to tell
            self._stack.close()

    def write(self, pixels: Pixels, ticks: int) -> None:
        """Encode the next picture.

        Args:
            pixels: RGB, (height, width, 3), uint8.
            ticks: Its time in units of ``time_base``; later than the one before.

        Raises:
            ValueError: If shape, type or order are wrong.
            NoSpace: If the disk is full.
            NotWritable: If the place can no longer be written to.
            EncodeError: If encoding fails.
        """
        if pixels.shape != self._shape or pixels.dtype != np.uint8:
            raise ValueError(f"expected {self._shape} uint8, got {pixels.shape} {pixels.dtype}")
        self._check_order(ticks)
        picture = av.VideoFrame.from_numpy_buffer(self._even(pixels), format="rgb24")
        with writing(self._part):
            frame = self._reformatter.reformat(
                picture,
                format=self._encoder.pixel_format,
                src_color_range=ColorRange.JPEG,
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=Interpolation.BILINEAR,
                threads=1,
            )
            self._put(frame, ticks)

    def write_decoded(self, picture: VideoFrame, ticks: int) -> None:
        """Encode the next picture as a decoder gave it: the way through RGB costs as much again.

        Args:
            picture: YUV, BT.709, limited range; scaled where its size is another. Its time and
                type are changed.
            ticks: Its time in units of ``time_base``; later than the one before.

        Raises:
            ValueError: If the sides of the output are odd, or the order is wrong.
            NoSpace: If the disk is full.
            NotWritable: If the place can no longer be written to.
            EncodeError: If encoding fails.
        """
        if self._padded is not None:
            raise ValueError("decoded pictures are not padded")
        self._check_order(ticks)
        with writing(self._part):
            frame = self._reformatter.reformat(
                picture,
                *self._size,
                self._encoder.pixel_format,
                interpolation=Interpolation.BICUBIC,
                threads=1,
            )
            frame.pict_type = PictureType.NONE  # the encoder would follow it
            self._put(frame, ticks)

    def finish(self) -> int:
        """Encode what is waiting, close the file and return how many pictures it holds.

        Raises:
            NoSpace: If the disk is full.
            NotWritable: If the place can no longer be written to.
            EncodeError: If encoding fails.
        """
        with writing(self._part):
            self._output.mux(self._encode(None))
            self._finished = True
            self._stack.close()
            self._file.check()
        return self._frames

    def _check_order(self, ticks: int) -> None:
        if self._last_ticks is not None and ticks <= self._last_ticks:
            raise ValueError(f"time {ticks} is not after {self._last_ticks}")
        self._last_ticks = ticks

    def _put(self, frame: VideoFrame, ticks: int) -> None:
        frame.pts, frame.time_base = round(ticks * self._scale), self._clock
        frame.duration = max(1, round(1 / (self._rate * self._clock)))
        self._output.mux(self._encode(frame))
        self._frames += 1

    def _open(self) -> None:
        with writing(self._part), ExitStack() as stack:
            self._file = CheckedFile(self._part)
            stack.callback(self._file.close)
            self._output = stack.enter_context(
                av.open(self._file, "w", format="mp4", options=self._flags)
            )
            self._output.metadata.update(self._metadata)
            self._open_encoder()
            self._stack = stack.pop_all()

    def _open_encoder(self) -> None:
        """Open the encoder, apart from the file: its errors say nothing about the disk.

        Raises:
            EncodeError: If it cannot be opened, or does not know one of its options.
        """
        device = self._encoder.device
        try:
            stream = self._output.add_stream(
                self._encoder.name,
                rate=self._rate.limit_denominator(1001),
                options=self._encoder_options or options(self._encoder, self._plan),
                hwaccel=None if device is None else HWAccel(device),
            )
            self._stream = cast("VideoStream", stream)
            self._configure()
            self._stream.codec_context.open()
        # PyAV: not implemented is an encoder that cannot be used with this kind of device.
        except (av.error.FFmpegError, ValueError, NotImplementedError) as error:
            raise self._failed("could not be opened", error) from error
        if unknown := self._stream.codec_context.options:
            raise self._failed(f"does not know {', '.join(unknown)}")

    def _encode(self, frame: VideoFrame | None) -> list[Packet[VideoStream]]:
        try:
            return self._stream.encode(frame)
        except av.error.FFmpegError as error:
            raise self._failed(f"failed after {self._frames} frames", error) from error

    def _failed(self, what: str, error: Exception | None = None) -> EncodeError:
        detail = "" if error is None else f": {getattr(error, 'strerror', None) or error}"
        hint = (
            "Run the job again; it will be encoded with libx264."
            if self._encoder.is_hardware
            else "Run the job again; if it happens again, report it with the log."
        )
        return EncodeError(
            f"The encoder {self._encoder.name} {what}{detail}.", hint=hint, path=self._part
        )

    def _configure(self) -> None:
        stream, context = self._stream, self._stream.codec_context
        stream.width, stream.height = self._size
        stream.pix_fmt = self._encoder.pixel_format
        stream.time_base = context.time_base = self._clock
        distance = self._plan.keyframe_distance
        context.gop_size = distance or max(1, round(FRAGMENT_S * self._rate))
        context.thread_count = min(MAX_THREADS, os.cpu_count() or 1)
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709

    def _padding(self) -> Pixels:
        width, height = self._size
        return np.empty((height, width, 3), np.uint8)

    def _even(self, pixels: Pixels) -> Pixels:
        if self._padded is None:
            return np.ascontiguousarray(pixels)
        height, width, _ = self._shape
        self._padded[:height, :width] = pixels
        self._padded[height:, :width] = pixels[-1:]
        self._padded[:, width:] = self._padded[:, width - 1 : width]
        return self._padded


def _clock(time_base: Fraction, max_hz: int) -> tuple[Fraction, Fraction]:
    """Return what ticks are multiplied with, and the clock they then count."""
    clock = Fraction(1, min(time_base.denominator, max_hz))
    return time_base / clock, clock
