"""What fetching a pushed job will do: which files, where each goes, which are here already.

Nothing is written. A file that is here and is another one than was pushed ends it: a job's files
become somebody else's only if a person says so, knowing which.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.files import write_whole
from codefx_desktop.artifacts.job_json import read_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.artifacts.pushed_keys import JOB_JSON, file_of, frame_of, source_extension
from codefx_desktop.domain.errors import CodefxError, JobStateError, NotWritable, OtherFilesHere
from codefx_desktop.domain.push import DEFAULT_PARTS, PushPart
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.fetch_files import WantedFile, read_small
from codefx_desktop.store.detection_copy import copy_detections, copy_review

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.pushed_jobs import PushedFile, PushedJob

BLOCK_BYTES: Final = 1024 * 1024
NAMES_TOLD: Final = 3
_RANGE: Final = re.compile(r"(\d{1,12})(?:-(\d{1,12}))?")
_ORDER: Final = (
    PushPart.REPORT,
    PushPart.ANALYSIS,
    PushPart.FRAMES,
    None,
    PushPart.OUTPUT,
    PushPart.SOURCE,
)
"""``job.json`` after all that is small: a folder that has it is a job that can be looked at."""


@dataclass(frozen=True, slots=True)
class FetchChoice:
    """What of a pushed job is wanted.

    Attributes:
        parts: Which parts; ``job.json`` always comes along.
        frames: Numbers of the frames whose pictures and texts are wanted, as first and last of
            each range; None: all that were pushed.
    """

    parts: frozenset[PushPart] = DEFAULT_PARTS
    frames: tuple[tuple[int, int], ...] | None = None

    def wants(self, file: PushedFile) -> bool:
        """Return whether a file is wanted."""
        if file.part is None:
            return True
        if file.part not in self.parts:
            return False
        number = frame_of(file.rest)
        if number is None or self.frames is None:
            return True
        return any(first <= number <= last for first, last in self.frames)


def parse_frames(text: str) -> tuple[tuple[int, int], ...]:
    """Return the ranges of frame numbers that a text such as ``15,30-60`` names.

    Raises:
        ValueError: If it names none.
    """
    ranges = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else -1
        if last < first:
            raise ValueError(f"{part.strip()!r} is no frame number and no range such as 30-60")
        ranges.append((first, last))
    return tuple(ranges)


@dataclass(frozen=True, slots=True)
class FetchPlan:
    """What fetching will do.

    Attributes:
        job: The job in the target.
        record: Its row, as it will be on this machine.
        layout: Its folder here.
        wanted: All chosen files, in the order in which they come.
        source: Where the source will be, or is; None where it is not chosen.
    """

    job: PushedJob
    record: JobRecord
    layout: JobLayout
    wanted: tuple[WantedFile, ...]
    source: Path | None

    @property
    def size_bytes(self) -> int:
        """Bytes of all chosen files."""
        return sum(one.file.size_bytes for one in self.wanted)


def plan_fetch(
    store: ObjectStore,
    target: Target,
    job: PushedJob,
    choice: FetchChoice,
    layout: JobLayout,
    temp_media: Path,
) -> FetchPlan:
    """Return what fetching a job will do; reads one small object.

    Args:
        store: The target's place.
        target: The target.
        job: The job there.
        choice: What of it is wanted.
        layout: Its folder on this machine.
        temp_media: Folder for copies of sources.

    Raises:
        JobStateError: If the job was not finished, or something chosen was not pushed.
        HistoryError: If its ``job.json`` cannot be read by this program.
        RemoteError: If the target cannot be asked.
    """
    _check_choice(store, job, choice)
    record = _record(store, target, job, layout)
    chosen = sorted(filter(choice.wants, job.files), key=_place)
    wanted = tuple(WantedFile(one, _path(one, layout, temp_media)) for one in chosen)
    sources = [one.path for one in wanted if one.file.part is PushPart.SOURCE]
    return FetchPlan(job, record, layout, wanted, sources[0] if sources else None)


def _check_choice(store: ObjectStore, job: PushedJob, choice: FetchChoice) -> None:
    there = {one.part for one in job.files}
    # What is pushed usually and was not is no surprise; what was asked for by name is.
    absent = [part for part in PushPart if part in choice.parts - DEFAULT_PARTS - there]
    if absent or not there & choice.parts:
        names = ", ".join(part.value for part in PushPart if part in there)
        lacking = ", ".join(absent or sorted(choice.parts))
        raise JobStateError(
            f"Job {job.job_id} in the {store.label} has no {lacking}.",
            hint=f"It has: {names or 'nothing but its description'}.",
            job_id=job.job_id,
        )


def _place(file: PushedFile) -> tuple[int, int, str]:
    return _ORDER.index(file.part), frame_of(file.rest) or 0, file.rest


def _path(file: PushedFile, layout: JobLayout, temp_media: Path) -> Path:
    extension = source_extension(file.rest)
    if extension is None:
        return file_of(layout, file.rest)
    return temp_media / layout.job_id / "input" / f"source.{extension}"


def _record(store: ObjectStore, target: Target, job: PushedJob, layout: JobLayout) -> JobRecord:
    """Return the row that the job's ``job.json`` tells, as it will be on this machine."""
    file = next((one for one in job.files if one.rest == JOB_JSON), None)
    if file is None:
        raise JobStateError(
            f"Job {job.job_id} in the {store.label} has no {JOB_JSON}, which tells what it is.",
            hint="Push it again from the machine that has it.",
            job_id=job.job_id,
        )
    data = read_small(store, target, file)
    with tempfile.TemporaryDirectory(prefix="codefx-fetch-") as folder:
        before = JobLayout(Path(folder), job.job_id)
        write_whole(before.job_json, data)
        record = read_job_json(before)
    if not record.status.is_final:
        raise JobStateError(
            f"Job {job.job_id} was {record.status} when it was pushed.",
            hint="Push it again when it is finished.",
            job_id=job.job_id,
        )
    return moved(record, before.dir, layout)


def moved(record: JobRecord, before: Path, layout: JobLayout) -> JobRecord:
    """Return a row with the paths that it has on this machine.

    The clip's own path stays as it was, though it is elsewhere: it says where the clip came from.
    One that was written by another system is no path here; of it the name stays.
    """
    output = record.output
    if output is not None and output.path.is_relative_to(before):
        output = replace(output, path=layout.dir / output.path.relative_to(before))
    clip = record.input_path
    if not clip.is_absolute():
        clip = layout.input_dir / PureWindowsPath(clip).name
    return replace(record, job_dir=layout.dir, output=output, input_path=clip)


def missing_files(
    plan: FetchPlan, cancel: CancelSignal, *, update: bool = False
) -> tuple[WantedFile, ...]:
    """Return the chosen files that are to come; blocks while those that are here get read.

    Args:
        plan: What is wanted.
        cancel: Ends it.
        update: Whether a person wants files that are others here to become those that were pushed;
            then those that are not chosen come too, so that a job is never half of two pushes.

    Raises:
        OtherFilesHere: If files are here and are others than were pushed, and nobody said so.
        NotWritable: If a file that is here cannot be read.
        Cancelled: If the signal was seen.
    """
    missing = [one for one in plan.wanted if not one.path.is_file()]
    missing += _review_to_take_in(plan, cancel)
    others = [one for one in plan.wanted if one.path.is_file() and not _is_here(plan, one, cancel)]
    chosen = {one.file.rest for one in plan.wanted}
    others += [
        WantedFile(file, file_of(plan.layout, file.rest))
        for file in plan.job.files
        if file.rest not in chosen and file.part is not PushPart.SOURCE
        if not _has_same_size(plan, file)
    ]
    if others and not update:
        raise _others_here(plan, others)
    order = {file.rest: n for n, file in enumerate(sorted(plan.job.files, key=_place))}
    return tuple(sorted((*missing, *others), key=lambda one: order[one.file.rest]))


def _is_here(plan: FetchPlan, wanted: WantedFile, cancel: CancelSignal) -> bool:
    path, file = wanted.path, wanted.file
    if _may_differ(plan, path) or _is_same(path, file, cancel):
        return True
    is_stored = path == plan.layout.detections
    return is_stored and _copy_is_same(copy_detections, path, file, cancel)


def _has_same_size(plan: FetchPlan, file: PushedFile) -> bool:
    """Return whether a file that is not chosen is not here, or as large as the pushed one."""
    path = file_of(plan.layout, file.rest)
    # Detections were pushed as a copy, which need not have the size of the original.
    if path == plan.layout.detections or _may_differ(plan, path) or not path.is_file():
        return True
    return path.stat().st_size == file.size_bytes


def _may_differ(plan: FetchPlan, path: Path) -> bool:
    """Return whether a file here is never replaced by the pushed one.

    The program makes the clip's index anew by itself; a review here takes the pushed one's steps
    in instead, so that nothing of either is lost.
    """
    return path in (plan.layout.clip_index, plan.layout.review)


def _review_to_take_in(plan: FetchPlan, cancel: CancelSignal) -> list[WantedFile]:
    """Return the pushed review, to a place beside the one that is here, if it is another one."""
    here = plan.layout.review
    return [
        WantedFile(one.file, plan.layout.review_fetched)
        for one in plan.wanted
        if one.path == here and here.is_file()
        if not _copy_is_same(copy_review, here, one.file, cancel)
    ]


def _is_same(path: Path, file: PushedFile, cancel: CancelSignal) -> bool:
    return path.stat().st_size == file.size_bytes and sha256_of(path, cancel) == file.sha256


def _copy_is_same(
    copy_to: Callable[[Path, Path], None], path: Path, file: PushedFile, cancel: CancelSignal
) -> bool:
    """Return whether what a push would send of a database is what was sent of it."""
    with tempfile.TemporaryDirectory(prefix="codefx-fetch-") as folder:
        copy = Path(folder) / path.name
        try:
            copy_to(path, copy)
        except CodefxError:
            return False
        return _is_same(copy, file, cancel)


def sha256_of(path: Path, cancel: CancelSignal) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        NotWritable: If it cannot be read.
        Cancelled: If the signal was seen.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                if cancel.is_set():
                    raise Cancelled
                digest.update(block)
    except OSError as error:
        raise NotWritable(
            f"{path} cannot be read: {error.strerror or error}.",
            hint="Change its permissions.",
            path=path,
        ) from error
    return digest.hexdigest()


def _others_here(plan: FetchPlan, others: Sequence[WantedFile]) -> OtherFilesHere:
    names = tuple(one.file.rest for one in others)
    shown = ", ".join(names[:NAMES_TOLD])
    more = f" and {len(names) - NAMES_TOLD:,} more" if len(names) > NAMES_TOLD else ""
    counted = "1 file of it is" if len(names) == 1 else f"{len(names):,} files of it are"
    pushed = plan.job.manifest
    when = f"{pushed.created.astimezone():%Y-%m-%d %H:%M}"
    error = OtherFilesHere(
        f"Job {plan.job.job_id[:8]} is on this machine already, and {counted} not as pushed on "
        f"{when} (revision {pushed.revision}): {shown}{more}. "
        "Nothing was changed.",
        hint="To have the pushed ones here instead: Update in the window, or codefx fetch "
        "--update.",
        path=others[0].path,
        job_id=plan.job.job_id,
    )
    error.files = names
    return error
