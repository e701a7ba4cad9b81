"""Plain values that a model desk sends to whoever shows models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.models import ModelKept, Transfer


class DeedKind(StrEnum):
    """What is being done."""

    ADD = "add"
    GET = "get"


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
        kind: Which of both.
        name: Of the standard model; the path of a file that is added.
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
