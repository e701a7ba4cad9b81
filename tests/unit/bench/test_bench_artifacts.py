"""The artifact bench: what is measured, the report's shape. Small, so no figures of speed."""

from __future__ import annotations

import json

import pytest

from codefx_desktop.bench.artifacts import GOAL_RATIO, measure_artifacts


@pytest.fixture(scope="module")
def values() -> dict[str, dict[str, float]]:
    report = measure_artifacts(frames=2, rounds=1)
    text = "\n".join(report.lines())
    assert "2 rendered frames" in text
    assert "TOON files/s" in text
    made: dict[str, dict[str, float]] = json.loads(json.dumps(report.to_dict()))
    return made


def test_the_report(values: dict[str, dict[str, float]]) -> None:
    for kind in ("boxes", "outlines"):
        for name in ("toon_files_per_s", "pairs_per_s", "checked_per_s"):
            assert values[kind][name] > 0
        assert values[kind]["ratio"] == pytest.approx(
            values[kind]["toon_bytes"] / values[kind]["json_bytes"], abs=0.001
        )
    assert values["boxes"]["corners"] == 0 < values["outlines"]["corners"]
    assert values["boxes"]["objects"] == values["outlines"]["objects"]


def test_toon_is_small_where_there_are_only_tables(values: dict[str, dict[str, float]]) -> None:
    assert values["boxes"]["ratio"] <= GOAL_RATIO
