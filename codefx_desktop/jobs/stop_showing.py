"""A stop as it is shown: what follows from it, and the frames its bars begin at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.anatomy import anatomy
from codefx_desktop.jobs.stop_values import StopShown

if TYPE_CHECKING:
    from codefx_desktop.analysis.stop_frame import CameraPlaces
    from codefx_desktop.domain.breakdown import GanttBar
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.store.stop_rows import StopBasis


def shown_stop(
    stop: PitStop,
    basis: StopBasis,
    seen: Observations | None,
    places: CameraPlaces | None = None,
) -> StopShown:
    """Return a stop with all that follows from it.

    Args:
        stop: The stop.
        basis: What it was found by.
        seen: All that was measured of its clip; None where that cannot be had (yet).
        places: The camera's places in the clip, where they are known already.
    """
    found = anatomy(stop, basis.template, basis.camera, seen, places)
    frames = tuple(_frame_of(bar, stop, seen) for bar in found.critical.bars)
    return StopShown(stop, found, frames)


def _frame_of(bar: GanttBar, stop: PitStop, seen: Observations | None) -> int | None:
    """Return the frame of a bar's beginning: that of the event it begins with, or the nearest."""
    for event in stop.events:
        if event.time_s == bar.begin_s and event.frame_number is not None:
            return event.frame_number
    if seen is None or not len(seen.times_s):
        return None
    return int(seen.numbers[int(np.argmin(np.abs(seen.times_s - bar.begin_s)))])
