"""What was detected, in the files that other tools read: COCO, YOLO and MOTChallenge text.

Boxes are clipped to the picture, and what lies outside of it altogether is left out: these formats
have no place for it.

- COCO (``coco.json``): ``images[].id`` is the frame number + 1 and ``frame_number`` the number
  itself; category ids are the class ids + 1. Boxes are x, y, width, height in pixels.
  Detections carry ``score`` and ``track_id``; segmented objects carry polygons.
- YOLO (``labels/frame_<N>.txt``, ``classes.txt``, ``data.yaml``): class id, centre x, centre y,
  width and height, as shares of the picture; an empty file says that nothing was found.
- MOT (``mot.txt``): ``frame,id,left,top,width,height,confidence,class,visibility``, **frames from 1
  on** (frame number + 1), classes from 1 on (class id + 1), only what has a track. Visibility is
  not known and written as -1.

Source: cocodataset.org/#format-data; the YOLO format as Ultralytics documents it; Milan et al.,
"MOT16: A Benchmark for Multi-Object Tracking", 2016.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from codefx_desktop.artifacts.files import write_whole
from codefx_desktop.artifacts.numbers import confidences, pixels
from codefx_desktop.domain.detections import NO_TRACK, Detections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.outlines import Polygon, Segments


@dataclass(frozen=True, slots=True, eq=False)
class FoundFrame:
    """What was found in one frame, at the confidence that is to be exported."""

    number: int
    detections: Detections
    segments: Segments | None = None


@dataclass(frozen=True, slots=True)
class ExportClip:
    """What exports say about the clip: its name, its size in pixels, the models' classes."""

    name: str
    width: int
    height: int
    class_names: tuple[str, ...]
    segment_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Boxes:
    """Boxes clipped to the picture, those outside of it gone. ``rows`` are their old places."""

    rows: npt.NDArray[np.intp]
    left: npt.NDArray[np.float32]
    top: npt.NDArray[np.float32]
    width: npt.NDArray[np.float32]
    height: npt.NDArray[np.float32]


def _clipped(xyxy: npt.NDArray[np.float32], clip: ExportClip) -> _Boxes:
    size = np.array((clip.width, clip.height) * 2, np.float32)
    inside = np.clip(xyxy, 0, size)
    wide, high = inside[:, 2] - inside[:, 0], inside[:, 3] - inside[:, 1]
    rows = np.flatnonzero((wide > 0) & (high > 0))  # NaN is not above 0 either
    return _Boxes(rows, inside[rows, 0], inside[rows, 1], wide[rows], high[rows])


def export_mot(path: Path, clip: ExportClip, frames: Iterable[FoundFrame]) -> int:
    """Write tracks as MOTChallenge text; return how many rows.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    lines = [line for frame in frames for line in _mot_lines(frame, clip)]
    write_whole(path, "".join(lines).encode())
    return len(lines)


def _mot_lines(frame: FoundFrame, clip: ExportClip) -> Iterator[str]:
    found = frame.detections.where(frame.detections.track_id != NO_TRACK)
    boxes = _clipped(found.xyxy, clip)
    found = found.where(_chosen(boxes.rows, len(found)))
    for track_id, class_id, confidence, *box in zip(
        found.track_id.tolist(),
        found.class_id.tolist(),
        confidences(found.confidence),
        *(pixels(side) for side in (boxes.left, boxes.top, boxes.width, boxes.height)),
        strict=True,
    ):
        place = ",".join(map(str, box))
        yield f"{frame.number + 1},{track_id},{place},{confidence},{class_id + 1},-1\n"


def export_yolo(folder: Path, clip: ExportClip, frames: Iterable[FoundFrame]) -> int:
    """Write a text file for each frame, ``classes.txt`` and ``data.yaml``; return how many frames.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    count = 0
    for frame in frames:
        count += 1
        lines = "".join(_yolo_lines(frame, clip))
        write_whole(folder / "labels" / f"frame_{frame.number}.txt", lines.encode())
    names = [" ".join(name.split()) for name in clip.class_names]
    write_whole(folder / "classes.txt", "".join(f"{name}\n" for name in names).encode())
    # JSON texts are YAML texts, whatever is in a name.
    listed = "".join(
        f"  {number}: {json.dumps(name, ensure_ascii=True)}\n" for number, name in enumerate(names)
    )
    yaml = f"path: .\ntrain: images\nval: images\nnames:{'' if listed else ' {}'}\n{listed}"
    write_whole(folder / "data.yaml", yaml.encode())
    return count


def _yolo_lines(frame: FoundFrame, clip: ExportClip) -> Iterator[str]:
    boxes = _clipped(frame.detections.xyxy, clip)
    class_ids = frame.detections.class_id[boxes.rows].tolist()
    shares = np.stack(
        (
            (boxes.left + boxes.width / 2) / clip.width,
            (boxes.top + boxes.height / 2) / clip.height,
            boxes.width / clip.width,
            boxes.height / clip.height,
        ),
        axis=1,
    )
    for class_id, share in zip(class_ids, shares.tolist(), strict=True):
        yield f"{class_id} {' '.join(f'{value:.6f}' for value in share)}\n"


def export_coco(path: Path, clip: ExportClip, frames: Iterable[FoundFrame]) -> int:
    """Write detections and segmented objects as COCO JSON; return how many annotations.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for frame in frames:
        images.append(
            {
                "id": frame.number + 1,
                "file_name": f"frame_{frame.number}.jpg",
                "width": clip.width,
                "height": clip.height,
                "frame_number": frame.number,
            }
        )
        for row in (*_coco_boxes(frame, clip), *_coco_segments(frame, clip)):
            annotations.append({"id": len(annotations) + 1, "image_id": frame.number + 1, **row})
    content = {
        "info": {"description": clip.name.encode("utf-8", "replace").decode()},
        "images": images,
        "annotations": annotations,
        "categories": _categories(clip),
    }
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    write_whole(path, f"{data}\n".encode())
    return len(annotations)


def _categories(clip: ExportClip) -> list[dict[str, Any]]:
    """Detection classes first; those of the segmenter follow, as they may be other ones."""
    detected = [
        {"id": number, "name": name, "supercategory": "detection"}
        for number, name in enumerate(clip.class_names, 1)
    ]
    segmented = [
        {"id": number, "name": name, "supercategory": "segmentation"}
        for number, name in enumerate(clip.segment_names, len(detected) + 1)
    ]
    return detected + segmented


def _coco_boxes(frame: FoundFrame, clip: ExportClip) -> Iterator[dict[str, Any]]:
    found = frame.detections
    for row, box, area in _coco_places(found.xyxy, clip):
        track_id = int(found.track_id[row])
        yield {
            "category_id": int(found.class_id[row]) + 1,
            "bbox": box,
            "area": area,
            "iscrowd": 0,
            "score": confidences(found.confidence[row : row + 1])[0],
            "track_id": None if track_id == NO_TRACK else track_id,
        }


def _coco_segments(frame: FoundFrame, clip: ExportClip) -> Iterator[dict[str, Any]]:
    found = frame.segments
    if found is None:
        return
    for row, box, _ in _coco_places(found.xyxy, clip):
        polygons = found.polygons[row]
        if not polygons:
            continue  # COCO has no segmented object without an outline
        yield {
            "category_id": len(clip.class_names) + int(found.class_id[row]) + 1,
            "bbox": box,
            "area": round(sum(map(_area, polygons)), 2),
            "iscrowd": 0,
            "segmentation": [pixels(polygon) for polygon in polygons],
            "score": confidences(found.confidence[row : row + 1])[0],
        }


def _coco_places(
    xyxy: npt.NDArray[np.float32], clip: ExportClip
) -> Iterator[tuple[int, list[int | float], float]]:
    boxes = _clipped(xyxy, clip)
    for place, row in enumerate(boxes.rows.tolist()):
        sides = [side[place] for side in (boxes.left, boxes.top, boxes.width, boxes.height)]
        box = pixels(np.array(sides, np.float32))
        yield row, box, round(box[2] * box[3], 2)


def _area(polygon: Polygon) -> float:
    """Return a polygon's area in square pixels (Gauss's formula)."""
    x, y = polygon.astype(np.float64).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _chosen(rows: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(count, np.bool_)
    mask[rows] = True
    return mask
