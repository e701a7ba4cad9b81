"""Plain values between the artifact desk and whoever shows artifacts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag, StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.frame import Pixels


class ArtifactFile(IntFlag):
    """The files that a frame may have; a frame's set of them is one number."""

    ORIGINAL = 1
    DETECTED = 2
    SEGMENTED = 4
    FACE = 8
    JSON = 16
    TOON = 32


NO_FILES: Final = ArtifactFile(0)
PICTURES: Final = (
    ArtifactFile.ORIGINAL,
    ArtifactFile.DETECTED,
    ArtifactFile.SEGMENTED,
    ArtifactFile.FACE,
)
"""The pictures, in the order in which they are shown."""
UNKNOWN: Final = -1


class ArtifactState(StrEnum):
    """Where the artifacts of a job stand.

    Attributes:
        NONE: The job is to write none.
        WAITING: The job has not begun.
        GROWING: The job is at work.
        COMPLETE: All that was promised is there.
        PARTIAL: The job ended and something is not there.
        UNREADABLE: The job or its folder cannot be looked at.
    """

    NONE = "none"
    WAITING = "waiting"
    GROWING = "growing"
    COMPLETE = "complete"
    PARTIAL = "partial"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, eq=False)
class ArtifactList:
    """The frames of a job that have artifacts.

    Attributes:
        job_id: The job.
        state: Where they stand.
        why: For a person: why they are partial or cannot be read; empty otherwise.
        folder: The job's folder.
        numbers: int64 (N,), frame numbers, ascending.
        files: uint8 (N,), an ``ArtifactFile`` set for each frame.
        times_ms: int64 (N,), time of each frame from the first picture, rounded as the artifacts
            round it; ``UNKNOWN`` where nothing tells.
        scenes: int32 (N,), scene of each frame; ``UNKNOWN`` where nothing tells.
        expected: The files that each frame is to have.
        scene_count: How many scenes the clip has; None where nothing tells.
        size_bytes: Of all files together; None until they are measured.
        took_s: How long the looking took.
    """

    job_id: str
    state: ArtifactState
    why: str
    folder: Path
    numbers: npt.NDArray[np.int64]
    files: npt.NDArray[np.uint8]
    times_ms: npt.NDArray[np.int64]
    scenes: npt.NDArray[np.int32]
    expected: ArtifactFile = NO_FILES
    scene_count: int | None = None
    size_bytes: int | None = None
    took_s: float = 0.0

    def __post_init__(self) -> None:
        """Check that the columns are equally long.

        Raises:
            ValueError: If they are not.
        """
        lengths = [len(column) for column in (self.numbers, self.files, self.times_ms, self.scenes)]
        if len(set(lengths)) > 1:
            raise ValueError(f"columns of different lengths: {lengths}")

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.numbers)

    @property
    def file_count(self) -> int:
        """How many files the frames have together."""
        return int(np.unpackbits(self.files).sum())

    @property
    def whole(self) -> int:
        """How many frames have all the files they are to have."""
        return int(((self.files & int(self.expected)) == int(self.expected)).sum())

    def row_of(self, number: int) -> int:
        """Return the row of a frame, or of the nearest one; -1 where there are none."""
        if not len(self.numbers):
            return -1
        right = min(int(np.searchsorted(self.numbers, number)), len(self) - 1)
        left = max(right - 1, 0)
        nearer_left = number - int(self.numbers[left]) <= int(self.numbers[right]) - number
        return left if nearer_left else right


def empty_list(job_id: str, state: ArtifactState, why: str, folder: Path) -> ArtifactList:
    """Return a list without frames."""
    return ArtifactList(
        job_id,
        state,
        why,
        folder,
        np.empty(0, np.int64),
        np.empty(0, np.uint8),
        np.empty(0, np.int64),
        np.empty(0, np.int32),
    )


@dataclass(frozen=True, slots=True)
class FrameNote:
    """What one frame's files say in short.

    Attributes:
        number: Of the frame.
        time_ms: Its time from the first picture; ``UNKNOWN`` where nothing tells.
        scene: Its scene; ``UNKNOWN`` where nothing tells.
        detections: How many; None where nobody looked.
        segments: How many; None where nobody looked.
        faces: How many; None where nobody looked.
        trouble: Why the rest is not known, as a sentence; empty otherwise.
    """

    number: int
    time_ms: int = UNKNOWN
    scene: int = UNKNOWN
    detections: int | None = None
    segments: int | None = None
    faces: int | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class FrameNotes:
    """Answer to ``ArtifactDesk.describe``."""

    job_id: str
    notes: tuple[FrameNote, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ArtifactPicture:
    """One picture of a frame.

    Attributes:
        kind: Which.
        path: Where it is, or would be.
        pixels: RGB, (H, W, 3), uint8, read-only, no larger than was asked for; None if it cannot
            be shown.
        trouble: Why it cannot, as a sentence.
    """

    kind: ArtifactFile
    path: Path
    pixels: Pixels | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ArtifactText:
    """One frame's analysis as text.

    Attributes:
        path: Where the file is, or would be.
        size_bytes: Of the file; 0 if it is not there.
        text: The whole of it; JSON is indented.
        shown: The same with lines cut that are longer than anybody reads.
        trouble: What is wrong with the file, as a sentence.
    """

    path: Path
    size_bytes: int = 0
    text: str = ""
    shown: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ShownArtifact:
    """Answer to ``ArtifactDesk.show``: one frame, as far as it can be read.

    Attributes:
        job_id: The job.
        number: Of the frame.
        note: What was found in it.
        pictures: Those that were asked for.
        json: The analysis as JSON.
        toon: The analysis as TOON.
        anchors: Pairs of line numbers, of ``json.shown`` and ``toon.shown``, that say the same.
    """

    job_id: str
    number: int
    note: FrameNote
    pictures: tuple[ArtifactPicture, ...]
    json: ArtifactText
    toon: ArtifactText
    anchors: tuple[tuple[int, int], ...] = ()

    def picture(self, kind: ArtifactFile) -> ArtifactPicture | None:
        """Return the picture of a kind, if it was asked for."""
        return next((picture for picture in self.pictures if picture.kind is kind), None)


@dataclass(frozen=True, slots=True, eq=False)
class FullPicture:
    """Answer to ``ArtifactDesk.fetch``: a picture of its full size, or why there is none."""

    job_id: str
    number: int
    picture: ArtifactPicture
