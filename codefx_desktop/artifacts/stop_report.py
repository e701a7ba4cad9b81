"""What is told of a clip's pit stops: ``report/events.{json,toon,csv}`` and ``durations.csv``.

The JSON and the TOON say the same, and everything; each table in them has the same keys in every
row, null where something was not found. The CSV files hold the two tables that a spreadsheet is
wanted for. Times are seconds from the first shown picture, durations true seconds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.csv_table import csv_table
from codefx_desktop.artifacts.files import write_changed
from codefx_desktop.artifacts.formats import encode
from codefx_desktop.artifacts.layout import ReportFormat
from codefx_desktop.artifacts.numbers import measured, setting, text
from codefx_desktop.domain.stop_times import sources_of, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.breakdown import Breakdown, CornerDone, CriticalPath, GanttBar
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import Duration, PitStop, RuleFlag

STOPS_SCHEMA: Final = "codefx-stops"
STOPS_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class StopTold:
    """A stop and what follows from it."""

    stop: PitStop
    breakdown: Breakdown


def stop_content(told: StopTold) -> dict[str, Any]:
    """Return everything about one stop as JSON values, nothing left out."""
    stop, found = told.stop, told.breakdown
    return {
        "stop": stop.number,
        "template": text(stop.template),
        "begins_s": measured(stop.begins_s),
        "ends_s": measured(stop.ends_s),
        "time_scale": setting(stop.time_scale),
        "front_deg": measured(stop.heading.front_deg),
        "heading_source": text(stop.heading.source),
        "mirrored": stop.heading.mirrored,
        "facts": _facts(stop),
        "classic": {name: measured(value) for name, value in found.classic.values().items()},
        "events": [_event(event) for event in stop.events],
        "durations": [_duration(one) for one in found.durations],
        "synchrony": [_duration(one) for one in found.synchrony],
        "corners": {"first": _corner(found.first_corner), "last": _corner(found.last_corner)},
        "critical_path": _path(found.critical),
        "tasks": [_bar(bar) for bar in found.critical.bars],
        "crew_idle": [
            {
                "place": one.place.value,
                "present_s": measured(one.present_s),
                "idle_s": measured(one.idle_s),
            }
            for one in found.idle
        ],
        "marks": _marks(found),
        "flags": [_flag(flag) for flag in stop.flags],
        "order_breaks": list(map(text, found.order_breaks)),
        "notes": list(map(text, stop.notes)),
    }


def stops_content(job_id: str, stops: Iterable[StopTold]) -> dict[str, Any]:
    """Return everything about a clip's stops as JSON values.

    Args:
        job_id: The job that found them.
        stops: In order of time.
    """
    return {
        "schema": STOPS_SCHEMA,
        "version": STOPS_VERSION,
        "job": job_id,
        "stops": [stop_content(told) for told in stops],
    }


def events_csv(stops: Iterable[StopTold]) -> bytes:
    """Return the events of all stops as CSV, UTF-8, one row each, those not found too."""
    rows = [
        {"stop": one.stop.number, **_event(event)} for one in stops for event in one.stop.events
    ]
    return csv_table(("stop", *_EVENT_KEYS), rows)


def durations_csv(stops: Iterable[StopTold]) -> bytes:
    """Return the durations of all stops as CSV, UTF-8, one row each, those not found too."""
    rows = [
        {"stop": one.stop.number, **_duration(duration)}
        for one in stops
        for duration in (*one.breakdown.durations, *one.breakdown.synchrony)
    ]
    return csv_table(("stop", *_DURATION_KEYS), rows)


def write_stop_report(layout: JobLayout, stops: Sequence[StopTold]) -> tuple[Path, ...]:
    """Write the report of a clip's stops; return its files.

    Raises:
        ValueError: If a value is none that a file can hold.
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    both = encode(stops_content(layout.job_id, stops))
    files = {
        layout.events(ReportFormat.JSON): both.json,
        layout.events(ReportFormat.TOON): both.toon,
        layout.events(ReportFormat.CSV): events_csv(stops),
        layout.durations: durations_csv(stops),
    }
    for path, data in files.items():
        write_changed(path, data)
    return tuple(files)


_EVENT_KEYS: Final = (
    *("kind", "place", "status", "time_s", "earliest_s", "latest_s"),
    *("frame", "source", "confidence", "evidence"),
)
_DURATION_KEYS: Final = (
    *("name", "label", "place", "status", "value_s", "low_s", "high_s", "source"),
)


def _event(event: Event) -> dict[str, Any]:
    values = (
        *(text(event.kind), event.place.value, event.status.value),
        *map(measured, (event.time_s, event.earliest_s, event.latest_s)),
        event.frame_number,
        event.source and event.source.value,
        measured(event.confidence),
        text("; ".join(f"{key}: {value}" for key, value in event.evidence.items())),
    )
    return dict(zip(_EVENT_KEYS, values, strict=True))


def _duration(one: Duration) -> dict[str, Any]:
    values = (
        *(text(one.name), text(one.label), one.place.value, status_of(one).value),
        *map(measured, (one.value_s, one.low_s, one.high_s)),
        sources_of(one) or None,
    )
    return dict(zip(_DURATION_KEYS, values, strict=True))


def _facts(stop: PitStop) -> dict[str, Any]:
    facts = asdict(stop.facts)
    crew = [{"position": text(p), "name": text(n)} for p, n in stop.facts.crew.items()]
    plain = {key: text(value) if isinstance(value, str) else value for key, value in facts.items()}
    return {**plain, "crew": crew}


def _corner(corner: CornerDone | None) -> dict[str, Any] | None:
    if corner is None:
        return None
    return {
        "place": corner.place.value,
        "time_s": measured(corner.time_s),
        "is_sure": corner.is_sure,
    }


def _path(path: CriticalPath) -> dict[str, Any]:
    return {
        "until": path.until or None,
        "held_by": path.held_by and text(path.held_by.text),
        "drag_s": path.held_by and measured(path.held_by.drag_s),
        "wait_s": measured(path.wait_s),
        "chain": [text(bar.text) for bar in path.chain],
        "may_have": list(map(text, path.may_have)),
        "left_out": list(map(text, path.left_out)),
        "text": text(path.text),
    }


def _bar(bar: GanttBar) -> dict[str, Any]:
    return {
        "label": text(bar.label),
        "place": bar.place.value,
        "begin_s": measured(bar.begin_s),
        "end_s": measured(bar.end_s),
        "begin_low_s": measured(bar.begin_low),
        "end_high_s": measured(bar.end_high),
        "slack_s": measured(bar.slack_s),
        "is_critical": bar.is_critical,
        "drag_s": measured(bar.drag_s),
    }


def _marks(found: Breakdown) -> list[dict[str, Any]]:
    marks = found.marks
    rows = (
        ("long_m", marks.long_m, marks.low_high_long_m),
        ("lateral_m", marks.lateral_m, marks.low_high_lateral_m),
        ("angle_deg", marks.angle_deg, marks.low_high_angle_deg),
    )
    return [
        {
            "name": name,
            "value": measured(value),
            "low": None if bounds is None else measured(bounds[0]),
            "high": None if bounds is None else measured(bounds[1]),
            "reason": text(marks.reason) if value is None else "",
        }
        for name, value, bounds in rows
    ]


def _flag(flag: RuleFlag) -> dict[str, Any]:
    box = (None,) * 4 if flag.xyxy is None else tuple(round(side, 2) for side in flag.xyxy)
    return {
        "kind": flag.kind.value,
        "frame": flag.frame_number,
        "time_s": measured(flag.time_s),
        "text": text(flag.text),
        **dict(zip(("x1", "y1", "x2", "y2"), map(measured, box), strict=True)),
    }
