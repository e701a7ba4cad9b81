"""The statistics desk: answers by signals, the newest question wins, trouble is told."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import HistoryError, NoSpace
from codefx_desktop.domain.statistics import GroupBy, StatFilter
from codefx_desktop.jobs.statistics_desk import StatisticsDesk
from codefx_desktop.jobs.statistics_values import Answer, Peers, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal


class Files:
    """Answers from memory; waits where a test says so."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.begun = threading.Event()
        self.cancelled: list[bool] = []
        self.trouble: Exception | None = None

    def answer(self, question: Question, cancel: CancelSignal) -> Answer:
        self.begun.set()
        assert self.go_on.wait(60)
        self.cancelled.append(cancel.is_set())
        if self.trouble is not None:
            raise self.trouble
        return Answer(question, "Stationary")

    def freshen(
        self, cancel: CancelSignal, progress: Callable[[int, int], None] | None = None
    ) -> int:
        assert progress is not None
        progress(50, 60)
        if self.trouble is not None:
            raise self.trouble
        return 0 if cancel.is_set() else 3

    def peers(self, job_id: str, number: int, cancel: CancelSignal) -> Peers:
        del cancel
        if self.trouble is not None:
            raise self.trouble
        return Peers(job_id, number, "stops", 2, 2.0)

    def job(self, job_id: str) -> JobRecord:
        raise HistoryError(f"There is no job {job_id}.")

    def save_csv(self, wanted: StatFilter, path: Path) -> None:
        del wanted, path
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def desk(qapp: object, files: Files) -> Iterator[StatisticsDesk]:
    desk = StatisticsDesk(lambda _cancel: files)
    yield desk
    files.go_on.set()
    desk.shutdown()
    desk.deleteLater()


def test_the_newest_question_wins(qtbot: QtBot, desk: StatisticsDesk, files: Files) -> None:
    answers: list[Answer] = []
    desk.answered.connect(answers.append)
    files.go_on.clear()
    desk.ask(Question())
    assert files.begun.wait(60)
    desk.ask(Question(by=GroupBy.TEAM))
    desk.ask(Question(by=GroupBy.RACE))
    files.go_on.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert [one.question.by for one in answers] == [GroupBy.RACE]
    assert files.cancelled == [True, False]  # the one in work was told, the one between never ran


def test_trouble_is_an_answer(qtbot: QtBot, desk: StatisticsDesk, files: Files) -> None:
    files.trouble = HistoryError("The history is busy.", hint="Try again.")
    with qtbot.waitSignal(desk.answered) as told:
        desk.ask(Question())
    assert "The history is busy." in told.args[0].trouble
    files.trouble = RuntimeError("a bug")
    with qtbot.waitSignal(desk.answered) as told:
        desk.ask(Question(by=GroupBy.TEAM))
    assert "RuntimeError" in told.args[0].trouble


def test_copying_goes_on_beside_questions(qtbot: QtBot, desk: StatisticsDesk, files: Files) -> None:
    files.go_on.clear()
    desk.ask(Question())
    assert files.begun.wait(60)
    with qtbot.waitSignals([desk.freshening, desk.freshened]):
        desk.freshen()
    files.trouble = HistoryError("The history is busy.")
    with qtbot.waitSignal(desk.freshened) as told:
        desk.freshen()
    assert told.args == [0, "The history is busy."]


def test_peers_jobs_and_tables(qtbot: QtBot, desk: StatisticsDesk, files: Files) -> None:
    with qtbot.waitSignal(desk.compared) as told:
        desk.compare("a", 1)
    assert told.args[0].best_s == 2.0
    with qtbot.waitSignal(desk.failed) as told:
        desk.find("gone", 1)
    assert told.args == ["There is no job gone."]
    files.trouble = NoSpace("The disk is full.")
    with qtbot.waitSignal(desk.saved) as told:
        desk.save_csv(Question(), Path("stops.csv"))
    assert told.args == ["stops.csv", "The disk is full."]
    with qtbot.waitSignal(desk.compared) as told:
        desk.compare("b", 2)
    assert told.args[0] == Peers("b", 2, "")  # no figure where none can be had


def test_every_table_that_is_to_be_saved_is(
    qtbot: QtBot, desk: StatisticsDesk, files: Files
) -> None:
    saved: list[tuple[str, str]] = []
    desk.saved.connect(lambda *told: saved.append(told))
    files.go_on.clear()
    desk.ask(Question())
    assert files.begun.wait(60)
    for name in ("a", "b", "c"):
        desk.save_csv(Question(), Path(name))
    files.go_on.set()
    qtbot.waitUntil(lambda: len(saved) == 3)
    assert saved == [("a", ""), ("b", ""), ("c", "")]


def test_after_the_end_nothing_is_told(desk: StatisticsDesk, files: Files) -> None:
    answers: list[Answer] = []
    desk.answered.connect(answers.append)
    files.go_on.clear()
    desk.ask(Question())
    assert files.begun.wait(60)
    threading.Timer(0.1, files.go_on.set).start()
    desk.shutdown()
    desk.ask(Question(by=GroupBy.TEAM))
    assert not answers
    assert files.cancelled == [True]
