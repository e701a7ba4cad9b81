"""What to draw of a pit stop on one frame, as plain values.

``domain.stop_overlays`` makes them; ``artifacts`` paints them with OpenCV, ``ui`` with QPainter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.stop_words import NOT_FOUND

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Place
    from codefx_desktop.domain.overlay import Rgb

PointPx = tuple[float, float]
"""x and y in pixels of the full-size frame, origin top left."""

CHAIN_LINES: Final = 6


class StopPart(StrEnum):
    """What can be switched on and off on its own."""

    ZONES = "zones"
    CORNERS = "corners"
    CLOCK = "clock"
    CORNER_TIMES = "corner times"
    CHAIN = "chain"


class Progress(StrEnum):
    """How far a task is; each has a shape of its own, so that colour is never alone."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    UNKNOWN = NOT_FOUND


class PanelCorner(StrEnum):
    """In which corner of the picture clock, corner times and chain are written."""

    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"
    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"


@dataclass(frozen=True, slots=True)
class ZoneShown:
    """A zone on the picture.

    Attributes:
        label: Its name.
        points: Its corners.
        color: Of its outline and label.
        is_active: Somebody is at work in it, by the events.
        is_quiet: The car does not stand yet or any more.
    """

    label: str
    points: tuple[PointPx, ...]
    color: Rgb
    is_active: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class CornerMark:
    """The name of a corner of the car, at its hub.

    Attributes:
        place: Which corner; its value is the name.
        xy: Of the hub.
        outward: From the middle of all hubs towards this one, of length 1; (0, 0) for the only one.
        color: The corner's.
        progress: How far its wheel change is.
    """

    place: Place
    xy: PointPx
    outward: PointPx
    color: Rgb
    progress: Progress


@dataclass(frozen=True, slots=True)
class StopClock:
    """The running clock.

    Attributes:
        title: Which stop, and of whom.
        time: ``2.31 s``, ``arrives`` or ``stop not found``.
        plus_minus: ``±0.02``; empty while it runs and where no uncertainty is stated.
        note: What must be known to read it; often empty.
        progress: Whether it waits, runs, stands at the stationary time, or cannot be told.
    """

    title: str
    time: str
    plus_minus: str = ""
    note: str = ""
    progress: Progress = Progress.WAITING


@dataclass(frozen=True, slots=True)
class CornerTime:
    """The time of a corner's wheel change.

    Attributes:
        place: Which corner.
        time: ``2.31 s``; empty before it begins, ``not found`` where an end was not found.
        plus_minus: ``±0.02``; empty while it runs and where no uncertainty is stated.
        color: The corner's.
        progress: How far it is.
    """

    place: Place
    time: str
    plus_minus: str
    color: Rgb
    progress: Progress


@dataclass(frozen=True, slots=True)
class ChainLine:
    """An event that has happened.

    Attributes:
        place: Where, or none.
        label: What: ``wheel off``.
        time: ``+2.31 s`` from the stop; ``at 5.31 s`` of the clip for the stop itself, before it,
            and where it was not found.
        plus_minus: ``±0.02``; empty where no uncertainty is stated.
        color: Of the place.
        strength: How bright, 0 to 1: older ones fade.
    """

    place: Place
    label: str
    time: str
    plus_minus: str
    color: Rgb
    strength: float = 1.0

    @property
    def text(self) -> str:
        """All of it: ``FL wheel off +2.31 s ±0.02``."""
        return " ".join(filter(None, (self.place.value, self.label, self.time, self.plus_minus)))


@dataclass(frozen=True, slots=True)
class StopOverlay:
    """Everything to draw of a stop on one frame; parts that are switched off are empty.

    Attributes:
        frame_number: Of the frame.
        time_s: Its time, seconds from the first picture.
        zones: In the order in which they were drawn.
        corners: At the hubs, while the car stands.
        clock: None where it is switched off.
        corner_times: Front left to rear right; none where the template changes no wheels.
        chain: What has happened, newest first, at most ``CHAIN_LINES``.
        chain_room: How many lines the chain will have: what is drawn keeps its place meanwhile.
        panel: Where the text belongs: away from the car.
    """

    frame_number: int
    time_s: float
    zones: tuple[ZoneShown, ...] = ()
    corners: tuple[CornerMark, ...] = ()
    clock: StopClock | None = None
    corner_times: tuple[CornerTime, ...] = ()
    chain: tuple[ChainLine, ...] = ()
    chain_room: int = 0
    panel: PanelCorner = PanelCorner.BOTTOM_LEFT
