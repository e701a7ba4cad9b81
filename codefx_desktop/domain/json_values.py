"""Values of a JSON file, each checked: what it is called and must be stands in the error.

All readers of dicts in this room take their values through here, so that one wrong value is told
in the same words whichever file it stands in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

Word = TypeVar("Word", bound=StrEnum)


def an_object(name: str, value: object) -> Mapping[str, Any]:
    """Return an object's values, or raise ValueError."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be an object, not {value!r}")  # noqa: TRY004 - of a file
    return value


def a_list(name: str, value: object) -> list[Any]:
    """Return a list, or raise ValueError."""
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list, not {value!r}")  # noqa: TRY004 - of a file
    return value


def a_text(name: str, value: object) -> str:
    """Return a text, or raise ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text, not {value!r}")  # noqa: TRY004 - of a file
    return value


def a_switch(name: str, value: object) -> bool:
    """Return true or false, or raise ValueError."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {value!r}")  # noqa: TRY004 - of a file
    return value


def a_whole(name: str, value: object) -> int:
    """Return a whole number, or raise ValueError."""
    if type(value) is not int:
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    return value


def a_number(name: str, value: object) -> float:
    """Return a finite number, or raise ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number, not {value!r}")
    return float(value)


def a_word(name: str, value: object, kinds: type[Word]) -> Word:
    """Return one of the words of an enumeration, or raise ValueError."""
    if isinstance(value, str) and value in list(kinds):
        return kinds(value)
    known = ", ".join(repr(kind.value) for kind in kinds)
    raise ValueError(f"{name} must be one of {known}, not {value!r}")


def whole_or_none(name: str, value: object) -> int | None:
    """Return a whole number or None, or raise ValueError."""
    return None if value is None else a_whole(name, value)


def number_or_none(name: str, value: object) -> float | None:
    """Return a finite number or None, or raise ValueError."""
    return None if value is None else a_number(name, value)


def some_numbers(name: str, value: object, count: int) -> tuple[float, ...]:
    """Return a list of ``count`` finite numbers, or raise ValueError."""
    numbers = tuple(a_number(name, one) for one in a_list(name, value))
    if len(numbers) != count:
        raise ValueError(f"{name} must be {count} numbers, not {len(numbers)}")
    return numbers
