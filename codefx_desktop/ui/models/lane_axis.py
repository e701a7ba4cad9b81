"""Which part of a clip's time the lanes show, and where frames lie on it; by their true times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.clip import FrameIndex

    Floats = npt.NDArray[np.float64]

FEWEST: Final = 2.0
"""At the most a picture of the shortest duration takes one part in so many of the width."""
_HAIR_S: Final = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class LaneAxis:
    """Maps seconds from the first picture to pixels across, for a part of the clip.

    Attributes:
        times_s: float64 (F,), when each frame is shown; strictly rising.
        ends_s: When the last one leaves the screen.
        left_px: Where the part begins.
        width_px: How wide it is.
        first_s: The instant at its beginning.
        last_s: The instant at its end.
    """

    times_s: Floats
    ends_s: float
    left_px: float
    width_px: float
    first_s: float
    last_s: float

    @classmethod
    def whole(cls, times_s: Floats, ends_s: float, left_px: float, width_px: float) -> LaneAxis:
        """Return an axis that shows all of a clip."""
        ends_s = max(ends_s, float(times_s[-1]) if len(times_s) else 0.0, 1e-3)
        return cls(times_s, ends_s, left_px, max(1.0, width_px), 0.0, ends_s)

    @property
    def span_s(self) -> float:
        """How much time is shown."""
        return self.last_s - self.first_s

    @property
    def scale(self) -> float:
        """Pixels a second."""
        return self.width_px / self.span_s

    @property
    def is_whole(self) -> bool:
        """Whether all of the clip is shown."""
        return self.first_s <= 0.0 and self.last_s >= self.ends_s

    @property
    def least_span_s(self) -> float:
        """The span beyond which nothing is enlarged: single frames can be told apart."""
        if len(self.times_s) < 2:
            return self.ends_s
        return min(FEWEST * float(np.diff(self.times_s).min()), self.ends_s)

    @property
    def window(self) -> tuple[float, float, float, float]:
        """What is shown and where; two axes of a clip that agree in it show the same."""
        return self.first_s, self.last_s, self.left_px, self.width_px

    def x_of(self, seconds: float) -> float:
        """Return where an instant lies; also beyond the part that is shown."""
        return self.left_px + (seconds - self.first_s) * self.scale

    def seconds_at(self, x_px: float) -> float:
        """Return the instant at a place, within the clip."""
        return min(max(self.first_s + (x_px - self.left_px) / self.scale, 0.0), self.ends_s)

    def number_at(self, seconds: float) -> int:
        """Return the frame that is on screen at an instant."""
        place = int(np.searchsorted(self.times_s, seconds + _HAIR_S, side="right")) - 1
        return max(place, 0)

    def nearest(self, seconds: float) -> int:
        """Return the frame that begins nearest to an instant."""
        before = self.number_at(seconds)
        if before + 1 >= len(self.times_s):
            return before
        is_later = self.times_s[before + 1] - seconds < seconds - self.times_s[before]
        return before + 1 if is_later else before

    def frame_span(self, number: int) -> tuple[float, float]:
        """Return from when to when a frame is on screen."""
        begin = float(self.times_s[number])
        later = number + 1 < len(self.times_s)
        return begin, float(self.times_s[number + 1]) if later else self.ends_s

    def shown_frames(self) -> tuple[int, int]:
        """Return the first frame any of whose time is shown, and the one after the last."""
        first = self.number_at(self.first_s)
        return first, int(np.searchsorted(self.times_s, self.last_s, side="left"))

    def frame_px(self) -> float:
        """Return how wide frames are here on average."""
        first, last = self.shown_frames()
        return self.width_px / max(1, last - first)

    def placed(self, left_px: float, width_px: float) -> LaneAxis:
        """Return the same part in another width."""
        return replace(self, left_px=left_px, width_px=max(1.0, width_px))

    def zoomed(self, factor: float, at_s: float) -> LaneAxis:
        """Return it so many times larger, with an instant staying where it lies."""
        span = min(max(self.span_s / factor, self.least_span_s), self.ends_s)
        part = (at_s - self.first_s) / self.span_s
        first = at_s - part * span
        return self.showing(first, first + span)

    def panned(self, seconds: float) -> LaneAxis:
        """Return the part that begins so much later."""
        return self.showing(self.first_s + seconds, self.last_s + seconds)

    def fitted(self) -> LaneAxis:
        """Return all of the clip."""
        return replace(self, first_s=0.0, last_s=self.ends_s)

    def showing(self, first_s: float, last_s: float) -> LaneAxis:
        """Return a part of the clip, kept within it."""
        span = min(max(last_s - first_s, self.least_span_s), self.ends_s)
        first = min(max(first_s, 0.0), self.ends_s - span)
        return replace(self, first_s=first, last_s=first + span)

    def revealing(self, seconds: float) -> LaneAxis:
        """Return a part in which an instant is seen: this one, or the one a page on or back."""
        if self.first_s <= seconds < self.last_s or self.is_whole:
            return self
        lead = self.span_s * 0.1
        if self.last_s <= seconds <= self.last_s + self.span_s:
            return self.showing(seconds - lead, seconds - lead + self.span_s)
        return self.showing(seconds - self.span_s / 2, seconds + self.span_s / 2)


def times_of(index: FrameIndex) -> Floats:
    """Return the times of all frames in seconds, float64 (F,), as ``FrameTime.seconds`` has them.

    One multiplication and one division, each rounded once: the product is exact below 2**53.
    """
    base = index.time_base
    times: Floats = index.ticks.astype(np.float64) * base.numerator / base.denominator
    return times
