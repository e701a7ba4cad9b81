"""Where everything is in a picture: boxes, outlines and how much of each can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from codefx_desktop.synthetic.flat import Flat
    from codefx_desktop.synthetic.scene import Thing

_SCALE = 2
_HALF_SHIFT = 5  # sixteenths of the picture's pixels are thirty-seconds of the mask's; the
# mask's pixel c then samples the picture at 2 c + 0.5, counted from the picture's corner
"""Masks are drawn at half the picture's size: a pixel of truth is finer than any label."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """The objects of one picture, N of them, those wholly outside left out.

    Attributes:
        number: int32 (N,), identities.
        class_id: int16 (N,).
        xyxy: float32 (N, 4), pixels: the whole object, also what is hidden behind others,
            cut at the picture's edges.
        visible: float32 (N,), 0 to 1: the part of the object's whole area (hidden and outside
            the picture included) that can be seen.
        polygons: Per object its outlines cut at the picture's edges, float32 (M, 2) each.
    """

    number: npt.NDArray[np.int32]
    class_id: npt.NDArray[np.int16]
    xyxy: npt.NDArray[np.float32]
    visible: npt.NDArray[np.float32]
    polygons: tuple[tuple[npt.NDArray[np.float32], ...], ...]

    def __len__(self) -> int:
        """Return N."""
        return len(self.number)


def measure(layers: list[Flat], things: list[Thing], size: tuple[int, int], units: int) -> Outlines:
    """Return where the objects of painted layers are.

    Args:
        layers: Polygons in painter's order, in fractions of a pixel.
        things: All objects of the scene.
        size: Width and height of the picture.
        units: Fractions per pixel of the polygons' coordinates.
    """
    seen = _seen_numbers(layers, size)
    own: dict[int, list[npt.NDArray[np.int32]]] = {}
    for flat in layers:
        for polygon, owner in zip(flat.polygons, flat.owners, strict=True):
            if owner >= 0:
                own.setdefault(owner, []).append(polygon)
    rows = []
    counts = np.bincount(seen.ravel(), minlength=len(things) + 1)
    for number in sorted(own):
        row = _measure_one(own[number], int(counts[number + 1]), size, units)
        if row is not None:
            rows.append((number, things[number].class_id, *row))
    return Outlines(
        number=np.array([row[0] for row in rows], np.int32),
        class_id=np.array([row[1] for row in rows], np.int16),
        xyxy=np.array([row[2] for row in rows], np.float32).reshape(-1, 4),
        visible=np.array([row[3] for row in rows], np.float32),
        polygons=tuple(row[4] for row in rows),
    )


def _seen_numbers(layers: list[Flat], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Return which object each pixel of the half-size picture shows, 0 for none.

    Scenery that covers an object erases it.
    """
    seen = np.zeros((size[1] // _SCALE, size[0] // _SCALE), np.uint8)
    for flat in layers:
        for polygon, owner in zip(flat.polygons, flat.owners, strict=True):
            cv2.fillConvexPoly(seen, polygon, owner + 1, cv2.LINE_8, _HALF_SHIFT)
    return seen


def _measure_one(
    polygons: list[npt.NDArray[np.int32]], seen: int, size: tuple[int, int], units: int
) -> tuple[npt.NDArray[np.float64], float, tuple[npt.NDArray[np.float32], ...]] | None:
    stacked = np.concatenate(polygons)
    low, high = stacked.min(axis=0), stacked.max(axis=0)
    # Polygons are given at pixel centres; boxes count from the picture's corner.
    box = (np.concatenate((low, high)) + units / 2) / units
    limits = np.array([size[0], size[1], size[0], size[1]], float)
    clipped = np.clip(box, 0.0, limits)
    if clipped[2] - clipped[0] < 1.0 or clipped[3] - clipped[1] < 1.0:
        return None
    origin = (low // (units * _SCALE)) - 1
    extent = (high // (units * _SCALE)) - origin + 3
    whole = np.zeros((int(extent[1]), int(extent[0])), np.uint8)
    offset = (origin * units * _SCALE).astype(np.int32)
    for polygon in polygons:
        cv2.fillConvexPoly(whole, polygon - offset, 1, cv2.LINE_8, _HALF_SHIFT)
    area = int(cv2.countNonZero(whole))
    visible = min(1.0, seen / area) if area else 0.0
    found, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outlines = tuple(
        np.clip((_closed(contour) + origin) * _SCALE + 0.5, 0, limits[:2]).astype(np.float32)
        for contour in found
    )
    return clipped, visible, outlines


def _closed(contour: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return a contour as a polygon: one of a pixel or two becomes a small rectangle."""
    if len(contour) >= 3:
        return np.asarray(contour[:, 0], np.int32)
    x, y, width, height = cv2.boundingRect(contour)
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.int32)
