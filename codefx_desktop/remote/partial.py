"""A file that is fetched bit by bit: what is there stays, and is gone on with if it fits.

Beside the file lies ``<name>.etag`` until it is whole: an object that was replaced in the meantime
has another ETag, and its bytes must not be appended to those of the old one.
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import NoSpace, NotWritable
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.object_store import StoredObject
    from codefx_desktop.domain.run import CancelSignal

BLOCK_BYTES: Final = 256 * 1024
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Partial:
    """The file, while it is fetched.

    Args:
        path: The file.
        wanted: The object, as the place tells it now.
        progress: Told the bytes that are there.
        cancel: Asked between two blocks.

    Attributes:
        there: Bytes that are there.
    """

    def __init__(
        self,
        path: Path,
        wanted: StoredObject,
        progress: Callable[[int], None],
        cancel: CancelSignal,
    ) -> None:
        self._path = path
        self._mark = path.with_name(path.name + ".etag")
        self._wanted = wanted
        self._progress = progress
        self._cancel = cancel
        self.there = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.there == self._wanted.size_bytes

    def begin(self) -> None:
        """Throw away what belongs to another object.

        Raises:
            NoSpace: If the disk is full.
            NotWritable: If the file cannot be written.
        """
        with _writing(self._path):
            self.there = self._path.stat().st_size if self._path.exists() else 0
            if self.there > self._wanted.size_bytes or self._marked() != self._wanted.etag:
                self._path.unlink(missing_ok=True)
                self.there = 0
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._mark.write_text(self._wanted.etag, "utf-8")
            self._path.touch()
        self._progress(self.there)

    def append(self, blocks: Iterator[bytes]) -> None:
        """Write what comes behind what is there.

        Raises:
            Cancelled: If the signal was seen.
            NoSpace: If the disk is full.
            NotWritable: If the file cannot be written.
        """
        with _writing(self._path):
            file = self._path.open("ab", buffering=0)
        with file:
            while True:
                if self._cancel.is_set():
                    raise Cancelled
                block = next(blocks, b"")  # what the source raises is not about this disk
                if not block:
                    return
                self._write(file, block)
                self.there += len(block)
                self._progress(self.there)

    def end(self) -> None:
        """Say that the file is whole."""
        with _writing(self._path):
            self._mark.unlink(missing_ok=True)

    def _write(self, file: io.FileIO, block: bytes) -> None:
        with _writing(self._path):
            left = memoryview(block)
            while left:
                left = left[file.write(left) :]

    def _marked(self) -> str:
        try:
            return self._mark.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Translate the system's errors about the file that is written."""
    try:
        yield
    except OSError as error:
        kind = NoSpace if error.errno in _FULL else NotWritable
        raise kind(
            f"{path} could not be written: {error.strerror or error}.",
            hint="Free some space, or change the permissions of the folder.",
            path=path,
        ) from error
