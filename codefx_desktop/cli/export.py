"""``codefx export``: reports, pictures and training sets of a job, with what people corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from codefx_desktop.cli.artifacts import bar
from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import (
    EXIT_FAILED,
    EXIT_USAGE,
    counted,
    fail,
    say,
    say_json,
    size_text,
)
from codefx_desktop.domain.errors import AlreadyThere
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.sheet import (
    MAX_ROLL_S,
    Paper,
    Product,
    SheetDone,
    SheetRequest,
    WantedEvent,
)


def export(
    job: Annotated[str, typer.Argument(help="Job id, or its first characters (4 or more).")],
    products: Annotated[
        list[Product],
        typer.Option(
            "--format",
            help="What to write; may be given several times. pdf, xlsx, csv, json, toon: the pit "
            "stops. clip: a stop or an event as a video; still: a picture; video: the annotated "
            "video anew. yolo, coco, mot: what was found, for other programs. frames-json, "
            "frames-toon: the artifacts, copied.",
        ),
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="FOLDER", help="Folder to write to.", file_okay=False)
    ] = Path(),
    stop: Annotated[int, typer.Option(min=1, help="Which stop pdf, clip and still are of.")] = 1,
    event: Annotated[
        str | None,
        typer.Option(
            metavar="KIND[:PLACE]",
            help="clip, still: of this event, as wheel_off:FL; else of the whole stop.",
            show_default=False,
        ),
    ] = None,
    pre: Annotated[
        float, typer.Option(min=0, max=MAX_ROLL_S, help="clip: seconds before it.")
    ] = 1.0,
    post: Annotated[
        float, typer.Option(min=0, max=MAX_ROLL_S, help="clip: seconds after it.")
    ] = 1.0,
    frame: Annotated[
        int | None, typer.Option(min=0, help="still: number of the frame.", show_default=False)
    ] = None,
    clock: Annotated[
        bool,
        typer.Option(
            "--clock/--no-clock",
            help="clip, still: write time since the stop, frame number and PTS into the picture.",
        ),
    ] = True,
    overlay: Annotated[
        bool,
        typer.Option("--overlay/--no-overlay", help="clip, still: draw boxes, zones and the stop."),
    ] = True,
    paper: Annotated[Paper, typer.Option(help="pdf: size of the page.")] = Paper.A4,
    only_corrected: Annotated[
        bool,
        typer.Option(
            "--only-corrected", help="yolo, coco: only frames with a box that a person corrected."
        ),
    ] = False,
    pictures: Annotated[
        bool,
        typer.Option("--pictures", help="yolo: with the pictures beside the labels, to train on."),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace files that are in FOLDER already.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write reports, clips and training sets of a job, with what people corrected in it.

    Nothing is looked at again by a model: all comes from what the job stored.
    """
    request = _request(
        tuple(dict.fromkeys(products)),
        to.expanduser().absolute(),
        stop=stop,
        event=event,
        pre_s=pre,
        post_s=post,
        frame=frame,
        burn_clock=clock,
        draw=overlay,
        paper=paper,
        only_corrected=only_corrected,
        pictures=pictures,
        replace=replace,
    )
    with opened() as shop:
        from codefx_desktop.jobs.engine import Engine

        engine = Engine(shop)
        record = engine.resolve(job)
        if record.status is not JobStatus.COMPLETE:
            fail(f"The job is {record.status}: this is what was found until then.")
        try:
            with bar("exporting", as_json=as_json) as told:
                done = engine.export_sheet(record.id, request, progress=told)
        except AlreadyThere as error:
            fail(f"{error.message} Choose another folder, or add --replace.")
            raise typer.Exit(EXIT_FAILED) from error
    _tell(done, as_json=as_json)


def _request(
    products: tuple[Product, ...], folder: Path, *, event: str | None, **choices: object
) -> SheetRequest:
    """Return what is wanted; end the program with the exit code of wrong use where it is wrong."""
    trouble = ""
    of_picture = set(products) & {Product.CLIP, Product.STILL}
    if event is not None and not of_picture:
        trouble = "--event needs --format clip or still"
    elif choices["frame"] is not None and Product.STILL not in products:
        trouble = "--frame needs --format still"
    elif choices["pictures"] and Product.YOLO not in products:
        trouble = "--pictures needs --format yolo"
    elif choices["only_corrected"] and not set(products) & {Product.YOLO, Product.COCO}:
        trouble = "--only-corrected needs --format yolo or coco"
    try:
        wanted = None if event is None else WantedEvent.parse(event)
        if not trouble:
            return SheetRequest(products, folder, event=wanted, **choices)  # type: ignore[arg-type]
    except ValueError as error:
        trouble = str(error)
    fail(f"{trouble}.")
    raise typer.Exit(EXIT_USAGE)


def _tell(done: SheetDone, *, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "job_id": done.job_id,
                "folder": done.folder,
                "written": [
                    {
                        "format": one.product,
                        "paths": list(one.paths),
                        "files": one.files,
                        "size_bytes": one.size_bytes,
                        "note": one.note,
                    }
                    for one in done.written
                ],
            }
        )
        return
    for one in done.written:
        note = f" {one.note}" if one.note else ""
        files = "" if one.files == 1 else f"{counted(one.files, 'file')}, "
        for path in one.paths[:-1]:
            say(str(path))
        say(f"{one.paths[-1]} ({files}{size_text(one.size_bytes)}){note}")
