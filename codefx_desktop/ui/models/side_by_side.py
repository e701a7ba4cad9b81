"""Two texts that say the same in different lines, scrolled as one."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class SideBySide:
    """Which line of one text belongs beside a line of the other.

    Between two pairs that are known to say the same, lines are shared out evenly.

    Args:
        anchors: Pairs of lines, rising in both.
    """

    def __init__(self, anchors: Sequence[tuple[int, int]] = ()) -> None:
        self._pairs = tuple(anchors) or ((0, 0),)

    def right_of(self, line: int) -> int:
        """Return the line of the second text beside one of the first."""
        return _across(self._pairs, line)

    def left_of(self, line: int) -> int:
        """Return the line of the first text beside one of the second."""
        return _across([(other, one) for one, other in self._pairs], line)

    def within(self, left_most: int, right_most: int) -> SideBySide:
        """Return the same for texts whose top line goes no further than these.

        A view shows its last page before its top line is the last: both must come to their end
        together.
        """
        inside = [(min(one, left_most), min(other, right_most)) for one, other in self._pairs]
        return SideBySide(sorted({*inside, (0, 0), (left_most, right_most)}))


def _across(pairs: Sequence[tuple[int, int]], line: int) -> int:
    place = bisect_right(pairs, line, key=lambda pair: pair[0])
    if line <= pairs[0][0]:
        return pairs[0][1]
    (low, low_other) = pairs[place - 1]
    if place == len(pairs) or line == low:
        return low_other
    (high, high_other) = pairs[place]
    return low_other + round((line - low) / (high - low) * (high_other - low_other))
