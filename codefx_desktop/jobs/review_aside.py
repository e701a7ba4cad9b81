"""Changes of a review that the end of the program had no time to keep: put aside beside it.

They are kept when the job is read again, or changed, or its review settled. Each end of a program
writes a file of its own, whole or not at all: nobody's lines are cut off or removed by another.
Each change has a key, so that a program that dies while it keeps them keeps none of them twice.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout

from codefx_desktop.domain.edit_dict import ops_from_list, ops_to_list
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.jobs.review_values import Edit, EditDeed
from codefx_desktop.settings.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout

log = logging.getLogger(__name__)

ASIDE_NAMES: Final = ".review-*.aside"
"""Beside the review; a name that begins with a dot is never pushed."""
LOCK_NAME: Final = ".review.aside.lock"
WAIT_S: Final = 10.0
"""Hundreds of changes are kept on a slow disk within this."""


def put_aside(layout: JobLayout, edits: Iterable[Edit]) -> None:
    """Write changes down, one in a line.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the job's folder cannot be written to.
    """
    name = ASIDE_NAMES.replace("*", f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}")
    lines = "".join(f"{json.dumps(_line(edit))}\n" for edit in edits)
    write_whole(layout.review.with_name(name), lines.encode("ascii"), "changes of the review")


def has_aside(layout: JobLayout) -> bool:
    """Return whether changes of a job's review wait to be kept."""
    return any(layout.review.parent.glob(ASIDE_NAMES))


def aside_files(layout: JobLayout) -> list[Path]:
    """Return the files of changes that were put aside, the oldest first."""
    return sorted(layout.review.parent.glob(ASIDE_NAMES))


def aside(file: Path, job_id: str) -> Iterator[Edit]:
    """Yield the changes that were put aside in a file, each with its key, in order.

    Raises:
        OSError: If they cannot be read now; they are still there.
    """
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            told = json.loads(line)
            ops = ops_from_list(told["ops"])
            deed, text = EditDeed(told["deed"]), str(told["text"])
            yield Edit(job_id, deed, text, ops, str(told["run"]), str(told["key"]))
        except (ValueError, LookupError, TypeError):  # damaged on the disk
            log.exception("A change that was put aside cannot be read: %s", line)


@contextmanager
def alone(layout: JobLayout) -> Iterator[None]:
    """Let nobody else, here or in another program, keep what was put aside of a job meanwhile.

    The system lets go of it when the program dies, however it dies.

    Raises:
        HistoryError: If somebody else does so for long.
        OSError: If the job's folder cannot be written to.
    """
    lock = FileLock(layout.review.with_name(LOCK_NAME))
    try:
        lock.acquire(timeout=WAIT_S)
    except Timeout as error:
        raise HistoryError(
            "Another program keeps changes of this review.",
            hint="Try again in a moment.",
            job_id=layout.job_id,
        ) from error
    try:
        yield
    finally:
        lock.release()


def _line(edit: Edit) -> dict[str, Any]:
    return {
        "key": edit.key or uuid.uuid4().hex,
        "deed": edit.deed.value,
        "text": edit.text,
        "ops": ops_to_list(edit.ops),
        "run": edit.run,
    }
