"""What the measurement of pushes says, for a person and as JSON."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any, Final

GOAL_LOOP: Final = 12.0
GOAL_BARE: Final = 0.85
GOAL_CLIENT: Final = 0.9
MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Side:
    """One side's runs.

    Attributes:
        rates: Of each run: files per second, or MiB per second.
        cpu_s: Processor seconds of each run.
    """

    rates: tuple[float, ...]
    cpu_s: tuple[float, ...]

    @property
    def rate(self) -> float:
        """The median run."""
        return statistics.median(self.rates)


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What was measured.

    Attributes:
        cores: Cores of this machine; the server works on the same ones.
        server: What it was.
        round_trip_ms: How far away it was for the small files.
        files: Small files of each push.
        file_bytes: Bytes of all of them.
        ours: Files per second from queued to verified.
        ours_sent: The same until the last one was sent.
        bare: Of the bare pool.
        loop: Of the loop.
        large_bytes: Size of the large file.
        ours_large: MiB per second from queued to verified.
        client_large: Of the client.
    """

    cores: int
    server: str
    round_trip_ms: float
    files: int
    file_bytes: int
    ours: Side
    ours_sent: Side
    bare: Side
    loop: Side
    large_bytes: int
    ours_large: Side
    client_large: Side

    @property
    def ratios(self) -> dict[str, float]:
        """Medians over medians."""
        return {
            "ours_to_loop": round(self.ours.rate / self.loop.rate, 2),
            "ours_to_bare": round(self.ours.rate / self.bare.rate, 3),
            "ours_sent_to_bare": round(self.ours_sent.rate / self.bare.rate, 3),
            "ours_to_client_large": round(self.ours_large.rate / self.client_large.rate, 3),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        goals = {
            "ours_to_loop": GOAL_LOOP,
            "ours_to_bare": GOAL_BARE,
            "ours_to_client_large": GOAL_CLIENT,
        }
        return {**asdict(self), "ratios": self.ratios, "goals": goals}

    def lines(self) -> list[str]:
        """Return the report for a person."""
        ratios = self.ratios
        return [
            f"{self.server} on the same {self.cores} cores",
            f"{self.files:,} files of 2 to 40 kB, {self.round_trip_ms:g} ms away, files/s",
            _line("ours, verified", self.ours),
            _line("ours, sent", self.ours_sent),
            _line("32 bare threads", self.bare),
            _line("one by one", self.loop),
            f"  ours beside the loop {ratios['ours_to_loop']:.1f}x (goal {GOAL_LOOP:g}x), beside "
            f"bare threads {ratios['ours_to_bare']:.2f} (goal {GOAL_BARE:g}), until sent "
            f"{ratios['ours_sent_to_bare']:.2f}",
            f"one file of {self.large_bytes / MIB:.0f} MiB, no distance, MiB/s",
            _line("ours, verified", self.ours_large),
            _line("plain client", self.client_large),
            f"  ours beside the client {ratios['ours_to_client_large']:.2f} (goal {GOAL_CLIENT:g})",
        ]


def _line(name: str, side: Side) -> str:
    spread = f"(min {min(side.rates):.1f}, max {max(side.rates):.1f})"
    spent = f"{statistics.median(side.cpu_s):.1f} s of processor"
    return f"  {name:<16} {side.rate:8.1f} {spread}, {spent}"
