"""Tells clips on drives that may leave (cards, sticks, shares) from those that stay."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)

_SHARES: Final = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "davfs", "fuse.sshfs", "fuse.davfs")
)
_PLUGGED_IN: Final = {"linux": ("/media/", "/run/media/"), "darwin": ("/Volumes/",)}
"""Where desktops show what a person plugs in, and nothing else."""
_LEAVING_OPTIONS: Final = frozenset(("removable", "remote", "cdrom"))
"""What psutil writes among the options on Windows, from ``GetDriveType``."""
_BLOCK_DEVICES: Final = Path("/sys/class/block")


@dataclass(frozen=True, slots=True)
class Drive:
    """A mounted drive.

    Attributes:
        folder: Where it is.
        leaves: Whether a person can take it away, or a network can.
    """

    folder: Path
    leaves: bool


def may_leave(path: Path) -> bool:
    """Return whether a file lies on a drive that may be gone in an hour; blocks."""
    try:
        return is_on_leaving(path.resolve(), drives())
    except OSError as error:  # what nobody can tell is not offered
        log.debug("The drive of %s is not known: %s", path, error)
        return False


def is_on_leaving(path: Path, known: Iterable[Drive]) -> bool:
    """Return whether the drive that a path is on, the innermost one, may leave."""
    on = [drive for drive in known if path.is_relative_to(drive.folder)]
    return bool(on) and max(on, key=lambda drive: len(drive.folder.parts)).leaves


def drives() -> tuple[Drive, ...]:
    """Return what is mounted; asks the system, opens no drive."""
    found = psutil.disk_partitions(all=True)
    return tuple(
        Drive(Path(one.mountpoint), _leaves(one.device, one.mountpoint, one.fstype, one.opts))
        for one in found
    )


def _leaves(device: str, mountpoint: str, fstype: str, opts: str) -> bool:
    return (
        fstype.lower() in _SHARES
        or not _LEAVING_OPTIONS.isdisjoint(opts.split(","))
        or mountpoint.startswith(_PLUGGED_IN.get(sys.platform, ()))
        or (sys.platform == "linux" and _is_plugged_in(device))
    )


def _is_plugged_in(device: str) -> bool:
    """Return whether Linux reaches a disk by USB or a card reader, or calls it removable."""
    entry = _BLOCK_DEVICES / Path(device).name
    if not device.startswith("/dev/") or not entry.exists():
        return False
    real = entry.resolve()
    if any(part.startswith(("usb", "mmc_host")) for part in real.parts):
        return True
    told = (folder / "removable" for folder in (real, real.parent))  # a partition's is its disk's
    return any(file.is_file() and file.read_text("ascii").strip() == "1" for file in told)
