"""What the command palette offers, and how well it answers to what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """Something that can be done.

    Attributes:
        text: What it does.
        group: Where it belongs: a menu, or ``Job``.
        key: Its key in the system's own words; empty for none.
        run: Does it.
        why_not: Why it cannot be done now; empty where it can.
    """

    text: str
    group: str
    key: str
    run: Callable[[], object]
    why_not: str = ""


def match(typed: str, text: str) -> float | None:
    """Return how well a text answers to what is typed; None where it does not.

    All words must be found, each as letters in their order; a word's beginning, and letters side
    by side, count more than letters that are scattered.
    """
    score = 0.0
    low = text.casefold()
    for word in typed.casefold().split():
        part = _word(word, low)
        if part is None:
            return None
        score += part
    return score - len(text) * 0.001


def found(commands: Iterable[Command], typed: str, limit: int = 200) -> tuple[Command, ...]:
    """Return what answers to what is typed, the best first; those that cannot be done last."""
    rated = []
    for place, command in enumerate(commands):
        score = match(typed, f"{command.text} {command.group}")
        if score is not None:
            rated.append((bool(command.why_not), -score if typed.strip() else 0.0, place, command))
    rated.sort(key=lambda row: row[:3])
    return tuple(row[-1] for row in rated[:limit])


def _word(word: str, text: str) -> float | None:
    whole = text.find(word)
    if whole >= 0:
        starts = whole == 0 or not text[whole - 1].isalnum()
        return len(word) * (3.0 if starts else 2.0)
    at, score = -1, 0.0
    for letter in word:
        nearest = text.find(letter, at + 1)
        if nearest < 0:
            return None
        starts = nearest == 0 or not text[nearest - 1].isalnum()
        score += 1.0 if starts or nearest == at + 1 else 0.3
        at = nearest
    # Letters from all over a text answer to anything: at least half must begin words or follow.
    return score if score >= len(word) * 0.6 else None
