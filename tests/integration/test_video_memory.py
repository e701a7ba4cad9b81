"""Memory over twenty minutes of footage, read whole and walked about in. Run: ``-m slow -s``."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import av
import memory_program
import pytest
from clips import make_clip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZE = (1280, 720)
MINUTES = 20
RATE = 30
PIECE_S = 10
MAX_GROWTH_MB = 16


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twenty minutes: ten seconds, copied one after the other without coding."""
    folder = tmp_path_factory.mktemp("long")
    piece = make_clip(folder / "piece.mp4", seconds=PIECE_S, size=SIZE, rate=RATE, gop=60)
    path = folder / "long.mp4"
    with av.open(str(piece)) as source, av.open(str(path), "w") as out:
        track = source.streams.video[0]
        copied = out.add_stream_from_template(track)
        for turn in range(MINUTES * 60 // PIECE_S):
            source.seek(0, stream=track)
            shift = round(turn * PIECE_S / track.time_base)
            for packet in source.demux(track):
                if packet.dts is None:
                    continue
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = copied
                out.mux(packet)
    return path


def run(what: str, clip: Path) -> dict[str, Any]:
    command = [sys.executable, memory_program.__file__, what, str(clip)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1700)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def growth_mb(samples: Sequence[Sequence[float]], settled: float) -> float:
    """Return how far memory ever was from what it was when it had settled; tell the figures."""
    first = next(mb for at, mb in samples if at >= settled)
    later = [mb for at, mb in samples if at >= settled]
    print(  # noqa: T201 - to be read
        f"\n{samples[0][1]:.1f} MB at the beginning, {first:.1f} at {settled:g}, "
        f"then {min(later):.1f} to {max(later):.1f}, {later[-1]:.1f} at the end"
    )
    return max(abs(mb - first) for mb in later)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_memory_is_flat_while_twenty_minutes_are_read(long_clip: Path) -> None:
    found = run("read", long_clip)
    assert found["frames"] == MINUTES * 60 * RATE
    assert growth_mb(found["samples"], 60) < MAX_GROWTH_MB


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_memory_is_flat_while_frames_are_walked_about_in(long_clip: Path) -> None:
    found = run("access", long_clip)
    assert 0 < found["peak_bytes"] <= found["limit_bytes"]
    assert growth_mb(found["samples"], 1000) < MAX_GROWTH_MB
