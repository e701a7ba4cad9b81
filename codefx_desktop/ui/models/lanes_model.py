"""What the timeline shows and what a person does there; without any picture of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.ui.models.lane_data import LaneData, of_clip, request_of, with_review
from codefx_desktop.ui.models.lane_events import next_event
from codefx_desktop.ui.models.soon import Soon

if TYPE_CHECKING:
    from codefx_desktop.jobs.lane_desk import LaneDesk
    from codefx_desktop.jobs.lane_values import LaneArrays, Peaks
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.lane_events import LaneEvent, Snap
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.models.review_state import EventKey

REST_MS: Final = 150
MOST_MS: Final = 1_500


class LanesModel(QObject):
    """The timeline of the clip in view.

    Args:
        view: The clip in view.
        desk: Works out what lanes show.
        parent: The owner.
    """

    changed = Signal()
    """Something else is to be shown."""
    opened = Signal()
    """Another clip is in view, or none."""
    selected = Signal()
    """Another event is in hand."""
    moved = Signal()
    """Another frame is wanted, which its picture may come with; or another range is marked."""

    def __init__(self, view: ClipView, desk: LaneDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view, self._desk = view, desk
        self.review: ReviewModel | None = None
        self.data = LaneData()
        self._clip: object = None
        self._asked: tuple[object, ...] = ()
        self._key: EventKey | None = None
        self._read: ReviewRead | None = None
        # Building goes through all boxes: thirty times a second it would slow the hand down.
        self._rested = Soon(self._ask, REST_MS, MOST_MS, self)
        view.phased.connect(self._on_phase)
        view.placing.placed.connect(self.moved)
        view.player.ranged.connect(self.moved)
        desk.built.connect(self._on_built)
        desk.heard.connect(self._on_heard)

    def follow(self, review: ReviewModel) -> None:
        """Show the review of a job as well."""
        self.review = review
        for signal in (review.changed, review.edited, review.looked, review.updated):
            signal.connect(self._on_review)
        review.selected.connect(self.selected)
        self._on_review()

    def shutdown(self) -> None:
        """Work out nothing any more."""
        self._rested.cancel()
        self._desk.shutdown()

    # -- what is there ------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether there is a clip to show the time of."""
        return self.view.is_open and len(self.data.times_s) > 0

    @property
    def is_editable(self) -> bool:
        """Whether events can be moved."""
        return self.review is not None and self.review.is_there

    @property
    def position_s(self) -> float:
        """When the frame that is wanted is shown."""
        at = min(self.view.position, len(self.data.times_s) - 1)
        return float(self.data.times_s[at]) if at >= 0 else 0.0

    @property
    def range_s(self) -> tuple[float, float] | None:
        """From when to when the marked range lasts; None where none is marked."""
        marked = self.view.player.range
        if not marked.is_set or not self.is_open:
            return None
        first, last = marked.frames(self.view.last)
        times = self.data.times_s
        ends = float(times[last + 1]) if last + 1 < len(times) else self.data.ends_s
        return float(times[first]), ends

    @property
    def current(self) -> LaneEvent | None:
        """The event in hand."""
        key = self._key if self.review is None else self.review.selection.event
        if key is None:
            return None  # asked with every frame that is shown, of a race's thousand events
        return next((one for one in self.data.events if one.key == key), None)

    @property
    def track(self) -> int | None:
        """The track in hand."""
        return None if self.review is None else self.review.selection.track

    # -- what a person does -------------------------------------------------------------------

    def select(self, event: LaneEvent | None) -> None:
        """Take an event in hand."""
        self._key = None if event is None else event.key
        if self.review is not None:
            self.review.select(event=self._key)
        else:
            self.selected.emit()

    def select_mark(self, number: int) -> None:
        """Take a mark in hand."""
        if self.review is not None:
            self.review.select(mark=number)

    def select_track(self, track_id: int) -> None:
        """Take a track in hand; of two clicks on it the second lets it go."""
        if self.review is not None:
            again = self.review.selection.track == track_id
            self.review.select(track=None if again else track_id)

    def go(self, event: LaneEvent) -> None:
        """Take an event in hand and show its frame."""
        self.select(event)
        self.view.release_at(event.number)

    def step(self, direction: int) -> LaneEvent | None:
        """Take the next event in hand, or the one before; return it."""
        found = next_event(self.data.events, self.current, self.position_s, direction)
        if found is not None:
            self.select(found)
        return found

    def move(self, event: LaneEvent, snap: Snap) -> None:
        """Put an event on the frame where it was dragged to, as one step that can be undone."""
        if self.review is not None and snap.number != event.number:
            self.review.move_event(event.key, snap.number)

    def mark_range(self, first: int, last: int) -> None:
        """Mark the range between two frames, both included."""
        player = self.view.player
        player.clear_range()
        player.mark_first(min(first, last))
        player.mark_last(max(first, last))

    # -- inside -------------------------------------------------------------------------------

    def _on_phase(self) -> None:
        clip = self.view.clip
        if clip is self._clip:
            return
        self._clip, self._asked, self._key, self._read = clip, (), None, None
        self._desk.clear()
        self.data = of_clip(clip)
        if clip is not None and clip.info.has_audio:
            self._desk.listen(clip.info.path, clip.info.duration_s)
        self.opened.emit()
        self._on_review()

    def _on_review(self, *_: object) -> None:
        review = self.review
        read = None if review is None else review.read
        if read is not None and read.job_id != self.view.job_id:
            read = None
        if read is not self._read or read is None:
            self.data, self._read = with_review(self.data, read, self._read), read
            self.changed.emit()
        if review is None or read is None:
            self._rested.cancel()
        elif self._asked and _levels(review) != self._asked[_LEVELS]:
            self._rested.ask()  # a hand may be dragging them
        else:
            self._ask()

    def _ask(self) -> None:
        """Have signals and tracks built anew if what they are made of is another."""
        self._rested.cancel()
        review = self.review
        if review is None or review.read is None:
            return
        read, looks = review.read, review.looks
        request = request_of(self.data, read, review.thresholds, looks)
        objects = None if read.corrected is None else read.corrected.objects
        hidden = (looks.hidden_classes, looks.hidden_tracks)
        # Of stops only when and where the car stood: what is said of other events changes nothing.
        stood = tuple(
            (one.stop.event("stop"), one.stop.event("go"), one.stop.car, one.stop.heading)
            for one in read.stops
        )
        asked = (_levels(review), objects, read.motion, read.sound, hidden, stood, read.zones)
        # Arrays are told apart by which they are: comparing their values would take as long.
        if request is None or _same(asked, self._asked):
            return
        self._asked = asked
        self._desk.build(request)

    def _on_built(self, arrays: LaneArrays) -> None:
        self.data = replace(self.data, arrays=arrays)
        self.changed.emit()

    def _on_heard(self, peaks: Peaks) -> None:
        if self.view.clip is None or peaks.path != self.view.clip.info.path:
            return
        self.data = replace(self.data, peaks=peaks)
        self.changed.emit()


_LEVELS: Final = 0
"""Place of the thresholds among what lanes were asked of."""


def _levels(review: ReviewModel | None) -> tuple[tuple[int, float], ...]:
    """Return the thresholds of a review, in order of their classes."""
    return () if review is None else tuple(sorted(review.thresholds.items()))


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(
        a is b or (isinstance(a, (tuple, frozenset)) and a == b)
        for a, b in zip(one, other, strict=True)
    )
