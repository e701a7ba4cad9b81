"""The two formats of an artifact, written from one content and read back strictly.

JSON is compact and UTF-8. TOON is tabular wherever the content is. The same content always gives
the same bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import toon_format

if TYPE_CHECKING:
    from collections.abc import Mapping


LONG_LIST: Final = "outline_xy"
_NOT_AS_TOON: Final = ("e", "n", "'", '"', "[", "{", "(", "<")
"""In Python's words for exponents, NaN and infinities, True, False and None, texts, containers."""
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_TEXT: Final = re.compile(r"(?!(?:true|false|null)$)[A-Za-z](?:[A-Za-z0-9_ ]*[A-Za-z0-9_])?")
"""Texts that need no quotes in TOON; there are others, which are left to the library."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One content in both formats, as the files hold it."""

    json: bytes
    toon: bytes


@dataclass(frozen=True, slots=True)
class _Told:
    """A content of which the long parts are written already.

    Attributes:
        rest: The content, those parts empty.
        toon: What TOON says in their place, by their key.
        numbers: The long list's numbers, as both formats write them; empty where it is not told.
    """

    rest: dict[str, Any]
    toon: dict[str, str]
    numbers: str


def encode(content: Mapping[str, Any]) -> Encoded:
    """Return a content in both formats.

    Raises:
        ValueError: If it holds NaN, an infinity, a lone surrogate, or goes round in a circle.
        TypeError: If it holds anything else that JSON does not know.
    """
    told = _tell(content)
    # JSON first: TOON would silently make NaN null.
    return Encoded(_json(content, told.numbers), _toon(told))


def encode_toon(content: Mapping[str, Any]) -> bytes:
    """Return a content as TOON alone.

    Raises:
        ValueError: As ``encode``.
        TypeError: As ``encode``.
    """
    told = _tell(content)
    json.dumps(told.rest, allow_nan=False)
    return _toon(told)


def _json(content: Mapping[str, Any], numbers: str) -> bytes:
    """Return compact JSON; a float takes long to write, so the long list's are not written anew."""
    if numbers:
        text = _dumps({**content, LONG_LIST: []})
        empty = f'"{LONG_LIST}":[]'
        if text.count(empty) == 1:  # no text holds it: its quotes would be escaped
            return f"{text.replace(empty, f'{empty[:-1]}{numbers}]')}\n".encode()
    return f"{_dumps(content)}\n".encode()


def _dumps(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _toon(told: _Told) -> bytes:
    """Return TOON as ``toon_format`` writes it, to the byte, with what was told in its place."""
    # Only a key of the outermost object begins a line, and a text holds no line break of its own.
    text = f"\n{toon_format.dumps(told.rest)}\n"
    for key, part in told.toon.items():
        text = text.replace(f"\n{key}: []\n", f"\n{part}\n", 1)
    return text[1:].encode()


def _tell(content: Mapping[str, Any]) -> _Told:
    """Write tables and the long list as TOON has them, where that needs no thought.

    The library takes 1.7 us a number, nearly all of the time of an artifact. Rounded numbers are
    written by TOON as Python writes them; whatever holds anything else but plain texts and null
    is left to the library.
    """
    toon: dict[str, str] = {}
    for key, value in content.items():
        if type(value) is list and value and _PLAIN_KEY.fullmatch(key):
            table = _list_told(key, value) if key == LONG_LIST else _table_told(key, value)
            if table is not None:
                toon[key] = table
    numbers = toon[LONG_LIST].partition(": ")[2] if LONG_LIST in toon else ""
    return _Told({**content, **{key: [] for key in toon}}, toon, numbers)


def _list_told(key: str, numbers: list[Any]) -> str | None:
    told = ",".join(map(repr, numbers))
    return f"{key}[{len(numbers)}]: {told}" if _is_as_toon(told) else None


def _is_as_toon(numbers: str) -> bool:
    """Return whether TOON writes a list of values, as Python writes them, alike; no whole floats.

    Eight looks for a letter are many times faster than a pattern over 40 kB.
    """
    odd = any(mark in numbers for mark in _NOT_AS_TOON)
    return not odd and ".0," not in numbers and not numbers.endswith(".0")


def _table_told(key: str, rows: list[Any]) -> str | None:
    """Return rows with the same plain keys in the same order as a table; None if they are not."""
    first = rows[0]
    if type(first) is not dict or not first:
        return None
    names = list(first)
    if not all(type(row) is dict and list(row) == names for row in rows):
        return None
    if not all(type(name) is str and _PLAIN_KEY.fullmatch(name) for name in names):
        return None
    columns = [_column_told([row[name] for row in rows]) for name in names]
    told = [column for column in columns if column is not None]
    if len(told) < len(columns):
        return None
    head = f"{key}[{len(rows)}]{{{','.join(names)}}}:"
    return "\n  ".join([head, *map(",".join, zip(*told, strict=True))])


def _column_told(values: list[Any]) -> list[str] | None:
    """Return a column's values as TOON has them; None if one of them needs the library."""
    kinds = set(map(type, values))
    if kinds <= {int, float}:
        told = list(map(repr, values))
        return told if _is_as_toon(",".join(told)) else None
    if kinds == {str}:
        return values if all(map(_PLAIN_TEXT.fullmatch, set(values))) else None
    if type(None) not in kinds:
        return None
    some = _column_told([value for value in values if value is not None])
    if some is None:
        return None
    there = iter(some)
    return ["null" if value is None else next(there) for value in values]


def read_json(data: bytes) -> Any:  # noqa: ANN401 - JSON values
    """Return what a JSON file holds.

    Raises:
        ValueError: If it is not JSON in UTF-8; NaN and infinities are not JSON, nor is a key that
            comes twice.
    """
    return json.loads(data.decode(), parse_constant=_refuse, object_pairs_hook=_unique)


def read_toon(data: bytes) -> Any:  # noqa: ANN401 - JSON values
    """Return what a TOON file holds.

    Raises:
        ValueError: If it is not strict TOON in UTF-8.
    """
    return toon_format.loads(data, strict=True)


def same_content(one: object, other: object) -> bool:
    """Return whether two contents are the same: values, types, order of keys.

    Plain ``==`` would take 1 for true and would not see another order.
    """
    return _canonical(one) == _canonical(other)


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a key comes twice")
    return values
