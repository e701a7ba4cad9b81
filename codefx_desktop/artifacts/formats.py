"""The two formats of an artifact, written from one content and read back strictly.

JSON is compact and UTF-8. TOON is tabular wherever the content is. The same content always gives
the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import toon_format

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    return Encoded(f"{text}\n".encode(), f"{toon_format.dumps(content)}\n".encode())


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
