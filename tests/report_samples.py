"""What reports tell, for tests of the files that are written from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stop_samples import f1_times, stop_of

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.artifacts.report_values import AuditRow, JobReport, ReportModel
from codefx_desktop.artifacts.stop_report import StopTold
from codefx_desktop.domain.events import Event
from codefx_desktop.domain.stop import PitStop
from codefx_desktop.settings.templates import built_in_templates, event_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping


def told(times: Mapping[str, float] | None = None, template: str = "f1") -> StopTold:
    """Return a stop of these times and what follows; its fuel probe was not found."""
    stop = stop_of(f1_times() if times is None else times)
    return of_stop(PitStop(1, template, (*stop.events, Event("probe_in")), 0.0, 6.0), template)


def of_stop(stop: PitStop, template: str = "f1") -> StopTold:
    """Return a stop and what follows from it."""
    wanted = next(one for one in built_in_templates() if one.name == template)
    return StopTold(stop, breakdown(stop, wanted))


def job_report(*stops: StopTold) -> JobReport:
    """Return a report of these stops, or of an ordinary one."""
    return JobReport(
        "41f87c6c",
        "lap.mp4",
        "2026-11-21T15:00:00+00:00",
        "Formula 1",
        stops or (told(),),
        {kind.kind: kind.label for kind in event_kinds()},
        (("Series", "Formula 1"), ("Race", "São Paulo")),
        (("Confidence", "0.50"), ("Model's input", "640 px, IoU 0.50")),
        (ReportModel("detect", "best.pt", "ab" * 32),),
        (
            AuditRow("2026-11-21T14:00:00+00:00", "Žofie", "Move Stop by 1 frame"),
            AuditRow("2026-11-21T14:01:00+00:00", "Žofie", "Reject Jack up rear", is_undone=True),
        ),
    )
