"""What was found in a frame, over its picture: in its place, in its colour, never another's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_frames import clip_info, times
from gui.fake_review import FRAMES, FakeReviewDesk, demo_review
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF

from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.overlay import class_color
from codefx_desktop.jobs.viewing import ServedFrame
from codefx_desktop.ui.frame_view import FrameView
from codefx_desktop.ui.models.review_model import BoxKey, ReviewModel
from codefx_desktop.ui.overlay_labels import LabelInk
from codefx_desktop.ui.overlay_paint import Around, OverlayDrawing, _ring

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.models.review_overlay import ReviewOverlay
    from codefx_desktop.ui.theme import Theme

WIDTH, HEIGHT = 1280, 720


class Shown:
    """A picture of nothing, 1280x720, with a job's findings over it."""

    def __init__(self, qtbot: QtBot, theme: Theme, path: Path) -> None:
        self.desk = FakeReviewDesk()
        self.desk.jobs["a"] = demo_review()
        self.model = ReviewModel(self.desk)
        self.view = FrameView(theme)
        qtbot.addWidget(self.view)
        self.view.resize(WIDTH, HEIGHT)
        self.view.show_review(self.model)
        self.index = times(FRAMES)
        self.info = replace(clip_info(path), width=WIDTH, height=HEIGHT)
        self.model.open("a")
        qtbot.waitUntil(lambda: self.model.is_there and not self.model.is_updating)
        self.view.show()

    def show(self, number: int, *, wanted: int | None = None) -> None:
        pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        frame = Frame(number, self.index.time(number), pixels)
        wanted = number if wanted is None else wanted
        served = ServedFrame(1, wanted, frame, is_exact=number == wanted)
        self.view.show_frame(served, self.info, self.index)

    def has(self, color: tuple[int, int, int], x: float, y: float, reach: int = 2) -> bool:
        """Return whether a colour is at a place of the frame, or as near as a line is wide."""
        image = self.view.grab().toImage()
        spots = [(i, j) for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)]
        seen = (QColor(image.pixel(round(x) + i, round(y) + j)) for i, j in spots)
        # The edges of a line are mixed with what is beside it.
        return any(np.abs(np.subtract(one.getRgb()[:3], color)).max() < 64 for one in seen)


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Shown:
    return Shown(qtbot, theme, tmp_path / "lap.mp4")


def test_boxes_stand_where_the_frame_that_is_on_screen_has_them(shown: Shown) -> None:
    car = class_color(0)
    for number in (0, 40, 41):
        shown.show(number)
        assert shown.has(car, 100 + number, 90)  # the middle of the car's left edge
        assert not shown.has(car, 100 + number - 8, 90)
        assert shown.view.painted_overlay.frame_number == number
    shown.show(24, wanted=30)  # while a hand drags: the keyframe's own boxes, not those asked for
    assert shown.has(car, 124, 90)
    assert not shown.has(car, 130, 95)
    assert shown.view.painted_overlay.frame_number == 24


def test_what_is_hidden_or_below_its_threshold_is_not_painted(shown: Shown) -> None:
    shown.show(10)
    model, crew, car = shown.model, class_color(1), class_color(0)
    assert shown.has(crew, 210, 130)
    model.drag_threshold(1, 0.85)
    assert not shown.has(crew, 210, 130)
    model.drag_threshold(1, 0.3)
    assert shown.has(crew, 310, 180)  # the fainter one, which the job's 0.5 leaves out
    model.look(hidden_classes=frozenset({0}))
    assert not shown.has(car, 110, 90)
    model.look(hidden_classes=frozenset(), hidden_tracks=frozenset({2}))
    assert shown.has(car, 110, 90)
    assert not shown.has(crew, 210, 130)


def test_a_selected_box_has_handles_and_its_picture_can_be_enlarged(shown: Shown) -> None:
    shown.model.look(zones=False)  # one without a role is white, too
    shown.show(10)
    white = (255, 255, 255)
    assert not shown.has(white, 190, 90, 1)
    shown.model.select(box=BoxKey(10, 0))
    assert shown.has(white, 190, 90, 1)
    shown.show(11)  # a box belongs to its frame
    assert not shown.has(white, 191, 90, 1)
    shown.show(10)
    shown.view.zoom(3, QPointF(190, 90))
    left, top, width, _ = shown.view.viewport.rect()
    scale = width / WIDTH
    assert scale > 1.9
    assert shown.has(white, left + 190 * scale, top + 90 * scale, 3)


def test_nothing_is_painted_over_a_frame_that_was_not_analysed(qtbot: QtBot, shown: Shown) -> None:
    read = demo_review()
    some = {"numbers": read.numbers[:20], "times_s": read.times_s[:20]}
    objects = read.stored.where(read.stored.frame < 20)
    corrected = CorrectedObjects.measured(objects)
    shown.desk.jobs["b"] = demo_review("b", stored=objects, corrected=corrected, **some)
    shown.model.open("b")
    qtbot.waitUntil(lambda: shown.model.is_there)
    shown.show(19)
    assert shown.has(class_color(0), 119, 90)
    shown.show(20)
    assert not shown.has(class_color(0), 120, 90)
    assert shown.view.painted_overlay is None


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the frames over which drawings are made from now on."""
    made: list[int] = []
    make = OverlayDrawing.__init__

    def made_too(self: OverlayDrawing, overlay: ReviewOverlay, around: Around) -> None:
        made.append(overlay.frame_number)
        make(self, overlay, around)

    monkeypatch.setattr(OverlayDrawing, "__init__", made_too)
    return made


def rest(qtbot: QtBot, shown: Shown) -> None:
    """Let the person look until what was expected is drawn."""
    qtbot.waitUntil(lambda: not shown.view._drawings._idle.isActive())


def test_the_next_frame_is_drawn_while_the_person_looks_at_this_one(
    qtbot: QtBot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drawn(monkeypatch)

    def look(number: int) -> None:
        shown.show(number)
        shown.view.grab()
        rest(qtbot, shown)

    for number in (40, 41, 42):
        look(number)
    assert made == [40, 41, 42, 43]  # from the second on one knows where the hand goes
    look(43)
    assert made == [40, 41, 42, 43, 44]
    assert shown.has(class_color(0), 143, 90)
    look(42)
    assert made[5:] == [42, 41]  # back
    look(90)
    assert made[7:] == [90]  # nobody knows where to from there
    look(91)
    assert made[8:] == [91, 92]
    shown.model.drag_threshold(1, 0.85)
    look(91)
    assert made[10:] == [91]  # it may be dragged on at once
    look(92)
    assert made[11:] == [92, 93]  # what was drawn ahead had the former threshold
    assert not shown.has(class_color(1), 292, 130)


def test_what_was_drawn_ahead_looks_as_if_it_were_drawn_now(qtbot: QtBot, shown: Shown) -> None:
    for number in (40, 41, 42):
        shown.show(number)
        shown.view.grab()
        rest(qtbot, shown)
    shown.show(43)
    ahead = shown.view.grab().toImage()
    shown.show(90)
    shown.view.grab()
    shown.show(43)
    assert shown.view.grab().toImage() == ahead


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("xyxy", [(10, 20, 70, 50.4), (9.6, 19.5, 12.2, 20.1), (5, 5, 5, 5)])
def test_the_sides_of_a_box_never_meet_and_lie_on_its_edges(
    xyxy: tuple[float, float, float, float], ratio: float
) -> None:
    box = QRectF(QPointF(*xyxy[:2]), QPointF(*xyxy[2:]))
    for grown in (0, 1):
        sides = _ring(box, grown, ratio)
        seen = np.zeros((200, 200), int)
        for side in sides:
            x1, y1, x2, y2 = (one * ratio for one in side.getCoords())
            assert [x1, y1, x2, y2] == pytest.approx([round(one) for one in (x1, y1, x2, y2)])
            seen[round(y1) : round(y2), round(x1) : round(x2)] += 1
        assert seen.max() == 1  # half-transparent lines are nowhere darker
        for x, y in ((xyxy[0], xyxy[1]), (xyxy[2], xyxy[3])):
            assert seen[round(y * ratio), round(x * ratio)] == 1


def test_labels_are_as_broad_as_their_words(qtbot: QtBot, theme: Theme) -> None:
    view = FrameView(theme)
    qtbot.addWidget(view)
    ink = LabelInk(view.font())
    metrics = QFontMetricsF(ink.font)
    for text in ("car #12 0.87", "zone", "a  b", "wheel 1.00"):
        words = metrics.horizontalAdvance(text)
        assert ink.width(text) == pytest.approx(words + 6, abs=1.0)
    for number in range(9000):
        ink.width(f"track {number}")
    assert len(ink._kept) <= 4000
