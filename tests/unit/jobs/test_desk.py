"""What every desk does alike: asked at once, answered in the main thread, ended in time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.desk import Desk, NoticingDesk, shutdown_all
from codefx_desktop.jobs.pools import new_pool
from codefx_desktop.jobs.until import NEVER, Until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QDeadlineTimer
    from pytestqt.qtbot import QtBot


class Counter(NoticingDesk):
    """A desk that says what came of work, and on which thread."""

    SHUTDOWN_MS = 300

    def __init__(self) -> None:
        super().__init__(None, new_pool)
        self.newest, self.kept, self.dropped = (
            self._newest_calls(),
            self._queued_calls(keeps=True),
            self._queued_calls(),
        )
        self.said: list[tuple[str, bool]] = []
        self.left: list[str] = []

    def ask(self, work: Callable[[], str], kind: str = "work", *known: type[Exception]) -> None:
        self._ask(self.newest, kind, work, self._take, lambda why: f"failed: {why}", *known)

    def keep(self, work: Callable[[], str]) -> None:
        self._ask(self.kept, "keep", work, self._take, str)

    def drop(self, work: Callable[[], str]) -> None:
        self._ask(self.dropped, "drop", work, self._take, str)

    def do(self, work: Callable[[], str], *, receives: bool = True) -> None:
        self._do(
            self.newest,
            "do",
            work,
            lambda why: self._take(f"trouble: {why}"),
            receive=self._take if receives else None,
            after=lambda: self._take("over"),
        )

    def say(self, text: str) -> None:
        self._say("info", text, "a")

    def _take(self, found: str) -> None:
        self.said.append((found, threading.current_thread() is threading.main_thread()))

    def _finish(self, _deadline: QDeadlineTimer) -> None:
        self.left.append(f"finish {self.closing.is_set()}")

    def _leave(self, _deadline: QDeadlineTimer) -> None:
        self.left.append(f"leave {self.closing.is_set()}")


@pytest.fixture
def desk(qapp: object) -> Iterator[Counter]:
    made = Counter()
    yield made
    made.shutdown()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def waits_of(
    desk: Counter, monkeypatch: pytest.MonkeyPatch, seen: Callable[[], object] = lambda: None
) -> list[int]:
    """Return for how many milliseconds at most the desk waits for each of its workers."""
    waited: list[int] = []
    for calls in desk._workers:
        real = calls.wait

        def wait(milliseconds: int, real: Callable[[int], bool] = real) -> bool:
            waited.append(milliseconds)
            seen()
            return real(milliseconds)

        monkeypatch.setattr(calls, "wait", wait)
    return waited


def raising(error: Exception) -> Callable[[], str]:
    def work() -> str:
        raise error

    return work


def test_work_is_done_on_a_worker_and_received_in_the_main_thread(
    qtbot: QtBot, desk: Counter
) -> None:
    threads: list[bool] = []

    def work() -> str:
        threads.append(threading.current_thread() is threading.main_thread())
        return "done"

    desk.ask(work)
    assert desk.said == []  # never at once: who asks does not wait
    qtbot.waitUntil(lambda: bool(desk.said))
    assert (desk.said, threads) == ([("done", True)], [False])
    with qtbot.waitSignal(desk.noticed) as noticed:
        threading.Thread(target=desk.say, args=("hello",)).start()
    assert (noticed.args[0].level, noticed.args[0].text, noticed.args[0].job_id) == (
        "info",
        "hello",
        "a",
    )


def test_what_goes_wrong_is_an_answer_and_bugs_are_logged(
    qtbot: QtBot, desk: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    desk.ask(raising(HistoryError("It is damaged.", hint="Run it again.")), "one")
    desk.ask(raising(ValueError("too long")), "two", ValueError)
    qtbot.waitUntil(lambda: len(desk.said) == 2)
    assert not caplog.records
    desk.ask(raising(Cancelled()), "three")
    desk.ask(raising(ValueError("too long")), "four")
    qtbot.waitUntil(lambda: len(desk.said) == 3)
    told = [text for text, _ in desk.said]
    assert told[:2] == ["failed: It is damaged. Run it again.", "failed: too long"]
    assert "ValueError: too long" in told[2]
    assert "The Counter failed unexpectedly: four" in caplog.text


def test_what_has_no_answer_for_trouble_tells_it_and_goes_on(qtbot: QtBot, desk: Counter) -> None:
    desk.do(lambda: "done")
    qtbot.waitUntil(lambda: len(desk.said) == 2)
    desk.do(raising(HistoryError("It is damaged.")), receives=False)
    qtbot.waitUntil(lambda: len(desk.said) == 4)
    assert [text for text, _ in desk.said] == ["done", "over", "trouble: It is damaged.", "over"]


def test_trouble_without_a_text_is_trouble(
    qtbot: QtBot, desk: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    desk.do(raising(HistoryError("")), receives=False)
    desk.ask(raising(ValueError()), "known", ValueError)
    qtbot.waitUntil(lambda: len(desk.said) == 3)
    told = [text for text, _ in desk.said]
    assert told[1] == "over"
    assert "(HistoryError: )" in told[0]
    assert "(ValueError: )" in told[2]
    assert "The Counter failed unexpectedly: do" in caplog.text


def test_the_end_keeps_what_is_to_be_kept_drops_the_rest_and_says_nothing_more(
    qtbot: QtBot, desk: Counter
) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), list[str]()

    def slow() -> str:
        begun.set()
        go_on.wait(5)
        return "slow"

    desk.keep(slow)
    desk.drop(slow)
    assert begun.wait(5)
    for name in ("first", "second"):
        desk.keep(lambda name=name: done.append(name) or name)  # type: ignore[misc]
        desk.drop(lambda name=name: done.append(f"drop {name}") or name)  # type: ignore[misc]
    threading.Timer(0.05, go_on.set).start()
    desk.shutdown()
    desk.shutdown()
    desk.keep(lambda: done.append("late") or "")  # type: ignore[func-returns-value]
    qtbot.wait(50)
    assert done == ["first", "second"]
    assert desk.said == []
    assert desk.left == ["finish False", "leave True"]


def test_the_end_waits_no_longer_than_it_may(
    desk: Counter, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, waited = threading.Event(), waits_of(desk, monkeypatch)
    desk.keep(lambda: str(go_on.wait(60)))
    desk.ask(lambda: str(go_on.wait(60)))
    desk.shutdown()
    assert len(waited) == 3
    assert all(0 <= milliseconds <= Counter.SHUTDOWN_MS for milliseconds in waited)
    assert waited[-1] < waited[0]  # all of it, not each
    assert "A worker of the Counter did not end in time" in caplog.text
    go_on.set()
    assert desk.kept.wait(60_000)
    assert desk.newest.wait(60_000)


def test_desks_end_side_by_side(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, desks = threading.Event(), [Counter() for _ in range(3)]
    closing: list[bool] = []
    for desk in desks:
        desk.keep(lambda: str(go_on.wait(60)))
        waits_of(desk, monkeypatch, lambda: closing.extend(one.closing.is_set() for one in desks))
    shutdown_all(desks)
    assert len(closing) == 3 * 3 * 3
    assert all(closing)  # nobody is waited for before all were told
    go_on.set()
    for desk in desks:
        assert desk.kept.wait(60_000)
        desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_who_finishes_something_lets_the_others_end_first(qapp: object) -> None:
    class Plain(Desk):
        """A desk with nothing to finish."""

    class Patient(Plain):
        """A desk that sees who ended before it finished."""

        def _finish(self, _deadline: QDeadlineTimer) -> None:
            seen.extend(other.closing.is_set() for other in desks if other is not self)

    seen: list[bool] = []
    desks = [kind(None, new_pool) for kind in (Plain, Patient, Plain)]
    shutdown_all(desks)
    assert seen == [True, True]
    assert all(desk.closing.is_set() for desk in desks)
    for desk in desks:
        desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_fails_after_the_end_is_in_the_log(
    desk: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    desk.keep(lambda: time.sleep(0.05) or "")  # type: ignore[func-returns-value]
    desk.keep(raising(HistoryError("The disk is away.")))
    desk.shutdown()
    assert "After the end of the Counter: keep: The disk is away." in caplog.text


def test_until_asks_anew_each_time() -> None:
    over = False
    signal = Until(lambda: over)
    assert not signal.is_set()
    over = True
    assert signal.is_set()
    assert not NEVER.is_set()
