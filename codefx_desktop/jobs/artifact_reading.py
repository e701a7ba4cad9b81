"""Reads one frame's artifacts, each as far as it can be read; troubles become sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.formats import read_json, read_toon, same_content
from codefx_desktop.artifacts.layout import AnalysisFormat
from codefx_desktop.artifacts.read_picture import read_jpeg
from codefx_desktop.jobs.artifact_scan import PICTURE_FILES, read_bytes
from codefx_desktop.jobs.artifact_text import anchors, cut, indented
from codefx_desktop.jobs.artifact_values import (
    PICTURES,
    UNKNOWN,
    ArtifactFile,
    ArtifactPicture,
    ArtifactText,
    FrameNote,
    ShownArtifact,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout

_KINDS: Final = {file: kind for kind, file in PICTURE_FILES.items()}
_CLOCK: Final = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3})", re.ASCII)
_COUNTED: Final = ("detections", "segmentation", "faces")


def read_frame(
    layout: JobLayout, number: int, kinds: ArtifactFile, at_most: tuple[int, int]
) -> ShownArtifact:
    """Return one frame's artifacts.

    Args:
        layout: The job.
        number: Of the frame.
        kinds: Which pictures.
        at_most: Width and height of the place of each picture in pixels of the screen.
    """
    content, json = _read_json(layout.analysis(AnalysisFormat.JSON, number))
    other, toon = _read_toon(layout.analysis(AnalysisFormat.TOON, number))
    if content is not None and other is not None and not same_content(content, other):
        toon = replace(toon, trouble=f"{toon.path.name} says something else than the JSON.")
    said = other if content is None else content
    return ShownArtifact(
        layout.job_id,
        number,
        _note(number, said, json.trouble),
        tuple(read_picture(layout, kind, number, at_most) for kind in PICTURES if kind & kinds),
        json,
        toon,
        anchors(json.shown, toon.shown),
    )


def read_note(layout: JobLayout, number: int) -> FrameNote:
    """Return what was found in a frame."""
    content, text = _read_json(layout.analysis(AnalysisFormat.JSON, number), shown=False)
    return _note(number, content, text.trouble)


def _read_json(path: Path, *, shown: bool = True) -> tuple[Any, ArtifactText]:
    """Return what a JSON file says and how it looks; as it stands where it cannot be parsed."""
    data, trouble = _bytes(path)
    if data is None:
        return None, ArtifactText(path, trouble=trouble)
    try:
        content = read_json(data)
        text = indented(content) if shown else ""
    except (ValueError, RecursionError) as error:
        trouble = f"{path.name} cannot be read as JSON: {first_line(error)}."
        text = data.decode(errors="replace")
        return None, ArtifactText(path, len(data), text, cut(text), trouble)
    return content, ArtifactText(path, len(data), text, cut(text))


def _read_toon(path: Path) -> tuple[Any, ArtifactText]:
    data, trouble = _bytes(path)
    if data is None:
        return None, ArtifactText(path, trouble=trouble)
    text, content = data.decode(errors="replace").rstrip("\n"), None
    try:
        content = read_toon(data)
    except (ValueError, RecursionError) as error:
        trouble = f"{path.name} cannot be read as TOON: {first_line(error)}."
    return content, ArtifactText(path, len(data), text, cut(text), trouble)


def read_picture(
    layout: JobLayout, kind: ArtifactFile, number: int, at_most: tuple[int, int] | None
) -> ArtifactPicture:
    """Return a picture of a frame, or why it cannot be shown.

    Args:
        layout: The job.
        kind: Which picture.
        number: Of the frame.
        at_most: Width and height of the place it is for; None for its full size.
    """
    path = layout.frame(_KINDS[kind], number)
    data, trouble = _bytes(path)
    if data is None:
        return ArtifactPicture(kind, path, trouble=trouble)
    try:
        return ArtifactPicture(kind, path, read_jpeg(data, at_most))
    except ValueError as error:
        return ArtifactPicture(kind, path, trouble=f"{path.name} {error}.")


def _bytes(path: Path) -> tuple[bytes | None, str]:
    """Return a file, or None and why not as a sentence."""
    try:
        return read_bytes(path), ""
    except FileNotFoundError:
        return None, f"{path.name} is not there."
    except OSError as error:
        return None, f"{path.name} cannot be read: {error.strerror or error}."
    except ValueError as error:
        return None, f"{path.name} {error}."


def _note(number: int, content: object, trouble: str) -> FrameNote:
    """Return what a frame's analysis says in short; it may be anybody's file."""
    if not isinstance(content, Mapping):
        return FrameNote(number, trouble=trouble or "The analysis is no object.")
    frame = content.get("frame")
    time_ms, scene = UNKNOWN, UNKNOWN
    if isinstance(frame, Mapping):
        time_ms = _time_ms(frame.get("time"))
        scene = frame["scene"] if type(frame.get("scene")) is int else UNKNOWN
    detections, segments, faces = (_count(content.get(key)) for key in _COUNTED)
    return FrameNote(number, time_ms, scene, detections, segments, faces, trouble)


def _time_ms(text: object) -> int:
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return UNKNOWN
    hours, minutes, seconds, ms = map(int, match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def _count(rows: object) -> int | None:
    return len(rows) if isinstance(rows, list) else None


def first_line(error: Exception) -> str:
    """Return what an error says, without its later lines and its full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
