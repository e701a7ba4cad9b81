"""A worker that is asked for several kinds of things, on real threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import new_pool

if TYPE_CHECKING:
    import pytest


def test_of_each_kind_the_newest_is_done_and_one_at_a_time() -> None:
    calls = NewestCalls(new_pool(1))
    done: list[object] = []
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        go_on.wait(60)
        done.append("first")

    calls.ask("a", first)
    assert begun.wait(60)
    for number in range(100):
        calls.ask("a", lambda n=number: done.append(("a", n)))
        calls.ask("b", lambda n=number: done.append(("b", n)))
    go_on.set()
    assert calls.wait(10_000)
    assert done == ["first", ("a", 99), ("b", 99)]


def test_nothing_is_lost_between_two_turns() -> None:
    calls = NewestCalls(new_pool(1))
    done: list[int] = []
    for number in range(2_000):
        calls.ask(str(number), lambda n=number: done.append(n))
        if number % 3 == 0:
            assert calls.wait(10_000)
    assert calls.wait(10_000)
    assert sorted(done) == list(range(2_000))


def test_a_bug_does_not_end_the_work(caplog: pytest.LogCaptureFixture) -> None:
    calls = NewestCalls(new_pool(1))
    done: list[str] = []

    def fail() -> None:
        calls.ask("b", lambda: done.append("b"))
        raise ValueError("oops")

    calls.ask("a", fail)
    assert calls.wait(10_000)
    assert done == ["b"]
    assert "A worker failed unexpectedly" in caplog.text


def test_closed_it_takes_nothing() -> None:
    calls = NewestCalls(new_pool(1))
    done: list[str] = []
    calls.close()
    calls.ask("a", lambda: done.append("a"))
    assert calls.wait(10_000)
    assert not done
