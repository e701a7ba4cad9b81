"""What moves in a clip, taken frame by frame while a job looks at it anyway, on a coarse grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
_CUT_LEVELS: Final = 4.0
_CUT_FACTOR: Final = 3.0
"""A cut changes the picture by this many grey levels, and by so much more than is usual."""


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
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._tracker = CameraTracker(self._size[0], self._size[1])
        self._lights = LightWatcher()
        self._cells = self._cell_places()
        self._before: Grey | None = None
        self._usual = 0.0
        self._flow: list[npt.NDArray[np.float16]] = []
        self._energy: list[npt.NDArray[np.uint8]] = []
        self._camera: list[npt.NDArray[np.float32]] = []
        self._cuts: list[int] = []

    def update(self, frame: Frame) -> None:
        """Look at the next frame; all have the size that was said."""
        small = cv2.resize(frame.pixels, self._size, interpolation=cv2.INTER_AREA)
        self._lights.update(small)
        grey: Grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        before, self._before = self._before, grey
        if before is None:
            self._tracker.begin(grey)
            self._stand_still()
            return
        step = self._tracker.step(before, grey)
        energy = self._changes(before, grey, step or Similarity())
        if step is None and self._is_cut(energy):
            self._cuts.append(len(self._flow))
            self._tracker.begin(grey)
            self._lights.cut()
            self._stand_still()
            return
        self._usual += 0.1 * (float(energy.mean()) - self._usual)
        step = step or Similarity()
        # From this frame back to the one before: a cell's flow is that of what is in it now.
        flow = -self._dis.calc(grey, before, None)
        cells = cv2.resize(flow, self._grid, interpolation=cv2.INTER_AREA)
        cells = cells.reshape(self._grid[1], self._grid[0], 2) - self._own_flow(step)
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

    def _changes(self, before: Grey, grey: Grey, step: Similarity) -> npt.NDArray[np.float32]:
        """Return grey levels, float32 (rows, columns): how far each cell changed."""
        half = (self._size[0] // 2, self._size[1] // 2)
        was, now = (cv2.resize(p, half, interpolation=cv2.INTER_AREA) for p in (before, grey))
        f = step.factor
        if abs(step.shift) > 0.05 or abs(f - 1) > 1e-4:
            centre = complex(half[0] / 2, half[1] / 2) - 0.5 - 0.5j
            shift = step.shift / 2 + centre - f * centre
            matrix = np.array(((f.real, -f.imag, shift.real), (f.imag, f.real, shift.imag)))
            was = cv2.warpAffine(was, matrix, half, borderMode=cv2.BORDER_REPLICATE)
        changed = cv2.absdiff(was, now).astype(np.float32)
        cells: npt.NDArray[np.float32] = cv2.resize(
            changed, self._grid, interpolation=cv2.INTER_AREA
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
        return np.stack((moved.real, moved.imag), axis=-1).astype(np.float32)

    def _as_row(self, step: Similarity) -> npt.NDArray[np.float32]:
        shift = np.array((step.shift.real, step.shift.imag)) * self._per_pixel
        size, turn = np.log(abs(step.factor)), -np.angle(step.factor)
        return np.array((*shift, size, turn), np.float32)
