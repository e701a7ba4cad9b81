"""YOLO labels, read back by a reader of our own and by the data set of Ultralytics itself."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from artifact_samples import f32
from export_samples import CLIP, findings, frames, many

from codefx_desktop.artifacts.export_boxes import ExportClip, signed_area
from codefx_desktop.artifacts.export_yolo import export_yolo, joined
from codefx_desktop.domain.detections import Detections

if TYPE_CHECKING:
    from pathlib import Path


def rows(path: Path) -> list[list[float]]:
    return [[float(word) for word in line.split()] for line in path.read_text().splitlines()]


def test_boxes_are_shares_of_the_picture(tmp_path: Path) -> None:
    done = export_yolo(tmp_path / "yolo", None, CLIP, frames())
    assert (tmp_path / "yolo" / "labels" / "frame_0.txt").read_text().splitlines() == [
        "1 0.151250 0.300000 0.202500 0.200000",
        "0 0.050000 0.950000 0.100000 0.100000",
    ]
    assert (tmp_path / "yolo" / "labels" / "frame_7.txt").read_bytes() == b""
    assert (tmp_path / "yolo" / "classes.txt").read_text() == "car\nwheel: front\n"
    assert (tmp_path / "yolo" / "data.yaml").read_text() == (
        'train: images\nval: images\nnames:\n  0: "car"\n  1: "wheel: front"\n'
    )
    files = [path for path in (tmp_path / "yolo").rglob("*") if path.is_file()]
    assert (done.files, done.frames, done.objects) == (len(files), 3, 2)
    assert done.size_bytes == sum(path.stat().st_size for path in files)


def test_where_nobody_looked_there_is_no_file(tmp_path: Path) -> None:
    """An empty one would say that there was nothing, and a model would learn that."""
    export_yolo(tmp_path / "yolo", tmp_path / "seg", CLIP, frames())
    assert not (tmp_path / "yolo" / "labels" / "frame_8.txt").exists()
    assert not (tmp_path / "seg" / "labels" / "frame_8.txt").exists()
    assert (tmp_path / "seg" / "labels" / "frame_7.txt").read_bytes() == b""


def test_outlines_have_a_folder_of_their_own(tmp_path: Path) -> None:
    export_yolo(None, tmp_path / "seg", CLIP, frames())
    ((class_id, *shares),) = rows(tmp_path / "seg" / "labels" / "frame_0.txt")
    assert class_id == 0
    polygon = np.array(shares).reshape(-1, 2) * (200, 100)
    assert abs(signed_area(polygon)) == pytest.approx(202, abs=0.1)
    assert {tuple(point) for point in polygon.round().tolist()} == {
        *((10, 10), (30, 10), (30, 20), (10, 20)),
        *((40, 40), (42, 40), (40, 42)),
    }
    assert '0: "tyre"' in (tmp_path / "seg" / "data.yaml").read_text()


def test_joined_parts_cover_what_they_covered() -> None:
    first = f32((10, 10), (60, 10), (60, 50), (10, 50))
    second = f32((80, 70), (80, 95), (120, 95), (120, 70))  # the other way round
    third = f32((70, 20), (90, 20), (80, 40))
    whole = joined((first, second, third))
    apart, together = np.zeros((110, 140), np.uint8), np.zeros((110, 140), np.uint8)
    for part in (first, second, third):
        cv2.fillPoly(apart, [part.astype(np.int32)], 1)
    cv2.fillPoly(together, [whole.astype(np.int32)], 1)
    assert (apart > together).sum() == 0
    assert (together > apart).sum() < 120  # the bridges, one pixel wide when drawn
    areas = sum(abs(signed_area(part)) for part in (first, second, third))
    assert signed_area(whole) == pytest.approx(areas)


def test_what_an_earlier_export_left_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "yolo"
    export_yolo(folder, None, CLIP, frames())
    (folder / "labels" / "notes.md").write_text("a person's")
    export_yolo(folder, None, CLIP, [findings(3, detections=Detections.empty())])
    names = {path.name for path in (folder / "labels").iterdir()}
    assert names == {"frame_3.txt", "notes.md"}


def test_a_set_that_is_not_whole_has_no_yaml(tmp_path: Path) -> None:
    def broken() -> object:
        yield findings(1, detections=Detections.empty())
        raise KeyboardInterrupt

    export_yolo(tmp_path, None, CLIP, frames())
    with pytest.raises(KeyboardInterrupt):
        export_yolo(tmp_path, None, CLIP, broken())  # type: ignore[arg-type]
    assert not (tmp_path / "data.yaml").exists()


def test_classes_beyond_those_named_are_named(tmp_path: Path) -> None:
    export_yolo(tmp_path, None, ExportClip("x", 200, 100, ()), frames())
    assert (tmp_path / "classes.txt").read_text() == "class 0\nclass 1\n"


def pictures(folder: Path, *numbers: int) -> None:
    folder.mkdir()
    for number in numbers:
        cv2.imwrite(str(folder / f"frame_{number}.jpg"), np.full((100, 200, 3), number, np.uint8))


@pytest.mark.parametrize("link", [True, False])
def test_frames_without_a_picture_are_left_out(tmp_path: Path, *, link: bool) -> None:
    pictures(tmp_path / "original", 7)
    done = export_yolo(
        tmp_path / "yolo",
        None,
        CLIP,
        frames(),
        lambda number: tmp_path / "original" / f"frame_{number}.jpg",
        link=link,
    )
    names = {path.name for path in (tmp_path / "yolo" / "labels").iterdir()}
    assert names == {"frame_7.txt"}
    original = tmp_path / "original" / "frame_7.jpg"
    beside = tmp_path / "yolo" / "images" / "frame_7.jpg"
    assert beside.read_bytes() == original.read_bytes()
    assert beside.samefile(original) is link
    assert done.frames == 1


READ = """
import json, sys
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.vision.environment import open_libraries
open_libraries(app_paths())
from ultralytics.data.dataset import YOLODataset
from ultralytics.data.utils import check_det_dataset
told = {}
for task, yaml in (("detect", sys.argv[1]), ("segment", sys.argv[2])):
    data = check_det_dataset(yaml, autodownload=False)
    found = YOLODataset(img_path=data["train"], data=data, task=task, augment=False, imgsz=64)
    told[task] = {
        "names": {str(k): v for k, v in data["names"].items()},
        "labels": [
            {"file": one["im_file"], "cls": one["cls"].ravel().tolist(),
             "boxes": one["bboxes"].tolist(), "corners": [len(s) for s in one["segments"]]}
            for one in found.labels
        ],
    }
print("TOLD" + json.dumps(told))
"""


def test_ultralytics_own_data_set_reads_it(tmp_path: Path) -> None:
    """In a process of its own, from another folder: paths must not depend on where it is read."""
    pictures(tmp_path / "original", 0, 7)
    boxes, outlined = tmp_path / "out" / "yolo", tmp_path / "out" / "yolo-seg"
    export_yolo(boxes, outlined, CLIP, frames(), lambda n: tmp_path / "original" / f"frame_{n}.jpg")
    (tmp_path / "elsewhere").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", READ, str(boxes / "data.yaml"), str(outlined / "data.yaml")],
        cwd=tmp_path / "elsewhere",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.split("TOLD")[1])
    assert told["detect"]["names"] == {"0": "car", "1": "wheel: front"}
    first, second = told["detect"]["labels"]
    assert first["file"] == str(boxes / "images" / "frame_0.jpg")
    assert sorted(first["cls"]) == [0, 1]
    assert [0.15125, 0.3, 0.2025, 0.2] in np.round(first["boxes"], 6).tolist()
    assert second["cls"] == []
    (outline, _) = told["segment"]["labels"]
    assert outline["cls"] == [0]
    assert outline["corners"] == [9]
    np.testing.assert_allclose(outline["boxes"], [[0.13, 0.26, 0.16, 0.32]], atol=1e-5)


def test_every_box_reads_back(tmp_path: Path) -> None:
    export_yolo(tmp_path, None, CLIP, many(10, 5))
    for found in many(10, 5):
        assert found.detections is not None
        table = np.array(rows(tmp_path / "labels" / f"frame_{found.number}.txt"))
        assert table[:, 0].tolist() == found.detections.class_id.tolist()
        low, high = table[:, 1:3] - table[:, 3:5] / 2, table[:, 1:3] + table[:, 3:5] / 2
        inside = np.clip(found.detections.xyxy, 0, (200, 100, 200, 100))
        np.testing.assert_allclose(np.hstack((low, high)) * (200, 100, 200, 100), inside, atol=1e-3)
