"""Coding by hand: a key for each kind of event, at a place, and marks of a person's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.edit import EventDeed, EventOp, Mark, MarkOp
from codefx_desktop.domain.events import Event, Place
from codefx_desktop.domain.stop_words import PLACE_WORDS
from codefx_desktop.domain.template import CORNERS_OF
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.models.event_rows import GROUPS
from codefx_desktop.ui.models.review_events import analysed, put_on
from codefx_desktop.ui.models.review_state import EventKey
from codefx_desktop.ui.models.stop_words import event_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.ui.models.event_walk import EventWalk
    from codefx_desktop.ui.models.mark_labels import MarkLabels

ON_A_PAGE: Final = 9
"""As many as there are keys from 1 to 9."""


class CodeKey(NamedTuple):
    """One button of the pad.

    Attributes:
        kind: What it codes.
        label: What that is called.
        place: Where it codes it now; None where a place must be chosen first.
        why: Why it cannot be done; empty where it can.
    """

    kind: str
    label: str
    place: Place | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class MarkWish:
    """A mark that waits for its label.

    Attributes:
        first: Number of its frame, or its first one.
        last: Its last one; None for an instant.
    """

    first: int
    last: int | None = None

    @property
    def text(self) -> str:
        """What is asked for."""
        if self.last is None:
            return f"Mark at frame {self.first}"
        return f"Mark from frame {self.first} to {self.last}"


class EventCoding(QObject):
    """The coding pad of the job under review.

    Args:
        walk: Which stop is shown.
        labels: Labels of marks that were used before.
        parent: The owner.
    """

    changed = Signal()
    """Other kinds, another page or place, a mark that waits."""
    asked = Signal()
    """A label is wanted for ``wish``."""

    def __init__(self, walk: EventWalk, labels: MarkLabels, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._walk, self._model, self.labels = walk, walk.model, labels
        self.place = Place.NONE
        self.page = 0
        self.begun: int | None = None
        self.wish: MarkWish | None = None
        self._job_id: str | None = None
        self._model.changed.connect(self._on_changed)
        self._model.selected.connect(self._on_selected)
        self._on_changed()

    # -- the pad ------------------------------------------------------------------------------

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds of events that the template has, in its order."""
        read = self._read
        if read is None or read.template is None:
            return ()
        return tuple(event.kind for event in read.template.events)

    @property
    def places(self) -> tuple[Place, ...]:
        """Places that the template's events have, in the order of the list."""
        read = self._read
        if read is None or read.template is None:
            return ()
        used = {place for event in read.template.events for place in event.places}
        return tuple(place for place in GROUPS if place in used and place is not Place.NONE)

    @property
    def pages(self) -> int:
        """How many pages the pad has."""
        return max(1, -(-len(self.kinds) // ON_A_PAGE))

    @property
    def keys(self) -> tuple[CodeKey, ...]:
        """The buttons of this page, for keys from 1 on."""
        first = self.page * ON_A_PAGE
        return tuple(self._key(kind) for kind in self.kinds[first : first + ON_A_PAGE])

    def set_place(self, place: Place) -> None:
        """Code at another place from now on."""
        if place is not self.place:
            self.place = place
            self.changed.emit()

    def step_place(self, way: int) -> None:
        """Code at the next place, or with -1 at the one before."""
        places = self.places
        if places:
            at = places.index(self.place) if self.place in places else -min(way, 0)
            at = at + way if self.place in places else at
            self.set_place(places[at % len(places)])

    def turn_page(self) -> None:
        """Show the next page, after the last one the first."""
        self.page = (self.page + 1) % self.pages
        self.changed.emit()

    def code(self, number: int) -> None:
        """Put the event of a key, from 1 on, on the frame on screen and take it in hand."""
        keys, read, here = self.keys, self._read, self._model.here()
        if not 1 <= number <= len(keys) or read is None or here is None:
            return
        one = keys[number - 1]
        if one.place is None:
            self._say(one.why)
            return
        key = EventKey(self._walk.number, one.kind, one.place)
        if self._model.event_of(key) is not None:
            self._model.move_event(key, here)
        else:
            self._add(read, key, here)
        self._model.select(event=key)

    # -- marks --------------------------------------------------------------------------------

    def mark(self) -> None:
        """Ask for the label of a mark at the frame on screen."""
        here = self._here()
        if here is not None:
            self._ask(MarkWish(here))

    def mark_stretch(self) -> None:
        """Begin a mark at the frame on screen; the second time, end it there and ask."""
        here = self._here()
        if here is None:
            return
        if self.begun is None:
            self.begun = here
            self.changed.emit()
        else:
            first, last = sorted((self.begun, here))
            self._ask(MarkWish(first, last if last > first else None))

    def name_mark(self, label: str) -> None:
        """Make the mark that waits for a label; an empty label gives it up."""
        wish, read, label = self.wish, self._read, label.strip()
        self.give_up()
        if wish is None or read is None or not label:
            return
        number = _free_mark(read)
        last = wish.last
        mark = Mark(
            label,
            wish.first,
            _time(read, wish.first),
            last,
            None if last is None else _time(read, last),
        )
        self.labels.add(label)
        self._model.do(f"Mark {label}", MarkOp(number, mark))
        self._model.select(mark=number)

    def give_up(self) -> None:
        """Make no mark."""
        self.wish = self.begun = None
        self.changed.emit()

    def offered(self) -> Sequence[str]:
        """Return labels to choose from: those of this job first, then those used before."""
        read = self._read
        mine = [] if read is None else [mark.label for mark in read.marks.values()]
        return tuple(dict.fromkeys((*reversed(mine), *self.labels.all())))

    # -- inside -------------------------------------------------------------------------------

    @property
    def _read(self) -> ReviewRead | None:
        return self._model.read if self._model.is_there else None

    def _key(self, kind: str) -> CodeKey:
        read = self._read
        assert read is not None
        assert read.template is not None
        places = next(one.places for one in read.template.events if one.kind == kind)
        label = read.labels.get(kind, kind)
        chosen = set(CORNERS_OF[self.place]) if self.place is not Place.NONE else set()
        near = [place for place in places if chosen & set(CORNERS_OF[place])]
        if self.place in places:
            return CodeKey(kind, label, self.place)
        if len(places) == 1 or len(near) == 1:
            return CodeKey(kind, label, (near or places)[0])
        names = ", ".join(PLACE_WORDS[place] for place in (near or places))
        return CodeKey(kind, label, None, f"{label}: choose where first: {names}.")

    def _add(self, read: ReviewRead, key: EventKey, here: int) -> None:
        """Code an event of a stop that the analysis did not find; the first one begins it."""
        number = analysed(self._model, here)
        if number is None:
            return
        stop, before = self._walk.stop, Event(key.kind, key.place)
        begins_s = _time(read, number) if stop is None else stop.begins_s
        after = put_on(read, before, number)
        name = event_name(key.kind, key.place, read.labels)
        op = EventOp(EventDeed.ADD, key.stop, begins_s, before, after)
        self._model.do(f"Set {name} to frame {number}", op)

    def _ask(self, wish: MarkWish) -> None:
        self.wish = wish
        self.asked.emit()

    def _here(self) -> int | None:
        read, here = self._read, self._model.here()
        return None if read is None or here is None else analysed(self._model, here)

    def _on_changed(self) -> None:
        if self._model.job_id != self._job_id:
            self._job_id = self._model.job_id
            self.wish = self.begun = None
        self.page = min(self.page, self.pages - 1)
        places = self.places
        if self.place not in places:
            self.place = places[0] if places else Place.NONE
        self.changed.emit()

    def _on_selected(self) -> None:
        """Work on where the event in hand is: its corner's others come next."""
        key = self._model.selection.event
        if key is not None and key.place in self.places:
            self.set_place(key.place)

    def _say(self, text: str) -> None:
        self._model.noticed.emit(Notice("info", text, self._model.job_id))


def _free_mark(read: ReviewRead) -> int:
    """Return a number that no mark of the job has or had."""
    had = [op.mark for step in read.steps for op in step.ops if isinstance(op, MarkOp)]
    return 1 + max((*had, *read.marks), default=0)


def _time(read: ReviewRead, number: int) -> float:
    return float(read.times_s[int(np.searchsorted(read.numbers, number))])
