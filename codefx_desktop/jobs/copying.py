"""Copies a result to where a person wants it."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import NoSpace, NotWritable

if TYPE_CHECKING:
    from pathlib import Path


def copy_whole(source: Path, target: Path, *, keep: Path) -> Path:
    """Copy a file under a temporary name beside the target, then rename.

    Args:
        source: What to copy.
        target: Where to; replaced if it exists.
        keep: A file that must not be replaced (the footage).

    Raises:
        NotWritable: If the target is the footage or cannot be written.
        NoSpace: If the disk is full.
    """
    if target.exists() and keep.exists() and target.samefile(keep):
        raise NotWritable("That is the footage itself.", hint="Choose another name.", path=target)
    part = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(source, part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        with suppress(OSError):  # the first error is the one to tell
            part.unlink()
        kind = NoSpace if error.errno == 28 else NotWritable
        raise kind(
            f"{target} could not be written: {error.strerror or error}.",
            hint="Choose another place.",
            path=target,
        ) from error
    return target
