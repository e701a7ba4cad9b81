"""Places above the ground, in metres: the whole camera, from four clicks on a painted box.

A rectangle of known size seen by a lens of square pixels whose axis is known tells how long the
lens is, and with that where the camera is; so also what a picture shows at a given height.

Source: Zhang, "A flexible new technique for camera calibration", 2000, section 3.1, for one plane
and one unknown, the focal length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.lens import straightened

if TYPE_CHECKING:
    from codefx_desktop.analysis.ground import Ground
    from codefx_desktop.domain.camera_profile import Lens

Floats = npt.NDArray[np.float64]

SHORTEST: Final = 0.3
LONGEST: Final = 12.0
"""Focal lengths in picture widths that a camera at a pit box has: 118 to 5 degrees of view."""


class AboveGround:
    """Takes places of a picture to metres at a height above the ground.

    Args:
        ground: The calibrated ground.
        lens: How the picture is bent.
        width: Of the picture, pixels.
        height: Likewise.

    Raises:
        ValueError: If the box is seen so straight from above, or clicked so roughly, that it does
            not tell how long the lens is.
    """

    def __init__(self, ground: Ground, lens: Lens, width: int, height: int) -> None:
        self._lens, self._width, self._height = lens, width, height
        self._axis = np.array(lens.centre) * (width, height)
        square = np.array([(1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0)])
        flat = straightened(ground.to_pixels(square), lens, width, height) - self._axis
        self._plane = _homography(square, flat)
        self._up = self._upwards(self._plane, width)

    def to_metres(self, points_px: Floats, height_m: float) -> Floats:
        """Return where places on the picture are, were they at a height.

        Args:
            points_px: float64 (N, 2), pixels.
            height_m: Above the ground.

        Returns:
            float64 (N, 2), metres, as ``Ground`` has them.
        """
        flat = straightened(np.asarray(points_px, float), self._lens, self._width, self._height)
        plane = self._plane.copy()
        plane[:, 2] += height_m * self._up
        placed = np.column_stack((flat - self._axis, np.ones(len(flat)))) @ np.linalg.inv(plane).T
        return np.asarray(placed[:, :2] / placed[:, 2:], np.float64)

    @staticmethod
    def _upwards(plane: Floats, width: int) -> Floats:
        """Return the picture's homogeneous direction of one metre up, float64 (3,)."""
        one, two, at = plane.T
        # The two axes of the ground are at right angles and equally long.
        in_picture = np.array([one[:2] @ two[:2], one[:2] @ one[:2] - two[:2] @ two[:2]])
        in_depth = np.array([one[2] * two[2], one[2] ** 2 - two[2] ** 2])
        inverse_square = -(in_picture @ in_depth) / (in_picture @ in_picture)
        if not 1.0 / (LONGEST * width) ** 2 < inverse_square < 1.0 / (SHORTEST * width) ** 2:
            raise ValueError("the box does not tell how long the lens is")
        focal = np.array([inverse_square**-0.5, inverse_square**-0.5, 1.0])
        first, second, place = one / focal, two / focal, at / focal
        size = float(np.sqrt(np.linalg.norm(first) * np.linalg.norm(second)))
        up = np.cross(first / size, second / size)
        # A camera is above the ground, also where the picture is mirrored.
        if up @ place > 0.0:
            up = -up
        return np.asarray(up * focal * size, np.float64)


def _homography(begin: Floats, end: Floats) -> Floats:
    """Return the 3x3 matrix that takes four places to four others, depth 1 at the origin."""
    rows = []
    for (x, y), (u, v) in zip(begin, end, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solved = np.linalg.solve(np.array(rows), end.ravel())
    return np.append(solved, 1.0).reshape(3, 3)
