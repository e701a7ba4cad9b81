"""Writes a small file whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import NoSpace, NotWritable

if TYPE_CHECKING:
    from pathlib import Path

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_whole(path: Path, data: bytes, what: str) -> None:
    """Write a file, replacing the one that is there only once the new one is safe on the disk.

    Args:
        path: Where to; its folder is made when missing.
        data: All of it.
        what: What it holds, for a person, such as ``profiles``.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the file cannot be written.
    """
    try:
        _replace(path, data)
    except OSError as error:
        kind = NoSpace if error.errno in _FULL else NotWritable
        raise kind(
            f"The {what} could not be written to {path}: {error.strerror or error}.",
            hint="Free some space, or make the folder writable.",
            path=path,
        ) from error


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):  # the first error is the one to tell
            part.unlink()
        raise
