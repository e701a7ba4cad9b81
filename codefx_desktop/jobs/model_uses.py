"""Which weights the jobs of the history name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from codefx_desktop.domain.models import ModelRole, ModelUse
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.weights import DEMO_MODEL, DEMO_SEGMENTER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.job import JobFilter, JobRecord, JobSpec

PAGE: Final = 500


class JobPages(Protocol):
    """The history, as far as it is asked here."""

    def page(
        self, wanted: JobFilter | None = None, limit: int = 100, offset: int = 0
    ) -> tuple[tuple[JobRecord, ...], int]:
        """Return jobs, newest first, and how many there are."""
        ...

    def queue(self) -> tuple[JobRecord, ...]:
        """Return queued and running jobs."""
        ...


def uses_of(history: JobPages) -> dict[Path, ModelUse]:
    """Return each file that jobs name, with the jobs that do."""
    uses: dict[Path, ModelUse] = {}
    for record in _all(history):
        waits = not record.status.is_final
        for path in set(named_by(record.spec).values()):
            use = uses.get(path)
            if use is None:  # the newest one comes first
                use = ModelUse(0, 0, record.id, record.input_filename, record.created_at)
            uses[path] = replace(use, jobs=use.jobs + 1, waiting=use.waiting + waits)
    return uses


def named_by(spec: JobSpec) -> dict[ModelRole, Path]:
    """Return the files that a job names and will look at."""
    named: dict[ModelRole, Path] = {}
    plan = spec.plan
    if plan.detect and spec.demo_model:
        named[ModelRole.DETECTOR] = resource(DEMO_MODEL)
    elif plan.detect and spec.weights is not None:
        named[ModelRole.DETECTOR] = spec.weights
    if plan.segment and plan.segment_weights is not None:
        named[ModelRole.SEGMENTER] = plan.segment_weights
    elif plan.segment and spec.demo_model:
        named[ModelRole.SEGMENTER] = resource(DEMO_SEGMENTER)
    return named


def searching(history: JobPages, role: ModelRole) -> int:
    """Return how many waiting jobs name no file for a role, and will take what is found."""
    count = 0
    for record in history.queue():
        plan = record.spec.plan
        wants = plan.detect if role is ModelRole.DETECTOR else plan.segment
        count += wants and role not in named_by(record.spec)
    return count


def _all(history: JobPages) -> Iterator[JobRecord]:
    offset = 0
    while True:
        records, total = history.page(limit=PAGE, offset=offset)
        yield from records
        offset += len(records)
        if not records or offset >= total:
            return
