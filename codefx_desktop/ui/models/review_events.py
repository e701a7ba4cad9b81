"""What a person says of events and marks, made into steps; texts say what undo takes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.edit import EventDeed, EventOp, MarkOp
from codefx_desktop.domain.events import Event, EventSource, EventStatus
from codefx_desktop.jobs.messages import Notice

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.ui.models.review_state import EventKey, Reviewed

MINUS: Final = "\N{MINUS SIGN}"
LONE_S: Final = 0.04
"""How long the picture of a clip with only one counts."""
NOTHING_IN_HAND: Final = "Select an event first: click it, or go to one with Ctrl+Right."


class ReviewEvents:
    """Confirms, rejects and moves events and marks of the job that is reviewed.

    Args:
        model: The review.
    """

    def __init__(self, model: Reviewed) -> None:
        self._model = model

    def nudge(self, frames: int) -> None:
        """Move what is in hand by so many analysed frames."""
        model, read = self._model, self._model.read
        key, mark = model.selection.event, model.mark
        if read is None or (key is None and mark is None):
            self._say(NOTHING_IN_HAND)
            return
        if key is not None:
            event = model.event_of(key)
            if event is None or event.time_s is None:
                self._say(f"{self.name(key)} has no time yet. Set it to the frame on screen.")
                return
            number = moved(read, event.frame_number, event.time_s, frames)
        else:
            assert mark is not None
            number = moved(read, mark.begins_frame, mark.begins_s, frames)
        self._put(number)

    def set_here(self) -> None:
        """Put what is in hand on the frame that is on screen."""
        number = self._model.here()
        if number is not None:
            self._put(number)

    def move(self, key: EventKey, number: int) -> None:
        """Put an event on a frame."""
        model, read = self._model, self._model.read
        stop, before = self._stop(key), model.event_of(key)
        if read is None or stop is None or before is None:
            return
        at = analysed(model, number)
        if at is None or (before.frame_number == at and before.status is EventStatus.EDITED):
            return
        after = put_on(read, before, at)
        deed = EventDeed.ADD if before.time_s is None else EventDeed.MOVE
        model.do(self._moved_text(key, before, after, read), _op(deed, stop, before, after))

    def confirm(self) -> None:
        """Say that the selected event is right."""
        key, event, stop = self._in_hand()
        if key is None or event is None or stop is None:
            return
        if event.time_s is None:
            self._say(f"{self.name(key)} was not found: there is nothing to confirm.")
        elif event.status not in (EventStatus.CONFIRMED, EventStatus.EDITED):
            after = replace(event, status=EventStatus.CONFIRMED)
            text = f"Confirm {self.name(key)}"
            self._model.do(text, _op(EventDeed.CONFIRM, stop, event, after))

    def reject(self) -> None:
        """Say that the selected event did not happen so."""
        key, event, stop = self._in_hand()
        if key is None or event is None or stop is None:
            return
        after = Event(event.kind, event.place, source=EventSource.MANUAL)
        if event != after:
            text = f"Reject {self.name(key)}"
            self._model.do(text, _op(EventDeed.REJECT, stop, event, after))

    def annotate(self, key: EventKey, note: str) -> None:
        """Say something about an event in words."""
        stop, event = self._stop(key), self._model.event_of(key)
        if stop is not None and event is not None:
            text = f"Note at {self.name(key)}"
            self._model.do(text, _op(EventDeed.NOTE, stop, event, event, note))

    def name(self, key: EventKey) -> str:
        """Return what an event is called: ``Wheel off FL``; with its stop where there are more."""
        read = self._model.read
        label = key.kind if read is None else read.labels.get(key.kind, key.kind)
        more = read is not None and len(read.stops) > 1
        return " ".join(filter(None, (label, key.place, f"(stop {key.stop})" if more else "")))

    def _put(self, number: int) -> None:
        key = self._model.selection.event
        if key is not None:
            self.move(key, number)
        elif self._model.mark is not None:
            self._move_mark(number)
        else:
            self._say(NOTHING_IN_HAND)

    def _move_mark(self, number: int) -> None:
        model, read, mark = self._model, self._model.read, self._model.mark
        number_of = model.selection.mark
        at = None if read is None else analysed(model, number)
        if read is None or mark is None or number_of is None or at in (None, mark.begins_frame):
            return
        assert at is not None
        after = replace(mark, begins_frame=at, begins_s=_time(read, at))
        if mark.ends_frame is not None:
            ends = _nearest(read, mark.ends_frame + at - mark.begins_frame)
            after = replace(after, ends_frame=ends, ends_s=_time(read, ends))
        model.do(f"Move {mark.label}", MarkOp(number_of, after))

    def _in_hand(self) -> tuple[EventKey | None, Event | None, PitStop | None]:
        key = self._model.selection.event
        if key is None:
            self._say(NOTHING_IN_HAND)
            return None, None, None
        return key, self._model.event_of(key), self._stop(key)

    def _stop(self, key: EventKey) -> PitStop | None:
        read = self._model.read
        stops = () if read is None else read.stops
        return next((one.stop for one in stops if one.stop.number == key.stop), None)

    def _moved_text(self, key: EventKey, before: Event, after: Event, read: ReviewRead) -> str:
        name = self.name(key)
        if before.time_s is None or before.frame_number is None or after.frame_number is None:
            return f"Set {name} to frame {after.frame_number}"
        places = np.searchsorted(read.numbers, (before.frame_number, after.frame_number))
        frames = int(places[1] - places[0])
        many = "frame" if abs(frames) == 1 else "frames"
        sign = "+" if frames > 0 else MINUS
        return f"Move {name} by {sign}{abs(frames)} {many}"

    def _say(self, text: str) -> None:
        self._model.noticed.emit(Notice("info", text, self._model.job_id))


def moved(read: ReviewRead, number: int | None, time_s: float, frames: int) -> int:
    """Return the number of the frame that lies so many analysed ones further; the ends hold.

    Args:
        read: The job.
        number: Of the frame to begin at; None: that nearest to ``time_s``.
        time_s: When that is.
        frames: How many, backwards if negative.
    """
    if number is None:
        place = int(np.argmin(np.abs(read.times_s - time_s)))
    else:
        place = int(np.searchsorted(read.numbers, number))
    return int(read.numbers[min(max(place + frames, 0), len(read.numbers) - 1)])


def put_on(read: ReviewRead, event: Event, number: int) -> Event:
    """Return an event as a person put it on a frame: it lies within half a frame of it.

    Nothing is known beyond the first and the last frame: there it may be as far off as on the
    other side.

    Source: a frame shows an instant; the one before and the one after are known to be others.
    """
    place = int(np.searchsorted(read.numbers, number))
    times = read.times_s
    time_s = float(times[place])
    gaps = [float(gap) for gap in np.diff(times[max(place - 1, 0) : place + 2])]
    before_s, after_s = (gaps[0], gaps[-1]) if gaps else (LONE_S, LONE_S)
    return Event(
        event.kind,
        event.place,
        time_s,
        time_s - before_s / 2,
        time_s + after_s / 2,
        number,
        EventSource.MANUAL,
        EventStatus.EDITED,
    )


def _op(deed: EventDeed, stop: PitStop, before: Event, after: Event, note: str = "") -> EventOp:
    return EventOp(deed, stop.number, stop.begins_s, before, after, note, stop.heading)


def analysed(model: Reviewed, number: int) -> int | None:
    """Return the analysed frame nearest to one; None, and words for the person, beyond the last."""
    read = model.read
    if read is None or not len(read.numbers):
        return None
    if not int(read.numbers[0]) <= number <= int(read.numbers[-1]):
        text = f"Frame {number:,} is not analysed (yet): nothing can be put on it."
        model.noticed.emit(Notice("info", text, model.job_id))
        return None
    return _nearest(read, number)


def _nearest(read: ReviewRead, number: int) -> int:
    return int(read.numbers[int(np.argmin(np.abs(read.numbers - number)))])


def _time(read: ReviewRead, number: int) -> float:
    return float(read.times_s[int(np.searchsorted(read.numbers, number))])
