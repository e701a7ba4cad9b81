"""The one entry point: from all that was measured of a clip to its stops, each taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate


def find_stops(
    seen: Observations, template: StopTemplate, camera: CameraProfile
) -> tuple[PitStop, ...]:
    """Return the stops of a clip, in order of time.

    Args:
        seen: All that was measured of the clip.
        template: Which events a stop has.
        camera: What is known of the camera.
    """
    del seen, template, camera
    return ()
