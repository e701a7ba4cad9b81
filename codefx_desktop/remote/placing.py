"""Files on a drive: synced first, then named, so that no half file has a name."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_NO_LINKS: Final = (
    errno.EPERM,
    errno.ENOSYS,
    errno.EOPNOTSUPP,
    errno.ENOTSUP,
    errno.EMLINK,
    errno.EXDEV,
    errno.EINVAL,
)


def write_synced(path: Path, data: bytes) -> None:
    """Write a new file and wait until the drive has it.

    Raises:
        FileExistsError: If there is one of that name.
    """
    with path.open("xb") as file:
        file.write(data)
        sync(file.fileno())


def sync(handle: int) -> None:
    """Wait until the drive has what was written."""
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the drive knows the names in a folder, where the system can be asked to."""
    if os.name == "nt":
        return
    with suppress(OSError):  # some network folders refuse
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def put_in_place(part: Path, path: Path) -> None:
    """Give a whole file its name, replacing what has it."""
    part.replace(path)
    sync_folder(path.parent)


def put_in_free_place(part: Path, path: Path) -> None:
    """Give a whole file its name if nothing has it, in one step of the file system.

    Raises:
        FileExistsError: If something has the name; ``part`` is still there then.
    """
    if os.name == "nt":
        part.rename(path)  # refuses there to replace
        return
    try:
        os.link(part, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # FAT and some network folders have no second names. An empty file claims the name; a
        # power cut between the two lines leaves it, which ``is_claim`` knows.
        path.open("xb").close()
        part.replace(path)
    else:
        part.unlink()
    sync_folder(path.parent)


def forget_cached(handle: int) -> None:
    """Have what is read next come from the drive, where the system can be asked to."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def read_from_drive(path: Path, start: int, stop: int | None) -> bytes:
    """Return bytes of a file, from the drive itself where the system can be asked to."""
    with path.open("rb", buffering=0) as file:
        forget_cached(file.fileno())
        file.seek(start)
        return _read_all(file.fileno(), None if stop is None else stop - start)


def _read_all(handle: int, wanted: int | None) -> bytes:
    blocks: list[bytes] = []
    while wanted is None or wanted > 0:
        block = os.read(handle, 1024 * 1024 if wanted is None else min(wanted, 1024 * 1024))
        if not block:
            break
        blocks.append(block)
        wanted = None if wanted is None else wanted - len(block)
    return b"".join(blocks)
