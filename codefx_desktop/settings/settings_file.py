"""Writes the settings file: what a person chose, and nothing else; comments of theirs stay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.settings.settings import Settings
from codefx_desktop.settings.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

EDIT_BY_HAND = "Correct it with a text editor, or move it away."


def save_chosen(path: Path, values: Mapping[str, Any]) -> None:
    """Change settings in the settings file.

    Args:
        path: The file; made where it is missing.
        values: By field name; None takes a setting out, so that the default holds again.

    Raises:
        SettingsError: If the file cannot be read, or a value cannot be used; nothing is changed.
        OutputError: If it cannot be written.
    """
    document = _document(path)
    for name, value in values.items():
        if name not in _fields():
            raise SettingsError(f"There is no setting called {name}.")
        if value is None:
            document.pop(name, None)
        else:
            document[name] = str(value) if isinstance(value, Path) else value
    _check({name: value for name, value in values.items() if value is not None})
    write_whole(path, tomlkit.dumps(document).encode("utf-8"), "settings")


def trouble_with(name: str, value: Any) -> str:  # noqa: ANN401 - whatever a person typed
    """Return why a setting cannot have a value, for a person; nothing if it can."""
    try:
        _check({name: value})
    except SettingsError as error:
        return error.message
    return ""


def _fields() -> Mapping[str, Any]:
    return Settings.model_fields


def _document(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text("utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error}.", hint=EDIT_BY_HAND
        ) from error


def _check(values: Mapping[str, Any]) -> None:
    """Check values on their own: neither environment nor file may hide what is wrong with one."""
    try:
        Settings.__pydantic_validator__.validate_python(dict(values), by_name=True)
    except ValidationError as error:
        parts = []
        for item in error.errors():
            name = str(item["loc"][0]) if item["loc"] else ""
            title = _fields()[name].title if name in _fields() else name
            parts.append(f"{title}: {item['msg'].removeprefix('Value error, ')}")
        raise SettingsError("; ".join(parts) + ".") from error
