"""A sound system without a device: notes what is written to it, plays at a clock of the test."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.jobs.sound_out import BUFFER_S, FRAME_BYTES, RATE_HZ


@dataclass
class FakeOut:
    """An output that plays when a test lets time pass.

    Attributes:
        begins_s: How long it takes to begin.
        lump_s: What it takes at a time.
    """

    begins_s: float = 0.3
    lump_s: float = 0.01
    volume: float = 0.0
    is_started: bool = False
    written: bytes = b""
    played_s: float = 0.0
    since_s: float = 0.0
    deeds: list[str] = field(default_factory=list)

    def start(self, volume: float) -> None:
        self.deeds.append("start")
        self.volume, self.is_started = volume, True
        self.written, self.played_s, self.since_s = b"", 0.0, 0.0

    def play(self, seconds: float) -> None:
        """Let time pass."""
        self.since_s += seconds
        if self.is_started and self.since_s > self.begins_s:
            self.played_s = min(self.written_s, self.played_s + seconds)

    def free_bytes(self) -> int:
        room_s = BUFFER_S + self.processed_s() - self.written_s
        return max(0, round(room_s * RATE_HZ)) * FRAME_BYTES

    def write(self, data: bytes) -> int:
        assert self.is_started
        assert len(data) <= self.free_bytes()
        self.written += data
        return len(data)

    def processed_s(self) -> float:
        return self.played_s // self.lump_s * self.lump_s

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def stop(self) -> None:
        self.deeds.append("stop")
        self.is_started = False

    @property
    def written_s(self) -> float:
        return len(self.written) / FRAME_BYTES / RATE_HZ

    @property
    def heard(self) -> float:
        """The sample that is heard now, of the left."""
        at = max(0, min(len(self.written) // FRAME_BYTES - 1, round(self.played_s * RATE_HZ)))
        samples = np.frombuffer(self.written, np.float32).reshape(-1, 2)
        return float(samples[at, 0]) if len(samples) else 0.0


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
