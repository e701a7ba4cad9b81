"""What a job promised to write, and what of it is not there, cannot be read or does not agree.

A job is complete when nothing is found here. Each frame is looked at on its own, so that several
workers can share the looking.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.formats import read_json, read_toon, same_content
from codefx_desktop.artifacts.frame_artifact import FRAME_SCHEMA, FRAME_VERSION, PICTURE_KEYS
from codefx_desktop.artifacts.job_artifact import JOB_SCHEMA, JOB_VERSION
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, frame_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout

_JPEG_START: Final = b"\xff\xd8\xff"
_JPEG_END: Final = b"\xff\xd9"
_READERS: Final[dict[AnalysisFormat, Callable[[bytes], Any]]] = {
    AnalysisFormat.JSON: read_json,
    AnalysisFormat.TOON: read_toon,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """What a job is to write.

    Attributes:
        frames: Numbers of the frames that get artifacts.
        pictures: Kinds of pictures of each.
        summary: Whether the job's summary is promised, too.
    """

    frames: tuple[int, ...]
    pictures: frozenset[FrameKind] = field(default=frozenset())
    summary: bool = True

    @property
    def files(self) -> int:
        """How many files that is."""
        return len(self.frames) * (len(self.pictures) + 2) + 2 * self.summary

    def paths(self, layout: JobLayout) -> Iterator[Path]:
        """Yield the place of each file."""
        for number in self.frames:
            for picture in sorted(self.pictures):
                yield layout.frame(picture, number)
            for kind in AnalysisFormat:
                yield layout.analysis(kind, number)
        if self.summary:
            for kind in AnalysisFormat:
                yield layout.summary(kind)


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was not kept.

    Attributes:
        name: The file as seen from the job's folder, with slashes.
        reason: Why it does not count, as the end of a sentence that begins with the name.
    """

    name: str
    reason: str

    def __str__(self) -> str:
        """Return both for a person."""
        return f"{self.name} {self.reason}"


def check_promise(layout: JobLayout, promise: Promise) -> Iterator[Broken]:
    """Yield every promise that was not kept, frame by frame, the summary last."""
    for number in promise.frames:
        yield from check_frame(layout, promise, number)
    if promise.summary:
        yield from check_summary(layout)


def check_frame(layout: JobLayout, promise: Promise, number: int) -> list[Broken]:
    """Return what is wrong with one frame's artifacts."""
    broken = []
    for picture in sorted(promise.pictures):
        reason = _picture_fault(layout.frame(picture, number))
        if reason:
            broken.append(Broken(frame_name(picture, number), reason))
    paths = {kind: layout.analysis(kind, number) for kind in AnalysisFormat}

    def fault(content: Mapping[str, Any]) -> str:
        return _frame_fault(content, promise, number)

    return broken + _pair_faults(layout, paths, fault)


def check_summary(layout: JobLayout) -> list[Broken]:
    """Return what is wrong with the job's summary."""
    return _pair_faults(layout, {kind: layout.summary(kind) for kind in AnalysisFormat}, _job_fault)


def tell_broken(broken: list[Broken], shown: int = 5) -> str:
    """Return a list of unkept promises as one text for a person; empty where there are none."""
    if not broken:
        return ""
    told = "; ".join(str(item) for item in islice(broken, shown))
    more = f"; and {len(broken) - shown} more" if len(broken) > shown else ""
    many = "artifact is" if len(broken) == 1 else "artifacts are"
    return f"{len(broken)} {many} missing or damaged: {told}{more}."


def _pair_faults(
    layout: JobLayout,
    paths: Mapping[AnalysisFormat, Path],
    fault: Callable[[Mapping[str, Any]], str],
) -> list[Broken]:
    broken, contents = [], []
    for kind, path in paths.items():
        name = path.relative_to(layout.dir).as_posix()
        try:
            content = _READERS[kind](path.read_bytes())
        except OSError as error:
            broken.append(Broken(name, _absence(error)))
            continue
        except (ValueError, RecursionError) as error:
            broken.append(Broken(name, f"cannot be read as {kind.name}: {_first_line(error)}"))
            continue
        contents.append(content)
        reason = fault(content) if isinstance(content, dict) else "holds no artifact"
        if reason:
            broken.append(Broken(name, reason))
    if len(contents) == len(paths) and not same_content(*contents):
        other = paths[AnalysisFormat.JSON].name
        name = paths[AnalysisFormat.TOON].relative_to(layout.dir).as_posix()
        broken.append(Broken(name, f"does not say the same as {other}"))
    return broken


def _frame_fault(content: Mapping[str, Any], promise: Promise, number: int) -> str:
    if (content.get("schema"), content.get("version")) != (FRAME_SCHEMA, FRAME_VERSION):
        return "is of another kind or version"
    frame, files = content.get("frame"), content.get("files")
    if not isinstance(frame, dict) or frame.get("number") != number:
        return "is about another frame"
    expected = {
        key: frame_name(kind, number) if kind in promise.pictures else None
        for key, kind in PICTURE_KEYS.items()
    }
    return "" if files == expected else "names other pictures than were promised"


def _job_fault(content: Mapping[str, Any]) -> str:
    known = (content.get("schema"), content.get("version")) == (JOB_SCHEMA, JOB_VERSION)
    return "" if known else "is of another kind or version"


def _picture_fault(path: Path) -> str:
    """Return what is wrong with a picture: its ends tell whether it was written to the end."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_JPEG_START))
            size = file.seek(0, 2)
            file.seek(max(0, size - len(_JPEG_END)))
            end = file.read()
    except OSError as error:
        return _absence(error)
    return "" if (start, end) == (_JPEG_START, _JPEG_END) else "is no whole JPEG picture"


def _absence(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is missing"
    return f"cannot be read: {error.strerror or error}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
