"""All that follows from a stop: what its events tell, and what needs a look at the footage too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.analysis.marks import hit_marks
from codefx_desktop.domain.breakdown import MarksHit

if TYPE_CHECKING:
    from codefx_desktop.domain.breakdown import Breakdown
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate


def anatomy(
    stop: PitStop,
    template: StopTemplate,
    camera: CameraProfile,
    seen: Observations | None,
) -> Breakdown:
    """Return all that follows from a stop.

    Args:
        stop: The stop; what a person corrected counts as what was measured does.
        template: How stops of its series go.
        camera: What is known of the camera.
        seen: All that was measured of the clip; None where that cannot be had (any more).
    """
    found = breakdown(stop, template)
    if seen is None:
        marks = MarksHit(reason="What was measured of the clip is not there.")
        return replace(found, marks=marks)
    return replace(found, marks=hit_marks(stop, camera, seen))
