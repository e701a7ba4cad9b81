"""``codefx models``: the weights files of this machine, and those that can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codefx_desktop.cli.moving import watched
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
from codefx_desktop.cli.push_work import TargetOption, usable_target
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.models import Model, ModelKept, StandardOffer, Transfer

if TYPE_CHECKING:
    import threading

    from codefx_desktop.jobs.model_bucket import ModelBucket
    from codefx_desktop.jobs.model_shelf import ModelShelf
    from codefx_desktop.jobs.model_values import BucketModels
    from codefx_desktop.jobs.work import Workshop

    Tell = Callable[[Transfer], None]

app = typer.Typer(help="Weights files: list, add, get standard ones.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
SHOWN_CLASSES = 6
STOPPED = "Stopped. What was downloaded is kept; the same command goes on from there."


@contextmanager
def _shelf() -> Iterator[ModelShelf]:
    from codefx_desktop.jobs.engine import Engine

    with opened() as shop:
        yield Engine(shop).models()


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List the models of this machine, and the standard ones that can be had."""
    with _shelf() as shelf:
        models = [shelf.looked_at(model) for model in shelf.survey().models]
        found = replace(shelf.survey(), models=tuple(models))
    if as_json:
        say_json(
            {
                "folder": found.folder,
                "models": [_facts(model) for model in found.models],
                "standard": [_offer_facts(offer) for offer in found.offers],
            }
        )
        return
    console = Console()
    if not console.is_terminal:
        for model in found.models:
            say("\t".join((*_row(model), str(model.path))))
        return
    table = Table("Model", "What", "Size", "Classes", "Jobs take it as", "Named by")
    for model in found.models:
        table.add_row(*map(Text, _row(model)))
    console.print(table)
    say(f"Added models go to {found.folder}")
    _tell_offers(found.offers, console)


@app.command("info")
def info(
    name: Annotated[
        str, typer.Argument(metavar="NAME|FILE", help="A model's name, or any weights file.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Tell what is in a weights file, without running anything; exit code 1: it is of no use."""
    with _shelf() as shelf:
        model = shelf.find(name)
    if as_json:
        say_json(_facts(model))
    else:
        _tell(model)
    if model.trouble:
        raise typer.Exit(EXIT_FAILED)


@app.command("add")
def add(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Weights files, from anywhere.")
    ],
    name: Annotated[
        str, typer.Option("--name", help="Another name for the file.", show_default=False)
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Copy weights files into the folder of your own models, if they can be loaded safely."""
    if name and len(files) > 1:
        fail("--name is for a single file.")
        raise typer.Exit(EXIT_USAGE)
    done: list[dict[str, Any]] = []
    failed = False
    with _shelf() as shelf:
        for file in files:
            try:
                kept = watched(
                    file.name, _adding(shelf, file, name), as_json=as_json, stopped=STOPPED
                )
            except CodefxError as error:
                failed = True
                fail(str(error))
                done.append({"file": file, "error": str(error)})
            else:
                done.append({"file": file, **_kept_facts(kept)})
                if not as_json:
                    _tell_kept(kept)
    if as_json:
        say_json({"models": done})
    if failed:
        raise typer.Exit(EXIT_FAILED)


@app.command("get")
def get(
    name: Annotated[str, typer.Argument(help="Of a standard model, such as yolo11n.")],
    place: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE_OR_FOLDER",
            help="Take it from here instead of the network, such as a USB drive.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Get a standard model; what a broken download got is kept, and the next one goes on."""
    with _shelf() as shelf:
        model = shelf.standard(name)

        def work(tell: Tell, cancel: threading.Event) -> ModelKept:
            if place is not None:
                return shelf.get_from(model.name, place, tell, cancel)
            return shelf.get(model.name, tell, cancel)

        kept = watched(model.name, work, as_json=as_json, stopped=STOPPED)
    if as_json:
        say_json(_kept_facts(kept))
    else:
        _tell_kept(kept)


@app.command("bucket")
def bucket(
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY...",
            help="Of the weights to fetch, as they are listed; none: list what there is.",
            show_default=False,
        ),
    ] = None,
    target: TargetOption = "",
    prefix: Annotated[
        str, typer.Option("--prefix", help="What the keys that are listed begin with.")
    ] = "models/",
    name: Annotated[
        str, typer.Option("--name", help="Another name for the file here.", show_default=False)
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """List the weights that a bucket or folder has, or fetch some; size and hash are checked."""
    if name and len(keys or ()) != 1:
        fail("--name is for a single file.")
        raise typer.Exit(EXIT_USAGE)
    with opened() as shop:
        place = usable_target(shop, target)
        models = _bucket_of(shop)
        if not keys:
            _tell_bucket(models.list(place.name, prefix), as_json=as_json)
            return
        done = []
        for key in keys:

            def work(tell: Tell, cancel: threading.Event, key: str = key) -> ModelKept:
                return models.get(place.name, key, name, tell, cancel)

            kept = watched(key, work, as_json=as_json, stopped=STOPPED)
            done.append({"key": key, **_kept_facts(kept)})
            if not as_json:
                _tell_kept(kept)
    if as_json:
        say_json({"models": done})


def _bucket_of(shop: Workshop) -> ModelBucket:
    from codefx_desktop.jobs.engine import Engine

    return Engine(shop).model_bucket()


def _tell_bucket(found: BucketModels, *, as_json: bool) -> None:
    if as_json:
        say_json({"target": found.target, "models": [asdict(one) for one in found.models]})
        return
    for one in found.models:
        here = "same name and size here" if one.is_here else ""
        say("\t".join((one.key, size_text(one.size_bytes), here)).rstrip())
    if not found.models:
        say(f"{found.target} has no weights (.pt) whose keys begin with {found.prefix!r}.")


def _adding(
    shelf: ModelShelf, file: Path, name: str
) -> Callable[[Tell, threading.Event], ModelKept]:
    return lambda tell, cancel: shelf.add(file, name, tell, cancel)


def _row(model: Model) -> tuple[str, ...]:
    facts, use = model.facts, model.use
    return (
        model.name,
        "not usable" if facts is None else facts.kind,
        size_text(model.size_bytes),
        "" if facts is None else str(len(facts.class_names)),
        " and ".join(model.roles),
        counted(use.jobs, "job") if use.jobs else "",
    )


def _tell(model: Model) -> None:
    say(f"{model.name}: {size_text(model.size_bytes)}, {model.path}")
    if (facts := model.facts) is not None:
        say(f"task: {facts.kind}")
        say(f"classes: {len(facts.class_names)}: {', '.join(facts.class_names)}")
        say(f"parameters: {facts.parameters:,}")
        say(f"sha256: {facts.sha256}")
    for role in model.roles:
        say(f"jobs that name none take it as {role}")
    if model.use.jobs:
        say(f"named by {counted(model.use.jobs, 'job')}, last for {model.use.last_clip}")
    if model.trouble:
        fail(model.trouble)


def _tell_kept(kept: ModelKept) -> None:
    how = "was there already as" if kept.was_there else "is now"
    facts = kept.facts
    classes = ", ".join(facts.class_names[:SHOWN_CLASSES])
    more = ", ..." if len(facts.class_names) > SHOWN_CLASSES else ""
    say(f"It {how} {kept.path}")
    say(f"{facts.kind}, {len(facts.class_names)} classes: {classes}{more}")


def _tell_offers(offers: tuple[StandardOffer, ...], console: Console) -> None:
    table = Table("Standard model", "What", "Size", "Licence", "Here")
    for offer in offers:
        model = offer.model
        here = "yes" if offer.kept else ""
        if not here and offer.part_bytes:
            here = f"{size_text(offer.part_bytes)} of it"
        row = (model.name, model.title, size_text(model.size_bytes), model.licence, here)
        table.add_row(*map(Text, row))
    console.print(table)
    say("Get one: codefx models get NAME (needs a network), or from a drive: --from FOLDER")


def _facts(model: Model) -> dict[str, Any]:
    facts = model.facts
    return {
        "name": model.name,
        "path": model.path,
        "size_bytes": model.size_bytes,
        "task": None if facts is None else facts.task,
        "kind": None if facts is None else facts.kind,
        "classes": [] if facts is None else list(facts.class_names),
        "parameters": None if facts is None else facts.parameters,
        "sha256": None if facts is None else facts.sha256,
        "places": sorted(model.places),
        "found_as": list(model.roles),
        "use": asdict(model.use),
        "trouble": model.trouble,
    }


def _offer_facts(offer: StandardOffer) -> dict[str, Any]:
    return {**asdict(offer.model), "kept": offer.kept, "part_bytes": offer.part_bytes}


def _kept_facts(kept: ModelKept) -> dict[str, Any]:
    facts = kept.facts
    return {
        "path": kept.path,
        "was_there": kept.was_there,
        "task": facts.task,
        "classes": list(facts.class_names),
        "size_bytes": facts.size_bytes,
        "sha256": facts.sha256,
    }
