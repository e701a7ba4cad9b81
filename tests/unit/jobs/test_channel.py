from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.jobs.channel import Channel, Stopped
from codefx_desktop.jobs.pools import Group

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_items_arrive_in_order_and_end() -> None:
    channel: Channel[int] = Channel(4)
    for number in range(4):
        channel.put(number)
    channel.close()
    assert list(channel) == [0, 1, 2, 3]


def test_take_waits_for_a_whole_batch_but_not_at_the_end() -> None:
    channel: Channel[int] = Channel(4)
    taken: list[list[int]] = []

    def consume() -> None:
        while batch := channel.take(3):
            taken.append(batch)

    def produce() -> None:
        for number in range(8):
            channel.put(number)
        channel.close()

    Group(channel.stop).run([consume, produce])
    assert taken == [[0, 1, 2], [3, 4, 5], [6, 7]]


def test_put_waits_while_full() -> None:
    channel: Channel[int] = Channel(1)
    channel.put(1)
    second_in = threading.Event()

    def produce() -> None:
        channel.put(2)
        second_in.set()

    def consume() -> None:
        assert not second_in.wait(0.05)
        assert channel.take(1) == [1]
        assert second_in.wait(60)

    Group(channel.stop).run([produce, consume])


def test_stop_wakes_both_sides() -> None:
    full: Channel[int] = Channel(1)
    full.put(1)
    empty: Channel[int] = Channel(1)
    woken: list[str] = []

    def producer() -> None:
        try:
            full.put(2)
        except Stopped:
            woken.append("producer")
            raise

    def consumer() -> None:
        try:
            empty.take(1)
        except Stopped:
            woken.append("consumer")
            raise

    def breaker() -> None:
        raise OSError("disk on fire")

    def stop() -> None:
        full.stop()
        empty.stop()

    with pytest.raises(OSError, match="disk on fire"):
        Group(stop).run([producer, consumer, breaker])
    assert sorted(woken) == ["consumer", "producer"]


@pytest.fixture
def one_core() -> Iterator[None]:
    """Leave this thread one core, which is what Qt asks when it sizes a pool."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.mark.usefixtures("one_core")
def test_four_stages_do_not_deadlock_when_the_machine_has_one_core() -> None:
    # The default pool has one thread per core: stages that wait for each other would hang.
    channels: list[Channel[int]] = [Channel(1) for _ in range(3)]
    out: list[int] = []

    def first() -> None:
        for number in range(50):
            channels[0].put(number)
        channels[0].close()

    def middle(index: int) -> None:
        for item in channels[index]:
            channels[index + 1].put(item)
        channels[index + 1].close()

    def last() -> None:
        out.extend(channels[2])

    Group(lambda: None).run([last, lambda: middle(1), lambda: middle(0), first])
    assert out == list(range(50))
