"""One layout of a job, on disk and in the bucket. This module owns every name in it.

::

    jobs/<job_id>/input/source.<ext>      in the bucket; on disk the original stays where it is
    jobs/<job_id>/output/<stem>_annotated.mp4
    jobs/<job_id>/frames/{original|seg|det|face}/frame_<N>.jpg
    jobs/<job_id>/analysis/{json|toon}/frame_<N>.{json|toon}
    jobs/<job_id>/analysis/job.{json|toon}
    jobs/<job_id>/analysis/detections.sqlite
    jobs/<job_id>/analysis/review.sqlite  what a person corrected, step by step
    jobs/<job_id>/analysis/clip.index
    jobs/<job_id>/report/events.{json|toon|csv}
    jobs/<job_id>/report/durations.csv
    jobs/<job_id>/report/zones.{json|csv}
    jobs/<job_id>/job.json
    jobs/<job_id>/manifest.json           in the bucket, pushed last: what belongs to the job there
    jobs/<job_id>/job.lock                never pushed
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.domain.job import job_folder

if TYPE_CHECKING:
    from pathlib import Path

MAX_STEM_CHARS = 80
"""Leaves room for the folders above it in the 260 characters that Windows gives a path."""

MAX_STEM_BYTES = 200
"""Leaves room for suffixes in the 255 bytes that Linux gives a name."""

EMPTY_STEM = "clip"

_JOB_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_EXTENSION = re.compile(r"\.?([0-9A-Za-z]{1,8})")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class FrameKind(StrEnum):
    """What a picture of one frame shows."""

    ORIGINAL = "original"
    SEGMENTED = "seg"
    DETECTED = "det"
    FACE = "face"


class AnalysisFormat(StrEnum):
    """How one frame's analysis is written."""

    JSON = "json"
    TOON = "toon"


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    TOON = "toon"
    CSV = "csv"


def frame_name(kind: FrameKind, frame_number: int) -> str:
    """Return one frame's picture as seen from the job's folder, with slashes."""
    return f"frames/{kind}/frame_{frame_number}.jpg"


def safe_stem(stem: str) -> str:
    """Return a clip's stem as it may appear in a file name on every system.

    Letters of any script stay. What Windows forbids (characters, device names, dots and spaces
    at the end), what hides itself (control and direction characters) and bytes that are no text
    become ``_``; long stems are cut between characters.

    Source: "Naming Files, Paths, and Namespaces", Microsoft Learn.
    """
    text = "".join("_" if _hidden(char) else char for char in unicodedata.normalize("NFC", stem))
    text = _cut(_FORBIDDEN.sub("_", text).strip(" .")).rstrip(" .")
    if _RESERVED.fullmatch(text.split(".", 1)[0].rstrip(" ")):
        text = f"_{text}"
    return text or EMPTY_STEM


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _BIDI_CONTROLS


def _cut(text: str) -> str:
    short = text[:MAX_STEM_CHARS].encode()[:MAX_STEM_BYTES].decode(errors="ignore")
    # A mark or joiner that follows the cut belongs to a character that is no longer whole.
    if len(short) < len(text):
        while short and (unicodedata.combining(text[len(short)]) or text[len(short)] == "\u200d"):
            text, short = short, short[:-1]
    return short


@dataclass(frozen=True, slots=True)
class JobLayout:
    """The places of one job.

    Args:
        root: The folder that holds the ``jobs/`` tree.
        job_id: The job.

    Raises:
        ValueError: If the id could not be a folder's name.
    """

    root: Path
    job_id: str

    def __post_init__(self) -> None:
        """Refuse ids that could lead out of the ``jobs/`` tree."""
        if not _JOB_ID.fullmatch(self.job_id):
            raise ValueError(f"{self.job_id!r} cannot be the id of a job")

    @property
    def dir(self) -> Path:
        """The job's folder."""
        return job_folder(self.root, self.job_id)

    @property
    def input_dir(self) -> Path:
        """Where the source is in the bucket; empty on disk."""
        return self.dir / "input"

    def source(self, extension: str) -> Path:
        """Return the source's place in the bucket (through ``key``), extension with or without dot.

        Raises:
            ValueError: If the extension is none.
        """
        match = _EXTENSION.fullmatch(extension)
        if match is None:
            raise ValueError(f"{extension!r} is not a file extension")
        return self.input_dir / f"source.{match[1].lower()}"

    @property
    def output_dir(self) -> Path:
        """Where videos go."""
        return self.dir / "output"

    def annotated(self, stem: str) -> Path:
        """Return the annotated video of a clip with this stem."""
        return self.output_dir / f"{safe_stem(stem)}_annotated.mp4"

    def annotated_part(self, stem: str) -> Path:
        """Return the annotated video while it is being written."""
        return self.output_dir / f"{safe_stem(stem)}_annotated.mp4.part"

    @property
    def analysis_dir(self) -> Path:
        """Where results go."""
        return self.dir / "analysis"

    @property
    def detections(self) -> Path:
        """The dense results."""
        return self.analysis_dir / "detections.sqlite"

    @property
    def review(self) -> Path:
        """The log of what a person corrected; not there where nobody corrected anything."""
        return self.analysis_dir / "review.sqlite"

    @property
    def review_fetched(self) -> Path:
        """A pushed review until its steps are taken into the one that is here; never pushed."""
        return self.analysis_dir / ".review.fetched"

    @property
    def clip_index(self) -> Path:
        """What probing told about the clip, with the exact time of every frame.

        Pushed like all results: it is small, the same for the same clip, and spares whoever
        fetches the job from reading the whole clip again.
        """
        return self.analysis_dir / "clip.index"

    def analysis(self, kind: AnalysisFormat, frame_number: int) -> Path:
        """Return one frame's analysis."""
        return self.analysis_dir / kind / f"frame_{frame_number}.{kind}"

    def summary(self, kind: AnalysisFormat) -> Path:
        """Return the summary of all frames' analyses."""
        return self.analysis_dir / f"job.{kind}"

    def frame(self, kind: FrameKind, frame_number: int) -> Path:
        """Return one frame's picture."""
        return self.dir / frame_name(kind, frame_number)

    @property
    def report_dir(self) -> Path:
        """Where reports go."""
        return self.dir / "report"

    def events(self, kind: ReportFormat) -> Path:
        """Return what is told of the clip's pit stops: all of it, or as CSV their events."""
        return self.report_dir / f"events.{kind}"

    @property
    def durations(self) -> Path:
        """The durations of the clip's pit stops as CSV."""
        return self.report_dir / "durations.csv"

    def zones(self, kind: ReportFormat) -> Path:
        """Return how long each object was in each zone, as JSON or CSV."""
        return self.report_dir / f"zones.{kind}"

    @property
    def job_json(self) -> Path:
        """The file that can rebuild the history row."""
        return self.dir / "job.json"

    @property
    def manifest(self) -> Path:
        """The manifest's place in the bucket (through ``key``)."""
        return self.dir / "manifest.json"

    @property
    def lock(self) -> Path:
        """The file that a program at work on the job holds locked."""
        return self.dir / "job.lock"

    def key(self, path: Path) -> str:
        """Return the bucket key of a file of this job: its path below the root, with slashes.

        Raises:
            ValueError: If the file is not below the job's folder.
        """
        relative = path.relative_to(self.dir)
        if ".." in relative.parts or not relative.parts:
            raise ValueError(f"{path} is not a file of job {self.job_id}")
        return path.relative_to(self.root).as_posix()


def delete_files(layout: JobLayout) -> None:
    """Remove a job's folder. Links in it are removed, never what they lead to.

    A job's folder that is itself a link was put there by somebody else: only the link goes.
    Nothing happens when there is no folder.

    Raises:
        NotWritable: If a file cannot be removed; what is left can be removed by another call.
    """
    folder = layout.dir
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise NotWritable(
            f"Files of the job in {folder} could not be removed: {error.strerror or error}.",
            hint="Close programs that have them open and delete the job again.",
            path=folder,
            job_id=layout.job_id,
        ) from error
