"""What a look into a weights file promises (``VisionFactory.inspect``), fake and real."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import models
import pytest
from fakes import FakeVision

from codefx_desktop.domain.errors import WeightsMissing, WeightsUnusable
from codefx_desktop.domain.models import ModelTask
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.ports import VisionFactory

KINDS = {
    "best.pt": ("yolo11n.yaml", b"det", ModelTask.DETECT, "detection"),
    "best-seg.pt": ("yolo11n-seg.yaml", b"seg", ModelTask.SEGMENT, "segmentation"),
    "people.pt": ("yolo11n-pose.yaml", b"pose", ModelTask.OTHER, "pose"),
}


@pytest.fixture(scope="module", params=["fake", "ultralytics"])
def vision(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> VisionFactory:
    if request.param == "fake":
        return FakeVision()
    return Vision(models.folders(tmp_path_factory.mktemp("vision")))


@pytest.fixture(scope="module")
def files(vision: VisionFactory, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("weights")
    paths = {name: folder / name for name in KINDS}
    for name, path in paths.items():
        yaml, content, *_ = KINDS[name]
        if isinstance(vision, FakeVision):
            path.write_bytes(content)
        else:
            models.save_untrained(path, yaml, spread=None)
    return paths


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_model_is_told(
    vision: VisionFactory, files: dict[str, Path], name: str
) -> None:
    path = files[name]
    facts = vision.inspect(path)
    assert (facts.task, facts.kind) == KINDS[name][2:]
    assert len(facts.class_names) == models.CLASSES
    assert facts.parameters > 0
    assert facts.size_bytes == path.stat().st_size
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_look_changes_nothing(vision: VisionFactory, files: dict[str, Path]) -> None:
    folder = files["best.pt"].parent
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert vision.inspect(files["best.pt"]) == vision.inspect(files["best.pt"])
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_missing_file_is_missing(vision: VisionFactory, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing):
        vision.inspect(tmp_path / "gone.pt")


@pytest.mark.parametrize("name", ["notes.pt", "notes.txt"])
def test_other_files_are_refused_by_name(vision: VisionFactory, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"bad: these are not the weights")
    with pytest.raises(WeightsUnusable, match=name) as caught:
        vision.inspect(path)
    assert caught.value.hint
    assert caught.value.path == path
