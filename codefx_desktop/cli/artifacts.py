"""``codefx artifacts``: whether a job's artifacts are all there, and exports for other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import (
    EXIT_FAILED,
    EXIT_OK,
    EXIT_USAGE,
    counted,
    fail,
    say,
    say_json,
    size_text,
)
from codefx_desktop.domain.errors import AlreadyThere, JobStateError
from codefx_desktop.domain.export import ExportDone, ExportFormat, ExportRequest
from codefx_desktop.domain.job import JobRecord, JobStatus

if TYPE_CHECKING:
    from codefx_desktop.jobs.artifact_check import ArtifactCheck

SHOWN_BROKEN = 20
PARTIAL = {
    JobStatus.FAILED: "the job failed",
    JobStatus.CANCELLED: "the job was cancelled",
    JobStatus.INTERRUPTED: "the job was interrupted",
}
"""Why not all artifacts are there."""


def artifacts(
    job: Annotated[str, typer.Argument(help="Job id, or its first characters (4 or more).")],
    kind: Annotated[
        ExportFormat | None,
        typer.Option(
            "--format",
            help="json, toon: the artifacts. coco, yolo, mot: everything that was found, for "
            "other programs.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="DIR",
            help="Folder to write to.",
            show_default="report in the job's folder",
            file_okay=False,
        ),
    ] = None,
    frame: Annotated[
        int | None, typer.Option(min=0, help="Print this frame's file, json or toon.")
    ] = None,
    pictures: Annotated[
        bool,
        typer.Option(
            "--pictures",
            help="yolo: with the pictures beside the labels, to train on; frames without "
            "artifacts are left out.",
        ),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace files that are in DIR already.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell whether a job's artifacts are all there and can be read; exit code 1: they are not.

    With a format, export them.
    """
    _check_use(kind, output, frame, pictures=pictures)
    with opened() as shop:
        from codefx_desktop.jobs.engine import Engine

        engine = Engine(shop)
        record = engine.resolve(job)
        if kind is None:
            raise typer.Exit(_summarise(record, as_json=as_json))
        if frame is not None:
            _print_frame(record, kind, frame)
            return
        if record.status is not JobStatus.COMPLETE:
            fail(f"The job is {record.status}: this is what was found until then.")
        folder = None if output is None else output.expanduser().absolute()
        try:
            with bar("exporting", as_json=as_json) as told:
                request = ExportRequest(kind, folder, pictures, replace)
                done = engine.export_artifacts(record.id, request, progress=told)
        except AlreadyThere as error:
            fail(f"{error.message} Choose another folder, or add --replace.")
            raise typer.Exit(EXIT_FAILED) from error
    _tell_export(done, as_json=as_json)


def _check_use(
    kind: ExportFormat | None, output: Path | None, frame: int | None, *, pictures: bool
) -> None:
    """End the program with the exit code of wrong use where options do not fit together."""
    trouble = ""
    if kind is None and (output is not None or frame is not None):
        trouble = "--output and --frame need a --format"
    elif frame is not None and kind is not None and not kind.is_copy:
        trouble = "--frame prints a frame's json or toon; the other formats are of whole jobs"
    elif frame is not None and output is not None:
        trouble = "--frame prints to the terminal: leave --output out"
    elif pictures and kind is not ExportFormat.YOLO:
        trouble = "--pictures needs --format yolo"
    if trouble:
        fail(f"{trouble}.")
        raise typer.Exit(EXIT_USAGE)


def _summarise(record: JobRecord, *, as_json: bool) -> int:
    """Print what there is; return the exit code."""
    from codefx_desktop.jobs.artifact_check import check_artifacts

    plan = record.spec.plan
    if not (plan.has_artifacts or plan.scenes):
        check = None
    else:
        with bar("reading artifacts", as_json=as_json) as told:
            check = check_artifacts(record, told)
    if as_json:
        say_json(_facts(record, check))
    elif check is None:
        say("This job writes no artifacts; run the clip again with --artifacts.")
    else:
        _tell_check(record, check)
    if check is None:
        return EXIT_OK
    return EXIT_FAILED if check.broken or record.status is not JobStatus.COMPLETE else EXIT_OK


@contextmanager
def bar(name: str, *, as_json: bool) -> Iterator[Callable[[float], None]]:
    """Draw a bar where there is a terminal; what is yielded moves it."""
    with Progress(disable=as_json or not Console().is_terminal, transient=True) as bar:
        task = bar.add_task(name, total=1.0)
        yield lambda done: bar.update(task, completed=done)


def _tell_check(record: JobRecord, check: ArtifactCheck) -> None:
    say(f"{record.input_filename}: {record.status}, artifacts: {record.spec.plan.artifacts}")
    if check.scenes is not None:
        say(counted(check.scenes, "scene"))
    say(
        f"{counted(check.frames, 'frame')}: {check.files:,} of {check.promised_files:,} files, "
        f"{size_text(check.size_bytes)} in {record.job_dir}"
    )
    if not check.is_checked:
        say("The job is not done with them; nobody looked inside.")
    elif record.status is not JobStatus.COMPLETE:
        say(f"Partial: {PARTIAL[record.status]}.")
    elif not check.broken:
        say("All are there, can be read, and JSON and TOON say the same.")
    for item in check.broken[:SHOWN_BROKEN]:
        fail(str(item))
    if len(check.broken) > SHOWN_BROKEN:
        fail(f"and {len(check.broken) - SHOWN_BROKEN} more")


def _facts(record: JobRecord, check: ArtifactCheck | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "job_id": record.id,
        "status": record.status,
        "choice": str(record.spec.plan.artifacts),
        "folder": record.job_dir,
    }
    if check is None:
        return {
            **facts,
            "frames": 0,
            "files": 0,
            "promised_files": 0,
            "size_bytes": 0,
            "scenes": None,
            "broken": [],
            "is_checked": False,
        }
    return {**facts, **asdict(check)}


def _print_frame(record: JobRecord, kind: ExportFormat, number: int) -> None:
    """Write one frame's file to the output as it is, byte by byte."""
    from codefx_desktop.artifacts.layout import AnalysisFormat
    from codefx_desktop.jobs.work import layout_of

    path = layout_of(record).analysis(AnalysisFormat(kind.value), number)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise JobStateError(
            f"Frame {number} of this job has no {kind.name} file.",
            hint=_nearest(record, kind, number),
            job_id=record.id,
        ) from error
    except OSError as error:
        raise JobStateError(
            f"{path} cannot be read: {error.strerror or error}.", job_id=record.id
        ) from error
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _nearest(record: JobRecord, kind: ExportFormat, number: int) -> str:
    from codefx_desktop.artifacts.layout import AnalysisFormat
    from codefx_desktop.jobs.artifact_check import frames_with
    from codefx_desktop.jobs.artifact_scan import TEXT_FILES
    from codefx_desktop.jobs.work import layout_of

    numbers = frames_with(layout_of(record), TEXT_FILES[AnalysisFormat(kind.value)])
    before = [there for there in numbers if there < number][-1:]
    after = [there for there in numbers if there > number][:1]
    if not numbers:
        return "It has none at all; run the clip again with --artifacts."
    return f"The nearest that have one: {' and '.join(map(str, before + after))}."


def _tell_export(done: ExportDone, *, as_json: bool) -> None:
    if as_json:
        say_json(asdict(done))
        return
    of = f", {counted(done.objects, 'object')}" if done.objects else ""
    files = f"{counted(done.files, 'file')}, {size_text(done.size_bytes)}"
    say(f"{counted(done.frames, 'frame')}{of}: {files} in")
    for path in done.paths:
        say(str(path))
