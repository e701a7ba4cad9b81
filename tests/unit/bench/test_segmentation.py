"""Mask accuracy, with segmenters whose faults are known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.bench.segmentation import evaluate, evaluate_weights
from codefx_desktop.domain.errors import WeightsUnusable
from codefx_desktop.domain.outlines import Segments
from codefx_desktop.synthetic.dataset import frames_of
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.synthetic.outline import Outlines

SEED = 900_003
CREW, WHEEL = CLASSES.index("crew"), CLASSES.index("wheel")


@pytest.fixture(scope="module")
def truth() -> list[Outlines]:
    return [outlines for _, outlines in frames_of(SEED, 2)]


def oracle(
    truth: list[Outlines], change: Callable[[Segments], Segments] = lambda segments: segments
) -> Callable[[Pixels], Segments]:
    """Return a segmenter that says what is there, or something made of it."""
    waiting = iter(truth)

    def segment(_pixels: Pixels) -> Segments:
        there = next(waiting)
        sure = np.linspace(0.9, 0.6, len(there)).astype(np.float32)
        return change(Segments(there.xyxy, sure, there.class_id, there.polygons))

    return segment


def shifted(segments: Segments, by_px: float) -> Segments:
    moved = tuple(
        tuple((part + by_px).astype(np.float32) for part in parts) for parts in segments.polygons
    )
    return replace(segments, polygons=moved)


def test_the_truth_itself_is_found_whole(truth: list[Outlines]) -> None:
    report = evaluate(oracle(truth), seeds=[SEED], frames_per_seed=2)
    assert report.pictures == 2
    assert [score.name for score in report.classes] == list(CLASSES)
    seen = [score for score in report.classes if score.objects]
    assert len(seen) >= 4
    for score in seen:
        assert (score.ap50, score.ap50_95, score.found) == pytest.approx((1, 1, 1))
    assert (report.map50, report.map50_95) == pytest.approx((1, 1))


def test_outlines_beside_their_objects_lose_the_strict_thresholds_first(
    truth: list[Outlines],
) -> None:
    report = evaluate(
        oracle(truth, lambda segments: shifted(segments, 6.0)), seeds=[SEED], frames_per_seed=2
    )
    wheel = report.classes[WHEEL]
    assert wheel.ap50 > 0.9
    assert 0.3 < wheel.ap50_95 < 0.8


def test_boxes_do_not_help_where_outlines_are_missing(truth: list[Outlines]) -> None:
    def bare(segments: Segments) -> Segments:
        return replace(segments, polygons=((),) * len(segments))

    report = evaluate(oracle(truth, bare), seeds=[SEED], frames_per_seed=2)
    assert report.map50 == 0.0


def test_a_class_taken_for_another_counts_against_both(truth: list[Outlines]) -> None:
    def confused(segments: Segments) -> Segments:
        wrong = segments.class_id == CREW
        return replace(
            segments,
            class_id=np.where(wrong, WHEEL, segments.class_id).astype(np.int16),
            confidence=np.where(wrong, 0.95, segments.confidence).astype(np.float32),
        )

    report = evaluate(oracle(truth, confused), seeds=[SEED], frames_per_seed=2)
    assert report.classes[CREW].ap50 == 0.0
    assert 0.0 < report.classes[WHEEL].ap50 < 1.0


def test_weights_of_other_classes_are_refused(tmp_path: Path) -> None:
    class Other:
        class info:  # noqa: N801 - stands for an object
            class_names = ("person",)

        def __enter__(self) -> Other:
            return self

        def __exit__(self, *_: object) -> None:
            return

    class Factory:
        def segmenter(self, _request: object) -> Other:
            return Other()

    with pytest.raises(WeightsUnusable, match="other classes"):
        evaluate_weights(Factory(), tmp_path / "x-seg.pt", device="cpu", pictures=1)
