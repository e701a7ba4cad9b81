"""Proves an encoder on this machine: writes known pictures, reads them back, compares.

The pictures go through ``VideoWriter`` with the job's own size, clock, rate and quality, and come
back through the reader and its software decoder. Each picture carries its number, so that a
missing or swapped one is seen, and colours on all sides, so that a green, flipped or wrongly
converted one is.

A driver may crash or hang. Whoever calls this lets it happen in a process of its own.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, Self

import av
import av.logging
import numpy as np

from codefx_desktop.domain.errors import ClipError, EncodeError
from codefx_desktop.video.encoders import (
    NOT_BUILT_IN,
    EncodePlan,
    Encoder,
    TrialOutcome,
    is_built_in,
)
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.writer import MAX_CLOCK_HZ, VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from codefx_desktop.domain.frame import Pixels

log = logging.getLogger(__name__)

PICTURES: Final = 30
KEYFRAME_DISTANCE: Final = 12
"""At most; so that several keyframes come within a trial."""
LEAST_SIDE_PX: Final = 128
"""Below it edges weigh more than areas, and the hardware takes no such pictures itself."""
LEAST_PSNR_DB: Final = 32.0
"""libx264 at its lowest quality reaches 40 at 1080p (33 at 128 pixels); colours converted with
BT.601 for BT.709 come to 29.6, limited range taken for full to 27.8."""
LIMIT_S: Final = 20.0
STEPS: Final = (1, 4, 2, 7, 1, 1, 9, 3)
"""Irregular intervals. A short one first, then longer: decoding times that a driver derives from
the first interval would come after the picture they belong to."""
BITS: Final = 5
EVEN: Final = ~1
"""Edges lie on even pixels, where halved colour has its own."""
SAMPLE: Final = 3
"""Every third pixel each way is compared."""


class Writer(Protocol):
    """The part of ``VideoWriter`` that a trial uses."""

    @property
    def encoder(self) -> Encoder:
        """The encoder that is in use."""
        ...

    def write(self, pixels: Pixels, ticks: int) -> None:
        """Encode the next picture."""
        ...

    def finish(self) -> int:
        """Encode what is waiting and close the file."""
        ...

    def __enter__(self) -> Self:
        """Open the file."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        ...


class Refused(Exception):  # noqa: N818 - a verdict, not an error
    """The encoder did not pass, for the reason that this carries."""


def try_encoder(
    encoder: Encoder,
    plan: EncodePlan,
    folder: Path,
    *,
    open_writer: Callable[..., Writer] = VideoWriter,
    limit_s: float = LIMIT_S,
) -> TrialOutcome:
    """Try an encoder; what it does wrong is the outcome's reason.

    Args:
        encoder: The encoder.
        plan: What the job is going to ask of it.
        folder: Where the trial's file may lie for a moment.
        open_writer: Makes the writer, with the arguments of ``VideoWriter``.
        limit_s: The trial ends soon after this time.

    Raises:
        OutputError: If the folder cannot be written to; that says nothing about the encoder.
    """
    started = time.perf_counter()
    part = folder / f"trial_{encoder.name}.mp4"
    reason = ""
    try:
        _Trial(encoder, plan, part, started + limit_s).run(open_writer)
    except Refused as refusal:
        reason = str(refusal)
    except (EncodeError, ClipError) as error:
        reason = error.message
    finally:
        part.unlink(missing_ok=True)
    return TrialOutcome(encoder.name, not reason, reason, time.perf_counter() - started)


def let_ffmpeg_speak() -> None:
    """Send what FFmpeg says about errors to the error stream of this process, for good.

    Not through PyAV's own capture: it takes the GIL on the thread that speaks, and a decoder
    that is being closed holds the GIL while it waits for that very thread.
    """
    av.logging.set_libav_level(av.logging.ERROR)
    av.logging.restore_default_callback()


@dataclass
class _Trial:
    encoder: Encoder
    plan: EncodePlan
    part: Path
    deadline: float

    def run(self, open_writer: Callable[..., Writer]) -> None:
        if min(self.plan.width, self.plan.height) < LEAST_SIDE_PX:
            raise Refused(f"pictures of less than {LEAST_SIDE_PX} pixels are not tried")
        if not is_built_in(self.encoder):
            raise Refused(NOT_BUILT_IN)
        self._write(open_writer)
        try:
            clip = probe(self.part)
        except ClipError as error:
            raise Refused(f"its file cannot be read: {error.message}") from error
        self._compare_index(clip)
        self._compare_tags()
        self._compare_pictures(clip)

    @cached_property
    def distance(self) -> int:
        """Pictures from keyframe to keyframe."""
        return min(self.plan.keyframe_distance or KEYFRAME_DISTANCE, KEYFRAME_DISTANCE)

    @cached_property
    def ticks(self) -> tuple[int, ...]:
        """Times of the pictures: irregular, starting anywhere but at 0."""
        interval = max(1, round(1 / (self.plan.average_rate * self.plan.time_base)))
        ticks = [3 * interval]
        for number in range(1, PICTURES):
            ragged = number % 3 if interval > 3 else 0
            ticks.append(ticks[-1] + STEPS[number % len(STEPS)] * interval + ragged)
        return tuple(ticks)

    @cached_property
    def ground(self) -> Pixels:
        """Colours without edges that repeat across the width, RGB, (H, W, 3), uint8."""
        width, height = self.plan.width, self.plan.height
        across = 2 * np.pi * np.arange(width, dtype=np.float32)[None, :, None] / width
        down = np.pi * np.arange(height, dtype=np.float32)[:, None, None] / height
        phase = np.array([0.0, 2.1, 4.2], np.float32)
        shades = 128 + 60 * np.sin(across + phase) + 50 * np.cos(down + phase)
        pixels: Pixels = shades.astype(np.uint8)
        return pixels

    def picture(self, number: int) -> Pixels:
        """Return picture ``number``: moving ground, a colour in each corner, its number."""
        width, height = self.plan.width, self.plan.height
        pixels = np.roll(self.ground, number * max(2, width // 60), axis=1)
        side = min(width, height) // 6 & EVEN
        for rows, columns, colour in (
            (slice(side), slice(side), (200, 30, 30)),
            (slice(side), slice(width - side, None), (30, 180, 30)),
            (slice(height - side, None), slice(side), (40, 40, 210)),
            (slice(height - side, None), slice(width - side, None), (230, 230, 230)),
        ):
            pixels[rows, columns] = colour
        for bit, (rows, columns) in enumerate(self._cells()):
            pixels[rows, columns] = 220 if number >> bit & 1 else 30
        return pixels

    def _cells(self) -> Iterator[tuple[slice, slice]]:
        width, height = self.plan.width, self.plan.height
        size, top = width // (BITS + 2) & EVEN, height // 2 & EVEN
        for bit in range(BITS):
            left = (bit + 1) * size
            yield slice(top, top + (height // 8 & EVEN)), slice(left, left + size)

    def _number(self, pixels: Pixels) -> int:
        bits = (pixels[cell].mean() > 125 for cell in self._cells())
        return sum(1 << place for place, bit in enumerate(bits) if bit)

    def _write(self, open_writer: Callable[..., Writer]) -> None:
        plan = self.plan
        with open_writer(
            self.part,
            width=plan.width,
            height=plan.height,
            time_base=plan.time_base,
            average_rate=plan.average_rate,
            preset=plan.preset,
            keyframe_distance=self.distance,
            encoder=self.encoder,
            warn=log.info,
        ) as writer:
            if writer.encoder != self.encoder:
                raise Refused("it cannot be opened")
            for number, ticks in enumerate(self.ticks):
                self._check_time()
                writer.write(self.picture(number), ticks)
            writer.finish()

    def _compare_index(self, clip: ProbedClip) -> None:
        index = clip.index
        if len(index) != PICTURES:
            raise Refused(f"{len(index)} of {PICTURES} pictures came back")
        for number, ticks in enumerate(self.ticks):
            wanted = (ticks - self.ticks[0]) * self.plan.time_base
            off = index.time(number).exact_s - wanted
            if abs(off) > self._rounding:
                raise Refused(f"picture {number} is {float(off) * 1000:+.3f} ms off its time")
        if not index.keyframe[0]:
            raise Refused("the first picture is no keyframe")
        keys = np.append(np.flatnonzero(index.keyframe), PICTURES)
        if (widest := int(np.diff(keys).max())) > self.distance:
            raise Refused(f"{widest} pictures from keyframe to keyframe, not {self.distance}")

    @property
    def _rounding(self) -> Fraction:
        """Clocks finer than the writer's finest are rounded to that."""
        finest = Fraction(1, MAX_CLOCK_HZ)
        return finest if self.plan.time_base.denominator > finest.denominator else Fraction(0)

    def _compare_tags(self) -> None:
        with av.open(f"file:{self.part.absolute()}", format="mp4") as container:
            context = container.streams.video[0].codec_context
            # 1: BT.709, and limited range.
            tags = (context.colorspace, context.color_primaries, context.color_trc)
            if any(int(tag) != 1 for tag in (*tags, context.color_range)):
                raise Refused("its file does not say that its colours are BT.709, limited range")

    def _compare_pictures(self, clip: ProbedClip) -> None:
        width, height = self.plan.width, self.plan.height
        with FrameReader(clip) as reader:
            for frame in reader:
                self._check_time()
                pixels = frame.pixels[:height, :width]
                wanted = self.picture(frame.number)
                quality = _alike_db(wanted, pixels)
                if quality >= LEAST_PSNR_DB:
                    continue
                shown = self._number(pixels)
                if _alike_db(self.picture(shown), pixels) >= LEAST_PSNR_DB:
                    raise Refused(f"picture {frame.number} shows picture {shown}")
                raise Refused(
                    f"picture {frame.number} does not look like what was written "
                    f"({quality:.1f} dB, at least {LEAST_PSNR_DB:.0f} wanted)"
                )
        if reader.report.frames != PICTURES or reader.report.damaged:
            raise Refused(f"{reader.report.frames} of {PICTURES} pictures can be decoded")

    def _check_time(self) -> None:
        if time.perf_counter() > self.deadline:
            raise Refused("its trial took too long")


def _alike_db(a: Pixels, b: Pixels) -> float:
    return psnr_db(a[::SAMPLE, ::SAMPLE], b[::SAMPLE, ::SAMPLE])


def psnr_db(a: Pixels, b: Pixels) -> float:
    """Return how alike two pictures are: peak signal to noise, in dB; inf if they are equal.

    Args:
        a: (H, W, 3), uint8.
        b: The same shape.
    """
    difference = a.astype(np.int16) - b
    mean = float(np.mean(np.square(difference, dtype=np.int32)))
    return float("inf") if mean == 0 else 10 * float(np.log10(255**2 / mean))
