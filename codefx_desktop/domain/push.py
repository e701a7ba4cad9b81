"""Pushes: what of a job is to reach a target, and how far each piece of it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class PushPart(StrEnum):
    """What a person chooses to push; the manifest and ``job.json`` always are."""

    REPORT = "report"
    ANALYSIS = "analysis"
    FRAMES = "frames"
    OUTPUT = "output"
    SOURCE = "source"


class Priority(IntEnum):
    """In which order pieces go: small results first, the source last, the manifest after all."""

    RESULT = 0
    ANALYSIS = 1
    FRAME = 2
    VIDEO = 3
    SOURCE = 4
    MANIFEST = 9


DEFAULT_PARTS = frozenset(PushPart) - {PushPart.SOURCE}


class PieceState(StrEnum):
    """How far one object is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    VERIFIED = "verified"
    STOPPED = "stopped"


class PushState(StrEnum):
    """How far one job's push to one target is.

    ``waiting``: not begun, or to be tried again at a time. ``stopped``: needs a person (wrong
    secret, a foreign object); ``retry`` goes on. ``pushed``: the manifest and everything in it
    were verified.
    """

    WAITING = "waiting"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    PUSHED = "pushed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens by itself or by ``retry``."""
        return self in (PushState.CANCELLED, PushState.PUSHED)


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What a push is to do.

    Attributes:
        parts: What is pushed.
        remove_source_copy: Whether the app's own copy of the source goes when it was verified;
            None: as the setting says. The person's original is never touched.
    """

    parts: frozenset[PushPart] = DEFAULT_PARTS
    remove_source_copy: bool | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One object of a push: one row of the outbox.

    Attributes:
        push_id: The push.
        key: Of the object, as in the job's layout (``jobs/<id>/...``), without a target's prefix.
        path: The file.
        size_bytes: Its size when it was queued.
        content_type: Of the object.
        priority: When it goes.
        state: How far it is.
        sha256: Of its bytes; empty until they were read.
        etag: What the target called it; empty until it was sent.
        attempts: Failed tries since the last success of any kind.
        sent_bytes: Bytes of parts that the target has confirmed.
        upload_id: Of its multipart upload; empty where there is none.
        part_bytes: Size of each part but the last.
        etags: Of its parts, in order; empty text where a part was not confirmed yet.
        reason: Why it waits or stopped, for a person.
        id: Number of the row; a file that is begun anew gets another one.
        modified_ns: When the file was changed last, as it was queued or hashed.
        replaces: The ETag of what an earlier push of ours left under the key; empty: nothing.
        is_proven: Whether the ETag is a hash of what was sent, not just a name for it.
        lost: How often it turned out not to be at the target as it was sent, since it was verified.
    """

    push_id: int
    key: str
    path: Path
    size_bytes: int
    content_type: str
    priority: Priority
    state: PieceState = PieceState.WAITING
    sha256: str = ""
    etag: str = ""
    attempts: int = 0
    sent_bytes: int = 0
    upload_id: str = ""
    part_bytes: int = 0
    etags: tuple[str, ...] = ()
    reason: str = ""
    id: int = 0
    modified_ns: int = 0
    replaces: str = ""
    is_proven: bool = False
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Push:
    """One job's push to one target, as the outbox panel shows it.

    Attributes:
        id: Number of the push.
        job_id: The job.
        job_name: The clip's file name, kept for when the job is deleted.
        target: Name of the target.
        state: How far it is.
        options: What it is to do.
        created_at: When it was queued.
        files: Objects in all, the manifest included.
        files_done: Objects that were verified.
        size_bytes: Bytes in all.
        sent_bytes: Bytes that the target has confirmed.
        next_try_at: When it goes on by itself; None: now, or never.
        reason: Why it waits or stopped, for a person.
        files_sent: Objects that the target has, verified or not.
        revision: How often this job was pushed to this target, as its manifest counts.
        changed_at: When the state changed last.
        is_slowed: Whether it waits because the target asks to slow down, not for a network.
    """

    id: int
    job_id: str
    job_name: str
    target: str
    state: PushState
    options: PushOptions
    created_at: datetime
    files: int = 0
    files_done: int = 0
    size_bytes: int = 0
    sent_bytes: int = 0
    next_try_at: datetime | None = None
    reason: str = ""
    files_sent: int = 0
    revision: int = 0
    changed_at: datetime | None = None
    is_slowed: bool = False


@dataclass(frozen=True, slots=True)
class PushProgress:
    """What the program that transfers says of a push, a few times a second.

    Attributes:
        push: As it is now.
        bytes_per_s: Current speed; 0 while nothing goes.
        eta_s: Seconds left; None while that is not known.
        is_checking: Whether all is sent and is being verified.
    """

    push: Push
    bytes_per_s: float = 0.0
    eta_s: float | None = None
    is_checking: bool = False


@dataclass(frozen=True, slots=True)
class PushEstimate:
    """What a push would send.

    Attributes:
        files: Objects of each part that is there.
        size_bytes: Bytes of each.
        to_copy_bytes: Bytes of the clips that the app has no copy of.
        may_leave: Whether one of these clips lies on a drive that may be taken away.
    """

    files: dict[PushPart, int] = field(default_factory=dict)
    size_bytes: dict[PushPart, int] = field(default_factory=dict)
    to_copy_bytes: int = 0
    may_leave: bool = False
