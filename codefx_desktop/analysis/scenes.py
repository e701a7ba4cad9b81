"""Finds the scenes of a clip in the same pass in which everything else looks at its frames."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.scene import Scene

if TYPE_CHECKING:
    from fractions import Fraction

    from codefx_desktop.analysis.scene_detectors import PlaceDetector
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.scene import SceneSettings


@dataclass(frozen=True, slots=True)
class KnownScenes:
    """What is known of a clip's scenes before its end.

    Attributes:
        starts: Number of each known scene's first frame, ascending.
        settled_before: Of all frames below this number it is known for good which scene they
            are in.
    """

    starts: tuple[int, ...]
    settled_before: int

    def scene_of(self, number: int) -> int | None:
        """Return the number of a frame's scene; None while a cut may yet fall before it."""
        if number >= self.settled_before:
            return None
        return bisect_right(self.starts, number) - 1


class SceneFinder:
    """Takes a clip's frames in order and tells its scenes.

    Keeps no picture but the detector's small one of the frame before, and 16 bytes a frame.
    Holds nothing that has to be closed: when a job is cancelled it can be dropped.

    Args:
        settings: How cuts are looked for.
    """

    def __init__(self, settings: SceneSettings) -> None:
        # PySceneDetect is imported by the first job that wants scenes, not by starting.
        from codefx_desktop.analysis.scene_detectors import PlaceDetector  # noqa: PLC0415

        self._detector: PlaceDetector = PlaceDetector(settings)
        self._numbers = array("q")
        self._ticks = array("q")
        self._time_base: Fraction | None = None
        self._cuts: set[int] = set()
        self._begun: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Scenes known so far; a cut is known up to a shortest scene (or a fade) late."""
        return len(self._begun)

    @property
    def known(self) -> KnownScenes:
        """What is known so far and will not change."""
        settled, count = self._detector.settled, len(self._numbers)
        if not count:
            return KnownScenes((), 0)
        before = self._numbers[settled] if settled < count else self._numbers[-1] + 1
        return KnownScenes(self._begun, before)

    def update(self, frame: Frame) -> None:
        """Look at the next frame.

        Numbers may have gaps, where a frame could not be decoded.

        Raises:
            ValueError: If it does not come after the frame before, or is of another clock.
        """
        number, time = frame.number, frame.time
        if self._numbers and (number <= self._numbers[-1] or time.ticks <= self._ticks[-1]):
            raise ValueError(f"frame {number} does not come after frame {self._numbers[-1]}")
        if self._time_base not in (None, time.time_base):
            raise ValueError(f"frame {number}: time base {time.time_base}, not {self._time_base}")
        cuts = self._detector.update(frame.pixels)
        self._numbers.append(number)
        self._ticks.append(time.ticks)
        self._time_base = time.time_base
        self._cuts.update(cuts)
        if cuts or not self._begun:
            self._begun = tuple(self._numbers[place] for place in self._starts(self._cuts))

    def finish(self, end_s: float | None = None) -> tuple[Scene, ...]:
        """Return the scenes of all frames so far, each of which is in exactly one.

        A scene ends when the next begins. The first and the last frame of a scene are frames
        that were there; undecodable ones between two scenes belong to neither.

        Args:
            end_s: When the last frame leaves the screen (the clip's duration); without it, or
                when it is not after that frame, the last frame is shown as long as the one
                before it, and an only frame for one tick.
        """
        starts = self._starts(self._cuts.union(self._detector.finish()))
        if not starts:
            return ()
        times = [self._seconds(place) for place in starts]
        ends = [*times[1:], self._end_s(end_s)]
        lasts = [*(place - 1 for place in starts[1:]), len(self._numbers) - 1]
        return tuple(
            Scene(i, self._numbers[first], self._numbers[last], start_s, scene_end_s)
            for i, (first, last, start_s, scene_end_s) in enumerate(
                zip(starts, lasts, times, ends, strict=True)
            )
        )

    def _starts(self, cuts: set[int]) -> list[int]:
        """Return the places that begin a scene; the first frame does, whatever it shows."""
        count = len(self._numbers)
        return sorted({0, *(cut for cut in cuts if 0 < cut < count)}) if count else []

    def _seconds(self, place: int) -> float:
        assert self._time_base is not None
        return FrameTime(self._ticks[place], self._time_base).seconds

    def _end_s(self, given_s: float | None) -> float:
        if given_s is not None and given_s > self._seconds(-1):
            return given_s
        assert self._time_base is not None
        interval = self._ticks[-1] - self._ticks[-2] if len(self._ticks) > 1 else 1
        return FrameTime(self._ticks[-1] + interval, self._time_base).seconds
