"""What a review keeps so that it need not be worked out again: overlays, states, searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_review import demo_objects, demo_review

from codefx_desktop.artifacts.paint_found import paint_faces
from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import BoxOp, BoxValue, TrackDeed, TrackOp
from codefx_desktop.domain.outlines import Faces
from codefx_desktop.domain.stop_overlays import zone_color
from codefx_desktop.domain.zone import Zone, ZoneRole
from codefx_desktop.jobs.review_values import FrameLooks, PlacedZone
from codefx_desktop.ui.models.review_detections import KnownStates
from codefx_desktop.ui.models.review_search import REST_MS
from tests.under_review import Under

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.models.review_model import ReviewModel


@pytest.fixture
def under(qtbot: QtBot) -> Iterator[Under]:
    made = Under()
    made.open(qtbot)
    yield made
    made.model.deleteLater()
    made.desk.deleteLater()


def state_of(model: ReviewModel) -> tuple[bytes, ...]:
    """Return all that is known of boxes, and from when on they count."""
    state = model.read.corrected
    columns = (
        state.objects.frame,
        state.objects.xyxy,
        state.objects.confidence,
        state.objects.class_id,
        state.objects.track_id,
        state.box,
    )
    return (*(one.tobytes() for one in columns), repr(sorted(model.thresholds.items())).encode())


def test_an_overlay_is_made_once_and_anew_with_everything_that_changes_it(
    under: Under, qtbot: QtBot
) -> None:
    model = under.model
    changes: dict[str, Callable[[], object]] = {
        "two other frames": lambda: (model.overlay_at(8), model.overlay_at(9)),
        "a threshold": lambda: model.drag_threshold(2, 0.2),
        "an eye": lambda: model.look(hidden_tracks=frozenset({1})),
        "a switch": lambda: model.look(labels=False),
        "a step": lambda: model.do("Delete track 2", TrackOp(TrackDeed.DELETE, 2, 0)),
        "undo": model.undo,
        "outlines": lambda: under.desk.looks_of_frame.emit(FrameLooks("a", 7)),
        "stops": lambda: under.settle(qtbot),
    }
    for what, change in changes.items():
        made = model.overlay_at(7)
        assert model.overlay_at(7) is made, what
        change()
        again = model.overlay_at(7)
        assert again is not made, what
        model._sight.forget()  # as if nothing had been kept
        anew = model.overlay_at(7)
        assert (again.boxes, again.zones, again.waits) == (anew.boxes, anew.zones, anew.waits), what
        assert [one.points.tolist() for one in again.trails] == [
            one.points.tolist() for one in anew.trails
        ], what


def test_the_next_frames_overlay_is_kept_beside_the_one_on_screen(
    under: Under, qtbot: QtBot
) -> None:
    under.desk.put(demo_review(has_outlines=True))
    under.settle(qtbot)
    here = under.model.overlay_at(7)
    asked = under.desk.of("look_at")
    ahead = under.model.overlay_at(8, ahead=True)
    assert ahead.waits
    assert under.desk.of("look_at") == asked == [("a", 7)]  # those of 7 are still to come
    assert under.model.overlay_at(7) is here
    assert under.model.overlay_at(8) is ahead
    assert under.desk.of("look_at") == [("a", 7), ("a", 8)]


def test_outlines_that_came_are_told_apart_from_other_looks(under: Under) -> None:
    came: list[None] = []
    under.model.outlined.connect(lambda: came.append(None))
    under.desk.looks_of_frame.emit(FrameLooks("a", 7))
    under.desk.looks_of_frame.emit(FrameLooks("another", 7))
    assert (len(came), under.said) == (1, [])


def test_zones_and_faces_have_the_colours_that_they_have_in_the_rendered_video(
    under: Under, qtbot: QtBot
) -> None:
    roles = tuple(ZoneRole)
    corners = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))
    zones = tuple(PlacedZone(Zone(role.value, corners, role=role)) for role in roles)
    under.model.open(None)
    under.desk.jobs["a"] = demo_review(zones=zones, has_faces=True)
    under.model.open("a")
    under.settle(qtbot)
    faces = Faces(
        np.array([[8, 8, 56, 56]], np.float32),
        np.full(1, 0.9, np.float32),
        np.full((1, 5, 2), 32, np.float32),
        np.zeros(1, np.int32),
    )
    under.desk.looks_of_frame.emit(FrameLooks("a", 7, faces=faces))
    made = under.model.overlay_at(7)
    assert [one.color for one in made.zones] == [zone_color(one.zone) for one in zones]
    assert len({one.color for one in made.zones}) > 1
    picture = paint_faces(np.full((64, 64, 3), 99, np.uint8), faces)
    (face,) = made.faces
    assert face.color in {tuple(pixel) for pixel in picture.reshape(-1, 3).tolist()}


def test_stops_follow_a_threshold_that_never_rests(under: Under, qtbot: QtBot) -> None:
    model = under.model
    asked = len(under.desk.of("find_stops"))
    steps = iter(range(10_000))

    def moved() -> bool:
        model.drag_threshold(1, 0.3 + next(steps) % 2 / 10)
        return len(under.desk.of("find_stops")) > asked

    qtbot.waitUntil(moved, timeout=5_000)
    qtbot.wait(1)
    assert len(under.desk.of("find_stops")) == asked + 1
    assert model.is_updating  # for the value that it has by now
    model.open(None)
    qtbot.wait(REST_MS + 20)
    assert len(under.desk.of("find_stops")) == asked + 1  # nobody waits for it any more


def test_undo_knows_the_boxes_before_as_many_steps_as_changed_any() -> None:
    states = [CorrectedObjects.measured(demo_objects(2)) for _ in range(4)]
    kept = KnownStates(2)
    kept.reset(0, states[0])
    for state in (states[1], states[1], states[1], states[2], states[3]):
        kept.push(state)
    back = []
    while kept.depth:
        kept.pop()
        back.append(kept.now)
    assert [one is states[2] for one in back] == [True, *[False] * 4]
    assert [one is states[1] for one in back] == [False, True, True, True, False]
    assert back[4] is None
    kept.push(states[0])
    kept.reset(3, None)
    assert (kept.depth, kept.now, kept.nearest) == (3, None, {})


def test_many_steps_are_taken_back_to_what_was_there(under: Under, qtbot: QtBot) -> None:
    model = under.model
    stored, hashes = state_of(model), []
    for number in range(24):
        hashes.append(state_of(model))
        value = BoxValue((1.0 + number, 2.0, 30.0, 40.0), 1, -1)
        if number % 3:
            model.keep_threshold(1, 0.3 + number / 100)
        else:
            model.do("Move a box", BoxOp(7, 0, value))
    for known in reversed(hashes):
        model.undo()
        assert state_of(model) == known
    under.settle(qtbot)
    assert state_of(model) == stored
