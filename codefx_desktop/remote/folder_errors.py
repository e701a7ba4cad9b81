"""What the system says about a folder on a drive or a NAS, in words of the port's errors."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    AccessRefused,
    BucketFull,
    BucketMissing,
    ForeignObject,
    Offline,
    RemoteError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_REFUSED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_GONE: Final = (
    errno.EIO,
    errno.ENODEV,
    errno.ENXIO,
    errno.ESTALE,
    errno.ETIMEDOUT,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.ENETUNREACH,
    errno.ENOTCONN,
    errno.ECONNRESET,
    errno.ECONNABORTED,
)


@contextmanager
def at_the_door(root: Path) -> Iterator[None]:
    """Translate what the system says about files below ``root``; our own errors pass."""
    try:
        yield
    except OSError as error:
        raise _translated(error, root) from error


def require_folder(root: Path) -> None:
    """Check that the folder is there; it is never made, as its drive may be missing.

    Raises:
        BucketMissing: If it is not.
    """
    try:
        is_there = root.is_dir()
    except OSError as error:
        raise _translated(error, root) from error
    if not is_there:
        raise _missing(root)


def _translated(error: OSError, root: Path) -> RemoteError:  # noqa: PLR0911 - one per cause
    number = error.errno
    if not _is_there(root):
        return _missing(root)
    if number in _FULL:
        return BucketFull(
            f"No space is left in {root}.",
            hint="Free some space there, or push to another target; then retry.",
            path=root,
        )
    if number == errno.EFBIG:
        return BucketFull(
            f"The file is too large for the drive of {root}.",
            hint="FAT32 holds files up to 4 GiB: format the drive as exFAT, or take another one.",
            path=root,
        )
    if number in _REFUSED:
        return AccessRefused(
            f"{root} cannot be written to or read: {error.strerror}.",
            hint="Check the permissions of the folder and the drive's write protection.",
            path=root,
        )
    if number in _GONE:
        return Offline(
            f"The drive of {root} does not answer: {error.strerror}.",
            hint="Plug it in again, or connect to its network; the push goes on by itself.",
            path=root,
        )
    if isinstance(error, NotADirectoryError | IsADirectoryError | FileExistsError):
        return ForeignObject(
            f"Something else is in the way in {root}: {error.filename}.",
            hint="Move it away, or choose another folder.",
            path=root,
        )
    return RemoteError(f"{root}: {error.strerror or error}.", hint="Try again.", path=root)


def _is_there(root: Path) -> bool:
    try:
        return root.is_dir()
    except OSError:
        return True  # there, and in trouble


def _missing(root: Path) -> BucketMissing:
    return BucketMissing(
        f"The folder {root} is not there.",
        hint="Plug the drive in or connect to its network, or choose another folder.",
        path=root,
    )
