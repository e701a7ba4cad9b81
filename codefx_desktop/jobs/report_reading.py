"""What the reports of a job tell, from its record, what is stored of it, and its pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from codefx_desktop import __version__
from codefx_desktop.artifacts.paint import preview
from codefx_desktop.artifacts.report_values import (
    AuditRow,
    JobReport,
    KeyFrame,
    ReportModel,
    is_found,
    since_stop,
)
from codefx_desktop.domain.edit_log import holding
from codefx_desktop.domain.errors import ClipError
from codefx_desktop.domain.stop_times import rounded_up
from codefx_desktop.domain.stop_words import NOT_FOUND
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.templates import event_kinds
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.corrected_job import CorrectedJob

KEY_WIDTH_PX: Final = 900
"""A quarter of a page's width at 300 dots an inch, and some for zooming in."""


def job_report(job: CorrectedJob, now: datetime | None = None) -> JobReport:
    """Return what reports tell of a job.

    Args:
        job: The job, as people corrected it.
        now: When the report is made; None: now.

    Raises:
        HistoryError: If what is stored of the job cannot be read.
    """
    record = job.record
    with DetectionReader(layout_of(record).detections) as reader:
        used = {"detect": reader.model, "segment": reader.segmenter, "faces": reader.faces}
        names = reader.class_names
    models = {task: facts for task, facts in used.items() if facts is not None}
    return JobReport(
        record.id,
        record.input_filename,
        (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "" if job.basis is None else job.basis.template.label,
        job.stops,
        {kind.kind: kind.label for kind in event_kinds()},
        tuple(_heads(record)),
        (*_settings(record, job, names), *_devices(models)),
        tuple(
            ReportModel(task, str(facts["name"]), str(facts["sha256"]))
            for task, facts in models.items()
        ),
        tuple(_audit(job)),
    )


def _audit(job: CorrectedJob) -> Iterator[AuditRow]:
    held = {step.number for step in holding(job.steps)}
    for step in job.steps:
        yield AuditRow(step.at, step.who, step.text, step.number not in held)


def _heads(record: JobRecord) -> Iterator[tuple[str, str]]:
    metadata = record.metadata
    day = "" if metadata.event_date is None else metadata.event_date.isoformat()
    session, camera = metadata.session.value, metadata.camera
    named = {"Series": metadata.series, "Race": metadata.race, "Session": session, "Date": day}
    yield from ((name, text) for name, text in (*named.items(), ("Camera", camera)) if text)


def _settings(
    record: JobRecord, job: CorrectedJob, names: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    spec = record.spec
    yield "Confidence", f"{spec.confidence:.2f}"
    for class_id, confidence in sorted(job.corrections.thresholds.items()):
        name = names[class_id] if class_id < len(names) else f"class {class_id}"
        yield f"Confidence, {name}", f"{confidence:.2f}"
    yield "Model's input", f"{spec.image_size_px} px, IoU {spec.iou:.2f}"
    yield "Profile", f"{spec.profile}, program {record.app_version}"
    if __version__ != record.app_version:
        yield "Report by", f"program {__version__}"
    yield "Clip", record.fingerprint or "fingerprint not known"


def _devices(models: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    devices = dict.fromkeys(str(facts["device"]) for facts in models.values() if "device" in facts)
    if devices:
        yield "Ran on", ", ".join(devices)


# -- key frames -----------------------------------------------------------------------------------


def key_frames(
    told: StopTold, picture: Callable[[int], Pixels] | None, report: JobReport
) -> tuple[KeyFrame, ...]:
    """Return the four pictures of a stop: stop, first wheel off, last gun off, release.

    Args:
        told: The stop.
        picture: Returns a frame of the clip; None where that cannot be opened.
        report: Knows what events are called.
    """
    return tuple(
        _shown(name, event, told.stop, picture) for name, event in _key_events(told.stop, report)
    )


def _key_events(stop: PitStop, report: JobReport) -> Iterator[tuple[str, Event | None]]:
    def of(kind: str) -> list[Event]:
        found = [event for event in stop.events if event.kind == kind and is_found(event)]
        return sorted(found, key=lambda event: event.time_s or 0.0)

    wheels, guns = of("wheel_off"), of("tighten_end")
    yield report.label("stop"), stop.event("stop")
    yield "First wheel off", wheels[0] if wheels else None
    yield "Last gun off", guns[-1] if guns else None
    release = stop.event("release")
    # A signal that cannot be seen is usual: then the going is shown, and said to be that.
    yield (report.label("release"), release) if release else (report.label("go"), stop.event("go"))


def _shown(
    name: str, event: Event | None, stop: PitStop, picture: Callable[[int], Pixels] | None
) -> KeyFrame:
    if event is None or event.time_s is None:
        return KeyFrame(name, NOT_FOUND)
    where = f" {event.place}" if event.place else ""
    since = since_stop(event, stop)
    told = f"at {event.time_s:.3f} s of the clip"
    if since is not None:
        figure, off = since
        told = f"{figure:.3f} s" + ("" if off is None else f" ±{rounded_up(off, 3)}")
    if event.frame_number is None:
        return KeyFrame(f"{name}{where}", told)
    text = f"{told}, frame {event.frame_number}"
    if picture is None:
        return KeyFrame(f"{name}{where}", text)
    try:
        return KeyFrame(f"{name}{where}", text, preview(picture(event.frame_number), KEY_WIDTH_PX))
    except (ClipError, IndexError):
        return KeyFrame(f"{name}{where}", text)
