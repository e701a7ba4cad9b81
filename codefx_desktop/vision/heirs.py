"""Gives what is found where a track was just lost that one's identity.

ByteTrack joins boxes that overlap. What is carried or thrown, and is hidden for a moment, comes
back where it no longer overlaps with where it was expected, as a new track or, while it is quick,
as a box without one. Where only one lost track of its class and size can have come there, it is
that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.detections import NO_TRACK

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.detections import Detections

    Ids = npt.NDArray[np.int32]

REACH: Final = 1.0
"""A box lies within this of where its track was, or was going, in sizes (roots of areas)."""
START: Final = 0.5
PER_S: Final = 6.0
"""and not farther from where it was than this and so much for every second since, in sizes."""
LIKE: Final = 1.3
"""It is as large as before, to this factor."""
CLEAR: Final = 1.5
CLEAR_BY: Final = 0.2
"""The next lost track that it may be is so many times, and so many sizes, farther off."""
SURE: Final = 0.5
"""A box that ByteTrack has not joined to any track yet is an heir, too, if it is so sure."""
USUAL: Final = 0.8
"""What a track's size before counts beside that of its last box, which may be half hidden."""
STEADY: Final = 0.6
"""What a track's speed before counts beside that of its last step,"""
GAP_S: Final = 0.3
"""which tells nothing when it took longer than this."""
MOST_BORN: Final = 4
"""Where more begin at once and most did, the picture is another one: nothing goes on."""
# Source of all: identities of wheels on rendered stops (``bench.track_scores``), seeds 802000,
# 800101, 800110 (endurance), 800100 (NASCAR) and five of Formula 1: IDF1 0.942 to 0.959, 0.894 to
# 0.928, and 0.951 as before; a reach of 1.5 and lapses of 0.6 s give the same. ``USUAL`` and
# ``SURE``, after ``steady_classes``: six of endurance and one of NASCAR 0.988 to 0.995, 12 of
# Formula 1 0.984 to 0.985; 0.95 gives the same.


@dataclass(slots=True)
class _Last:
    """Where a track was last: time, class, centre as x + iy, size and pixels a second."""

    time_s: float
    class_id: int
    place: complex
    size: float
    speed: complex = 0j


class Heirs:
    """Names tracks, frame by frame.

    Args:
        lost_s: A track that was not seen for longer than this has no heir.
    """

    def __init__(self, lost_s: float) -> None:
        self._lost_s = lost_s
        self._names: dict[int, int] = {}
        self._last: dict[int, _Last] = {}

    def name(self, track_id: int) -> int:
        """Return the identity of one of the tracker's tracks."""
        return self._names.get(track_id, track_id)

    def update(self, ids: Ids, found: Detections, time_s: float) -> tuple[Ids, frozenset[int]]:
        """Return the identities of a frame's detections, and which lost ones were inherited.

        Args:
            ids: int32 (N,), the tracker's, ``NO_TRACK`` where a detection has none.
            found: The detections.
            time_s: When the frame is.
        """
        self._forget(time_s)
        now, tracks = _seen(found, time_s), ids.tolist()
        known = [row for row, track in enumerate(tracks) if track in self._names]
        born = np.flatnonzero(ids != NO_TRACK)
        born = born[~np.isin(born, known)]
        loose = np.flatnonzero((ids == NO_TRACK) & (found.confidence >= SURE))
        # In the first picture after a cut ByteTrack has joined most boxes to no track yet.
        fresh = len(born) + len(loose)
        is_new = fresh > MOST_BORN and fresh > len(known)
        named = ids.copy()
        for row in known:
            named[row] = self._names[tracks[row]]
        taken, inherited = set(named[known].tolist()), set()
        for row in (*born.tolist(), *loose.tolist()):
            heir_of = None if is_new else self._lost(now[row], taken)
            if heir_of is not None:
                named[row] = heir_of
                taken.add(heir_of)
                inherited.add(heir_of)
            if tracks[row] != NO_TRACK:
                self._names[tracks[row]] = int(named[row])
        for row in np.flatnonzero(named != NO_TRACK).tolist():
            self._remember(int(named[row]), now[row])
        return named, frozenset(inherited)

    def _lost(self, here: _Last, taken: set[int]) -> int | None:
        """Return the one lost track that a box may be; None where there is none, or several."""
        near = sorted(
            (off, name)
            for name, last in self._last.items()
            if name not in taken and (off := _off(last, here)) is not None
        )
        if not near or (len(near) > 1 and near[1][0] <= CLEAR * near[0][0] + CLEAR_BY):
            return None
        return near[0][1]

    def _remember(self, name: int, last: _Last) -> None:
        before = self._last.get(name)
        if before is not None and 0.0 < last.time_s - before.time_s < GAP_S:
            step = (last.place - before.place) / (last.time_s - before.time_s)
            last.speed = STEADY * before.speed + (1.0 - STEADY) * step
        if before is not None:
            last.size = USUAL * before.size + (1.0 - USUAL) * last.size
        self._last[name] = last

    def _forget(self, time_s: float) -> None:
        gone = [n for n, last in self._last.items() if time_s - last.time_s > self._lost_s]
        for name in gone:
            del self._last[name]


def _seen(found: Detections, time_s: float) -> list[_Last]:
    """Return where all detections of a frame are."""
    low, high = found.xyxy[:, :2].astype(float), found.xyxy[:, 2:].astype(float)
    places = ((low + high) / 2 @ (1.0, 1j)).tolist()
    sizes = np.sqrt(np.maximum(1.0, np.prod(high - low, axis=1))).tolist()
    rows = zip(found.class_id.tolist(), places, sizes, strict=True)
    return [_Last(time_s, kind, place, size) for kind, place, size in rows]


def _off(last: _Last, here: _Last) -> float | None:
    """Return how far a box is from where a lost track may be, in its sizes; None if too far."""
    lapse_s = here.time_s - last.time_s
    if last.class_id != here.class_id or not 1 / LIKE < here.size / last.size < LIKE:
        return None
    still = abs(here.place - last.place) / last.size
    moving = abs(here.place - last.place - last.speed * lapse_s) / last.size
    off = min(still, moving)
    return off if off < REACH and still < START + PER_S * lapse_s else None
