"""Makes what transfers pushes out of a workshop, as the settings say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.jobs.push_bandwidth import Bandwidth
from codefx_desktop.jobs.pusher import Pusher, PushPorts, PushSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.push import PushProgress
    from codefx_desktop.jobs.work import Workshop

LOOK_S: Final = 2.0
"""How often the history is asked whether a job runs; a job runs for minutes."""
BYTES_PER_MBIT: Final = 1_000_000 / 8


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
    ports = PushPorts(
        open_target=shop.targets.find,
        open_store=shop.targets.open,
        staging=shop.paths.staging,
        is_busy=lambda: is_busy() or others(),
        tell=tell,
    )
    how = PushSettings(
        workers=settings.push_workers, workers_beside_job=settings.push_workers_during_job
    )
    limit = bandwidth or Bandwidth(settings.push_limit_mbit * BYTES_PER_MBIT)
    return Pusher(shop.outbox.open(), ports, how, limit)


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
