"""What a queue card says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.job import JobStatus, Stage
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.facts import found_words

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from codefx_desktop.ui.models.job_book import Entry


@dataclass(frozen=True, slots=True)
class Chip:
    """One stage with its own progress, 0 to 1."""

    stage: Stage
    word: str
    progress: float


@dataclass(frozen=True, slots=True)
class Card:
    """What the queue shows of a job.

    Attributes:
        name: File name of the clip.
        where: The whole path.
        status: Its status.
        headline: Status in words, with the one figure that matters.
        thumbnail: A small picture, if there is one.
        chips: Stages; empty unless the job runs.
        overall: 0 to 1; None unless the job runs.
        left: Speed and scenes while it runs; what its clip is while it waits; scenes and artifacts
            when it is complete; else why it failed.
        right: Time left while it runs; length of its clip while it waits.
        warns: Whether ``left`` tells of a trouble with the clip.
        action: What the card's own button does: ``cancel``, ``remove``, ``retry`` or ``open``.
    """

    name: str
    where: str
    status: JobStatus
    headline: str
    thumbnail: QImage | None = None
    chips: tuple[Chip, ...] = ()
    overall: float | None = None
    left: str = ""
    right: str = ""
    warns: bool = False
    action: str = ""

    @property
    def spoken(self) -> str:
        """The card in one sentence, for a screen reader."""
        return ", ".join(part for part in (self.name, self.headline, self.left, self.right) if part)


ACTION_WORDS = {
    "cancel": "Cancel this job",
    "remove": "Remove from the queue",
    "retry": "Run again",
    "open": "Open the annotated video",
}


def card_of(entry: Entry, position: int) -> Card:
    """Return the card of a job.

    Args:
        entry: What is known about it.
        position: Its place among the waiting jobs, 1 first; 0 if it does not wait.
    """
    record = entry.record
    status = record.status
    word = words.status_word(status)
    card = Card(record.input_filename, str(record.input_path), status, word, entry.thumbnail)
    if status is JobStatus.PROCESSING:
        left, right = _pace(entry)
        return replace(
            card,
            headline=f"{word} · {words.percent(entry.overall)}",
            chips=chips_of(entry),
            overall=entry.overall,
            left=left,
            right=right,
            action="cancel",
        )
    if status is JobStatus.QUEUED:
        headline = f"{word} · next" if position == 1 else f"{word} · number {position}"
        left, right, warns = clip_line(entry)
        return replace(
            card, headline=headline, left=left, right=right, warns=warns, action="remove"
        )
    if status is JobStatus.COMPLETE:
        action = "open" if record.output else ""
        return replace(card, headline=word + _took(entry), left=found_words(record), action=action)
    if status is not JobStatus.FAILED and entry.overall > 0:
        word += f" · at {words.percent(entry.overall)}"
    return replace(card, headline=word, left=record.error_message, action="retry")


def clip_line(entry: Entry) -> tuple[str, str, bool]:
    """Return what is known of a clip that waits, its length, and whether something is wrong."""
    info, reading = entry.info, entry.reading
    if reading is not None and reading.trouble:
        return trouble_text(entry.record.input_filename, reading.trouble), "", True
    if info is not None:
        short = info.duration_s < 1
        length = f"{info.duration_s:.2f} s" if short else words.duration(info.duration_s)
        if info.verdict is Verdict.OK:
            uneven = ", variable rate" if info.variable_rate else ""
            return words.frames(info.frames) + uneven, length, False
        return f"Partial: {info.message}", length, True
    if reading is not None:
        return f"Reading {words.percent(reading.fraction)}", "", False
    return "Not read yet", "", False


def trouble_text(name: str, message: str) -> str:
    """Return why a clip cannot be read, without the name that stands beside it."""
    rest = message.removeprefix(name).lstrip(" :")
    if rest.startswith("cannot be read"):
        return f"C{rest[1:]}"
    return f"Cannot be read: {rest}"


def chips_of(entry: Entry) -> tuple[Chip, ...]:
    """Return the stages of a job's own list with their progress."""
    stages = entry.progress.stages if entry.progress else {}
    return tuple(
        Chip(stage, words.stage_word(stage), stages.get(stage, 0.0))
        for stage, _ in entry.record.spec.stages
    )


def _pace(entry: Entry) -> tuple[str, str]:
    progress = entry.progress
    if progress is None or progress.frames_per_s <= 0:
        return "Starting…", ""
    left = words.speed(progress.frames_per_s)
    right = "" if progress.eta_s is None else f"{words.duration(progress.eta_s)} left"
    scenes = entry.scenes if entry.scenes is not None else entry.record.scene_count
    if scenes is not None:
        left += f" · {words.scenes(scenes)}"
    return left, right


def _took(entry: Entry) -> str:
    if entry.finished is not None:
        return f" · took {words.duration(entry.finished.seconds)}"
    record = entry.record
    if record.started_at and record.finished_at:
        seconds = (record.finished_at - record.started_at).total_seconds()
        return f" · took {words.duration(seconds)}"
    return ""
