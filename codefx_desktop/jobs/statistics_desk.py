"""Statistics over the history for the screen: asked for at once, answered by signals."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal

from codefx_desktop.jobs.desk import Desk
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.statistics_values import Answer, Peers
from codefx_desktop.jobs.until import Until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.statistics_values import Question, StatisticsCalls

log = logging.getLogger(__name__)


class StatisticsDesk(Desk):
    """Answers about the stops of all jobs; lives in the main thread, works on workers.

    Every call returns at once. Of several questions only the newest counts; all tables that are
    to be saved are. What is known of the stops is answered first; copying what changed goes on
    beside it, and ends in ``freshened``.

    Args:
        files_of: Returns what answers. Called on a worker; may block until the signal it is
            given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    SHUTDOWN_MS: ClassVar[int] = 5_000

    answered = Signal(object)
    """``Answer`` to the newest question."""
    freshening = Signal(int, int)
    """How many jobs were looked at for stops that changed, of how many."""
    freshened = Signal(int, str)
    """Of how many jobs stops were copied, and why no more were; empty where all were."""
    found = Signal(object, int)
    """``JobRecord`` of a stop that is to be viewed, and number of the stop."""
    failed = Signal(str)
    """Why a stop cannot be viewed."""
    saved = Signal(str, str)
    """A table was written: where, and why it was not; empty where it was."""
    compared = Signal(object)
    """``Peers`` of the stop that was asked about last."""

    def __init__(
        self,
        files_of: Callable[[CancelSignal], StatisticsCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._files_of = files_of
        # Copying may take minutes where there are many older jobs; questions do not wait for it.
        self._asks, self._copies = self._newest_calls(), self._newest_calls()
        self._saves = self._queued_calls(keeps=True)
        self._question: Question | None = None
        self._stop: tuple[str, int] | None = None

    def ask(self, question: Question) -> None:
        """Ask the history; the newest question wins."""
        self._question = question
        left = Until(lambda: self.closing.is_set() or question != self._question)

        def receive(found: Answer) -> None:
            if found.question == self._question:
                self.answered.emit(found)

        self._ask(
            self._asks,
            "answer",
            lambda: self._files_of(left).answer(question, left),
            receive,
            lambda why: Answer(question, trouble=why),
        )

    def freshen(self) -> None:
        """Have the stops of jobs that changed copied from their files."""
        told = partial(self._tell, self.freshening.emit)

        def work() -> tuple[int, str]:
            return self._files_of(self.closing).freshen(self.closing, told), ""

        self._ask(
            self._copies,
            "freshen",
            work,
            lambda found: self.freshened.emit(*found),
            lambda why: (0, why),
        )

    def compare(self, job_id: str, number: int) -> None:
        """Ask for the best of a stop's peers; the newest stop wins."""
        stop = self._stop = (job_id, number)
        left = Until(lambda: self.closing.is_set() or stop != self._stop)

        def receive(found: Peers) -> None:
            if (found.job_id, found.number) == self._stop:
                self.compared.emit(found)

        def failed(why: str) -> Peers:
            log.warning("The peers of a stop could not be found: %s", why)
            return Peers(job_id, number, "")

        self._ask(
            self._asks,
            "peers",
            lambda: self._files_of(left).peers(job_id, number, left),
            receive,
            failed,
        )

    def find(self, job_id: str, number: int) -> None:
        """Ask for the job of a stop: the window knows only those that it has listed."""

        def receive(found: JobRecord | str) -> None:
            if isinstance(found, str):
                self.failed.emit(found)
            else:
                self.found.emit(found, number)

        def work() -> JobRecord | str:
            return self._files_of(self.closing).job(job_id)

        self._ask(self._asks, "find", work, receive, str)

    def save_csv(self, question: Question, path: Path) -> None:
        """Write the times that count for a question as a table for spreadsheets.

        Each table is written, and told of, also where others are asked for meanwhile.
        """

        def work() -> str:
            self._files_of(self.closing).save_csv(question.wanted, path)
            return ""

        self._ask(self._saves, "save", work, partial(self.saved.emit, str(path)), str)
