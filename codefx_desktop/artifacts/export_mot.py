"""Tracks as MOTChallenge text.

``mot.txt`` has a row for each tracked box: ``frame,id,left,top,width,height,confidence,class,
visibility``, **frames from 1 on** (frame number + 1), classes from 1 on (class id + 1).
``mot-faces.txt`` has the same for faces, whose ids are their own; their class is 1. Visibility is
not known and written as -1.

Source: Milan et al., "MOT16: A Benchmark for Multi-Object Tracking", 2016.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.artifacts.export_boxes import ExportClip, Exported, clipped, streamed
from codefx_desktop.artifacts.numbers import confidences, pixels
from codefx_desktop.domain.detections import NO_TRACK, Detections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.outlines import Faces


def export_mot(
    objects: Path | None, faces: Path | None, clip: ExportClip, frames: Iterable[FrameFindings]
) -> Exported:
    """Write tracks, of objects and of faces each to a file of its own.

    Args:
        objects: The file of tracked objects; None: not wanted.
        faces: The file of tracked faces; None: not wanted.
        clip: What they are about.
        frames: What was found, in order.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    count = rows = 0
    with ExitStack() as stack:
        files = [
            None if path is None else stack.enter_context(streamed(path))
            for path in (objects, faces)
        ]
        for frame in frames:
            count += 1
            for file, found in zip(files, (frame.detections, frame.faces), strict=True):
                if file is None or found is None:
                    continue
                for line in _lines(frame.number, found, clip):
                    file.write(line)
                    rows += 1
    sizes = [path.stat().st_size for path in (objects, faces) if path is not None]
    return Exported(len(sizes), sum(sizes), count, rows)


def _lines(number: int, found: Detections | Faces, clip: ExportClip) -> Iterator[str]:
    tracked = np.flatnonzero(found.track_id != NO_TRACK)
    boxes = clipped(found.xyxy[tracked], clip)
    rows = tracked[boxes.rows]
    classes = found.class_id[rows].tolist() if isinstance(found, Detections) else [0] * len(rows)
    sides = (pixels(side) for side in (boxes.left, boxes.top, boxes.width, boxes.height))
    for track_id, class_id, confidence, *box in zip(
        found.track_id[rows].tolist(),
        classes,
        confidences(found.confidence[rows]),
        *sides,
        strict=True,
    ):
        place = ",".join(map(str, box))
        yield f"{number + 1},{track_id},{place},{confidence},{class_id + 1},-1\n"
