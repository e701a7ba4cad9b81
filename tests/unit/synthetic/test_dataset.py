"""Training pictures and their labels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS, write_dataset
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from pathlib import Path


def test_pictures_and_labels_belong_together_and_are_kept(tmp_path: Path) -> None:
    done: list[int] = []
    seeds = [5, EVALUATION_SEEDS[0]]
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


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotWritable, match="Choose another folder"):
        write_dataset(tmp_path / "file" / "data", [5], 1)
