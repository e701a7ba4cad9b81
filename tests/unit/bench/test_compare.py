from __future__ import annotations

import numpy as np

from codefx_desktop.bench.compare import compare


def side(*rows: tuple[float, ...], frames: int = 2) -> dict[str, object]:
    return {"rows": np.array(rows, np.float32).reshape(-1, 7), "frames": frames}


ROW = (0, 10, 10, 50, 50, 0.9, 1)


def test_equal_sides_agree() -> None:
    assert compare(side(ROW), side(ROW)).share == 1.0


def test_tolerances_are_half_a_pixel_and_a_hundredth() -> None:
    near = (0, 10.4, 10, 50, 50, 0.905, 1)
    assert compare(side(ROW), side(near)).share == 1.0
    for far in (
        (0, 10.6, 10, 50, 50, 0.9, 1),
        (0, 10, 10, 50, 50, 0.92, 1),
        (0, 10, 10, 50, 50, 0.9, 2),
        (1, 10, 10, 50, 50, 0.9, 1),
    ):
        assert compare(side(ROW), side(far)).share == 0.0


def test_a_missing_detection_counts() -> None:
    second = (1, 0, 0, 5, 5, 0.5, 0)
    result = compare(side(ROW, second), side(ROW))
    assert (result.detections, result.agreeing) == (3, 2)


def test_no_detections_prove_nothing() -> None:
    result = compare(side(), side())
    assert result.share is None
    assert "nothing can be compared" in result.sentence()
