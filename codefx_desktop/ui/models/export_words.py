"""Exports in words: what each format is, why a job has nothing of it, what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.export import ExportFormat
from codefx_desktop.domain.job import JobStatus, Stage
from codefx_desktop.jobs.export_values import ExportPhase, ExportStep
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord

FORMATS: Final = {
    ExportFormat.COCO: "COCO",
    ExportFormat.YOLO: "YOLO",
    ExportFormat.MOT: "MOT",
    ExportFormat.JSON: "JSON",
    ExportFormat.TOON: "TOON",
}
"""In the order in which they are offered: made for other programs first, then copies."""
WHAT_FOR: Final = {
    ExportFormat.COCO: "Boxes, outlines and faces of all frames in one file, for CVAT, FiftyOne "
    "or pycocotools.",
    ExportFormat.YOLO: "Boxes, and outlines beside them, as one text file for each frame, to train "
    "with Ultralytics YOLO.",
    ExportFormat.MOT: "Boxes of all frames with their tracks, faces beside them, for TrackEval "
    "and MOTChallenge tools.",
    ExportFormat.JSON: "All that was found in each frame with artifacts, for scripts.",
    ExportFormat.TOON: "The same as JSON in tables, for language models.",
}
PICTURES: Final = "With the pictures: a set to train on, of frames with artifacts"
GOES_ON: Final = "Closing this window does not stop it."
NOTHING_YET: Final = "The job came to no frame; there is nothing to export."
UNTIL_NOW: Final = {
    JobStatus.PROCESSING: "The job is at work: this exports what was found until now.",
    JobStatus.FAILED: "The job failed: this exports what was found until then.",
    JobStatus.CANCELLED: "The job was cancelled: this exports what was found until then.",
    JobStatus.INTERRUPTED: "The job was interrupted: this exports what was found until then.",
}


def trouble(record: JobRecord, kind: ExportFormat) -> str:
    """Return why a job has nothing of a format; empty if it has."""
    plan = record.spec.plan
    if kind.is_copy:
        return "" if plan.has_artifacts else "This job was run without artifacts."
    if kind is ExportFormat.COCO and not (plan.detect or plan.segment or plan.faces):
        return "This job looked for neither objects nor faces."
    if kind is ExportFormat.YOLO and not (plan.detect or plan.segment):
        return "This job looked for no objects."
    if kind is ExportFormat.MOT and not (plan.detect or plan.faces):
        return "This job has no tracks."
    return ""


def can_export(record: JobRecord) -> bool:
    """Return whether a job can have anything to export."""
    if record.status is JobStatus.QUEUED or all(trouble(record, kind) for kind in ExportFormat):
        return False
    has_begun = record.status in (JobStatus.COMPLETE, JobStatus.PROCESSING)
    return has_begun or record.stage is not Stage.IMPORT


def own_folder(kind: ExportFormat) -> str:
    """Return what it means to export into the job's own folder."""
    if kind.is_copy:
        return "The files are in it already; nothing is copied."
    return "Into its report folder. An earlier export of this format there is replaced."


def under_way(step: ExportStep) -> str:
    """Return how far an export is."""
    if step.phase is ExportPhase.WAITING:
        return "Waiting for its turn"
    if step.phase is ExportPhase.STOPPING:
        return "Stopping"
    return f"Exporting {FORMATS[step.request.format]}, {words.percent(step.fraction)}"


def written(step: ExportStep) -> str:
    """Return what an export wrote; empty if it wrote nothing."""
    done = step.done
    if done is None:
        return ""
    files = "1 file" if done.files == 1 else f"{words.count(done.files)} files"
    what = f"{files}, {words.size(done.size_bytes)} in {done.folder}"
    if done.format.is_copy and step.request.folder is None:
        return f"They are there already: {what}"
    return what


def stopped(step: ExportStep) -> str:
    """Return what became of an export that was stopped."""
    if step.request.format in (ExportFormat.COCO, ExportFormat.MOT):
        return "Stopped; nothing was written."  # their files get their names when they are whole
    return "Stopped. What was written until then is left in the folder and is not whole."


def notice(step: ExportStep, name: str) -> str:
    """Return the sentence about an export that ended out of sight.

    Args:
        step: Its last step.
        name: Of the job's clip.
    """
    kind = FORMATS[step.request.format]
    if step.phase is ExportPhase.DONE:
        return f"Exported {name} as {kind}: {written(step)}"
    return f"{name} was not exported as {kind}. {step.message}"
