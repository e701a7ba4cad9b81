"""A file that is fetched bit by bit: what is there stays, and is gone on with if it fits.

Beside the file lies ``<name>.etag`` until it is whole: an object that was replaced in the meantime
has another ETag, and its bytes must not be appended to those of the old one.
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from codefx_desktop.domain.errors import NoSpace, NotWritable, OutputError
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
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

    def begin(self) -> int:
        """Throw away what belongs to another object; return how many bytes are there then."""
        with _writing(self._path):
            there = self._path.stat().st_size if self._path.exists() else 0
            if there > self._wanted.size_bytes or self._marked() != self._wanted.etag:
                self._path.unlink(missing_ok=True)
                there = 0
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._mark.write_text(self._wanted.etag, "utf-8")
            self._path.touch()
        self._progress(there)
        return there

    def append(self, blocks: Iterator[bytes], there: int) -> int:
        """Write what comes behind the first ``there`` bytes; return how many are there then.

        Raises:
            Cancelled: If the signal was seen.
            NoSpace: If the disk is full.
            NotWritable: If the file cannot be written.
        """
        with _writing(self._path):
            file = self._path.open("r+b")
        with file:
            file.seek(there)
            while True:
                if self._cancel.is_set():
                    raise Cancelled
                block = next(blocks, b"")  # outside: what the source says is not about this disk
                if not block:
                    return there
                self._write(file, block)
                there += len(block)
                self._progress(there)

    def end(self) -> None:
        """Say that the file is whole."""
        with _writing(self._path):
            self._mark.unlink(missing_ok=True)

    def _write(self, file: IO[bytes], block: bytes) -> None:
        with _writing(self._path):
            file.write(block)
            file.flush()

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
    except OutputError:
        raise
    except OSError as error:
        kind = NoSpace if error.errno in _FULL else NotWritable
        raise kind(
            f"{path} could not be written: {error.strerror or error}.",
            hint="Free some space, or change the permissions of the folder.",
            path=path,
        ) from error
