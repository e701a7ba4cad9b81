"""Where the job under review can be jumped to: its events, scenes, suspicious tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from codefx_desktop.domain.corrected import Suspicion
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.ui.models.jump_places import JumpKind, JumpPlace, JumpPlaces
from codefx_desktop.ui.models.review_state import EventKey
from codefx_desktop.ui.models.stop_words import event_name
from codefx_desktop.ui.models.suspicion_rows import suspicions_left

if TYPE_CHECKING:
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.ui.models.review_model import ReviewModel


class ReviewPlaces(QObject):
    """Keeps the places of a clip those of its job; what is jumped to is selected.

    Args:
        model: The job under review.
        places: Where its places are kept.
        parent: The owner.
    """

    def __init__(
        self, model: ReviewModel, places: JumpPlaces, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._places = model, places
        self._read: ReviewRead | None = None
        model.changed.connect(self._fill)
        model.edited.connect(self._fill)
        model.updated.connect(self._on_updated)
        places.jumped.connect(self._on_jumped)
        self._fill()

    def _on_updated(self) -> None:
        """Know what was found again; that it is being looked for moves no place."""
        if self._model.read is not self._read:
            self._fill()

    def _fill(self, *_: object) -> None:
        read = self._read = self._model.read
        self._places.fill(JumpKind.EVENT, () if read is None else (*_events(read), *_marks(read)))
        self._places.fill(JumpKind.SCENE, () if read is None else _scenes(read))
        self._places.fill(JumpKind.SUSPICION, () if read is None else _suspicions(read))

    def _on_jumped(self, kind: JumpKind, place: JumpPlace) -> None:
        if kind is JumpKind.SCENE:
            return
        if isinstance(place.key, EventKey):
            self._model.select(event=place.key)
        elif kind is JumpKind.EVENT:
            self._model.select(mark=place.key)
        elif isinstance(place.key, Suspicion):
            self._model.select(track=place.key.track_id, other=place.key.other_id)


def _events(read: ReviewRead) -> tuple[JumpPlace, ...]:
    """Return the events that were found or said; one that was not lies nowhere."""
    return tuple(
        JumpPlace(
            event.frame_number,
            event_name(event.kind, event.place, read.labels),
            EventKey(shown.stop.number, event.kind, event.place),
        )
        for shown in read.stops
        for event in shown.stop.events
        if event.frame_number is not None and event.status is not EventStatus.NOT_FOUND
    )


def _marks(read: ReviewRead) -> tuple[JumpPlace, ...]:
    """Return where the events of people's own begin."""
    return tuple(
        JumpPlace(mark.begins_frame, mark.label, number) for number, mark in read.marks.items()
    )


def _scenes(read: ReviewRead) -> tuple[JumpPlace, ...]:
    return tuple(JumpPlace(scene.first, f"Scene {scene.number + 1}") for scene in read.scenes)


def _suspicions(read: ReviewRead) -> tuple[JumpPlace, ...]:
    return tuple(
        JumpPlace(one.frame_number, f"Track {one.track_id}: {one.why}", one)
        for one in suspicions_left(read)
    )
