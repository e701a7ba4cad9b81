"""The settings as rows of a form, made from the typed settings: one source of names and limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from codefx_desktop.settings.push_settings import PushSettings
from codefx_desktop.settings.settings import Settings, environment_names, locked_fields
from codefx_desktop.settings.settings_file import trouble_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo


class Shape(StrEnum):
    """What a setting is, and so what it is edited with."""

    TEXT = "text"
    PATH = "path"
    SWITCH = "switch"
    CHOICE = "choice"
    WHOLE = "whole"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting.

    Attributes:
        name: Of its field, and in the settings file.
        title: What a person calls it.
        help: What it does.
        group: Where it stands.
        variable: Its name in the environment.
        shape: What it is.
        value: What holds from the next start on, as long as nothing else is saved.
        default: Where nobody chose another.
        least: Limit of a number; None for none.
        most: Likewise.
        choices: Of a choice.
        is_optional: Whether it may be empty, which leaves it to the program.
        is_locked: Whether the environment fixes it.
    """

    name: str
    title: str
    help: str
    group: str
    variable: str
    shape: Shape
    value: Any
    default: Any
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    is_optional: bool = False
    is_locked: bool = False


class SettingsForm:
    """What a person changes in the settings, until it is saved.

    Args:
        settings: Those in force.
        kept: What was saved since, as ``changed`` has it.
    """

    def __init__(self, settings: Settings, kept: Mapping[str, Any] | None = None) -> None:
        names, locked = environment_names(), locked_fields()
        self.rows = tuple(
            _row(name, field, getattr(settings, name), names[name], is_locked=name in locked)
            for name, field in Settings.model_fields.items()
        )
        self._changed: dict[str, Any] = {}
        self.keep(kept or {})

    def keep(self, kept: Mapping[str, Any]) -> None:
        """Take up what was saved: from here on something else is a change."""
        self.rows = tuple(
            replace(row, value=row.default if kept[row.name] is None else kept[row.name])
            if row.name in kept and not row.is_locked
            else row
            for row in self.rows
        )
        for name, value in tuple(kept.items()):
            if name in self._changed and self._changed[name] == value:
                del self._changed[name]

    @property
    def changed(self) -> Mapping[str, Any]:
        """What is to be written, by name; None: the default again."""
        return self._changed

    def value(self, name: str) -> Any:  # noqa: ANN401 - one type per setting
        """Return a setting as it would be."""
        row = self.row(name)
        value = self._changed.get(name, row.value)
        return row.default if value is None else value

    def row(self, name: str) -> SettingRow:
        """Return a setting by its name."""
        return next(row for row in self.rows if row.name == name)

    def set(self, name: str, value: Any) -> str:  # noqa: ANN401 - checked by its type
        """Choose a value; return why it cannot be, or nothing. What cannot be is not kept."""
        row = self.row(name)
        if row.is_locked:
            return f"{row.variable} in the environment fixes it."
        if value == row.default or (value in ("", None) and row.is_optional):
            value = None
        elif trouble := trouble_with(name, value):
            return trouble
        if value == row.value or (value is None and row.value == row.default):
            self._changed.pop(name, None)
        else:
            self._changed[name] = value
        return ""

    def groups(self) -> tuple[tuple[str, tuple[SettingRow, ...]], ...]:
        """Return the settings group by group."""
        titles = sorted({row.group for row in self.rows})  # Analysis before Pushing
        return tuple((title, tuple(r for r in self.rows if r.group == title)) for title in titles)

    def found(self, text: str) -> frozenset[str]:
        """Return the names of the settings in which all words of a text occur."""
        words = text.casefold().split()
        return frozenset(
            row.name
            for row in self.rows
            if all(
                word in f"{row.title} {row.help} {row.variable} {row.name}".casefold()
                for word in words
            )
        )


def _row(
    name: str,
    field: FieldInfo,
    value: Any,  # noqa: ANN401 - one type per setting
    variable: str,
    *,
    is_locked: bool,
) -> SettingRow:
    kind, is_optional = _kind(field.annotation)
    limits = {
        limit: getattr(rule, limit)
        for rule in field.metadata
        for limit in ("ge", "gt", "le", "lt")
        if getattr(rule, limit, None) is not None
    }
    choices = tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()
    return SettingRow(
        name=name,
        title=field.title or name,
        help=field.description or "",
        group="Pushing" if name in PushSettings.model_fields else "Analysis",
        variable=variable,
        shape=_shape(kind, has_choices=bool(choices)),
        value=value,
        default=field.get_default(call_default_factory=True),
        least=limits.get("ge", limits.get("gt")),
        most=limits.get("le", limits.get("lt")),
        choices=choices,
        is_optional=is_optional,
        is_locked=is_locked,
    )


def _kind(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401 - types
    """Return a type without None, and whether None was in it."""
    if get_origin(annotation) in (Union, UnionType):
        others = [one for one in get_args(annotation) if one is not type(None)]
        return others[0], len(others) < len(get_args(annotation))
    return annotation, False


def _shape(kind: Any, *, has_choices: bool) -> Shape:  # noqa: ANN401 - types
    if has_choices:
        return Shape.CHOICE
    shapes = {bool: Shape.SWITCH, int: Shape.WHOLE, float: Shape.NUMBER, Path: Shape.PATH}
    return shapes.get(kind, Shape.TEXT)
