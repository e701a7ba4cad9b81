"""How much of a job the signals of a stop are. Run: ``codefx bench signals``.

By processor time, of all threads, each part in a process of its own: that decides how long a job
takes on a machine whose cores are busy. All parts are measured one after the other, ``ROUNDS``
times over, and the middle figure of each counts: what else runs on the machine slows all alike.

The clip is one rendered stop of 1280x720 with sound, at 25 and at 60 frames per second, and the
job is that of the pit stop profile. Its signals are what it would not do without stops: motion
(with its own guard against cuts), the cuts of the clip, the guns in its sound with reading it,
and the events that follow from all of them. The share is what they take of all that is measured,
themselves included. It is no flattering clip: half of it is the stop, while guns and events cost
next to nothing where none is; and what else a job does (start, copy frames between its stages,
show them, keep what was found of a stop) is left out of both.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.bench.side import refuse_frozen, run_side
from codefx_desktop.bench.signal_alone import SECONDS, SIGNALS, footage
from codefx_desktop.bench.stop_set import StopSet, set_folder
from codefx_desktop.settings.weights import DemoTask, find_demo_model

if TYPE_CHECKING:
    from collections.abc import Callable

SEED: Final = 800_950
RATES: Final = (25, 60)
ROUNDS: Final = 3
JOB: Final = {"decode": 2, "detect": 1, "track": 1, "render": 1, "finalise": 1}
"""Stages of a job, in the order in which each finds what it needs, and how often it does each:
a video that shows a stop as it happens is drawn when all was seen, from pictures decoded again."""
GOAL: Final = 0.10


@dataclass(frozen=True, slots=True)
class SignalFigures:
    """One clip.

    Attributes:
        rate: Frames per second.
        frames: Frames of the clip.
        job_s: Processor seconds a frame of each other stage of a job, as often as it does it.
        signals_s: Processor seconds a frame of each signal.
    """

    rate: int
    frames: int
    job_s: dict[str, float]
    signals_s: dict[str, float]

    @property
    def share(self) -> float:
        """What all signals take together, of the job with them."""
        signals_s = sum(self.signals_s.values())
        return signals_s / (signals_s + sum(self.job_s.values()))

    @property
    def added(self) -> float:
        """What all signals take together, beside the job without them."""
        return sum(self.signals_s.values()) / sum(self.job_s.values())

    def lines(self) -> list[str]:
        """Return the figures for a person."""
        return [
            f"{self.rate} frames/s, {self.frames} frames of 1280x720",
            *(f"  {name:<9} {s * 1000:6.2f} core-ms a frame" for name, s in self.job_s.items()),
            *(f"  {name:<9} {s * 1000:6.2f} core-ms a frame (signal)"
              for name, s in self.signals_s.items()),
            f"  signals are {self.share:.1%} of the job, goal at most {GOAL:.0%}; "
            f"they add {self.added:.1%} to it",
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignalReport:
    """All rates."""

    figures: tuple[SignalFigures, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "rates": [
                {**asdict(one), "share": round(one.share, 4), "added": round(one.added, 4)}
                for one in self.figures
            ]
        }

    def lines(self) -> list[str]:
        """Return the report for a person."""
        return [line for one in self.figures for line in one.lines()]


def measure_signals(*, tell: Callable[[str], None] = lambda _: None) -> SignalReport:
    """Measure each signal and each other stage of a job alone.

    Args:
        tell: Told what is going on.

    Raises:
        CodefxError: If a side fails, or if this is the frozen program.
    """
    refuse_frozen("its signals")
    return SignalReport(tuple(_measure(rate, tell) for rate in RATES))


def _measure(rate: int, tell: Callable[[str], None]) -> SignalFigures:
    tell(f"{rate} frames/s: the clip and what is seen in it")
    kept = set_folder()
    with StopSet(kept, SECONDS, footage(rate)) as stops:
        case = stops.load(SEED)
    rounds = [_round(case.clip, rate, kept, tell, number) for number in range(1, ROUNDS + 1)]
    cost_s = {name: round(median(one[name] for one in rounds), 6) for name in rounds[0]}
    return SignalFigures(
        rate,
        len(case.observations.times_s),
        {stage: times * cost_s[stage] for stage, times in JOB.items()},
        {signal: cost_s[signal] for signal in SIGNALS},
    )


def _round(
    clip: Path, rate: int, kept: Path, tell: Callable[[str], None], number: int
) -> dict[str, float]:
    """Measure every part once: processor seconds a frame."""
    segmenter = find_demo_model(DemoTask.SEGMENT)
    cost_s = {}
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as name:
        folder = Path(name)
        for part in (*JOB, *SIGNALS):
            tell(f"{rate} frames/s, {number} of {ROUNDS}: {part} alone")
            given = (SEED, rate, kept) if part in SIGNALS else (clip, segmenter, folder)
            module = "signal_alone" if part in SIGNALS else "stage_alone"
            said = run_side(module, part, *given, home=folder / "home")
            cost_s[part] = said["cpu_s"] / said["frames"]
    return cost_s
