"""How models are told on screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codefx_desktop.domain.models import Model, ModelPlace, ModelRole, ModelTask
from codefx_desktop.jobs.model_values import DeedKind, DeedPhase, ModelDeed
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.models import StandardOffer, Transfer, WeightsFacts

DOT = " \N{MIDDLE DOT} "

_TASKS = {
    ModelTask.DETECT: "Detection",
    ModelTask.SEGMENT: "Segmentation",
    ModelTask.OTHER: "Another task",
}
_PLACES = {
    ModelPlace.OWN: "In the folder of your own models",
    ModelPlace.PROGRAM: "In the folder beside the program",
    ModelPlace.DEMO: "Comes with the program; knows only rendered scenes",
    ModelPlace.SETTINGS: "Named by the settings",
    ModelPlace.JOBS: "Named by jobs",
}


def task(facts: WeightsFacts) -> str:
    """Return what a model does; another task by its own word."""
    if facts.task is ModelTask.OTHER:
        return facts.kind[:1].upper() + facts.kind[1:]
    return _TASKS[facts.task]


def classes(count: int) -> str:
    """Return ``1 class`` or ``80 classes``."""
    return "1 class" if count == 1 else f"{words.count(count)} classes"


def line(model: Model) -> str:
    """Return a model's second line."""
    facts = model.facts
    if facts is not None:
        parts = [task(facts), classes(len(facts.class_names)), words.size(model.size_bytes)]
        return DOT.join(parts)
    if is_missing(model):
        return DOT.join(part for part in ("Not there", jobs(model)) if part)
    if model.trouble:
        return DOT.join(("Cannot be used", words.size(model.size_bytes)))
    return DOT.join(("Looking into it…", words.size(model.size_bytes)))


def is_missing(model: Model) -> bool:
    """Return whether a file is named but not there."""
    return bool(model.trouble) and model.size_bytes == 0 and ModelPlace.OWN not in model.places


def is_of_no_use(model: Model) -> bool:
    """Return whether no job can use a file."""
    other = model.facts is not None and model.facts.task is ModelTask.OTHER
    return bool(model.trouble) or other


def taken(model: Model) -> str:
    """Return what jobs take it for by themselves, in a word for a badge."""
    return " and ".join(f"default {role}" for role in model.roles)


def taken_sentence(model: Model) -> str:
    """Return the same as a sentence; empty if jobs must name it."""
    told = {
        ModelRole.DETECTOR: "no detector weights",
        ModelRole.SEGMENTER: "no segmentation weights",
    }
    if not model.roles:
        return ""
    return f"Jobs that name {' and '.join(told[role] for role in model.roles)} take this file."


def trouble(model: Model) -> str:
    """Return why no job can use it; empty otherwise."""
    if model.trouble:
        return model.trouble
    if model.facts is not None and model.facts.task is ModelTask.OTHER:
        return (
            f"It is a model for another task ({model.facts.kind}). Jobs use detection and "
            "segmentation models."
        )
    return ""


def summary(model: Model) -> str:
    """Return the line under a model's name."""
    facts = model.facts
    if facts is None:
        return line(model)
    parts = [f"{task(facts)} model", classes(len(facts.class_names))]
    parts.append(f"{parameters(facts.parameters)} parameters")
    return DOT.join(parts)


def parameters(count: int) -> str:
    """Return a number of parameters as papers do: ``2.6 M``."""
    return f"{count / 1e6:.1f} M" if count >= 100_000 else words.count(count)


def places(model: Model) -> str:
    """Return why a file is in the list."""
    return ". ".join(text for place, text in _PLACES.items() if place in model.places) + "."


def jobs(model: Model) -> str:
    """Return how many jobs name it; empty for none."""
    return f"named by {words.jobs(model.use.jobs)}" if model.use.jobs else ""


def uses(model: Model) -> str:
    """Return which jobs name it, in a sentence or two."""
    use = model.use
    if not use.jobs:
        return "No job names it."
    name = "job names" if use.jobs == 1 else "jobs name"
    waiting = f", {use.waiting} of them waiting" if use.waiting else ""
    last = f"The last one: {use.last_clip}, {words.moment(use.last_at)}."
    return f"{words.count(use.jobs)} {name} it{waiting}. {last}"


def removal(model: Model) -> tuple[str, str]:
    """Return the question before a file is removed, and what that means."""
    lines = [f"This file goes ({words.size(model.size_bytes)}):\n{model.path}"]
    if model.roles:
        lines.append(f"{taken_sentence(model)} They will have to name another one.")
    if model.use.jobs:
        keep = (
            "The job that names it keeps its"
            if model.use.jobs == 1
            else (f"The {words.count(model.use.jobs)} jobs that name it keep their")
        )
        lines.append(f"{keep} results, but cannot be run again with it.")
    return f"Remove {model.name}?", "\n\n".join(lines)


def tooltip(model: Model) -> str:
    """Return where a file is, and what is wrong with it."""
    return f"{model.path}\n{model.trouble}" if model.trouble else str(model.path)


def offer_line(offer: StandardOffer, deed: ModelDeed | None) -> str:
    """Return a standard model's second line: how far it is, or what it is."""
    model = offer.model
    if deed is not None and not deed.phase.is_final:
        return progress(deed)
    if offer.kept is not None:
        return DOT.join((_TASKS[model.task], "on this machine"))
    if deed is not None and deed.phase is DeedPhase.FAILED:
        return DOT.join((_TASKS[model.task], "could not be fetched"))
    if offer.part_bytes:
        there = of_bytes(offer.part_bytes, model.size_bytes)
        return DOT.join((_TASKS[model.task], f"{there} fetched"))
    return DOT.join((_TASKS[model.task], words.size(model.size_bytes)))


def progress(deed: ModelDeed) -> str:
    """Return how far a deed is."""
    if deed.phase is DeedPhase.WAITING:
        return "Waits for its turn"
    if deed.phase is DeedPhase.STOPPING:
        return "Stopping…"
    if deed.transfer is None:
        return "Connecting…" if deed.kind.value == "get" else "Looking into it…"
    return transfer(deed.transfer)


def transfer(now: Transfer) -> str:
    """Return bytes, speed and what is left: ``12.4 of 40.7 MB · 3.2 MB/s · 0:09 left``."""
    parts = [of_bytes(now.done_bytes, now.total_bytes)]
    if now.bytes_per_s > 0:
        parts.append(f"{words.size(round(now.bytes_per_s))}/s")
    if now.left_s is not None and now.left_s >= 1:
        parts.append(f"{words.duration(now.left_s)} left")
    return DOT.join(parts)


def of_bytes(done: int, total: int) -> str:
    """Return ``12.4 of 40.7 MB``; both in full where their units differ."""
    one, other = words.size(done), words.size(total)
    number, _, unit = one.partition(" ")
    return f"{number} of {other}" if other.endswith(f" {unit}") else f"{one} of {other}"


def added_name(deed: ModelDeed) -> str:
    """Return the name of a file that is being added."""
    return Path(deed.name).name


def adding_line(deed: ModelDeed) -> str:
    """Return how far adding a file is."""
    verb = "Fetching" if deed.kind is DeedKind.BUCKET else "Adding"
    return f"{verb}{DOT}{progress(deed)}"


def fraction(deed: ModelDeed | None) -> float | None:
    """Return how far a running transfer is, 0 to 1; None if there is no bar to show."""
    if deed is None or deed.phase.is_final or deed.transfer is None:
        return None
    return deed.transfer.done_bytes / max(deed.transfer.total_bytes, 1)
