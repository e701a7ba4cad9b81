"""Stops that follow from reviews which changed while nobody looked at the job.

Steps of others come in by a fetch or a push; a program dies between a step and what follows from
it; a job is run again. Up to where everybody reads what follows is noted beside the review.
"""

from __future__ import annotations

import logging
import queue
from contextlib import suppress
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.review_aside import has_aside
from codefx_desktop.jobs.review_reading import ReviewFiles
from codefx_desktop.jobs.review_settled import is_settled, note_settled
from codefx_desktop.jobs.review_values import MovedOn
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.store.history_stops import StopsNoted

log = logging.getLogger(__name__)


def settle_all(shop: Workshop, cancel: CancelSignal) -> Iterator[JobRecord]:
    """Yield the jobs that are others once what was said of them is told; looks at all jobs.

    Raises:
        HistoryError: If the history cannot be used.
        Cancelled: If the signal was seen.
    """
    reviewed = (one.job_id for one in shop.history.stops_noted() if _is_reviewed(one))
    return _settle(shop, reviewed, cancel)


def settle_waiting(shop: Workshop, cancel: CancelSignal) -> Iterator[JobRecord]:
    """Yield the same of the jobs that wait for it: steps of others came in, or they ran again.

    Raises:
        Cancelled: If the signal was seen.
    """
    waiting: dict[str, None] = {}
    with suppress(queue.Empty):
        while True:
            waiting[shop.unsettled_reviews.get_nowait()] = None
    return _settle(shop, waiting, cancel)


def settle_job(shop: Workshop, job_id: str, cancel: CancelSignal) -> JobRecord | None:
    """Have everybody read what follows from a job's review; return the job if it is another then.

    Whatever resists is logged and no failure of whoever changed the review, nor of other jobs: the
    next start of the program looks again.

    Raises:
        Cancelled: If the signal was seen.
    """
    try:
        record = shop.history.get(job_id)
        layout = layout_of(record)
        if not (record.status.is_final and layout.detections.is_file()) or is_settled(layout):
            return None
        with ReviewFile(layout.review) as file, DetectionReader(layout.detections) as reader:
            entries, run = file.entries(), reader.run
        if not (entries or has_aside(layout)):
            return None
        files = ReviewFiles(shop.history, shop.vision.tracker, shop.changing_stops)
        changed = files.settle(job_id, cancel)
        note_settled(layout, entries, run)
    except MovedOn:
        return None  # somebody goes on with it this moment, and keeps what follows
    except CodefxError as error:
        log.warning("The stops of job %s do not follow its review yet: %s", job_id, error)
        return None
    except Cancelled:
        raise
    except Exception:
        log.exception("The stops of job %s do not follow its review yet", job_id)
        return None
    return changed


def _is_reviewed(job: StopsNoted) -> bool:
    """Return whether a job has a review, as quickly as can be: most of thousands have none."""
    layout = JobLayout(job.job_dir.parent.parent, job.job_id)
    try:
        return layout.review.is_file() or has_aside(layout)
    except OSError:  # nobody may look, or its drive fails: said when it is settled
        return True


def _settle(shop: Workshop, job_ids: Iterable[str], cancel: CancelSignal) -> Iterator[JobRecord]:
    for job_id in job_ids:
        if cancel.is_set():
            raise Cancelled
        if (record := settle_job(shop, job_id, cancel)) is not None:
            yield record
