"""``codefx demo`` and ``codefx run``: the main job in the terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codefx_desktop.bootstrap import log_files
from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import EXIT_FAILED, EXIT_USAGE, fail, finished_dict, say, say_json
from codefx_desktop.cli.progress import Display, display_for
from codefx_desktop.domain.errors import WeightsMissing, WeightsNotChosen
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, QualityPreset, SessionKind
from codefx_desktop.settings.paths import app_paths, resource
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.settings.weights import DEMO_CLIP, DEMO_NOTICE, find_weights

if TYPE_CHECKING:
    from codefx_desktop.domain.run import JobFinished, RunEvent
    from codefx_desktop.jobs.work import Workshop

OutputOption = Annotated[
    Path | None,
    typer.Option("--output", help="Folder that holds the jobs/ tree of this run.", file_okay=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object per clip.")]
DeviceOption = Annotated[
    str | None,
    typer.Option(help="auto, cpu, mps or cuda:N.", show_default="CODEFX_DEVICE, else auto"),
]


def demo(
    output: OutputOption = None,
    device: DeviceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse the bundled sample stop with the demo model."""
    with _wrong_use():
        device = device or load_settings().device
        spec = JobSpec(demo_model=True, device=device, output_root=_absolute(output))
    clips = [resource(DEMO_CLIP)]
    ok = _run_all(clips, spec, JobMetadata(notes="The sample stop"), as_json=as_json)
    if ok and not as_json:
        weights = app_paths().weights
        say("Open the window with: codefx-desktop")
        say(f"{DEMO_NOTICE} That folder is {weights}")
    raise typer.Exit(0 if ok else EXIT_FAILED)


def run(
    clips: Annotated[list[Path], typer.Argument(help="Clips (mp4, mov, mkv, avi, webm).")],
    profile: Annotated[str, typer.Option(help="What to analyse.")] = "pitstop",
    weights: Annotated[Path | None, typer.Option(help="Detector weights (.pt).")] = None,
    demo_model: Annotated[
        bool, typer.Option("--demo-model", help="Use the demo model (rendered scenes only).")
    ] = False,
    confidence: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="What is drawn and counted.")
    ] = None,
    iou: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="NMS IoU.")] = None,
    device: DeviceOption = None,
    quality: Annotated[
        QualityPreset, typer.Option(help="Quality of the annotated video against its size.")
    ] = QualityPreset.STANDARD,
    output: OutputOption = None,
    series: Annotated[str, typer.Option(help="Series, at most 100 characters.")] = "",
    race: Annotated[str, typer.Option(help="Race, at most 100 characters.")] = "",
    notes: Annotated[str, typer.Option(help="Notes.")] = "",
    session: Annotated[SessionKind, typer.Option(help="Kind of session.")] = SessionKind.NONE,
    event_date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of the event.")
    ] = None,
    camera: Annotated[str, typer.Option(help="Camera.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Analyse clips one after the other; a clip that fails does not stop the next."""
    settings = load_settings()
    with _wrong_use():
        spec = JobSpec(
            profile=profile,
            weights=_absolute(weights),
            demo_model=demo_model,
            confidence=settings.yolo_threshold if confidence is None else confidence,
            iou=settings.iou_threshold if iou is None else iou,
            device=device or settings.device,
            output_root=_absolute(output),
            quality=quality,
        )
        day = event_date.date() if event_date else None
        metadata = JobMetadata(series, race, notes, day, session, camera)
    ok = _run_all(clips, spec, metadata, as_json=as_json)
    raise typer.Exit(0 if ok else EXIT_FAILED)


@contextmanager
def _wrong_use() -> Iterator[None]:
    """End the program with the exit code of wrong use where a value is out of its range."""
    try:
        yield
    except ValueError as error:
        fail(f"{error}.")
        raise typer.Exit(EXIT_USAGE) from error


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.expanduser().absolute()


def _run_all(clips: list[Path], spec: JobSpec, metadata: JobMetadata, *, as_json: bool) -> bool:
    paths, settings = app_paths(), load_settings()
    try:
        find_weights(spec, settings, paths)
    except WeightsMissing:
        pass  # weights that were named and are missing fail the job, which says so
    except WeightsNotChosen as error:
        fail(f"{error} In the terminal: --weights FILE or --demo-model.")
        raise typer.Exit(EXIT_USAGE) from error
    ok = True
    with log_files(paths, settings), opened() as shop:
        for clip in clips:
            with display_for(clip, as_json=as_json) as display:
                status = _run_one(clip, spec, metadata, shop, display, as_json=as_json)
            ok = ok and status is JobStatus.COMPLETE
            if status is JobStatus.CANCELLED:
                break
    return ok


def _run_one(
    clip: Path,
    spec: JobSpec,
    metadata: JobMetadata,
    shop: Workshop,
    display: Display,
    *,
    as_json: bool,
) -> JobStatus:
    from codefx_desktop.jobs.foreground import run_in_foreground
    from codefx_desktop.jobs.work import begin, work_on

    record = begin(shop, clip, spec, metadata)

    def show(event: RunEvent) -> None:
        with suppress(OSError):  # a closed pipe or a full disk under it is not the job's trouble
            display.show(event)

    def work(cancel: threading.Event) -> JobFinished:
        return work_on(record, shop, show, cancel)

    finished = run_in_foreground(work)
    display.close()
    if as_json:
        say_json(finished_dict(record, finished))
    elif finished.output is not None:
        say(f"{finished.frames_out} of {finished.frames_in} frames written.")
        say(f"Annotated clip: {finished.output.path}")
    else:
        fail(f"{clip.name}: {finished.status}. {finished.error_message}")
    return finished.status
