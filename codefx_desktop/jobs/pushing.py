"""Makes what pushes out of a workshop, as the settings say: the same for window and terminal."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import CodefxError, HistoryError
from codefx_desktop.domain.push import Priority, PushPart
from codefx_desktop.jobs.push_bandwidth import Bandwidth
from codefx_desktop.jobs.push_plan import queue_push
from codefx_desktop.jobs.pusher import Pusher, PushPorts, PushSettings
from codefx_desktop.jobs.review_exchange import join_pushed, settle_pushed
from codefx_desktop.jobs.source_copies import SourceCopies

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.push import Push, PushOptions, PushProgress
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.store.outbox import Outbox

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
"""How often the history is asked whether a job runs; a job runs for minutes."""
BYTES_PER_MBIT: Final = 1_000_000 / 8


def copies_of(shop: Workshop) -> SourceCopies:
    """Return what keeps the app's own copies of sources."""
    settings = shop.settings
    removes = settings.cleanup_local_video_after_upload
    return SourceCopies(settings.temp_media(shop.paths), removes=removes)


def queue(shop: Workshop, record: JobRecord, target: str, options: PushOptions) -> Push:
    """Put a job into the outbox; ``push_plan.queue_push`` tells the errors.

    A copy of the source stands for a clip that may be away.
    """
    source = copies_of(shop).source_of(record) if PushPart.SOURCE in options.parts else None
    return queue_push(shop.outbox.open(), record, target, options, shop.paths.staging, source)


def new_pusher(
    shop: Workshop,
    tell: Callable[[PushProgress], None],
    *,
    bandwidth: Bandwidth | None = None,
    is_busy: Callable[[], bool] = lambda: False,
) -> Pusher:
    """Return what transfers this program's outbox, and yields to jobs, whoever runs them.

    Args:
        shop: Settings, history, targets, outbox.
        tell: Told how far pushes are, on the leading thread.
        bandwidth: The limit of all transfers; None: as the settings say.
        is_busy: Whether this program works on a job, known at once; of other programs' jobs the
            history tells a little later.

    Raises:
        HistoryError: If the outbox cannot be used.
        NotWritable: If it cannot be written to.
    """
    settings, others = shop.settings, JobsSeen(shop)
    outbox, copies = shop.outbox.open(), copies_of(shop)
    ports = PushPorts(
        open_target=shop.targets.find,
        open_store=shop.targets.open,
        staging=shop.paths.staging,
        is_busy=lambda: is_busy() or others(),
        tell=tell,
        on_pushed=lambda push: _settle(shop, copies, outbox, push),
        before_review=partial(join_pushed, shop),
    )
    how = PushSettings(
        workers=settings.push_workers, workers_beside_job=settings.push_workers_during_job
    )
    limit = bandwidth or Bandwidth(settings.push_limit_mbit * BYTES_PER_MBIT)
    return Pusher(outbox, ports, how, limit)


def _settle(shop: Workshop, copies: SourceCopies, outbox: Outbox, push: Push) -> None:
    """Remove or mark the copy of a source that was pushed; what resists is no reason to stop."""
    pieces = outbox.pieces(push.id)
    settle_pushed(shop, push.job_id, pieces, push.revision)
    sources = (one for one in pieces if one.priority is Priority.SOURCE)
    try:
        copies.settle(push, next(sources, None))
    except CodefxError as error:
        log.warning("Job %s was pushed; its source's copy stays: %s", push.job_id, error)


class JobsSeen:
    """Whether a job runs on this machine, in any program; asks the history now and then.

    Args:
        shop: The history.
        clock: Seconds that only grow.
    """

    def __init__(self, shop: Workshop, clock: Callable[[], float] = time.monotonic) -> None:
        self._history, self._clock = shop.history, clock
        self._seen_s = float("-inf")
        self._is_busy = False

    def __call__(self) -> bool:
        """Return whether a job runs."""
        now = self._clock()
        if now - self._seen_s >= LOOK_S:
            self._seen_s = now
            try:
                self._is_busy = bool(self._history.processing())
            except HistoryError:  # not a reason to stop pushing; the last answer stands
                return self._is_busy
        return self._is_busy
