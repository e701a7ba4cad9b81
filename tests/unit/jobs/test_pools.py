"""Calls on pools: no exception is lost, and nothing is held once they have run."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from codefx_desktop.jobs.pools import Call, new_pool

if TYPE_CHECKING:
    import pytest


class Work:
    """Something that a call holds."""

    def __init__(self) -> None:
        self.runs = 0

    def run(self) -> None:
        self.runs += 1


def test_nothing_is_held_after_a_call_however_soon_it_ends() -> None:
    pool, held = new_pool(1), []
    for count in range(3_000):
        work = Work()
        held.append(weakref.ref(work))
        pool.start(Call(work.run))
        if count % 2:
            assert pool.waitForDone(10_000)  # the next one may end before it is wholly started
    assert pool.waitForDone(10_000)
    del work
    assert not [reference for reference in held if reference() is not None]


def test_a_call_can_be_started_again() -> None:
    pool, work = new_pool(1), Work()
    call = Call(work.run, again=True)
    for _ in range(1_000):
        pool.start(call)
    assert pool.waitForDone(10_000)
    assert work.runs == 1_000


def test_an_exception_is_told_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("oops")

    told: list[BaseException] = []
    pool = new_pool(1)
    pool.start(Call(fail, told.append))
    pool.start(Call(fail))
    assert pool.waitForDone(10_000)
    assert [str(error) for error in told] == ["oops"]
    assert "A worker failed" in caplog.text
