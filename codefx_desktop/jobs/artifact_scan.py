"""Which artifacts are in a job's folder: their frames, their times, their scenes.

A folder may hold hundreds of thousands of files: names are taken as they stand, and no file is
opened but the job's summary, the kept index of the clip and, where these tell nothing, the heads
of some analyses.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.artifacts.formats import read_json
from codefx_desktop.artifacts.frame_artifact import PICTURE_KEYS
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_values import NO_FILES, UNKNOWN, ArtifactFile
from codefx_desktop.video.clip_file import load_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.domain.run import CancelSignal

PICTURE_FILES: Final = {
    FrameKind.ORIGINAL: ArtifactFile.ORIGINAL,
    FrameKind.DETECTED: ArtifactFile.DETECTED,
    FrameKind.SEGMENTED: ArtifactFile.SEGMENTED,
    FrameKind.FACE: ArtifactFile.FACE,
}
TEXT_FILES: Final = {
    AnalysisFormat.JSON: ArtifactFile.JSON,
    AnalysisFormat.TOON: ArtifactFile.TOON,
}
MAX_BYTES: Final = 64_000_000
"""No artifact is larger; what is, is somebody else's file."""
HEAD_BYTES: Final = 8192
HEADS_AT_ONCE: Final = 2_000
"""Analyses whose heads are read in one look: 0.1 s."""

_HEAD: Final = re.compile(
    rb'"frame":\{"number":(\d+),[^{}]*?"time":"(\d+):(\d\d):(\d\d)\.(\d{3})","scene":(null|\d+)\}'
)
"""Within a JSON text quotes are escaped, so no name can look like this."""
_CHECK_EVERY: Final = 4_096

Heads = dict[int, tuple[int, int]]
"""Time in milliseconds and scene of a frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """The frames in a folder.

    Attributes:
        numbers: int64 (N,), ascending.
        files: uint8 (N,), an ``ArtifactFile`` set for each.
    """

    numbers: npt.NDArray[np.int64]
    files: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a job's summary says.

    Attributes:
        frames: Numbers of the frames that were to get artifacts.
        pictures: Which pictures of each.
        complete: Whether it is of an analysis that came to the clip's end; a job writes one when
            it begins, which knows no frames and no scenes yet.
        scenes: First and last frame of each scene; None where nobody looked.
    """

    frames: tuple[int, ...]
    pictures: ArtifactFile
    complete: bool = True
    scenes: tuple[tuple[int, int], ...] | None = field(default=None)


def places(layout: JobLayout) -> dict[ArtifactFile, tuple[Path, str]]:
    """Return the folder and the suffix of each kind of file."""
    found = {file: layout.frame(kind, 0) for kind, file in PICTURE_FILES.items()}
    found |= {file: layout.analysis(kind, 0) for kind, file in TEXT_FILES.items()}
    return {file: (path.parent, path.suffix) for file, path in found.items()}


def scan(layout: JobLayout, cancel: CancelSignal) -> Scan:
    """Return the frames that have artifacts, by the names of files.

    Raises:
        Cancelled: If the signal was seen.
        OSError: If a folder that is there cannot be read.
    """
    found = {}
    for file, (folder, suffix) in places(layout).items():
        _check(cancel)
        found[file] = _numbers(folder, suffix)
    numbers = np.unique(np.concatenate(list(found.values())))
    files = np.zeros(len(numbers), np.uint8)
    for file, own in found.items():
        files[np.searchsorted(numbers, own)] |= np.uint8(file)
    return Scan(numbers, files)


def measure(layout: JobLayout, cancel: CancelSignal) -> int:
    """Return the bytes of all artifacts of a job, its summary included.

    Raises:
        Cancelled: If the signal was seen.
    """
    total = 0
    folders = {folder for folder, _ in places(layout).values()}
    for count, size in enumerate(_sizes(folders | {layout.summary(AnalysisFormat.JSON).parent})):
        if count % _CHECK_EVERY == 0:
            _check(cancel)
        total += size
    return total


def read_summary(layout: JobLayout) -> Summary | None:
    """Return what the job's summary says; None if there is none.

    Raises:
        ValueError: If it cannot be read, or says something else than a summary does.
    """
    path = layout.summary(AnalysisFormat.JSON)
    try:
        content = read_json(read_bytes(path))
        return _summary(content)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from error
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is no summary of a job") from error


def read_bytes(path: Path) -> bytes:
    """Return a file.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is larger than any artifact.
    """
    if (size := path.stat().st_size) > MAX_BYTES:
        raise ValueError(f"is larger than any artifact ({size / 1e6:.0f} MB)")
    return path.read_bytes()


def times_of(
    layout: JobLayout, numbers: npt.NDArray[np.int64], heads: Heads
) -> npt.NDArray[np.int64]:
    """Return the time of each frame in milliseconds, rounded as artifacts do; ``UNKNOWN`` if not.

    Args:
        layout: The job.
        numbers: int64 (N,), the frames.
        heads: What analyses told, for frames that the kept index does not.
    """
    index = load_index(layout.clip_index)
    if index is None or (len(numbers) and numbers[-1] >= len(index)):
        known = [heads.get(number, (UNKNOWN, UNKNOWN))[0] for number in numbers.tolist()]
        return np.array(known, np.int64)
    # Whole numbers: a float is a hair off, and would fall to the other side of a half.
    over, under = 1000 * index.time_base.numerator, index.time_base.denominator
    ticks = index.ticks[numbers].tolist()
    return np.array([(2 * tick * over + under) // (2 * under) for tick in ticks], np.int64)


def scenes_of(
    summary: Summary | None, numbers: npt.NDArray[np.int64], heads: Heads
) -> npt.NDArray[np.int32]:
    """Return the scene of each frame; ``UNKNOWN`` where nothing tells it."""
    if summary is None or not summary.complete:
        known = [heads.get(number, (UNKNOWN, UNKNOWN))[1] for number in numbers.tolist()]
        return np.array(known, np.int32)
    if not summary.scenes:
        return np.full(len(numbers), UNKNOWN, np.int32)
    firsts, lasts = np.array(summary.scenes, np.int64).T
    place = np.searchsorted(firsts, numbers, side="right") - 1
    inside = (place >= 0) & (numbers <= lasts[place])
    return np.where(inside, place, UNKNOWN).astype(np.int32)


def read_heads(layout: JobLayout, numbers: list[int], heads: Heads, cancel: CancelSignal) -> None:
    """Add what the analyses of some frames tell of their time and scene.

    Raises:
        Cancelled: If the signal was seen.
    """
    for number in numbers[:HEADS_AT_ONCE]:
        _check(cancel)
        try:
            with layout.analysis(AnalysisFormat.JSON, number).open("rb") as file:
                match = _HEAD.search(file.read(HEAD_BYTES))
        except OSError:
            continue
        if match is not None and int(match[1]) == number:
            hours, minutes, seconds, ms = (int(match[k]) for k in range(2, 6))
            scene = UNKNOWN if match[6] == b"null" else int(match[6])
            heads[number] = (((hours * 60 + minutes) * 60 + seconds) * 1000 + ms, scene)


def expected_files(plan: StagePlan, summary: Summary | None) -> ArtifactFile:
    """Return the files that each frame is to have."""
    if not plan.has_artifacts:
        return NO_FILES
    texts = ArtifactFile.JSON | ArtifactFile.TOON
    if summary is not None:
        return texts | summary.pictures
    pictures = ArtifactFile.ORIGINAL
    for wanted, file in (
        (plan.detect, ArtifactFile.DETECTED),
        (plan.segment, ArtifactFile.SEGMENTED),
        (plan.faces, ArtifactFile.FACE),
    ):
        pictures |= file if wanted else NO_FILES
    return texts | pictures


def _numbers(folder: Path, suffix: str) -> npt.NDArray[np.int64]:
    """Return the numbers of ``frame_<N><suffix>``, ascending; other names are not ours."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - three times as fast as Path.iterdir
    except FileNotFoundError:
        return np.empty(0, np.int64)
    begin, end = len("frame_"), -len(suffix)
    found = [
        name[begin:end] for name in names if name.startswith("frame_") and name.endswith(suffix)
    ]
    # As the layout writes them: no zeros before, no other figures, within int64.
    plain = [n for n in found if n.isascii() and n.isdecimal() and len(n) < 19]
    return np.unique(np.array([int(n) for n in plain if n == "0" or n[0] != "0"], np.int64))


def _sizes(folders: set[Path]) -> Iterator[int]:
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if _is_artifact(entry):
                        yield entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue  # gone meanwhile, or never there


def _is_artifact(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    is_ours = name.startswith("frame_") or name in ("job.json", "job.toon")
    return is_ours and not name.endswith(".part")  # one that is being written


def _summary(content: Any) -> Summary:  # noqa: ANN401 - whatever the file holds
    frames = tuple(int(number) for number in content["artifacts"]["frames"])
    pictures = NO_FILES
    for key in content["artifacts"]["pictures"]:
        pictures |= PICTURE_FILES[PICTURE_KEYS[key]]
    rows = content["scenes"]
    scenes = None
    if rows is not None:
        scenes = tuple((int(row["first_frame"]), int(row["last_frame"])) for row in rows)
    return Summary(frames, pictures, content["footage"]["complete"] is True, scenes)


def _check(cancel: CancelSignal) -> None:
    if cancel.is_set():
        raise Cancelled
