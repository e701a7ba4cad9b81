"""The push desk: one worker transfers while there is something to send, answers come back here.

Over 400 lines because every request about pushes is asked of one fake outbox.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from gui.fake_push import push

from codefx_desktop.domain.errors import ClipMissing, HistoryError, JobStateError, Offline
from codefx_desktop.domain.push import (
    DEFAULT_PARTS,
    Push,
    PushEstimate,
    PushOptions,
    PushPart,
    PushProgress,
    PushState,
)
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.push_desk import SWEEP_MS, PushDesk
from codefx_desktop.jobs.push_values import (
    CopyStep,
    Estimated,
    FetchStep,
    FetchWanted,
    Freeable,
    FreeSpace,
    LinksAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal


class Outbox:
    """An outbox in memory whose transfer goes on until it is stopped, or nothing is left."""

    def __init__(self) -> None:
        self.known: dict[int, Push] = {}
        self.transfers = 0
        self.asked: list[tuple[object, ...]] = []
        self.error: Exception | None = None
        self.is_taken = False
        self.notices: tuple[str, ...] = ()
        self.unreadable: Exception | None = None
        self.is_busy: list[bool] = []
        self.threads: set[int] = set()

    def pushes(self) -> tuple[Push, ...]:
        self.threads.add(threading.get_ident())
        if self.unreadable is not None:
            raise self.unreadable
        return tuple(self.known.values())

    def take_notices(self) -> tuple[str, ...]:
        notices, self.notices = self.notices, ()
        return notices

    def put(self, one: Push) -> None:
        self.known[one.id] = one

    def estimate(self, job_ids: Sequence[str]) -> PushEstimate:
        if self.error is not None:
            raise self.error
        return PushEstimate({PushPart.OUTPUT: len(job_ids)}, {PushPart.OUTPUT: 7})

    def push(self, job_id: str, target: str, options: PushOptions) -> Push:
        if self.error is not None:
            raise self.error
        one = push(len(self.known) + 1, job_id=job_id, target=target, options=options)
        self.put(one)
        return one

    def _set(self, push_id: int, state: PushState) -> None:
        self.known[push_id] = push(push_id, state)

    def pause(self, push_id: int) -> None:
        self._set(push_id, PushState.PAUSED)

    def resume(self, push_id: int) -> None:
        self._set(push_id, PushState.WAITING)

    def retry(self, push_id: int) -> None:
        self._set(push_id, PushState.WAITING)

    def cancel(self, push_id: int) -> None:
        self._set(push_id, PushState.CANCELLED)

    def forget(self, push_id: int) -> None:
        del self.known[push_id]

    def transfer(
        self,
        stop: CancelSignal,
        tell: Callable[[PushProgress], None],
        is_busy: Callable[[], bool],
    ) -> None:
        self.transfers += 1
        self.is_busy.append(is_busy())
        if self.is_taken:
            return
        step = 0
        while not stop.is_set() and any(not one.state.is_final for one in self.known.values()):
            step += 1
            for one in self.known.values():
                now = push(one.id, PushState.SENDING, sent_bytes=step * 1000)
                self.known[one.id] = now
                tell(PushProgress(now, 4_000_000.0, 12.0))
            time.sleep(0.002)

    def set_limit(self, mbit: float) -> None:
        self.asked.append(("set_limit", mbit))

    def links(self, request_id: int, job_id: str, target: str, ttl_s: int) -> LinksAnswer:
        if self.error is not None:
            raise self.error
        return LinksAnswer(request_id, job_id, target, json="{}")

    def fetch(
        self, wanted: FetchWanted, tell: Callable[[FetchStep], None], cancel: CancelSignal
    ) -> FetchStep:
        tell(FetchStep(wanted.request_id, wanted.what))
        while wanted.target == "slow":
            if cancel.is_set():
                raise Cancelled
            time.sleep(0.002)
        return FetchStep(wanted.request_id, "a.mp4", is_final=True)

    def copy_sources(
        self,
        request_id: int,
        job_ids: Sequence[str],
        tell: Callable[[CopyStep], None],
        cancel: CancelSignal,
    ) -> CopyStep:
        if self.error is not None:
            raise self.error
        tell(CopyStep(request_id, job_ids[0]))
        while job_ids[0] == "slow":
            if cancel.is_set():
                raise Cancelled
            time.sleep(0.002)
        return CopyStep(request_id, is_final=True)

    def sweep(self) -> int:
        self.asked.append(("sweep",))
        return 0

    def delete_remote(self, job_id: str, cancel: CancelSignal) -> None:
        if self.error is not None:
            raise self.error
        self.asked.append(("delete_remote", job_id))

    def free_space(self, job_ids: Sequence[str] | None, cancel: CancelSignal) -> FreeSpace:
        if self.error is not None:
            raise self.error
        one = Freeable("job-1", "a.mp4", "Team R2", 3, 12)
        return FreeSpace((one,)) if job_ids is None else FreeSpace(freed_bytes=12)


class Desk:
    """A desk, its outbox, and all it said."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.busy = False
        self.desk = PushDesk(lambda _cancel: self.outbox, is_busy=lambda: self.busy)
        self.said: dict[str, list[object]] = {}
        told = "pushes estimated pushed links_ready fetched copied space deleted all_paused trouble"
        for name in told.split():
            getattr(self.desk, name).connect(self.said.setdefault(name, []).append)

    def now(self) -> tuple[PushProgress, ...]:
        """Return the newest list."""
        told = self.said["pushes"]
        return told[-1] if told else ()  # type: ignore[return-value]


@pytest.fixture
def opened(qtbot: QtBot, qapp: object) -> Iterator[Desk]:
    opened = Desk()
    yield opened
    opened.desk.shutdown()
    opened.desk.deleteLater()


def test_an_empty_outbox_begins_no_transfer(qtbot: QtBot, opened: Desk) -> None:
    opened.outbox.put(push(1, PushState.PUSHED))
    opened.outbox.put(push(2, PushState.STOPPED))
    opened.outbox.put(push(3, PushState.PAUSED))
    opened.desk.start()
    qtbot.waitUntil(lambda: len(opened.now()) == 3)
    qtbot.wait(50)
    assert opened.outbox.transfers == 0
    assert threading.get_ident() not in opened.outbox.threads


def test_a_damaged_outbox_is_told_once(qtbot: QtBot, opened: Desk) -> None:
    opened.outbox.notices = ("The outbox was damaged.",)
    opened.desk.start()
    qtbot.waitUntil(lambda: bool(opened.said["trouble"]))
    opened.desk.request_list()
    qtbot.wait(50)
    assert opened.said["trouble"] == ["The outbox was damaged."]


def test_the_same_trouble_is_not_told_again_and_again(qtbot: QtBot, opened: Desk) -> None:
    def look() -> None:
        opened.desk.request_list()
        qtbot.wait(30)

    opened.outbox.unreadable = HistoryError("The outbox is damaged.")
    look()
    look()
    assert opened.said["trouble"] == ["The outbox is damaged."]
    opened.outbox.unreadable = None
    look()
    opened.outbox.unreadable = HistoryError("The outbox is damaged.")
    look()
    assert opened.said["trouble"] == ["The outbox is damaged."] * 2


def test_what_waits_is_sent_and_told_with_its_speed(qtbot: QtBot, opened: Desk) -> None:
    opened.desk.push(("job-1", "job-2"), "Team R2", PushOptions())
    qtbot.waitUntil(lambda: len(opened.now()) == 2 and opened.now()[0].bytes_per_s > 0)
    queued = [one.job_id for one in opened.said["pushed"] if isinstance(one, Push)]
    assert queued == ["job-1", "job-2"]
    assert opened.now()[0].eta_s == 12.0
    assert opened.outbox.transfers == 1


def test_it_is_told_ten_times_a_second_at_most(qtbot: QtBot, opened: Desk) -> None:
    opened.outbox.put(push(1))
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.outbox.transfers == 1)
    before = len(opened.said["pushes"])
    qtbot.wait(500)
    assert 3 <= len(opened.said["pushes"]) - before <= 7


def test_pausing_all_ends_the_transfer_resuming_begins_one(qtbot: QtBot, opened: Desk) -> None:
    opened.outbox.put(push(1))
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.outbox.transfers == 1)
    opened.desk.pause_all(True)
    opened.desk.pause_all(True)
    assert opened.said["all_paused"] == [True]
    qtbot.wait(100)
    opened.desk.request_list()
    qtbot.wait(100)
    assert opened.outbox.transfers == 1
    opened.desk.pause_all(False)
    qtbot.waitUntil(lambda: opened.outbox.transfers == 2)


def test_it_rests_where_another_program_transfers(qtbot: QtBot, opened: Desk) -> None:
    opened.outbox.is_taken = True
    opened.outbox.put(push(1))
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.outbox.transfers == 1)
    for _ in range(5):
        opened.desk.request_list()
        qtbot.wait(20)
    assert opened.outbox.transfers == 1
    opened.desk.retry(1)  # a person wants it now
    qtbot.waitUntil(lambda: opened.outbox.transfers == 2)


def test_a_push_changes_as_it_is_asked(qtbot: QtBot, opened: Desk) -> None:
    def states() -> list[PushState]:
        return [one.push.state for one in opened.now()]

    opened.outbox.put(push(1, PushState.STOPPED))
    opened.desk.pause(1)
    qtbot.waitUntil(lambda: states() == [PushState.PAUSED])
    opened.desk.cancel(1)
    qtbot.waitUntil(lambda: states() == [PushState.CANCELLED])
    opened.desk.forget(1)
    qtbot.waitUntil(lambda: states() == [])
    opened.desk.set_limit(8.0)
    qtbot.waitUntil(lambda: ("set_limit", 8.0) in opened.outbox.asked)


def test_pushing_yields_to_a_job(qtbot: QtBot, opened: Desk) -> None:
    opened.busy = True
    opened.outbox.put(push(1))
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.outbox.is_busy == [True])


def test_estimates_and_links_carry_their_request(qtbot: QtBot, opened: Desk) -> None:
    request = opened.desk.estimate(["a", "b"])
    qtbot.waitUntil(lambda: bool(opened.said["estimated"]))
    answer = opened.said["estimated"][-1]
    assert isinstance(answer, Estimated)
    assert (answer.request_id, answer.estimate.files) == (request, {PushPart.OUTPUT: 2})
    request = opened.desk.links("a", "Team R2", 3600)
    qtbot.waitUntil(lambda: bool(opened.said["links_ready"]))
    links = opened.said["links_ready"][-1]
    assert isinstance(links, LinksAnswer)
    assert (links.request_id, links.json) == (request, "{}")


def test_known_troubles_come_where_they_belong(qtbot: QtBot, opened: Desk) -> None:
    opened.outbox.error = Offline("Nobody answers.", hint="Try later.")
    opened.desk.links("a", "Team R2", 60)
    opened.desk.ask_free_space()
    qtbot.waitUntil(lambda: bool(opened.said["links_ready"]) and bool(opened.said["space"]))
    assert opened.said["links_ready"][0].message == "Nobody answers. Try later."  # type: ignore[attr-defined]
    assert opened.said["space"][0].message == "Nobody answers. Try later."  # type: ignore[attr-defined]
    opened.outbox.error = JobStateError("There is nothing to push.")
    opened.desk.push(["a"], "Team R2", PushOptions())
    opened.desk.estimate(["a"])
    qtbot.waitUntil(lambda: bool(opened.said["trouble"]) and bool(opened.said["estimated"]))
    assert opened.said["trouble"] == ["There is nothing to push."]
    opened.desk.delete_remote("a")
    qtbot.waitUntil(lambda: len(opened.said["trouble"]) == 2)
    assert not opened.said["deleted"]


def test_a_bug_is_told(qtbot: QtBot, opened: Desk, caplog: pytest.LogCaptureFixture) -> None:
    opened.outbox.error = RuntimeError("boom")
    opened.desk.delete_remote("a")
    qtbot.waitUntil(lambda: bool(opened.said["trouble"]))
    assert "RuntimeError" in str(opened.said["trouble"][0])
    assert "unexpectedly" in caplog.text
    opened.desk.links("a", "Team R2", 60)
    qtbot.waitUntil(lambda: bool(opened.said["links_ready"]))
    (answer,) = opened.said["links_ready"]
    assert isinstance(answer, LinksAnswer)
    assert "RuntimeError" in answer.message  # who waits for an answer gets one


def test_a_job_is_fetched_or_stopped(qtbot: QtBot, opened: Desk) -> None:
    def steps(request: int) -> list[FetchStep]:
        told = (one for one in opened.said["fetched"] if isinstance(one, FetchStep))
        return [one for one in told if one.request_id == request]

    done = opened.desk.fetch("https://x", "Team R2", DEFAULT_PARTS)
    stopped = opened.desk.fetch("job-2", "slow", DEFAULT_PARTS)
    qtbot.waitUntil(lambda: len(steps(done)) == 3 and len(steps(stopped)) == 2)
    opened.desk.stop_fetch(stopped)
    qtbot.waitUntil(lambda: steps(stopped)[-1].is_final)
    assert [(one.is_final, one.name) for one in steps(done)][2:] == [(True, "a.mp4")]
    assert steps(stopped)[-1].message == "Stopped."


def test_footage_is_copied_stopped_or_not_there(qtbot: QtBot, opened: Desk) -> None:
    def steps(request: int) -> list[CopyStep]:
        told = (one for one in opened.said["copied"] if isinstance(one, CopyStep))
        return [one for one in told if one.request_id == request]

    done = opened.desk.copy_sources(["job-1", "job-2"])
    stopped = opened.desk.copy_sources(["slow"])
    qtbot.waitUntil(lambda: len(steps(stopped)) == 1)
    assert [(one.name, one.is_final) for one in steps(done)] == [("job-1", False), ("", True)]
    opened.desk.stop_copy(stopped)
    qtbot.waitUntil(lambda: steps(stopped)[-1].is_final)
    assert steps(stopped)[-1].message == "Stopped."
    opened.outbox.error = ClipMissing("The source a.mp4 is not there.")
    gone = opened.desk.copy_sources(["job-1"])
    qtbot.waitUntil(lambda: bool(steps(gone)))
    assert steps(gone)[0].message == "The source a.mp4 is not there."


def test_left_overs_are_swept_every_day(qtbot: QtBot, opened: Desk) -> None:
    opened.desk.start()
    qtbot.waitUntil(lambda: opened.outbox.asked.count(("sweep",)) == 1)
    assert opened.desk._sweeper.interval() == SWEEP_MS == 24 * 3600 * 1000
    opened.desk._sweeper.timeout.emit()
    qtbot.waitUntil(lambda: len(opened.outbox.asked) == 2)


def test_space_is_told_then_freed(qtbot: QtBot, opened: Desk) -> None:
    opened.desk.ask_free_space()
    qtbot.waitUntil(lambda: len(opened.said["space"]) == 1)
    found = opened.said["space"][0]
    assert isinstance(found, FreeSpace)
    assert found.size_bytes == 12
    opened.desk.free_space(["job-1"])
    qtbot.waitUntil(lambda: len(opened.said["space"]) == 2)
    assert opened.said["space"][1].freed_bytes == 12  # type: ignore[attr-defined]


def test_it_ends_at_once_and_says_nothing_afterwards(
    qtbot: QtBot, opened: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    opened.outbox.put(push(1))
    opened.desk.start()
    opened.desk.fetch("job-2", "slow", DEFAULT_PARTS)
    qtbot.waitUntil(lambda: opened.outbox.transfers == 1)
    opened.desk.shutdown()
    assert "did not end" not in caplog.text
    said = {name: len(told) for name, told in opened.said.items()}
    opened.desk.request_list()
    opened.desk.pause(1)
    opened.desk.links("a", "b", 1)
    qtbot.wait(100)
    assert {name: len(told) for name, told in opened.said.items()} == said
