"""The workbook of a job's stops, read back by another program's reader."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest
from report_samples import job_report, of_stop, told

from codefx_desktop.artifacts.report_values import AuditRow
from codefx_desktop.artifacts.stop_xlsx import stops_xlsx
from codefx_desktop.domain.stop import StopFacts

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FORMULA = '=HYPERLINK("http://example.org";"x")'


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_its_sheets_and_their_heads() -> None:
    book = opened(stops_xlsx(job_report()))
    assert book.sheetnames == ["Splits", "Events", "Durations", "Audit", "Settings"]
    for name in book.sheetnames:
        assert book[name].freeze_panes == "A2"
        assert book[name].auto_filter.ref.startswith("A1:")
    timed = [cell.value for cell in book["Events"][1] if "stop" in str(cell.value).lower()]
    assert timed == ["Stop", "Since stop (s)", "Since stop ± (s)"]


def test_an_uncertainty_is_rounded_up_and_a_duration_tells_its_source() -> None:
    one = told()
    events = tuple(
        replace(event, latest_s=4.6124) if event.kind == "go" else event
        for event in one.stop.events
    )
    book = opened(stops_xlsx(job_report(of_stop(replace(one.stop, events=events)))))
    (split,) = rows_of(book["Splits"])
    assert split["Stationary ± (s)"] == 0.023  # 0.0224: shown with three digits it was 0.022
    rows = {(row["Name"], row["Place"]): row for row in rows_of(book["Durations"])}
    assert rows["stationary", "car"]["± (s)"] == 0.023
    assert (rows["tyre", "FL"]["Source"], rows["tyre", "FL"]["Status"]) == ("track", "proposed")
    (go,) = [row for row in rows_of(book["Events"]) if row["Event"] == "Go"]
    assert (go["± (s)"], go["Since stop ± (s)"]) == (0.013, 0.023)


def test_numbers_are_numbers_and_what_is_missing_says_so() -> None:
    book = opened(stops_xlsx(job_report()))
    (split,) = rows_of(book["Splits"])
    assert split["Stationary (s)"] == pytest.approx(2.6)
    assert split["Stationary ± (s)"] == pytest.approx(0.02)
    assert split["Tyre FL (s)"] == pytest.approx(1.7)
    events = {(row["Event"], row["Place"]): row for row in rows_of(book["Events"])}
    off = events["Wheel off", "FL"]
    assert off["Since stop (s)"] == pytest.approx(0.8)
    assert off["Since stop ± (s)"] == pytest.approx(0.02)  # the stop's own and the event's
    assert off["Time in clip (s)"] == pytest.approx(2.8)
    assert (off["± (s)"], off["Frame"], off["Source"]) == (pytest.approx(0.01), 140, "track")
    assert off["Status"] == "proposed"
    missing = events["Probe in", "car"]
    assert missing["Since stop (s)"] == missing["Time in clip (s)"] == "not found"
    assert (missing["± (s)"], missing["Frame"], missing["Status"]) == (None, None, "not found")


def test_what_nobody_measured_is_not_found_in_durations() -> None:
    report = job_report(told({"stop": 2.0}))
    rows = {row["Name"]: row for row in rows_of(opened(stops_xlsx(report))["Durations"])}
    assert rows["stationary"]["Seconds (s)"] == "not found"
    assert (rows["stationary"]["From"], rows["stationary"]["To"]) == ("Stop", "not found")


def test_no_text_of_a_persons_is_a_formula() -> None:
    one = told()
    facts = StopFacts(car_number=FORMULA, team="+1", driver_in="@x", label="-2", tyre_set="\tC3")
    report = job_report(replace(one, stop=replace(one.stop, facts=facts)))
    audit = (AuditRow("2026-11-21T10:00:00+00:00", FORMULA, "=1+1"),)
    data = stops_xlsx(replace(report, audit=audit, clip="=1+1.mp4"))
    book = opened(data)
    (split,) = rows_of(book["Splits"])
    assert (split["Car"], split["Team"], split["Label"]) == (FORMULA, "+1", "-2")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith("="))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in parts.read(name) for name in sheets)


def test_texts_that_no_workbook_can_hold_are_made_ones_it_can() -> None:
    report = replace(job_report(), clip="a\x07b\udcff.mp4", heads=(("Notes", "x" * 40_000),))
    settings = {
        row["What"]: row["Value"] for row in rows_of(opened(stops_xlsx(report))["Settings"])
    }
    assert settings["Clip's file"] == "a�b�.mp4"
    assert len(str(settings["Notes"])) == 32_767


def test_who_changed_what_and_what_it_was_made_with() -> None:
    book = opened(stops_xlsx(job_report()))
    first, second = rows_of(book["Audit"])
    assert (first["Who"], first["What"]) == ("Žofie", "Move Stop by 1 frame")
    assert (first["Taken back"], second["Taken back"]) == ("no", "yes")
    settings = {row["What"]: row["Value"] for row in rows_of(book["Settings"])}
    assert settings["Model, detect, SHA-256"] == "ab" * 32
    assert settings["Confidence"] == "0.50"
