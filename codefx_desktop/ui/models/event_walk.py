"""Going through the events of a stop: which are shown, which is next, what is said of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.edit import EventDeed, EventOp, MarkOp
from codefx_desktop.domain.events import Event, EventSource, EventStatus
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.models.event_rows import (
    EventRow,
    Show,
    Standing,
    difference_at,
    rows_of,
    standing_of,
    stop_of,
    tally,
)
from codefx_desktop.ui.models.stop_words import event_name

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.ui.models.event_rows import Row, Tally
    from codefx_desktop.ui.models.review_model import ReviewModel


class EventWalk(QObject):
    """The events of one stop of the job under review, gone through one by one.

    Args:
        model: The job under review.
        parent: The owner.
    """

    changed = Signal()
    """Other rows, or another stop."""
    frame_wanted = Signal(int)
    """Exactly this frame is to be seen."""

    def __init__(self, model: ReviewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.number = 1
        self.show = Show.ALL
        self.by_place = True
        self.rows: tuple[Row, ...] = ()
        self._read: ReviewRead | None = None
        for signal in (model.changed, model.edited):
            signal.connect(self._fill)
        model.updated.connect(self._on_updated)
        model.selected.connect(self._on_selected)
        self._fill()

    # -- what is shown ------------------------------------------------------------------------

    @property
    def stop(self) -> PitStop | None:
        """The stop that is shown."""
        return stop_of(self.model.read, self.number)

    @property
    def tally(self) -> Tally:
        """How far a person is with it."""
        return tally(self.stop)

    @property
    def has_proposed(self) -> bool:
        """Whether anything of it waits to be confirmed."""
        stop = self.stop
        stands = map(standing_of, stop.events) if stop is not None else ()
        return any(one is Standing.PROPOSED for one in stands)

    @property
    def row(self) -> EventRow | None:
        """The row in hand; also where a filter hides it."""
        key, mark = self.model.selection.event, self.model.selection.mark
        read = self.model.read
        if read is None or (key is None and mark is None):
            return None
        rows = self.rows if self.show is Show.ALL else rows_of(read, self.number)
        for row in rows:
            if isinstance(row, EventRow) and (row.key, row.mark) == (key, mark):
                return row
        return None

    def choose_stop(self, number: int) -> None:
        """Show another stop."""
        if number != self.number:
            self.number = number
            key = self.model.selection.event
            if key is not None and key.stop != number:
                self.model.select()
            self._fill()

    def set_show(self, show: Show) -> None:
        """Show other rows."""
        self.show = show
        self._fill()

    def set_by_place(self, by_place: bool) -> None:
        """Show rows corner by corner, or in order of time."""
        self.by_place = by_place
        self._fill()

    def choose(self, row: EventRow) -> None:
        """Take a row in hand and see its frame."""
        self.model.select(event=row.key, mark=row.mark)
        if row.number is not None:
            self.frame_wanted.emit(row.number)

    # -- what is said -------------------------------------------------------------------------

    def confirm(self) -> None:
        """Confirm what is in hand and go on to the next that nobody has looked at."""
        row = self.row
        after = self._next_open(row)
        if row is not None and row.standing is Standing.PROPOSED:
            self.model.confirm()
        elif row is not None and row.differs:
            self.keep()
        if after is not None:
            self.choose(after)
        elif self.stop is not None and (row is None or not row.is_open):
            self._say(f"All that was found of stop {self.number} is confirmed.")

    def confirm_all(self) -> None:
        """Confirm all that nobody has looked at, in one step."""
        stop = self.stop
        if stop is None:
            return
        ops = [
            _op(EventDeed.CONFIRM, stop, one, replace(one, status=EventStatus.CONFIRMED))
            for one in stop.events
            if standing_of(one) is Standing.PROPOSED
        ]
        self.model.do(f"Confirm all {len(ops)} proposed of stop {stop.number}", *ops)

    def reject(self) -> None:
        """Say that the event in hand did not happen so; a mark of one's own is deleted."""
        number, mark = self.model.selection.mark, self.model.mark
        if number is not None and mark is not None:
            self.model.select()
            self.model.do(f"Delete mark {mark.label}", MarkOp(number, None))
        else:
            self.model.reject()

    def nudge(self, frames: int) -> None:
        """Move what is in hand by so many frames and see the frame where it is then."""
        self.model.nudge(frames)
        row = self.row
        if row is not None and row.number is not None:
            self.frame_wanted.emit(row.number)

    def set_here(self) -> None:
        """Put what is in hand on the frame on screen."""
        self.model.set_here()

    def annotate(self, text: str) -> None:
        """Say something about what is in hand in words; an empty text takes it away."""
        key, number, mark = self.model.selection.event, self.model.selection.mark, self.model.mark
        if key is not None:
            self.model.annotate(key, text)
        elif number is not None and mark is not None and mark.note != text:
            self.model.do(f"Note at {mark.label}", MarkOp(number, replace(mark, note=text)))

    def keep(self) -> None:
        """Hold on to what a person said, though the analysis says something else now."""
        self._settle(keeps=True)

    def take(self) -> None:
        """Take what the analysis says now in place of what a person said."""
        self._settle(keeps=False)

    # -- inside -------------------------------------------------------------------------------

    def _settle(self, *, keeps: bool) -> None:
        """Say a difference once more, against what is found now: it is none any longer."""
        one, read = difference_at(self.model.read, self.model.selection.event), self.model.read
        stop = self.stop
        if one is None or stop is None or read is None:
            return
        name = event_name(one.kind, one.place, read.labels)
        if keeps:
            text, deed, after = f"Keep {name}", EventDeed.CONFIRM, one.kept
        elif one.found.time_s is None:
            text, deed = f"Take {name} as not found", EventDeed.REJECT
            after = Event(one.kind, one.place, source=EventSource.MANUAL)
        else:
            text, deed = f"Take the new {name}", EventDeed.CONFIRM
            after = replace(one.found, status=EventStatus.CONFIRMED)
        self.model.do(text, _op(deed, stop, one.found, after))

    def _next_open(self, row: EventRow | None) -> EventRow | None:
        """Return the next row that nobody has looked at, from the beginning again at the end."""
        rows = [one for one in self.rows if isinstance(one, EventRow)]
        at = next((n for n, one in enumerate(rows) if row and _same(one, row)), -1)
        round_ = rows[at + 1 :] + rows[: max(at, 0)]
        return next((one for one in round_ if one.is_open), None)

    def _on_selected(self) -> None:
        key = self.model.selection.event
        if key is not None and key.stop != self.number:
            self.number = key.stop
        self._fill()

    def _on_updated(self) -> None:
        """Show what was found again; that it is being looked for changes no row."""
        if self.model.read is not self._read:
            self._fill()

    def _fill(self, *_: object) -> None:
        read = self._read = self.model.read
        if read is not None and self.stop is None and read.stops:
            self.number = read.stops[0].stop.number
        self.rows = ()
        if read is not None and self.model.is_there:
            self.rows = rows_of(read, self.number, self.show, by_place=self.by_place)
        self.changed.emit()

    def _say(self, text: str) -> None:
        self.model.noticed.emit(Notice("info", text, self.model.job_id))


def _same(one: EventRow, other: EventRow) -> bool:
    return (one.key, one.mark) == (other.key, other.mark)


def _op(deed: EventDeed, stop: PitStop, before: Event, after: Event) -> EventOp:
    return EventOp(deed, stop.number, stop.begins_s, before, after, heading=stop.heading)
