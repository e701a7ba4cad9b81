"""``codefx events``: the pit stops of a job, each taken apart."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from codefx_desktop.cli.events_shown import show_stop
from codefx_desktop.cli.opening import opened, settled
from codefx_desktop.cli.output import EXIT_USAGE, counted, fail, say, say_json
from codefx_desktop.cli.zones_shown import show_zones, visits_of
from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.errors import HistoryError, JobStateError

if TYPE_CHECKING:
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.zone_visit import ZoneVisit
    from codefx_desktop.store.history import History


PIPE_COLUMNS: Final = 200


def events(
    job: Annotated[str, typer.Argument(help="Job id, or its first characters (4 or more).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the events as CSV.")] = False,
    zones: Annotated[
        bool, typer.Option("--zones", help="Show who was in which zone, when and how long.")
    ] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=SECONDS",
            help="Correct one of the seven classic times in the history; no seconds: not known.",
        ),
    ] = None,
) -> None:
    """Show the pit stops of a job: events with their uncertainty, durations, what held the car."""
    if as_json and as_csv:
        fail("--json and --csv cannot be had at once.")
        raise typer.Exit(EXIT_USAGE)
    if zones and changes:
        fail("--zones and --set cannot be had at once.")
        raise typer.Exit(EXIT_USAGE)
    from codefx_desktop.jobs.engine import Engine

    with opened() as shop:
        record = settled(shop, Engine(shop).resolve(job), threading.Event())
        if changes:
            _correct(shop.history, record, changes)
            return
        if zones:
            _print_zones(record, visits_of(record), as_json=as_json, as_csv=as_csv)
            return
        stops, why_none = _stops(record)
    if as_json:
        _print_json(record, stops)
    elif as_csv:
        _print_csv(stops)
    else:
        _print_tables(record, stops, why_none)


def _correct(history: History, record: JobRecord, changes: list[str]) -> None:
    """Change classic times in the history, all or none, and tell them."""
    classic = record.classic or ClassicTimes()
    given = [change.partition("=")[::2] for change in changes]
    try:
        for name, seconds in given:
            classic = classic.with_value(name, _seconds(name, seconds))
    except ValueError as error:
        fail(f"{error}.")
        raise typer.Exit(EXIT_USAGE) from error
    for name, _ in given:
        history.set_classic(record.id, name, classic.values()[name])
    for name, value in classic.values().items():
        say(f"{name}: {'not known' if value is None else f'{value:.3f}'}")


def _seconds(name: str, said: str) -> float | None:
    if not said.strip():
        return None
    try:
        return float(said)
    except ValueError:
        raise ValueError(f"{name}: {said!r} are no seconds; give them like 7.25") from None


def _stops(record: JobRecord) -> tuple[tuple[StopTold, ...], str]:
    """Return a job's stops with what follows from them, and why there are none.

    Raises:
        JobStateError: If nobody looked for stops to the end.
        HistoryError: If what is stored of the job cannot be read.
    """
    from codefx_desktop.analysis.anatomy import anatomy
    from codefx_desktop.analysis.no_stop import why_no_stop
    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.jobs.corrected_seen import corrected_seen
    from codefx_desktop.jobs.work import layout_of
    from codefx_desktop.store.detections import DetectionReader

    layout = layout_of(record)
    with DetectionReader(layout.detections) as reader:
        stops, basis = reader.stops(), reader.stop_basis()
        if stops is None or basis is None:
            raise JobStateError(
                f"Pit stops were not taken apart in the job of {record.input_filename}.",
                hint="Run the clip again with the pit stop profile.",
                job_id=record.id,
            )
        try:
            seen = corrected_seen(layout, reader)
        except HistoryError:  # what needs no footage can be told all the same
            seen = None
    why_none = "" if stops or seen is None else why_no_stop(seen)
    return tuple(
        StopTold(stop, anatomy(stop, basis.template, basis.camera, seen)) for stop in stops
    ), why_none


def _print_json(record: JobRecord, stops: tuple[StopTold, ...]) -> None:
    from codefx_desktop.artifacts.stop_report import stops_content

    say_json({**stops_content(record.id, stops), "clip": record.input_path})


def _print_csv(stops: tuple[StopTold, ...]) -> None:
    from codefx_desktop.artifacts.stop_report import events_csv

    _put_out(events_csv(stops))


def _put_out(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _print_zones(
    record: JobRecord, visits: tuple[ZoneVisit, ...], *, as_json: bool, as_csv: bool
) -> None:
    from codefx_desktop.artifacts.zone_report import zones_content, zones_csv

    if as_json:
        say_json({**zones_content(record.id, visits), "clip": record.input_path})
    elif as_csv:
        _put_out(zones_csv(visits))
    elif visits:
        show_zones(_console(), visits)
    else:
        say(f"{record.input_filename}: nobody was in any zone")


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=PIPE_COLUMNS)  # nothing is cut there


def _print_tables(record: JobRecord, stops: tuple[StopTold, ...], why_none: str) -> None:
    say(f"{record.input_filename}: {counted(len(stops), 'pit stop')}")
    if why_none:
        say(why_none)
    console = _console()
    for told in stops:
        show_stop(console, told)
    if stops and record.classic is not None:
        _print_corrected(record.classic, stops[0].breakdown.classic)


def _print_corrected(kept: ClassicTimes, found: ClassicTimes) -> None:
    """Tell which classic times of the first stop stand otherwise in the history."""
    measured = found.values()
    for name, value in kept.values().items():
        if value != measured[name]:
            told = "not known" if value is None else f"{value:.3f} s"
            say(f"In the history {name} of the first stop is {told}.")
