"""Metres on the ground from the four corners of the painted box, and back to the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.lens import bent, straightened

if TYPE_CHECKING:
    from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens

Floats = npt.NDArray[np.float64]


class Ground:
    """The ground plane of a picture, in metres.

    Its origin is the middle of the box, x points ahead, y to the driver's left. What stands above
    the ground appears farther from the camera than it is; hubs are 0.3 m up.

    Args:
        marks: The box, clicked at its corners.
        lens: How the picture is bent.
        width: Of the picture, pixels.
        height: Likewise.

    Raises:
        ValueError: If the corners are not those of a box seen from above the ground, or its size
            is not above 0.
    """

    def __init__(self, marks: BoxMarks, lens: Lens, width: int, height: int) -> None:
        if not (marks.length_m > 0.0 and marks.width_m > 0.0):
            raise ValueError("the box's length and width must be above 0 metres")
        self._lens, self._width, self._height = lens, width, height
        clicked = np.array(marks.corners, np.float64) * (width, height)
        flat = straightened(clicked, lens, width, height)
        if not np.isfinite(flat).all():
            raise ValueError("a corner of the box lies beyond what the lens can be corrected for")
        turns = _turns(flat)
        if not ((turns > 1.0).all() or (turns < -1.0).all()):  # square pixels; a line has 0
            raise ValueError(
                "the box's corners make no box: click front left, front right, rear right, "
                "rear left, in this order"
            )
        self.mirrored = bool(turns[0] < 0.0)
        half = np.array((marks.length_m / 2, marks.width_m / 2))
        metres = half * ((1, 1), (1, -1), (-1, -1), (-1, 1))
        self._to_px = _homography(metres, flat)
        self._to_m = np.asarray(np.linalg.inv(self._to_px), np.float64)
        # Scaled so that what is ahead of the camera has a positive depth.
        self._to_m /= np.sign(_mapped(self._to_m, flat)[1][0])

    @classmethod
    def of(cls, camera: CameraProfile, width: int, height: int) -> Ground | None:
        """Return the ground of a camera's picture; None where nobody clicked the box.

        Raises:
            ValueError: If the clicked corners are unusable.
        """
        return None if camera.marks is None else cls(camera.marks, camera.lens, width, height)

    def to_metres(self, points_px: Floats) -> Floats:
        """Return where places on the picture are on the ground.

        Args:
            points_px: float64 (N, 2), pixels.

        Returns:
            float64 (N, 2), metres; NaN at and above the horizon.
        """
        flat = straightened(np.asarray(points_px, float), self._lens, self._width, self._height)
        placed, depth = _mapped(self._to_m, flat)
        return np.where((depth > 1e-9)[:, None], placed, np.nan)

    def to_pixels(self, points_m: Floats) -> Floats:
        """Return where the picture shows places on the ground.

        Args:
            points_m: float64 (N, 2), metres.

        Returns:
            float64 (N, 2), pixels, also outside the picture; NaN behind the camera.
        """
        placed, depth = _mapped(self._to_px, np.asarray(points_m, float))
        seen = bent(placed, self._lens, self._width, self._height)
        return np.where((depth > 1e-9)[:, None], seen, np.nan)


def _turns(corners: Floats) -> Floats:
    """Return twice the area of the triangle at each corner, above 0 where it turns clockwise."""
    before = corners - np.roll(corners, 1, axis=0)
    after = np.roll(corners, -1, axis=0) - corners
    turns: Floats = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return turns


def _homography(begin: Floats, end: Floats) -> Floats:
    """Return the 3x3 matrix that takes four places to four others."""
    rows = []
    for (x, y), (u, v) in zip(begin, end, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solved = np.linalg.solve(np.array(rows), end.ravel())
    matrix: Floats = np.append(solved, 1.0).reshape(3, 3)
    return matrix


def _mapped(matrix: Floats, points: Floats) -> tuple[Floats, Floats]:
    """Return places through a homography, float64 (N, 2), and their depths, float64 (N,)."""
    full = np.column_stack((points, np.ones(len(points)))) @ matrix.T
    depth = full[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return full[:, :2] / depth[:, None], depth
