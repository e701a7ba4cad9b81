"""What the job panel says, as titled lists of lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.cards import trouble_text

if TYPE_CHECKING:
    from fractions import Fraction

    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.models.job_book import Entry


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a label, its value, and more in the tooltip."""

    label: str
    value: str
    more: str = ""


def clip_facts(entry: Entry) -> tuple[Fact, ...]:
    """Return what is known of the clip; its picture's facts once it was read."""
    record, info = entry.record, entry.info
    facts = [
        Fact("File", record.input_filename, str(record.input_path)),
        Fact("Folder", words.folder_of(record.input_path), str(record.input_path)),
        Fact("Size", words.size(record.input_size_bytes)),
    ]
    facts += _picture_facts(info) if info is not None else [_reading_fact(entry)]
    return tuple(facts)


def clip_note(entry: Entry) -> str:
    """Return what is wrong with the clip, to be read whole; empty if nothing is."""
    trouble = entry.reading.trouble if entry.reading is not None else ""
    if trouble:
        told = entry.record.status.is_final and trouble == entry.record.error_message
        return "" if told else trouble_text(entry.record.input_filename, trouble)
    if entry.info is not None and entry.info.verdict is not Verdict.OK:
        return f"{_verdict(entry.info)}: {entry.info.message}"
    return ""


def _reading_fact(entry: Entry) -> Fact:
    """Return why nothing is known of the picture yet."""
    if entry.reading is None:
        return Fact("Picture", "Not read yet")
    if entry.reading.trouble:
        return Fact("Picture", "Cannot be read", entry.reading.trouble)
    return Fact("Picture", f"Reading {words.percent(entry.reading.fraction)}")


def _picture_facts(info: VideoInfo) -> list[Fact]:
    return [
        Fact("Verdict", _verdict(info), info.message or "No damage was found."),
        Fact("Length", words.clock(info.duration_s), f"From {info.start_s:.3f} s of its clock"),
        Fact("Frames", words.count(info.frames)),
        *_rate_facts(info),
        Fact("Picture", f"{info.width} x {info.height}", "As it is shown, upright"),
        Fact("Stored as", f"{info.coded_width} x {info.coded_height}"),
        Fact("Rotation", f"{info.rotation}° clockwise" if info.rotation else "none"),
        Fact("Mirrored", "yes" if info.mirrored else "no"),
        Fact("Pixels", _pixel_shape(info.sample_aspect), "Shape of a stored pixel"),
        Fact("Fields", "interlaced" if info.interlaced else "progressive"),
        Fact("Codec", info.codec, info.container),
        Fact("Format", f"{info.pixel_format}, {info.bit_depth} bit"),
        Fact("Colour", _colour(info), "Matrix, range, transfer, primaries"),
        Fact("Sound", info.audio_codec or ("yes" if info.has_audio else "none")),
        *_camera_facts(info),
    ]


def _verdict(info: VideoInfo) -> str:
    return {Verdict.OK: "OK", Verdict.PARTIAL: "Partial", Verdict.ERROR: "Error"}[info.verdict]


def _rate_facts(info: VideoInfo) -> tuple[Fact, ...]:
    rate = info.average_rate
    fact = Fact("Rate", words.rate(rate, variable=info.variable_rate))
    if rate is None:
        return (fact,)
    on_average = " on average" if info.variable_rate else ""
    return (fact, Fact("Exact rate", f"{rate} per second{on_average}"))


def _pixel_shape(aspect: Fraction) -> str:
    return "square" if aspect == 1 else f"{aspect.numerator}:{aspect.denominator}"


def _colour(info: VideoInfo) -> str:
    others = dict.fromkeys((info.color_transfer, info.color_primaries))  # mostly one name for all
    parts = (info.color_matrix, info.color_range, *(o for o in others if o != info.color_matrix))
    return ", ".join(filter(None, parts)) or "not told"


def _camera_facts(info: VideoInfo) -> list[Fact]:
    """Return when and by what it was recorded; all other tags in a tooltip."""
    facts = [Fact("Created", _created(info.created), info.created)] if info.created else []
    camera = " ".join(filter(None, (_tag(info, "make"), _tag(info, "model"))))
    for label, value in (
        ("Camera", camera),
        ("Firmware", _tag(info, "firmware")),
        ("Written by", _tag(info, "software") or _tag(info, "encoder")),
        ("Place", _tag(info, "location.iso6709") or _tag(info, "location")),
    ):
        if value:
            facts.append(Fact(label, value, value))
    if info.metadata:
        tags = "\n".join(f"{name}: {value}" for name, value in sorted(info.metadata.items()))
        number = len(info.metadata)
        facts.append(Fact("Tags", "1 tag" if number == 1 else f"{number} tags", tags))
    return facts


def _created(text: str) -> str:
    """Return the camera's own time to the second, as its clock and its zone had it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = moment.strftime("%Z").replace("UTC+00:00", "UTC")
    return f"{moment:%Y-%m-%d %H:%M:%S} {zone}".rstrip()


def _tag(info: VideoInfo, name: str) -> str:
    """Return a tag by its name, with or without its maker's prefix (``com.apple.quicktime.``)."""
    for key, value in info.metadata.items():
        if key.lower() == name or key.lower().endswith(f".{name}"):
            return value.strip()
    return ""


def result_facts(entry: Entry) -> tuple[Fact, ...]:
    """Return what came out; empty for a job that has no result."""
    record, finished = entry.record, entry.finished
    facts: list[Fact] = []
    if finished is not None and finished.frames_in:
        frames = f"{words.count(finished.frames_in)} in, {words.count(finished.frames_out)} out"
        stages = "\n".join(
            f"{words.stage_word(stage)}: {seconds:.1f} s busy"
            for stage, seconds in finished.stage_seconds.items()
        )
        facts.append(Fact("Frames", frames))
        if finished.frames_per_s > 0:  # a run that did not end has none
            facts.append(Fact("Speed", words.speed(finished.frames_per_s), stages))
        facts.append(Fact("Took", words.duration(finished.seconds), "With loading the model."))
    elif record.status is JobStatus.COMPLETE and record.started_at and record.finished_at:
        seconds = (record.finished_at - record.started_at).total_seconds()
        facts.append(Fact("Took", words.duration(seconds)))
    if record.output is not None:
        output = record.output
        facts.append(Fact("Output", output.path.name, str(output.path)))
        facts.append(Fact("Size", words.size(output.size_bytes)))
        facts.append(Fact("SHA-256", words.short_hash(output.sha256), output.sha256))
    return tuple(facts)


def spec_facts(entry: Entry) -> tuple[Fact, ...]:
    """Return how the clip is analysed."""
    spec = entry.record.spec
    if spec.demo_model:
        weights = Fact("Weights", "Demo model", "Knows only rendered scenes.")
    elif spec.weights is not None:
        weights = Fact("Weights", spec.weights.name, str(spec.weights))
    else:
        weights = Fact("Weights", "As found", "Searched in the usual places when the job runs.")
    return (
        weights,
        Fact("Confidence", f"{spec.confidence:.2f}", "Detections below are stored but not drawn."),
        Fact("NMS IoU", f"{spec.iou:.2f}"),
        Fact("Detector size", f"{spec.image_size_px} px", "Longer side of the detector's input."),
        Fact("Device", spec.device),
    )


def life_facts(record: JobRecord) -> tuple[Fact, ...]:
    """Return when the job was added, begun and ended."""
    facts = [Fact("Added", words.moment(record.created_at))]
    if record.started_at:
        facts.append(Fact("Started", words.moment(record.started_at)))
    if record.finished_at:
        facts.append(Fact("Ended", words.moment(record.finished_at)))
    facts.append(Fact("Job", record.id[:8], record.id))
    return tuple(facts)


def caption(entry: Entry) -> str:
    """Return what stands under the picture of a job."""
    record, finished = entry.record, entry.finished
    if record.status is JobStatus.COMPLETE and finished is not None:
        frames, speed = words.count(finished.frames_out), words.speed(finished.frames_per_s)
        return f"Complete: {frames} frames at {speed}, {words.duration(finished.seconds)} in all"
    if record.status is JobStatus.PROCESSING and entry.progress is not None:
        progress = entry.progress
        if not progress.frames_total:
            return words.stage_word(progress.stage)
        done, total = words.count(progress.frames_done), words.count(progress.frames_total)
        parts = [f"{done} of {total} frames"]
        if progress.frames_per_s > 0:
            parts.append(words.speed(progress.frames_per_s))
        if progress.eta_s is not None:
            parts.append(f"{words.duration(progress.eta_s)} left")
        return " · ".join(parts)
    if record.status is JobStatus.QUEUED:
        return "Queued: the picture appears when the job runs"
    if record.error_message:
        return f"{words.status_word(record.status)}: {record.error_message}"
    return words.status_word(record.status)


def failure_text(name: str, message: str) -> str:
    """Return why a clip's job failed, naming the clip once."""
    return message if name in message else f"{name} failed. {message}"


def deletion_text(record: JobRecord) -> tuple[str, str]:
    """Return the question before a job is deleted, and what exactly goes and stays."""
    question = f"Delete the job of “{record.input_filename}”?"
    lines = []
    if record.status is JobStatus.PROCESSING:
        lines.append("The job is running; it is cancelled first.")
    goes = "Its results go: the detections and the log"
    if record.output is not None:
        output = record.output
        goes = (
            f"Its results go: {output.path.name} ({words.size(output.size_bytes)}),"
            " the detections and the log"
        )
    lines.append(f"{goes}, in\n{record.job_dir}")
    lines.append(f"The footage stays where it is:\n{record.input_path}")
    return question, "\n\n".join(lines)
