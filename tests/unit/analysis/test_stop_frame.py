"""A picture held still, and back again."""

from __future__ import annotations

import numpy as np

from codefx_desktop.analysis.stop_frame import Steady


def test_there_and_back_is_the_same_place() -> None:
    rng = np.random.default_rng(5)
    path = rng.normal(0.0, (8.0, 5.0, 0.02, 0.03), (12, 4))
    steady = Steady(path, 3, 1280, 720)
    places = rng.uniform(0.0, 700.0, (12, 2))
    held = steady.to_stop(places, np.arange(12))
    back = steady.from_stop()
    again = np.einsum("fij,fj->fi", back[:, :, :2], held) + back[:, :, 2]
    np.testing.assert_allclose(again, places, atol=1e-9)
