"""What is told of pit stops: in the summary, in JSON, TOON and CSV of their own."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import pytest
from artifact_samples import provenance
from stop_samples import f1_times, full_stop, stop_of

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.artifacts.files import clear_artifacts
from codefx_desktop.artifacts.formats import encode, read_json, read_toon, same_content
from codefx_desktop.artifacts.job_artifact import JOB_SCHEMA_FILE, JobArtifact
from codefx_desktop.artifacts.layout import JobLayout, ReportFormat
from codefx_desktop.artifacts.stop_report import (
    StopTold,
    durations_csv,
    events_csv,
    stop_content,
    write_stop_report,
)
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.breakdown import CrewIdle, MarksHit
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.templates import built_in_templates

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.stop import PitStop

F1 = built_in_templates()[0]


def told(stop: PitStop) -> StopTold:
    return StopTold(stop, breakdown(stop, F1))


def everything() -> StopTold:
    one = told(full_stop())
    return replace(
        one,
        breakdown=replace(
            one.breakdown,
            idle=(CrewIdle(Place.FRONT_LEFT, 2.5, None),),
            marks=MarksHit(0.25, -0.1, 1.5, (0.2, 0.3), (-0.2, 0.0), (1.0, 2.0)),
        ),
    )


@pytest.mark.parametrize("one", [everything(), told(stop_of(f1_times())), told(stop_of({}))])
def test_the_summary_holds_stops_and_follows_its_schema(one: StopTold) -> None:
    schema = json.loads(resource(JOB_SCHEMA_FILE).read_text(encoding="utf-8"))
    made = JobArtifact(
        provenance(models=()), 0, 0.0, False, ArtifactChoice.parse("none"), stops=(one,)
    )
    content = made.content()
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(content)
    files = encode(content)
    assert same_content(read_json(files.json), content)
    assert same_content(read_toon(files.toon), content)
    content["stops"][0]["events"].append({"kind": "stop"})
    assert not validator.is_valid(content)


def test_what_was_not_found_is_null_and_what_is_whole_is_an_int() -> None:
    times = f1_times()
    del times["go"]
    content = stop_content(told(stop_of(times)))
    (stationary,) = [row for row in content["durations"] if row["name"] == "stationary"]
    assert stationary["value_s"] is stationary["low_s"] is stationary["high_s"] is None
    stop = next(row for row in content["events"] if row["kind"] == "stop")
    assert (stop["time_s"], type(stop["time_s"])) == (2, int)
    assert stop["earliest_s"] == 1.99
    assert content["classic"]["fuel_time_s"] is None
    assert content["classic"]["front_left_tyre_time_s"] == 1.7
    assert content["critical_path"]["until"] == "release"


def test_the_report_is_written_and_cleared_with_the_rest(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job-1")
    paths = write_stop_report(layout, [everything(), told(stop_of(f1_times()))])
    assert {path.name for path in paths} == {
        "events.json", "events.toon", "events.csv", "durations.csv",
    }  # fmt: skip
    assert all(path.parent == layout.report_dir for path in paths)
    content = read_json(layout.events(ReportFormat.JSON).read_bytes())
    assert same_content(read_toon(layout.events(ReportFormat.TOON).read_bytes()), content)
    assert (content["schema"], content["job"], len(content["stops"])) == (
        "codefx-stops",
        "job-1",
        2,
    )
    clear_artifacts(layout)
    assert not layout.report_dir.exists()


def test_a_spreadsheet_gets_a_row_for_every_event() -> None:
    one = told(full_stop())
    rows = list(csv.DictReader(io.StringIO(events_csv([one]).decode())))
    assert len(rows) == len(one.stop.events)
    assert rows[1] == {
        "stop": "1",
        "kind": "stop",
        "place": "",
        "status": "proposed",
        "time_s": "2",
        "earliest_s": "1.99",
        "latest_s": "2.01",
        "frame": "100",
        "source": "track",
        "confidence": "0.9",
        "evidence": "speed: 0.0 px/s",
    }
    assert rows[-1]["status"] == "not_found"
    assert rows[-1]["time_s"] == rows[-1]["source"] == ""


def test_a_spreadsheet_gets_a_row_for_every_duration() -> None:
    one = told(stop_of(f1_times()))
    rows = list(csv.DictReader(io.StringIO(durations_csv([one]).decode())))
    assert len(rows) == len(one.breakdown.durations) + 2
    tyre = next(row for row in rows if (row["name"], row["place"]) == ("tyre", "RR"))
    assert (tyre["value_s"], tyre["low_s"], tyre["high_s"]) == ("1.7", "1.68", "1.72")
    assert (tyre["status"], tyre["source"]) == ("proposed", "track")


def test_a_duration_is_as_sure_as_the_weaker_of_its_ends_and_tells_what_both_are_from() -> None:
    stop = stop_of(f1_times())
    said = {
        "stop": {"status": EventStatus.CONFIRMED, "source": EventSource.MOTION},
        "go": {"status": EventStatus.EDITED, "source": EventSource.MANUAL},
        "release": {"status": EventStatus.NOT_FOUND, "time_s": None, "source": None},
    }
    events = tuple(replace(event, **said.get(event.kind, {})) for event in stop.events)
    rows = stop_content(told(replace(stop, events=events)))["durations"]
    found = {row["name"]: (row["status"], row["source"], row["value_s"]) for row in rows}
    assert found["stationary"] == ("edited", "manual, motion", 2.6)
    assert found["reaction"] == ("not_found", None, None)
    assert found["gun_on"][:2] == ("proposed", "motion, track")


def test_no_cell_is_a_formula() -> None:
    evil = Event("=cmd()", evidence={"@sum": "1"})
    (row,) = csv.DictReader(
        io.StringIO(events_csv([told(replace(stop_of({}), events=(evil,)))]).decode())
    )
    assert (row["kind"], row["evidence"]) == ("'=cmd()", "'@sum: 1")
