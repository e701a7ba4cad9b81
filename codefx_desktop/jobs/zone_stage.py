"""Tells who was in a clip's zones and when, once its stops are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.analysis.zone_visits import zone_visits
from codefx_desktop.artifacts.zone_report import write_zone_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop


def tell_zones(
    layout: JobLayout,
    seen: Observations,
    camera: CameraProfile,
    stops: Sequence[PitStop],
    confidence: float,
) -> str:
    """Write the report of a clip's zones; return what a person is told, nothing without zones.

    Args:
        layout: The job.
        seen: All that was measured of its clip.
        camera: What is known of the camera, with its zones.
        stops: The clip's stops.
        confidence: Fainter detections do not count.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    visits = zone_visits(seen, camera, stops, confidence) if camera.zones.zones else None
    write_zone_report(layout, visits)
    if visits is None:
        why = "Time in zones was not measured: nobody looked for objects or motion."
        return why if camera.zones.zones else ""
    if not visits:
        return "Time in zones: nobody was in any of them."
    tracks, zones = ({getattr(one, of) for one in visits} for of in ("track_id", "zone"))
    stays = sum(len(visit.stays) for visit in visits)
    if tracks == {None}:
        return f"Motion in {_counted(len(zones), 'zone')}, {_counted(stays, 'time')}."
    return (
        f"Time in zones: {_counted(len(tracks), 'object')} in {_counted(len(zones), 'zone')}, "
        f"{_counted(stays, 'stay')}."
    )


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
