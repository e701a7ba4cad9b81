"""A sound system without a device: notes what is written to it, plays at a clock of the test."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.jobs.sound_out import BUFFER_S, FRAME_BYTES, RATE_HZ


@dataclass
class FakeOut:
    """An output that a test has play.

    Attributes:
        ahead_s: How much it takes up before it plays.
    """

    ahead_s: float = BUFFER_S
    volume: float = 0.0
    is_started: bool = False
    written: bytes = b""
    played_s: float = 0.0
    deeds: list[str] = field(default_factory=list)

    def start(self, volume: float) -> None:
        self.deeds.append("start")
        self.volume, self.is_started = volume, True
        self.written, self.played_s = b"", 0.0

    def free_bytes(self) -> int:
        room_s = self.ahead_s + self.played_s - self.written_s
        return max(0, round(room_s * RATE_HZ)) * FRAME_BYTES

    def write(self, data: bytes) -> int:
        assert self.is_started
        assert len(data) <= self.free_bytes()
        self.written += data
        return len(data)

    def processed_s(self) -> float:
        return min(self.written_s, self.played_s + self.ahead_s)

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def stop(self) -> None:
        self.deeds.append("stop")
        self.is_started = False

    @property
    def written_s(self) -> float:
        return len(self.written) / FRAME_BYTES / RATE_HZ

    @property
    def samples(self) -> np.ndarray:
        """What was written since it was started, float32 (N, 2)."""
        return np.frombuffer(self.written, np.float32).reshape(-1, 2)


@dataclass
class FakeSounds:
    """A machine with one output, or with none and a reason."""

    why: str = ""
    out: FakeOut = field(default_factory=FakeOut)
    loads: int = 0

    def load(self) -> None:
        self.loads += 1

    def open(self) -> FakeOut:
        if self.why:
            raise DeviceError(self.why, hint="Connect one.")
        return self.out
