"""What was found of stops the last time, so that only what follows from a change is found again.

Each part of a stop says which classes of objects it looks at and is shown no others, and only
those of its own stretch of the clip: what it finds can depend on nothing else, so that it is
the same as long as these, the stretch and what it is given are the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Objects, Observations

R = TypeVar("R")

_MOST: Final = 4_000
"""Parts that are kept: those of several hundred stops."""


class StopMemory:
    """Keeps what was found of the stops of one clip; used by one worker at a time."""

    def __init__(self) -> None:
        self._of: tuple[Any, ...] = ()
        self._kept: dict[tuple[str, int], tuple[tuple[Any, ...], Any]] = {}

    def begin(self, seen: Observations) -> None:
        """Go on with a clip; another one, or the same measured anew, begins with nothing."""
        of = (seen.times_s, seen.numbers, seen.motion, seen.sound, seen.width, seen.height)
        is_same = len(of) == len(self._of) and all(
            one is other or (isinstance(one, int) and one == other)
            for one, other in zip(of, self._of, strict=True)
        )
        if not is_same or len(self._kept) > _MOST:
            self._kept = {}
        self._of = of

    def part(
        self,
        name: str,
        seen: Observations,
        stop: StopFrame,
        classes: tuple[str, ...],
        given: tuple[Any, ...],
        find: Callable[[Observations], R],
    ) -> R:
        """Return a part of a stop: found now, or as it was if nothing about it has changed.

        Args:
            name: Which part.
            seen: All that was measured of the clip.
            stop: The stop in one shot.
            classes: What the part looks at.
            given: What else it is found from.
            find: Finds it in what it is shown.
        """
        objects = _shown(seen.objects, stop, classes)
        # A stop whose car is seen at another place is another stop: its frame tells.
        told = (stop.first, stop.last, stop.begin, stop.end, stop.stop, stop.go, stop.box)
        said = (stop.heading, stop.camera, stop.zones, stop.steady.reference, seen.cuts)
        key = (_digest(objects), *told, *said, *given)
        kept = self._kept.get((name, stop.begin))
        if kept is not None and kept[0] == key:
            found: R = kept[1]
            return found
        found = find(replace(seen, objects=objects))
        self._kept[name, stop.begin] = key, found
        return found


def _shown(objects: Objects, stop: StopFrame, classes: tuple[str, ...]) -> Objects:
    here = objects.between(stop.begin, stop.end + 1)
    known = [place for place, name in enumerate(objects.class_names) if name in classes]
    return here.where(np.isin(here.class_id, known))


def _digest(objects: Objects) -> bytes:
    sums = hashlib.blake2b(digest_size=16)
    columns = (objects.frame, objects.xyxy, objects.confidence, objects.class_id, objects.track_id)
    for column in columns:
        sums.update(np.ascontiguousarray(column).tobytes())
    sums.update(repr(objects.class_names).encode())
    return sums.digest()
