"""Writes a job's artifact files: whole or not at all, the system's troubles in plain words.

A file appears under its name only when it is complete. That alone does not bring it through a
power cut: ``settle`` does that for many files at once, which costs far less than one by one.
"""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from codefx_desktop.artifacts.formats import encode
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind
from codefx_desktop.domain.errors import NoSpace, NotWritable, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.frame import Pixels

JPEG_QUALITY: Final = 90
_PART: Final = r"(\.\d+\.part)?"
_PICTURE_FILE: Final = re.compile(rf"frame_\d+\.jpg{_PART}")
_ANALYSIS_FILE: Final = re.compile(rf"frame_\d+\.(json|toon){_PART}")
_SUMMARY_FILE: Final = re.compile(rf"job\.(json|toon){_PART}")
_REPORT_FILE: Final = re.compile(
    rf"(events\.(json|toon|csv)|durations\.csv|zones\.(json|csv)){_PART}"
)
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under its name only when all of it is written; makes its folder.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with told(path):
        try:
            _put(part, data)
            part.replace(path)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise


def write_changed(path: Path, data: bytes) -> None:
    """Write a file as ``write_whole`` does, unless it says the same already.

    Who has it open, or only looks at when it changed, is not disturbed for nothing.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    with suppress(OSError):
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    write_whole(path, data)


def _put(part: Path, data: bytes) -> None:
    try:
        part.write_bytes(data)
    except FileNotFoundError:  # the first file of its folder
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Translate the system's errors of a block that writes a file.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        if isinstance(error, PermissionError) and path.is_file():
            raise in_use(path) from error
        is_full = error.errno in _FULL
        remedy = "Free some space" if is_full else "Change its folder's permissions"
        raise (NoSpace if is_full else NotWritable)(
            f"{path} could not be written: {error.strerror or error}.",
            hint=f"{remedy}, or choose another output folder.",
            path=path,
        ) from error


def in_use(path: Path) -> NotWritable:
    """Return the error for a file that is there and cannot be replaced.

    Windows refuses that as long as a program has the file open; a spreadsheet always has.
    """
    return NotWritable(
        f"{path} cannot be replaced: it is open in another program, or protected.",
        hint="Close it there, or choose another folder, and try again.",
        path=path,
    )


def write_frame(layout: JobLayout, number: int, content: Mapping[str, Any]) -> tuple[Path, Path]:
    """Write what is said about a frame as JSON and as TOON; return both places.

    Raises:
        ValueError: If the content cannot be written, as for ``formats.encode``.
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    json_path = layout.analysis(AnalysisFormat.JSON, number)
    toon_path = layout.analysis(AnalysisFormat.TOON, number)
    return _write_pair(json_path, toon_path, content)


def write_summary(layout: JobLayout, content: Mapping[str, Any]) -> tuple[Path, Path]:
    """Write what is said about the job as JSON and as TOON; return both places.

    Raises:
        ValueError: If the content cannot be written, as for ``formats.encode``.
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    json_path = layout.summary(AnalysisFormat.JSON)
    return _write_pair(json_path, layout.summary(AnalysisFormat.TOON), content)


def _write_pair(json_path: Path, toon_path: Path, content: Mapping[str, Any]) -> tuple[Path, Path]:
    files = encode(content)
    write_whole(json_path, files.json)
    write_whole(toon_path, files.toon)
    return json_path, toon_path


def write_picture(layout: JobLayout, kind: FrameKind, number: int, pixels: Pixels) -> Path:
    """Write one picture of a frame as JPEG; return its place.

    Args:
        layout: The job.
        kind: What it shows.
        number: Of the frame.
        pixels: RGB, (H, W, 3), uint8.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    path = layout.frame(kind, number)
    write_whole(path, jpeg(pixels))
    return path


def jpeg(pixels: Pixels, quality: int = JPEG_QUALITY) -> bytes:
    """Return a picture, RGB (H, W, 3) uint8, as the bytes of a JPEG file.

    Raises:
        ValueError: If it is empty or larger than JPEG allows (65,500 pixels a side).
    """
    swapped = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"a picture of {pixels.shape} cannot be a JPEG")
    return bytes(data.tobytes())


def clear_artifacts(layout: JobLayout) -> None:
    """Remove what an earlier run of this job wrote about frames, scenes, stops and zones.

    Files that are not named as this program names them stay, and so do their folders.

    Raises:
        NotWritable: If a file cannot be removed.
    """
    for kind in FrameKind:
        _remove(layout.frame(kind, 0).parent, _PICTURE_FILE)
    for form in AnalysisFormat:
        _remove(layout.analysis(form, 0).parent, _ANALYSIS_FILE)
    _remove(layout.analysis_dir, _SUMMARY_FILE, keep_folder=True)
    _remove(layout.report_dir, _REPORT_FILE)


def _remove(folder: Path, name: re.Pattern[str], *, keep_folder: bool = False) -> None:
    with told(folder):
        if not folder.is_dir():
            return
        for entry in [entry for entry in os.scandir(folder) if name.fullmatch(entry.name)]:
            os.unlink(entry.path)  # noqa: PTH108 - of thousands; a link goes, not what it leads to
    if not keep_folder:
        with suppress(OSError):  # not empty: something of the person's is in it
            folder.rmdir()


def settle(paths: Iterable[Path]) -> None:
    """Return when files that were written are on the disk itself.

    Call it once, before the job is called complete.

    Raises:
        NoSpace: If the disk turns out to be full.
        NotWritable: If it cannot be written to, or a file is gone.
    """
    for path in paths:
        with told(path), path.open("r+b") as file:
            os.fsync(file.fileno())
