"""Scenes, segments and faces refuse what is not their documented shape."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.domain.scene import Scene


def test_a_scene_holds_its_last_frame_and_knows_its_middle() -> None:
    scene = Scene(0, 10, 13, 0.5, 0.7)
    assert len(scene) == 4
    assert scene.middle == 11
    assert Scene(1, 5, 5, 0.0, 0.1).middle == 5


@pytest.mark.parametrize("places", [(5, 4, 0.0, 1.0), (-1, 4, 0.0, 1.0), (0, 4, 1.0, 1.0)])
def test_an_empty_or_backward_scene_is_refused(places: tuple[int, int, float, float]) -> None:
    with pytest.raises(ValueError, match="scene 3"):
        Scene(3, *places)


def test_every_segment_has_its_polygons_and_a_polygon_three_corners() -> None:
    one = (np.zeros((1, 4), np.float32), np.ones(1, np.float32), np.zeros(1, np.int16))
    assert len(Segments(*one, ((np.zeros((3, 2), np.float32),),))) == 1
    assert len(Segments(*one, ((),))) == 1
    with pytest.raises(ValueError, match="polygons: expected 1, got 0"):
        Segments(*one, ())
    with pytest.raises(ValueError, match=r"polygon: expected \(3, 2\) float32, got \(2, 2\)"):
        Segments(*one, ((np.zeros((2, 2), np.float32),),))
    assert len(Segments.empty()) == 0


def test_a_face_has_five_points() -> None:
    assert len(Faces.empty()) == 0
    with pytest.raises(ValueError, match=r"landmarks: expected \(1, 5, 2\)"):
        Faces(
            np.zeros((1, 4), np.float32),
            np.ones(1, np.float32),
            np.zeros((1, 4, 2), np.float32),
            np.zeros(1, np.int32),
        )
