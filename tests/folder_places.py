"""A folder as a place on a made-up drive, for tests of what it does with it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from codefx_desktop.domain.object_store import Sending
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.remote.folder_store import FolderStore

if TYPE_CHECKING:
    from pathlib import Path

KEY = "jobs/7/output/stop_annotated.mp4"
DATA = bytes(range(256)) * 40


def sending(data: bytes = DATA) -> Sending:
    return Sending("video/mp4", hashlib.sha256(data).hexdigest())


def folder_store(drive: Path) -> FolderStore:
    return FolderStore(Target("usb", TargetKind.FOLDER, folder=drive))


def files(drive: Path) -> list[str]:
    """Return all files of the drive but notes."""
    found = (path for path in drive.rglob("*") if path.is_file())
    names = (path.relative_to(drive).as_posix() for path in found)
    return sorted(name for name in names if not name.startswith(".codefx/facts/"))
