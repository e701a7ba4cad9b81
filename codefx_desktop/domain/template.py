"""Templates of stops: which events a series' stop has, their order, its tasks, its durations.

A template speaks of events by kind, and means that kind at each place the template has it; where
two kinds are joined, places are matched: ``loosen_end`` before ``wheel_off`` holds corner by
corner, ``jack_up`` before ``wheel_off`` joins the front jack with both front corners, ``stop``
before ``loosen_start`` joins the stop with all four. ``jack_down:right`` means that one place, and
``jack_down:*`` each of its places, whatever the other's is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING, Final, Self

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_TEMPLATE_NAME_CHARS: Final = 32
CORNERS: Final = (Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT)
CORNERS_OF: Final[Mapping[Place, tuple[Place, ...]]] = {
    Place.NONE: CORNERS,
    **{corner: (corner,) for corner in CORNERS},
    Place.FRONT: (Place.FRONT_LEFT, Place.FRONT_RIGHT),
    Place.REAR: (Place.REAR_LEFT, Place.REAR_RIGHT),
    Place.LEFT: (Place.FRONT_LEFT, Place.REAR_LEFT),
    Place.RIGHT: (Place.FRONT_RIGHT, Place.REAR_RIGHT),
}
"""Corners that a place covers; an event without a place concerns all of them."""

Slot = tuple[str, Place]
"""One event of a template: its kind and its place."""


def slot_text(slot: Slot) -> str:
    """Return an event's kind and place as a person reads them: ``wheel off FL``."""
    kind, place = slot
    return f"{kind.replace('_', ' ')} {place}".strip()


@dataclass(frozen=True, slots=True)
class EventRef:
    """Events of one kind, as a template's rules name them.

    Attributes:
        kind: A name from the table of event kinds.
        place: Only there; None: wherever the template has this kind.
        is_any: Places are not matched with those of the other event.
    """

    kind: str
    place: Place | None = None
    is_any: bool = False

    def __str__(self) -> str:
        """Return it as files have it: ``wheel_off``, ``jack_down:right`` or ``jack_down:*``."""
        if self.is_any:
            return f"{self.kind}:*"
        return self.kind if self.place is None else f"{self.kind}:{self.place}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what ``str`` wrote.

        Raises:
            ValueError: If the place is not known.
        """
        kind, colon, place = text.partition(":")
        if place == "*":
            return cls(kind, is_any=True)
        return cls(kind, parse_place(place) if colon else None)


def parse_place(text: str) -> Place:
    """Return the place of a name.

    Raises:
        ValueError: If there is none, with the names there are.
    """
    if text not in list(Place):
        names = ", ".join(place.value for place in Place if place)
        raise ValueError(f"there is no place {text!r}; there are {names}")
    return Place(text)


@dataclass(frozen=True, slots=True)
class TemplateEvent:
    """Events of one kind that a stop has.

    Attributes:
        kind: A name from the table of event kinds.
        places: Where; one without a place for the car as a whole.
    """

    kind: str
    places: tuple[Place, ...] = (Place.NONE,)


@dataclass(frozen=True, slots=True)
class OrderRule:
    """What must have happened before something else can: ``before``, then ``after``."""

    before: EventRef
    after: EventRef


@dataclass(frozen=True, slots=True)
class Span:
    """From one event to another, once for each pair of places that belong together.

    Attributes:
        name: Its name in files.
        label: Its name on screen.
        begins: The event it begins with; None for a task that begins when the last of what must
            come before its end has happened.
        ends: The event it ends with.
    """

    name: str
    label: str
    begins: EventRef | None
    ends: EventRef


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A span at one place.

    Attributes:
        span: Which one.
        place: The narrower of its two ends' places.
        begins: The event it begins with; None as for the span.
        ends: The event it ends with.
    """

    span: Span
    place: Place
    begins: Slot | None
    ends: Slot


@dataclass(frozen=True, slots=True)
class StopTemplate:
    """How stops of one series go.

    Attributes:
        name: Short, as in the terminal; stored with the stop.
        label: As on screen.
        events: What happens, in the order in which it is shown.
        order: What must come before what.
        tasks: The work between events, for the critical path.
        durations: Times that follow from the events, in the order in which they are shown.
        together: Corners that guns work on at the same time, group by group.
        version: Of the template's own content, counted up where it is changed.
        crew_limit: Persons that may be in the box at a time, drivers included; None: no limit.
        crew_from: The kind of event from which the crew may be over the line; empty: at any time.
        notes: Where all this comes from, and what a person should know.
        is_own: Whether a person made it; the built-in ones cannot be changed.
    """

    name: str
    label: str
    events: tuple[TemplateEvent, ...]
    order: tuple[OrderRule, ...] = ()
    tasks: tuple[Span, ...] = ()
    durations: tuple[Span, ...] = ()
    together: tuple[tuple[Place, ...], ...] = ()
    version: int = 1
    crew_limit: int | None = None
    crew_from: str = ""
    notes: str = ""
    is_own: bool = False

    def __post_init__(self) -> None:
        """Check that the parts fit together.

        Raises:
            ValueError: If they do not; the message says which part, and a cycle by its events.
        """
        self._check_head()
        self._check_events()
        for rule in self.order:
            self._check_pair("order", rule.before, rule.after)
        for what, spans in (("task", self.tasks), ("duration", self.durations)):
            _check_once(f"the {what}", [one.name for one in spans])
            for one in spans:
                self._check_pair(f"the {what} {one.name}", one.begins or one.ends, one.ends)
            placed = self.placed(spans)
            _check_once(f"the {what}", [f"{one.span.name} {one.place}".strip() for one in placed])
        loose = next((one.name for one in self.durations if one.begins is None), None)
        if loose is not None:
            raise ValueError(f"the duration {loose} does not say from which event")
        cycle = find_cycle(self.rules())
        if cycle:
            told = " -> ".join(map(slot_text, cycle))
            raise ValueError(f"the order rules go round in a circle: {told}")

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Each event a stop has, kind and place, in the template's order."""
        return tuple((event.kind, place) for event in self.events for place in event.places)

    @property
    def corners(self) -> tuple[Place, ...]:
        """The corners that are worked on, in the order of the groups that are worked together."""
        grouped = tuple(chain.from_iterable(self.together))
        named = {place for _, place in self.slots}
        return grouped + tuple(one for one in CORNERS if one in named and one not in grouped)

    def slots_of(self, ref: EventRef) -> tuple[Slot, ...]:
        """Return the events that a rule names; none where the template lacks them."""
        return tuple(
            (event.kind, place)
            for event in self.events
            if event.kind == ref.kind
            for place in event.places
            if ref.place in (None, place)
        )

    def pairs(self, before: EventRef, after: EventRef) -> tuple[tuple[Slot, Slot], ...]:
        """Return the events that two names join, place by place."""
        exact = any(ref.is_any or ref.place is not None for ref in (before, after))
        return tuple(
            (first, then)
            for first, then in product(self.slots_of(before), self.slots_of(after))
            if exact or _belong(first[1], then[1])
        )

    def rules(self) -> tuple[tuple[Slot, Slot], ...]:
        """Return all that must come before something else; a task's begin before its end."""
        joined = [(rule.before, rule.after) for rule in self.order]
        joined += [(task.begins, task.ends) for task in self.tasks if task.begins]
        found = chain.from_iterable(self.pairs(before, after) for before, after in joined)
        return tuple(dict.fromkeys(found))

    def placed(self, spans: Iterable[Span]) -> tuple[PlacedSpan, ...]:
        """Return tasks or durations, one for each place."""
        return tuple(chain.from_iterable(map(self._placed, spans)))

    def _placed(self, span: Span) -> tuple[PlacedSpan, ...]:
        if span.begins is None:
            ends = self.slots_of(span.ends)
            return tuple(PlacedSpan(span, place, None, (kind, place)) for kind, place in ends)
        return tuple(
            PlacedSpan(span, _narrower(first[1], then[1]), first, then)
            for first, then in self.pairs(span.begins, span.ends)
        )

    def _check_head(self) -> None:
        name = self.name
        if not name or name != name.strip() or len(name) > MAX_TEMPLATE_NAME_CHARS:
            raise ValueError(f"a template's name has 1 to {MAX_TEMPLATE_NAME_CHARS} characters")
        if not name.isprintable():
            raise ValueError("a template's name holds visible characters only")
        if self.crew_limit is not None and self.crew_limit < 1:
            raise ValueError("crew_limit must be at least 1, or null")
        if self.crew_from and not self.slots_of(EventRef(self.crew_from)):
            raise ValueError(f"crew_from names {self.crew_from}, which the template lacks")

    def _check_events(self) -> None:
        if not self.events:
            raise ValueError("it has no events")
        _check_once("the event", [event.kind for event in self.events])
        for event in self.events:
            if not event.places:
                raise ValueError(f"{event.kind} has no place")
            _check_once(f"{event.kind} at", [place.value for place in event.places])
        grouped = list(chain.from_iterable(self.together))
        _check_once("in together the corner", [place.value for place in grouped])
        for place in grouped:
            if place not in CORNERS:
                raise ValueError(f"together: {place.value or 'the car'} is no corner")
            if all(place is not there for _, there in self.slots):
                raise ValueError(f"together: no event happens at {place}")

    def _check_pair(self, what: str, before: EventRef, after: EventRef) -> None:
        for ref in (before, after):
            if not self.slots_of(ref):
                raise ValueError(f"{what}: the template has no event {ref}")
        if not self.pairs(before, after):
            raise ValueError(f"{what}: {before} and {after} have no place in common")


def find_cycle(rules: Iterable[tuple[Slot, Slot]]) -> tuple[Slot, ...]:
    """Return events of which each must come before the next and the last is the first again.

    Returns:
        The first such circle that is found, or nothing.
    """
    after: dict[Slot, list[Slot]] = {}
    for first, then in rules:
        after.setdefault(first, []).append(then)
    done: set[Slot] = set()
    for start in after:
        path: list[Slot] = []
        branches = [iter([start])]
        while branches:
            slot = next(branches[-1], None)
            if slot is None:
                branches.pop()
                if path:
                    done.add(path.pop())
            elif slot in path:
                return (*path[path.index(slot) :], slot)
            elif slot not in done:
                path.append(slot)
                branches.append(iter(after.get(slot, ())))
    return ()


def _belong(one: Place, other: Place) -> bool:
    """Return whether one place lies within the other."""
    wide, narrow = set(CORNERS_OF[one]), set(CORNERS_OF[other])
    return wide <= narrow or narrow <= wide


def _narrower(one: Place, other: Place) -> Place:
    return one if len(CORNERS_OF[one]) < len(CORNERS_OF[other]) else other


def _check_once(what: str, names: list[str]) -> None:
    twice = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if twice is not None:
        raise ValueError(f"{what} {twice or 'of the car'} is there twice")
