"""What a job says of its zones, and which files that leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from standing_car import Footage

from codefx_desktop.artifacts.layout import JobLayout, ReportFormat
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.observations import Objects
from codefx_desktop.domain.zone import Zone, ZoneSet
from codefx_desktop.jobs.zone_stage import tell_zones

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.observations import Observations


def camera(*names: str) -> CameraProfile:
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    return CameraProfile(zones=ZoneSet(tuple(Zone(name, whole) for name in names)))


def people(count: int) -> Observations:
    footage = Footage(seconds=1.0)
    for _ in range(count):
        footage.add("crew", (0.5, 0.5), lambda _: (1.0, 1.0))
    return footage.seen()


@pytest.mark.parametrize(
    ("names", "count", "told"),
    [
        (("Box",), 1, "Time in zones: 1 object in 1 zone, 1 stay."),
        (("Box", "Lane"), 3, "Time in zones: 3 objects in 2 zones, 6 stays."),
        (("Box",), 0, "Time in zones: nobody was in any of them."),
    ],
)
def test_the_report_is_written_and_summed_up(
    tmp_path: Path, names: tuple[str, ...], count: int, told: str
) -> None:
    layout = JobLayout(tmp_path, "job-1")
    assert tell_zones(layout, people(count), camera(*names), (), 0.5) == told
    assert layout.zones(ReportFormat.JSON).is_file()
    assert layout.zones(ReportFormat.CSV).is_file()


def test_without_zones_or_objects_there_is_no_report(tmp_path: Path) -> None:
    layout, seen = JobLayout(tmp_path, "job-1"), people(1)
    tell_zones(layout, seen, camera("Box"), (), 0.5)
    assert tell_zones(layout, seen, camera(), (), 0.5) == ""
    assert not layout.zones(ReportFormat.JSON).exists()
    blind = replace(seen, objects=Objects.none())
    assert "nobody looked for objects" in tell_zones(layout, blind, camera("Box"), (), 0.5)
    assert not layout.zones(ReportFormat.CSV).exists()
