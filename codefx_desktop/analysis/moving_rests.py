"""Where and when a car stands, from motion alone.

A large part of the picture comes as one, slows down and stands, or stands and leaves as one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from codefx_desktop.analysis.car_rests import Rest, is_central

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]

_SLOWEST_PX: Final = 0.5
"""Slower cells stand, pixels a frame of 1280."""
_AREA: Final = (0.035, 0.5)
"""Part of the picture that a car covers; more is the camera or a cut."""
_AS_ONE: Final = 0.85
"""A car's cells move as one: the length of their mean flow against their mean length."""
_LEAST_FRAMES: Final = 6
_GAP_FRAMES: Final = 2
_TURN: Final = 0.8
"""Cosine below which two directions are not one motion."""
_SLOWED: Final = 0.35
"""A car that stops ends slower than this part of its top speed."""
_CAME: Final = 0.25
"""A car that stops came so many of its lengths while it was seen."""
_SAME_PLACE: Final = 0.4
"""Overlap of two boxes of one standing car."""


@dataclass(frozen=True, slots=True, eq=False)
class _Blob:
    """Cells that move as one in one frame."""

    frame: int
    box: Floats
    flow: Floats


@dataclass(frozen=True, slots=True)
class _Halt:
    """The end of an arrival, or the beginning of a departure."""

    frame: int
    box: Floats


@dataclass(frozen=True, slots=True)
class MovingRests:
    """Guesses of where something large stood, each in order of time.

    Attributes:
        came: What came, and stands until the shot's end as far as is known.
        left: What left, and stood from the shot's beginning as far as is known.
        starts: First frame of each motion of something large, also where its beginning was
            covered by others.
    """

    came: tuple[Rest, ...]
    left: tuple[Rest, ...]
    starts: tuple[int, ...]


def find_moving_rests(seen: Observations, shot: tuple[int, int]) -> MovingRests:
    """Return where something large came to stand in one shot, and where something large left.

    Each is a guess that a fit has to bear out: a crew that runs up together looks like a car here.

    Args:
        seen: All that was measured of the clip; its motion has to be there.
        shot: First frame of the shot, and the first of the next.
    """
    blobs = [blob for frame in range(*shot) if (blob := _blob(seen, frame)) is not None]
    came, left, runs = [], [], _runs(blobs)
    for run in runs:
        if (halt := _halt(run[::-1])) is not None and is_central(halt.box[None], seen)[0]:
            came.append(Rest(_as_box(halt.box), halt.frame, shot[1] - 1, detected=False))
        if (halt := _halt(run)) is not None and is_central(halt.box[None], seen)[0]:
            left.append(Rest(_as_box(halt.box), shot[0], halt.frame, detected=False))
    return MovingRests(tuple(came), tuple(left), tuple(run[0].frame for run in runs))


def paired(
    came: Sequence[Rest], left: Sequence[Rest]
) -> tuple[tuple[Rest, Rest | None, Rest | None], ...]:
    """Return what came with what left from the same place, in order of time.

    Args:
        came: In order of time.
        left: Likewise.

    Returns:
        Where and when something stood, what it came as and what it left as, where known.
    """
    open_ends = list(left)
    found: list[tuple[Rest, Rest | None, Rest | None]] = []
    for index, one in enumerate(came):
        until = came[index + 1].first if index + 1 < len(came) else one.last
        other = next(
            (
                gone
                for gone in open_ends
                if one.first < gone.last <= until and overlap(one.box, gone.box) > _SAME_PLACE
            ),
            None,
        )
        last = until if other is None else other.last
        found.append((replace(one, last=last), one, other))
        open_ends = [gone for gone in open_ends if gone is not other]
    for gone in open_ends:
        stood = [rest for rest, _, _ in found if rest.first <= gone.last]
        begin = max((rest.last + 1 for rest in stood), default=gone.first)
        if begin < gone.last:
            found.append((replace(gone, first=begin), None, gone))
    return tuple(sorted(found, key=lambda one: one[0].first))


def _blob(seen: Observations, frame: int) -> _Blob | None:
    """Return the largest part of a frame that moves as one."""
    assert seen.motion is not None
    flow = seen.motion.flow[frame].astype(np.float32)
    rows, columns = flow.shape[:2]
    speed = np.hypot(flow[..., 0], flow[..., 1])
    fast = float(np.percentile(speed, 97))
    least = max(_SLOWEST_PX * max(seen.width, seen.height) / 1280, 0.4 * fast)
    mask = (speed > least).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if count < 2:
        return None
    which = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    cells = flow[(labels == which) & (speed > least)]
    share = int(stats[which, cv2.CC_STAT_AREA]) / (rows * columns)
    if not _AREA[0] <= share <= _AREA[1]:
        return None
    mean = cells.mean(axis=0)
    if np.hypot(*mean) < _AS_ONE * np.hypot(*cells.T).mean():
        return None
    x, y, width, height = (int(value) for value in stats[which, :4])
    scale = np.tile((seen.width / columns, seen.height / rows), 2)
    box = np.array((x, y, x + width, y + height)) * scale
    return _Blob(frame, box, np.median(cells, axis=0).astype(np.float64))


def _runs(blobs: list[_Blob]) -> list[list[_Blob]]:
    """Return blobs that follow one another in one direction, run by run."""
    runs: list[list[_Blob]] = []
    for blob in blobs:
        before = runs[-1][-1] if runs else None
        if before is None or not _follows(before, blob):
            runs.append([blob])
        else:
            runs[-1].append(blob)
    return [run for run in runs if len(run) >= _LEAST_FRAMES]


def _follows(before: _Blob, blob: _Blob) -> bool:
    along = float(before.flow @ blob.flow) / max(
        1e-9, float(np.hypot(*before.flow) * np.hypot(*blob.flow))
    )
    near = overlap(before.box, blob.box) > 0.2
    return blob.frame - before.frame <= 1 + _GAP_FRAMES and along > _TURN and near


def _halt(run: list[_Blob]) -> _Halt | None:
    """Return where a run begins at rest; a run backwards ends there.

    Args:
        run: Of a departure, or of an arrival backwards.
    """
    speeds = np.array([np.hypot(*blob.flow) for blob in run])
    top = float(np.percentile(speeds, 90))
    if float(np.median(speeds[:3])) > _SLOWED * top:
        return None
    sign = 1.0 if run[-1].frame > run[0].frame else -1.0
    way = np.cumsum([blob.flow * sign for blob in run], axis=0)
    way -= way[0]
    slow = [index for index in range(len(run)) if speeds[index] < 0.6 * top][:12]
    boxes = np.array([run[index].box - np.tile(way[index], 2) for index in slow])
    box = np.median(boxes, axis=0)
    length = float(max(box[2] - box[0], box[3] - box[1]))
    if np.hypot(*way[-1]) < _CAME * length:
        return None
    return _Halt(run[0].frame, box)


def overlap(one_box: npt.ArrayLike, other_box: npt.ArrayLike) -> float:
    """Return intersection over union of two boxes, ``x1, y1, x2, y2``."""
    one, other = np.asarray(one_box, np.float64), np.asarray(other_box, np.float64)
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    both = float(np.maximum(0.0, high - low).prod())
    areas = float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod())
    return both / max(1e-9, areas - both)


def _as_box(box: Floats) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (float(edge) for edge in box)
    return x1, y1, x2, y2
