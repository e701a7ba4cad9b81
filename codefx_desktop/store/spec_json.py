"""A job's spec as the versioned JSON text that stands in its history row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.job_dict import spec_from_dict, spec_to_dict

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobSpec


def spec_to_json(spec: JobSpec) -> str:
    """Return the spec as JSON."""
    return json.dumps(spec_to_dict(spec), separators=(",", ":"))


def spec_from_json(text: str, job_id: str) -> JobSpec:
    """Return the spec of a row.

    Raises:
        HistoryError: If it cannot be read, or comes from a newer program.
    """
    try:
        return spec_from_dict(json.loads(text))
    except (ValueError, AttributeError) as error:  # AttributeError: JSON, but not an object
        raise HistoryError(
            f"How job {job_id} is to be analysed cannot be read: {error}.",
            hint="Update the program, or add the clip again.",
            job_id=job_id,
        ) from error
