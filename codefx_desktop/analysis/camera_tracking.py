"""How the camera itself moved, from what stands still in its picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]
    Complexes = npt.NDArray[np.complex128]

_COLUMNS, _ROWS = 18, 10
"""One point is taken from each of so many fields: no object has the majority of them."""
_LEAST_POINTS: Final = 12
_LEAST_SHARE: Final = 0.35
"""With fewer points that agree, nothing is said about the camera."""
_RENEW_SHARE: Final = 0.45
"""With fewer that agree, later frames are compared with this one."""
_WINDOW: Final = (13, 13)
_CRITERIA: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.01)
_ROUNDS_PX: Final = (4.0, 1.5, 0.7, 0.4, 0.4)
"""How far points may lie from the common motion, round by round, pixels of the small picture."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """What stands still at ``z`` is seen at ``factor * z + shift``; from the picture's centre."""

    factor: complex = 1 + 0j
    shift: complex = 0j

    def after(self, first: Similarity) -> Similarity:
        """Return what comes of ``first`` and then this one."""
        return Similarity(self.factor * first.factor, self.factor * first.shift + self.shift)

    def inverse(self) -> Similarity:
        """Return what undoes this one."""
        return Similarity(1 / self.factor, -self.shift / self.factor)


class CameraTracker:
    """Follows the camera through a shot, always against one frame of it, so that nothing drifts.

    Points that move on their own, or are covered, are outvoted: one point is taken from each
    field of the picture, and those that do not agree with most of the others are left out.

    Args:
        width: Of the small picture.
        height: Likewise.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._centre = complex(width / 2, height / 2)
        self._reference: Grey | None = None
        self._points: Complexes = np.zeros(0, np.complex128)
        self._base = Similarity()
        self._now = Similarity()

    def begin(self, grey: Grey) -> None:
        """Begin a shot with its first picture, uint8 (height, width)."""
        self._now = Similarity()
        self._refer(grey)

    def step(self, before: Grey, grey: Grey) -> Similarity | None:
        """Return the camera's motion from the picture before to this one.

        Args:
            before: The picture before, uint8 (height, width).
            grey: This one.

        Returns:
            None where too little agrees; it is then taken as not having moved.
        """
        if self._reference is None:
            self.begin(before)
        found = self._against_reference(grey)
        if found is None:
            self._refer(before)
            found = self._against_reference(grey)
        if found is None:
            self._refer(grey)
            return None
        place, share = found
        step = place.after(self._now.inverse())
        self._now = place
        if share < _RENEW_SHARE:
            self._refer(grey)
        return step

    def _refer(self, grey: Grey) -> None:
        self._reference, self._base = grey, self._now
        self._points = _corners(grey)

    def _against_reference(self, grey: Grey) -> tuple[Similarity, float] | None:
        """Return the camera's place and the share of points that agree with it."""
        if len(self._points) < _LEAST_POINTS:
            return None
        centred = self._points - self._centre
        since = self._now.after(self._base.inverse())
        guess = since.factor * centred + since.shift
        at, status, _ = cv2.calcOpticalFlowPyrLK(
            self._reference, grey, _pairs(self._points), _pairs(guess + self._centre),
            winSize=_WINDOW, maxLevel=1, criteria=_CRITERIA, flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )  # fmt: skip
        seen = at[:, 0, 0] + 1j * at[:, 0, 1] - self._centre
        inside = (np.abs(seen.real) < self._size[0] / 2) & (np.abs(seen.imag) < self._size[1] / 2)
        good = (status[:, 0] > 0) & inside
        if np.count_nonzero(good) < _LEAST_POINTS:
            return None
        fit, agreeing = _common(centred[good], seen[good], since)
        if agreeing < max(_LEAST_POINTS, _LEAST_SHARE * len(centred)):
            return None
        return fit.after(self._base), agreeing / len(centred)


def _common(source: Complexes, target: Complexes, guess: Similarity) -> tuple[Similarity, int]:
    """Return the motion most points share and how many do, beginning with their median shift."""
    off = target - (guess.factor * source + guess.shift)
    middle = complex(np.median(off.real), np.median(off.imag))
    fit = Similarity(guess.factor, guess.shift + middle)
    count, agreed = 0, b""
    for limit in _ROUNDS_PX:
        near = np.abs(target - (fit.factor * source + fit.shift)) < limit
        if near.tobytes() == agreed:
            continue  # the same points have the same motion
        count, agreed = int(np.count_nonzero(near)), near.tobytes()
        if count < _LEAST_POINTS:
            return fit, 0
        fit = _least_squares(source[near], target[near])
    return fit, count


def _least_squares(source: Complexes, target: Complexes) -> Similarity:
    """Return the similarity with the least squared error.

    Source: Umeyama 1991, "Least-squares estimation of transformation parameters", in the plane.
    """
    middle, to = source.mean(), target.mean()
    away = source - middle
    spread = float(np.vdot(away, away).real)
    factor = complex(np.vdot(away, target - to)) / spread if spread > 0 else 1 + 0j
    return Similarity(factor, complex(to - factor * middle))


def _corners(grey: Grey) -> Complexes:
    """Return the best point to follow in each field of the picture that has one, complex (N,)."""
    strength = cv2.cornerMinEigenVal(cv2.GaussianBlur(grey, (0, 0), 1.0), 5)
    height, width = strength.shape
    border = 8
    found = []
    least = 1e-3 * float(strength.max())
    for row in range(_ROWS):
        top, bottom = (border + (height - 2 * border) * r // _ROWS for r in (row, row + 1))
        for column in range(_COLUMNS):
            left, right = (
                border + (width - 2 * border) * c // _COLUMNS for c in (column, column + 1)
            )
            field = strength[top:bottom, left:right]
            if not field.size:
                continue
            _, best, _, (x, y) = cv2.minMaxLoc(field)
            if best > least:
                found.append(complex(left + x, top + y))
    return np.array(found, np.complex128)


def _pairs(points: Complexes) -> npt.NDArray[np.float32]:
    """Return points as OpenCV takes them, float32 (N, 1, 2)."""
    pairs = np.stack((points.real, points.imag), axis=-1)[:, None]
    return np.ascontiguousarray(pairs, np.float32)
