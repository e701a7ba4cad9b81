"""How long each object was in each zone: ``report/zones.{json,csv}``.

Both tell the same: the CSV has a row for each stay. Times are seconds from the first shown
picture, durations true seconds. A bound is null where nobody saw the object come or go: it was in
the zone when it was first or last seen. ``track_id`` is null and ``class_name`` ``motion`` where
nobody looked for objects, but for what moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.csv_table import csv_table
from codefx_desktop.artifacts.files import told, write_changed
from codefx_desktop.artifacts.formats import encode
from codefx_desktop.artifacts.layout import ReportFormat
from codefx_desktop.artifacts.numbers import measured, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.zone_visit import Stay, ZoneVisit

ZONES_SCHEMA: Final = "codefx-zone-times"
ZONES_VERSION: Final = 1

_VISIT_KEYS: Final = ("zone", "stop", "track_id", "class_name", "total_s")
_STAY_KEYS: Final = (
    *("enter_s", "enter_earliest_s", "enter_latest_s"),
    *("exit_s", "exit_earliest_s", "exit_latest_s", "duration_s"),
)


def zones_content(job_id: str, visits: Iterable[ZoneVisit]) -> dict[str, Any]:
    """Return who was in which zone as JSON values.

    Args:
        job_id: The job that saw them.
        visits: By zone and object.
    """
    return {
        "schema": ZONES_SCHEMA,
        "version": ZONES_VERSION,
        "job": job_id,
        "visits": [
            {**_visit(visit), "stays": [_stay(visit, stay) for stay in visit.stays]}
            for visit in visits
        ],
    }


def zones_csv(visits: Iterable[ZoneVisit]) -> bytes:
    """Return who was in which zone as CSV, UTF-8, one row for each stay."""
    rows = [
        {**_visit(visit), "stay": number, **_stay(visit, stay)}
        for visit in visits
        for number, stay in enumerate(visit.stays, 1)
    ]
    return csv_table((*_VISIT_KEYS, "stay", *_STAY_KEYS), rows)


def write_zone_report(layout: JobLayout, visits: Sequence[ZoneVisit] | None) -> tuple[Path, ...]:
    """Write the report of a clip's zones; return its files.

    Args:
        layout: The job.
        visits: By zone and object; None where nobody could look: files of an earlier look go.

    Raises:
        ValueError: If a value is none that a file can hold.
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    json_path, csv_path = layout.zones(ReportFormat.JSON), layout.zones(ReportFormat.CSV)
    if visits is None:
        for path in (json_path, csv_path):
            with told(path):
                path.unlink(missing_ok=True)
        return ()
    write_changed(json_path, encode(zones_content(layout.job_id, visits)).json)
    write_changed(csv_path, zones_csv(visits))
    return json_path, csv_path


def _visit(visit: ZoneVisit) -> dict[str, Any]:
    values = (
        *(text(visit.zone), visit.stop, visit.track_id, text(visit.class_name)),
        measured(visit.total_s),
    )
    return dict(zip(_VISIT_KEYS, values, strict=True))


def _stay(visit: ZoneVisit, stay: Stay) -> dict[str, Any]:
    values = (
        *(stay.enter_s, *stay.enter_span_s),
        *(stay.exit_s, *stay.exit_span_s),
        visit.length_s(stay),
    )
    return dict(zip(_STAY_KEYS, map(measured, values), strict=True))
