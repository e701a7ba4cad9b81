"""Trackers of objects and of faces that join by overlap alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from fake_values import detections

from codefx_desktop.domain.detections import NO_TRACK

if TYPE_CHECKING:
    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.outlines import Faces

NEW_TRACK = 0.25
LOW = 0.1
LOST_S = 1.0


@dataclass
class _Track:
    id: int
    box: np.ndarray
    time_s: float
    misses: int = 0


class FakeTracker:
    """Joins boxes of any class greedily by overlap; lost tracks live for one second."""

    def __init__(self, frame_rate_hz: float = 30.0) -> None:
        self._tracks: list[_Track] = []
        self._next_id = 1
        self._time_s = -np.inf
        self._limit_s = LOST_S + 0.5 / frame_rate_hz

    def update(self, detections: Detections, time_s: float) -> Detections:
        if not time_s > self._time_s:
            raise ValueError(f"time must increase: {time_s} after {self._time_s}")
        self._time_s = time_s
        self._tracks = [
            t for t in self._tracks if t.misses == 0 or time_s - t.time_s <= self._limit_s
        ]
        free = list(self._tracks)
        ids = np.full(len(detections), NO_TRACK, np.int32)
        for i in np.argsort(-detections.confidence, kind="stable"):
            ids[i] = self._match(detections.xyxy[i], float(detections.confidence[i]), free)
        for track in free:
            track.misses += 1
        return detections.with_tracks(ids)

    def _match(self, box: np.ndarray, confidence: float, free: list[_Track]) -> int:
        if confidence <= LOW or not (box[2:] > box[:2]).all():
            return NO_TRACK
        best = max(free, key=lambda t: _overlap(t.box, box), default=None)
        if best is not None and _overlap(best.box, box) > 0.2:
            free.remove(best)
        elif confidence < NEW_TRACK:
            return NO_TRACK
        else:
            best = _Track(self._next_id, box, self._time_s)
            self._next_id += 1
            self._tracks.append(best)
        best.box, best.time_s, best.misses = box, self._time_s, 0
        return best.id


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    both = float(np.prod(np.clip(sides, 0, None)))
    area = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - both
    return both / area if area > 0 else 0.0


class FakeFaceTracker:
    """Joins faces as the fake tracker joins boxes; a pause of a second ends all."""

    def __init__(self) -> None:
        self._inner = FakeTracker()
        self._first_id = 0
        self._last_id = 0
        self._time_s = -np.inf

    def update(self, faces: Faces, time_s: float) -> Faces:
        if not time_s > self._time_s:
            raise ValueError(f"time must increase: {time_s} after {self._time_s}")
        if time_s - self._time_s > LOST_S:
            self.cut()
        self._time_s = time_s
        boxes = detections(faces.xyxy.tolist(), faces.confidence.tolist())
        ids = self._inner.update(boxes, time_s).track_id + np.int32(self._first_id)
        self._last_id = max([self._last_id, *ids.tolist()])
        return replace(faces, track_id=ids)

    def cut(self) -> None:
        self._inner = FakeTracker()
        self._first_id = self._last_id
