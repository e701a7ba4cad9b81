"""Takes stock of a job's artifacts: how many are there, how large, and what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind
from codefx_desktop.artifacts.promise import Broken, Promise, check_promise

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout

_FRAME_FILE: Final = re.compile(r"frame_(\d{1,15})\.(json|toon|jpg)")


@dataclass(frozen=True, slots=True)
class Stock:
    """What is there of a promise.

    Attributes:
        frames: Frames that were promised.
        files: Files of the promise that are there.
        promised_files: Files that were promised.
        size_bytes: Of those that are there.
        broken: What is missing, cannot be read or does not agree.
    """

    frames: int
    files: int
    promised_files: int
    size_bytes: int
    broken: tuple[Broken, ...] = ()


def take_stock(layout: JobLayout, promise: Promise, *, look_inside: bool = True) -> Stock:
    """Return what is there of a promise; looking inside reads every file."""
    files = size = 0
    for path in promise.paths(layout):
        try:
            size += path.stat().st_size
        except OSError:
            continue
        files += 1
    broken = tuple(check_promise(layout, promise)) if look_inside else ()
    return Stock(len(promise.frames), files, promise.files, size, broken)


def frames_there(layout: JobLayout, kind: AnalysisFormat | FrameKind) -> tuple[int, ...]:
    """Return the numbers of the frames that have a file of a kind, ascending."""
    if isinstance(kind, AnalysisFormat):
        folder = layout.analysis(kind, 0).parent
    else:
        folder = layout.frame(kind, 0).parent
    return tuple(sorted(_numbers(folder)))


def _numbers(folder: Path) -> set[int]:
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:
        return set()
    return {int(match[1]) for name in names if (match := _FRAME_FILE.fullmatch(name))}
