"""MOTChallenge text, read back as its readers do: with NumPy's text reader, columns by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from export_samples import CLIP, frames, many

from codefx_desktop.artifacts.export_mot import export_mot

if TYPE_CHECKING:
    from pathlib import Path


def test_frames_and_classes_count_from_one(tmp_path: Path) -> None:
    done = export_mot(tmp_path / "mot.txt", tmp_path / "faces.txt", CLIP, frames())
    assert (tmp_path / "mot.txt").read_text() == "1,3,10,20,40.5,20,0.9,2,-1\n"
    assert (tmp_path / "faces.txt").read_text() == "1,7,10,10,10,12,0.99,1,-1\n"
    assert (done.files, done.frames, done.objects) == (2, 3, 2)
    assert done.size_bytes == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_either_kind_alone(tmp_path: Path) -> None:
    export_mot(None, tmp_path / "faces.txt", CLIP, frames())
    assert [path.name for path in tmp_path.iterdir()] == ["faces.txt"]


def test_it_reads_back(tmp_path: Path) -> None:
    export_mot(tmp_path / "mot.txt", None, CLIP, many(30, 5))
    table = np.loadtxt(tmp_path / "mot.txt", delimiter=",")
    assert table.shape[1] == 9
    rows = iter(table)
    for found in many(30, 5):
        assert found.detections is not None
        for box, track_id in zip(found.detections.xyxy, found.detections.track_id, strict=True):
            row = next(rows)
            assert row[0] == found.number + 1
            assert row[1] == track_id
            inside = np.clip(box, 0, (200, 100, 200, 100))
            np.testing.assert_allclose(row[2:4], inside[:2], atol=0.01)
            np.testing.assert_allclose(row[2:4] + row[4:6], inside[2:], atol=0.02)
    assert not list(rows)
