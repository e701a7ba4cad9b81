"""Which object of a pushed job is the log of its review."""

from __future__ import annotations

from pathlib import Path

from codefx_desktop.artifacts.layout import JobLayout


def review_key(job_id: str) -> str:
    """Return the key, without a target's prefix, of a job's review."""
    layout = JobLayout(Path(), job_id)
    return layout.key(layout.review)
