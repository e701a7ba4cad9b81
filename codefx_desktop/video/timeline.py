"""From packet times to the exact time of every picture, without decoding.

Packets come in decoding order with raw times; this module finds where the clock starts again
(chapters glued together, a recorder restarted), sorts each stretch into presentation order and
joins the stretches to one clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.clip import FrameIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

RESET_BACK_S: Final = Fraction(1, 4)
"""A decoding clock that jumps back by more is a new stretch. Between neighbouring packets of one
recording it never goes back at all; badly remuxed files go back by a few ticks."""
ROUNDING_S: Final = Fraction(21, 20_000)
"""Times that stray less (just over 1 ms) from a constant rate were rounded to milliseconds by a
muxer once; no camera is meant by it."""
_SANE: Final = 1 << 60

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(slots=True)
class PacketTable:
    """What demuxing told about every video packet, in decoding order.

    Attributes:
        time_base: Seconds per tick of all times here.
        pts: Presentation times; None where the file has none.
        dts: Decoding times; None where the file has none.
        duration: Durations, 0 where unknown.
        key: Whether decoding can start here.
        shown: False where the container says: decode, do not show (edit lists).
        broken: Whether the packet is visibly damaged (flag or structure).
    """

    time_base: Fraction
    pts: list[int | None] = field(default_factory=list)
    dts: list[int | None] = field(default_factory=list)
    duration: list[int] = field(default_factory=list)
    key: list[bool] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    broken: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of packets."""
        return len(self.pts)

    @property
    def has_all_times(self) -> bool:
        """Whether every packet with a shown picture says when that is."""
        times = (p for p, shown in zip(self.pts, self.shown, strict=True) if shown)
        return all(p is not None and abs(p) < _SANE for p in times)


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Pictures in presentation order.

    Attributes:
        packet: int64 (N,), which packet (decoding order) each picture comes from.
        ticks: int64 (N,), unwrapped, strictly increasing; not yet starting at 0.
        pts: int64 (N,), raw times.
        key: bool (N,).
        duration: int64 (N,), 0 where unknown.
        stretch: int64 (N,), number of the stretch (0, 1, ... after each clock reset).
    """

    packet: IntArray
    ticks: IntArray
    pts: IntArray
    key: BoolArray
    duration: IntArray
    stretch: IntArray

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.packet)

    def where(self, mask: BoolArray) -> Timeline:
        """Return the pictures for which ``mask``, bool (N,), is True."""
        return Timeline(
            self.packet[mask],
            self.ticks[mask],
            self.pts[mask],
            self.key[mask],
            self.duration[mask],
            self.stretch[mask],
        )

    def index(self, time_base: Fraction) -> FrameIndex:
        """Return it as the clip's index, the first picture at 0."""
        ticks = self.ticks - self.ticks[0] if len(self) else self.ticks.copy()
        return FrameIndex(ticks, self.pts.copy(), self.key.copy(), time_base)


def timeline(table: PacketTable) -> Timeline:
    """Return the shown pictures of ``table`` in presentation order on one clock.

    Packets without a presentation time take their decoding time (formats without reordering).
    """
    pts = np.array(
        [p if p is not None else (d if d is not None else 0)
         for p, d in zip(table.pts, table.dts, strict=True)],
        np.int64,
    )  # fmt: skip
    pts = np.clip(pts, -_SANE, _SANE)
    stretch = _stretches(table)
    shown = np.flatnonzero(np.array(table.shown, bool))
    order = shown[np.lexsort((pts[shown], stretch[shown]))]
    duration = np.array(table.duration, np.int64)[order]
    ticks = _join(pts[order], stretch[order], duration)
    return Timeline(
        order, ticks, pts[order], np.array(table.key, bool)[order], duration, stretch[order]
    )


def _stretches(table: PacketTable) -> IntArray:
    """Number the stretches between clock resets, int64 per packet."""
    back = RESET_BACK_S / table.time_base
    numbers = np.zeros(len(table), np.int64)
    current, last = 0, None
    for i, (dts, pts) in enumerate(zip(table.dts, table.pts, strict=True)):
        clock = dts if dts is not None else (pts if table.key[i] else None)
        if clock is not None:
            if last is not None and last - clock > back:
                current += 1
            last = clock
        numbers[i] = current
    return numbers


def _join(pts: IntArray, stretch: IntArray, duration: IntArray) -> IntArray:
    """Put the stretches one after the other and make times strictly increase."""
    ticks = pts.copy()
    starts = np.flatnonzero(np.diff(stretch)) + 1
    for start in starts:
        step = int(duration[start - 1]) or usual_step(ticks[:start])
        ticks[start:] += ticks[start - 1] + step - ticks[start]
    # Pictures that share a time are told apart by one tick each.
    count = np.arange(len(ticks), dtype=np.int64)
    return np.maximum.accumulate(ticks - count) + count if len(ticks) else ticks


def usual_step(ticks: IntArray) -> int:
    """Return the median distance of neighbouring pictures in ticks, at least 1."""
    return max(1, int(np.median(np.diff(ticks)))) if len(ticks) > 1 else 1


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast pictures follow each other."""

    average: Fraction | None
    variable: bool
    last_duration: int


def rate(
    ticks: IntArray, last_duration: int, time_base: Fraction, nominal: Fraction | None
) -> Rate:
    """Measure the rate.

    Args:
        ticks: int64 (N,), strictly increasing.
        last_duration: Duration of the last picture in ticks, 0 where unknown.
        time_base: Seconds per tick.
        nominal: What the container says; taken where the times agree with it within rounding
            (Matroska rounds 29.97 to milliseconds; the exact 30000/1001 is in its header).
    """
    n = len(ticks)
    if n < 2:
        return Rate(nominal, variable=False, last_duration=last_duration)
    measured = Fraction(n - 1) / (int(ticks[-1] - ticks[0]) * time_base)
    candidates = [r for r in (nominal, Fraction(round(measured)), measured) if r]
    for candidate in candidates:
        if _is_constant(ticks, candidate, time_base):
            step = round(1 / (candidate * time_base))
            return Rate(candidate, variable=False, last_duration=last_duration or step)
    return Rate(measured, variable=True, last_duration=last_duration or usual_step(ticks))


def _is_constant(ticks: IntArray, rate_hz: Fraction, time_base: Fraction) -> bool:
    """Whether every picture is within rounding of its place at a constant rate."""
    step = 1 / (rate_hz * time_base)
    ideal = np.arange(len(ticks), dtype=np.float64) * float(step)
    off = (ticks - ticks[0]) - ideal
    return bool(off.max() - off.min() <= max(1.01, float(ROUNDING_S / time_base)))


def span_s(ticks: Sequence[int] | IntArray, last_duration: int, time_base: Fraction) -> float:
    """Return seconds from the first picture's start to the last one's end."""
    if not len(ticks):
        return 0.0
    return float((int(ticks[-1]) - int(ticks[0]) + last_duration) * time_base)


class Matcher:
    """Tells which picture of an index a decoded picture is; decoders deliver in its order.

    Args:
        pts: int64 (N,), raw times in presentation order.
    """

    def __init__(self, pts: IntArray) -> None:
        self._pts = pts
        self._next = 0

    def match(self, pts: int | None) -> int | None:
        """Return the number of a picture with this raw time; None if the index lacks it.

        Pictures that the decoder left out are passed over. A picture without a time is taken
        for the next one.
        """
        here = self._next
        if here >= len(self._pts):
            return None
        if pts is not None and self._pts[here] != pts:
            later = np.flatnonzero(self._pts[here:] == pts)
            if not len(later):
                return None
            here += int(later[0])
        self._next = here + 1
        return here
