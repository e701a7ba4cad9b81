"""What the job panel says about a job's clip, whether it was read yet or not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.cards import trouble_text
from codefx_desktop.ui.models.clip_facts import picture_facts, verdict_sentence, verdict_word
from codefx_desktop.ui.models.facts import Fact

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.ui.models.job_book import Entry


def job_clip_facts(entry: Entry) -> tuple[Fact, ...]:
    """Return what is known of a job's clip; its picture's facts once it was read."""
    record, info = entry.record, entry.info
    path = str(record.input_path)
    facts = [
        Fact("File", record.input_filename, path),
        Fact("Folder", words.folder_of(record.input_path), path),
        Fact("Size", words.size(record.input_size_bytes)),
    ]
    if info is None:
        return (*facts, _reading_fact(entry))
    return (
        *facts,
        Fact("Verdict", verdict_word(info.verdict), verdict_sentence(info)),
        *_time_facts(info),
        *picture_facts(info),
        Fact("Sound", info.audio_codec or ("yes" if info.has_audio else "none")),
        *_camera_facts(info),
    )


def clip_note(entry: Entry) -> str:
    """Return what is wrong with a job's clip, to be read whole; empty if nothing is."""
    trouble = entry.reading.trouble if entry.reading is not None else ""
    if trouble:
        told = entry.record.status.is_final and trouble == entry.record.error_message
        return "" if told else trouble_text(entry.record.input_filename, trouble)
    if entry.info is not None and entry.info.verdict is not Verdict.OK:
        return f"{verdict_word(entry.info.verdict)}: {entry.info.message}"
    return ""


def _reading_fact(entry: Entry) -> Fact:
    """Return why nothing is known of the picture yet."""
    if entry.reading is None:
        return Fact("Verdict", "Not read yet")
    if entry.reading.trouble:
        return Fact("Verdict", verdict_word(Verdict.ERROR), entry.reading.trouble)
    return Fact("Verdict", f"Reading {words.percent(entry.reading.fraction)}")


def _time_facts(info: VideoInfo) -> list[Fact]:
    rate = info.average_rate
    facts = [
        Fact("Frames", words.count(info.frames)),
        Fact("Duration", words.timecode(info.duration_s), f"{info.duration_s:.6f} s"),
        Fact("Rate", words.rate(rate, variable=info.variable_rate)),
    ]
    if rate is not None:
        exact = f"{rate.numerator}/{rate.denominator}"
        average = "On average, in frames" if info.variable_rate else "Frames"
        facts.append(Fact("Exact rate", exact, f"{average} per second."))
    return facts


def _camera_facts(info: VideoInfo) -> list[Fact]:
    """Return when and by what it was recorded; all other tags in a tooltip."""
    facts = [Fact("Recorded", _moment(info.created), info.created)] if info.created else []
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


def _moment(text: str) -> str:
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
