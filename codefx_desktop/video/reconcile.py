"""From what a scan told to what can be delivered, and the sentence a person reads about it.

Pure functions on values: packets against decoded pictures, against the header's claims, against
the file's own structure.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.video.timeline import Matcher, PacketTable, Timeline, timeline, usual_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.video.header import Header
    from codefx_desktop.video.scan import Decoded, Scan
    from codefx_desktop.video.timeline import BoolArray, IntArray

SLACK_S: Final = Fraction(1, 10)
SLACK_PICTURES: Final = 2


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with a clip, in figures; all zero for a whole one.

    Attributes:
        expected: Pictures that the packets or the header promise.
        delivered: Pictures that are delivered.
        before_key: Pictures before the first one that can be decoded without those before it.
        unreadable: Other pictures whose packets are there and give nothing.
        unreadable_from_s: Where the first of these is, seconds from the first picture.
        unreadable_to_s: Where the last of these is.
        damaged: Delivered pictures that are smeared.
        errors: Places that could not be read or decoded.
        missing_bytes: Bytes the file's structure promises beyond its end.
        missing_s: Seconds the header promises beyond the last picture.
        cancelled: Whether the clip was not read to its end.
    """

    expected: int
    delivered: int
    before_key: int = 0
    unreadable: int = 0
    unreadable_from_s: float = 0.0
    unreadable_to_s: float = 0.0
    damaged: int = 0
    errors: int = 0
    missing_bytes: int = 0
    missing_s: float = 0.0
    cancelled: bool = False

    @property
    def verdict(self) -> Verdict:
        """Ok if nothing is wrong."""
        whole = self.delivered >= self.expected and not (
            self.before_key
            or self.unreadable
            or self.damaged
            or self.errors
            or self.missing_bytes
            or self.missing_s
            or self.cancelled
        )
        return Verdict.OK if whole else Verdict.PARTIAL

    @property
    def message(self) -> str:
        """One sentence for a person; empty if nothing is wrong."""
        if self.verdict is Verdict.OK:
            return ""
        parts = []
        if self.delivered < self.expected:
            parts.append(f"{self.delivered} of {self.expected} frames")
        else:
            parts.append(f"{self.delivered} frames")
        if self.before_key:
            parts.append(f"the recording begins {self.before_key} frames before its first keyframe")
        if self.unreadable:
            parts.append(
                f"{self.unreadable} unreadable between {self.unreadable_from_s:.2f} s "
                f"and {self.unreadable_to_s:.2f} s"
            )
        if self.damaged:
            parts.append(f"{self.damaged} damaged")
        elif self.errors and not self.unreadable:
            parts.append(f"errors at {self.errors} places")
        if self.missing_bytes:
            parts.append("the file was cut short")
        elif self.missing_s:
            parts.append(f"the last {self.missing_s:.1f} s are missing")
        if self.cancelled:
            parts.append("not read to its end")
        return "; ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What can be delivered.

    Attributes:
        pictures: In presentation order, exactly what a reader delivers.
        findings: What is wrong.
    """

    pictures: Timeline
    findings: Findings


def reconcile(scan: Scan, header: Header, missing_bytes: int) -> Reconciled:
    """Compare packets, decoded pictures, claims and structure."""
    pictures = timeline(scan.table)
    readable = pictures.packet >= scan.first_key
    before_key = int(np.count_nonzero(~readable))
    promised = 0
    if scan.whole:
        delivered = _delivered(pictures, readable, scan.decoded)
        if delivered is None or not scan.table.has_all_times:
            # The packets' times are not those of the pictures (fields, packed pictures,
            # no times at all): then the decoder's are the truth.
            # Where fields have packets of their own, two of these make a picture.
            promised = 0 if scan.interlaced else len(pictures)
            pictures = _as_decoded(_table(scan.decoded, scan.table.time_base))
            delivered = np.ones(len(pictures), bool)
            readable = delivered.copy()
    else:
        delivered = readable & _head(pictures, readable, scan) & _tail(pictures, scan)
    # Refreshing streams begin to give pictures some way behind the place where decoding starts.
    begins = int(np.argmax(delivered)) if delivered.any() else 0
    before_key += int(np.count_nonzero(readable[:begins]))
    lost = begins + np.flatnonzero((readable & ~delivered)[begins:])
    origin = int(pictures.ticks[begins]) if len(pictures) else 0
    at = [float((int(t) - origin) * header.time_base) for t in pictures.ticks[lost]]
    kept = pictures.where(delivered)
    findings = Findings(
        expected=max(_expected(pictures, scan, header), promised),
        delivered=len(kept),
        before_key=before_key,
        unreadable=len(lost),
        unreadable_from_s=at[0] if at else 0.0,
        unreadable_to_s=at[-1] if at else 0.0,
        damaged=scan.damaged,
        errors=scan.decode_errors + scan.read_errors,
        missing_bytes=missing_bytes,
        missing_s=_missing_s(kept, scan, header),
        cancelled=scan.cancelled,
    )
    return Reconciled(kept, findings)


def _delivered(
    pictures: Timeline, readable: BoolArray, decoded: Sequence[Decoded]
) -> BoolArray | None:
    """Mark the pictures that were decoded; None if some of these have unknown times."""
    candidates = np.flatnonzero(readable)
    matcher = Matcher(pictures.pts[candidates])
    marked = np.zeros(len(pictures), bool)
    for picture in decoded:
        number = matcher.match(picture.pts)
        if number is None:
            return None
        marked[candidates[number]] = True
    return marked


def _head(pictures: Timeline, readable: BoolArray, scan: Scan) -> BoolArray:
    """Mark all but the pictures that should have come before the first decoded one."""
    mask = np.ones(len(pictures), bool)
    candidates = np.flatnonzero(readable)
    if scan.decoded and len(candidates):
        first = Matcher(pictures.pts[candidates]).match(scan.decoded[0].pts)
        mask[: candidates[first or 0]] = False
    return mask


def _tail(pictures: Timeline, scan: Scan) -> BoolArray:
    """Mark all but the pictures of the last group that its decoding did not give."""
    mask = np.ones(len(pictures), bool)
    if not scan.tail:
        return mask
    key_pts = scan.table.pts[scan.tail.start]
    # Pictures shown before the group's keyframe may need the group before; they are not judged.
    judged = np.flatnonzero(
        (pictures.packet >= scan.tail.start)
        & (pictures.pts >= (key_pts if key_pts is not None else 0))
    )
    matcher = Matcher(pictures.pts[judged])
    found = {matcher.match(p.pts) for p in scan.tail_decoded}
    lost = [place for number, place in enumerate(judged) if number not in found]
    mask[lost] = False
    return mask


def _expected(pictures: Timeline, scan: Scan, header: Header) -> int:
    """How many pictures there should be."""
    hidden = scan.table.shown.count(False)
    claimed = header.claimed_frames
    if header.container == "avi" and len(pictures):
        # AVI counts in frame intervals; a picture shown longer counts more than once.
        shown_longer = int(pictures.pts[-1]) + 1 - len(pictures)
        claimed -= max(0, shown_longer)
    return max(len(pictures), claimed - hidden)


def _missing_s(kept: Timeline, scan: Scan, header: Header) -> float:
    """How much earlier everything ends than the header says, beyond rounding."""
    if header.claimed_end_s is None or not len(kept):
        return 0.0
    step = int(kept.duration[-1]) or usual_step(kept.ticks)
    end = max(int(kept.pts.max() + step) * header.time_base, scan.others_end_s or Fraction(0))
    missing = header.claimed_end_s - end
    slack = SLACK_S + SLACK_PICTURES * step * header.time_base
    return float(missing) if missing > slack else 0.0


def _as_decoded(table: PacketTable) -> Timeline:
    """Return decoded pictures in the order in which they came, which is that of showing.

    Their times may be guesses that go back and forth by a picture (H.264 with B-frames in AVI):
    then the earliest time is the first picture's.
    """
    pictures = timeline(table)
    return Timeline(
        np.arange(len(table)),
        pictures.ticks,
        np.array(table.pts, np.int64),
        np.array(table.key, bool),
        np.array(table.duration, np.int64),
        pictures.stretch,
    )


def _table(decoded: Sequence[Decoded], time_base: Fraction) -> PacketTable:
    """Return decoded pictures as a table; those without a time follow the one before."""
    known: IntArray = np.array([p.pts for p in decoded if p.pts is not None], np.int64)
    step = usual_step(np.unique(known))
    table = PacketTable(time_base)
    last = -step
    for picture in decoded:
        last = picture.pts if picture.pts is not None else last + step
        table.pts.append(last)
        table.dts.append(last)
        table.duration.append(picture.duration)
        table.key.append(picture.key)
        table.shown.append(True)
        table.broken.append(False)
    return table
