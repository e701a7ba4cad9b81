"""JSON that a person edits: what is small stands in one line, as in the files under resources."""

from __future__ import annotations

import json
from typing import Final

WIDTH: Final = 100


def readable_json(value: object, *, indent: int = 0) -> str:
    """Return a value as JSON; what fits into a line stands in one, the whole never does.

    Args:
        value: Dictionaries, lists, text, numbers, true, false, null.
        indent: Characters before its first one, where it stands in another.

    Raises:
        TypeError: If anything in it cannot be written as JSON.
    """
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (indent and len(line) + indent <= WIDTH):
        return line
    inner = indent + 2
    if isinstance(value, dict):
        names = [(name, json.dumps(name, ensure_ascii=False)) for name in value]
        parts = [f"{text}: {readable_json(value[name], indent=inner)}" for name, text in names]
    else:
        parts = [readable_json(one, indent=inner) for one in value]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    pad = " " * inner
    return f"{begin}\n{pad}" + f",\n{pad}".join(parts) + f"\n{' ' * indent}{end}"
