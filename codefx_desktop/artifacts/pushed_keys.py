"""Keys of a pushed job, read back: what each holds, and which file it becomes here.

A manifest comes from elsewhere. Whatever it says, nothing is written outside the job's folder, and
nothing under a name that this system would take for another place.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.push import PushPart

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout

JOB_JSON: Final = "job.json"
MOST_KEY_BYTES: Final = 1024
"""Source: the longest key that S3 and R2 take."""

_PARTS: Final = {
    "report": PushPart.REPORT,
    "analysis": PushPart.ANALYSIS,
    "frames": PushPart.FRAMES,
    "output": PushPart.OUTPUT,
}
_SOURCE: Final = re.compile(r"input/source\.([0-9a-z]{1,8})")
_FRAME: Final = re.compile(
    r"(?:frames/(?:original|seg|det|face)/frame_(\d{1,12})\.jpg"
    r"|analysis/(json|toon)/frame_(\d{1,12})\.\2)"
)
_HIDDEN: Final = re.compile(r"[\\\x00-\x1f\x7f]")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_DEVICE: Final = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE
)


def inside(key: str, job_id: str) -> str:
    """Return a key as seen from the job's folder, such as ``frames/det/frame_15.jpg``.

    Raises:
        ValueError: If it is not of this job, or could be no file of its folder on some system.
    """
    beginning = f"jobs/{job_id}/"
    if not key.startswith(beginning) or len(key.encode(errors="replace")) > MOST_KEY_BYTES:
        raise ValueError(f"{key!r} is no file of job {job_id}")
    rest = key.removeprefix(beginning)
    if not all(map(_is_plain, rest.split("/"))):
        raise ValueError(f"{key!r} leads out of the job's folder, or has no name for a file")
    if rest != JOB_JSON and part_of(rest) is None:
        raise ValueError(f"{key!r} is nothing that a pushed job has")
    return rest


def _is_plain(name: str, *, on_windows: bool = os.name == "nt") -> bool:
    """Return whether a name is one here, and no way to another place.

    Source: "Naming Files, Paths, and Namespaces", Microsoft Learn.
    """
    if name in ("", ".", "..") or _HIDDEN.search(name):
        return False
    if not on_windows:
        return True
    return name == name.rstrip(" .") and not (_FORBIDDEN.search(name) or _DEVICE.fullmatch(name))


def part_of(rest: str) -> PushPart | None:
    """Return what a key seen from the job's folder belongs to; None for ``job.json`` and others."""
    if _SOURCE.fullmatch(rest):
        return PushPart.SOURCE
    folder, slash, name = rest.partition("/")
    return _PARTS.get(folder) if slash and name else None


def frame_of(rest: str) -> int | None:
    """Return the number of the frame that a picture or a text is about; None for all others."""
    match = _FRAME.fullmatch(rest)
    return None if match is None else int(match[1] or match[3])


def source_extension(rest: str) -> str | None:
    """Return the extension of a source's key seen from the job's folder; None for all others."""
    match = _SOURCE.fullmatch(rest)
    return None if match is None else match[1]


def file_of(layout: JobLayout, rest: str) -> Path:
    """Return the file of a checked key (``inside``) in the job's folder.

    Raises:
        ValueError: If it is the source, which has no place in there.
    """
    if part_of(rest) is PushPart.SOURCE:
        raise ValueError("a source lies beside the jobs, not in their folders")
    return layout.dir.joinpath(*rest.split("/"))
