"""Troubles of writing, in words for a person."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import av.error

from codefx_desktop.domain.errors import CodefxError, EncodeError, NoSpace, NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED: Final = (
    errno.EACCES,
    errno.EEXIST,
    errno.EPERM,
    errno.EROFS,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENODEV,
    errno.EIO,
)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Translate what goes wrong while ``path`` is written.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the place cannot be written to.
        EncodeError: For anything else FFmpeg or the operating system says.
    """
    try:
        yield
    except (av.error.FFmpegError, OSError) as error:
        if isinstance(error, CodefxError):
            raise
        raise _translate(error, path) from error


def no_space(path: Path) -> NoSpace:
    """Return the error for a full disk."""
    return NoSpace(
        f"There is no space left to write {path.name}.",
        hint="Free some space or choose another output folder.",
        path=path,
    )


def _translate(error: av.error.FFmpegError | OSError, path: Path) -> CodefxError:
    detail = error.strerror or str(error)
    if error.errno in _FULL:
        return no_space(path)
    if error.errno in (errno.EACCES, errno.EPERM) and path.is_file():
        return NotWritable(
            f"{path.name} cannot be replaced: it is open in another program, or protected.",
            hint="Close it there, or choose another folder, and try again.",
            path=path,
        )
    if error.errno in _CLOSED:
        return NotWritable(
            f"{path.name} cannot be written to {path.parent}: {detail}.",
            hint="Choose another output folder or change its permissions.",
            path=path,
        )
    return EncodeError(
        f"{path.name} could not be written: {detail}.",
        hint="Run the job again; if it happens again, report it with the log.",
        path=path,
    )


class CheckedFile:
    """A file for FFmpeg to write to that never loses an error.

    FFmpeg's own files drop errors of buffered writes (a fragment that hit a full disk is
    reported as written). This one keeps the first error; ``check`` raises it.

    Args:
        path: The file; replaced if it is there.

    Raises:
        OSError: If it cannot be created.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._file = path.open("wb", buffering=0)
        self._error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write all of ``data``."""
        try:
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) or 0 :]
        except OSError as error:
            self._error = self._error or error
            raise
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def check(self) -> None:
        """Raise the first error that a write met.

        Raises:
            OSError: If there was one.
        """
        if self._error is not None:
            raise self._error


def flush_to_disk(path: Path) -> None:
    """Wait until a file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until a rename in ``folder`` is on the disk (where the system knows how)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
