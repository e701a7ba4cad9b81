"""Changes of a review that the end of the program had no time to keep: put aside beside it.

They are kept when the job is read again, or changed, or its review settled. Each has a key, so
that a program that dies while it does so keeps none of them twice.
"""

from __future__ import annotations

import json
import logging
import os
import uuid
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.edit_dict import ops_from_list, ops_to_list
from codefx_desktop.jobs.review_values import Edit, EditDeed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout

log = logging.getLogger(__name__)

ASIDE_NAME: Final = ".review.aside"
"""Beside the review; a name that begins with a dot is never pushed."""


def put_aside(layout: JobLayout, edits: Iterable[Edit]) -> None:
    """Write changes down, one in a line; they are on the disk when this returns.

    Raises:
        OSError: If that cannot be done.
    """
    path = _path(layout)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for edit in edits:
            line = {
                "key": uuid.uuid4().hex,
                "deed": edit.deed.value,
                "text": edit.text,
                "ops": ops_to_list(edit.ops),
                "run": edit.run,
            }
            file.write(f"{json.dumps(line)}\n")
        file.flush()
        os.fsync(file.fileno())


def has_aside(layout: JobLayout) -> bool:
    """Return whether changes of a job's review wait to be kept."""
    return _path(layout).is_file()


def aside(layout: JobLayout) -> Iterator[tuple[str, Edit]]:
    """Yield the changes that were put aside, each with its key, in order.

    Raises:
        OSError: If they cannot be read now; they are still there.
    """
    for line in _path(layout).read_text(encoding="utf-8").splitlines():
        try:
            told = json.loads(line)
            ops = ops_from_list(told["ops"])
            deed, text = EditDeed(told["deed"]), str(told["text"])
            yield str(told["key"]), Edit(layout.job_id, deed, text, ops, str(told["run"]))
        except (ValueError, LookupError, TypeError):  # cut off by the same end of the program
            log.exception("A change that was put aside cannot be read: %s", line)


def forget_aside(layout: JobLayout) -> None:
    """Remove the changes that were put aside: they are kept now.

    Raises:
        OSError: If that cannot be done.
    """
    _path(layout).unlink(missing_ok=True)


def _path(layout: JobLayout) -> Path:
    return layout.review.with_name(ASIDE_NAME)
