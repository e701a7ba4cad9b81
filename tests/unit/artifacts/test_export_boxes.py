"""What the exports share: clipping, the job's confidence, files in one pass."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from artifact_samples import f32
from export_samples import CLIP, faces, findings, many, objects, outlines

from codefx_desktop.artifacts.export_boxes import (
    ExportClip,
    Exported,
    at_least,
    clipped,
    copy,
    signed_area,
    streamed,
)
from codefx_desktop.artifacts.export_coco import export_coco
from codefx_desktop.artifacts.export_mot import export_mot
from codefx_desktop.artifacts.export_yolo import export_yolo
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.errors import NotWritable

if TYPE_CHECKING:
    from pathlib import Path


def test_boxes_are_clipped_and_those_outside_left_out() -> None:
    boxes = clipped(objects().xyxy, CLIP)
    assert boxes.rows.tolist() == [0, 1]
    assert boxes.left.tolist() == [10, 0]
    assert boxes.height.tolist() == [20, 10]


def test_a_box_that_is_nowhere_is_left_out(tmp_path: Path) -> None:
    found = Detections(
        f32((np.nan, 0, 10, 10)), f32(0.9), np.array([0], np.int16), np.array([1], np.int32)
    )
    lost = [findings(0, detections=found)]
    assert export_mot(tmp_path / "mot.txt", None, CLIP, lost).objects == 0
    assert export_coco(tmp_path / "coco.json", CLIP, lost).objects == 0
    assert export_yolo(tmp_path / "yolo", None, CLIP, lost).objects == 0
    assert (tmp_path / "yolo" / "labels" / "frame_0.txt").read_bytes() == b""


def test_confidence_cuts_objects_and_outlines_but_not_faces() -> None:
    found = at_least(findings(3, detections=objects(), segments=outlines(), faces=faces()), 0.6)
    assert found.detections is not None
    assert found.segments is not None
    assert found.faces is not None
    assert len(found.detections) == 4
    assert len(found.segments) == len(found.segments.polygons) == 1
    assert len(found.faces) == 1
    assert at_least(findings(3), 0.9).detections is None


def test_nothing_at_all(tmp_path: Path) -> None:
    clip = ExportClip("x\udcff", 10, 10)
    assert export_mot(tmp_path / "mot.txt", None, clip, []).frames == 0
    assert export_coco(tmp_path / "coco.json", clip, []).objects == 0
    export_yolo(tmp_path / "yolo", None, clip, [])
    assert "names: {}" in (tmp_path / "yolo" / "data.yaml").read_text()


def test_exports_add_up() -> None:
    assert Exported(1, 10, 5, 2) + Exported(2, 5, 3, 1) == Exported(3, 15, 5, 3)


def test_area_tells_which_way_round() -> None:
    square = f32((0, 0), (2, 0), (2, 2), (0, 2))
    assert (signed_area(square), signed_area(square[::-1])) == (4, -4)


def test_a_file_that_is_not_finished_does_not_appear(tmp_path: Path) -> None:
    def broken() -> object:
        yield findings(0, detections=objects())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_coco(tmp_path / "coco.json", CLIP, broken())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(NotWritable, match="could not be written"),
        streamed(tmp_path / "file" / "mot.txt"),
    ):
        pass


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        copy(tmp_path / "gone", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    """What is held is a frame and, for COCO, 8 bytes a frame: not the detections."""

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            export_coco(tmp_path / "coco.json", CLIP, many(count, 20))
            export_mot(tmp_path / "mot.txt", None, CLIP, many(count, 20))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is made once
    short, long = peak(50), peak(600)
    assert (tmp_path / "coco.json").stat().st_size > 1_000_000
    assert long < short + 200_000
