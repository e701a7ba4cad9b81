"""Our pipeline against a peer's, interleaved, each run in a subprocess of its own.

Both sides: imports, loading and warm-up outside the measured time, which goes from the first
frame read to the output closed. Ours includes the faststart remux with sound, the verification
and the checksum. Run: ``codefx bench pipeline --peer ultralytics``.
"""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from codefx_desktop.bench.compare import Agreement, compare
from codefx_desktop.bench.side import refuse_frozen, run_side
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.weights import DEMO_CLIP, DEMO_MODEL

PEERS = ("ultralytics",)


@dataclass(frozen=True, slots=True)
class PipelineReport:
    """Speeds in frames per second, and how far the detections agree."""

    clip: Path
    frames: int
    ours: tuple[float, ...]
    peer_name: str | None = None
    peer: tuple[float, ...] = field(default=())
    agreement: Agreement | None = None

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours over the peer's, pair by pair."""
        return tuple(a / b for a, b in zip(self.ours, self.peer, strict=False))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        values: dict[str, Any] = {
            "clip": str(self.clip),
            "frames": self.frames,
            "ours_fps": _spread(self.ours),
        }
        if self.peer_name is not None:
            values |= {
                "peer": self.peer_name,
                "peer_fps": _spread(self.peer),
                "ratio": _spread(self.ratios),
                "agreement": None if self.agreement is None else self.agreement.to_dict(),
            }
        return values

    def lines(self) -> list[str]:
        """Return the report for a person."""
        lines = [f"{self.clip.name}, {self.frames} frames", _line("ours", self.ours, "frames/s")]
        if self.peer_name is not None:
            lines.append(_line(self.peer_name, self.peer, "frames/s"))
            lines.append(_line("ratio", self.ratios, "x"))
        if self.agreement is not None:
            lines.append(self.agreement.sentence())
        return lines


def measure(
    *, peer: str | None, pairs: int, clip: Path | None = None, weights: Path | None = None
) -> PipelineReport:
    """Run ours and the peer alternately.

    Raises:
        CodefxError: If a side fails, with its last words, or if this is the frozen program, which
            has no Python that could run one.
    """
    refuse_frozen("its pipeline")
    clip = (clip or resource(DEMO_CLIP)).absolute()
    weights = (weights or resource(DEMO_MODEL)).absolute()
    ours: list[float] = []
    theirs: list[float] = []
    frames, agreement = 0, None
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as folder:
        root = Path(folder)
        for number in range(pairs):
            result = _side("ours", clip, weights, root / f"ours{number}")
            ours.append(result["fps"])
            frames = result["frames"]
            if peer is not None:
                result = _side(f"peer_{peer}", clip, weights, root / f"peer{number}")
                theirs.append(result["fps"])
        if peer is not None:
            with (
                np.load(root / "ours0" / "detections.npz") as a,
                np.load(root / "peer0" / "detections.npz") as b,
            ):
                agreement = compare(dict(a), dict(b))
    return PipelineReport(clip, frames, tuple(ours), peer, tuple(theirs), agreement)


def _side(module: str, clip: Path, weights: Path, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    return run_side(module, clip, weights, folder, home=folder / "home")


def _spread(values: tuple[float, ...]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 3),
        "min": round(min(values), 3),
        "max": round(max(values), 3),
        "runs": len(values),
    }


def _line(name: str, values: tuple[float, ...], unit: str) -> str:
    s = _spread(values)
    return f"{name:<12} {s['median']:.2f} {unit} (min {s['min']:.2f}, max {s['max']:.2f})"
