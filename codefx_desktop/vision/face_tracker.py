"""Joins faces into tracks by overlap, in the time of the footage.

Not ByteTrack: its motion model takes a step per call and it keeps a track over a pause of any
length between calls, while faces are looked for on chosen frames that may lie seconds apart; and
its second chance for faint detections is of no use where all have a confidence of 0.9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.outlines import Faces

LOST_S = 1.0
"""A face that was last seen longer ago is another one. As for objects (``vision.tracker``)."""
WIDER = 0.5
"""Boxes grow by this share of their size on every side before they are compared.

Faces are small and heads turn fast: between two looked-at frames a face can leave its own box.
Source: the wider buffer of Yang et al., "Hard to Track Objects with Irregular Motions and Similar
Appearances? Make It Easier by Buffering the Matching Space", 2023.
"""
LEAST_OVERLAP = 0.2
"""IoU of the widened boxes from which two faces may be one. Source: ByteTrack's match 0.8."""
STEADY = 0.5
"""Share of the newest speed in a track's speed."""


@dataclass(slots=True)
class _Track:
    """A face over time.

    Attributes:
        id: From 1 on.
        xyxy: float64 (4,), where it was seen last, in pixels.
        seen_s: When that was.
        speed: float64 (2,), of its centre, pixels per second.
    """

    id: int
    xyxy: npt.NDArray[np.float64]
    seen_s: float
    speed: npt.NDArray[np.float64]

    def at(self, time_s: float) -> npt.NDArray[np.float64]:
        """Return where it is expected, float64 (4,)."""
        return self.xyxy + np.tile(self.speed * (time_s - self.seen_s), 2)

    def see(self, xyxy: npt.NDArray[np.float64], time_s: float) -> None:
        moved = (xyxy - self.xyxy).reshape(2, 2).mean(axis=0)
        newest = moved / (time_s - self.seen_s)
        self.speed = STEADY * newest + (1.0 - STEADY) * self.speed
        self.xyxy, self.seen_s = xyxy, time_s


class FootageFaceTracker:
    """Gives faces tracks of their own (``domain.ports.FaceTracker``)."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._next_id = 1
        self._time_s = -np.inf

    def update(self, faces: Faces, time_s: float) -> Faces:
        """Return the same faces, in the same order, with track ids.

        Args:
            faces: All faces of the next frame in which faces were looked for.
            time_s: Its time from the first picture; must increase from call to call.

        Raises:
            ValueError: If time does not increase.
        """
        if not time_s > self._time_s:
            raise ValueError(f"time must increase: {time_s} s after {self._time_s} s")
        self._time_s = time_s
        self._tracks = [t for t in self._tracks if time_s - t.seen_s <= LOST_S]
        boxes = faces.xyxy.astype(np.float64)
        matched = self._match(boxes, time_s)
        ids = [self._follow(box, matched.get(i), time_s) for i, box in enumerate(boxes)]
        return replace(faces, track_id=np.array(ids, np.int32))

    def cut(self) -> None:
        """End every track: the next frame belongs to another scene. Ids are not used again."""
        self._tracks = []

    def _match(self, boxes: npt.NDArray[np.float64], time_s: float) -> dict[int, _Track]:
        """Return a track for some of the faces, by their index; the closest pairs first."""
        if not self._tracks or not len(boxes):
            return {}
        expected = np.array([track.at(time_s) for track in self._tracks])
        overlap = _overlaps(_widened(boxes), _widened(expected))
        matched: dict[int, _Track] = {}
        while overlap.max() >= LEAST_OVERLAP:
            face, track = (int(i) for i in np.unravel_index(overlap.argmax(), overlap.shape))
            matched[face] = self._tracks[track]
            overlap[face], overlap[:, track] = -1.0, -1.0
        return matched

    def _follow(self, box: npt.NDArray[np.float64], track: _Track | None, time_s: float) -> int:
        if track is None:
            track = _Track(self._next_id, box, time_s, np.zeros(2))
            self._next_id += 1
            self._tracks.append(track)
        else:
            track.see(box, time_s)
        return track.id


def _widened(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rest = WIDER * (boxes[:, 2:] - boxes[:, :2])
    return np.hstack([boxes[:, :2] - rest, boxes[:, 2:] + rest])


def _overlaps(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the IoU of every pair of boxes, float64 (N, M); 0 where neither has an area."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    both = np.clip(high - low, 0.0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (one, other)]
    whole = areas[0][:, None] + areas[1][None, :] - both
    share: npt.NDArray[np.float64] = both / np.where(whole > 0.0, whole, 1.0)
    return share
