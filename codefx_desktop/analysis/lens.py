"""What a lens does to places on the picture, both ways."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.camera_profile import LensKind

if TYPE_CHECKING:
    from codefx_desktop.domain.camera_profile import Lens

Floats = npt.NDArray[np.float64]

WIDEST_DEG: Final = 85.0
"""A flat picture reaches 90 degrees from the axis only at infinity; what a fisheye sees farther out
than this has no place on it that could be used."""


def straightened(points_px: Floats, lens: Lens, width: int, height: int) -> Floats:
    """Return where a lens that bends nothing would show what the picture shows at these places.

    The scale at the lens's axis stays as it is.

    Args:
        points_px: float64 (N, 2), pixels of the picture.
        lens: The lens.
        width: Of the picture, pixels.
        height: Likewise.

    Returns:
        float64 (N, 2), pixels; NaN for what lies more than ``WIDEST_DEG`` from the axis.

    Source: equidistant projection, r = f * angle, against the flat one, r = f * tan(angle).
    """
    if lens.kind is LensKind.STRAIGHT:
        return points_px.copy()
    focal_px, away, radius = _polar(points_px, lens, width, height)
    angle = radius / focal_px
    inside = angle <= math.radians(WIDEST_DEG)
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = np.where(radius > 0.0, np.tan(np.where(inside, angle, 0.0)) / angle, 1.0)
    gain = np.where(inside, gain, np.nan)
    flat: Floats = _centre(lens, width, height) + away * gain[:, None]
    return flat


def bent(points_px: Floats, lens: Lens, width: int, height: int) -> Floats:
    """Return where the lens shows what a lens that bends nothing would show at these places.

    The inverse of ``straightened``, with the same arguments.

    Returns:
        float64 (N, 2), pixels of the picture.
    """
    if lens.kind is LensKind.STRAIGHT:
        return points_px.copy()
    focal_px, away, radius = _polar(points_px, lens, width, height)
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = np.where(radius > 0.0, np.arctan(radius / focal_px) * focal_px / radius, 1.0)
    curved: Floats = _centre(lens, width, height) + away * gain[:, None]
    return curved


def _centre(lens: Lens, width: int, height: int) -> Floats:
    return np.array((lens.centre[0] * width, lens.centre[1] * height))


def _polar(points_px: Floats, lens: Lens, width: int, height: int) -> tuple[float, Floats, Floats]:
    """Return the focal length, and places as seen from the axis with their distances, pixels."""
    focal_px = width / math.radians(lens.field_of_view_deg)
    away = np.asarray(points_px, np.float64) - _centre(lens, width, height)
    return focal_px, away, np.hypot(away[:, 0], away[:, 1])
