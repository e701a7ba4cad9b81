"""Reads a long clip and prints how much memory its process has meanwhile, as one JSON object.

A program of its own, so that nothing that ran before it has left memory for it to grow into.
Run: ``python memory_program.py read|access CLIP``.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import psutil

from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

CACHE_BYTES = 64_000_000
STEPS = 5000


def main(what: str, path: Path) -> dict[str, object]:
    clip = probe(path)
    return read(clip) if what == "read" else walk(clip)


def read(clip) -> dict[str, object]:  # noqa: ANN001 - a probed clip
    """Decode a clip whole; sample every ten seconds of footage."""
    samples, next_s, frames = [], 0.0, 0
    with FrameReader(clip) as reader:
        for frame in reader:
            frames += 1
            if frame.time.seconds >= next_s:
                samples.append([frame.time.seconds, rss_mb()])
                next_s += 10
        samples.append([clip.info.duration_s, rss_mb()])
    return {"frames": frames, "samples": samples}


def walk(clip) -> dict[str, object]:  # noqa: ANN001
    """Step and jump about a clip; sample every hundred frames."""
    chance = random.Random(5)  # noqa: S311 - places
    samples, number, last = [], 0, len(clip.index) - 1
    with FrameAccess(clip, cache_bytes=CACHE_BYTES) as access:
        for step in range(STEPS):
            if chance.random() < 0.02:
                number = chance.randint(0, last)
            number = min(max(number + chance.choice((-2, -1, -1, 1, 1, 1, 2)), 0), last)
            access.exact(number)
            if step % 100 == 0:
                samples.append([step, rss_mb()])
        samples.append([STEPS, rss_mb()])
        use = access.cache_use
    return {"samples": samples, "peak_bytes": use.peak_bytes, "limit_bytes": use.limit_bytes}


def rss_mb() -> float:
    """Return the process's resident memory."""
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
