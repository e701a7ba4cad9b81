"""A desk with a job open, without threads: what is worked out of the job is told while it is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from fake_footage import InlinePools

from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.open_job_desk import OpenJobDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal


class Opening(OpenJobDesk):
    """Opens jobs."""

    def open(self, job_id: str) -> None:
        self._job_id = job_id


class Table(InlinePools):
    """A desk on inline pools."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Opening(None, self.new_pool)


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    made = Table()
    yield made
    made.desk.shutdown()
    made.desk.deleteLater()


def test_what_is_worked_out_is_told_while_its_job_is_open(table: Table) -> None:
    found: list[object] = []
    trouble: list[str] = []
    table.desk.work_out("sum", lambda: 1, found.append, trouble.append)
    table.desk.open("a")
    table.desk.work_out("sum", lambda: 2, found.append, trouble.append)
    table.hold()
    for number in (3, 4):
        table.desk.work_out("sum", partial(int, number), found.append, trouble.append)
    table.release()
    assert found == [2, 4]
    table.hold()
    table.desk.work_out("sum", lambda: 5, found.append, trouble.append)
    table.desk.open("b")
    table.release()
    table.desk.work_out("sum", partial(int, "x"), found.append, trouble.append)
    assert (found, len(trouble)) == ([2, 4], 1)


def test_a_change_of_many_frames_tells_how_far_it_is_and_is_stopped(table: Table) -> None:
    told: list[object] = []
    table.desk.spreading.connect(told.append)

    def work(progress: Callable[[float], None], cancel: CancelSignal) -> str:
        progress(0.5)
        if cancel.is_set():
            raise Cancelled
        return "ops"

    table.desk.open("a")
    table.desk.spread(work, told.append, told.append)
    assert told == [0.0, 0.5, "ops", None]
    told.clear()
    table.hold()
    table.desk.spread(work, told.append, told.append)
    table.desk.stop_spreading()
    table.release()
    assert told == [0.0, 0.5, None]
    told.clear()
    table.hold()
    table.desk.spread(work, told.append, told.append)
    table.desk.open("b")
    table.release()
    assert told == [0.0, 0.5, None]


def test_trouble_with_a_job_that_was_left_is_nobodys(table: Table) -> None:
    told: list[object] = []

    def work(*_: object) -> None:
        table.desk.open("b")
        raise LookupError("its box is gone")

    table.desk.open("a")
    table.desk.work_out("sum", work, told.append, told.append)
    table.desk.open("a")
    table.desk.spread(work, told.append, told.append)
    assert told == []
