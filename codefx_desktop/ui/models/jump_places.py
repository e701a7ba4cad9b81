"""Places in a clip that are jumped to: filled by who knows them, asked by who moves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable


class JumpKind(StrEnum):
    """What is jumped to."""

    EVENT = "event"
    SCENE = "scene"
    SUSPICION = "suspicion"


@dataclass(frozen=True, slots=True)
class JumpPlace:
    """A frame that can be jumped to.

    Attributes:
        number: The frame.
        name: What is there, for the person: ``Wheel off FL``.
        key: What it is to who filled it in; handed back with ``jumped``.
    """

    number: int
    name: str = ""
    key: object = None


class JumpPlaces(QObject):
    """The places of the clip in view, by kind, in order of their frames."""

    changed = Signal()
    """Others are known."""
    jumped = Signal(object, object)
    """A person went to one: ``JumpKind``, ``JumpPlace``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: dict[JumpKind, tuple[JumpPlace, ...]] = {}

    def fill(self, kind: JumpKind, places: Iterable[JumpPlace]) -> None:
        """Set the places of a kind; of several on one frame all are kept."""
        ordered = tuple(sorted(places, key=_number))
        if ordered != self.of(kind):
            self._places[kind] = ordered
            self.changed.emit()

    def clear(self) -> None:
        """Know none: another clip is in view."""
        if any(self._places.values()):
            self._places = {}
            self.changed.emit()

    def of(self, kind: JumpKind) -> tuple[JumpPlace, ...]:
        """Return the places of a kind."""
        return self._places.get(kind, ())

    def beyond(self, kind: JumpKind, number: int, direction: int) -> JumpPlace | None:
        """Return the nearest place after a frame, or before it; None where there is none.

        Args:
            kind: What is looked for.
            number: From where.
            direction: 1 after, -1 before.
        """
        places = self.of(kind)
        if direction > 0:
            at = bisect_right(places, number, key=_number)
            return places[at] if at < len(places) else None
        at = bisect_left(places, number, key=_number)
        return places[at - 1] if at else None


def _number(place: JumpPlace) -> int:
    return place.number
