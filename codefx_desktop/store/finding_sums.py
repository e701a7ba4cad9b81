"""Sums over a chunk of findings, and how they are added to those that a file holds already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.detections import NO_TRACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.outlines import Faces

ADD_CLASS = """
INSERT INTO class_counts VALUES (?, ?)
ON CONFLICT DO UPDATE SET detections = detections + excluded.detections
"""
ADD_TRACK = """
INSERT INTO track_counts VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    detections = detections + excluded.detections,
    first_frame = min(first_frame, excluded.first_frame),
    last_frame = max(last_frame, excluded.last_frame),
    best_confidence = max(best_confidence, excluded.best_confidence)
"""
ADD_FACE_TRACK = """
INSERT INTO face_tracks VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    faces = faces + excluded.faces,
    first_frame = min(first_frame, excluded.first_frame),
    last_frame = max(last_frame, excluded.last_frame),
    best_confidence = max(best_confidence, excluded.best_confidence)
"""
_CLASSES = 1 << 16

Numbers = npt.NDArray[np.int64]


def count_classes(chunk: Sequence[Detections]) -> list[tuple[int, int]]:
    """Return (class id, detections) for each class in a chunk."""
    if not chunk:
        return []
    ids, counts = np.unique(np.concatenate([item.class_id for item in chunk]), return_counts=True)
    return list(zip(ids.tolist(), counts.tolist(), strict=True))


def count_tracks(
    chunk: Sequence[tuple[int, Detections]],
) -> list[tuple[int, int, int, int, int, float]]:
    """Return the sums for each track and class in a chunk.

    Args:
        chunk: Frame number and detections of each frame.

    Returns:
        Track id, class id, detections, first frame, last frame, best confidence.
    """
    if not chunk:
        return []
    klass = np.concatenate([found.class_id for _, found in chunk]).astype(np.int64)
    keys = _of_tracks(chunk) * _CLASSES + klass
    return [
        (key // _CLASSES, key % _CLASSES, count, first, last, best)
        for key, count, first, last, best in _sums(keys, chunk)
    ]


def count_faces(chunk: Sequence[tuple[int, Faces]]) -> list[tuple[int, int, int, int, float]]:
    """Return the sums for each track of faces in a chunk.

    Args:
        chunk: Frame number and faces of each frame.

    Returns:
        Track id, faces, first frame, last frame, best confidence.
    """
    return _sums(_of_tracks(chunk), chunk) if chunk else []


def _of_tracks(chunk: Sequence[tuple[int, Detections | Faces]]) -> Numbers:
    return np.concatenate([found.track_id for _, found in chunk]).astype(np.int64)


def _sums(
    keys: Numbers, chunk: Sequence[tuple[int, Detections | Faces]]
) -> list[tuple[int, int, int, int, float]]:
    """Sum up what belongs to a track, by key: count, first and last frame, best confidence."""
    tracked = _of_tracks(chunk) != NO_TRACK
    numbers, found = zip(*chunk, strict=True)
    frame = np.repeat(np.asarray(numbers, np.int64), [len(item) for item in found])[tracked]
    confidence = np.concatenate([item.confidence for item in found]).astype(np.float64)[tracked]
    groups, where, counts = np.unique(keys[tracked], return_inverse=True, return_counts=True)
    first = np.full(len(groups), np.iinfo(np.int64).max)
    last = np.full(len(groups), -1)
    best = np.zeros(len(groups))
    np.minimum.at(first, where, frame)
    np.maximum.at(last, where, frame)
    np.maximum.at(best, where, confidence)
    columns = (groups, counts, first, last, best)
    return list(zip(*(column.tolist() for column in columns), strict=True))
