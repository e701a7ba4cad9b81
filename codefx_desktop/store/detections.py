"""All detections of one job in one SQLite file, read by frame number, also while it is written.

Format, version 1 (numbers in BLOBs are little-endian):

- ``meta(key, value)``: ``version``; ``state`` (``writing``, then ``complete`` or ``partial``);
  ``model`` (JSON object with the weights' name and SHA-256, class names, input size, device);
  ``time_base`` (``num/den``, seconds per tick).
- ``frame_index(ticks, pts, keyframe)``: one row; arrays over every frame of the clip, int64,
  int64, uint8, whether analysed yet or not.
- ``frames(number, ticks, pts, count, data)``: one row per analysed frame. ``data`` holds its
  N = ``count`` detections as four arrays one after the other: ``xyxy`` float32 (N, 4),
  ``confidence`` float32 (N,), ``track_id`` int32 (N,), ``class_id`` int16 (N,).
- ``class_counts`` and ``track_counts``: sums over ``frames``, kept in the same transactions.

Everything the detector reports is kept, at its exact confidence: what is shown is decided later.
A finished file needs no companion beside it and can be read from a read-only disk.
"""

from __future__ import annotations

from codefx_desktop.store.detection_reader import (
    DetectionReader,
    DetectionSummary,
    StoredFrame,
    TrackCount,
)
from codefx_desktop.store.detection_writer import DetectionWriter

__all__ = ["DetectionReader", "DetectionSummary", "DetectionWriter", "StoredFrame", "TrackCount"]
