"""The panel of classes and tracks, by mouse and keys: eyes, thresholds, going to a track."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_review import FakeReviewDesk, demo_review
from PySide6.QtCore import QPoint, Qt

from codefx_desktop.domain.edit import ThresholdOp, TrackDeed, TrackOp
from codefx_desktop.jobs.review_values import ReviewState
from codefx_desktop.ui.detections_panel import DetectionsPanel
from codefx_desktop.ui.models.review_model import ReviewModel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> DetectionsPanel:
    desk = FakeReviewDesk()
    desk.jobs["a"] = demo_review()
    desk.jobs["old"] = demo_review("old", state=ReviewState.NONE, why="Run the clip again.")
    model = ReviewModel(desk)
    made = DetectionsPanel(model, theme)
    made.kept_alive = (desk, model)
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    assert "View a job's clip" in made.hint.text()
    model.open("a")
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    return made


def steps(panel: DetectionsPanel) -> list[str]:
    return [step.text for step in panel.kept_alive[1].read.steps if not step.is_undone]


def test_a_threshold_is_live_while_dragged_and_kept_once(
    qtbot: QtBot, panel: DetectionsPanel
) -> None:
    model = panel.kept_alive[1]
    assert not panel.slider.isEnabled()
    panel.tree.setCurrentIndex(panel.tree_model.index(1, 0))
    assert (panel.title.text(), panel.value.value()) == ("Count crew from", 0.5)
    panel.slider.setSliderDown(True)
    for step in (45, 40, 30):
        panel.slider.setSliderPosition(step)
    assert len(model.boxes_at(3)) == 4  # both of the crew, the car, one tyre
    assert not steps(panel)
    panel.slider.setSliderDown(False)
    qtbot.waitUntil(lambda: len(steps(panel)) == 1)
    (step,) = model.read.steps
    assert step.ops == (ThresholdOp(1, 0.3),)
    model.undo()
    assert panel.value.value() == 0.5
    assert len(model.boxes_at(3)) == 3


def test_what_was_found_is_counted_apart(qtbot: QtBot, panel: DetectionsPanel) -> None:
    desk, model = panel.kept_alive
    tree = panel.tree_model
    tree_row = tree.index_of_track(4)
    panel.tree.setCurrentIndex(tree_row)
    desk.thinks = []
    model.do("Delete track 2", TrackOp(TrackDeed.DELETE, 2, 0))
    qtbot.waitUntil(lambda: len(desk.thinks) == 1)  # when edits rest
    assert tree.index_of_track(2).isValid()
    desk.thinks.pop()()
    assert not tree.index_of_track(2).isValid()
    assert tree.track_at(panel.tree.currentIndex()) == 4
    desk.jobs["b"] = demo_review("b")
    model.open("b")
    assert tree.rowCount() == 0  # nothing of another job
    qtbot.waitUntil(lambda: model.is_there)
    assert panel.hint.text() == "Counting what was found…"
    for work in desk.thinks:
        work()
    assert tree.rowCount() == 3
    assert panel.hint.isHidden()


def test_the_row_in_hand_stays_when_what_was_found_stays(
    qtbot: QtBot, panel: DetectionsPanel
) -> None:
    desk, model = panel.kept_alive
    tree = panel.tree_model
    model.do("Delete track 2", TrackOp(TrackDeed.DELETE, 2, 0))
    qtbot.waitUntil(lambda: not tree.index_of_track(2).isValid())
    panel.tree.expandAll()
    for track in (4, 3):
        place = panel.tree.visualRect(tree.index_of_track(track)).center()
        qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        model.do("Count tyre from 0.4", ThresholdOp(2, 0.4 + track / 100))  # no other boxes
        with qtbot.waitSignal(panel._rest.timeout):
            pass
        assert tree.track_at(panel.tree.currentIndex()) == track
        name = model.class_name(tree.class_at(panel.tree.currentIndex()))
        assert panel.title.text() == f"Count {name} from", "whose threshold the slider is"
    desk.put(desk.jobs["a"])
    assert tree.track_at(panel.tree.currentIndex()) == 3


def test_a_late_count_of_what_was_taken_back_is_not_shown(
    qtbot: QtBot, panel: DetectionsPanel
) -> None:
    desk, model = panel.kept_alive
    desk.thinks = []
    model.do("Delete track 2", TrackOp(TrackDeed.DELETE, 2, 0))
    qtbot.waitUntil(lambda: len(desk.thinks) == 1)
    (count,) = desk.thinks
    model.undo()
    with qtbot.waitSignal(panel._rest.timeout):
        pass
    count()
    assert panel.tree_model.index_of_track(2).isValid()
    assert not panel.tree_model.is_counting


def test_keys_in_the_slider_and_the_field_are_kept(qtbot: QtBot, panel: DetectionsPanel) -> None:
    panel.tree.setCurrentIndex(panel.tree_model.index(0, 0))
    panel.slider.setFocus()
    qtbot.keyClick(panel.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: steps(panel) == ["Count car from 0.51"])
    panel.value.setFocus()
    panel.value.selectAll()
    qtbot.keyClicks(panel.value, "0.75")
    qtbot.keyClick(panel.value, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: steps(panel)[-1] == "Count car from 0.75")
    qtbot.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: steps(panel)[-1] == "Count every car as the job does")
    assert not panel.reset.isEnabled()


def test_a_double_click_on_a_track_goes_to_its_first_frame(
    qtbot: QtBot, panel: DetectionsPanel
) -> None:
    panel.tree.expandAll()
    place = panel.tree.visualRect(panel.tree_model.index_of_track(3)).center()
    with qtbot.waitSignal(panel.frame_wanted) as wanted:
        qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == [0]
    assert panel.kept_alive[1].selection.track == 3
    panel.kept_alive[1].select(track=5)
    assert panel.tree_model.track_at(panel.tree.currentIndex()) == 5


def test_eyes_are_clicked_in_the_tree_and_switches_beside_it(
    qtbot: QtBot, panel: DetectionsPanel
) -> None:
    model = panel.kept_alive[1]
    rect = panel.tree.visualRect(panel.tree_model.index(0, 0))
    box = QPoint(rect.left() + 10, rect.center().y())
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert model.looks.hidden_classes == {0}
    qtbot.mouseClick(panel.switches["labels"], Qt.MouseButton.LeftButton)
    assert not model.looks.labels
    assert not panel.switches["masks"].isEnabled()  # this job has no outlines


def test_it_says_why_there_is_nothing(qtbot: QtBot, panel: DetectionsPanel) -> None:
    panel.kept_alive[1].open("old")
    qtbot.waitUntil(lambda: panel.hint.text() == "Run the clip again.")
    assert not panel.tree.isVisible()
