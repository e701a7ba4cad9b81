"""COCO files, read back by COCO's own library."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from artifact_samples import f32
from export_samples import CLIP, findings, frames, many
from pycocotools.coco import COCO

from codefx_desktop.artifacts.export_boxes import ExportClip
from codefx_desktop.artifacts.export_coco import export_coco
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.outlines import LANDMARKS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def told(tmp_path: Path) -> dict[str, Any]:
    done = export_coco(tmp_path / "coco.json", CLIP, frames())
    assert (done.files, done.frames, done.objects) == (1, 3, 4)
    assert done.size_bytes == (tmp_path / "coco.json").stat().st_size
    content: dict[str, Any] = json.loads((tmp_path / "coco.json").read_text(encoding="utf-8"))
    return content


def test_boxes(told: dict[str, Any]) -> None:
    images = [(image["id"], image["frame_number"]) for image in told["images"]]
    assert images == [(1, 0), (8, 7), (9, 8)]
    box, edge = told["annotations"][:2]
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


def test_outlines(told: dict[str, Any]) -> None:
    mask = told["annotations"][2]
    assert mask["category_id"] == 3
    assert mask["area"] == 202
    assert mask["segmentation"] == [[10, 10, 30, 10, 30, 20, 10, 20], [40, 40, 40, 42, 42, 40]]


def test_faces_are_keypoints(told: dict[str, Any]) -> None:
    face = told["annotations"][3]
    assert (face["category_id"], face["track_id"], face["num_keypoints"]) == (4, 7, 5)
    assert face["keypoints"] == [12, 13, 2, 18, 13, 2, 15, 16, 2, 13, 19, 2, 17, 19, 2]
    assert told["categories"][3]["keypoints"] == list(LANDMARKS)


def test_categories(told: dict[str, Any]) -> None:
    named = [(item["id"], item["name"], item["supercategory"]) for item in told["categories"]]
    assert named == [
        (1, "car", "detection"),
        (2, "wheel: front", "detection"),
        (3, "tyre", "segmentation"),
        (4, "face", "face"),
    ]


def test_classes_that_nobody_named_take_no_other_ones_number(tmp_path: Path) -> None:
    found = Detections(
        f32((1, 1, 9, 9)), f32(0.9), np.array([5], np.int16), np.array([1], np.int32)
    )
    clip = ExportClip("stop.mp4", 200, 100, ("car",), ("tyre",))
    export_coco(tmp_path / "coco.json", clip, [findings(0, detections=found)])
    told = json.loads((tmp_path / "coco.json").read_text())
    assert told["categories"][2]["name"] == "class 5"
    assert told["annotations"][0]["category_id"] == told["categories"][2]["id"] == 3


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # its own
def test_cocos_own_library_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export_coco(tmp_path / "coco.json", CLIP, frames())
    coco = COCO(tmp_path / "coco.json")
    capsys.readouterr()  # it prints
    (tyre,) = coco.getAnnIds(catIds=coco.getCatIds(catNms=["tyre"]))
    mask = coco.annToMask(coco.loadAnns(tyre)[0])
    assert mask.shape == (100, 200)
    assert mask[15, 20]
    assert not mask[30, 20]
    assert mask.sum() == pytest.approx(202, abs=8)
    assert coco.getAnnIds(imgIds=[8]) == []


def test_every_box_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export_coco(tmp_path / "coco.json", CLIP, many(20, 5))
    coco = COCO(tmp_path / "coco.json")
    capsys.readouterr()
    for found in many(20, 5):
        assert found.detections is not None
        rows = coco.loadAnns(coco.getAnnIds(imgIds=[found.number + 1]))
        boxes = np.array([row["bbox"] for row in rows])
        inside = np.clip(found.detections.xyxy, 0, (200, 100, 200, 100))
        np.testing.assert_allclose(boxes[:, :2], inside[:, :2], atol=0.01)
        np.testing.assert_allclose(boxes[:, :2] + boxes[:, 2:], inside[:, 2:], atol=0.02)
        assert [row["category_id"] - 1 for row in rows] == found.detections.class_id.tolist()


def test_a_clip_whose_name_is_no_text(tmp_path: Path) -> None:
    export_coco(tmp_path / "coco.json", ExportClip("caf\udce9.mp4", 10, 10), [])
    assert json.loads((tmp_path / "coco.json").read_text("utf-8"))["info"]["description"]
