"""Which object of a pushed job is the log of its review."""

from __future__ import annotations

from pathlib import Path

from codefx_desktop.artifacts.layout import JobLayout


def is_review(job_id: str, key: str) -> bool:
    """Return whether a key, without a target's prefix, is that of a job's review."""
    layout = JobLayout(Path(), job_id)
    return key == layout.key(layout.review)
