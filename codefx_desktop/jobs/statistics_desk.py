"""Statistics over the history for the screen: asked for at once, answered by signals."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.statistics_values import Answer, Peers
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.statistics_values import Question, StatisticsCalls

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 5_000


class StatisticsDesk(QObject):
    """Answers about the stops of all jobs; lives in the main thread, works on workers.

    Every call returns at once. Of several questions only the newest counts. What is known of the
    stops is answered first; copying what changed goes on beside it, and ends in ``freshened``.
    Call ``shutdown`` before letting go of it; the hub does so for those it made.

    Args:
        files_of: Returns what answers. Called on a worker; may block until the signal it is
            given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

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

    _arrived = Signal(object)

    def __init__(
        self,
        files_of: Callable[[CancelSignal], StatisticsCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._files_of = files_of
        # Copying may take minutes where there are many older jobs; questions do not wait for it.
        self._asks, self._copies = NewestCalls(new_pool(1)), NewestCalls(new_pool(1))
        self._question: Question | None = None
        self._stop: tuple[str, int] | None = None
        self._closing = False
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def ask(self, question: Question) -> None:
        """Ask the history; the newest question wins."""
        self._question = question
        self._asks.ask("answer", lambda: self._answer(question))

    def freshen(self) -> None:
        """Have the stops of jobs that changed copied from their files."""
        self._copies.ask("freshen", self._freshen)

    def compare(self, job_id: str, number: int) -> None:
        """Ask for the best of a stop's peers; the newest stop wins."""
        self._stop = (job_id, number)
        self._asks.ask("peers", lambda: self._compare(job_id, number))

    def find(self, job_id: str, number: int) -> None:
        """Ask for the job of a stop: the window knows only those that it has listed."""
        self._asks.ask("find", lambda: self._find(job_id, number))

    def save_csv(self, question: Question, path: Path) -> None:
        """Write the times that count for a question as a table for spreadsheets."""
        self._asks.ask("save", lambda: self._save(question, path))

    def shutdown(self) -> None:
        """Answer nothing any more, wait five seconds at most."""
        if self._closing:
            return
        self._closing = True
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        for calls in (self._asks, self._copies):
            calls.close()
        if not all(calls.wait(deadline.remainingTime()) for calls in (self._asks, self._copies)):
            log.warning("A worker of the statistics desk did not end within %d ms", SHUTDOWN_MS)

    @property
    def is_closing(self) -> bool:
        """Whether all work is to end; may be asked on any thread."""
        return self._closing

    def is_wanted(self, what: object) -> bool:
        """Return whether anybody waits for an answer to it; may be asked on any thread."""
        return not self._closing and what in (self._question, self._stop)

    # -- inside: on workers -------------------------------------------------------------------

    def _answer(self, question: Question) -> None:
        left = _Left(self, question)
        try:
            found = self._files_of(left).answer(question, left)
        except Cancelled:
            return
        except CodefxError as error:
            found = Answer(question, trouble=str(error))
        except Exception as error:
            log.exception("The statistics could not be made")
            found = Answer(question, trouble=unexpected(error))
        self._tell(lambda: self._on_answer(found))

    def _freshen(self) -> None:
        trouble, count = "", 0
        try:
            files = self._files_of(_Closing(self))
            count = files.freshen(_Closing(self), self._say_progress)
        except Cancelled:
            return
        except CodefxError as error:
            trouble = str(error)
        except Exception as error:
            log.exception("The stops of jobs could not be copied")
            trouble = unexpected(error)
        self._tell(lambda: self.freshened.emit(count, trouble))

    def _find(self, job_id: str, number: int) -> None:
        try:
            record = self._files_of(_Closing(self)).job(job_id)
        except Cancelled:
            return
        except CodefxError as error:
            text = str(error)
            self._tell(lambda: self.failed.emit(text))
        except Exception as error:
            log.exception("Job %s could not be found", job_id)
            text = unexpected(error)
            self._tell(lambda: self.failed.emit(text))
        else:
            self._tell(lambda: self.found.emit(record, number))

    def _save(self, question: Question, path: Path) -> None:
        trouble = ""
        try:
            self._files_of(_Closing(self)).save_csv(question.wanted, path)
        except Cancelled:
            return
        except CodefxError as error:
            trouble = str(error)
        except Exception as error:
            log.exception("The table could not be written")
            trouble = unexpected(error)
        self._tell(lambda: self.saved.emit(str(path), trouble))

    def _say_progress(self, done: int, of: int) -> None:
        self._tell(lambda: self.freshening.emit(done, of))

    def _compare(self, job_id: str, number: int) -> None:
        left = _Left(self, (job_id, number))
        try:
            found = self._files_of(left).peers(job_id, number, left)
        except Cancelled:
            return
        except CodefxError:
            log.warning("The peers of a stop could not be found", exc_info=True)
            found = Peers(job_id, number, "")
        except Exception:
            log.exception("The peers of a stop could not be found")
            found = Peers(job_id, number, "")
        self._tell(lambda: self._on_peers(found))

    def _tell(self, act: Callable[[], None]) -> None:
        if not self._closing:
            self._arrived.emit(act)

    # -- inside: in the main thread -----------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        if not self._closing:
            act()

    def _on_answer(self, found: Answer) -> None:
        if found.question == self._question:
            self.answered.emit(found)

    def _on_peers(self, found: Peers) -> None:
        if (found.job_id, found.number) == self._stop:
            self.compared.emit(found)


class _Left:
    """The signal that nobody waits for an answer any more."""

    def __init__(self, desk: StatisticsDesk, what: object) -> None:
        self._desk, self._what = desk, what

    def is_set(self) -> bool:
        """Return whether another question has taken its place."""
        return not self._desk.is_wanted(self._what)


class _Closing:
    """The signal that the desk ends."""

    def __init__(self, desk: StatisticsDesk) -> None:
        self._desk = desk

    def is_set(self) -> bool:
        """Return whether nothing is to begin any more."""
        return self._desk.is_closing
