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

from codefx_desktop.analysis.stop_frame import CameraPlaces

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Objects, Observations

R = TypeVar("R")

_MOST: Final = 4_000
"""Where more parts are known than this, those of some 500 stops, all are forgotten before the next
search: who moves stops about for hours makes ever new ones."""
_EACH: Final = 3
"""Of each part what was found the last times is kept: a hand that drags comes back, undo does."""


class StopMemory:
    """Keeps what was found of the stops of one clip; used by one worker at a time."""

    def __init__(self) -> None:
        self._of: tuple[Any, ...] = ()
        self._kept: dict[tuple[str, int], list[tuple[tuple[Any, ...], Any]]] = {}
        self._places: dict[tuple[int, ...], CameraPlaces] = {}

    def begin(self, seen: Observations) -> None:
        """Go on with a clip; another one, or the same measured anew, begins with nothing."""
        of = (seen.times_s, seen.numbers, seen.motion, seen.sound, seen.width, seen.height)
        is_same = len(of) == len(self._of) and all(
            one is other or (isinstance(one, int) and one == other)
            for one, other in zip(of, self._of, strict=True)
        )
        if not is_same or len(self._kept) > _MOST:
            self._kept, self._places = {}, {}
        self._of = of

    def places(self, seen: Observations) -> CameraPlaces:
        """Return the camera's places in a clip; its path is summed up once."""
        self.begin(seen)
        if seen.cuts not in self._places:
            self._places = {**self._places, seen.cuts: CameraPlaces.of(seen)}
            while len(self._places) > _EACH:
                self._places.pop(next(iter(self._places)))
        return self._places[seen.cuts]

    def part(
        self,
        name: str,
        seen: Observations,
        stop: StopFrame,
        classes: tuple[str, ...],
        given: tuple[Any, ...],
        find: Callable[[Observations], R],
        *,
        least: float = 0.0,
    ) -> R:
        """Return a part of a stop: found now, or as it was if nothing about it has changed.

        Args:
            name: Which part.
            seen: All that was measured of the clip.
            stop: The stop in one shot.
            classes: What the part looks at.
            given: What else it is found from.
            find: Finds it in what it is shown.
            least: It looks at nothing fainter.
        """
        objects = _shown(seen.objects, stop, classes, least)
        # A stop whose car is seen at another place is another stop: its frame tells.
        told = (stop.first, stop.last, stop.begin, stop.end, stop.stop, stop.go, stop.box)
        said = (stop.heading, stop.camera, stop.zones, stop.steady.reference, seen.cuts)
        key = (_digest(objects), *told, *said, *given)
        return self._once((name, stop.begin), key, lambda: find(replace(seen, objects=objects)))

    def shot(
        self,
        seen: Observations,
        objects: Objects,
        shot: tuple[int, int],
        given: tuple[Any, ...],
        find: Callable[[Observations], R],
    ) -> R:
        """Return what a shot shows, likewise.

        Args:
            seen: All that was measured of the clip.
            objects: What of it is looked at.
            shot: First frame of the shot, and the first of the next.
            given: What else it is found from.
            find: Finds it in what it is shown.
        """
        key = (_digest(objects), *shot, seen.cuts, *given)
        return self._once(("shot", shot[0]), key, lambda: find(replace(seen, objects=objects)))

    def _once(self, place: tuple[str, int], key: tuple[Any, ...], find: Callable[[], R]) -> R:
        kept = self._kept.setdefault(place, [])
        for index, (known, found) in enumerate(kept):
            if known == key:
                kept.append(kept.pop(index))
                result: R = found
                return result
        made = find()
        kept.append((key, made))
        del kept[:-_EACH]
        return made


def _shown(objects: Objects, stop: StopFrame, classes: tuple[str, ...], least: float) -> Objects:
    here = objects.between(stop.begin, stop.end + 1)
    known = [place for place, name in enumerate(objects.class_names) if name in classes]
    return here.where(np.isin(here.class_id, known) & (here.confidence >= np.float32(least)))


def _digest(objects: Objects) -> bytes:
    sums = hashlib.blake2b(digest_size=16)
    columns = (objects.frame, objects.xyxy, objects.confidence, objects.class_id, objects.track_id)
    for column in columns:
        sums.update(np.ascontiguousarray(column).tobytes())
    sums.update(repr(objects.class_names).encode())
    return sums.digest()
