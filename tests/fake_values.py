"""What the fakes say, built from plain lists or seen in the brightest pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.domain.outlines import Faces, Segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Frame

BRIGHT = 200


def detections(
    boxes: Sequence[Sequence[float]],
    confidence: float | Sequence[float] = 0.9,
    class_id: int | Sequence[int] = 0,
    track_id: int | Sequence[int] = NO_TRACK,
) -> Detections:
    """Build detections from plain lists; scalars hold for all boxes."""
    n = len(boxes)
    return Detections(
        np.array(boxes, np.float32).reshape(n, 4),
        np.broadcast_to(np.array(confidence, np.float32), (n,)).copy(),
        np.broadcast_to(np.array(class_id, np.int16), (n,)).copy(),
        np.broadcast_to(np.array(track_id, np.int32), (n,)).copy(),
    )


def faces(boxes: Sequence[Sequence[float]], confidence: float | Sequence[float] = 0.99) -> Faces:
    """Build untracked faces from plain boxes; their points lie where they do in a face."""
    n = len(boxes)
    xyxy = np.array(boxes, np.float32).reshape(n, 4)
    places = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]], np.float32)
    return Faces(
        xyxy,
        np.broadcast_to(np.array(confidence, np.float32), (n,)).copy(),
        xyxy[:, None, :2] + places * (xyxy[:, None, 2:] - xyxy[:, None, :2]),
        np.full(n, NO_TRACK, np.int32),
    )


def rectangles(boxes: Sequence[Sequence[float]], class_id: int = 0) -> Segments:
    """Build segments whose outlines are their boxes."""
    found = detections(boxes, class_id=class_id)
    corners = [[(0, 1), (2, 1), (2, 3), (0, 3)]] * len(boxes)
    outlines = tuple(
        (np.array([[box[x], box[y]] for x, y in ring], np.float32),)
        for box, ring in zip(found.xyxy, corners, strict=True)
    )
    return Segments(found.xyxy, found.confidence, found.class_id, outlines)


def brightest_block(frame: Frame) -> Detections:
    """Return one box round all pixels whose channels are all bright, or nothing."""
    rows, columns = np.nonzero((frame.pixels >= BRIGHT).all(axis=2))
    if not len(rows):
        return Detections.empty()
    return detections([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]])
