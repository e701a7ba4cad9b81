"""Exports for people and other programs, several at once: what is wanted, and what was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from pathlib import Path


class Product(StrEnum):
    """What can be exported of a job, all of it with what a person corrected.

    Attributes:
        PDF: The report of a stop on one page.
        XLSX: All stops as a workbook.
        CSV: Events and durations as tables.
        JSON: All that is told of the stops.
        TOON: The same for language models.
        CLIP: The pictures of a stop or of an event, with a clock burnt in and sound.
        STILL: One picture with what is drawn over it.
        VIDEO: The annotated video anew.
        YOLO: Boxes and outlines to train on.
        COCO: Boxes, outlines and faces in one file.
        MOT: Tracks.
        FRAMES_JSON: The artifacts of frames, copied.
        FRAMES_TOON: Likewise.
    """

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    TOON = "toon"
    CLIP = "clip"
    STILL = "still"
    VIDEO = "video"
    YOLO = "yolo"
    COCO = "coco"
    MOT = "mot"
    FRAMES_JSON = "frames-json"
    FRAMES_TOON = "frames-toon"


OF_STOPS: Final = (Product.PDF, Product.XLSX, Product.CSV, Product.JSON, Product.TOON)
"""What tells of stops: a job that found none has none of them."""
OF_PICTURES: Final = (Product.CLIP, Product.STILL, Product.VIDEO)
"""What is made of the clip's own pictures."""
OF_OBJECTS: Final = (Product.YOLO, Product.COCO, Product.MOT)
"""What tells of what was found in frames."""
COPIES: Final = (Product.FRAMES_JSON, Product.FRAMES_TOON)


class Paper(StrEnum):
    """The size of a printed page."""

    A4 = "A4"
    LETTER = "Letter"


@dataclass(frozen=True, slots=True)
class WantedEvent:
    """An event of a stop, by what it is: ``wheel_off`` of ``FL``."""

    kind: str
    place: Place = Place.NONE

    @classmethod
    def parse(cls, text: str) -> WantedEvent:
        """Return the event that ``KIND`` or ``KIND:PLACE`` names.

        Raises:
            ValueError: If there is no such place.
        """
        kind, _, place = text.strip().partition(":")
        places = {one.value.lower(): one for one in Place}
        if not kind or place.lower() not in places:
            known = ", ".join(one.value for one in Place if one.value)
            raise ValueError(f"{text!r} names no event: it is KIND or KIND:PLACE, PLACE of {known}")
        return cls(kind, places[place.lower()])

    def __str__(self) -> str:
        """Return it as ``parse`` reads it."""
        return f"{self.kind}:{self.place}" if self.place else self.kind


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """What is to be exported of a job, and where to.

    Attributes:
        products: What is written; each once.
        folder: Where to; it is made if it is not there.
        stop: Which stop PDF and clip are of, 1-based.
        event: What the clip is of; None: the stop, from its stop to its go.
        pre_s: How long the clip begins before that, seconds of the clip as it plays, at least 0.
        post_s: How long it goes on after it, likewise.
        frame: Which frame the still shows; None: that of the event, or of the car's stop.
        burn_clock: Whether time since the stop, frame number and PTS are written into the clip.
        draw: Whether boxes, zones and the stop's panel are drawn into clip and still.
        paper: Of the PDF.
        only_corrected: YOLO and COCO: only frames whose boxes a person corrected.
        pictures: YOLO: with pictures beside the labels.
        replace: Replace files that are there already.
    """

    products: tuple[Product, ...]
    folder: Path
    stop: int = 1
    event: WantedEvent | None = None
    pre_s: float = 1.0
    post_s: float = 1.0
    frame: int | None = None
    burn_clock: bool = True
    draw: bool = True
    paper: Paper = Paper.A4
    only_corrected: bool = False
    pictures: bool = False
    replace: bool = False

    def __post_init__(self) -> None:
        """Check what is wanted.

        Raises:
            ValueError: If nothing is, something is twice, or a time is below 0 or none.
        """
        if not self.products or len(set(self.products)) < len(self.products):
            raise ValueError("nothing is to be exported, or something twice")
        if not (0 <= self.pre_s <= MAX_ROLL_S and 0 <= self.post_s <= MAX_ROLL_S):
            raise ValueError(f"a clip's pre and post roll are from 0 to {MAX_ROLL_S:.0f} seconds")
        if self.stop < 1 or (self.frame is not None and self.frame < 0):
            raise ValueError("stops are counted from 1, frames from 0")


MAX_ROLL_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class WrittenProduct:
    """What one product came to.

    Attributes:
        product: Which.
        paths: The files, or folders of files, that were written.
        files: How many files.
        size_bytes: All of them together.
        note: What a person should know, a sentence; often empty.
    """

    product: Product
    paths: tuple[Path, ...]
    files: int
    size_bytes: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class SheetDone:
    """What an export wrote.

    Attributes:
        job_id: The job.
        folder: Where.
        written: What was written, in the order in which it was asked for.
    """

    job_id: str
    folder: Path
    written: tuple[WrittenProduct, ...]

    @property
    def files(self) -> int:
        """How many files."""
        return sum(one.files for one in self.written)

    @property
    def size_bytes(self) -> int:
        """All of them together."""
        return sum(one.size_bytes for one in self.written)
