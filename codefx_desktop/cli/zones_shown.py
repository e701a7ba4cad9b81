"""``codefx events --zones``: who was in which zone, when and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from codefx_desktop.domain.errors import JobStateError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.zone_visit import Stay, ZoneVisit


def visits_of(record: JobRecord) -> tuple[ZoneVisit, ...]:
    """Return who was in a job's zones.

    Raises:
        JobStateError: If it has no zones, or nobody looked for objects or stops to the end.
        HistoryError: If what is stored of the job cannot be read.
    """
    from codefx_desktop.analysis.zone_visits import zone_visits
    from codefx_desktop.jobs.corrected_seen import corrected_seen
    from codefx_desktop.jobs.work import layout_of
    from codefx_desktop.store.detections import DetectionReader

    layout = layout_of(record)
    with DetectionReader(layout.detections) as reader:
        stops, basis = reader.stops(), reader.stop_basis()
        if stops is None or basis is None or not basis.camera.zones.zones:
            raise JobStateError(
                f"The job of {record.input_filename} has no zones.",
                hint="Run the clip again with the pit stop profile and --zones.",
                job_id=record.id,
            )
        seen = corrected_seen(layout, reader)
    visits = zone_visits(seen, basis.camera, stops, record.spec.confidence)
    if visits is None:
        raise JobStateError(
            f"Nobody looked for objects or motion in the job of {record.input_filename}.",
            hint="Run the clip again: it is their time in zones that is told.",
            job_id=record.id,
        )
    return visits


def show_zones(console: Console, visits: Iterable[ZoneVisit]) -> None:
    """Print a row for each object in each zone; without colours in a pipe."""
    table = Table("Zone", "Stop", "Track", "Class", "In and out, s", "Total, s", box=box.SIMPLE)
    for visit in visits:
        table.add_row(
            Text(visit.zone),
            "" if visit.stop is None else str(visit.stop),
            "" if visit.track_id is None else str(visit.track_id),
            Text(visit.class_name),
            ", ".join(map(_stay, visit.stays)),
            f"{visit.total_s:.3f}",
        )
    console.print(table)
    console.print(Text("(In brackets: it was there when it was first or last seen.)"))


def _stay(stay: Stay) -> str:
    """Return when it came and left; in brackets where nobody saw it come or leave."""
    came, left = f"{stay.enter_s:.3f}", f"{stay.exit_s:.3f}"
    return (
        f"{f'({came})' if stay.enter_span_s[0] is None else came} to "
        f"{f'({left})' if stay.exit_span_s[1] is None else left}"
    )
