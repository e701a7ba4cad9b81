"""Opens the history for one command and closes it after the last word was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.cli.output import fail
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.work import Workshop


@contextmanager
def opened() -> Iterator[Workshop]:
    """Open history and recorder; what the person should know goes to the error stream.

    Jobs whose program died are marked on the way, as the window does.

    Raises:
        CodefxError: If the history cannot be opened.
    """
    from codefx_desktop.jobs.engine import Engine

    shop, notices = open_workshop(app_paths(), load_settings())
    engine = Engine(shop)
    try:
        for notice in notices:
            fail(notice)
        try:
            for record in engine.recover():
                fail(f"Job {record.id[:8]} ({record.input_filename}) was interrupted.")
        except CodefxError as error:  # what was asked may well be answered all the same
            fail(str(error))
        yield shop
    finally:
        engine.close()


def settled(shop: Workshop, record: JobRecord, cancel: CancelSignal) -> JobRecord:
    """Return a job whose stops follow its review, be it that a program ended before they did.

    Args:
        shop: Knows the job.
        record: The job.
        cancel: Leaves it as it is.
    """
    from codefx_desktop.jobs.review_settling import settle_job

    with suppress(Cancelled):
        if (changed := settle_job(shop, record.id, cancel)) is not None:
            tell_settled(changed)
            return changed
    return record


def tell_settled(record: JobRecord) -> None:
    """Tell that a job's stops are others now."""
    fail(f"The stops of {record.input_filename} follow its review now.")


def settle_waiting(shop: Workshop, cancel: CancelSignal) -> None:
    """Have stops follow reviews that changed while a command worked; belongs on a worker.

    Args:
        shop: Whose jobs wait for it.
        cancel: Leaves the rest to the next start of the program.
    """
    if shop.unsettled_reviews.empty():
        return
    from codefx_desktop.jobs import review_settling

    with suppress(Cancelled):
        list(review_settling.settle_waiting(shop, cancel))
