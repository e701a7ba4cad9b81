"""Plain values that a model desk sends to whoever shows models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from codefx_desktop.domain.models import ModelKept, Transfer


class DeedKind(StrEnum):
    """What is being done."""

    ADD = "add"
    GET = "get"
    BUCKET = "bucket"


class DeedPhase(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"

    @property
    def is_final(self) -> bool:
        """Whether it is over."""
        return self in (DeedPhase.STOPPED, DeedPhase.FAILED, DeedPhase.DONE)


@dataclass(frozen=True, slots=True)
class ModelDeed:
    """A file that is being added or fetched.

    Attributes:
        kind: Which of them.
        name: Of the standard model; the path of a file that is added; the key in a bucket.
        phase: How far it is.
        transfer: Bytes and speed, once they are known.
        message: Why it failed, for a person.
        kept: What is in the folder now, when it is done.
    """

    kind: DeedKind
    name: str
    phase: DeedPhase = DeedPhase.WAITING
    transfer: Transfer | None = None
    message: str = ""
    kept: ModelKept | None = None


@dataclass(frozen=True, slots=True)
class NameTaken:
    """A file was not added because another one has its name.

    Attributes:
        source: The file.
        name: The name that is taken.
        suggestion: One that is not.
    """

    source: Path
    name: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class BucketModel:
    """A weights file in a target.

    Attributes:
        key: Of the object.
        name: The file's name in it.
        size_bytes: Its size.
        modified: When it was put there; None where that is not told.
        is_here: Whether a file of this name and size is among the person's own models.
    """

    key: str
    name: str
    size_bytes: int
    modified: datetime | None = None
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class BucketModels:
    """The weights files that a target has.

    Attributes:
        target: Its name.
        prefix: What their keys begin with.
        models: By key.
        message: Why they are not known; empty where they are.
    """

    target: str
    prefix: str
    models: tuple[BucketModel, ...] = ()
    message: str = ""
