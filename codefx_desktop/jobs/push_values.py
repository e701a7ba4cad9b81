"""Plain values between a push desk and whoever shows pushes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codefx_desktop.domain.push import PushEstimate

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.links import Links


@dataclass(frozen=True, slots=True)
class Estimated:
    """Answer to ``PushDesk.estimate``.

    Attributes:
        request_id: Which request.
        job_ids: The jobs it is about.
        estimate: What a push of all of them would send.
        message: Why it cannot be told; empty where it can.
    """

    request_id: int
    job_ids: tuple[str, ...]
    estimate: PushEstimate = field(default_factory=PushEstimate)
    message: str = ""


@dataclass(frozen=True, slots=True)
class LinksAnswer:
    """Answer to ``PushDesk.links``.

    Attributes:
        request_id: Which request.
        job_id: The job.
        target: Where it was pushed to.
        links: The addresses; None where there are none.
        json: All of it, to be handed to another program.
        toon: The same as TOON.
        message: Why there are none; empty where there are.
    """

    request_id: int
    job_id: str
    target: str
    links: Links | None = None
    json: str = ""
    toon: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class FetchStep:
    """How far fetching a pushed job is; exactly one final step ends it.

    Attributes:
        request_id: Which request.
        what: What was asked for: an address or a job's id.
        name: The clip's file name, once it is known.
        done_bytes: Bytes that are here.
        total_bytes: Bytes in all; 0 while that is not known.
        record: The job as it is in the history now; set when it is done.
        message: Why it ended without; empty where it did not.
        is_final: Whether it is over.
    """

    request_id: int
    what: str
    name: str = ""
    done_bytes: int = 0
    total_bytes: int = 0
    record: JobRecord | None = None
    message: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Freeable:
    """What of a job can leave this machine because a target has it, verified.

    Attributes:
        job_id: The job.
        job_name: Its clip's file name.
        target: Who has it.
        paths: The files.
        size_bytes: Their size.
    """

    job_id: str
    job_name: str
    target: str
    paths: tuple[Path, ...]
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """Answer to ``PushDesk.ask_free_space`` and ``PushDesk.free_space``.

    Attributes:
        jobs: What can go, the largest first.
        freed_bytes: What was freed just now; None where that was only asked.
        message: What stands in the way; empty if nothing does.
    """

    jobs: tuple[Freeable, ...] = ()
    freed_bytes: int | None = None
    message: str = ""

    @property
    def size_bytes(self) -> int:
        """Bytes that can go in all."""
        return sum(job.size_bytes for job in self.jobs)
