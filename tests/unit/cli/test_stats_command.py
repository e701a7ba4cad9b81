"""``codefx stats``: figures as a table, as JSON and as CSV; wrong use is told."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from many_stops import fill
from typer.testing import CliRunner

from codefx_desktop.cli.app import app
from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.history import open_history

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def season(home: Path) -> None:
    """Twelve stops in the history."""
    with open_history(app_paths().history).history as history:
        fill(history, 12)


def stats(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["stats", *arguments])


@pytest.mark.usefixtures("season")
def test_groups_as_json_and_each_stop_as_csv() -> None:
    told = json.loads(stats("--by", "team", "--json").stdout)
    assert (told["duration"], told["by"], told["trend_over"]) == ("stationary", "team", "days")
    assert [one["name"] for one in told["groups"]] == ["Blue", "Green", "Orange"]
    rows = list(csv.DictReader(io.StringIO(stats("--csv").stdout)))
    assert len(rows) == 12
    assert {row["duration"] for row in rows} == {"stationary"}
    assert {(row["status"], bool(row["value_s"])) for row in rows} == {
        ("found", True),
        ("not_found", False),
    }
    of_team = [float(row["value_s"]) for row in rows if row["team"] == "Blue" and row["value_s"]]
    assert told["groups"][0]["count"] == len(of_team)
    assert told["groups"][0]["best_s"] == pytest.approx(min(of_team), abs=1e-4)


@pytest.mark.usefixtures("season")
def test_a_table_for_people_with_what_is_left_out() -> None:
    told = stats("tyre", "--by", "corner", "--place", "fl", "--confirmed").stdout
    assert told.startswith("Tyre: ")
    assert "Left out: " in told
    assert "not confirmed." in told
    listed = stats("--list").stdout.splitlines()
    assert listed[0] == "stationary\tStationary"
    assert listed[-1] == "12 stops"
    nobody = json.loads(stats("--team", "Nobody", "--json").stdout)
    assert nobody["groups"][0]["median_s"] is None


@pytest.mark.usefixtures("season")
def test_wrong_use_is_told() -> None:
    for wrong in (("--by", "colour"), ("--place", "roof"), ("--json", "--csv")):
        found = stats(*wrong)
        assert found.exit_code == 2, wrong
    assert "one of none, series" in stats("--by", "colour").stderr.replace("\n", " ")
    found = stats("nap")
    assert isinstance(found.exception, SettingsError)
    assert "No stop has a time 'nap'. There are stationary, reaction, tyre" in str(found.exception)


def test_an_empty_history_says_what_to_do(home: Path) -> None:
    del home
    assert "no pit stops in the history yet" in stats().stdout
