"""The list of nasty clips: what each is called, what is expected, how it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from nasty.encoding import encode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Facts = dict[str, Any]


class Base(Protocol):
    """Gives an undamaged clip to start from."""

    def __call__(self, name: str, make: Callable[[Path], object] | None = None) -> Path: ...


class Maker(Protocol):
    """Writes a clip and may return facts found while doing so."""

    def __call__(self, out: Path, base: Base) -> Facts | None: ...


@dataclass(frozen=True)
class Recipe:
    """One clip of the set; the words are those of the manifest (see ``make_nasty_videos``)."""

    group: str
    expected: str
    trap: str
    facts: Facts
    make: Maker


CLIPS: dict[str, Recipe] = {}


def clip(
    name: str, group: str, expected: str, trap: str, **facts: object
) -> Callable[[Maker], Maker]:
    """Register a maker."""

    def register(maker: Maker) -> Maker:
        CLIPS[name] = Recipe(group, expected, trap, facts, maker)
        return maker

    return register


def simple(
    name: str,
    trap: str,
    needs: str = "libx264",
    facts: Facts | None = None,
    **how: Any,  # noqa: ANN401 - of encode
) -> None:
    """Register a healthy clip that is one plain ``encode`` call."""
    known: Facts = {"needs": needs, **(facts or {})}
    for key, argument in (
        ("w", "coded_width"),
        ("h", "coded_height"),
        ("n", "frames_encoded"),
        ("fps", "fps"),
    ):
        if key in how:
            known.setdefault(argument, how[key])

    def make(out: Path, base: Base) -> None:
        encode(out, **how)

    clip(name, "ok", "ok", trap, **known)(make)


def write(data: bytes) -> Maker:
    """Return a maker that writes these bytes."""

    def make(out: Path, base: Base) -> None:
        out.write_bytes(data)

    return make
