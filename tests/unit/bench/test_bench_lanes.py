"""The timeline's benchmark on a small job: it paints all rows, and every one anew."""

from __future__ import annotations

from codefx_desktop.bench.review_lanes import measure_lanes


def test_it_measures_what_it_says(qapp: object) -> None:
    del qapp
    figures = measure_lanes(frames=2_000, detections=20_000)
    assert figures.rows >= 12
    assert 0 < figures.cpu_ms.median <= figures.cpu_ms.p95
    assert figures.pictures_per_s > 0
    # Moving the playhead alone paints no row: it costs a small part of a whole picture.
    assert figures.playhead_ms.median < figures.paint_ms.median / 2
