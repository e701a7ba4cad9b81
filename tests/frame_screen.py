"""A frame server on inline pools, and all that it says: what tests of it look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fake_footage import PATH, FakeFootage, InlinePool, number_in

from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.viewing import (
    ServedFrame,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Screen:
    """A server on inline pools, and all that it said."""

    def __init__(self, rest_ms: int = 1) -> None:
        self.footage = FakeFootage()
        self.clock = self.footage.clock
        self.pools: list[InlinePool] = []
        self.said: list[object] = []
        self.at_s: list[float] = []
        self.server = FrameServer(
            lambda _cancel: self.footage, new_pool=self._pool, clock=self.clock, rest_ms=rest_ms
        )
        for signal in ("opening", "opened", "served", "trouble", "proxy", "saved"):
            getattr(self.server, signal).connect(self._hear)

    def _pool(self, workers: int) -> InlinePool:
        self.pools.append(InlinePool(workers))
        return self.pools[-1]

    def _hear(self, value: object) -> None:
        self.said.append(value)
        if isinstance(value, ServedFrame):
            self.at_s.append(self.clock.now_s)

    @property
    def frames_pool(self) -> InlinePool:
        return self.pools[0]

    @property
    def proxies_pool(self) -> InlinePool:
        return self.pools[2]

    @property
    def frames(self) -> list[ServedFrame]:
        return [value for value in self.said if isinstance(value, ServedFrame)]

    @property
    def numbers(self) -> list[int]:
        """What was delivered; the pixels tell the truth."""
        for served in self.frames:
            if not served.from_proxy:
                assert number_in(served.frame) == served.frame.number
        return [served.frame.number for served in self.frames]

    def names(self) -> list[str]:
        return [type(value).__name__ for value in self.said]

    def open(self, path: Path = PATH) -> int:
        """Open a clip and forget what was said about it."""
        session = self.server.open(path)
        self.forget()
        return session

    def forget(self) -> None:
        self.said.clear()
        self.at_s.clear()

    def during(self, asks: dict[int, Callable[[], None]]) -> None:
        """Have something asked right before frames are decoded."""

        def step(number: int) -> None:
            if number in asks:
                asks.pop(number)()

        self.footage.clip_frames.on_step = step
