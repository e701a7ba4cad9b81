"""Cars that come, stand and leave on a grid of flow, with the boxes a detector would give.

Seen from above, 100 pixels are a metre; a car is 5.5 m long and 2 m wide.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.domain.observations import Motion, Objects, Observations

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

WIDTH, HEIGHT = 1280, 720
ROWS, COLUMNS = 18, 32
METRE_PX = 100.0
LENGTH_PX, BROAD_PX = 550.0, 200.0
CLASSES = ("car", "wheel", "crew", "wheel_gun", "jack")


@dataclass(frozen=True)
class Pass:
    """One car's visit; what is None does not happen."""

    stop_s: float | None = 2.6
    go_s: float | None = 5.4
    braking: float = 10.0
    launch: float = 7.5
    middle: tuple[float, float] = (650.0, 350.0)
    towards: tuple[float, float] = (1.0, 0.0)
    size: tuple[float, float] = (LENGTH_PX, BROAD_PX)

    def along(self, times_s: Floats) -> Floats:
        """Return pixels from the place of rest."""
        way = np.zeros_like(times_s)
        if self.stop_s is not None:
            way -= 0.5 * self.braking * np.maximum(self.stop_s - times_s, 0.0) ** 2
        if self.go_s is not None:
            way += 0.5 * self.launch * np.maximum(times_s - self.go_s, 0.0) ** 2
        return way * METRE_PX


@dataclass
class Track:
    """Footage of cars as motion, and as boxes."""

    seconds: float = 8.0
    rate: float = 30.0
    passes: tuple[Pass, ...] = (Pass(),)
    through_px_s: float | None = None
    cuts: tuple[int, ...] = ()
    times_s: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.times_s = np.arange(round(self.seconds * self.rate)) / self.rate

    def boxes(self) -> list[Floats]:
        """Return each car's boxes, (F, 4), not cut at the picture's edges."""
        found = []
        for car in self.passes:
            along = car.along(self.times_s)
            if self.through_px_s is not None:
                along = self.through_px_s * (self.times_s - self.times_s.mean())
            middle = np.array(car.middle) + along[:, None] * np.array(car.towards)
            half = np.array(car.size if car.towards[0] else car.size[::-1]) / 2
            found.append(np.concatenate((middle - half, middle + half), axis=1))
        return found

    def motion(self) -> Motion:
        """Return the flow that the cars make, with a little noise."""
        rng = np.random.default_rng(1)
        count = len(self.times_s)
        flow = 0.03 * rng.standard_normal((count, ROWS, COLUMNS, 2))
        x = (np.arange(COLUMNS) + 0.5) * WIDTH / COLUMNS
        y = (np.arange(ROWS) + 0.5) * HEIGHT / ROWS
        for boxes in self.boxes():
            moved = np.diff((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0, prepend=np.nan)
            for frame in range(1, count):
                x1, y1, x2, y2 = boxes[frame]
                inside = ((y > y1) & (y < y2))[:, None] & ((x > x1) & (x < x2))[None]
                flow[frame][inside] += moved[frame]
        flow[[0, *self.cuts]] = 0.0
        energy = np.clip(np.hypot(*flow.transpose(3, 0, 1, 2)), 0, 255)
        return Motion(
            flow.astype(np.float16), energy.astype(np.uint8), np.zeros((count, 4), np.float32)
        )

    def objects(self) -> Objects:
        """Return what a detector and a tracker say."""
        rng = np.random.default_rng(2)
        rows = []
        for number, boxes in enumerate(self.boxes(), start=1):
            for frame, box in enumerate(boxes):
                cut = np.clip(box, 0, (WIDTH, HEIGHT, WIDTH, HEIGHT))
                if (cut[2:] - cut[:2]).min() > 20:
                    rows.append((frame, number, cut + rng.standard_normal(4)))
        rows.sort(key=lambda row: row[0])
        return Objects(
            np.array([row[0] for row in rows], np.int32),
            np.array([row[2] for row in rows], np.float32).reshape(-1, 4),
            np.full(len(rows), 0.9, np.float32),
            np.zeros(len(rows), np.int16),
            np.array([row[1] for row in rows], np.int32),
            CLASSES,
        )

    def seen(self, *, detected: bool = True) -> Observations:
        """Return it all."""
        count = len(self.times_s)
        return Observations(
            WIDTH,
            HEIGHT,
            self.times_s,
            np.arange(count, dtype=np.int32),
            self.objects() if detected else Objects.none(),
            self.motion(),
            None,
            self.cuts,
            float(self.times_s[-1] + 1 / self.rate),
        )


def between(seen: Observations, begin_s: float, end_s: float) -> Observations:
    """Return a part of a clip, on a clock that begins at its first picture."""
    kept = np.flatnonzero((seen.times_s >= begin_s) & (seen.times_s < end_s))
    first, motion, objects = int(kept[0]), seen.motion, seen.objects
    assert motion is not None
    inside = (objects.frame >= first) & (objects.frame <= kept[-1])
    part = objects.where(inside)
    return replace(
        seen,
        times_s=seen.times_s[kept] - seen.times_s[first],
        numbers=np.arange(len(kept), dtype=np.int32),
        objects=replace(part, frame=part.frame - np.int32(first)),
        motion=Motion(motion.flow[kept], motion.energy[kept], motion.camera[kept]),
        cuts=tuple(cut - first for cut in seen.cuts if first < cut <= kept[-1]),
        ends_s=float(seen.times_s[kept[-1]] - seen.times_s[first] + 0.03),
    )
