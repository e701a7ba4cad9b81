"""The meter: not too often, always the end, only what came counts as speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.remote.rate import Meter

if TYPE_CHECKING:
    from codefx_desktop.domain.models import Transfer


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def metered() -> tuple[Meter, Clock, list[Transfer]]:
    clock, told = Clock(), []
    return Meter(10_000, told.append, clock), clock, told


def test_it_tells_ten_times_a_second_and_the_end() -> None:
    meter, clock, told = metered()
    meter.begin(0)
    for done in range(10, 5000, 10):
        clock.now += 0.01
        meter.tell(done)
    assert 40 <= len(told) <= 60
    meter.tell(10_000)
    assert told[-1].done_bytes == 10_000


def test_the_speed_is_of_the_last_seconds() -> None:
    meter, clock, told = metered()
    meter.begin(0)
    done = 0
    for speed, seconds in ((100, 10), (500, 10)):
        for _ in range(seconds):
            clock.now += 1
            done += speed
            meter.tell(done)
    assert told[-1].bytes_per_s == 500


def test_what_was_there_before_is_no_speed() -> None:
    meter, clock, told = metered()
    meter.begin(9000)
    assert told[-1].bytes_per_s == 0
    clock.now += 1
    meter.tell(9100)
    assert told[-1].bytes_per_s == 100
