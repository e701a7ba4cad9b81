"""One job as it is reviewed: what is known of it, what is drawn, what a person changes.

Every panel of the Review workspace shows this model and asks it; none asks another. A change is
seen at once, kept by the desk, and taken back with a notice where it could not be kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.edit import ThresholdOp
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.jobs.review_apply import (
    active_ops,
    gone_on,
    kept_thresholds,
    taken_back,
    with_log,
    with_stops,
    with_what_was_known,
)
from codefx_desktop.jobs.review_values import EditDeed, ReviewRead, ReviewState
from codefx_desktop.ui.models.review_detections import ReviewDetections
from codefx_desktop.ui.models.review_events import ReviewEvents
from codefx_desktop.ui.models.review_many import ReviewMany
from codefx_desktop.ui.models.review_readings import ReviewReadings
from codefx_desktop.ui.models.review_search import ReviewSearch
from codefx_desktop.ui.models.review_sight import ReviewSight
from codefx_desktop.ui.models.review_state import (
    BoxKey,
    EventKey,
    FrameBoxes,
    ReviewLooks,
    Selected,
    class_name,
    threshold_text,
)
from codefx_desktop.ui.models.review_undo import ReviewUndo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codefx_desktop.domain.edit import EditOp, Mark
    from codefx_desktop.domain.events import Event
    from codefx_desktop.jobs.review_desk import ReviewDesk
    from codefx_desktop.jobs.review_values import EditKept, FrameLooks, StopsAgain
    from codefx_desktop.ui.models.review_many import Spread
    from codefx_desktop.ui.models.review_overlay import ReviewOverlay

__all__ = ["BoxKey", "EventKey", "FrameBoxes", "ReviewLooks", "ReviewModel", "Selected"]


class ReviewModel(QObject):
    """The job that is reviewed.

    Args:
        desk: Reads it, keeps changes, finds its stops again; answers by signals.
        here: Number of the frame on screen; None where there is none.
        parent: The owner.
    """

    changed = Signal()
    """Another job, or everything known of it."""
    edited = Signal()
    """A step was done or undone: boxes, events, marks are others."""
    looked = Signal()
    """What is drawn is another: eyes, colours, live thresholds, switches."""
    outlined = Signal()
    """Outlines or faces came that were waited for; they are part of overlays from now on."""
    selected = Signal()
    """Another event, mark, box or track."""
    updated = Signal(bool)
    """The breakdown is being found again (True), or is there (False)."""
    retracking = Signal(object)
    """How far finding tracks again is, 0 to 1; None when it has ended."""
    spreading = Signal(object)
    """How far a change of many frames is, 0 to 1; None when it has ended."""
    noticed = Signal(object)
    """Something that the person should know: ``Notice``."""

    def __init__(
        self,
        desk: ReviewDesk,
        here: Callable[[], int | None] = lambda: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self.here = desk, here
        self.work_out, self.stop_spreading = desk.work_out, desk.stop_spreading
        self.job_id: str | None = None
        self.read: ReviewRead | None = None
        self.is_retracking = False
        self.looks = ReviewLooks()
        self.selection = Selected()
        self.history = ReviewUndo(self._on_deed, self)
        self._events = ReviewEvents(self)
        self._live: dict[int, float] = {}
        self._kept: dict[int, float] = {}
        self._waiting: Counter[str] = Counter()
        """By job: changes on their way to its file, also those of a job that was left."""
        self._sight = ReviewSight(self, desk.look_at)
        self._search = ReviewSearch(desk, lambda: self._find_stops(keeps=False), self)
        self._boxes = ReviewDetections(self, desk.work_out, self._on_boxes, self._on_no_boxes)
        self._many = ReviewMany(self, desk, lambda: self._boxes.waits)
        is_behind = lambda: self._waiting[self.job_id or ""] > 0  # noqa: E731
        self._readings = ReviewReadings(
            self, self.history, desk, is_behind, self._take, self._on_no_boxes
        )
        desk.edited.connect(self._on_kept)
        self._search.found.connect(self._on_stops)
        self._search.updated.connect(self.updated)
        desk.looks_of_frame.connect(self._on_looks)
        desk.retracking.connect(self._on_retracking)
        desk.spreading.connect(self.spreading)
        desk.noticed.connect(self.noticed)

    # -- which job ----------------------------------------------------------------------------

    def open(self, job_id: str | None) -> None:
        """Review a job; None for none."""
        if job_id == self.job_id:
            return
        self.job_id = job_id
        self.read = None if job_id is None else ReviewRead(job_id)
        self.looks = replace(self.looks, hidden_tracks=frozenset(), track_colours={})
        self.selection = Selected()
        self._live, self._kept = {}, {}
        self._readings.drop()
        self._boxes.begin(is_known=False)
        self.history.load((), ())
        self._sight.forget(outlines=True)
        self._search.end()
        if job_id is None:
            self._desk.close()
        else:
            self._desk.open(job_id)
        self.changed.emit()
        self.selected.emit()

    def refresh(self) -> None:
        """Read the job again: something else than a step of this review changed it."""
        if self.job_id is not None:
            self._desk.open(self.job_id)

    @property
    def is_updating(self) -> bool:
        """Whether boxes or stops are being worked out again."""
        return self._search.is_updating

    @property
    def is_there(self) -> bool:
        """Whether there is something to look at and to change."""
        there = (ReviewState.READY, ReviewState.GROWING)
        return self.read is not None and self.read.state in there

    def shutdown(self) -> None:
        """Read and keep nothing any more; what was asked for is kept first."""
        self._desk.shutdown()

    # -- changing -----------------------------------------------------------------------------

    def do(self, text: str, *ops: EditOp) -> None:
        """Change something; ``text`` says what, for the menu and the audit."""
        if not ops:
            return
        if not self.is_there:
            self.noticed.emit(Notice("warning", f"{text}: there is nothing to change here yet."))
            return
        self.history.push(text, ops)

    def undo(self) -> None:
        """Take the last step back."""
        self.history.stack.undo()

    def redo(self) -> None:
        """Do the step that was taken back last again."""
        self.history.stack.redo()

    @property
    def undo_text(self) -> str:
        """What undo takes back; empty for nothing."""
        return self.history.stack.undoText()

    @property
    def redo_text(self) -> str:
        """What redo does again; empty for nothing."""
        return self.history.stack.redoText()

    # -- looking ------------------------------------------------------------------------------

    def look(self, **changes: Any) -> None:  # noqa: ANN401 - the fields of ReviewLooks
        """Draw other things: fields of ``ReviewLooks``."""
        looks = replace(self.looks, **changes)
        if looks != self.looks:
            self.looks = looks
            self._sight.forget()
            self.looked.emit()

    @property
    def thresholds(self) -> Mapping[int, float]:
        """From which confidence on detections of a class count; of others, as the job says."""
        return {**self._kept, **self._live}

    def drag_threshold(self, class_id: int, confidence: float) -> None:
        """Show another threshold of a class while a hand drags; no step is made of it."""
        if self.is_there and self.thresholds.get(class_id) != confidence:
            self._live[class_id] = confidence
            self._sight.forget()
            self.looked.emit()
            if self.read is not None and self.read.state is ReviewState.READY:
                self._search.soon()

    def keep_threshold(self, class_id: int, confidence: float | None) -> None:
        """Keep a class's threshold as a step; None goes back to the job's."""
        self._live.pop(class_id, None)
        if self._kept.get(class_id) == confidence:
            self._sight.forget()
            self.looked.emit()
            self._find_stops(keeps=False)
            return
        text = threshold_text(self.class_name(class_id), confidence)
        self.do(text, ThresholdOp(class_id, confidence))

    def class_name(self, class_id: int) -> str:
        """Return what a class is called."""
        return class_name(() if self.read is None else self.read.class_names, class_id)

    def boxes_at(self, number: int) -> FrameBoxes:
        """Return the boxes of a frame that are above their thresholds and not hidden."""
        return self._sight.boxes_at(number)

    def overlay_at(self, number: int, *, ahead: bool = False) -> ReviewOverlay | None:
        """Return what to draw over a frame; None where it is not analysed (yet).

        Outlines and faces are read when wanted first: until then ``waits`` is True, and
        ``outlined`` tells. ``ahead``: the frame is only expected, and nothing is read for it.
        """
        return self._sight.overlay_at(number, ahead=ahead)

    # -- selecting ----------------------------------------------------------------------------

    def select(self, **what: Any) -> None:  # noqa: ANN401 - the fields of Selected
        """Take something in hand: fields of ``Selected``; nothing lets go of all."""
        selection = Selected(**what)
        if selection != self.selection:
            self.selection = selection
            self.selected.emit()

    def event_of(self, key: EventKey) -> Event | None:
        """Return an event, also one that was not found; None if the job has none such."""
        stops = () if self.read is None else self.read.stops
        events = next((it.stop.events for it in stops if it.stop.number == key.stop), ())
        return next((it for it in events if (it.kind, it.place) == (key.kind, key.place)), None)

    @property
    def mark(self) -> Mark | None:
        """The mark in hand."""
        number = self.selection.mark
        return None if self.read is None or number is None else self.read.marks.get(number)

    def nudge(self, frames: int) -> None:
        """Move the selected event or mark by so many frames."""
        self._events.nudge(frames)

    def set_here(self) -> None:
        """Put the selected event or mark on the frame that is on screen."""
        self._events.set_here()

    def move_event(self, key: EventKey, number: int) -> None:
        """Put an event on a frame."""
        self._events.move(key, number)

    def confirm(self) -> None:
        """Say that the selected event is right."""
        self._events.confirm()

    def reject(self) -> None:
        """Say that the selected event did not happen so."""
        self._events.reject()

    def annotate(self, key: EventKey, note: str) -> None:
        """Say something about an event in words."""
        self._events.annotate(key, note)

    def retrack(self) -> None:
        """Join the stored detections into tracks again; one step, no picture is looked at."""
        self._many.retrack()

    def spread(self, text: str, make: Spread) -> None:
        """Change boxes on many frames as one step, which a worker makes ready meanwhile."""
        if self.is_there:
            self._many.spread(text, make)

    # -- inside: what came ----------------------------------------------------------------------

    def _on_looks(self, found: FrameLooks) -> None:
        if found.job_id == self.job_id:
            self._sight.take(found)
            self.outlined.emit()

    def _on_retracking(self, fraction: float | None) -> None:
        self.is_retracking = fraction is not None
        self.retracking.emit(fraction)

    # -- inside: steps ------------------------------------------------------------------------

    def _on_deed(self, deed: EditDeed, text: str, ops: tuple[EditOp, ...]) -> None:
        """Apply a deed of the undo stack at once and have it kept."""
        if self.read is None:
            return
        if deed is EditDeed.UNDO:
            self.read = taken_back(self.read, ops)
            self._boxes.take_back()
        else:
            self.read = gone_on(self.read, deed, text, ops)
            self._boxes.go_on(ops)
        self._waiting[self.read.job_id] += 1
        self._settle_steps()
        self._desk.edit(self.read.job_id, deed, text, ops, self.read.run)
        self.edited.emit()
        self._find_stops(keeps=True)
        self._boxes.ask()

    def _on_kept(self, kept: EditKept) -> None:
        self._waiting[kept.job_id] -= 1
        if kept.job_id != self.job_id or self.read is None:
            return
        if self._waiting[kept.job_id]:
            return  # the last answer has it all
        if self.history.agrees(kept.steps, kept.redoable) and not kept.why:
            self.read = replace(self.read, steps=kept.steps, redoable=kept.redoable)
        else:
            self.read = with_log(self.read, kept.steps, kept.redoable)
            self.history.load(kept.steps, kept.redoable)
            self._boxes.begin(is_known=False)
            self._desk.open(kept.job_id)  # events that were shown otherwise come back as they are
            self._find_stops(keeps=True)
        self._settle_steps()
        self.edited.emit()
        self._boxes.ask()

    def _on_boxes(self) -> None:
        """Show detections that were waited for, and find what follows from them."""
        self._settle_steps()
        self.edited.emit()
        if self.read is not None and self.read.state is ReviewState.READY:
            self._find_stops(keeps=True)
        else:
            self._search.end()

    def _on_no_boxes(self, why: str) -> None:
        self.noticed.emit(Notice("error", f"Boxes cannot be shown as changed. {why}", self.job_id))
        self.refresh()

    def _settle_steps(self) -> None:
        assert self.read is not None
        if self._boxes.now is not None:
            self.read = replace(self.read, corrected=self._boxes.now)
        self._kept = kept_thresholds(self.read.steps)
        self._sight.forget()

    # -- inside: reading ----------------------------------------------------------------------

    def _take(self, found: ReviewRead) -> None:
        """Show a job as it was read."""
        self.read = found if self.read is None else with_what_was_known(found, self.read)
        if not self.history.agrees(found.steps, found.redoable):
            self.history.load(found.steps, found.redoable)
        self._boxes.begin(is_known=True)
        self._sight.forget(outlines=True)
        self._settle_steps()
        self.changed.emit()
        if found.state is ReviewState.READY:
            self._find_stops(keeps=bool(found.steps))
        else:
            self._search.end()

    def _find_stops(self, *, keeps: bool) -> None:
        read = self.read
        if self._boxes.waits:
            self._search.wait()
        elif read is not None and read.state is ReviewState.READY:
            live = tuple(ThresholdOp(one, confidence) for one, confidence in self._live.items())
            self._search.begin(read, (*active_ops(read.steps), *live), keeps=keeps)

    def _on_stops(self, again: StopsAgain) -> None:
        if self.read is None:
            return
        is_first = self.read.motion is not again.motion or self.read.sound is not again.sound
        if again.why:
            self.noticed.emit(Notice("warning", again.why, again.job_id))
            return
        self.read = with_stops(self.read, again)
        self._sight.forget()
        if is_first:
            self.changed.emit()
