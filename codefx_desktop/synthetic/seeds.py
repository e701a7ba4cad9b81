"""Random streams: one independent stream per seed and topic."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, *topic: str | int) -> np.random.Generator:
    """Return the random stream of a topic.

    Every topic draws from a stream of its own, so that one more draw in the car's livery does
    not move the camera.

    Args:
        seed: The footage's seed, 0 or more.
        *topic: What is drawn ("camera", "crew", 3).
    """
    words = [zlib.crc32(str(part).encode()) for part in topic]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
