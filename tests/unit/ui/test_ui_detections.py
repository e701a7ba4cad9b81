"""Classes and tracks as a tree: sums from arrays, eyes, colours; Qt's own checks of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_review import FRAMES, FakeReviewDesk, demo_objects, demo_review
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.observations import Objects
from codefx_desktop.jobs.review_boxes import new_track
from codefx_desktop.ui.models.detection_tree import COUNT, NAME, WHEN, DetectionTree
from codefx_desktop.ui.models.review_model import ReviewModel
from codefx_desktop.ui.models.track_sums import ClassCounts, TrackSums

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CHECK = Qt.ItemDataRole.CheckStateRole


@pytest.fixture
def tree(qtbot: QtBot) -> DetectionTree:
    desk = FakeReviewDesk()
    desk.jobs["a"] = demo_review()
    model = ReviewModel(desk)
    model.open("a")
    qtbot.waitUntil(lambda: model.is_there)
    made = DetectionTree(model, model)
    made.kept_alive = (desk, model)
    made.refill()
    return made


def test_sums_agree_with_counting_one_by_one() -> None:
    rng = np.random.default_rng(7)
    n = 500
    objects = Objects(
        np.sort(rng.integers(0, 90, n)).astype(np.int32),
        np.zeros((n, 4), np.float32),
        rng.random(n).astype(np.float32),
        rng.integers(0, 3, n).astype(np.int16),
        rng.integers(-1, 12, n).astype(np.int32),
        ("car", "crew", "tyre"),
    )
    sums = TrackSums.of(objects)
    assert sums.track_id.tolist() == sorted(set(objects.track_id.tolist()) - {-1})
    for place, track in enumerate(sums.track_id.tolist()):
        of = objects.track_id == track
        assert sums.boxes[place] == of.sum()
        assert sums.first[place] == objects.frame[of].min()
        assert sums.last[place] == objects.frame[of].max()
        assert sums.class_id[place] == objects.class_id[of][-1]
        assert sums.confidence[place] == pytest.approx(objects.confidence[of].mean())
    ordered = sums.boxes[sums.of_class(1)]
    assert (np.diff(ordered) <= 0).all()
    assert len(TrackSums.of(Objects.none())) == 0


def test_counts_agree_with_counting_anew_whatever_was_counted_before() -> None:
    rng = np.random.default_rng(8)
    objects = demo_objects()
    objects.confidence[:] = rng.integers(0, 21, len(objects.frame)) / np.float32(20)
    counts = ClassCounts(objects)
    for _ in range(60):
        own = {int(one): float(rng.integers(0, 21) / 20) for one in rng.integers(0, 5, 2)}
        job = float(rng.integers(0, 21) / 20)
        for class_id, told in counts.at(own, job).items():
            of = objects.confidence[objects.class_id == class_id]
            least = np.float32(own.get(class_id, job))
            assert told == ((of >= least).sum(), len(of))
    assert set(counts.at({}, 0.5)) == set(objects.class_id.tolist())
    assert ClassCounts(Objects.none()).at({}, 0.5) == {}


def test_rows_say_who_how_often_and_when(tree: DetectionTree) -> None:
    QAbstractItemModelTester(tree, QAbstractItemModelTester.FailureReportingMode.Fatal, tree)
    assert [tree.index(row, NAME).data() for row in range(tree.rowCount())] == [
        "car",
        "crew",
        "tyre",
    ]
    crew = tree.index(1, NAME)
    assert (tree.index(1, COUNT).data(), tree.index(1, WHEN).data()) == ("300", "of 600")
    assert tree.rowCount(crew) == 2
    track = tree.index(1, NAME, crew)
    assert (track.data(), track.siblingAtColumn(WHEN).data()) == ("#3", f"0\u2013{FRAMES - 1}")
    assert tree.parent(track) == crew
    assert (tree.track_at(track), tree.class_at(track), tree.track_at(crew)) == (3, 1, None)
    assert tree.first_frame_at(track) == 0
    assert tree.index_of_track(3) == track
    assert not tree.index_of_track(77).isValid()


def test_eyes_and_colours_change_what_is_drawn(tree: DetectionTree) -> None:
    model = tree.kept_alive[1]
    car = tree.index(0, NAME)
    assert tree.setData(car, Qt.CheckState.Unchecked, CHECK)
    assert model.looks.hidden_classes == {0}
    assert Qt.CheckState(car.data(CHECK)) == Qt.CheckState.Unchecked
    assert 0 not in model.boxes_at(5).class_id
    track = tree.index_of_track(2)
    tree.draw(track, on=False)
    tree.paint_in(tree.index_of_track(3), (1, 2, 3))
    assert model.looks.hidden_tracks == {2}
    assert model.looks.track_colours == {3: (1, 2, 3)}
    assert tree.index_of_track(3).data(Qt.ItemDataRole.DecorationRole).getRgb()[:3] == (1, 2, 3)
    tree.draw(car, on=True)
    tree.draw(track, on=True)
    tree.paint_in(tree.index_of_track(3), None)
    assert (model.looks.hidden_classes, model.looks.hidden_tracks) == (frozenset(), frozenset())
    assert not model.looks.track_colours
    assert tree.other_tracks(track) == {3}


def test_thresholds_change_counts_without_new_rows(tree: DetectionTree) -> None:
    model = tree.kept_alive[1]
    resets: list[None] = []
    tree.modelReset.connect(lambda: resets.append(None))
    told: list[tuple[int, int]] = []
    tree.dataChanged.connect(lambda top, end, _: told.append((top.row(), end.row())))
    model.drag_threshold(1, 0.3)
    tree.recount()
    assert told == [(1, 1)]  # no other row looks different, and none is painted again
    assert (tree.index(1, COUNT).data(), tree.index(1, WHEN).data()) == ("600", "")
    tree.refill()
    assert not resets
    assert demo_objects().class_names == model.read.class_names


def test_a_track_may_have_any_number_that_a_person_gave_it() -> None:
    objects = demo_objects(3)
    objects.track_id[objects.track_id == 2] = 2**31 - 1
    objects.track_id[objects.track_id == 3] = -7
    sums = TrackSums.of(objects)
    assert sums.track_id.tolist() == [1, 4, 5, 2**31 - 1]
    assert sums.boxes.tolist() == [3, 3, 3, 3]
    assert (sums.first[-1], sums.last[-1], sums.class_id[-1]) == (0, 2, 1)
    read = demo_review(stored=objects, corrected=CorrectedObjects.measured(objects))
    assert new_track(read) == 2
