"""The facts of every clip, of the set and of the further ones, in one form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nasty.further import FURTHER, Further
from nasty.manifest import make_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Facts:
    """What is true of a clip.

    Attributes:
        name: Its name.
        path: Where it is.
        verdict: ok, partial, error, or either of the first two.
        fewest: Fewest pictures that may be delivered.
        most: Most pictures that may be.
        numbers: What the pictures carry, in order; None where it is not fixed.
        times_ms: Time of each picture after the first; None where it is not fixed.
        size: Width and height for a person.
        has_barcode: Whether the pictures are large enough to carry a number.
    """

    name: str
    path: Path
    verdict: str
    fewest: int
    most: int
    numbers: tuple[int, ...] | None
    times_ms: tuple[float, ...] | None
    size: tuple[int, int]
    has_barcode: bool = True


def the_set(folder: Path, only: Sequence[str] = ()) -> list[Facts]:
    """Make the 74 clips of the set, or only these, and return their facts."""
    manifest = make_all(folder, big=True, special=True, only=list(only))
    return [_of_set(folder, entry) for entry in manifest["clips"]]


def the_further(folder: Path, only: Sequence[str] = ()) -> list[Facts]:
    """Make the further clips, or only these, and return their facts."""
    folder.mkdir(parents=True, exist_ok=True)
    names = only or tuple(FURTHER)
    for name in names:
        if not (folder / name).exists():
            FURTHER[name].make(folder / name)
    return [_of_further(folder / name, FURTHER[name]) for name in names]


def _of_set(folder: Path, entry: dict[str, Any]) -> Facts:
    shown, first = entry["frames_shown"], entry["first_index"]
    is_fixed = entry["expected"] == "ok"
    return Facts(
        entry["file"],
        folder / entry["file"],
        entry["expected"],
        entry.get("frames_min", 0),
        entry.get("frames_max", 0),
        tuple(range(first, first + shown)) if is_fixed else None,
        tuple(entry["times_ms"]) if is_fixed and entry["times_ms"] else None,
        (entry["width"], entry["height"]),
    )


def _of_further(path: Path, clip: Further) -> Facts:
    is_fixed = clip.verdict == "ok"
    return Facts(
        path.name,
        path,
        clip.verdict,
        clip.count if clip.fewest is None else clip.fewest,
        clip.count,
        clip.shown if is_fixed else None,
        clip.exact_ms if is_fixed else None,
        clip.size,
        clip.has_barcode,
    )
