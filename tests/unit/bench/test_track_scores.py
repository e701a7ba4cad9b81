"""IDF1 on pictures made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from codefx_desktop.bench.track_scores import CLASSES, Identities, score_tracks
from codefx_desktop.domain.observations import Objects, Observations

WHEEL = (100.0, 100.0, 160.0, 160.0)
OTHER = (400.0, 100.0, 460.0, 160.0)
Row = tuple[int, tuple[float, float, float, float], int]


def seen(frames: int, *rows: Row) -> Observations:
    objects = Objects(
        np.array([row[0] for row in rows], np.int32),
        np.array([row[1] for row in rows], np.float32).reshape(-1, 4),
        np.full(len(rows), 0.9, np.float32),
        np.ones(len(rows), np.int16),
        np.array([row[2] for row in rows], np.int32),
        CLASSES,
    )
    times = np.arange(frames) / 25
    numbers = np.arange(frames, dtype=np.int32)
    return Observations(1280, 720, times, numbers, objects, None, None, (), frames / 25)


def truth(
    pictures: list[list[tuple[int, Any, float]]], cuts: tuple[int, ...] = ()
) -> dict[str, Any]:
    return {
        "cuts": list(cuts),
        "things": [{"id": 1, "class": "wheel"}, {"id": 2, "class": "wheel"}],
        "pictures": [
            {
                "id": [row[0] for row in rows],
                "box": [row[1] for row in rows],
                "visible": [row[2] for row in rows],
            }
            for rows in pictures
        ],
    }


def wheels(observed: Observations, known: dict[str, Any]) -> Identities:
    return score_tracks(observed, known)["wheel"]


def test_one_track_on_one_wheel_is_right() -> None:
    known = truth([[(1, WHEEL, 1.0)]] * 4)
    found = wheels(seen(4, *((n, WHEEL, 5) for n in range(4))), known)
    assert found == Identities(4, 0, 0)
    assert found.idf1 == 1.0


def test_a_track_that_changes_its_number_loses_the_shorter_part() -> None:
    known = truth([[(1, WHEEL, 1.0)]] * 4)
    found = wheels(seen(4, *((n, WHEEL, 5 if n < 3 else 6) for n in range(4))), known)
    assert found == Identities(3, 1, 1)
    assert found.idf1 == pytest.approx(0.75)


def test_a_new_number_after_a_cut_is_right() -> None:
    known = truth([[(1, WHEEL, 1.0)]] * 4, cuts=(2,))
    found = wheels(seen(4, *((n, WHEEL, 5 + n // 2) for n in range(4))), known)
    assert found == Identities(4, 0, 0)


def test_a_track_on_nothing_is_wrong_and_a_detection_without_track_does_not_count() -> None:
    known = truth([[(1, WHEEL, 1.0)]])
    assert wheels(seen(1, (0, WHEEL, 5), (0, OTHER, 6)), known) == Identities(1, 0, 1)
    assert wheels(seen(1, (0, WHEEL, 5), (0, OTHER, -1)), known) == Identities(1, 0, 0)


def test_hidden_and_tiny_wheels_count_neither_for_nor_against() -> None:
    tiny = (400.0, 100.0, 410.0, 110.0)
    known = truth([[(1, WHEEL, 0.39), (2, tiny, 1.0)]])
    assert wheels(seen(1, (0, WHEEL, 5), (0, tiny, 6)), known) == Identities(0, 0, 0)
    assert wheels(seen(1), known).idf1 is None


def test_nothing_seen_is_all_missing() -> None:
    assert wheels(seen(2), truth([[(1, WHEEL, 1.0)]] * 2)) == Identities(0, 2, 0)
