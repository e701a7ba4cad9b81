"""A job's stops as a workbook: splits, events, durations, who changed what, settings.

Numbers are numbers with the unit in the head of their column; what was not measured says "not
found". Nothing a person typed can act as a formula: texts are stored as texts.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from codefx_desktop.artifacts.csv_table import FORMULA
from codefx_desktop.artifacts.numbers import measured, text
from codefx_desktop.artifacts.report_values import (
    doubt_of,
    is_found,
    own_doubt,
    place_word,
    since_stop,
)
from codefx_desktop.domain.stop_times import rounded_up, sources_of, status_of
from codefx_desktop.domain.stop_words import NOT_FOUND, SPLITS
from codefx_desktop.domain.template import CORNERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from codefx_desktop.artifacts.report_values import JobReport
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.events import Event, Place
    from codefx_desktop.domain.stop import Duration, PitStop

Value = str | int | float | bool | None
Row = tuple[Value, ...]

_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold."""
_MAX_CHARS: Final = 32_767
"""Of one cell. Source: "Excel specifications and limits", Microsoft Support."""
_HEAD_FONT: Final = Font(bold=True, color="FFFFFF")
_HEAD_FILL: Final = PatternFill("solid", fgColor="22303C")
_MISSING: Final = Font(italic=True, color="808080")
_WIDEST: Final = 60


def stops_xlsx(report: JobReport) -> bytes:
    """Return a job's stops as the bytes of a workbook.

    Raises:
        ValueError: If a value is none that a file can hold.
    """
    book = Workbook()
    while book.worksheets:  # it comes with one
        book.remove(book.worksheets[0])
    book.properties.title = _cell_text(f"Pit stops of {report.clip}")
    book.properties.creator = "CodeFx Desktop"
    for name, head, rows in (
        ("Splits", *_splits(report)),
        ("Events", _EVENT_HEAD, list(_events(report))),
        ("Durations", _DURATION_HEAD, list(_durations(report))),
        ("Audit", _AUDIT_HEAD, list(_audit(report))),
        ("Settings", ("What", "Value"), list(_settings(report))),
    ):
        _fill(book.create_sheet(name), head, rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _splits(report: JobReport) -> tuple[Row, list[Row]]:
    """Return a row for each stop: what a team asks first."""
    columns = _split_columns(report.stops)
    head: list[Value] = ["Stop", "Car", "Team", "Driver in", "Driver out", "Lap", "Label", "Tyres"]
    for label in columns.values():
        head += [f"{label} (s)", f"{label} ± (s)"]
    head += ["Held by", "Held it (s)", "First corner", "Last corner"]
    return tuple(head), [_split_row(told, columns) for told in report.stops]


def _split_row(told: StopTold, columns: Iterable[tuple[str, Place]]) -> Row:
    facts, found = told.stop.facts, told.breakdown
    held = found.critical.held_by
    corners = (found.first_corner, found.last_corner)
    return (
        *(told.stop.number, facts.car_number, facts.team, facts.driver_in, facts.driver_out),
        *(facts.lap, facts.label, facts.tyre_set),
        *(value for column in columns for value in _with_doubt(found.duration(*column))),
        *((NOT_FOUND, None) if held is None else (held.text, _or_missing(held.drag_s))),
        *(
            NOT_FOUND if one is None else f"{one.place}{'' if one.is_sure else ' or another'}"
            for one in corners
        ),
    )


def _split_columns(stops: Sequence[StopTold]) -> dict[tuple[str, Place], str]:
    """Return which durations are splits, with what they are called, in the order of the page."""
    columns: dict[tuple[str, Place], str] = {}
    for told in stops:
        for one in (told.breakdown.stationary, told.breakdown.reaction, *told.breakdown.durations):
            if one.name in ("stationary", "reaction", *SPLITS):
                columns.setdefault((one.name, one.place), one.label)
            elif one.name == "tyre" and one.place in CORNERS:
                columns.setdefault((one.name, one.place), f"{one.label} {one.place}")
    return columns


_EVENT_HEAD: Final[Row] = (
    *("Stop", "Event", "Place", "Since stop (s)", "Since stop ± (s)", "Time in clip (s)"),
    *(
        "Earliest (s)",
        "Latest (s)",
        "± (s)",
        "Frame",
        "Source",
        "Status",
        "Confidence (0-1)",
        "Evidence",
        "Kind",
    ),
)


def _events(report: JobReport) -> Iterator[Row]:
    for told in report.stops:
        for event in told.stop.events:
            yield (
                *(told.stop.number, report.label(event.kind), place_word(event.place)),
                *_since(event, told.stop),
                *_instant(event),
                None if event.source is None else event.source.value,
                event.status.value.replace("_", " "),
                measured(event.confidence),
                "; ".join(f"{key}: {value}" for key, value in event.evidence.items()),
                event.kind,
            )


def _since(event: Event, stop: PitStop) -> Row:
    since = since_stop(event, stop)
    return (NOT_FOUND, None) if since is None else (measured(since[0]), _off(since[1]))


def _instant(event: Event) -> Row:
    """Return when an event was: time, earliest, latest, by how much it may be off, frame."""
    if event.time_s is None or not is_found(event):
        return NOT_FOUND, None, None, None, None
    times = (event.time_s, event.earliest_s, event.latest_s)
    return (*map(measured, times), _off(own_doubt(event)), event.frame_number)


_DURATION_HEAD: Final[Row] = (
    *("Stop", "Duration", "Place", "Seconds (s)", "At least (s)", "At most (s)", "± (s)"),
    *("From", "To", "Source", "Status", "Name"),
)


def _durations(report: JobReport) -> Iterator[Row]:
    for told in report.stops:
        for one in (*told.breakdown.durations, *told.breakdown.synchrony):
            ends = (one.begins, one.ends)
            yield (
                *(told.stop.number, one.label, place_word(one.place)),
                *(_or_missing(one.value_s), measured(one.low_s), measured(one.high_s)),
                _off(doubt_of(one)),
                *(NOT_FOUND if end is None else report.label(end.kind) for end in ends),
                sources_of(one) or None,
                status_of(one).value.replace("_", " "),
                one.name,
            )


_AUDIT_HEAD: Final[Row] = ("When (UTC)", "Who", "What", "Taken back")


def _audit(report: JobReport) -> Iterator[Row]:
    for row in report.audit:
        yield row.at, row.who, row.what, "yes" if row.is_undone else "no"


def _settings(report: JobReport) -> Iterator[Row]:
    yield "Clip's file", report.clip
    yield "Job", report.job_id
    yield "Template", report.template
    yield "Report made", report.made_at
    yield from report.heads
    yield from report.settings
    for model in report.models:
        yield f"Model, {model.task}", model.name
        yield f"Model, {model.task}, SHA-256", model.sha256


def _with_doubt(one: Duration | None) -> Row:
    if one is None or one.value_s is None:
        return NOT_FOUND, None
    return measured(one.value_s), _off(doubt_of(one))


def _off(doubt_s: float | None) -> Value:
    """Return an uncertainty as it is shown, in milliseconds: rounded up."""
    return None if doubt_s is None else float(rounded_up(doubt_s, 3))


def _or_missing(value: float | None) -> Value:
    return NOT_FOUND if value is None else measured(value)


# -- the sheet itself -----------------------------------------------------------------------------


def _fill(sheet: Worksheet, head: Row, rows: Sequence[Row]) -> None:
    """Write a table: its head stays in view and filters it."""
    sheet.freeze_panes = "A2"
    for column, name in enumerate(head, start=1):
        cell = _put(sheet, 1, column, name)
        cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        longest = max((len(str(row[column - 1] or "")) for row in rows), default=0)
        wide = max(len(str(name)), min(longest, _WIDEST)) + 3
        sheet.column_dimensions[get_column_letter(column)].width = wide
    for place, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(sheet, place, column, value)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{len(rows) + 1}"


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # none of ours is merged
    if isinstance(value, str):
        cell.value = _cell_text(value)
        # openpyxl takes a text that begins with "=" for a formula, unless it is told otherwise.
        cell.data_type = "s"
        if value.startswith(FORMULA):
            cell.quotePrefix = True  # and so would a spreadsheet, when the cell is edited
        if value == NOT_FOUND:
            cell.font = _MISSING
    elif value is not None:
        cell.value = value
        if isinstance(value, float):
            cell.number_format = "0.000"
    return cell


def _cell_text(value: str) -> str:
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text(value))[:_MAX_CHARS]
