"""What the artifact browser says, in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from codefx_desktop.jobs.artifact_values import (
    PICTURES,
    UNKNOWN,
    ArtifactFile,
    ArtifactList,
    ArtifactState,
)
from codefx_desktop.ui.models import words

if TYPE_CHECKING:
    from codefx_desktop.jobs.artifact_values import ArtifactText, ShownArtifact

PICTURE_WORDS: Final = {
    ArtifactFile.ORIGINAL: "Original",
    ArtifactFile.DETECTED: "Detection",
    ArtifactFile.SEGMENTED: "Segmentation",
    ArtifactFile.FACE: "Faces",
}
STATE_WORDS: Final = {
    ArtifactState.NONE: "None",
    ArtifactState.WAITING: "Queued",
    ArtifactState.GROWING: "Being written",
    ArtifactState.COMPLETE: "Complete",
    ArtifactState.PARTIAL: "Partial",
    ArtifactState.UNREADABLE: "Cannot be read",
}
STATE_GLYPHS: Final = {
    ArtifactState.NONE: "info",
    ArtifactState.WAITING: "queued",
    ArtifactState.GROWING: "processing",
    ArtifactState.COMPLETE: "complete",
    ArtifactState.PARTIAL: "warning",
    ArtifactState.UNREADABLE: "failed",
}
STATE_TONES: Final = {
    ArtifactState.NONE: "muted",
    ArtifactState.WAITING: "muted",
    ArtifactState.GROWING: "accent",
    ArtifactState.COMPLETE: "ok",
    ArtifactState.PARTIAL: "warning",
    ArtifactState.UNREADABLE: "error",
}
"""Names of colours in the theme."""
HOW_TO: Final = (
    "Artifacts are written when they are switched on in the start sheet, or by the profiles "
    "Video analysis and Everything: of each chosen frame its pictures, and what was found in it "
    "as JSON and TOON.\nIn the terminal: codefx run CLIP --profile video"
)


@dataclass(frozen=True, slots=True)
class Blank:
    """What stands where no frame can be shown.

    Attributes:
        title: In large letters.
        text: Beneath it.
        glyph: Above it.
        tone: Its colour's name in the theme.
        action: What its button does: ``again``, ``history`` or nothing.
    """

    title: str
    text: str
    glyph: str = "artifacts"
    tone: str = "accent"
    action: str = ""


NO_JOB: Final = Blank(
    "No job is chosen",
    "The artifacts of the job that is chosen in the queue or the history appear here.",
    action="history",
)
ACTION_WORDS: Final = {"again": "Look again", "history": "Show the history"}
LOOKING: Final = Blank("Looking…", "")


def blank_of(found: ArtifactList) -> Blank:
    """Return what to say of a job that has no frame to show."""
    state = found.state
    if state is ArtifactState.UNREADABLE:
        return Blank("The artifacts cannot be read", found.why, "failed", "error", "again")
    if state is ArtifactState.WAITING:
        return Blank("The job waits for its turn", "Its artifacts appear here while it runs.")
    if state is ArtifactState.GROWING:
        return Blank("The job is at work", "Its first artifacts appear here in a moment.")
    if state is ArtifactState.PARTIAL:
        return Blank("No artifacts were written", found.why, "warning", "warning")
    if found.expected:
        return Blank("No frame was chosen", "The clip has no frame of those that were to get any.")
    return Blank("This job was run without artifacts", HOW_TO)


def summary(found: ArtifactList) -> str:
    """Return how much there is: ``120 frames · 720 files · 48.2 MB``."""
    parts = [words.frames(len(found)), files(found.file_count)]
    if found.size_bytes is not None:
        parts.append(words.size(found.size_bytes))
    if found.scene_count is not None:
        parts.insert(1, words.scenes(found.scene_count))
    return " · ".join(parts)


def partial_text(found: ArtifactList) -> str:
    """Return why a job's artifacts are not all there and how many frames are whole."""
    if found.state is not ArtifactState.PARTIAL or not len(found):
        return ""
    whole = found.whole
    if whole == len(found):
        kept = "All frames listed here are whole."
    else:
        kept = f"{words.count(whole)} of the {words.frames(len(found))} listed here are whole."
    return f"Partial. {found.why} {kept}"


def missing_text(files_there: int, expected: ArtifactFile) -> str:
    """Return which files of a frame are missing; empty if none is."""
    lacking = [file for file in ArtifactFile if file & expected & ~files_there]
    names = [PICTURE_WORDS.get(file, str(file.name)) for file in lacking]
    return f"Missing: {', '.join(names)}" if names else ""


def time_text(time_ms: int) -> str:
    """Return a time as ``00:01:02.345``; a dash where it is not known."""
    return words.NONE if time_ms == UNKNOWN else words.timecode(Fraction(time_ms, 1000))


def place_texts(shown: ShownArtifact) -> tuple[str, ...]:
    """Return which frame is shown, for ever less room.

    The longest is ``frame 394 · 00:00:15.760 · scene 3``.
    """
    parts = [f"frame {words.count(shown.number)}"]
    if shown.note.time_ms != UNKNOWN:
        parts.append(time_text(shown.note.time_ms))
    if shown.note.scene != UNKNOWN:
        parts.append(f"scene {shown.note.scene}")
    return tuple(" · ".join(parts[:count]) for count in range(len(parts), 0, -1))


def found_text(shown: ShownArtifact) -> str:
    """Return what was found in a frame: ``6 objects · 4 segments · 1 face``."""
    note = shown.note
    counted = (
        (note.detections, "object", "objects"),
        (note.segments, "segment", "segments"),
        (note.faces, "face", "faces"),
    )
    return " · ".join(
        f"{words.count(number)} {one if number == 1 else many}"
        for number, one, many in counted
        if number is not None
    )


def json_size(text: ArtifactText) -> str:
    """Return how large a JSON file is."""
    return words.size(text.size_bytes) if text.size_bytes else ""


def toon_size(json: ArtifactText, toon: ArtifactText) -> str:
    """Return how large a TOON file is, and beside its JSON: ``21.4 kB, 58 % of the JSON``."""
    if not toon.size_bytes:
        return ""
    size = words.size(toon.size_bytes)
    if not json.size_bytes:
        return size
    return f"{size}, {toon.size_bytes / json.size_bytes * 100:.0f} % of the JSON"


def pictures_of(found: ArtifactList) -> tuple[ArtifactFile, ...]:
    """Return the pictures that a job's frames have or are to have, in the order of the screen."""
    there = int(found.expected)
    for files_there in set(found.files.tolist()):
        there |= files_there
    return tuple(kind for kind in PICTURES if kind & there)


def files(number: int) -> str:
    """Return ``1 file`` or ``720 files``."""
    return "1 file" if number == 1 else f"{words.count(number)} files"
