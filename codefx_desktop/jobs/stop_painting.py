"""Draws what is told of pit stops over a clip's pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.analysis.stop_camera import stop_camera
from codefx_desktop.analysis.zone_visits import placed_zones
from codefx_desktop.artifacts.paint_stop import paint_stop
from codefx_desktop.domain.stop_overlays import StopOverlays

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.jobs.stop_stage import Told


def stop_painter(told: Told, camera: CameraProfile) -> Callable[[Pixels, Frame], None] | None:
    """Return what draws stops over a painted picture, in place; None where there is no stop.

    Args:
        told: What was found.
        camera: What is known of the camera, with its zones.
    """
    stops = [one.stop for one in told.stops]
    if not stops:
        return None
    seen = told.seen
    overlays = StopOverlays(
        stops,
        [placed_zones(stop.car, camera, seen) for stop in stops],
        seen.width,
        seen.height,
        cameras=[stop_camera(stop, seen) for stop in stops],
    )

    def draw(picture: Pixels, frame: Frame) -> None:
        overlay = overlays.at(frame.number, frame.time.seconds)
        if overlay is not None:
            paint_stop(picture, overlay)

    return draw
