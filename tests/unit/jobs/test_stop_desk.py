"""The stop desk without threads: what is told, in which order, and what is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fake_footage import InlinePools
from gui.fake_hub import record
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.run import Cancelled, CancelSignal
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.jobs.stop_desk import StopDesk
from codefx_desktop.jobs.stop_values import FactsShared, StopsRead, StopState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord

A = record("a.mp4", id="a")


class FakeFiles:
    """Stops out of memory; what was asked is noted."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.error: Exception | None = None

    def read(self, job_id: str, cancel: CancelSignal) -> StopsRead:
        self._note("read", job_id)
        if cancel.is_set():
            raise Cancelled
        return StopsRead(job_id, StopState.NONE)

    def set_front(self, job_id: str, front_deg: float, mirrored: bool) -> JobRecord:
        self._note("set_front", job_id, front_deg, mirrored)
        return A

    def set_facts(self, job_id: str, number: int, facts: StopFacts) -> JobRecord:
        self._note("set_facts", job_id, number, facts)
        return A

    def share_facts(self, job_ids: Sequence[str], facts: StopFacts) -> FactsShared:
        self._note("share_facts", tuple(job_ids), facts)
        return FactsShared((A,), ("b has none.",))

    def set_classic(self, job_id: str, name: str, value_s: float | None) -> JobRecord:
        self._note("set_classic", job_id, name, value_s)
        return A

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        if self.error is not None:
            raise self.error


class Table(InlinePools):
    """A desk on inline pools, and all that it said."""

    def __init__(self) -> None:
        super().__init__()
        self.files = FakeFiles()
        self.said: list[object] = []
        self.desk = StopDesk(lambda _cancel: self.files, new_pool=self.new_pool)
        for signal in ("read", "changed", "busied"):
            getattr(self.desk, signal).connect(self.said.append)
        self.desk.noticed.connect(lambda one: self.said.append((one.level, one.text)))


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    made = Table()
    yield made
    made.desk.shutdown()
    made.desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_newest_request_wins(table: Table) -> None:
    table.hold()
    for job_id in ("a", "b", "c"):
        table.desk.open(job_id)
    table.release()
    assert table.files.calls == [("read", "c")]
    assert table.said == [StopsRead("c", StopState.NONE)]


def test_an_answer_about_a_job_that_was_left_is_dropped(table: Table) -> None:
    table.hold()
    table.desk.open("a")
    table.desk.close()
    table.release()
    assert table.said == []


def test_what_cannot_be_read_says_why(table: Table) -> None:
    table.files.error = HistoryError("It is damaged.")
    table.desk.open("a")
    (told,) = table.said
    assert told == StopsRead("a", StopState.UNREADABLE, "It is damaged.")


def test_a_bug_is_told_too(table: Table) -> None:
    table.files.error = ZeroDivisionError("oops")
    table.desk.open("a")
    (told,) = table.said
    assert isinstance(told, StopsRead)
    assert told.state is StopState.UNREADABLE
    assert "ZeroDivisionError" in told.why


def test_a_change_is_told_and_the_job_is_read_again(table: Table) -> None:
    table.desk.open("a")
    table.said.clear()
    table.desk.set_front("a", 180.0, mirrored=False)
    assert table.said == [
        True,
        ("info", "The stops of a.mp4 were found again."),
        A,
        False,
        StopsRead("a", StopState.NONE),
    ]


def test_no_change_is_left_out(table: Table) -> None:
    table.hold()
    facts = StopFacts(team="Blue")
    table.desk.set_facts("a", 1, facts)
    table.desk.set_facts("a", 2, facts)
    table.desk.set_classic("a", "fuel_time_s", None)
    table.release()
    assert table.files.calls == [
        ("set_facts", "a", 1, facts),
        ("set_facts", "a", 2, facts),
        ("set_classic", "a", "fuel_time_s", None),
    ]
    assert table.said.count(False) == 1


def test_a_change_that_fails_says_so_and_nothing_stays_busy(table: Table) -> None:
    table.files.error = HistoryError("The disk is gone.")
    table.desk.set_facts("a", 1, StopFacts())
    assert table.said == [
        True,
        ("error", "What you said about the stop was not kept. The disk is gone."),
        False,
    ]


def test_sharing_says_who_was_left_out(table: Table) -> None:
    table.desk.share_facts(["a", "b"], StopFacts(team="Blue"))
    assert ("warning", "Used for the stops of 1 job. b has none.") in table.said


def test_nothing_is_begun_after_the_end(table: Table) -> None:
    table.desk.shutdown()
    table.desk.open("a")
    table.desk.set_facts("a", 1, StopFacts())
    assert table.files.calls == []
