"""What was measured of a job's clip with what people corrected: what everybody tells stops from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.analysis.corrections import active
from codefx_desktop.jobs.review_run import laid_over
from codefx_desktop.jobs.review_stops import corrected_observations
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.store.detections import DetectionReader


def corrected_seen(layout: JobLayout, reader: DetectionReader) -> Observations:
    """Return all that was measured of a job's clip, its detections as people corrected them.

    Args:
        layout: The job's files.
        reader: Of its detections, open.

    Raises:
        HistoryError: If what is stored of the job, or its review, cannot be read.
    """
    seen = reader.observations(flow_later=True)
    with ReviewFile(layout.review) as file:
        ops = active(laid_over(file.steps(), reader.run))
    return corrected_observations(seen, ops) if ops else seen
