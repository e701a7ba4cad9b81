"""Why a clip has no pit stop: what was seen in it instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.car_rests import CAR, CONFIDENCE

if TYPE_CHECKING:
    from codefx_desktop.domain.observations import Observations


def why_no_stop(seen: Observations) -> str:
    """Return what was seen of a clip in which no stop was found, for a person."""
    objects, frames = seen.objects, len(seen.times_s)
    if not objects.class_names:
        return "No weights looked at the frames; in motion and sound alone no stop was seen."
    if CAR not in objects.class_names:
        return "The weights know no cars; in motion and sound alone no stop was seen."
    cars = objects.of(CAR)
    with_car = len(np.unique(cars.frame[cars.confidence >= CONFIDENCE]))
    if not with_car:
        return f"No car was seen in any of {frames:,} frames."
    return f"A car was seen in {with_car:,} of {frames:,} frames, but none was seen to stop."
