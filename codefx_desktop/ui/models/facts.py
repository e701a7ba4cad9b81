"""What the job panel says, as titled lists of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.models.job_book import Entry


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a label, its value, and more in the tooltip."""

    label: str
    value: str
    more: str = ""


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
    facts += found_facts(entry)
    if record.output is not None:
        output = record.output
        facts.append(Fact("Output", output.path.name, str(output.path)))
        facts.append(Fact("Size", words.size(output.size_bytes)))
        facts.append(Fact("SHA-256", words.short_hash(output.sha256), output.sha256))
    return tuple(facts)


def found_facts(entry: Entry) -> list[Fact]:
    """Return how many scenes there are, and how many frames with artifacts."""
    facts, record = [], entry.record
    runs = record.status is JobStatus.PROCESSING
    scenes = entry.scenes if runs and entry.scenes is not None else record.scene_count
    if scenes is not None:
        facts.append(Fact("Scenes", f"{words.count(scenes)}{' so far' if runs else ''}"))
    if record.artifact_frames is not None:
        facts.append(Fact("Artifacts", words.frames(record.artifact_frames)))
    return facts


def found_words(record: JobRecord) -> str:
    """Return what came out besides the video: ``12 scenes · 120 frames with artifacts``."""
    parts = []
    if record.scene_count is not None:
        parts.append(words.scenes(record.scene_count))
    if record.artifact_frames is not None:
        parts.append(f"{words.frames(record.artifact_frames)} with artifacts")
    return " · ".join(parts)


def artifacts_text(entry: Entry) -> str:
    """Return what the button to a job's artifacts says; empty for a job that has none."""
    record = entry.record
    frames = record.artifact_frames
    if frames is not None:
        return f"Artifacts… ({words.frames(frames)})"
    expects = record.spec.plan.has_artifacts and record.status is not JobStatus.QUEUED
    return "Artifacts…" if expects else ""


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
