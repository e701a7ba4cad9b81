"""What is told of the time in zones: as JSON, as CSV, and cleared by a rerun."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.files import clear_artifacts
from codefx_desktop.artifacts.formats import read_json
from codefx_desktop.artifacts.layout import JobLayout, ReportFormat
from codefx_desktop.artifacts.pushed_keys import inside, part_of
from codefx_desktop.artifacts.zone_report import write_zone_report, zones_csv
from codefx_desktop.domain.push import PushPart
from codefx_desktop.domain.zone_visit import Stay, ZoneVisit

if TYPE_CHECKING:
    from pathlib import Path

CAME = Stay(1.01234567, 2.0, (1.0, 1.04), (1.98, 2.02))
WAS_THERE = Stay(5.0, 6.5, (None, 5.0), (6.5, None))
VISITS = (
    ZoneVisit("Fuel", 7, "crew", (CAME, WAS_THERE), stop=2, time_scale=0.5),
    ZoneVisit("=lane()", 8, "car", (WAS_THERE,)),
)


def test_json_holds_every_stay_with_its_bounds(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job-1")
    paths = write_zone_report(layout, VISITS)
    assert [path.name for path in paths] == ["zones.json", "zones.csv"]
    assert {path.parent for path in paths} == {layout.report_dir}
    content = read_json(paths[0].read_bytes())
    assert (content["schema"], content["version"], content["job"]) == (
        "codefx-zone-times",
        1,
        "job-1",
    )
    fuel, lane = content["visits"]
    assert (fuel["zone"], fuel["stop"], fuel["track_id"], fuel["class_name"]) == (
        "Fuel", 2, 7, "crew",
    )  # fmt: skip
    assert fuel["total_s"] == 1.2438
    assert fuel["stays"][0] == {
        "enter_s": 1.0123, "enter_earliest_s": 1, "enter_latest_s": 1.04,
        "exit_s": 2, "exit_earliest_s": 1.98, "exit_latest_s": 2.02, "duration_s": 0.4938,
    }  # fmt: skip
    assert lane["stop"] is None
    assert lane["stays"][0]["enter_earliest_s"] is lane["stays"][0]["exit_latest_s"] is None


def test_a_spreadsheet_gets_a_row_for_every_stay() -> None:
    rows = list(csv.DictReader(io.StringIO(zones_csv(VISITS).decode())))
    assert [(row["zone"], row["track_id"], row["stay"]) for row in rows] == [
        ("Fuel", "7", "1"),
        ("Fuel", "7", "2"),
        ("'=lane()", "8", "1"),
    ]
    assert (rows[2]["stop"], rows[2]["enter_earliest_s"], rows[2]["total_s"]) == ("", "", "1.5")


def test_a_rerun_clears_it_and_so_does_a_look_that_was_none(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job-1")
    write_zone_report(layout, VISITS)
    clear_artifacts(layout)
    assert not layout.report_dir.exists()
    paths = write_zone_report(layout, ())
    assert read_json(paths[0].read_bytes())["visits"] == []
    assert write_zone_report(layout, None) == ()
    assert not any(path.exists() for path in paths)


def test_it_is_pushed_with_the_reports(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job-1")
    for kind in (ReportFormat.JSON, ReportFormat.CSV):
        assert part_of(inside(layout.key(layout.zones(kind)), "job-1")) is PushPart.REPORT
