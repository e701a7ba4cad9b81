"""What a person drops: clips, and folders that stand for the clips in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import CLIP_SUFFIXES
from codefx_desktop.domain.errors import ClipError
from codefx_desktop.video.glance import glance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.clip import ClipSize


def clips_of(path: Path) -> list[Path]:
    """Return a folder's clips by name; of a file, itself.

    Raises:
        ClipError: If the folder cannot be read.
    """
    if not path.is_dir():
        return [path]
    try:
        inside = sorted(path.iterdir())
    except OSError as error:
        raise ClipError(
            f"The folder {path} cannot be read: {error.strerror or error}.",
            hint="Drop the clips themselves, or change its permissions.",
            path=path,
        ) from error
    # Names that begin with a dot are no clips: macOS keeps a file's attributes in "._name".
    return [p for p in inside if _is_clip(p)]


def clip_sizes(paths: Sequence[Path]) -> Iterator[tuple[Path, ClipSize | None]]:
    """Yield each dropped clip with what its header says of its size; None where nobody can tell."""
    for path in paths:
        try:
            clips = clips_of(path)
        except ClipError:
            yield path, None
            continue
        for clip in clips:
            yield clip, _size(clip)


def _size(clip: Path) -> ClipSize | None:
    try:
        return glance(clip)
    except ClipError:
        return None  # the run itself will say what is wrong with the clip


def _is_clip(path: Path) -> bool:
    return path.suffix.lower() in CLIP_SUFFIXES and not path.name.startswith(".") and path.is_file()
