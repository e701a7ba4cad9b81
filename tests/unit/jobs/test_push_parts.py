"""The small parts of pushing: pauses, bandwidth, workers, work that is shared, speed."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from patience import PATIENCE_S

from codefx_desktop.domain.errors import Offline
from codefx_desktop.domain.push import Push, PushOptions, PushProgress, PushState
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.push_bandwidth import Bandwidth
from codefx_desktop.jobs.push_crew import Crew, Unit
from codefx_desktop.jobs.push_files import joined_etag, md5_hex
from codefx_desktop.jobs.push_patience import Backoff, Patience
from codefx_desktop.jobs.push_progress import Teller
from codefx_desktop.jobs.push_together import Together

NEVER = threading.Event()


class Clock:
    """A clock that goes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def test_pauses_double_up_to_the_longest_and_begin_again_after_a_success() -> None:
    backoff = Backoff(Patience(0.5, 60.0), draw=lambda: 1.0)
    assert [backoff.pause_s() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    backoff.reset()
    assert backoff.pause_s() == 0.5


def test_pauses_differ_between_laptops_and_honour_what_the_place_asks_for() -> None:
    hasty = Backoff(Patience(4.0, 60.0), draw=lambda: 0.0)
    assert hasty.pause_s() == 2.0
    assert hasty.pause_s(at_least_s=120.0) == 120.0


def test_bandwidth_is_kept_on_average() -> None:
    clock = Clock()
    bandwidth = Bandwidth(1_000_000, clock, clock.sleep)
    began = clock()
    for _ in range(40):
        with bandwidth.sending(500_000, NEVER):
            pass
    with bandwidth.sending(0, NEVER):  # waits until the last one is paid for
        pass
    assert 20_000_000 / (clock() - began) == pytest.approx(1_000_000, rel=0.02)


def test_bandwidth_of_blocks_is_smooth_and_charged_once() -> None:
    clock = Clock()
    bandwidth = Bandwidth(1_000_000, clock, clock.sleep)
    longest, began = 0.0, clock()
    with bandwidth.sending(8_000_000, NEVER):
        for _ in range(125):
            before = clock()
            bandwidth.pace(64_000)
            longest = max(longest, clock() - before)
    with bandwidth.sending(0, NEVER):
        pass
    assert longest < 0.2
    assert clock() - began == pytest.approx(8.0, rel=0.05)


def test_no_limit_is_no_wait() -> None:
    clock = Clock()
    bandwidth = Bandwidth(0, clock, clock.sleep)
    for _ in range(10):
        with bandwidth.sending(10**9, NEVER):
            bandwidth.pace(10**9)
    assert clock() == 100.0


def test_a_limit_that_is_lifted_helps_at_once() -> None:
    clock = Clock()
    bandwidth = Bandwidth(1_000, clock, clock.sleep)
    with bandwidth.sending(1_000_000, NEVER):
        pass

    def lift(seconds: float) -> None:
        clock.sleep(seconds)
        bandwidth.set_limit(0)

    bandwidth._sleep = lift
    with bandwidth.sending(1_000_000, NEVER):
        pass
    assert clock() < 101.0


def test_waiting_for_bandwidth_is_cancelled() -> None:
    clock, cancel = Clock(), threading.Event()
    bandwidth = Bandwidth(1_000, clock, clock.sleep)
    with bandwidth.sending(1_000_000, cancel):
        pass
    bandwidth._sleep = lambda _seconds: cancel.set()
    with pytest.raises(Cancelled), bandwidth.sending(1, cancel):
        pass


def test_a_block_of_what_was_cancelled_does_not_go() -> None:
    cancel = threading.Event()
    bandwidth = Bandwidth()
    with bandwidth.sending(10, cancel):
        cancel.set()
        with pytest.raises(Cancelled):
            bandwidth.pace(5)
    bandwidth.pace(5)  # nothing is being sent by this thread: nobody's business


class Gang:
    """Units that wait until they may end, and tell how many were under way at once."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.lock = threading.Lock()
        self.busy: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.done: list[str] = []

    def unit(self, lane: str, name: str = "", push_id: int = 1) -> Unit:
        def work() -> None:
            with self.lock:
                self.busy[lane] = self.busy.get(lane, 0) + 1
                self.most[lane] = max(self.most.get(lane, 0), self.busy[lane])
            self.go.wait(PATIENCE_S)
            with self.lock:
                self.busy[lane] -= 1
                self.done.append(name)

        return Unit(lane, push_id, work, lambda: self.done.append(f"dropped {name}"))


def until(condition: object, timeout_s: float = PATIENCE_S) -> None:
    ends = time.monotonic() + timeout_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.002)


def test_a_crew_has_as_many_workers_as_are_allowed_and_slots_of_a_place() -> None:
    crew, gang = Crew(6), Gang()
    crew.set_slots("a", 3)
    crew.set_slots("b", 8)
    for number in range(20):
        crew.add(gang.unit("a", str(number)))
        crew.add(gang.unit("b", str(number)))
    until(lambda: sum(gang.busy.values()) == 6)
    assert gang.busy == {"a": 3, "b": 3}
    gang.go.set()
    until(lambda: len(gang.done) == 40)
    assert crew.close(1000)
    assert crew.is_idle
    assert gang.most["a"] == 3


def test_a_crew_that_is_to_be_smaller_shrinks_and_grows_again() -> None:
    crew, gang = Crew(8), Gang()
    crew.set_slots("a", 8)
    crew.allow(2)
    for number in range(12):
        crew.add(gang.unit("a", str(number)))
    until(lambda: gang.busy.get("a") == 2)
    time.sleep(0.02)
    assert gang.most == {"a": 2}
    crew.allow(5)
    until(lambda: gang.busy["a"] == 5)
    gang.go.set()
    until(lambda: len(gang.done) == 12)
    assert crew.close(1000)


def test_units_are_done_in_order_those_that_help_first_and_the_unwanted_dropped() -> None:
    crew, gang = Crew(1), Gang()
    crew.add(gang.unit("a", "first"))
    until(lambda: crew.busy("a") == 1)
    crew.add(gang.unit("a", "second"))
    crew.add(gang.unit("a", "of another push", push_id=2))
    crew.add(gang.unit("a", "help"), first=True)
    crew.drop(lambda unit: unit.push_id == 1)
    gang.go.set()
    until(lambda: len(gang.done) == 4)
    assert gang.done == ["dropped of another push", "first", "help", "second"]
    assert crew.close(1000)


def test_a_crew_that_is_closed_drops_what_waits_and_does_not_wait_for_ever() -> None:
    crew, gang = Crew(1), Gang()
    crew.add(gang.unit("a", "stuck"))
    until(lambda: crew.busy("a") == 1)
    crew.add(gang.unit("a", "late"))
    assert not crew.close(20)
    assert gang.done == ["dropped late"]
    crew.add(gang.unit("a", "too late"))
    gang.go.set()
    assert crew.close(2000)
    assert gang.done == ["dropped late", "stuck"]


def test_a_crew_survives_a_bug(caplog: pytest.LogCaptureFixture) -> None:
    crew, gang = Crew(1), Gang()
    gang.go.set()

    def bug() -> None:
        raise KeyError("bug")

    crew.add(Unit("a", 1, bug))
    until(lambda: crew.is_idle)
    crew.add(gang.unit("a", "after"))
    until(lambda: gang.done == ["after"])
    assert crew.close(1000)
    assert "bug" in caplog.text


def on_threads(helpers: list[threading.Thread]) -> object:
    def with_help(call: object) -> None:
        helpers.append(threading.Thread(target=call))  # type: ignore[arg-type]
        helpers[-1].start()

    return with_help


def test_shared_work_is_done_once_each_by_all() -> None:
    helpers: list[threading.Thread] = []
    seen: list[int] = []
    who: set[int] = set()

    def work(number: int) -> None:
        time.sleep(0.005)
        seen.append(number)
        who.add(threading.get_ident())

    Together(range(40), work).run(4, on_threads(helpers))  # type: ignore[arg-type]
    for helper in helpers:
        helper.join()
    assert sorted(seen) == list(range(40))
    assert len(who) == 4
    assert len(helpers) == 3


def test_shared_work_waits_for_nobody_who_never_came() -> None:
    calls: list[object] = []
    seen: list[int] = []
    Together(range(5), seen.append).run(4, calls.append)
    assert seen == [0, 1, 2, 3, 4]
    for call in calls:
        call()  # type: ignore[operator]
    assert len(seen) == 5


@pytest.mark.parametrize("at", [0, 7])
def test_the_first_failure_of_shared_work_ends_it(at: int) -> None:
    helpers: list[threading.Thread] = []
    seen: list[int] = []

    def work(number: int) -> None:
        if number == at:
            raise Offline("No network.")
        time.sleep(0.01)
        seen.append(number)

    with pytest.raises(Offline):
        Together(range(1000), work).run(3, on_threads(helpers))  # type: ignore[arg-type]
    for helper in helpers:
        helper.join()
    assert len(seen) < 30


def push(sent_bytes: int, state: PushState = PushState.SENDING) -> Push:
    return Push(
        *(7, "a", "a.mp4", "pits", state, PushOptions(), datetime.now(UTC)),
        size_bytes=10_000,
        sent_bytes=sent_bytes,
    )


def test_speed_and_time_left_are_told_now_and_then() -> None:
    clock, told = Clock(), list[PushProgress]()
    teller = Teller(told.append, 0.25, clock)
    for step in range(21):
        teller.look([push(100 * step)], {7} if step == 20 else ())
        clock.sleep(0.1)
    assert len(told) == 7
    assert told[-1].bytes_per_s == pytest.approx(1_000, rel=0.1)
    assert told[-1].eta_s == pytest.approx(8.2, rel=0.1)
    teller.last(7, push(10_000, PushState.PUSHED))
    teller.last(7, push(10_000, PushState.PUSHED))
    assert [one.push.state for one in told[7:]] == [PushState.PUSHED]
    assert told[-1].bytes_per_s == 0


def test_speed_of_large_parts_does_not_fall_to_nothing_between_them() -> None:
    clock, told = Clock(), list[PushProgress]()
    teller = Teller(told.append, 0.25, clock)
    for step in range(120):
        teller.look([push(1_000 * (step // 30))], ())
        clock.sleep(1)
    assert all(one.bytes_per_s > 15 for one in told[45:])


def test_a_push_that_waits_has_no_speed() -> None:
    clock, told = Clock(), list[PushProgress]()
    teller = Teller(told.append, 0.0, clock)
    teller.look([push(0)], ())
    clock.sleep(1)
    teller.look([push(1_000, PushState.WAITING)], ())
    assert (told[-1].bytes_per_s, told[-1].eta_s) == (0, None)


def test_speed_after_a_stretch_without_a_network_is_that_of_now() -> None:
    clock, told = Clock(), list[PushProgress]()
    teller = Teller(told.append, 0.0, clock)
    for step in range(60):
        teller.look([push(1_000, PushState.WAITING if step else PushState.SENDING)], ())
        clock.sleep(1)
    for step in range(1, 4):
        teller.look([push(1_000 + 500 * step)], ())
        clock.sleep(1)
    assert told[-1].bytes_per_s == pytest.approx(500, rel=0.01)


def test_the_etag_of_parts_is_that_of_buckets() -> None:
    parts = (md5_hex(b"first"), md5_hex(b"second"))
    both = md5_hex(bytes.fromhex(parts[0]) + bytes.fromhex(parts[1]))
    assert joined_etag(parts) == f"{both}-2"
