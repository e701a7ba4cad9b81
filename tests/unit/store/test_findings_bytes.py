"""Findings as bytes: every bit comes back, and bytes that cannot be right are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from artifact_samples import any_detections, any_faces, any_segments
from fake_values import rectangles
from hypothesis import given
from hypothesis import strategies as st

from codefx_desktop.store.finding_bytes import (
    pack_detections,
    pack_faces,
    pack_segments,
    unpack_detections,
    unpack_faces,
    unpack_segments,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.outlines import Faces, Segments


def bits(array: np.ndarray) -> tuple[object, ...]:
    return (array.dtype, array.shape, array.tobytes())


@given(any_detections())
def test_detections_come_back(found: Detections) -> None:
    back = unpack_detections(pack_detections(found), len(found))
    for name in ("xyxy", "confidence", "class_id", "track_id"):
        assert bits(getattr(back, name)) == bits(getattr(found, name))


@given(any_segments())
def test_segments_come_back(found: Segments) -> None:
    back = unpack_segments(pack_segments(found), len(found))
    for name in ("xyxy", "confidence", "class_id"):
        assert bits(getattr(back, name)) == bits(getattr(found, name))
    assert [[bits(part) for part in parts] for parts in back.polygons] == [
        [bits(part) for part in parts] for parts in found.polygons
    ]
    assert not any(part.flags.writeable for parts in back.polygons for part in parts)


@given(any_faces())
def test_faces_come_back(found: Faces) -> None:
    back = unpack_faces(pack_faces(found), len(found))
    for name in ("xyxy", "confidence", "landmarks", "track_id"):
        assert bits(getattr(back, name)) == bits(getattr(found, name))


UNPACK = (unpack_detections, unpack_segments, unpack_faces)


@pytest.mark.parametrize("unpack", UNPACK)
@given(data=st.binary(max_size=200), count=st.integers(-3, 9))
def test_any_bytes_are_findings_or_told(
    unpack: Callable[[bytes, int], Detections | Segments | Faces], data: bytes, count: int
) -> None:
    try:
        found = unpack(data, count)
    except ValueError:
        return
    assert len(found) == count


@given(any_segments(), st.data())
def test_a_cut_or_longer_blob_is_told(found: Segments, data: st.DataObject) -> None:
    whole = pack_segments(found)
    if whole:
        with pytest.raises(ValueError, match="segments of a frame"):
            unpack_segments(whole[: data.draw(st.integers(0, len(whole) - 1))], len(found))
    with pytest.raises(ValueError, match="segments of a frame"):
        unpack_segments(whole + b"\0", len(found))


def test_a_polygon_of_two_corners_is_told() -> None:
    blob = bytearray(pack_segments(rectangles([(0, 0, 9, 9), (5, 5, 6, 6)])))
    corners = 2 * 16 + 2 * 4 + 2 * 4
    assert np.frombuffer(blob, "<u4", 2, corners).tolist() == [4, 4]
    blob[corners : corners + 8] = np.array([2, 6], "<u4").tobytes()
    with pytest.raises(ValueError, match="polygon"):
        unpack_segments(bytes(blob), 2)


def test_counts_beyond_all_bounds_are_told() -> None:
    blob = bytearray(pack_segments(rectangles([(0, 0, 9, 9)])))
    blob[20:24] = b"\xff" * 4
    with pytest.raises(ValueError, match="segments of a frame"):
        unpack_segments(bytes(blob), 1)
