"""Several clips on one time: true seconds since an event that all of them show.

A clip's own time is that of its presentation timestamps; in slow motion it runs more slowly than
what it shows. Pictures of clips of different rates hardly ever fall on the same instant: one clip,
the one with the finest pictures, leads, and each of the others shows its picture nearest to the
leader's. So no picture is further from the leader's than half of its own interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.domain.clip import FrameIndex

HAIR_S: Final = 1e-9
"""Two instants this near are one: times go through floats in both directions."""
LONE_FRAME_S: Final = 0.04
"""How long the picture of a clip with only one counts."""


@dataclass(frozen=True, slots=True)
class Track:
    """A clip laid on the common time.

    Attributes:
        index: The exact time of every frame.
        zero_s: When the event happened, seconds of the clip as it plays.
        scale: Seconds that passed in one of the clip: below 1 where it is slow motion.
        offset_s: How far it runs ahead of where its event lies, true seconds; set by hand.
        interval_s: True seconds between two of its frames, as most of them are.
    """

    index: FrameIndex
    zero_s: float
    scale: float = 1.0
    offset_s: float = 0.0
    interval_s: float = LONE_FRAME_S

    @property
    def last(self) -> int:
        """Number of its last frame."""
        return len(self.index) - 1

    @property
    def begins_s(self) -> float:
        """When its first picture comes, on the common time."""
        return self.time_of(0)

    @property
    def ends_s(self) -> float:
        """Until when its last picture stays, on the common time."""
        return self.time_of(self.last) + self.interval_s

    def since_event(self, number: int) -> float:
        """Return the true seconds from the event to a frame; the offset does not count."""
        return (self.index.time(number).seconds - self.zero_s) * self.scale

    def time_of(self, number: int) -> float:
        """Return when a frame is shown, on the common time."""
        return self.since_event(number) - self.offset_s

    def nearest(self, time_s: float) -> int:
        """Return the frame whose beginning is nearest to an instant; the first or last beyond."""
        clip_s = self.zero_s + (time_s + self.offset_s) / self.scale
        number = self.index.number_at(clip_s)
        if number < self.last:
            before_s, after_s = time_s - self.time_of(number), self.time_of(number + 1) - time_s
            number += after_s < before_s - HAIR_S
        return number

    def covers(self, time_s: float) -> bool:
        """Return whether the clip shows anything at an instant."""
        return self.begins_s - self.interval_s / 2 <= time_s <= self.ends_s

    def beyond(self, time_s: float, way: int) -> int | None:
        """Return the next frame after an instant, or before it where ``way`` is below 0."""
        number = self.nearest(time_s)
        for at in (number - 1, number, number + 1)[:: 1 if way > 0 else -1]:
            if 0 <= at <= self.last and (self.time_of(at) - time_s) * way > HAIR_S:
                return at
        return None


def interval_of(index: FrameIndex, scale: float = 1.0) -> float:
    """Return the true seconds between two frames of a clip, as most of them are."""
    if len(index) < 2:
        return LONE_FRAME_S * scale
    return float(np.median(np.diff(index.ticks))) * float(index.time_base) * scale


def leader_of(tracks: Mapping[int, Track], time_s: float) -> int | None:
    """Return which clip leads at an instant: of those that show something the finest."""
    there = [one for one, track in tracks.items() if track.covers(time_s)] or list(tracks)
    return min(there, key=lambda one: (tracks[one].interval_s, one)) if there else None


def frames_at(tracks: Mapping[int, Track], time_s: float) -> tuple[dict[int, int], float]:
    """Return the frame of every clip at an instant, and the instant that the leader shows.

    Args:
        tracks: The clips, by their numbers.
        time_s: On the common time.
    """
    leader = leader_of(tracks, time_s)
    if leader is None:
        return {}, time_s
    track = tracks[leader]
    if track.covers(time_s):
        time_s = track.time_of(track.nearest(time_s))
    return {one: track.nearest(time_s) for one, track in tracks.items()}, time_s


def stepped(tracks: Mapping[int, Track], time_s: float, frames: int) -> float:
    """Return the instant so many frames on, of whichever clip is finest there; back if negative."""
    way = 1 if frames > 0 else -1
    for _ in range(abs(frames)):
        found = {one: track.beyond(time_s, way) for one, track in tracks.items()}
        ahead = {one: tracks[one].time_of(at) for one, at in found.items() if at is not None}
        if not ahead:
            break
        showing = [one for one in ahead if tracks[one].covers(time_s)]
        finest = min(showing or ahead, key=lambda one: (tracks[one].interval_s, one))
        time_s = ahead[finest] if showing else min(ahead.values(), key=lambda at: at * way)
    return time_s


def drift_s(tracks: Mapping[int, Track], shown: Mapping[int, int]) -> float:
    """Return how far the pictures that are shown lie apart at most, true seconds.

    Clips whose first or last picture is shown are left out: they may be over.
    """
    times = [
        track.time_of(shown[one])
        for one, track in tracks.items()
        if one in shown and 0 < shown[one] < track.last
    ]
    return max(times) - min(times) if times else 0.0


def span_of(tracks: Sequence[tuple[Track, float, float]]) -> tuple[float, float]:
    """Return from when to when there is something to compare, on the common time.

    Args:
        tracks: Each clip with where its stop begins and ends, seconds of the clip.
    """
    if not tracks:
        return 0.0, 1.0
    begins, ends = [], []
    for track, begin_s, end_s in tracks:
        first = (begin_s - track.zero_s) * track.scale - track.offset_s
        last = (end_s - track.zero_s) * track.scale - track.offset_s
        begins.append(max(first, track.begins_s))
        ends.append(min(last, track.time_of(track.last)))
    return min(begins), max(*ends, min(begins) + HAIR_S)
