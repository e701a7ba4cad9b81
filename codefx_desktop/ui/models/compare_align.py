"""On which event stops are laid over each other, and where it lies in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place
from codefx_desktop.ui.models.stop_words import event_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.domain.stop import PitStop

Slot = tuple[str, Place]
STOP: Final[Slot] = ("stop", Place.NONE)


@dataclass(frozen=True, slots=True)
class Choice:
    """An event on which stops can be aligned.

    Attributes:
        slot: Its kind and place.
        text: What it is called.
        missing: Letters of the stops in which it was not found.
    """

    slot: Slot
    text: str
    missing: str = ""

    @property
    def whole(self) -> str:
        """What the chooser says."""
        return (
            f"{self.text} (not found in {', '.join(self.missing)})" if self.missing else self.text
        )


@dataclass(frozen=True, slots=True)
class Zero:
    """Where the common time's 0 lies in a stop.

    Attributes:
        time_s: Seconds of the clip.
        by: The event it is aligned on; None where it has none in common with the reference, and
            its beginning was taken.
    """

    time_s: float
    by: Slot | None


def letter(number: int) -> str:
    """Return what a pane is called: A, B, C, D."""
    return chr(ord("A") + number)


def choices(stops: Mapping[int, PitStop], labels: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return the events of the stops' templates that were found: first those of all stops.

    Args:
        stops: By the number of their panes.
        labels: What each kind is called.
    """
    slots = dict.fromkeys((e.kind, e.place) for stop in stops.values() for e in stop.events)
    found = []
    for slot in slots:
        missing = [letter(n) for n, stop in stops.items() if time_of(stop, slot) is None]
        if len(missing) < len(stops):
            found.append(Choice(slot, event_name(*slot, labels), "".join(missing)))
    return tuple(sorted(found, key=lambda one: (bool(one.missing), one.slot != STOP)))


def time_of(stop: PitStop, slot: Slot) -> float | None:
    """Return when an event happened, seconds of the clip; None where it was not found."""
    event = stop.event(*slot)
    return None if event is None else event.time_s


def zero_of(stop: PitStop, slot: Slot, reference: PitStop) -> Zero:
    """Return where the event lies in a stop.

    A stop that does not have it lies as it would if both were aligned on the car's stopping, or
    on the first other event that both have.

    Args:
        stop: The stop.
        slot: The event that is wanted.
        reference: A stop that has it, if any does.
    """
    at = time_of(stop, slot)
    if at is not None:
        return Zero(at, slot)
    wanted = time_of(reference, slot)
    if wanted is None:
        return Zero(stop.begins_s, None)
    for by in (STOP, *((event.kind, event.place) for event in reference.events)):
        mine, other = time_of(stop, by), time_of(reference, by)
        if mine is not None and other is not None:
            true_s = (wanted - other) * (reference.time_scale or 1.0)
            return Zero(mine + true_s / (stop.time_scale or 1.0), by)
    return Zero(stop.begins_s, None)


def reference_for(stops: Sequence[PitStop], slot: Slot) -> PitStop:
    """Return the first stop that has an event; the first of all where none has."""
    return next((stop for stop in stops if time_of(stop, slot) is not None), stops[0])
