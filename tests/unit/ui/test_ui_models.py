"""The list of models and its words, without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gui.fake_models import FakeModelDesk, facts, model, some_models
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from codefx_desktop.domain.models import (
    Model,
    ModelPlace,
    ModelRole,
    ModelTask,
    ModelUse,
    StandardOffer,
    Transfer,
)
from codefx_desktop.jobs.model_values import DeedKind, DeedPhase, ModelDeed
from codefx_desktop.ui.models import model_words as words
from codefx_desktop.ui.models.model_list import DEED_ROLE, ROW_ROLE, Heading, ModelRows, key_of

FOUND = some_models()
OFFER = FOUND.offers[2]
GET = DeedKind.GET


@pytest.fixture
def desk(qapp: object) -> FakeModelDesk:
    return FakeModelDesk()


@pytest.fixture
def rows(desk: FakeModelDesk) -> ModelRows:
    rows = ModelRows(desk)
    QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal, rows)
    return rows


def running(done: int, name: str = OFFER.model.name, kind: DeedKind = GET) -> ModelDeed:
    return ModelDeed(kind, name, DeedPhase.RUNNING, Transfer(done, 40_684_120, 3_200_000.0))


def texts(rows: ModelRows) -> list[str]:
    return [str(rows.index(n).data()) for n in range(rows.rowCount())]


def test_models_then_what_can_be_had(desk: FakeModelDesk, rows: ModelRows) -> None:
    assert not rows.is_known
    assert rows.first() == -1
    desk.list(FOUND)
    assert rows.is_known
    assert rows.folder == FOUND.folder
    assert rows.rowCount() == 2 + len(FOUND.models) + len(FOUND.offers)
    headings = [n for n in range(rows.rowCount()) if isinstance(rows.row(n), Heading)]
    assert headings == [0, 1 + len(FOUND.models)]
    for n in range(rows.rowCount()):
        can_be_chosen = bool(rows.flags(rows.index(n)) & Qt.ItemFlag.ItemIsSelectable)
        assert can_be_chosen == (n not in headings)
    assert rows.first() == 1
    assert rows.row(rows.rowCount()) is None


def test_each_row_is_said_whole(desk: FakeModelDesk, rows: ModelRows) -> None:
    desk.list(FOUND)
    said = texts(rows)
    assert said[1] == "best.pt, Detection · 5 classes · 5.5 MB, default detector"
    assert "poses.pt, Pose · 1 class · 5.5 MB" in said
    assert "broken.pt, Cannot be used · 6.2 MB" in said
    assert "new.pt, Looking into it… · 6.2 MB" in said
    assert "old.pt, Not there · named by 2 jobs" in said
    assert "yolo11n.pt, Detection · 5.6 MB" in said
    assert "yolo11m.pt, Detection · 12.4 of 40.7 MB fetched" in said
    assert "yolo11n-seg.pt, Segmentation · on this machine" in said
    tip = rows.index(rows.find("model:/data/model_weights/broken.pt")).data(
        Qt.ItemDataRole.ToolTipRole
    )
    assert "cut short" in tip


def test_the_same_list_again_changes_nothing(desk: FakeModelDesk, rows: ModelRows) -> None:
    desk.list(FOUND)
    resets: list[object] = []
    changed: list[str] = []
    rows.modelReset.connect(lambda: resets.append(1))
    rows.changed.connect(changed.append)
    desk.list(some_models())
    assert not resets
    assert not changed
    new = FOUND.models[5]
    looked = replace(
        FOUND, models=(*FOUND.models[:5], replace(new, facts=facts()), FOUND.models[6])
    )
    desk.list(looked)
    assert not resets
    assert changed == [key_of(new)]
    desk.list(replace(FOUND, models=FOUND.models[1:]))
    assert resets


def test_a_download_moves_its_row(desk: FakeModelDesk, rows: ModelRows) -> None:
    desk.list(FOUND)
    changed: list[str] = []
    rows.changed.connect(changed.append)
    row = rows.find(f"offer:{OFFER.model.name}")
    for deed, said in (
        (ModelDeed(GET, OFFER.model.name), "Waits for its turn"),
        (ModelDeed(GET, OFFER.model.name, DeedPhase.RUNNING), "Connecting…"),
        (running(23_400_000), "23.4 of 40.7 MB · 3.2 MB/s · 0:05 left"),
        (ModelDeed(GET, OFFER.model.name, DeedPhase.STOPPING), "Stopping…"),
        (ModelDeed(GET, OFFER.model.name, DeedPhase.STOPPED), "12.4 of 40.7 MB fetched"),
        (ModelDeed(GET, OFFER.model.name, DeedPhase.FAILED, None, "No."), "could not be fetched"),
    ):
        desk.deed.emit(deed)
        assert said in str(rows.index(row).data())
    assert changed == [f"offer:{OFFER.model.name}"] * 6
    assert rows.index(row).data(DEED_ROLE).message == "No."


def test_stopping_keeps_how_far_it_is(desk: FakeModelDesk, rows: ModelRows) -> None:
    desk.list(FOUND)
    desk.deed.emit(running(23_400_000))
    desk.deed.emit(ModelDeed(GET, OFFER.model.name, DeedPhase.STOPPING))
    deed = rows.deed(OFFER)
    assert deed is not None
    assert words.fraction(deed) == pytest.approx(0.575, abs=0.001)


def test_what_is_here_forgets_how_it_came(desk: FakeModelDesk, rows: ModelRows) -> None:
    desk.list(FOUND)
    desk.deed.emit(ModelDeed(GET, OFFER.model.name, DeedPhase.FAILED, None, "No."))
    desk.deed.emit(ModelDeed(GET, OFFER.model.name, DeedPhase.DONE))
    kept = StandardOffer(OFFER.model, FOUND.folder / OFFER.model.name)
    desk.list(replace(FOUND, offers=(*FOUND.offers[:2], kept, *FOUND.offers[3:])))
    assert rows.deed(OFFER) is None
    assert "on this machine" in texts(rows)[rows.find(f"offer:{OFFER.model.name}")]


def test_a_file_that_is_added_has_a_row_meanwhile(desk: FakeModelDesk, rows: ModelRows) -> None:
    desk.list(FOUND)
    name = "/media/usb/mine.pt"
    desk.deed.emit(ModelDeed(DeedKind.ADD, name))
    assert texts(rows)[1] == "mine.pt, Adding · Waits for its turn"
    desk.deed.emit(ModelDeed(DeedKind.ADD, name, DeedPhase.RUNNING))
    assert texts(rows)[1] == "mine.pt, Adding · Looking into it…"
    desk.deed.emit(running(10_000_000, name, DeedKind.ADD))
    assert "Adding · 10.0 of 40.7 MB" in texts(rows)[1]
    assert not rows.flags(rows.index(1)) & Qt.ItemFlag.ItemIsSelectable
    assert rows.first() == 2
    desk.deed.emit(ModelDeed(DeedKind.ADD, name, DeedPhase.DONE))
    assert isinstance(rows.index(1).data(ROW_ROLE), Model)


def test_sentences_about_a_model() -> None:
    best, old = FOUND.models[0], FOUND.models[-1]
    assert words.summary(best) == "Detection model · 5 classes · 2.6 M parameters"
    assert words.taken_sentence(best) == "Jobs that name no detector weights take this file."
    assert words.uses(best).startswith("14 jobs name it, 1 of them waiting. The last one: boom")
    assert words.uses(model("a.pt")) == "No job names it."
    assert words.is_missing(old)
    assert words.places(old) == "Named by jobs."
    both = model("b.pt", ModelPlace.OWN, ModelPlace.SETTINGS)
    assert words.places(both) == "In the folder of your own models. Named by the settings."
    roles = replace(best, roles=(ModelRole.DETECTOR, ModelRole.SEGMENTER))
    assert "no detector weights and no segmentation weights" in words.taken_sentence(roles)
    pose = model("p.pt", found=facts(ModelTask.OTHER))
    assert words.is_of_no_use(pose)
    assert "another task (pose)" in words.trouble(pose)
    assert not words.trouble(best)


def test_the_question_before_a_removal_says_what_it_means() -> None:
    question, detail = words.removal(FOUND.models[0])
    assert question == "Remove best.pt?"
    assert "/data/model_weights/best.pt" in detail
    assert "They will have to name another one." in detail
    assert "The 14 jobs that name it keep their results" in detail
    _, detail = words.removal(model("a.pt", use=ModelUse(1)))
    assert "The job that names it keeps its results" in detail


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [
        (12_400_000, 40_684_120, "12.4 of 40.7 MB"),
        (500_000, 40_684_120, "500 kB of 40.7 MB"),
        (0, 5_613_764, "0 B of 5.6 MB"),
        (5_613_764, 5_613_764, "5.6 of 5.6 MB"),
    ],
)
def test_bytes_of_bytes(done: int, total: int, text: str) -> None:
    assert words.of_bytes(done, total) == text
    assert words.transfer(Transfer(done, total)) == text


def test_parameters_and_fractions() -> None:
    assert words.parameters(2_616_248) == "2.6 M"
    assert words.parameters(1000) == "1,000"
    assert words.fraction(None) is None
    assert words.fraction(ModelDeed(GET, "a")) is None
    assert words.fraction(ModelDeed(GET, "a", DeedPhase.DONE, Transfer(1, 1))) is None
