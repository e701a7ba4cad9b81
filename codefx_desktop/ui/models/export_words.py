"""Exports in words: what each product is, why a job has none of it, what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.job import JobStatus, Stage
from codefx_desktop.domain.sheet import COPIES, OF_STOPS, Product
from codefx_desktop.jobs.export_values import ExportPhase, ExportStep
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord

NAMES: Final = {
    Product.PDF: "&Report, PDF",
    Product.XLSX: "&Workbook, XLSX",
    Product.CSV: "&Tables, CSV",
    Product.JSON: "&JSON",
    Product.TOON: "T&OON",
    Product.CLIP: "C&lip",
    Product.STILL: "St&ill",
    Product.VIDEO: "&Annotated video, drawn anew",
    Product.YOLO: "&YOLO",
    Product.COCO: "&COCO",
    Product.MOT: "&MOT",
    Product.FRAMES_JSON: "Frames, JSON",
    Product.FRAMES_TOON: "Frames, TOON",
}
WHAT_FOR: Final = {
    Product.PDF: "One page about a stop: splits, tasks over time, key pictures, every event, what "
    "was changed by hand, settings and model.",
    Product.XLSX: "All stops in one workbook: splits, events with their uncertainty, durations, "
    "who changed what, settings.",
    Product.CSV: "Events and durations of all stops as two tables.",
    Product.JSON: "All that is told of the stops, for scripts.",
    Product.TOON: "The same as JSON in tables, for language models.",
    Product.CLIP: "The pictures of a stop or of one event with sound, cut at exact frames.",
    Product.STILL: "One picture with what is drawn over it, PNG.",
    Product.VIDEO: "The whole clip with boxes, thresholds and stops as they are now; no model is "
    "needed.",
    Product.YOLO: "Boxes, and outlines beside them, as one text file for each frame, to train "
    "with Ultralytics YOLO.",
    Product.COCO: "Boxes, outlines and faces of all frames in one file, for CVAT, FiftyOne "
    "or pycocotools.",
    Product.MOT: "Boxes of all frames with their tracks, faces beside them, for TrackEval "
    "and MOTChallenge tools.",
    Product.FRAMES_JSON: "The artifacts: all that was found in each of these frames.",
    Product.FRAMES_TOON: "The same artifacts in tables.",
}
GROUPS: Final = {
    "Pit stops": OF_STOPS,
    "Pictures": (Product.CLIP, Product.STILL, Product.VIDEO),
    "Other programs": (Product.YOLO, Product.COCO, Product.MOT, *COPIES),
}
FIRST: Final = (Product.PDF, Product.XLSX)
"""What is ticked the first time, as far as the job has it; otherwise what it has first."""
WHOLE_STOP: Final = "the whole stop"
GOES_ON: Final = "Closing this window does not stop it."
UNTIL_NOW: Final = {
    JobStatus.PROCESSING: "The job is at work: this exports what was found until now.",
    JobStatus.FAILED: "The job failed: this exports what was found until then.",
    JobStatus.CANCELLED: "The job was cancelled: this exports what was found until then.",
    JobStatus.INTERRUPTED: "The job was interrupted: this exports what was found until then.",
}
_FILES_SHOWN: Final = 3


def trouble(record: JobRecord, product: Product) -> str:
    """Return why a job has nothing of a product; empty if it has."""
    plan = record.spec.plan
    if product in COPIES:
        return "" if plan.has_artifacts else "This job was run without artifacts."
    if product in OF_STOPS or product is Product.CLIP:
        return _no_stops(record)
    if product is Product.VIDEO and record.status is JobStatus.PROCESSING:
        return "The job is drawing its video now."
    anything = plan.detect or plan.segment or plan.faces
    looked_for = {
        Product.STILL: (anything, "nothing that could be drawn"),
        Product.VIDEO: (anything, "nothing that could be drawn"),
        Product.COCO: (anything, "neither objects nor faces"),
        Product.YOLO: (plan.detect or plan.segment, "no objects"),
        Product.MOT: (plan.detect or plan.faces, "neither objects nor faces: it has no tracks"),
    }
    has, what = looked_for.get(product, (True, ""))
    return "" if has else f"This job looked for {what}."


def _no_stops(record: JobRecord) -> str:
    if not record.spec.plan.events:
        return "This job was not asked to take pit stops apart."
    if record.stop_count is None:
        return "Stops are known when the job has looked at the whole clip."
    return "" if record.stop_count else "No pit stop was found."


def can_export(record: JobRecord) -> bool:
    """Return whether a job can have anything to export."""
    if record.status is JobStatus.QUEUED or all(trouble(record, kind) for kind in Product):
        return False
    has_begun = record.status in (JobStatus.COMPLETE, JobStatus.PROCESSING)
    return has_begun or record.stage is not Stage.IMPORT


def plain(product: Product) -> str:
    """Return a product's name without its key: ``Report, PDF``."""
    return NAMES[product].replace("&", "")


def listed(names: tuple[str, ...]) -> str:
    """Return the names of files as a short text."""
    if not names:
        return ""
    more = len(names) - _FILES_SHOWN
    shown = ", ".join(names[:_FILES_SHOWN])
    return f"Writes {shown} and {more} more" if more > 0 else f"Writes {shown}"


def under_way(step: ExportStep) -> str:
    """Return how far an export is."""
    if step.phase is ExportPhase.WAITING:
        return "Waiting for its turn"
    if step.phase is ExportPhase.STOPPING:
        return "Stopping"
    return f"Exporting {_what(step)}, {words.percent(step.fraction)}"


def _what(step: ExportStep) -> str:
    products = step.request.products
    return plain(products[0]) if len(products) == 1 else f"{len(products)} things"


def written(step: ExportStep) -> str:
    """Return what an export wrote; empty if it wrote nothing."""
    done = step.done
    if done is None:
        return ""
    files = "1 file" if done.files == 1 else f"{words.count(done.files)} files"
    notes = [one.note for one in done.written if one.note and one.product is Product.PDF]
    return " ".join((f"{files}, {words.size(done.size_bytes)} in {done.folder}", *notes))


def stopped(_step: ExportStep) -> str:
    """Return what became of an export that was stopped."""
    return "Stopped. Files that were whole by then are in the folder."


def notice(step: ExportStep, name: str) -> str:
    """Return the sentence about an export that ended out of sight.

    Args:
        step: Its last step.
        name: Of the job's clip.
    """
    if step.phase is ExportPhase.DONE:
        return f"Exported {_what(step)} of {name}: {written(step)}"
    return f"{_what(step).capitalize()} of {name} not exported. {step.message}"
