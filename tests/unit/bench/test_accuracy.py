"""Average precision on cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.bench.accuracy import Truth, average_precision, iou, match, score, truth_of
from codefx_desktop.domain.detections import Detections
from codefx_desktop.synthetic.outline import Outlines

CAR, WHEEL = 0, 1


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


def truth(rows: np.ndarray, classes: list[int], ignored: list[bool]) -> Truth:
    return Truth(rows, np.array(classes, np.int16), np.array(ignored, bool))


def detections(rows: np.ndarray, classes: list[int], confidence: list[float]) -> Detections:
    return Detections(
        rows,
        np.array(confidence, np.float32),
        np.array(classes, np.int16),
        np.full(len(rows), -1, np.int32),
    )


def test_overlap_of_boxes() -> None:
    found = iou(boxes((0, 0, 10, 10)), boxes((0, 0, 10, 10), (5, 0, 15, 10), (20, 0, 30, 10)))
    assert found == pytest.approx(np.array([[1.0, 1 / 3, 0.0]]))


def test_a_second_box_on_the_same_thing_is_wrong() -> None:
    there = truth(boxes((0, 0, 10, 10)), [CAR], [False])
    verdicts = match(boxes((0, 0, 10, 10), (0, 0, 10, 9)), there, CAR)
    assert verdicts.tolist() == [1, 0]


def test_boxes_on_ignored_things_count_neither_way() -> None:
    there = truth(boxes((0, 0, 10, 10), (50, 50, 60, 60)), [CAR, CAR], [False, True])
    found = boxes((50, 50, 60, 60), (0, 0, 10, 10), (80, 80, 90, 90))
    assert match(found, there, CAR).tolist() == [-1, 1, 0]
    assert match(found, there, WHEEL).tolist() == [0, 0, 0]


def test_precision_is_averaged_under_its_envelope() -> None:
    sure = np.array([0.9, 0.8, 0.7, 0.6], np.float32)
    verdicts = np.array([1, 0, 1, -1], np.int8)
    # recall 1/2 at precision 1, then recall 1 at precision 2/3
    assert average_precision(sure, verdicts, 2) == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert average_precision(sure[:0], verdicts[:0], 2) == 0.0
    assert np.isnan(average_precision(sure, verdicts, 0))


def test_scores_over_pictures() -> None:
    first = truth(boxes((0, 0, 10, 10), (20, 0, 30, 10)), [CAR, WHEEL], [False, False])
    second = truth(boxes((0, 0, 10, 10)), [CAR], [False])
    scores = score(
        [
            (detections(boxes((0, 0, 10, 10)), [CAR], [0.9]), first),
            (detections(boxes((0, 0, 10, 10), (40, 0, 50, 10)), [CAR, WHEEL], [0.4, 0.3]), second),
        ]
    )
    car, wheel = scores[0], scores[1]
    assert (car.name, car.ap50, car.boxes, car.found) == ("car", 1.0, 2, 0.5)
    assert (wheel.ap50, wheel.boxes) == (0.0, 1)


def test_small_and_hidden_things_are_ignored_at_inference_size() -> None:
    outlines = Outlines(
        number=np.arange(3, dtype=np.int32),
        class_id=np.zeros(3, np.int16),
        xyxy=boxes((0, 0, 40, 40), (0, 0, 15, 40), (0, 0, 40, 40)),
        visible=np.array([0.4, 1.0, 0.39], np.float32),
        polygons=((), (), ()),
    )
    assert truth_of(outlines, 0.5).ignored.tolist() == [False, True, True]
