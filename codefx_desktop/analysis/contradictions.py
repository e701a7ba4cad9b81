"""Events that cannot both be true: the one with the weaker evidence is not stated.

Only what nobody can do otherwise counts here: a wheel comes off after its nut is loose, a car
leaves after it came. What crews are told to do, and sometimes do not (no release before all are
clear), is a template's order: breaking that is a finding, and stays (``order_breaks``).
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.instants import bounds
from codefx_desktop.domain.events import Event, EventSource, EventStatus
from codefx_desktop.domain.template import CORNERS_OF, slot_text

if TYPE_CHECKING:
    from collections.abc import Sequence

# fmt: off
CHAINS: Final = (
    ("arrive", "stop", "go", "depart"),
    (
        "loosen_start",
        "loosen_end",
        "wheel_off",
        "wheel_on",
        "tighten_start",
        "tighten_end",
        "clear",
    ),
    ("jack_up", "wheel_off", "wheel_on", "jack_down"),
    ("probe_in", "probe_out"),
    ("driver_out", "driver_in", "helper_clear"),
)
# fmt: on
"""What comes after what, at one place or at places of which one is a part of the other."""
HEARD: Final = 0.5
"""What is only heard is worth less than what is seen: whose it is was concluded."""


def without_contradictions(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return a stop's events; of those that contradict each other the weaker are not found.

    Two contradict each other when the later one is over before the earlier one can have happened,
    by all that their bounds allow. The event that most others speak against goes first, then the
    one whose evidence is weaker; where that does not differ, both.

    Args:
        events: Of one stop, in any order; one for each kind and place.
    """
    kept = list(events)
    while True:
        against = _against(kept)
        if not against:
            return tuple(kept)
        worst = max((len(others), -_worth(kept[i])) for i, others in against.items())
        for i, others in against.items():
            if (len(others), -_worth(kept[i])) == worst:
                kept[i] = _not_found(kept[i], [kept[j] for j in others])


def _against(events: Sequence[Event]) -> dict[int, list[int]]:
    """Return the events that contradict others, and which these are, by their indices."""
    stated = [i for i, event in enumerate(events) if _is_stated(event)]
    found: dict[int, list[int]] = {}
    for i, j in product(stated, stated):
        if _must_precede(events[i], events[j]) and bounds(events[i])[0] > bounds(events[j])[1]:
            found.setdefault(i, []).append(j)
            found.setdefault(j, []).append(i)
    return found


def _is_stated(event: Event) -> bool:
    return event.status is EventStatus.PROPOSED and event.time_s is not None


def _must_precede(one: Event, other: Event) -> bool:
    """Return whether one event has to happen before another."""
    wide, narrow = set(CORNERS_OF[one.place]), set(CORNERS_OF[other.place])
    if not (wide <= narrow or narrow <= wide):
        return False
    return any(
        one.kind in chain
        and other.kind in chain
        and chain.index(one.kind) < chain.index(other.kind)
        for chain in CHAINS
    )


def _worth(event: Event) -> float:
    """Return how much an event's evidence is worth."""
    part = HEARD if event.source is EventSource.AUDIO else 1.0
    return part * (event.confidence or 0.0)


def _not_found(event: Event, others: Sequence[Event]) -> Event:
    told = ", ".join(slot_text((other.kind, other.place)) for other in others)
    why = f"{event.time_s:.2f} s was measured, which contradicts {told}"
    return Event(event.kind, event.place, evidence={**event.evidence, "why": why})
