"""The lock of a job in work: an OS lock on a file in its folder.

The system lets go of it when the program dies, however it dies. So a PROCESSING job whose lock
can be taken has lost its program.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from codefx_desktop.domain.errors import JobStateError, NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


WAIT_S = 1.0
"""``is_locked`` of another program holds the lock for an instant; whoever works, for long."""


@contextmanager
def job_lock(path: Path, job_id: str) -> Iterator[None]:
    """Hold a job's lock.

    Args:
        path: The lock file; its folder is made.
        job_id: The job, for the message.

    Raises:
        JobStateError: If another program works on the job.
        NotWritable: If the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        lock.acquire(timeout=WAIT_S)
    except Timeout as error:
        raise JobStateError(
            f"Job {job_id} is being worked on by another program.", job_id=job_id
        ) from error
    except OSError as error:
        raise NotWritable(
            f"The job folder {path.parent} cannot be written to: {error.strerror or error}.",
            hint="Choose another output folder or change its permissions.",
            path=path.parent,
        ) from error
    try:
        yield
    finally:
        lock.release()


def is_locked(path: Path) -> bool:
    """Return whether a living program holds this lock."""
    try:
        if not path.exists():
            return False
        with FileLock(path).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # its drive is gone, or nobody may look
        return False
