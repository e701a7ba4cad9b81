"""Exports: what a job found, as the files that other programs read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ExportFormat(StrEnum):
    """What is written. JSON and TOON are copies of the artifacts, the others are made anew."""

    JSON = "json"
    TOON = "toon"
    COCO = "coco"
    YOLO = "yolo"
    MOT = "mot"

    @property
    def is_copy(self) -> bool:
        """Whether files that are there are copied, rather than made of what is stored."""
        return self in (ExportFormat.JSON, ExportFormat.TOON)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is to be exported of a job, and where to.

    Attributes:
        format: What is written.
        folder: Where to; None: the job's own ``report`` folder.
        pictures: YOLO only: with the artifacts' pictures beside the labels, so that it is a set
            to train on; frames without a picture are left out.
        replace: Replace files that are there already. Those in the job's own folder always are.
    """

    format: ExportFormat
    folder: Path | None = None
    pictures: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class ExportDone:
    """What an export wrote.

    Attributes:
        job_id: The job.
        format: What was written.
        folder: Where.
        files: How many files.
        size_bytes: All of them together.
        frames: Frames that are told of in them.
        objects: Boxes, outlines and faces in them; 0 for copies, which nobody counts.
        paths: The files, or folders of files, that were written; the main one first.
    """

    job_id: str
    format: ExportFormat
    folder: Path
    files: int
    size_bytes: int
    frames: int
    objects: int
    paths: tuple[Path, ...]
