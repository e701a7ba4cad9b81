"""Files that are being pushed: read, hashed, and looked at for changes meanwhile."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import OutputError
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.push import Piece
    from codefx_desktop.domain.run import CancelSignal

BLOCK_BYTES: Final = 4 * 1024 * 1024


def state_of(path: Path) -> tuple[int, int]:
    """Return size and time of change of a file.

    Raises:
        OutputError: If it is not there.
    """
    with _reading(path):
        stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def is_unchanged(piece: Piece) -> bool:
    """Return whether a piece's file is as it was queued.

    Raises:
        OutputError: If it is not there.
    """
    return state_of(piece.path) == (piece.size_bytes, piece.modified_ns)


def read_bytes(path: Path, start: int = 0, size_bytes: int = -1) -> bytes:
    """Return bytes of a file; all there are by default.

    Raises:
        OutputError: If it cannot be read.
    """
    with _reading(path), path.open("rb") as file:
        file.seek(start)
        return file.read(size_bytes)


def read_unchanged(piece: Piece) -> bytes | None:
    """Return all bytes of a piece's file; None where it is not as it was queued.

    Raises:
        OutputError: If it cannot be read.
    """
    with _reading(piece.path), piece.path.open("rb") as file:
        data = file.read()
        stat = os.fstat(file.fileno())
    is_same = (stat.st_size, stat.st_mtime_ns) == (piece.size_bytes, piece.modified_ns)
    return data if is_same and len(data) == piece.size_bytes else None


def sha256_of(path: Path, cancel: CancelSignal) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        Cancelled: If the signal was seen.
        OutputError: If it cannot be read.
    """
    digest = hashlib.sha256()
    with _reading(path), path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            if cancel.is_set():
                raise Cancelled
            digest.update(block)
    return digest.hexdigest()


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def md5_hex(data: bytes) -> str:
    """Return the MD5 of bytes, hexadecimal: buckets call objects by it; no secret hangs on it."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def joined_etag(md5s: tuple[str, ...]) -> str:
    """Return the ETag of an object of several parts.

    Source: S3 and R2 join the MD5s of the parts and name their MD5 and how many they are.
    """
    return f"{md5_hex(bytes.fromhex(''.join(md5s)))}-{len(md5s)}"


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path} cannot be read: {error.strerror or error}.",
            hint="Connect its drive or put it back and retry; or push the job again as it is now.",
            path=path,
        ) from error
