"""All that was found in one job's clip, in one SQLite file, read by frame, also while written.

Format, version 3 (numbers in BLOBs are little-endian; arrays stand one after the other):

- ``meta(key, value)``: ``version``; ``state`` (``writing``, then ``complete`` or ``partial``);
  ``run`` (what tells the run that wrote the file from every other; missing in older files);
  ``time_base`` (``num/den``, seconds per tick); ``model``, ``segmenter``, ``faces`` (JSON: null
  where nobody looked, otherwise an object with the weights' name and SHA-256 and the device, and,
  but for faces, task, class names and input size); ``scenes`` (how many there are; missing while
  nobody looked to the end); ``picture`` (JSON: width and height of the upright frame in pixels,
  ``ends_s``, when the last frame leaves the screen; missing where the writer was not told);
  ``motion``, ``sound``, ``stops`` (JSON, of the tables of these names; missing while nobody
  looked to the end).
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
- ``motion(first, data)``: one row per 256 analysed frames, the first of them by its place among
  these; ``data`` holds their ``flow`` float16, ``energy`` uint8 and ``camera`` float32, deflated,
  each with all first bytes of its numbers before all second ones. ``meta`` has ``frames``,
  ``shapes`` (of one frame's part of each), ``cuts``, and ``lights`` (missing in older files): of
  each that changed from red to green the frame, by its place, x, y and diameter in pixels.
- ``sound(data)``: one row, or none where there is no sound: ``strength`` float32, ``bursts`` and
  ``voices`` float64, as above. ``meta`` has ``rate_hz`` (null: no sound) and ``shapes``.
- ``stops(number, version, data)``: one row per stop, as ``domain.stop_dict`` writes it. ``meta``
  has ``count``, and the ``template`` and the ``camera`` with its zones as they were then.
- ``class_counts`` and ``track_counts``: sums over ``frames``; ``face_tracks``: sums over
  ``faces``. Kept in the same transactions.

A row says that somebody looked, and its ``count`` of 0 that there was nothing; no row, or NULL,
that nobody did. Version 1, which is read too, has neither ``segmenter`` nor ``faces`` nor
``scenes``, neither as keys nor as tables, and detections in every row of ``frames``. Version 2,
read too, has no ``picture``, ``motion``, ``sound`` and ``stops``.

Everything the models report is kept, at its exact confidence: what is shown is decided later.
A finished file needs no companion beside it and can be read from a read-only disk.
"""

from __future__ import annotations

from codefx_desktop.store.detection_reader import DetectionReader
from codefx_desktop.store.detection_summary import DetectionSummary, FaceTrackCount, TrackCount
from codefx_desktop.store.detection_writer import DetectionWriter
from codefx_desktop.store.stop_file import replace_stops
from codefx_desktop.store.stop_rows import StopBasis

__all__ = [
    "DetectionReader",
    "DetectionSummary",
    "DetectionWriter",
    "FaceTrackCount",
    "StopBasis",
    "TrackCount",
    "replace_stops",
]
