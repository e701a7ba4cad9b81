"""Copies a file from anywhere, whole: read back and compared before it gets its name."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import NoSpace, NotWritable, OutputError
from codefx_desktop.domain.models import Transfer
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal

BLOCK_BYTES: Final = 1024 * 1024
INTERVAL_S: Final = 0.1
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def copy_checked(
    source: Path,
    target: Path,
    sha256: str,
    progress: Callable[[Transfer], None],
    cancel: CancelSignal,
) -> None:
    """Copy a file under a temporary name beside the target, read it back, then rename.

    USB drives and their cables do deliver wrong bytes; the copy's own are compared.

    Args:
        source: What to copy.
        target: Where to; its folder is made. Must not be there.
        sha256: Hash of the source's bytes, hexadecimal.
        progress: Told several times a second.
        cancel: Ends it early, without a trace.

    Raises:
        Cancelled: If the signal was seen.
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
        OutputError: If the copy is not the source, or the source cannot be read any more.
    """
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, part, progress, cancel)
        _compare(part, sha256, source)
        part.replace(target)
    except OutputError:
        raise
    except OSError as error:
        kind = NoSpace if error.errno in _FULL else NotWritable
        raise kind(
            f"{source.name} could not be copied to {target.parent}: {error.strerror or error}.",
            hint="Free some space there, or check the drive it comes from.",
            path=target,
        ) from error
    finally:
        with suppress(OSError):  # the first error is the one to tell
            part.unlink(missing_ok=True)


def _copy(
    source: Path, part: Path, progress: Callable[[Transfer], None], cancel: CancelSignal
) -> None:
    total, done, began = source.stat().st_size, 0, time.monotonic()
    told_s = float("-inf")
    with source.open("rb") as old, part.open("wb") as new:
        while block := old.read(BLOCK_BYTES):
            if cancel.is_set():
                raise Cancelled
            new.write(block)
            done += len(block)
            now = time.monotonic()
            if done >= total or now - told_s >= INTERVAL_S:
                told_s = now
                progress(Transfer(done, total, done / (now - began) if now > began else 0.0))
        new.flush()
        os.fsync(new.fileno())


def _compare(part: Path, sha256: str, source: Path) -> None:
    with part.open("rb") as file:
        copied = hashlib.file_digest(file, "sha256").hexdigest()
    if copied != sha256:
        raise OutputError(
            f"{source.name} was not copied well: its bytes changed on the way.",
            hint="Check the drive and its cable, and try again.",
            path=source,
        )
