"""What is known about a clip: probe result, exact times, verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import floor, ulp
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pathlib import Path


CLIP_SUFFIXES = (".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".ts", ".mts")
"""File names of clips end so, in any case."""


class Verdict(StrEnum):
    """How much of a clip can be delivered."""

    OK = "ok"
    PARTIAL = "partial"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class FrameTime:
    """The presentation time of one frame, exact.

    Attributes:
        ticks: Time on the clip's own unwrapped clock in units of ``time_base``; the first shown
            picture is 0 and later frames are strictly greater.
        time_base: Seconds per tick.
        pts: The raw presentation timestamp in the file, in the same units; None if the file
            has none.
    """

    ticks: int
    time_base: Fraction
    pts: int | None = None

    @property
    def exact_s(self) -> Fraction:
        """Seconds from the first shown picture, exact."""
        return self.ticks * self.time_base

    @property
    def seconds(self) -> float:
        """Seconds from the first shown picture, nearest float64."""
        return float(self.exact_s)


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Times of every frame of a clip in presentation order.

    Attributes:
        ticks: int64 (N,), unwrapped, first 0, strictly increasing, in ``time_base`` units.
        pts: int64 (N,), raw timestamps as in the file, in ``time_base`` units.
        keyframe: bool (N,), True where decoding can start.
        time_base: Seconds per tick.
    """

    ticks: npt.NDArray[np.int64]
    pts: npt.NDArray[np.int64]
    keyframe: npt.NDArray[np.bool_]
    time_base: Fraction

    def __post_init__(self) -> None:
        """Check shapes and order.

        Raises:
            ValueError: If lengths differ or ticks do not increase strictly from 0.
        """
        n = len(self.ticks)
        if len(self.pts) != n or len(self.keyframe) != n:
            raise ValueError(f"lengths differ: {n}, {len(self.pts)}, {len(self.keyframe)}")
        if n and (self.ticks[0] != 0 or bool(np.any(np.diff(self.ticks) <= 0))):
            raise ValueError("ticks must start at 0 and increase strictly")
        for array in (self.ticks, self.pts, self.keyframe):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.ticks)

    def time(self, number: int) -> FrameTime:
        """Return the time of frame ``number``.

        Raises:
            IndexError: If there is no such frame.
        """
        if not 0 <= number < len(self.ticks):
            raise IndexError(f"frame {number} of {len(self.ticks)}")
        return FrameTime(int(self.ticks[number]), self.time_base, int(self.pts[number]))

    def number_at(self, seconds: float) -> int:
        """Return the number of the frame that is on screen at a time.

        Args:
            seconds: From the first picture; earlier times give the first, later ones the last.

        Raises:
            IndexError: If the clip has no frames.
        """
        if not len(self.ticks):
            raise IndexError("a clip without frames shows nothing")
        # A float is a hair off the exact time: a frame's own ``seconds`` must give that frame.
        hair = max(self.time_base / 1000, Fraction(ulp(seconds)))
        ticks = floor((Fraction(seconds) + hair) / self.time_base)
        place = int(np.searchsorted(self.ticks, ticks, side="right")) - 1
        return max(place, 0)


@dataclass(frozen=True, slots=True)
class ClipSize:
    """How much a clip holds as its header says, before anybody has read it.

    Attributes:
        frames: How many frames, at least 1.
        duration_s: How long they last, above 0.
        width: Width of a picture in pixels, sample aspect applied, before it is turned upright.
        height: Its height.
    """

    frames: int
    duration_s: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What probing told about a clip.

    Attributes:
        path: The file as it was named.
        size_bytes: File size.
        fingerprint: ``v1:`` + SHA-256 over size and sampled blocks; empty if not computed.
        container: Format name of the demuxer (``mov,mp4,...``).
        codec: Video codec name.
        pixel_format: Decoder pixel format.
        width: Upright width in pixels as a person sees it (rotation and sample aspect applied).
        height: Upright height in pixels.
        coded_width: Width of the stored picture.
        coded_height: Height of the stored picture.
        rotation: Degrees clockwise that were applied to the stored picture: 0, 90, 180, 270.
        mirrored: Whether the stored picture is mirrored for display.
        sample_aspect: Pixel aspect ratio of the stored picture.
        interlaced: Whether fields are interleaved (the reader deinterlaces).
        average_rate: Exact average frames per second; None when it cannot be known.
        variable_rate: Whether frame intervals differ by more than a tick's rounding.
        frames: Frames that are delivered (exact where ``index`` is there, else an estimate).
        start_s: Time of the first shown picture on the file's own clock.
        duration_s: From the first picture's start to the last picture's end.
        bit_depth: Bits per stored sample.
        color_range: ``limited`` or ``full``; empty where the clip does not say.
        color_matrix: From YUV to RGB (``bt709``, ``bt601``, ``bt2020``, ...), or empty.
        color_transfer: Transfer characteristic (``bt709``, ``pq``, ``hlg``, ...), or empty.
        color_primaries: Primaries (``bt709``, ``bt2020``, ...), or empty. Frames are delivered
            as BT.709 SDR whatever these say.
        has_audio: Whether there is a sound stream.
        audio_codec: Its codec, or empty.
        verdict: ok, partial or error.
        message: One sentence for a person about the verdict.
        metadata: Camera and container tags as found.
    """

    path: Path
    size_bytes: int
    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    coded_width: int
    coded_height: int
    frames: int
    duration_s: float
    fingerprint: str = ""
    rotation: int = 0
    mirrored: bool = False
    sample_aspect: Fraction = Fraction(1)
    interlaced: bool = False
    average_rate: Fraction | None = None
    variable_rate: bool = False
    start_s: float = 0.0
    has_audio: bool = False
    audio_codec: str = ""
    bit_depth: int = 8
    color_range: str = ""
    color_matrix: str = ""
    color_transfer: str = ""
    color_primaries: str = ""
    created: str = ""
    verdict: Verdict = Verdict.OK
    message: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
