"""COCO, YOLO and MOT files, as other tools read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from artifact_samples import f32

from codefx_desktop.artifacts.export_boxes import (
    ExportClip,
    FoundFrame,
    export_coco,
    export_mot,
    export_yolo,
)
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.outlines import Segments

if TYPE_CHECKING:
    from pathlib import Path

CLIP = ExportClip("stop.mp4", 200, 100, ("car", "wheel: front"), ("car",))


def frames() -> list[FoundFrame]:
    found = Detections(
        f32((10, 20, 50.5, 40), (-20, 90, 20, 130), (300, 0, 400, 50), (5, 5, 5, 9)),
        f32(0.9, 0.75, 0.8, 0.7),
        np.array([1, 0, 0, 0], np.int16),
        np.array([3, -1, 4, 5], np.int32),
    )
    masks = Segments(
        f32((10, 10, 30, 20), (40, 40, 41, 41)),
        f32(0.6, 0.5),
        np.array([0, 0], np.int16),
        ((f32((10, 10), (30, 10), (30, 20), (10, 20)), f32((40, 40), (42, 40), (40, 42))), ()),
    )
    return [FoundFrame(0, found, masks), FoundFrame(7, Detections.empty())]


def test_mot_counts_from_one(tmp_path: Path) -> None:
    assert export_mot(tmp_path / "mot.txt", CLIP, frames()) == 1
    assert (tmp_path / "mot.txt").read_text() == "1,3,10,20,40.5,20,0.9,2,-1\n"


def test_yolo_is_normalised(tmp_path: Path) -> None:
    assert export_yolo(tmp_path, CLIP, frames()) == 2
    lines = (tmp_path / "labels" / "frame_0.txt").read_text().splitlines()
    assert lines == [
        "1 0.151250 0.300000 0.202500 0.200000",
        "0 0.050000 0.950000 0.100000 0.100000",
    ]
    assert (tmp_path / "labels" / "frame_7.txt").read_bytes() == b""
    assert (tmp_path / "classes.txt").read_text() == "car\nwheel: front\n"
    assert (tmp_path / "data.yaml").read_text() == (
        'path: .\ntrain: images\nval: images\nnames:\n  0: "car"\n  1: "wheel: front"\n'
    )


def test_coco_has_boxes_and_polygons(tmp_path: Path) -> None:
    assert export_coco(tmp_path / "coco.json", CLIP, frames()) == 3
    told = json.loads((tmp_path / "coco.json").read_text(encoding="utf-8"))
    assert [(image["id"], image["frame_number"]) for image in told["images"]] == [(1, 0), (8, 7)]
    box, edge, mask = told["annotations"]
    assert box == {
        "id": 1,
        "image_id": 1,
        "category_id": 2,
        "bbox": [10, 20, 40.5, 20],
        "area": 810,
        "iscrowd": 0,
        "score": 0.9,
        "track_id": 3,
    }
    assert (edge["bbox"], edge["track_id"]) == ([0, 90, 20, 10], None)
    assert mask["category_id"] == 3
    assert mask["area"] == 202
    assert mask["segmentation"] == [[10, 10, 30, 10, 30, 20, 10, 20], [40, 40, 42, 40, 40, 42]]
    assert [(item["id"], item["name"]) for item in told["categories"]] == [
        *((1, "car"), (2, "wheel: front"), (3, "car"))
    ]


@pytest.mark.parametrize("value", [np.nan])
def test_a_box_that_is_nowhere_is_left_out(tmp_path: Path, value: float) -> None:
    found = Detections(
        f32((value, 0, 10, 10)), f32(0.9), np.array([0], np.int16), np.array([1], np.int32)
    )
    lost = [FoundFrame(0, found)]
    assert export_mot(tmp_path / "mot.txt", CLIP, lost) == 0
    assert export_coco(tmp_path / "coco.json", CLIP, lost) == 0
    assert export_yolo(tmp_path, CLIP, lost) == 1
    assert (tmp_path / "labels" / "frame_0.txt").read_bytes() == b""


def test_nothing_at_all(tmp_path: Path) -> None:
    clip = ExportClip("x\udcff", 10, 10, ())
    assert export_mot(tmp_path / "mot.txt", clip, []) == 0
    assert export_coco(tmp_path / "coco.json", clip, []) == 0
    assert export_yolo(tmp_path, clip, []) == 0
    assert "names: {}" in (tmp_path / "data.yaml").read_text()
