"""ByteTrack, driven with arrays and by the clock of the footage."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from ultralytics.trackers.basetrack import TrackState
from ultralytics.trackers.byte_tracker import BYTETracker
from ultralytics.trackers.utils import matching

from codefx_desktop.domain.detections import NO_TRACK, Detections

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Bars = Callable[[Sequence[int], npt.NDArray[np.float32]], npt.NDArray[np.bool_]]

LOST_S = 1.0
"""How long a track that is not seen is kept, in seconds of footage."""
HIGH, LOW, NEW_TRACK, MATCH = 0.25, 0.1, 0.25, 0.8
"""Thresholds. Source: Ultralytics ``cfg/trackers/bytetrack.yaml``."""
_LOW_MATCH = 0.5
"""Likewise, of faint detections. Source: ByteTrack, section 3.2."""
_BARRED = 9.0
"""A cost above every threshold."""
_NEVER = 2**31


class ByteTracker:
    """Joins detections of successive frames into tracks (``domain.ports.Tracker``).

    Ids begin at 1 and depend on nothing but what this tracker was given. Classes are mixed, as
    Ultralytics does, but for what ``bars`` says: an object whose class flickers stays one track.

    Time rules, not the count of frames: a track that was missed in at least one frame ends when
    it was last seen more than a second ago, however many frames lie between. The motion model
    itself still steps once per frame.

    Args:
        frame_rate_hz: Average rate; half a frame of it is the tolerance of the second.
        bars: Told ids of N tracks and classes, float32 (M,), of detections; says which of them do
            not belong together, bool (N, M). None is that all may.
    """

    def __init__(self, frame_rate_hz: float, bars: Bars | None = None) -> None:
        if not frame_rate_hz > 0:
            raise ValueError(f"frame_rate_hz must be positive, got {frame_rate_hz}")
        self._limit_s = LOST_S + 0.5 / frame_rate_hz
        self._seen_s: dict[int, float] = {}
        self._time_s = -np.inf
        settings = SimpleNamespace(
            track_high_thresh=HIGH,
            track_low_thresh=LOW,
            new_track_thresh=NEW_TRACK,
            match_thresh=MATCH,
            fuse_score=True,
            track_buffer=_NEVER,
        )
        self._inner: Any = BYTETracker(settings) if bars is None else _Barring(settings, bars)

    def update(self, detections: Detections, time_s: float) -> Detections:
        """Return the same detections, in the same order, with track ids.

        Args:
            detections: All detections of the next frame, at the low threshold; may be empty.
            time_s: Its time from the first picture; must increase from call to call.

        Raises:
            ValueError: If time does not increase.
        """
        if not time_s > self._time_s:
            raise ValueError(f"time must increase: {time_s} s after {self._time_s} s")
        self._time_s = time_s
        self._end_lost()
        rows = self._inner.update(_Boxes.of(detections))
        ids = np.full(len(detections), NO_TRACK, np.int32)
        if len(rows):
            ids[rows[:, -1].astype(np.intp)] = rows[:, 4].astype(np.int32)
        for track in self._inner.tracked_stracks:
            self._seen_s[track.track_id] = time_s
        return detections.with_tracks(ids)

    def forget(self, is_done: Callable[[int], bool]) -> None:
        """Forget lost tracks, by their ids: nothing is found again as one of them."""
        lost = self._inner.lost_stracks
        self._inner.lost_stracks = [track for track in lost if not is_done(track.track_id)]

    def _end_lost(self) -> None:
        """Forget lost tracks before they can be joined again."""
        kept = [
            track
            for track in self._inner.lost_stracks
            if self._time_s - self._seen_s[track.track_id] <= self._limit_s
        ]
        self._inner.lost_stracks = kept
        alive = {track.track_id for track in (*kept, *self._inner.tracked_stracks)}
        self._seen_s = {i: seen for i, seen in self._seen_s.items() if i in alive}


class _Barring(BYTETracker):  # type: ignore[misc]  # it has no types
    """ByteTrack in which some tracks may not take some detections."""

    def __init__(self, settings: SimpleNamespace, bars: Bars) -> None:
        super().__init__(settings)
        self._bars = bars

    def get_dists(self, tracks: list[Any], detections: list[Any]) -> npt.NDArray[np.float32]:
        return self._barred(super().get_dists(tracks, detections), tracks, detections)

    def _second_association(
        self,
        strack_pool: list[Any],
        u_track: list[int],
        detections_second: list[Any],
        activated: list[Any],
        refind: list[Any],
        lost: list[Any],
    ) -> None:
        # WORKAROUND(ultralytics 8.4): its own asks nobody for the costs of faint detections, so
        # this is its own but for them; remove when it calls get_dists here, too.
        tracks = [strack_pool[i] for i in u_track if strack_pool[i].state == TrackState.Tracked]
        costs = matching.iou_distance(tracks, detections_second)
        costs = self._barred(costs, tracks, detections_second)
        matches, unseen, _ = matching.linear_assignment(costs, thresh=_LOW_MATCH)
        self._apply_matches(matches, tracks, detections_second, activated, refind)
        for place in unseen:
            tracks[place].mark_lost()
            lost.append(tracks[place])

    def _barred(
        self, costs: npt.NDArray[np.float32], tracks: list[Any], detections: list[Any]
    ) -> npt.NDArray[np.float32]:
        if not costs.size:
            return costs
        classes = np.array([found.cls for found in detections], np.float32)
        barred = self._bars([track.track_id for track in tracks], classes)
        return np.where(barred, np.float32(_BARRED), costs)


@dataclass(frozen=True, slots=True)
class _Boxes:
    """What Ultralytics' trackers read of a frame.

    Attributes:
        xywh: float32 (N, 4), centre, width, height in pixels.
        conf: float32 (N,).
        cls: float32 (N,).
    """

    xywh: npt.NDArray[np.float32]
    conf: npt.NDArray[np.float32]
    cls: npt.NDArray[np.float32]

    @classmethod
    def of(cls, detections: Detections) -> _Boxes:
        low, high = detections.xyxy[:, :2], detections.xyxy[:, 2:]
        return cls(
            np.hstack([(low + high) / 2, high - low]),
            detections.confidence,
            detections.class_id.astype(np.float32),
        )

    def __len__(self) -> int:
        return len(self.conf)

    def __getitem__(self, mask: npt.NDArray[np.bool_]) -> _Boxes:
        return _Boxes(self.xywh[mask], self.conf[mask], self.cls[mask])
