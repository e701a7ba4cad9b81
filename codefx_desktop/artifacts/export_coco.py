"""Boxes, outlines and faces as COCO JSON.

``images[].id`` is the frame number + 1 and ``frame_number`` the number itself. Category ids of
detection classes are the class ids + 1; those of the segmentation model follow, as they may be
other ones, then ``face``, whose five landmarks are keypoints. Boxes are x, y, width, height in
pixels. Each annotation carries its ``score``, and what has a track its ``track_id``.

Source: cocodataset.org/#format-data.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.artifacts.export_boxes import (
    ExportClip,
    Exported,
    class_name,
    clipped,
    signed_area,
    streamed,
)
from codefx_desktop.artifacts.numbers import confidences, pixels, text
from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.outlines import LANDMARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

    import numpy.typing as npt

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.outlines import Faces, Segments

VISIBLE: Final = 2
"""COCO's word for a keypoint that is labelled and seen."""

_DETECTION: Final = "detection"
_SEGMENTATION: Final = "segmentation"
_FACE: Final = "face"

Row = dict[str, Any]


def export_coco(path: Path, clip: ExportClip, frames: Iterable[FrameFindings]) -> Exported:
    """Write everything that was found as one COCO file.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    categories = _Categories(clip)
    numbers = array("q")  # of what is kept until the end there is nothing but these
    count = 0
    with streamed(path) as file:
        file.write(f'{{"info":{_json({"description": text(clip.name)})},"annotations":[')
        for frame in frames:
            numbers.append(frame.number)
            for row in categories.annotations(frame):
                head = {"id": count + 1, "image_id": frame.number + 1}
                file.write(f"{',' if count else ''}\n{_json({**head, **row})}")
                count += 1
        file.write('\n],"images":[')
        _write_images(file, clip, numbers)
        file.write(f'\n],"categories":{_json(categories.rows)}}}\n')
    return Exported(1, path.stat().st_size, len(numbers), count)


def _write_images(file: TextIO, clip: ExportClip, numbers: array[int]) -> None:
    for place, number in enumerate(numbers):
        image = {
            "id": number + 1,
            "file_name": f"frame_{number}.jpg",
            "width": clip.width,
            "height": clip.height,
            "frame_number": number,
        }
        file.write(f"{',' if place else ''}\n{_json(image)}")


# Made once: json.dumps would make another for each of a million rows.
_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class _Categories:
    """Numbers categories, and makes annotations of them.

    Those that the models tell of come first and in order; others as they are met.
    """

    def __init__(self, clip: ExportClip) -> None:
        self._clip = clip
        self._ids: dict[tuple[str, int], int] = {}
        self.rows: list[Row] = []
        for kind, names in ((_DETECTION, clip.class_names), (_SEGMENTATION, clip.segment_names)):
            for class_id, _ in enumerate(names):
                self._id(kind, class_id)

    def annotations(self, frame: FrameFindings) -> Iterator[Row]:
        """Yield everything that was found in a frame, still without ids."""
        if frame.detections is not None:
            yield from self._boxes(frame.detections)
        if frame.segments is not None:
            yield from self._outlines(frame.segments)
        if frame.faces is not None:
            yield from self._faces(frame.faces)

    def _id(self, kind: str, class_id: int) -> int:
        known = self._ids.get((kind, class_id))
        if known is None:
            known = self._ids[kind, class_id] = len(self._ids) + 1
            self.rows.append({"id": known, **self._described(kind, class_id)})
        return known

    def _described(self, kind: str, class_id: int) -> Row:
        if kind == _FACE:
            return {
                "name": _FACE,
                "supercategory": _FACE,
                "keypoints": list(LANDMARKS),
                "skeleton": [],
            }
        names = self._clip.class_names if kind == _DETECTION else self._clip.segment_names
        return {"name": text(class_name(names, class_id)), "supercategory": kind}

    def _boxes(self, found: Detections) -> Iterator[Row]:
        class_ids, track_ids = found.class_id.tolist(), found.track_id.tolist()
        scores = confidences(found.confidence)
        for row, place in self._places(found.xyxy):
            yield {
                "category_id": self._id(_DETECTION, class_ids[row]),
                **place,
                "score": scores[row],
                "track_id": _track(track_ids[row]),
            }

    def _outlines(self, found: Segments) -> Iterator[Row]:
        scores = confidences(found.confidence)
        for row, place in self._places(found.xyxy):
            polygons = found.polygons[row]
            if not polygons:
                continue  # COCO has no segmented object without an outline
            yield {
                "category_id": self._id(_SEGMENTATION, int(found.class_id[row])),
                **place,
                "area": round(sum(abs(signed_area(part)) for part in polygons), 2),
                "segmentation": [pixels(polygon) for polygon in polygons],
                "score": scores[row],
            }

    def _faces(self, found: Faces) -> Iterator[Row]:
        scores, track_ids = confidences(found.confidence), found.track_id.tolist()
        for row, place in self._places(found.xyxy):
            seen = np.full((len(LANDMARKS), 1), VISIBLE, np.float32)
            yield {
                "category_id": self._id(_FACE, 0),
                **place,
                "keypoints": pixels(np.hstack((found.landmarks[row], seen))),
                "num_keypoints": len(LANDMARKS),
                "score": scores[row],
                "track_id": _track(track_ids[row]),
            }

    def _places(self, xyxy: npt.NDArray[np.float32]) -> Iterator[tuple[int, Row]]:
        boxes = clipped(xyxy, self._clip)
        sides = np.stack((boxes.left, boxes.top, boxes.width, boxes.height), axis=1)
        flat = pixels(sides)
        for place, row in enumerate(boxes.rows.tolist()):
            box = flat[4 * place : 4 * place + 4]
            yield row, {"bbox": box, "area": round(box[2] * box[3], 2), "iscrowd": 0}


def _track(track_id: int) -> int | None:
    return None if track_id == NO_TRACK else track_id
