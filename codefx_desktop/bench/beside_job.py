"""What pushing costs a job that runs: the same job alone, and while its program pushes.

Jobs and pushes share a program, as in the window, and pushing goes as it does beside a job: with
two workers. It goes to a server that is a round trip away, over an uplink of so many megabits; two
ways, many small files and one large one. Rounds take turns.

Two figures are told. Frames per second are what a person sees; the server and the network work on
the same cores here, which costs the job what no real server would. Frames per second of processor
time of the job's own program are told of a machine whose cores are all at work, and do not change
with what else the machine does. Run: ``codefx bench upload --beside-job``.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.bench.servers import far_away, simulating
from codefx_desktop.bench.side import refuse_frozen, run_side
from codefx_desktop.bench.spent import usable_cores
from codefx_desktop.bench.stops import stops_clip
from codefx_desktop.bench.upload import SEED, Given, knowing_secret, make_large, make_small
from codefx_desktop.settings.paths import app_paths

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL: Final = 0.9
ALONE, SMALL, LARGE = "alone", "beside small files", "beside a large file"
SIDES: Final = (ALONE, SMALL, LARGE)
SMALL_FILES: Final = 4000
LARGE_MIB: Final = 768
"""More than goes over the uplink while a job runs."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One side's runs.

    Attributes:
        fps: Frames per second of each run.
        per_cpu_s: Frames per second of processor time of each run.
        mbit: What was pushed meanwhile, in megabits per second.
    """

    fps: tuple[float, ...]
    per_cpu_s: tuple[float, ...]
    mbit: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BesideReport:
    """What was measured.

    Attributes:
        cores: Cores of this machine; the server works on the same ones.
        round_trip_ms: How far away the server was.
        uplink_mbit: What pushing may take of the network.
        frames: Of the clip.
        sides: By name.
    """

    cores: int
    round_trip_ms: float
    uplink_mbit: float
    frames: int
    sides: dict[str, Beside]

    def ratio(self, side: str, figure: str) -> float:
        """Return what a side keeps of a figure of the job alone: the median of its turns."""
        beside, alone = (getattr(self.sides[name], figure) for name in (side, ALONE))
        ratios = (one / other for one, other in zip(beside, alone, strict=True))
        kept: float = statistics.median(ratios)
        return round(kept, 3)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        kept = {
            side: {figure: self.ratio(side, figure) for figure in ("fps", "per_cpu_s")}
            for side in SIDES[1:]
        }
        return {**asdict(self), "kept": kept, "goal": GOAL}

    def lines(self) -> list[str]:
        """Return the report for a person."""
        told = [
            f"a job of {self.frames} frames on {self.cores} cores, its program pushing over "
            f"{self.uplink_mbit:g} Mbit/s, {self.round_trip_ms:g} ms away"
        ]
        for name, side in self.sides.items():
            fps, per_cpu_s = statistics.median(side.fps), statistics.median(side.per_cpu_s)
            text = f"  {name:<20} {fps:6.1f} frames/s, {per_cpu_s:6.1f} per processor second"
            if name != ALONE:
                text += (
                    f"; kept {self.ratio(name, 'fps'):.2f} and {self.ratio(name, 'per_cpu_s'):.2f} "
                    f"(goal {GOAL:g}), {statistics.median(side.mbit):.0f} Mbit/s went"
                )
            told.append(text)
        return told


def measure_beside_job(
    *,
    seconds: float = 6.0,
    round_trip_ms: float = 50.0,
    uplink_mbit: float = 50.0,
    runs: int = 3,
    tell: Callable[[str], None] = lambda _: None,
) -> BesideReport:
    """Measure jobs alone and beside pushes.

    Args:
        seconds: Length of the job's clip.
        round_trip_ms: How far away the server is.
        uplink_mbit: What pushing may take of the network.
        runs: Runs of each side, in turns.
        tell: Told what is going on.

    Raises:
        CodefxError: If the server cannot be started here, a side fails, or this is the frozen
            program, which has no Python to run sides.
    """
    refuse_frozen("pushing beside a job")
    tell("rendering the clip")
    clip = stops_clip(app_paths().cache / "bench", seconds)
    told: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as name:
        folder = Path(name)
        tell("starting the server")
        with simulating(folder) as server, far_away(server.port, round_trip_ms, folder) as far:
            names = (server.bucket, server.key_id, server.secret)
            given = Given(server.endpoint(far), *names, server.certificate)
            for run in range(runs):
                for side in SIDES:
                    tell(f"run {run + 1} of {runs}: {side}")
                    root = folder / f"{run} {side}"
                    told[side].append(_run(side, clip, root, uplink_mbit, given))
    frames = told[ALONE][0]["frames"]
    sides = {side: _side(runs_told) for side, runs_told in told.items()}
    return BesideReport(usable_cores(), round_trip_ms, uplink_mbit, frames, sides)


def _run(side: str, clip: Path, root: Path, mbit: float, server: Given) -> dict[str, Any]:
    layout = JobLayout(root, f"bench-{uuid.uuid4().hex}")
    if side == SMALL:
        make_small(layout, SMALL_FILES, random.Random(SEED))  # noqa: S311 - sizes
    elif side == LARGE:
        make_large(layout, LARGE_MIB)
    pushed = "" if side == ALONE else root
    words = (clip, pushed, layout.job_id, mbit, server.endpoint, server.bucket, server.key_id)
    with knowing_secret(server):
        told = run_side("job_beside_push", *words, home=root / "home")
    if side == LARGE:
        layout.annotated("clip").unlink()
    return told


def _side(runs: list[dict[str, Any]]) -> Beside:
    return Beside(
        tuple(round(run["fps"], 2) for run in runs),
        tuple(round(run["frames"] / run["cpu_s"], 2) for run in runs),
        tuple(round(run["sent_bytes"] * 8 / 1e6 / run["seconds"], 1) for run in runs),
    )
