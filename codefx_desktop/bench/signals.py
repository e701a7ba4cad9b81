"""What the signals of a stop cost beside all else that a job does. Run: ``codefx bench signals``.

By processor time, of all threads, each part in a process of its own: that decides how long a job
takes on a machine whose cores are busy, and a busy machine does not matter to it. The clip is one
rendered stop of 1280x720 with sound, at 25 and at 60 frames per second.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.bench.side import refuse_frozen, run_side
from codefx_desktop.bench.signal_alone import SECONDS, SIGNALS, footage
from codefx_desktop.bench.stop_set import StopSet, set_folder
from codefx_desktop.settings.weights import DemoTask, find_demo_model

if TYPE_CHECKING:
    from collections.abc import Callable

SEED: Final = 800_950
RATES: Final = (25, 60)
JOB: Final = ("decode", "detect", "track", "render", "finalise")
"""Stages of a job that detects, in the order in which each finds what it needs."""
GOAL: Final = 0.10


@dataclass(frozen=True, slots=True)
class SignalFigures:
    """One clip.

    Attributes:
        rate: Frames per second.
        frames: Frames of the clip.
        job_s: Processor seconds a frame of each other stage of a job.
        signals_s: Processor seconds a frame of each signal.
    """

    rate: int
    frames: int
    job_s: dict[str, float]
    signals_s: dict[str, float]

    @property
    def share(self) -> float:
        """What all signals take together, beside all other stages together."""
        return sum(self.signals_s.values()) / sum(self.job_s.values())

    def lines(self) -> list[str]:
        """Return the figures for a person."""
        return [
            f"{self.rate} frames/s, {self.frames} frames of 1280x720",
            *(f"  {name:<9} {s * 1000:6.2f} core-ms a frame" for name, s in self.job_s.items()),
            *(f"  {name:<9} {s * 1000:6.2f} core-ms a frame (signal)"
              for name, s in self.signals_s.items()),
            f"  signals add {self.share:.1%} to the job; goal at most {GOAL:.0%}",
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignalReport:
    """All rates."""

    figures: tuple[SignalFigures, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"rates": [{**asdict(one), "share": round(one.share, 4)} for one in self.figures]}

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
    segmenter = find_demo_model(DemoTask.SEGMENT)
    job_s, signals_s = {}, {}
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as name:
        folder = Path(name)
        home = folder / "home"
        for stage in JOB:
            tell(f"{rate} frames/s: {stage} alone")
            said = run_side("stage_alone", stage, case.clip, segmenter, folder, home=home)
            job_s[stage] = round(said["cpu_s"] / said["frames"], 6)
        for signal in SIGNALS:
            tell(f"{rate} frames/s: {signal} alone")
            said = run_side("signal_alone", signal, SEED, rate, kept, home=home)
            signals_s[signal] = round(said["cpu_s"] / said["frames"], 6)
    return SignalFigures(rate, len(case.observations.times_s), job_s, signals_s)
