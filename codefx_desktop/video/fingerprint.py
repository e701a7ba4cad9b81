"""A quick fingerprint that knows a clip again after it was moved or its drive came back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import ClipLost
from codefx_desktop.video.container import check_file

if TYPE_CHECKING:
    from pathlib import Path

BLOCK_BYTES = 64 * 1024
EVEN_PLACES = 14


def fingerprint(path: Path) -> str:
    """Return ``v1:`` + SHA-256 over the size and 64 KiB at start, end and 14 even places.

    At most 1 MiB is read however large the file is. A file of up to 1 MiB is hashed whole.

    Raises:
        ClipMissing: If it is not there.
        ClipRefused: If it is not a regular file.
        ClipLost: If it cannot be read.
    """
    size = check_file(path).st_size
    digest = hashlib.sha256(size.to_bytes(8, "big"))
    try:
        with path.open("rb") as file:
            for offset in _offsets(size):
                file.seek(offset)
                digest.update(file.read(BLOCK_BYTES))
    except OSError as error:
        raise ClipLost(
            f"{path.name} cannot be read: {error.strerror}.",
            hint="Check that its drive is connected and try again.",
            path=path,
        ) from error
    return f"v1:{digest.hexdigest()}"


def _offsets(size: int) -> list[int]:
    blocks = EVEN_PLACES + 2
    if size <= blocks * BLOCK_BYTES:
        return list(range(0, size, BLOCK_BYTES))
    last = size - BLOCK_BYTES
    return [last * place // (blocks - 1) for place in range(blocks)]
