"""The stops that are compared: which, on what they are aligned, which of them is held against."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.models.compare_align import (
    STOP,
    choices,
    letter,
    reference_for,
    zero_of,
)
from codefx_desktop.ui.models.compare_delta import rows_of
from codefx_desktop.ui.models.compare_player import ComparePlayer
from codefx_desktop.ui.models.stop_words import event_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.ui.models.compare_align import Choice, Slot
    from codefx_desktop.ui.models.compare_delta import Row
    from codefx_desktop.ui.models.compare_pane import ComparePane
    from codefx_desktop.ui.models.job_book import JobBook

MOST: Final = 4
TEN_MS: Final = 0.01


class Arrangement(StrEnum):
    """How pictures are set against each other."""

    SIDE = "side by side"
    GHOST = "ghost"
    WIPE = "wipe"


@dataclass(frozen=True, slots=True)
class CompareLook:
    """How the pictures are looked at.

    Attributes:
        arrangement: Side by side, or two over each other.
        base: Number of the pane beneath.
        top: Number of the pane over it.
        opacity: How much of the upper picture is seen, 0 to 1.
        divide: Where across the upper picture begins, 0 to 1.
    """

    arrangement: Arrangement = Arrangement.SIDE
    base: int = 0
    top: int = 1
    opacity: float = 0.5
    divide: float = 0.5


class CompareView(QObject):
    """Two to four stops on one time.

    Args:
        book: The jobs.
        make: Makes a pane with workers of its own.
        now_s: The wall clock.
    """

    listed = Signal()
    """A pane came or went."""
    arranged = Signal()
    """What is known of the stops, their alignment or their offsets: all that follows from them."""
    looked = Signal()
    """Another pane has the focus, or pictures are looked at in another way."""
    noticed = Signal(object)
    """Something that the person should know: ``Notice``."""

    def __init__(
        self,
        book: JobBook,
        make: Callable[[], ComparePane],
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._book, self._make = book, make
        self._spare: list[ComparePane] = []
        self._laid: tuple[object, ...] = ()
        self._seen: dict[str, object] = {}
        self.panes: list[ComparePane] = []
        self.slot: Slot = STOP
        self.focus = self.reference = 0
        self.look = CompareLook()
        self.player = ComparePlayer(lambda: self.panes, self, now_s=now_s)
        book.changed.connect(self._on_job)
        book.removed.connect(self._on_removed)

    # -- which stops --------------------------------------------------------------------------

    def add(self, job_id: str, number: int | None = None) -> bool:
        """Compare a stop of a job; without a number the first that is not there yet.

        Returns:
            Whether it is there now.
        """
        entry = self._book.get(job_id)
        if entry is None:
            self._say("warning", "This job is not in the history any more.")
            return False
        there = [pane.number for pane in self.panes if pane.job_id == job_id]
        if number is None:
            count = entry.record.stop_count or 1
            number = next((n for n in range(1, count + 1) if n not in there), 1)
        name = entry.record.input_filename
        if number in there:
            at = next(
                n for n, p in enumerate(self.panes) if (p.job_id, p.number) == (job_id, number)
            )
            self._say("info", f"Stop {number} of {name} is there already: {letter(at)}.")
            self.set_focus(at)
            return True
        if len(self.panes) >= MOST:
            self._say("warning", "Four stops are compared already. Remove one to add another.")
            return False
        pane = self._spare.pop() if self._spare else self._new_pane()
        self.panes.append(pane)
        self.focus = len(self.panes) - 1
        self._seen[job_id] = self._state(job_id)
        pane.open(job_id, number, entry.record.input_path)
        self.listed.emit()
        return True

    def remove(self, at: int) -> None:
        """Compare a stop no longer."""
        if not 0 <= at < len(self.panes):
            return
        pane = self.panes.pop(at)
        pane.close()
        self._spare.append(pane)
        self.focus = min(self.focus - (self.focus > at), max(len(self.panes) - 1, 0))
        self.focus = max(self.focus, 0)
        self.reference = 0 if self.reference == at else self.reference - (self.reference > at)
        if len(self.panes) < 2:
            self.look = replace(self.look, arrangement=Arrangement.SIDE)
        self.look = replace(self.look, base=0, top=1)
        if not self.panes:
            self.player.pause()
            self.player.unmark()
            self.slot = STOP
        self.listed.emit()
        self._settle()

    def clear(self) -> None:
        """Compare nothing."""
        while self.panes:
            self.remove(len(self.panes) - 1)

    def set_focus(self, at: int) -> None:
        """Let keys that move one pane move this one."""
        if at != self.focus and 0 <= at < len(self.panes):
            self.focus = at
            self.looked.emit()

    def set_reference(self, at: int) -> None:
        """Hold the others against this one."""
        if at != self.reference and 0 <= at < len(self.panes):
            self.reference = at
            self._laid = ()
            self._settle()

    def put(
        self, slot: Slot, offsets: Mapping[int, float], reference: int, arrangement: Arrangement
    ) -> None:
        """Have the stops lie as they lay before.

        Args:
            slot: The event they are aligned on.
            offsets: How far panes run ahead of it, true seconds, by their numbers.
            reference: The pane that the others are held against.
            arrangement: How the pictures are set against each other, where there are several.
        """
        self.slot, self.reference, self._laid = slot, reference, ()
        for number, offset_s in offsets.items():
            self.panes[number].offset_s = offset_s
        if len(self.panes) > 1:
            self.look = replace(self.look, arrangement=arrangement)
        self.focus = 0
        self._settle()
        self.looked.emit()

    def refresh(self) -> None:
        """Read the stops again: a person may have corrected them meanwhile."""
        for pane in self.panes:
            pane.reread()

    # -- on one time --------------------------------------------------------------------------

    def stops(self) -> dict[int, PitStop]:
        """Return the stops that are known, by the numbers of their panes."""
        shown = {n: pane.stop for n, pane in enumerate(self.panes)}
        return {n: one.stop for n, one in shown.items() if one is not None}

    def labels(self) -> Mapping[str, str]:
        """Return what each kind of event is called."""
        return next((pane.read.labels for pane in self.panes if pane.read and pane.read.labels), {})

    def choices(self) -> tuple[Choice, ...]:
        """Return on what the stops can be aligned."""
        return choices(self.stops(), self.labels())

    @property
    def slot_name(self) -> str:
        """What the event is called on which they are aligned."""
        return event_name(*self.slot, self.labels())

    def align(self, slot: Slot) -> None:
        """Lay the stops over each other on another event, and show it."""
        if slot == self.slot:
            self.player.go(0.0)
            return
        before = {n: pane.zero for n, pane in enumerate(self.panes)}
        self.slot = slot
        self._lay()
        at = self._anchor()
        zero, old = (self.panes[at].zero, before[at]) if at is not None else (None, None)
        if at is not None and zero is not None and old is not None:
            self.player.shift((zero.time_s - old.time_s) * self._scale(at))
        self.arranged.emit()
        self.player.go(0.0)

    def nudge(self, frames: int) -> None:
        """Let the pane in focus run ahead by so many of its frames; also while it plays."""
        pane = self._focused()
        track = None if pane is None else pane.track
        if pane is None or track is None:
            return
        at = track.nearest(self.player.time_s)
        other = at + frames
        if 0 <= other <= track.last:
            self._set_offset(pane, pane.offset_s + track.time_of(other) - track.time_of(at))
        else:
            self._set_offset(pane, pane.offset_s + frames * track.interval_s)

    def nudge_s(self, seconds: float) -> None:
        """Let the pane in focus run ahead by true seconds."""
        pane = self._focused()
        if pane is not None:
            self._set_offset(pane, pane.offset_s + seconds)

    def reset_offset(self) -> None:
        """Let the pane in focus lie where its event does."""
        pane = self._focused()
        if pane is not None:
            self._set_offset(pane, 0.0)

    def jump(self, way: int) -> None:
        """Go to the next event of the stop in focus, or the one before."""
        pane = self._focused()
        track, shown = (None, None) if pane is None else (pane.track, pane.stop)
        if track is None or shown is None:
            return
        now = self.player.time_s
        found = (e.time_s for e in shown.stop.events if e.time_s is not None)
        frames = {track.nearest((at - track.zero_s) * track.scale - track.offset_s) for at in found}
        times = [track.time_of(number) for number in frames]
        # A frame that is on screen is not the next one, whichever clip leads.
        ahead = [at for at in times if (at - now) * way > track.interval_s / 2]
        if ahead:
            self.player.go(min(ahead, key=lambda at: at * way))

    def rows(self) -> tuple[tuple[int, ...], tuple[Row, ...]]:
        """Return the numbers of the panes whose stops are known, and what each took per phase."""
        known = [n for n, pane in enumerate(self.panes) if pane.stop is not None]
        if not known:
            return (), ()
        at = known.index(self.reference) if self.reference in known else 0
        found = [one.breakdown for n in known if (one := self.panes[n].stop) is not None]
        return tuple(known), rows_of(found, at, self.labels())

    def set_look(self, **changes: object) -> None:
        """Look at the pictures in another way."""
        look = replace(self.look, **changes)  # type: ignore[arg-type]
        if look != self.look:
            self.look = look
            self.looked.emit()

    def choose_stop(self, at: int, number: int) -> None:
        """Compare another stop of a pane's job."""
        pane = self.panes[at]
        taken = any(
            p is not pane and (p.job_id, p.number) == (pane.job_id, number) for p in self.panes
        )
        if taken:
            self._say("info", f"Stop {number} of {pane.name} is there already.")
            self.listed.emit()
        else:
            pane.choose(number)

    def shutdown(self) -> None:
        """End all workers."""
        self.player.pause()
        for pane in (*self.panes, *self._spare):
            pane.shutdown()

    # -- inside -------------------------------------------------------------------------------

    def _new_pane(self) -> ComparePane:
        pane = self._make()
        pane.changed.connect(self._settle)
        pane.arrived.connect(self.player.collect)
        pane.passed.connect(self.player.pass_by)
        return pane

    def _focused(self) -> ComparePane | None:
        return self.panes[self.focus] if self.focus < len(self.panes) else None

    def _scale(self, at: int) -> float:
        shown = self.panes[at].stop
        return (shown.stop.time_scale if shown is not None else 1.0) or 1.0

    def _anchor(self) -> int | None:
        """Return the pane whose picture stays when the time is counted from another event."""
        known = list(self.stops())
        return self.reference if self.reference in known else next(iter(known), None)

    def _set_offset(self, pane: ComparePane, offset_s: float) -> None:
        pane.offset_s = 0.0 if abs(offset_s) < 1e-9 else offset_s
        self._laid = ()
        self._settle()

    def _lay(self) -> None:
        """Find where the event lies in every stop."""
        stops = self.stops()
        if not stops:
            return
        order: Sequence[int] = sorted(stops, key=lambda n: (n != self.reference, n))
        held = reference_for([stops[n] for n in order], self.slot)
        for number, stop in stops.items():
            self.panes[number].zero = zero_of(stop, self.slot, held)
        for number, pane in enumerate(self.panes):
            if number not in stops:
                pane.zero = None

    def _settle(self) -> None:
        """Take up whatever became known."""
        self._lay()
        laid = tuple(
            (pane, pane.zero, pane.offset_s, pane.is_open, pane.is_lost, pane.number)
            for pane in self.panes
        )
        self.arranged.emit()
        if laid != self._laid:
            self._laid = laid
            if self.player.tracks():
                self.player.again()

    def _state(self, job_id: str) -> object:
        entry = self._book.get(job_id)
        if entry is None:
            return ()
        record = entry.record
        return record.status, record.stop_count, record.classic, record.updated_at

    def _on_job(self, job_id: str) -> None:
        state = self._state(job_id)
        if any(pane.job_id == job_id for pane in self.panes) and self._seen.get(job_id) != state:
            self._seen[job_id] = state
            for pane in self.panes:
                if pane.job_id == job_id:
                    pane.reread()

    def _on_removed(self, job_id: str) -> None:
        for at in reversed(range(len(self.panes))):
            if self.panes[at].job_id == job_id:
                name = self.panes[at].name
                self.remove(at)
                self._say("info", f"{name} was deleted, so it is compared no longer.")

    def _say(self, level: str, text: str) -> None:
        self.noticed.emit(Notice(level, text))
