"""Numbers as a job tells them."""

from __future__ import annotations


def frame_count(count: int) -> str:
    """Return a number of frames with its noun: ``1 frame``, ``2 frames``."""
    return f"{count} frame{'' if count == 1 else 's'}"
