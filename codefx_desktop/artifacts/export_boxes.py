"""What the exports for other tools share: the clip, boxes within the picture, files in one pass.

COCO, YOLO and MOTChallenge files have no place for what lies outside the picture: boxes are
clipped to it, and those altogether outside are left out. Frames come one at a time and go to the
disk at once, so that a clip of any length takes the memory of one frame.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.artifacts.files import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    import numpy.typing as npt

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.outlines import Polygon


@dataclass(frozen=True, slots=True)
class ExportClip:
    """What exports say about the clip: its name, its size in pixels, the models' classes."""

    name: str
    width: int
    height: int
    class_names: tuple[str, ...] = ()
    segment_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export has written so far; two of them add up."""

    files: int = 0
    size_bytes: int = 0
    frames: int = 0
    objects: int = 0

    def __add__(self, other: Exported) -> Exported:
        """Return both together, as of the same frames."""
        return Exported(
            self.files + other.files,
            self.size_bytes + other.size_bytes,
            max(self.frames, other.frames),
            self.objects + other.objects,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ClippedBoxes:
    """Boxes within the picture. ``rows`` are the places they had among all boxes.

    ``rows`` is intp (M,), the sides float32 (M,), pixels.
    """

    rows: npt.NDArray[np.intp]
    left: npt.NDArray[np.float32]
    top: npt.NDArray[np.float32]
    width: npt.NDArray[np.float32]
    height: npt.NDArray[np.float32]


def clipped(xyxy: npt.NDArray[np.float32], clip: ExportClip) -> ClippedBoxes:
    """Return boxes, float32 (N, 4), as far as they lie within the picture."""
    size = np.array((clip.width, clip.height) * 2, np.float32)
    inside = np.clip(xyxy, 0, size)
    wide, high = inside[:, 2] - inside[:, 0], inside[:, 3] - inside[:, 1]
    rows = np.flatnonzero((wide > 0) & (high > 0))  # NaN is not above 0 either
    return ClippedBoxes(rows, inside[rows, 0], inside[rows, 1], wide[rows], high[rows])


def class_name(names: tuple[str, ...], class_id: int) -> str:
    """Return a class's name on one line; ``class N`` where the model tells none."""
    return " ".join(names[class_id].split()) if class_id < len(names) else f"class {class_id}"


def at_least(findings: FrameFindings, confidence: float) -> FrameFindings:
    """Return objects and outlines of at least this confidence.

    Faces stay: they were looked for at a confidence of their own.
    """
    found, outlined = findings.detections, findings.segments
    return replace(
        findings,
        detections=None if found is None else found.at_least(confidence),
        segments=None if outlined is None else outlined.at_least(confidence),
    )


def signed_area(polygon: Polygon) -> float:
    """Return a polygon's area in square pixels by Gauss's formula, below 0 the other way round."""
    x, y = polygon.astype(np.float64).T
    return float((np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def copy(source: Path, target: Path) -> None:
    """Copy a file; the copy appears under its name only when it is whole."""
    part = _part(target)
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextmanager
def streamed(path: Path) -> Iterator[TextIO]:
    """Open a text file to be written bit by bit, that appears only when the block ends well.

    Raises:
        NoSpace: If the disk is full.
        NotWritable: If the folder cannot be written to.
    """
    part = _part(path)
    with told(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8", newline="\n") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            with suppress(OSError):  # the first error is the one to tell
                part.unlink(missing_ok=True)
            raise


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.part")
