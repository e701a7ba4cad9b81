"""How much moves in a zone, and which way: from the grid of motion, without any weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.zones import inside

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.analysis.zones import PlacedZone
    from codefx_desktop.domain.observations import Motion, Observations

    Floats = npt.NDArray[np.float64]

_PARTS: Final = 4
"""A cell counts by how many of so many by so many places in it lie in the zone."""
_PART_OF_PEAK: Final = 0.25
_LEAST_LEVELS: Final = 0.7
_SPREADS: Final = 2.0
"""A zone is active above this part of its liveliest, above so many grey levels of its quiet, and
above so many times what its quiet itself varies by: a camera that shakes makes edges flicker."""
_LIVELY: Final = 4.0
"""What moves speaks for or against a corner by no more than this: others walk through its zone."""
_CHUNK: Final = 4096
"""Frames that are weighed at once: a long clip's motion would take gigabytes as floats."""
WINDOW_S: Final = 0.12
PAUSE_S: Final = 0.25
"""Within one movement something rests for less."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A time in which much moves in a zone.

    Attributes:
        begin_s: When the zone's activity rose above its threshold, between frames.
        end_s: When it fell below it.
        flow: Mean motion of the burst in x and y, pixels a second, over the zone's cells.
    """

    begin_s: float
    end_s: float
    flow: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """A zone's activity over one stop.

    Attributes:
        frames: int64 (M,), consecutive frames of the clip.
        times_s: float64 (M,).
        level: float64 (M,), mean change of brightness in the zone, grey levels.
        flow: float64 (M, 2), mean motion in the zone, pixels since the frame before.
    """

    frames: npt.NDArray[np.int64]
    times_s: Floats
    level: Floats
    flow: Floats

    def bursts(
        self, pause_s: float = PAUSE_S, blip_s: float = 0.0, much: float = 1.0
    ) -> tuple[Burst, ...]:
        """Return the times in which much moves, in order.

        Args:
            pause_s: Shorter pauses do not end a burst.
            blip_s: What moves for a shorter time without any pause is left out.
            much: So many times the usual threshold is asked for.
        """
        if len(self.level) < 4:
            return ()
        threshold = self.threshold(much)
        active = self.level > threshold
        edges = np.flatnonzero(np.diff(np.concatenate(([False], active, [False])).astype(np.int8)))
        spans: list[tuple[int, int]] = []
        for first, end in edges.reshape(-1, 2).tolist():
            if self._crossing(end, threshold) - self._crossing(first, threshold) < blip_s:
                continue
            if spans and self.times_s[first] - self.times_s[spans[-1][1] - 1] < pause_s:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((first, end))
        return tuple(self._burst(first, end, threshold) for first, end in spans)

    def threshold(self, much: float = 1.0) -> float:
        """Return the level above which a zone is active, grey levels; ``much`` as in ``bursts``."""
        quiet, usual, peak = np.percentile(self.level, (20.0, 75.0, 98.0))
        above = max(_LEAST_LEVELS, _PART_OF_PEAK * (peak - quiet), _SPREADS * (usual - quiet))
        return float(quiet + much * above)

    def liveliness(self, begin_s: float, end_s: float) -> float:
        """Return how clearly something moves, or nothing, at a time: nepers, within +-4."""
        within = (self.times_s >= begin_s) & (self.times_s <= end_s)
        if not within.any():
            return 0.0
        quiet = float(np.percentile(self.level, 20.0))
        peak = float(self.level[within].max())
        part = max(peak - quiet, 1e-3) / max(self.threshold() - quiet, 1e-3)
        return float(np.clip(np.log(part), -_LIVELY, _LIVELY))

    def _burst(self, first: int, end: int, threshold: float) -> Burst:
        flow = self.flow[first:end].sum(axis=0)
        begin_s, end_s = self._crossing(first, threshold), self._crossing(end, threshold)
        length = max(1e-3, end_s - begin_s)
        return Burst(begin_s, end_s, (float(flow[0]) / length, float(flow[1]) / length))

    def _crossing(self, index: int, threshold: float) -> float:
        """Return when the level crosses a threshold between a frame and the one before."""
        if index <= 0 or index >= len(self.level):
            return float(self.times_s[min(max(index, 0), len(self.level) - 1)])
        low, high = self.level[index - 1], self.level[index]
        part = float(np.clip((threshold - low) / (high - low), 0.0, 1.0)) if high != low else 0.5
        before = float(self.times_s[index - 1])
        return before + part * (float(self.times_s[index]) - before)


def share(burst: Burst, way: Floats) -> float:
    """Return which part of a burst's motion goes a way: 1 all of it, -1 all the other way.

    Args:
        burst: The burst.
        way: float64 (2,), a direction on the picture, of any length.
    """
    flow = np.array(burst.flow)
    return float(flow @ way) / max(1e-9, float(np.hypot(*flow) * np.hypot(*way)))


def standing(stop: StopFrame) -> range:
    """Return the frames in which a car stands, without its own coming and leaving.

    It moves through every zone in those.
    """
    return range(stop.first + 1, stop.last + 1)


def activity(seen: Observations, motion: Motion, within: range, zone: PlacedZone) -> Activity:
    """Return what moves in a zone.

    Args:
        seen: All that was measured of the clip.
        motion: ``seen.motion``.
        within: In which frames, one after the other.
        zone: The zone, on these frames' picture.
    """
    frames = np.arange(within.start, within.stop)
    weight = _weights(seen, motion, zone)
    total = max(1e-9, float(weight.sum()))
    level = _smoothed((motion.energy[frames] * weight).sum(axis=(1, 2)) / total, seen.times_s)
    flow = (motion.flow[frames].astype(np.float64) * weight[..., None]).sum(axis=(1, 2)) / total
    return Activity(frames, seen.times_s[frames], level, flow)


def zone_levels(
    seen: Observations, motion: Motion, zone: PlacedZone, within: range | None = None
) -> Floats:
    """Return a zone's mean change of brightness, float64 (M,), grey levels.

    As ``Activity.level`` has it, whoever causes it.

    Args:
        seen: All that was measured of the clip.
        motion: ``seen.motion``.
        zone: The zone.
        within: In which frames, one after the other; None is the whole clip.
    """
    frames = range(len(motion.energy)) if within is None else within
    weight = _weights(seen, motion, zone)
    weight /= max(1e-9, float(weight.sum()))
    parts = [
        np.tensordot(
            motion.energy[at : min(at + _CHUNK, frames.stop)], weight, axes=((1, 2), (0, 1))
        )
        for at in range(frames.start, frames.stop, _CHUNK)
    ]
    level = np.concatenate(parts) if parts else np.zeros(0)
    return _smoothed(level, seen.times_s)


def _smoothed(level: Floats, times_s: Floats) -> Floats:
    """Return levels averaged over a tenth of a second: the more pictures, the less each tells."""
    interval = float(np.median(np.diff(times_s))) if len(times_s) > 1 else WINDOW_S
    half = int(WINDOW_S / max(1e-3, interval) / 2.0)
    if half < 1 or len(level) <= 2 * half:
        return level
    padded = np.pad(level, half, mode="edge")
    return np.convolve(padded, np.full(2 * half + 1, 1.0 / (2 * half + 1)), mode="valid")


def _weights(seen: Observations, motion: Motion, zone: PlacedZone) -> Floats:
    """Return which part of each cell lies in a zone, float64 (rows, columns).

    The grid belongs to the frame, the zone to the stop's picture: a camera that shakes moves one
    against the other by less than a tenth of a cell.
    """
    rows, columns = motion.energy.shape[1:]
    x = (np.arange(columns * _PARTS) + 0.5) / (columns * _PARTS) * seen.width
    y = (np.arange(rows * _PARTS) + 0.5) / (rows * _PARTS) * seen.height
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    within = inside(zone, places).reshape(rows, _PARTS, columns, _PARTS)
    parts: Floats = within.mean(axis=(1, 3))
    return parts
