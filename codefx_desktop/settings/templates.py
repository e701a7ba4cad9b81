"""Templates of stops: those in ``resources/stop_templates`` and a person's own.

A person's own are kept in ``stop_templates.json`` in the data folder, as ``named_entries`` says::

    {"version": 1, "templates": [{"name": "club", "label": "Club race", "events": [...], ...}]}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.events import EventKind, Place
from codefx_desktop.domain.template import CORNERS, StopTemplate
from codefx_desktop.domain.template_dict import template_from_dict, template_to_dict
from codefx_desktop.settings.named_entries import NamedEntries, same_name
from codefx_desktop.settings.paths import resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from codefx_desktop.settings.paths import AppPaths

BUILT_IN_NAMES: Final = ("f1", "indycar", "imsa", "nascar")
DEFAULT_NAME: Final = "f1"
_SIDES: Final = (Place.FRONT, Place.REAR, Place.LEFT, Place.RIGHT)
_PLACES: Final[Mapping[str, tuple[Place, ...]]] = {
    "car": (Place.NONE,),
    "corner": CORNERS,
    "end": (*_SIDES, Place.NONE),
}
"""Places that events of each sort can have; a jack lifts an end, a side, or all of the car."""


@dataclass(frozen=True, slots=True)
class LoadedTemplates:
    """All templates there are.

    Attributes:
        templates: The built-in ones, then a person's own in the order in which they were made.
        trouble: What of a person's file could not be used and what became of it; or empty.
    """

    templates: tuple[StopTemplate, ...]
    trouble: str = ""


def event_kinds() -> tuple[EventKind, ...]:
    """Return the table of event kinds, in its order.

    Raises:
        SettingsError: If the installation is damaged.
    """
    rows = _resource_json("event_kinds.json")["kinds"]
    return tuple(EventKind(r["kind"], r["label"], r["per"], r["definition"]) for r in rows)


def templates_file(paths: AppPaths) -> Path:
    """Return where a person's own templates are kept."""
    return paths.data / "stop_templates.json"


def built_in_templates() -> tuple[StopTemplate, ...]:
    """Return the templates that come with the program.

    Raises:
        SettingsError: If the installation is damaged.
    """
    kinds = event_kinds()
    found = []
    for name in BUILT_IN_NAMES:
        raw = _resource_json(f"stop_templates/{name}.json")
        try:
            found.append(_checked(template_from_dict(name, raw), kinds))
        except ValueError as error:
            raise SettingsError(
                f"The stop template {name} of this installation cannot be used: {error}.",
                hint="Install the program again.",
            ) from error
    return tuple(found)


def load_templates(paths: AppPaths) -> LoadedTemplates:
    """Return all templates; a damaged file of a person's is kept aside, what is good is used.

    Raises:
        SettingsError: If the installation is damaged.
    """
    loaded = _file(paths).load()
    return LoadedTemplates((*built_in_templates(), *loaded.entries), loaded.trouble)


def find_template(paths: AppPaths, name: str) -> StopTemplate:
    """Return the template of a name in any case of letters.

    Raises:
        SettingsError: If there is none, with the names there are.
    """
    loaded = load_templates(paths)
    for template in loaded.templates:
        if same_name(template.name, name):
            return template
    names = ", ".join(template.name for template in loaded.templates)
    trouble = f" {loaded.trouble}" if loaded.trouble else ""
    raise SettingsError(f"There is no stop template {name!r}.{trouble}", hint=f"There are {names}.")


def save_template(paths: AppPaths, template: StopTemplate) -> None:
    """Keep a person's own template; one of the same name, in any case of letters, is replaced.

    Raises:
        ValueError: If it cannot be used, or a built-in template is called so.
        SettingsError: If the templates that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    _check_own_name(template.name)
    _file(paths).save(_checked(template, event_kinds()))


def delete_template(paths: AppPaths, name: str) -> None:
    """Delete a person's own template; nothing happens if there is none of this name.

    Raises:
        SettingsError: If the templates that are there cannot be read.
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    _file(paths).delete(name)


def read_template_text(text: str, name: str = "") -> StopTemplate:
    """Return the template that a JSON text holds.

    Args:
        text: The text.
        name: What it is called where the text has no ``name``.

    Raises:
        ValueError: If it cannot be used; the message says what is wrong.
        RecursionError: If the text is nested beyond reason.
        SettingsError: If the installation is damaged.
    """
    raw = json.loads(text)
    if not isinstance(raw, dict):
        raise ValueError("it holds no object")  # noqa: TRY004 - of a file
    said = raw.get("name", name)
    return _checked(template_from_dict(str(said), raw, is_own=True), event_kinds())


def _file(paths: AppPaths) -> NamedEntries[StopTemplate]:
    return NamedEntries(templates_file(paths), "template", _read, template_to_dict)


def _read(name: str, raw: Mapping[str, Any]) -> StopTemplate:
    _check_own_name(name)
    return _checked(template_from_dict(name, raw, is_own=True), event_kinds())


def _check_own_name(name: str) -> None:
    if any(same_name(name, one) for one in BUILT_IN_NAMES):
        raise ValueError(f"{name} is a built-in template: choose another name")


def _checked(template: StopTemplate, kinds: Sequence[EventKind]) -> StopTemplate:
    """Return a template whose kinds and places are those of the table.

    Raises:
        ValueError: If one is not.
    """
    known = {kind.kind: _PLACES[kind.per] for kind in kinds}
    for event in template.events:
        if event.kind not in known:
            raise ValueError(f"there is no event {event.kind!r}; there are {', '.join(known)}")
        for place in event.places:
            if place not in known[event.kind]:
                told = ", ".join(one.value or "none" for one in known[event.kind])
                raise ValueError(
                    f"{event.kind} cannot happen at {place.value or 'the car'}; places are {told}"
                )
    return template


def _resource_json(name: str) -> Any:  # noqa: ANN401 - JSON values
    try:
        return json.loads(resource(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"resources/{name} of this installation cannot be read: {error}.",
            hint="Install the program again.",
        ) from error
