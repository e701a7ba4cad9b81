"""What a person types about a stop, and back: crew by position, laps, seconds."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.classic import LONGEST_S

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSIC_LABELS: Final[Mapping[str, str]] = {
    "fuel_time_s": "Fuel",
    "front_left_tyre_time_s": "Tyre front left",
    "front_right_tyre_time_s": "Tyre front right",
    "back_left_tyre_time_s": "Tyre back left",
    "back_right_tyre_time_s": "Tyre back right",
    "driver_out_time_s": "Driver out",
    "driver_in_time_s": "Driver in",
}


def crew_text(crew: Mapping[str, str]) -> str:
    """Return a roster as lines: ``Gun FL: A. Name``."""
    return "\n".join(f"{position}: {name}" for position, name in crew.items())


def crew_of(text: str) -> dict[str, str]:
    """Return a roster from lines; one without a colon is a position that nobody is named for."""
    crew = {}
    for line in text.splitlines():
        position, _, name = line.partition(":")
        if position.strip():
            crew[position.strip()] = name.strip()
    return crew


def seconds_text(value_s: float | None) -> str:
    """Return seconds for a field; empty where they are not known."""
    return "" if value_s is None else f"{value_s:.3f}"


def seconds_of(text: str) -> float | None:
    """Return the seconds in a field; None for an empty one.

    Raises:
        ValueError: If they are no time that a stop can take; the message says so.
    """
    typed = text.strip().replace(",", ".").removesuffix("s").strip()
    if not typed:
        return None
    try:
        value = float(typed)
    except ValueError as error:
        raise ValueError(f"{text.strip()!r} is no number of seconds") from error
    if not (isfinite(value) and 0.0 <= value <= LONGEST_S):
        raise ValueError(f"a time is between 0 and {LONGEST_S:.0f} seconds")
    return value
