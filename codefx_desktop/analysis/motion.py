"""What moves in a clip, taken frame by frame while a job looks at it anyway, on a coarse grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import cv2
import numpy as np

from codefx_desktop.analysis.camera_tracking import CameraTracker, Similarity
from codefx_desktop.analysis.signal_lights import LightWatcher
from codefx_desktop.domain.observations import Motion

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.frame import Frame

    Grey = npt.NDArray[np.uint8]
    Flow = npt.NDArray[np.float32]

COLUMNS: Final = 32
"""Cells across the longer side; square cells across the shorter."""
_SIDE_PX: Final = 640
"""Longer side of the picture that is looked at. Source: measured on rendered stops, the flow of a
braking car is wrong by 0.08 px of 1280 at this size and by 0.28 px at half of it."""
_FLOW_PART: Final = 4
"""The flow is looked for on a picture so many times smaller still. Source: the finest scale of
OpenCV's ultra fast preset, which if given small pictures makes these of both at each call."""
_BLOWN_UP: Final = np.array((0.125, 0.75, 0.125), np.float32)
"""What a cell's mean weighs each flow and those beside it with, as if all were first blown up to
the small picture, linearly, which takes ten times as long."""
_CUT_LEVELS: Final = 4.0
_CUT_FACTOR: Final = 3.0
"""A cut changes the picture by this many grey levels, and by so much more than is usual."""


class _Looked(NamedTuple):
    """A picture in grey, uint8 (height, width), in all the sizes it is looked at."""

    grey: Grey
    half: Grey
    coarse: Grey


class MotionTaker:
    """Takes the motion of a clip's frames, in order.

    Keeps the small picture of the frame before, and under 3 kB a frame.

    Args:
        width: Of the frames, pixels.
        height: Likewise.

    Raises:
        ValueError: If a side is not positive.
    """

    def __init__(self, width: int, height: int) -> None:
        if width < 1 or height < 1:
            raise ValueError(f"a picture has a width and a height, not {width}x{height}")
        self._scale = max(width, height) / _SIDE_PX
        # Never larger than the frame, and never too small for the flow's pyramid.
        self._size = tuple(
            max(32, min(side, round(side / self._scale))) for side in (width, height)
        )
        longer = max(width, height)
        self._grid = tuple(max(1, round(COLUMNS * side / longer)) for side in (width, height))
        self._per_pixel = np.array((width / self._size[0], height / self._size[1]), np.float32)
        self._coarse = tuple(max(32, side // _FLOW_PART) for side in self._size)
        # Seen flow goes from a frame to the one before it: what is in a cell came the other way.
        self._per_coarse = -np.divide(self._size, self._coarse).astype(np.float32)
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._dis.setFinestScale(0)
        self._tracker = CameraTracker(self._size[0], self._size[1])
        self._lights = LightWatcher()
        self._cells = self._cell_places()
        # Fresh memory costs more than what is written to it: these are written over and over.
        self._small = np.empty((self._size[1], self._size[0], 3), np.uint8)
        half = (self._size[1] // 2, self._size[0] // 2)
        self._steadied, self._changed = np.empty(half, np.uint8), np.empty(half, np.float32)
        self._before: _Looked | None = None
        self._usual = 0.0
        self._flow: list[npt.NDArray[np.float16]] = []
        self._energy: list[npt.NDArray[np.uint8]] = []
        self._camera: list[npt.NDArray[np.float32]] = []
        self._cuts: list[int] = []

    def update(self, frame: Frame) -> None:
        """Look at the next frame; all have the size that was said."""
        cv2.resize(frame.pixels, self._size, self._small, interpolation=cv2.INTER_AREA)
        self._lights.update(self._small)
        now = self._looked(cv2.cvtColor(self._small, cv2.COLOR_RGB2GRAY))
        before, self._before = self._before, now
        if before is None:
            self._tracker.begin(now.grey)
            self._stand_still()
            return
        step = self._tracker.step(before.grey, now.grey)
        energy = self._changes(before.half, now.half, step or Similarity())
        if step is None and self._is_cut(energy):
            self._cuts.append(len(self._flow))
            self._tracker.begin(now.grey)
            self._lights.cut()
            self._stand_still()
            return
        self._usual += 0.1 * (float(energy.mean()) - self._usual)
        step = step or Similarity()
        cells = self._cell_flow(before, now) - self._own_flow(step)
        self._flow.append((cells * self._per_pixel).astype(np.float16))
        self._energy.append(np.clip(np.rint(energy), 0, 255).astype(np.uint8))
        self._camera.append(self._as_row(step))

    def finish(self) -> Motion:
        """Return the motion of all frames so far."""
        columns, rows = self._grid
        count = len(self._flow)
        lights = self._lights.finish()
        lights[:, 1:3] *= self._per_pixel
        lights[:, 3] *= self._per_pixel.mean()
        return Motion(
            flow=np.array(self._flow, np.float16).reshape(count, rows, columns, 2),
            energy=np.array(self._energy, np.uint8).reshape(count, rows, columns),
            camera=np.array(self._camera, np.float32).reshape(count, 4),
            cuts=tuple(self._cuts),
            lights=lights,
        )

    def _stand_still(self) -> None:
        columns, rows = self._grid
        self._flow.append(np.zeros((rows, columns, 2), np.float16))
        self._energy.append(np.zeros((rows, columns), np.uint8))
        self._camera.append(np.zeros(4, np.float32))

    def _looked(self, grey: Grey) -> _Looked:
        """Return a picture in all the sizes it is looked at, each made once."""
        half = (self._size[0] // 2, self._size[1] // 2)
        return _Looked(
            grey,
            cv2.resize(grey, half, interpolation=cv2.INTER_AREA),
            cv2.resize(grey, self._coarse, interpolation=cv2.INTER_AREA),
        )

    def _cell_flow(self, before: _Looked, now: _Looked) -> Flow:
        """Return what moved, float32 (rows, columns, 2), pixels of the small picture."""
        flow = self._dis.calc(now.coarse, before.coarse, None)
        flow = cv2.sepFilter2D(flow, -1, _BLOWN_UP, _BLOWN_UP, borderType=cv2.BORDER_REPLICATE)
        cells: Flow = cv2.resize(flow, self._grid, interpolation=cv2.INTER_AREA)
        return cells.reshape(self._grid[1], self._grid[0], 2) * self._per_coarse

    def _changes(self, was: Grey, now: Grey, step: Similarity) -> npt.NDArray[np.float32]:
        """Return grey levels, float32 (rows, columns): how far each cell changed.

        Args:
            was: The picture before at half the small one's size.
            now: This one, likewise.
            step: How the camera moved between them.
        """
        half = (self._size[0] // 2, self._size[1] // 2)
        f = step.factor
        if abs(step.shift) > 0.05 or abs(f - 1) > 1e-4:
            centre = complex(half[0] / 2, half[1] / 2) - 0.5 - 0.5j
            shift = step.shift / 2 + centre - f * centre
            matrix = np.array(((f.real, -f.imag, shift.real), (f.imag, f.real, shift.imag)))
            was = cv2.warpAffine(was, matrix, half, self._steadied, borderMode=cv2.BORDER_REPLICATE)
        cv2.absdiff(was, now, self._steadied)
        self._changed[:] = self._steadied
        cells: npt.NDArray[np.float32] = cv2.resize(
            self._changed, self._grid, interpolation=cv2.INTER_AREA
        )
        return cells.reshape(self._grid[1], self._grid[0])

    def _is_cut(self, energy: npt.NDArray[np.float32]) -> bool:
        level = float(energy.mean())
        return level > max(_CUT_LEVELS, _CUT_FACTOR * self._usual)

    def _cell_places(self) -> npt.NDArray[np.complex128]:
        """Return the cells' middles from the picture's centre, complex (rows, columns)."""
        (columns, rows), (width, height) = self._grid, self._size
        x = (np.arange(columns) + 0.5) / columns * width - width / 2
        y = (np.arange(rows) + 0.5) / rows * height - height / 2
        places: npt.NDArray[np.complex128] = x[None] + 1j * y[:, None]
        return places

    def _own_flow(self, step: Similarity) -> Flow:
        """Return what the camera's own motion gives each cell, float32 (rows, columns, 2)."""
        back = step.inverse()
        moved = self._cells - (back.factor * self._cells + back.shift)
        return moved.view(np.float64).reshape(*moved.shape, 2).astype(np.float32)

    def _as_row(self, step: Similarity) -> npt.NDArray[np.float32]:
        shift = np.array((step.shift.real, step.shift.imag)) * self._per_pixel
        size, turn = np.log(abs(step.factor)), -np.angle(step.factor)
        return np.array((*shift, size, turn), np.float32)
