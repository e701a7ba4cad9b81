"""What the transport jumps to is what is known of the job, and what is jumped to is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.fake_review import FakeReviewDesk, demo_review

from codefx_desktop.domain.edit import Mark
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.ui.models.jump_places import JumpKind, JumpPlace, JumpPlaces
from codefx_desktop.ui.models.review_model import ReviewModel
from codefx_desktop.ui.models.review_places import ReviewPlaces
from codefx_desktop.ui.models.review_state import EventKey

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_places_are_those_of_the_job(qtbot: QtBot, qapp: object) -> None:
    desk = FakeReviewDesk()
    read = demo_review(marks={3: Mark("Slip", 111, 3.7)})
    desk.put(read)
    model, places = ReviewModel(desk), JumpPlaces()
    ReviewPlaces(model, places, model)
    assert places.of(JumpKind.EVENT) == ()
    model.open("a")
    qtbot.waitUntil(lambda: bool(places.of(JumpKind.SCENE)))
    events = {
        EventKey(shown.stop.number, event.kind, event.place): event.frame_number
        for shown in read.stops
        for event in shown.stop.events
        if event.status is not EventStatus.NOT_FOUND and event.frame_number is not None
    }
    assert events
    assert {p.key: p.number for p in places.of(JumpKind.EVENT)} == {**events, 3: 111}
    assert all(place.name for place in places.of(JumpKind.EVENT))
    firsts = [scene.first for scene in read.scenes]
    assert [place.number for place in places.of(JumpKind.SCENE)] == firsts
    suspicious = {(one.frame_number, one) for one in read.suspicions}
    assert {(p.number, p.key) for p in places.of(JumpKind.SUSPICION)} == suspicious
    event = next(p for p in places.of(JumpKind.EVENT) if isinstance(p.key, EventKey))
    places.jumped.emit(JumpKind.EVENT, event)
    assert model.selection.event == event.key
    places.jumped.emit(JumpKind.EVENT, JumpPlace(111, "Slip", 3))
    assert model.selection.mark == 3
    places.jumped.emit(JumpKind.SUSPICION, places.of(JumpKind.SUSPICION)[0])
    assert (model.selection.track, model.selection.other) == (2, 3)
    model.open(None)
    assert places.of(JumpKind.EVENT) == ()
