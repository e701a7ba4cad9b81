"""The export desk: every export ends with one word, on the main thread, whatever happens."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_footage import InlinePool

from codefx_desktop.domain.errors import AlreadyThere, HistoryError, NoSpace
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.sheet import Product, SheetDone, SheetRequest
from codefx_desktop.jobs.export_desk import ExportDesk
from codefx_desktop.jobs.export_values import ExportPhase, ExportStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal

COCO = SheetRequest((Product.COCO,), Path("/media/usb"))


class Opened:
    """A desk, what exports for it, and all it said."""

    def __init__(self, pool: Callable[[int], InlinePool] | None = None) -> None:
        self.error: BaseException | None = None
        self.opening_error: Exception | None = None
        self.holds = threading.Event()
        self.holds.set()
        self.threads: set[int] = set()
        self.steps: list[ExportStep] = []
        self.desk = (
            ExportDesk(self.calls_of) if pool is None else ExportDesk(self.calls_of, new_pool=pool)
        )
        self.desk.stepped.connect(self._take)

    def calls_of(self, _cancel: CancelSignal) -> Opened:
        if self.opening_error is not None:
            raise self.opening_error
        return self

    def export_sheet(
        self,
        job_id: str,
        request: SheetRequest,
        cancel: CancelSignal | None = None,
        progress: Callable[[float], None] = lambda _: None,
    ) -> SheetDone:
        self.threads.add(threading.get_ident())
        assert cancel is not None
        for number in range(1000):
            progress((number + 1) / 1000)
        while not self.holds.wait(0.005):
            if cancel.is_set():
                progress(1.0)  # it saw the stop late
                raise Cancelled
        if self.error is not None:
            raise self.error
        return SheetDone(job_id, request.folder, ())

    def phases(self, request_id: int) -> list[ExportPhase]:
        """Return the phases of an export one after another, each once."""
        seen = [step.phase for step in self.steps if step.request_id == request_id]
        return [now for now, before in zip(seen, [None, *seen], strict=False) if now != before]

    def ends(self) -> list[ExportStep]:
        return [step for step in self.steps if step.phase.is_final]

    def _take(self, step: ExportStep) -> None:
        assert threading.current_thread() is threading.main_thread()
        self.steps.append(step)


@pytest.fixture
def opened(qtbot: QtBot, qapp: object) -> Iterator[Opened]:
    opened = Opened()
    yield opened
    opened.desk.shutdown()
    opened.desk.deleteLater()


def test_it_is_written_on_a_worker_and_told_here(qtbot: QtBot, opened: Opened) -> None:
    request = opened.desk.export("a", COCO)
    qtbot.waitUntil(lambda: bool(opened.ends()))
    assert opened.phases(request) == [ExportPhase.RUNNING, ExportPhase.DONE]
    end = opened.steps[-1]
    assert (end.job_id, end.request, end.fraction) == ("a", COCO, 1.0)
    assert end.done is not None
    assert end.done.folder == COCO.folder
    assert threading.get_ident() not in opened.threads


def test_progress_is_told_as_often_as_a_person_sees_it(qtbot: QtBot, opened: Opened) -> None:
    opened.desk.export("a", COCO)
    qtbot.waitUntil(lambda: bool(opened.ends()))
    fractions = [step.fraction for step in opened.steps if step.phase is ExportPhase.RUNNING]
    assert 2 < len(fractions) < 50  # of a thousand
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


@pytest.mark.parametrize(
    ("error", "phase", "said"),
    [
        (AlreadyThere("coco.json is there.", hint="Replace it?"), ExportPhase.TAKEN, "Replace it?"),
        (NoSpace("The disk is full.", hint="Free some."), ExportPhase.FAILED, "Free some."),
        (ValueError("a bug"), ExportPhase.FAILED, "ValueError: a bug"),
        (Cancelled(), ExportPhase.STOPPED, ""),
    ],
)
def test_each_end_has_its_phase_and_its_sentence(
    qtbot: QtBot, opened: Opened, error: Exception, phase: ExportPhase, said: str
) -> None:
    opened.error = error
    opened.desk.export("a", COCO)
    qtbot.waitUntil(lambda: bool(opened.ends()))
    (end,) = opened.ends()
    assert end.phase is phase
    assert said in end.message
    assert end.done is None


def test_a_history_that_cannot_be_opened_is_told(qtbot: QtBot, opened: Opened) -> None:
    opened.opening_error = HistoryError("The history could not be opened.")
    opened.desk.export("a", COCO)
    qtbot.waitUntil(lambda: bool(opened.ends()))
    assert opened.ends()[0].message == "The history could not be opened."


def test_a_stop_is_heard_and_nothing_older_is_told_after_it(qtbot: QtBot, opened: Opened) -> None:
    opened.holds.clear()
    request = opened.desk.export("a", COCO)
    qtbot.waitUntil(lambda: opened.phases(request) == [ExportPhase.RUNNING])
    opened.desk.cancel(request)
    opened.desk.cancel(request)
    qtbot.waitUntil(lambda: bool(opened.ends()))
    stopping = [s for s in opened.steps if s.phase is ExportPhase.STOPPING]
    assert len(stopping) == 1
    assert stopping[0].fraction > 0
    assert opened.phases(request)[1:] == [ExportPhase.STOPPING, ExportPhase.STOPPED]
    opened.desk.cancel(request)
    assert opened.steps[-1].phase is ExportPhase.STOPPED


def test_one_waits_for_another_and_can_be_stopped_before_its_turn(
    qtbot: QtBot, opened: Opened
) -> None:
    opened.holds.clear()
    first, second = opened.desk.export("a", COCO), opened.desk.export("b", COCO)
    qtbot.waitUntil(lambda: bool(opened.phases(first)))
    opened.desk.cancel(second)
    opened.holds.set()
    qtbot.waitUntil(lambda: len(opened.ends()) == 2)
    assert opened.phases(first)[-1] is ExportPhase.DONE
    assert opened.phases(second) == [ExportPhase.STOPPING, ExportPhase.STOPPED]


def test_the_end_of_the_program_stops_it_and_says_nothing_more(
    qtbot: QtBot, opened: Opened
) -> None:
    opened.holds.clear()
    request = opened.desk.export("a", COCO)
    qtbot.waitUntil(lambda: bool(opened.phases(request)))
    opened.desk.shutdown()
    assert opened.desk._exports.wait(0)
    assert opened.desk.export("b", COCO) == request + 1
    qtbot.wait(20)
    assert not opened.ends()


def test_steps_bear_the_number_that_was_returned(qtbot: QtBot, qapp: object) -> None:
    opened = Opened(InlinePool)  # even where all is over before the call returns
    request = opened.desk.export("a", COCO)
    qtbot.waitUntil(lambda: bool(opened.ends()))
    assert {step.request_id for step in opened.steps} == {request}
    opened.desk.shutdown()
    opened.desk.deleteLater()
