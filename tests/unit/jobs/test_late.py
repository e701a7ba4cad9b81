"""Which frames are looked at afterwards."""

from __future__ import annotations

import numpy as np

from codefx_desktop.jobs.late import nearest_delivered
from codefx_desktop.jobs.rendering import frames_ahead


def test_a_frame_that_was_not_delivered_gives_way_to_the_nearest() -> None:
    delivered = np.ones(20, np.bool_)
    assert nearest_delivered([3, 10], delivered) == (3, 10)
    delivered[[9, 10, 11, 12]] = False
    assert nearest_delivered([3, 10], delivered) == (3, 8)
    assert nearest_delivered([11], delivered) == (13,)
    assert nearest_delivered([10, 8], delivered) == (8,), "each once"


def test_no_more_frames_wait_for_faces_than_memory_allows() -> None:
    assert frames_ahead(1920, 1080) == 16
    assert frames_ahead(3840, 2160) == 4
    assert frames_ahead(8192, 8192) == 2
