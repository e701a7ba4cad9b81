"""A job's spec and metadata as plain dicts, for the history and for ``job.json``.

Both carry a ``version``. Keys that this program does not know are ignored, keys that are not
there take their default; a version, type or value that cannot be used is an error, because a job
must never run with settings other than its own. For the same reason a spec is written with the
lowest version that says all of it: a program that does not know ``quality`` (version 2),
``plan`` (version 3) or events (version 4) reads what was never changed from the standard of its
time, and refuses the rest.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.job import JobMetadata, JobSpec, QualityPreset, SessionKind
from codefx_desktop.domain.json_values import a_text
from codefx_desktop.domain.plan import PIT_STOP, StagePlan
from codefx_desktop.domain.plan_dict import plan_from_dict, plan_to_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEC_VERSION = 4
_SPEC_PATHS = ("weights", "output_root")


def spec_to_dict(spec: JobSpec) -> dict[str, Any]:
    """Return the spec as JSON values, with its version."""
    values = {item.name: getattr(spec, item.name) for item in fields(spec)}
    for name in _SPEC_PATHS:
        values[name] = None if values[name] is None else str(values[name])
    values["quality"] = spec.quality.value
    values["plan"] = plan_to_dict(spec.plan)
    return {"version": _version(spec), **values}


def _version(spec: JobSpec) -> int:
    if spec.plan.events:
        return 4
    if (spec.profile, spec.plan) != (PIT_STOP.name, StagePlan()):
        return 3
    return 1 if spec.quality is QualityPreset.STANDARD else 2


def spec_from_dict(values: Mapping[str, Any]) -> JobSpec:
    """Return the spec that ``spec_to_dict`` wrote.

    Raises:
        ValueError: If the version is newer than this program, or a value cannot be used.
    """
    version = values.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError("its settings carry no version")
    if version > SPEC_VERSION:
        raise ValueError(f"its settings have version {version}, this program knows {SPEC_VERSION}")
    given = {item.name: values[item.name] for item in fields(JobSpec) if item.name in values}
    return JobSpec(**{name: _spec_value(name, value) for name, value in given.items()})


def metadata_to_dict(metadata: JobMetadata) -> dict[str, Any]:
    """Return the metadata as JSON values."""
    values = {item.name: getattr(metadata, item.name) for item in fields(metadata)}
    day = metadata.event_date
    return {**values, "event_date": day and day.isoformat(), "session": metadata.session.value}


def metadata_from_dict(values: Mapping[str, Any]) -> JobMetadata:
    """Return the metadata that ``metadata_to_dict`` wrote.

    Raises:
        ValueError: If a value cannot be used.
    """
    day = values.get("event_date")
    texts = {name: values.get(name, "") for name in ("series", "race", "notes", "camera")}
    for name, value in (*texts.items(), ("event_date", day or "")):
        a_text(name, value)
    return JobMetadata(
        **texts,
        event_date=date.fromisoformat(day) if day else None,
        session=SessionKind(values.get("session", "")),
    )


def _spec_value(name: str, value: object) -> Any:  # noqa: ANN401 - of the field of that name
    """Check one value against its default's type; JSON has no paths and one kind of number."""
    if name in _SPEC_PATHS:
        if value is None or isinstance(value, str):
            return None if value is None else Path(value)
        raise ValueError(f"{name} must be a path, not {value!r}")
    if name == "plan":
        return plan_from_dict(value)
    if name == "quality":
        if isinstance(value, str) and value in list(QualityPreset):
            return QualityPreset(value)
        raise ValueError(f"quality must be one of {', '.join(QualityPreset)}, not {value!r}")
    wanted = type(getattr(JobSpec(), name))
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise ValueError(f"{name} must be a {wanted.__name__}, not {value!r}")
    return value
