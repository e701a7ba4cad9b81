"""A job's clip that was moved or renamed, found again: its content decides, not its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import ClipRefused
from codefx_desktop.video.fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.store.history import History


def relocated(history: History, record: JobRecord, path: Path) -> JobRecord:
    """Note where a job's clip is now. Nothing is copied or moved.

    Args:
        history: Where it is noted.
        record: The job.
        path: Where the clip is said to be.

    Returns:
        The job as it is then.

    Raises:
        ClipMissing: If there is no file.
        ClipLost: If it cannot be read.
        ClipRefused: If it is another clip, or nothing is known that it could be told by.
    """
    if not record.fingerprint:
        raise ClipRefused(
            f"It is not known what {record.input_filename} was: the job never read it.",
            hint="Add the clip as a new job.",
            path=path,
        )
    if fingerprint(path) != record.fingerprint:
        raise ClipRefused(
            f"{path.name} is another clip than {record.input_filename}: its content differs.",
            hint="Choose the file that the job was run with; its name does not matter.",
            path=path,
        )
    history.set_clip(record.id, record.fingerprint, path=path)
    return history.get(record.id)
