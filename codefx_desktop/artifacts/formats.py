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
_NOT_AS_TOON: Final = re.compile(r"[^-0-9.,]|\.0,|-0,")
"""Exponents, words, texts, whole floats, minus zero."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One content in both formats, as the files hold it."""

    json: bytes
    toon: bytes


def encode(content: Mapping[str, Any]) -> Encoded:
    """Return a content in both formats.

    Raises:
        ValueError: If it holds NaN, an infinity, a lone surrogate, or goes round in a circle.
        TypeError: If it holds anything else that JSON does not know.
    """
    # JSON first: TOON would silently make NaN null.
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Encoded(f"{text}\n".encode(), _toon(content))


def encode_toon(content: Mapping[str, Any]) -> bytes:
    """Return a content as TOON alone.

    Raises:
        ValueError: As ``encode``.
        TypeError: As ``encode``.
    """
    json.dumps(content, allow_nan=False)
    return _toon(content)


def _toon(content: Mapping[str, Any]) -> bytes:
    """Return TOON as ``toon_format`` writes it, to the byte, but the one long list sooner.

    The library takes 1.3 us a number, which is nearly all of the time where objects are outlined.
    Rounded numbers are written by TOON as Python writes them; a list that holds anything else is
    left to the library.
    """
    numbers = content.get(LONG_LIST) or []
    told = ",".join(map(repr, numbers)) if isinstance(numbers, list) else ""
    if not told or _NOT_AS_TOON.search(f"{told},"):
        return f"{toon_format.dumps(content)}\n".encode()
    # Only a key of the outermost object begins a line, and a text holds no line break of its own.
    empty = f"\n{LONG_LIST}: []\n"
    text = f"\n{toon_format.dumps({**content, LONG_LIST: []})}\n"
    full = f"\n{LONG_LIST}[{len(numbers)}]: {told}\n"
    return text.replace(empty, full, 1)[1:].encode()


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
