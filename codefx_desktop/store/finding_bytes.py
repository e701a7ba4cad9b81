"""What was found in one frame as bytes, and back; the format is written down in ``detections``."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.outlines import LANDMARKS, Faces, Segments

if TYPE_CHECKING:
    from codefx_desktop.domain.outlines import Polygon


def pack_detections(found: Detections) -> bytes:
    """Return the detections of one frame."""
    return _joined(
        (found.xyxy, "<f4"),
        (found.confidence, "<f4"),
        (found.track_id, "<i4"),
        (found.class_id, "<i2"),
    )


def unpack_detections(data: bytes, count: int) -> Detections:
    """Return ``count`` detections; the arrays are read-only views of ``data``.

    Raises:
        ValueError: If there are not so many in it.
    """
    arrays = _Arrays(data, count, "detections")
    found = Detections(
        xyxy=arrays.take("f4", count, 4),
        confidence=arrays.take("f4", count),
        track_id=arrays.take("i4", count),
        class_id=arrays.take("i2", count),
    )
    arrays.end()
    return found


def pack_segments(found: Segments) -> bytes:
    """Return the segments of one frame."""
    polygons = [part for parts in found.polygons for part in parts]
    return _joined(
        (found.xyxy, "<f4"),
        (found.confidence, "<f4"),
        (np.array([len(parts) for parts in found.polygons]), "<u4"),
        (np.array([len(polygon) for polygon in polygons]), "<u4"),
        *((polygon, "<f4") for polygon in polygons),
        (found.class_id, "<i2"),
    )


def unpack_segments(data: bytes, count: int) -> Segments:
    """Return ``count`` segments; the arrays are read-only views of ``data``.

    Raises:
        ValueError: If there are not so many in it.
    """
    arrays = _Arrays(data, count, "segments")
    xyxy, confidence = arrays.take("f4", count, 4), arrays.take("f4", count)
    parts = arrays.take("u4", count)
    corners = arrays.take("u4", _total(parts))
    points = arrays.take("f4", _total(corners), 2)
    class_id = arrays.take("i2", count)
    arrays.end()
    polygons: list[Polygon] = [points[start:stop] for start, stop in pairwise(_places(corners))]
    return Segments(
        xyxy,
        confidence,
        class_id,
        tuple(tuple(polygons[start:stop]) for start, stop in pairwise(_places(parts))),
    )


def pack_faces(found: Faces) -> bytes:
    """Return the faces of one frame."""
    return _joined(
        (found.xyxy, "<f4"),
        (found.confidence, "<f4"),
        (found.landmarks, "<f4"),
        (found.track_id, "<i4"),
    )


def unpack_faces(data: bytes, count: int) -> Faces:
    """Return ``count`` faces; the arrays are read-only views of ``data``.

    Raises:
        ValueError: If there are not so many in it.
    """
    arrays = _Arrays(data, count, "faces")
    found = Faces(
        xyxy=arrays.take("f4", count, 4),
        confidence=arrays.take("f4", count),
        landmarks=arrays.take("f4", count, len(LANDMARKS), 2),
        track_id=arrays.take("i4", count),
    )
    arrays.end()
    return found


class _Arrays:
    """Takes little-endian arrays from bytes, one after the other."""

    def __init__(self, data: bytes, count: int, what: str) -> None:
        self._data = data
        self._place = 0
        self._trouble = f"{len(data)} bytes for {count} {what} of a frame"
        if count < 0:
            raise ValueError(self._trouble)

    def take(self, kind: str, *shape: int) -> npt.NDArray[Any]:
        wanted, numbers = np.dtype(kind), int(np.prod(shape, dtype=object))
        stop = self._place + numbers * wanted.itemsize
        if stop > len(self._data):
            raise ValueError(self._trouble)
        array = np.frombuffer(self._data, wanted.newbyteorder("<"), numbers, self._place)
        self._place = stop
        return array.reshape(shape).astype(wanted, copy=False)

    def end(self) -> None:
        if self._place < len(self._data):
            raise ValueError(self._trouble)


def _joined(*arrays: tuple[npt.NDArray[Any], str]) -> bytes:
    return b"".join(array.astype(kind, copy=False).tobytes() for array, kind in arrays)


def _total(counts: npt.NDArray[Any]) -> int:
    return int(counts.sum(dtype=np.uint64))


def _places(counts: npt.NDArray[Any]) -> list[int]:
    """Return where each of successive groups begins, and where the last one ends."""
    return [0, *np.cumsum(counts, dtype=np.int64).tolist()]
