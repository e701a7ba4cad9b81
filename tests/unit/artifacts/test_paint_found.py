"""Painted segments and faces, and faces that cannot be recognised any more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from artifact_samples import f32

from codefx_desktop.artifacts.blur_faces import CELLS, blur_faces
from codefx_desktop.artifacts.paint_found import FILL, paint_faces, paint_segments
from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.domain.overlay import FACE_COLOR, class_color

GREY = 90


def picture(width: int = 320, height: int = 180) -> npt.NDArray[np.uint8]:
    pixels = np.full((height, width, 3), GREY, np.uint8)
    pixels.setflags(write=False)
    return pixels


def segments(*polygons: object) -> Segments:
    n = len(polygons)
    return Segments(
        np.zeros((n, 4), np.float32),
        np.ones(n, np.float32),
        np.arange(n, dtype=np.int16),
        tuple(() if polygon is None else (f32(*polygon),) for polygon in polygons),  # type: ignore[misc]
    )


def face(*box: float) -> Faces:
    x1, y1, x2, y2 = box
    middle = [((x1 + x2) / 2, (y1 + y2) / 2)] * 5
    return Faces(f32(box), f32(0.95), f32(middle), np.array([-1], np.int32))


def square(x: float, y: float, side: float) -> list[tuple[float, float]]:
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def is_line(pixel: npt.NDArray[np.uint8], class_id: int) -> bool:
    """Return whether it has a class's full colour, but for smoothing; the fill is farther off."""
    return bool(np.abs(pixel.astype(int) - class_color(class_id)).max() < 25)


def test_a_segment_is_filled_translucently_and_outlined() -> None:
    pixels = picture()
    painted = paint_segments(pixels, segments(square(40, 40, 80)))
    assert (pixels == GREY).all()
    mixed = (1 - FILL) * GREY + FILL * np.array(class_color(0))
    assert np.abs(painted[80, 80] - mixed).max() <= 1
    assert is_line(painted[80, 40], 0)
    assert (painted[10, 10] == GREY).all()
    assert painted.flags.writeable
    assert painted.flags.c_contiguous


def test_a_small_segment_stays_seen_on_a_large_one() -> None:
    both = paint_segments(picture(), segments(square(100, 60, 30), square(20, 10, 160)))
    alone = paint_segments(picture(), segments(None, square(20, 10, 160)))
    assert (both[75, 115] != alone[75, 115]).any()
    assert is_line(both[75, 100], 0)


@pytest.mark.parametrize(
    "polygon",
    [
        None,
        square(-500, -500, 100),
        square(1e6, 1e6, 10),
        square(np.nan, 10, 10),
        [(np.inf, 0), (1, 1), (2, 2)],
        [(5, 5), (5, 5), (5, 5)],
        square(-1e7, -1e7, 2e7),
        square(300, 170, 500),
    ],
)
def test_any_polygon_can_be_painted(polygon: object) -> None:
    painted = paint_segments(picture(), segments(polygon))
    assert painted.shape == (180, 320, 3)
    fortran = paint_segments(np.asfortranarray(picture()), segments(polygon))
    assert (fortran == painted).all()


def test_faces_get_a_box_and_points() -> None:
    painted = paint_faces(picture(), face(100, 50, 160, 130))
    assert painted[90, 130].tolist() == list(FACE_COLOR)
    assert painted[50, 130].tolist() == list(FACE_COLOR)
    assert (painted[70, 115] == GREY).all()
    assert (painted[20, 20] == GREY).all()
    for box in ((-50, -50, 20, 20), (1e9, 1e9, 2e9, 2e9), (np.nan, 0, 1, 1), (5, 5, 5, 5)):
        assert paint_faces(picture(), face(*box)).shape == (180, 320, 3)


def noise(seed: int = 0) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (180, 320, 3), np.uint8)


def test_a_face_and_its_margin_are_hidden_and_nothing_else() -> None:
    pixels = noise()
    pixels.setflags(write=False)
    hidden = blur_faces(pixels, face(100, 60, 140, 100))
    inside = np.zeros((180, 320), np.bool_)
    inside[50:110, 90:150] = True
    assert (hidden[~inside] == pixels[~inside]).all()
    assert np.ptp(hidden[50:110, 90:150].astype(int), axis=(0, 1)).max() < 60
    assert (blur_faces(pixels, Faces.empty()) == pixels).all()


def test_only_the_mean_colours_of_a_face_are_left() -> None:
    # Faces as different as can be, of the same mean colours: the result is the same to the bit.
    first = np.full((180, 320, 3), 100, np.uint8)
    second = first.copy()
    first[60:100:2, 100:140], first[61:100:2, 100:140] = 0, 200
    second[60:100, 100:140:2], second[60:100, 101:140:2] = 200, 0
    box = face(100, 60, 140, 100)
    hidden = [blur_faces(each, box, margin=0.0) for each in (first, second)]
    assert (first != second).any()
    assert (hidden[0] == hidden[1]).all()


def test_as_little_is_left_of_a_large_face() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (720, 1280, 3), np.uint8)
    hidden = blur_faces(pixels, face(200, 100, 800, 700), margin=0.0)[100:700, 200:800]
    rank = np.linalg.matrix_rank(hidden[:, :, 0].astype(float), tol=600 * 1.5)
    assert rank <= CELLS


def test_a_face_in_a_face_does_not_come_back() -> None:
    pixels = noise(2)
    outer, inner = face(60, 20, 200, 160), face(120, 80, 128, 88)
    both = replace(
        outer,
        **{
            name: np.concatenate([getattr(outer, name), getattr(inner, name)])
            for name in ("xyxy", "confidence", "landmarks", "track_id")
        },
    )
    hidden = blur_faces(pixels, both)
    assert (hidden[80:88, 120:128] != pixels[80:88, 120:128]).mean() > 0.9


@pytest.mark.parametrize(
    "box", [(-30, -30, 40, 40), (300, 160, 400, 300), (500, 500, 600, 600), (10, 10, 10, 10)]
)
def test_faces_at_the_edge(box: tuple[float, ...]) -> None:
    assert blur_faces(noise(), face(*box)).shape == (180, 320, 3)
    turned = (box[2], box[3], box[0], box[1])
    assert (blur_faces(noise(), face(*turned)) == blur_faces(noise(), face(*box))).all()


def test_a_face_that_is_nowhere_cannot_be_hidden() -> None:
    with pytest.raises(ValueError, match="no place"):
        blur_faces(picture(), face(np.nan, 0, 10, 10))
