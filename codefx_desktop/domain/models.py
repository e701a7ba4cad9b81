"""Models: the weights files this machine has, what is in them, and those that can be had."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

WEIGHTS_SUFFIX: Final = ".pt"
MAX_NAME_CHARS: Final = 120
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^\\/:*?\"<>|\x00-\x1f]+")
_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


class ModelTask(StrEnum):
    """What a model does, as far as jobs can use it."""

    DETECT = "detect"
    SEGMENT = "segment"
    OTHER = "other"


class ModelPlace(StrEnum):
    """Why a file is among the models."""

    OWN = "own"
    """In the folder in which a person keeps weights."""
    PROGRAM = "program"
    """In the folder beside the program."""
    DEMO = "demo"
    """The demo model, which comes with the program."""
    SETTINGS = "settings"
    """A setting names it."""
    JOBS = "jobs"
    """Jobs of the history name it."""


class ModelRole(StrEnum):
    """What a job takes a file for when it names none."""

    DETECTOR = "detector"
    SEGMENTER = "segmenter"


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    """What a safe look into a weights file tells.

    Attributes:
        task: What the model does.
        kind: The same in a word for people, more exact where jobs cannot use it: ``pose``.
        class_names: Name of each class, by class id.
        parameters: How many numbers it has learned.
        size_bytes: Size of the file.
        sha256: Hash of its bytes, hexadecimal.
    """

    task: ModelTask
    kind: str
    class_names: tuple[str, ...]
    parameters: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelUse:
    """Jobs of the history that name a file.

    Attributes:
        jobs: How many.
        waiting: How many of them are queued or running.
        last_job_id: The newest one.
        last_clip: File name of its clip.
        last_at: When it was added; aware, UTC.
    """

    jobs: int = 0
    waiting: int = 0
    last_job_id: str = ""
    last_clip: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A weights file, and what is known about it.

    Attributes:
        path: Where it is.
        size_bytes: Its size; 0 if it is not there.
        places: Why it is among the models.
        roles: What jobs take it for by themselves.
        use: Which jobs name it.
        facts: What is in it; None while nobody has looked, or where it cannot be loaded.
        trouble: Why it cannot be used, in one sentence; empty otherwise.
    """

    path: Path
    size_bytes: int
    places: frozenset[ModelPlace]
    roles: tuple[ModelRole, ...] = ()
    use: ModelUse = ModelUse()
    facts: WeightsFacts | None = None
    trouble: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def is_known(self) -> bool:
        """Whether somebody has looked into it."""
        return self.facts is not None or bool(self.trouble)

    @property
    def can_be_removed(self) -> bool:
        """Whether it is in the person's own folder; all others are not ours to remove."""
        return ModelPlace.OWN in self.places


@dataclass(frozen=True, slots=True)
class StandardModel:
    """A model that can be fetched on request.

    Attributes:
        name: Name of its file.
        task: What it does.
        title: One line about it.
        licence: Its licence's short name.
        url: Where it is; https.
        size_bytes: Its exact size.
        sha256: Hash of its bytes, hexadecimal.
    """

    name: str
    task: ModelTask
    title: str
    licence: str
    url: str
    size_bytes: int
    sha256: str

    def __post_init__(self) -> None:
        """Check what the safety of fetching it rests on.

        Raises:
            ValueError: If the address is not https, or size or hash cannot be true.
        """
        check_model_name(self.name)
        if not self.url.startswith("https://"):
            raise ValueError(f"{self.name}: {self.url!r} is not an https address")
        if self.size_bytes < 1 or not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"{self.name} needs its size and SHA-256")


@dataclass(frozen=True, slots=True)
class StandardOffer:
    """A standard model as it stands on this machine.

    Attributes:
        model: The model.
        kept: Where the very same bytes are; None where they are not.
        part_bytes: How much of it was fetched before it broke off.
    """

    model: StandardModel
    kept: Path | None = None
    part_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ModelList:
    """All models of this machine, and the standard ones that can be had.

    Attributes:
        models: Those that jobs take by themselves first, then by name; missing ones last.
        offers: In the order of the list.
        folder: Where added models go.
    """

    models: tuple[Model, ...]
    offers: tuple[StandardOffer, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class ModelKept:
    """A model that is in the person's folder now, or was there already."""

    path: Path
    facts: WeightsFacts
    was_there: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """How far a copy or a download is.

    Attributes:
        done_bytes: What is there.
        total_bytes: The whole.
        bytes_per_s: Over the last seconds; 0 until it is known.
    """

    done_bytes: int
    total_bytes: int
    bytes_per_s: float = 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds left at this rate; None while it is not known."""
        if self.bytes_per_s <= 0:
            return None
        return (self.total_bytes - self.done_bytes) / self.bytes_per_s


def check_model_name(name: str) -> None:
    """Check that a name can be a weights file's, on every system this program runs on.

    Raises:
        ValueError: If it cannot; the message says why.
    """
    if not name.lower().endswith(WEIGHTS_SUFFIX) or len(name) == len(WEIGHTS_SUFFIX):
        raise ValueError(f"the name of a weights file ends in {WEIGHTS_SUFFIX}, such as best.pt")
    stem = name[: -len(WEIGHTS_SUFFIX)]
    if not _NAME.fullmatch(name) or name.startswith((".", " ")) or stem.endswith((".", " ")):
        raise ValueError(f"{name!r} cannot be the name of a file on every system")
    if len(name) > MAX_NAME_CHARS or _OF_WINDOWS.fullmatch(stem.split(".")[0]):
        raise ValueError(f"{name!r} cannot be the name of a file on every system")
