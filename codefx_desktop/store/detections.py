"""All that was found in one job's clip, in one SQLite file, read by frame, also while written.

Format, version 2 (numbers in BLOBs are little-endian; arrays stand one after the other):

- ``meta(key, value)``: ``version``; ``state`` (``writing``, then ``complete`` or ``partial``);
  ``time_base`` (``num/den``, seconds per tick); ``model``, ``segmenter``, ``faces`` (JSON: null
  where nobody looked, otherwise an object with the weights' name and SHA-256 and the device, and,
  but for faces, task, class names and input size); ``scenes`` (how many there are; missing while
  nobody looked to the end).
- ``frame_index(ticks, pts, keyframe)``: one row; arrays over every frame of the clip, int64,
  int64, uint8, whether analysed yet or not.
- ``frames(number, ticks, pts, count, data)``: one row per analysed frame. ``data`` holds its
  N = ``count`` detections: ``xyxy`` float32 (N, 4), ``confidence`` float32 (N,), ``track_id``
  int32 (N,), ``class_id`` int16 (N,). Both are NULL where nobody looked for objects.
- ``segments(number, count, data)``: one row per frame that was segmented, of those in ``frames``.
  ``data`` holds its N segments: ``xyxy`` float32 (N, 4), ``confidence`` float32 (N,), ``parts``
  uint32 (N,), how many polygons each has, P in all; ``corners`` uint32 (P,), how many corners
  each has, C in all; their points float32 (C, 2); ``class_id`` int16 (N,).
- ``faces(number, count, data)``: one row per frame in which faces were looked for, of those in
  ``frames``. ``data`` holds its N faces: ``xyxy`` float32 (N, 4), ``confidence`` float32 (N,),
  ``landmarks`` float32 (N, 5, 2), ``track_id`` int32 (N,).
- ``scenes(number, first, last, start_s, end_s)``: one row per scene.
- ``class_counts`` and ``track_counts``: sums over ``frames``; ``face_tracks``: sums over
  ``faces``. Kept in the same transactions.

A row says that somebody looked, and its ``count`` of 0 that there was nothing; no row, or NULL,
that nobody did. Version 1, which is read too, has neither ``segmenter`` nor ``faces`` nor
``scenes``, neither as keys nor as tables, and detections in every row of ``frames``.

Everything the models report is kept, at its exact confidence: what is shown is decided later.
A finished file needs no companion beside it and can be read from a read-only disk.
"""

from __future__ import annotations

from codefx_desktop.store.detection_reader import DetectionReader
from codefx_desktop.store.detection_summary import DetectionSummary, FaceTrackCount, TrackCount
from codefx_desktop.store.detection_writer import DetectionWriter

__all__ = [
    "DetectionReader",
    "DetectionSummary",
    "DetectionWriter",
    "FaceTrackCount",
    "TrackCount",
]
