from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from codefx_desktop.domain.clip import FrameIndex, FrameTime
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.job import JobMetadata, JobSpec
from codefx_desktop.domain.overlay import Overlays


def detections(*rows: tuple[float, float, float, float, float, int, int]) -> Detections:
    array = np.array(rows, np.float32).reshape(-1, 7)
    return Detections(
        np.ascontiguousarray(array[:, :4]),
        np.ascontiguousarray(array[:, 4]),
        array[:, 5].astype(np.int16),
        array[:, 6].astype(np.int32),
    )


def test_frame_times_are_exact() -> None:
    time = FrameTime(1001, Fraction(1, 30000))
    assert time.exact_s == Fraction(1001, 30000)
    assert time.seconds == pytest.approx(0.0333667)


@pytest.mark.parametrize("ticks", [[1, 2, 3], [0, 2, 2], [0, 3, 2]])
def test_an_index_that_does_not_increase_from_zero_is_refused(ticks: list[int]) -> None:
    with pytest.raises(ValueError, match="increase strictly"):
        FrameIndex(
            np.array(ticks, np.int64),
            np.zeros(3, np.int64),
            np.zeros(3, np.bool_),
            Fraction(1, 1000),
        )


@pytest.mark.parametrize("rate", [Fraction(30), Fraction(30000, 1001), Fraction(60), Fraction(7)])
def test_a_frames_own_time_gives_that_frame_and_a_time_between_the_one_on_screen(
    rate: Fraction,
) -> None:
    ticks = np.array([round(n * 90_000 / rate) for n in range(500)], np.int64)
    index = FrameIndex(ticks, ticks, np.ones(500, np.bool_), Fraction(1, 90_000))
    assert [index.number_at(index.time(n).seconds) for n in range(500)] == list(range(500))
    assert index.number_at(float(Fraction(25, 10) / rate)) == 2
    assert index.number_at(-1.0) == 0
    assert index.number_at(1e6) == 499


def test_wrong_shapes_say_expected_and_actual() -> None:
    with pytest.raises(ValueError, match=r"confidence: expected \(2,\)"):
        Detections(
            np.zeros((2, 4), np.float32),
            np.zeros(3, np.float32),
            np.zeros(2, np.int16),
            np.zeros(2, np.int32),
        )


def test_pixels_are_read_only() -> None:
    frame = Frame(0, FrameTime(0, Fraction(1)), np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels[0, 0] = 1


def test_overlay_draws_only_what_is_confident_and_keeps_a_second_of_trail() -> None:
    overlays = Overlays(["car"], 0.5)
    for number in range(5):
        x = number * 10.0
        overlay = overlays.build(
            number,
            number * 0.5,
            detections((x, 0, x + 10, 10, 0.9, 0, 7), (0, 0, 5, 5, 0.4, 0, 8)),
        )
    assert [box.label for box in overlay.boxes] == ["car #7 0.90"]
    # At 2.0 s the points of 1.0, 1.5 and 2.0 s are left.
    assert overlay.trails[0].points == ((25.0, 5.0), (35.0, 5.0), (45.0, 5.0))


@pytest.mark.parametrize(
    ("field", "value"), [("confidence", 1.2), ("iou", -0.1), ("image_size_px", 100)]
)
def test_a_spec_out_of_range_names_its_field(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        JobSpec(**{field: value})  # type: ignore[arg-type]


def test_series_holds_a_hundred_characters() -> None:
    JobMetadata(series="x" * 100)
    with pytest.raises(ValueError, match="series"):
        JobMetadata(series="x" * 101)


def test_a_time_gives_its_own_frame_also_where_a_float_is_coarser_than_a_tick() -> None:
    ticks = np.arange(1000, dtype=np.int64) * 20_000_003
    ticks[1:] += 11 * 3600 * 10**9
    index = FrameIndex(ticks, ticks.copy(), np.zeros(1000, np.bool_), Fraction(1, 10**9))
    assert [index.number_at(index.time(n).seconds) for n in range(1000)] == list(range(1000))
