"""``codefx jobs``: the history in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codefx_desktop.cli import deleting
from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import job_dict, say, say_json
from codefx_desktop.domain.job import JobFilter

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.engine import Engine

app = typer.Typer(help="Past and waiting jobs.", no_args_is_help=True)

JobArgument = Annotated[str, typer.Argument(help="Job id, or its first characters (4 or more).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def _engine() -> Iterator[Engine]:
    from codefx_desktop.jobs.engine import Engine

    with opened() as shop:
        yield Engine(shop)


@app.command("list")
def list_jobs(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to list.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="How many of the newest to leave out.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """List jobs, newest first."""
    with _engine() as engine:
        records, total = engine.page(JobFilter(), limit, offset)
    if as_json:
        say_json({"jobs": [job_dict(record) for record in records], "total": total})
        return
    console = Console()
    if not console.is_terminal:
        for record in records:
            say("\t".join(_row(record)))
        return
    table = Table("Job", "Status", "Done", "Clip", "Series", "Race", "Created")
    for record in records:
        table.add_row(*map(Text, _row(record)))
    console.print(table)
    say(f"{len(records)} of {total} jobs")


def _row(record: JobRecord) -> tuple[str, ...]:
    return (
        record.id[:8],
        record.status.value,
        f"{record.progress:.0%}",
        record.input_filename,
        record.metadata.series,
        record.metadata.race,
        record.created_at.astimezone().strftime("%Y-%m-%d %H:%M"),
    )


@app.command("show")
def show(job: JobArgument, as_json: JsonOption = False) -> None:
    """Show everything about a job."""
    with _engine() as engine:
        values = job_dict(engine.resolve(job))
    if as_json:
        say_json(values)
        return
    for key, value in values.items():
        if isinstance(value, dict):
            for name, part in value.items():
                say(f"{key}.{name}: {part}")
        elif value not in (None, ""):
            say(f"{key}: {value}")


@app.command("logs")
def logs(job: JobArgument, as_json: JsonOption = False) -> None:
    """Print a job's log."""
    with _engine() as engine:
        lines = engine.logs(engine.resolve(job).id)
    for line in lines:
        if as_json:
            stage = line.stage.value if line.stage else None
            say_json({"time": line.time, "level": line.level, "stage": stage, "text": line.text})
        else:
            say(f"{line.time.astimezone():%Y-%m-%d %H:%M:%S} {line.level:<7} {line.text}")


app.command("delete")(deleting.delete)


@app.command("output")
def output(
    job: JobArgument,
    to: Annotated[Path | None, typer.Option("--to", help="Copy it to this file.")] = None,
) -> None:
    """Print where a job's annotated clip is, or copy it."""
    with _engine() as engine:
        record = engine.resolve(job)
        if to is None:
            say(str(engine.output(record.id).path))
        else:
            say(f"Saved as {engine.save_output(record.id, to.expanduser().absolute())}")


@app.command("locate")
def locate(
    job: JobArgument,
    clip: Annotated[Path, typer.Argument(help="Where the job's clip is now.")],
) -> None:
    """Say where a job's clip is after it was moved or renamed; its content decides."""
    with _engine() as engine:
        record = engine.relocate(engine.resolve(job).id, clip.expanduser().absolute())
    say(f"Found: {record.input_path}")
