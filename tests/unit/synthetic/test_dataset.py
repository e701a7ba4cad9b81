"""Training pictures and their labels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.domain.raster import inside
from codefx_desktop.synthetic.dataset import (
    EVALUATION_SEEDS,
    KEPT_SEEDS,
    RENDER_SIZE,
    frames_of,
    write_dataset,
)
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from pathlib import Path


def test_pictures_and_labels_belong_together_and_are_kept(tmp_path: Path) -> None:
    done: list[int] = []
    assert set(EVALUATION_SEEDS) <= set(KEPT_SEEDS)
    seeds = [5, KEPT_SEEDS[0], KEPT_SEEDS[-1], 900_123]
    assert write_dataset(tmp_path, seeds, 2, progress=done.append) == 2
    assert done == [1]
    assert json.loads((tmp_path / "classes.json").read_text()) == list(CLASSES)
    names = sorted(path.stem for path in (tmp_path / "images").iterdir())
    assert names == sorted(path.stem for path in (tmp_path / "labels").iterdir())
    assert names == ["0000005_000", "0000005_001"]
    picture = cv2.imread(str(tmp_path / "images" / f"{names[0]}.jpg"))
    assert picture.shape == (360, 640, 3)
    rows = np.loadtxt(tmp_path / "labels" / f"{names[0]}.txt", ndmin=2)
    assert rows.shape[1] == 6
    assert len(rows) > 15
    assert ((rows[:, 1:] >= 0) & (rows[:, 1:] <= 1)).all()

    before = (tmp_path / "images" / f"{names[0]}.jpg").stat().st_mtime_ns
    write_dataset(tmp_path, seeds, 2)
    assert (tmp_path / "images" / f"{names[0]}.jpg").stat().st_mtime_ns == before


def test_outlines_belong_to_the_labels_beside_them(tmp_path: Path) -> None:
    write_dataset(tmp_path, [5], 1)
    content = json.loads((tmp_path / "outlines" / "0000005_000.json").read_text())
    rows = np.loadtxt(tmp_path / "labels" / "0000005_000.txt", ndmin=2)
    assert tuple(content["size"]) == RENDER_SIZE
    assert len(content["objects"]) == len(rows)
    for row, parts in zip(rows, content["objects"], strict=True):
        corners = np.concatenate([np.reshape(part, (-1, 2)) for part in parts])
        low, high = (row[1:3] - row[3:5] / 2) * RENDER_SIZE, (row[1:3] + row[3:5] / 2) * RENDER_SIZE
        assert corners.min(axis=0) == pytest.approx(low, abs=4.0)
        assert corners.max(axis=0) == pytest.approx(high, abs=4.0)


def test_stored_outlines_cover_what_the_truth_covers(tmp_path: Path) -> None:
    write_dataset(tmp_path, [5], 1)
    content = json.loads((tmp_path / "outlines" / "0000005_000.json").read_text())
    (_, truth), *_ = frames_of(5, 1)
    for parts, wanted in zip(content["objects"], truth.polygons, strict=True):
        stored = inside([np.reshape(part, (-1, 2)) for part in parts], *RENDER_SIZE)
        whole = inside(wanted, *RENDER_SIZE)
        assert (stored ^ whole).sum() <= 0.1 * max(whole.sum(), 100)


def test_pictures_without_outlines_are_made_again(tmp_path: Path) -> None:
    write_dataset(tmp_path, [5], 1)
    outlines = tmp_path / "outlines" / "0000005_000.json"
    before = outlines.read_bytes()
    outlines.unlink()
    write_dataset(tmp_path, [5], 1)
    assert outlines.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotWritable, match="Choose another folder"):
        write_dataset(tmp_path / "file" / "data", [5], 1)
