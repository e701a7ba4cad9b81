"""Plain values between a push desk and whoever shows pushes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codefx_desktop.domain.push import PushEstimate

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.models import Transfer
    from codefx_desktop.domain.push import PushPart
    from codefx_desktop.jobs.fetch_files import FetchProgress
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
class FetchWanted:
    """What a person wants to fetch.

    Attributes:
        request_id: Which request.
        what: An address of a pushed job, or its id or the beginning of that.
        target: Where it is, if only its id is given.
        parts: What of it.
        update: Whether files that are others here become those that were pushed.
    """

    request_id: int
    what: str
    target: str
    parts: frozenset[PushPart]
    update: bool = False


@dataclass(frozen=True, slots=True)
class FetchStep:
    """How far fetching a pushed job is; exactly one final step ends it.

    Attributes:
        request_id: Which request.
        name: The clip's file name, or the job's id while that is not known.
        progress: Files and bytes; None before anything is known of them.
        record: The job as it is in the history now; set when it is done.
        message: Why it ended without; empty where it did not.
        is_final: Whether it is over.
        others: Files that are others here, which an update would replace; it ended because of
            them.
        note: What a person should know of what came; empty for nothing.
    """

    request_id: int
    name: str = ""
    progress: FetchProgress | None = None
    record: JobRecord | None = None
    message: str = ""
    is_final: bool = False
    others: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class CopyStep:
    """How far copying the sources of jobs is; exactly one final step ends it.

    Attributes:
        request_id: Which request.
        name: File name of the clip that is being copied.
        transfer: Its bytes; None before anything is known of them.
        message: Why it ended before all were copied; empty where it did not.
        is_final: Whether it is over.
    """

    request_id: int
    name: str = ""
    transfer: Transfer | None = None
    message: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Freeable:
    """What of a job can leave this machine because a target has it, verified.

    Attributes:
        job_id: The job.
        job_name: Its clip's file name.
        target: Who has it.
        files: How many files it is.
        size_bytes: Their size.
    """

    job_id: str
    job_name: str
    target: str
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """Answer to ``PushDesk.ask_free_space`` and ``PushDesk.free_space``.

    Attributes:
        jobs: What can go now, the largest first.
        freed_bytes: What was freed just now; None where that was only asked.
        message: What could not go, and why; empty if nothing stood in the way.
    """

    jobs: tuple[Freeable, ...] = ()
    freed_bytes: int | None = None
    message: str = ""

    @property
    def size_bytes(self) -> int:
        """Bytes that can go in all."""
        return sum(job.size_bytes for job in self.jobs)
