"""A statistics desk without workers: notes what it is asked, answers from memory on a next turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.statistics import DurationChoice, Sample, StopOrigin, TimedStop
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.jobs.statistics_reading import answer_to
from codefx_desktop.jobs.statistics_values import Answer, Choices, Peers, Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CHOICES = Choices(
    (
        DurationChoice("stationary", "Stationary", (Place.NONE,)),
        DurationChoice("tyre", "Tyre", (Place.FRONT_LEFT, Place.REAR_LEFT)),
    ),
    ("F1",),
    ("Spa",),
    ("Blue", "Green"),
    (("f1", "Formula 1"),),
    12,
)


class FakeStatisticsDesk(QObject):
    """The same signals and calls as ``jobs.statistics_desk.StatisticsDesk``."""

    answered = Signal(object)
    freshening = Signal(int, int)
    freshened = Signal(int, str)
    compared = Signal(object)
    found = Signal(object, int)
    failed = Signal(str)
    saved = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.rows: tuple[TimedStop, ...] = ()
        self.choices = CHOICES
        self.trouble = ""
        self.peers: dict[tuple[str, int], Peers] = {}

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    # -- what the window calls ------------------------------------------------------------------

    def ask(self, question: Question) -> None:
        self.calls.append(("ask", question))
        QTimer.singleShot(0, self, lambda: self.answered.emit(self._answer(question)))

    def freshen(self) -> None:
        self.calls.append(("freshen",))

    def compare(self, job_id: str, number: int) -> None:
        self.calls.append(("compare", job_id, number))
        told = self.peers.get((job_id, number), Peers(job_id, number, ""))
        QTimer.singleShot(0, self, lambda: self.compared.emit(told))

    def find(self, job_id: str, number: int) -> None:
        self.calls.append(("find", job_id, number))

    def save_csv(self, question: Question, path: Path) -> None:
        self.calls.append(("save_csv", question, path))

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def put(self, rows: Sequence[TimedStop]) -> None:
        """Keep what the history has."""
        self.rows = tuple(rows)

    def _answer(self, question: Question) -> Answer:
        if self.trouble:
            return Answer(question, trouble=self.trouble)
        return answer_to(question, Sample(self.rows), self.choices)


def timed(number: int, value_s: float | None = None, **facts: str) -> TimedStop:
    """Return a stop of job ``job-<number>`` a day after the one before; facts as given."""
    day = date(2026, 3, 1) + timedelta(days=number)
    origin = StopOrigin(
        job_id=f"job-{number}",
        number=1,
        clip=f"stop-{number}.mp4",
        day=day,
        added_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number),
        series="F1",
        race="Spa",
        template="f1",
        template_label="Formula 1",
        frame_number=100 + number,
        facts=replace(StopFacts(), **facts),
    )
    if value_s is None:
        return TimedStop(origin, Place.NONE, None)
    return TimedStop(origin, Place.NONE, value_s, value_s - 0.02, value_s + 0.03, number % 2 == 0)


def season(count: int = 12) -> tuple[TimedStop, ...]:
    """Return stops of two teams that get faster by 0.01 s a day; the fifth was not found."""
    return tuple(
        timed(n, None if n == 4 else 3.0 - 0.01 * n, team=("Blue", "Green")[n % 2])
        for n in range(count)
    )
