"""Whose thread works out a review's detections: the window's only ever does a step or two."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from gui.fake_review import demo_review
from review_edits import state_hash

from codefx_desktop.analysis import corrections, propagate
from codefx_desktop.analysis.corrections import active, corrected
from codefx_desktop.domain.edit import BoxOp, BoxValue, EditStep
from codefx_desktop.domain.edit_log import steps_of
from codefx_desktop.jobs import review_boxes
from codefx_desktop.jobs.review_desk import ReviewDesk
from codefx_desktop.jobs.review_log import redoable
from codefx_desktop.jobs.review_values import EditDeed, StopsAgain
from codefx_desktop.store.review_file import ReviewFile
from codefx_desktop.ui.models.review_model import ReviewModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.review_values import ReviewRead

MOVES = 60


class Files:
    """A review whose log is a real file; stops are those that it has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.may_answer = threading.Event()
        """Readings that are over are told."""
        self.may_answer.set()
        with ReviewFile(path) as file:
            for n in range(MOVES):
                value = BoxValue((1.0, 2.0, 3.0 + n, 40.0), 1, 9)
                file.append([BoxOp(n, 0, value)], f"Move {n}", "me")

    def read(self, job_id: str, _cancel: CancelSignal) -> ReviewRead:
        steps, redo = self._log()
        assert self.may_answer.wait(60)
        read = demo_review(job_id, steps=steps, redoable=redo)
        state = corrected(read.stored, read.numbers, active(steps))
        return demo_review(job_id, steps=steps, redoable=redo, corrected=state)

    def edit(
        self, _job_id: str, deed: EditDeed, text: str, ops: Sequence[EditOp], *_: str
    ) -> tuple[tuple[EditStep, ...], tuple[int, ...]]:
        with ReviewFile(self.path) as file:
            if deed is EditDeed.DO:
                file.append(ops, text, "me")
            else:
                (file.undo if deed is EditDeed.UNDO else file.redo)("me", text)
        return self._log()

    def stops_again(
        self, read: ReviewRead, _ops: object, revision: int, _cancel: object
    ) -> StopsAgain:
        return StopsAgain(read.job_id, revision, read.found, read.stops)

    def suspected(self, *_: object) -> None: ...

    def keep_stops(self, _again: object) -> None: ...

    def _log(self) -> tuple[tuple[EditStep, ...], tuple[int, ...]]:
        with ReviewFile(self.path) as file:
            entries = file.entries()
        steps = steps_of(entries)
        return steps, redoable(entries, steps)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "review.sqlite")


@pytest.fixture
def model(qtbot: QtBot, files: Files) -> Iterator[ReviewModel]:
    desk = ReviewDesk(lambda _cancel: files)  # type: ignore[arg-type,return-value]
    model = ReviewModel(desk)
    model.open("a")
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    yield model
    model.shutdown()
    model.deleteLater()
    desk.deleteLater()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> dict[bool, list[int]]:
    """How many ops were applied, in the main thread (True) and in others."""
    found: dict[bool, list[int]] = {True: [], False: []}
    apply, carry = corrections._changed, propagate._placed

    def noted(before: object, numbers: object, wanted: Sequence[object]) -> object:
        found[threading.current_thread() is threading.main_thread()].append(len(wanted))
        return apply(before, numbers, wanted)

    def carried(*args: object) -> Sequence[object]:
        ops = carry(*args)
        found[threading.current_thread() is threading.main_thread()].append(len(ops))
        return ops

    monkeypatch.setattr(corrections, "_changed", noted)
    monkeypatch.setattr(propagate, "_placed", carried)
    return found


def settle(qtbot: QtBot, model: ReviewModel) -> None:
    qtbot.waitUntil(lambda: not model.is_updating and not model._waiting["a"])


def is_exact(model: ReviewModel) -> bool:
    read = model.read
    told = corrected(read.stored, read.numbers, active(read.steps))
    return state_hash(read.corrected, ()) == state_hash(told, ())


def test_steps_of_an_earlier_start_are_taken_back_on_a_worker(
    qtbot: QtBot, model: ReviewModel, files: Files, done: dict[bool, list[int]]
) -> None:
    for n in range(30):
        model.undo()
        if n % 7 == 0:
            settle(qtbot, model)
    assert model.undo_text == f"Move {MOVES - 31}"
    settle(qtbot, model)
    assert done[True] == []
    assert max(done[False]) > 10  # all before the last few at once
    for _ in range(30):
        model.redo()
    settle(qtbot, model)
    assert max(done[True], default=1) == 1
    with ReviewFile(files.path) as file:
        assert len(file.entries()) == MOVES + 60  # each key is in the audit
    model.undo()
    settle(qtbot, model)
    assert is_exact(model)


def test_many_boxes_are_made_and_changed_on_a_worker(
    qtbot: QtBot, model: ReviewModel, done: dict[bool, list[int]]
) -> None:
    make = partial(review_boxes.over_range, source=(100, 0), frames=(0, 299))
    model.spread("Same box", make)
    qtbot.waitUntil(lambda: model.undo_text == "Same box")
    settle(qtbot, model)
    model.undo()
    model.redo()
    settle(qtbot, model)
    assert done[True] == []
    assert max(done[False]) >= 299
    assert is_exact(model)


def test_a_change_that_came_while_the_job_was_read_is_laid_over_it_on_a_worker(
    qtbot: QtBot, model: ReviewModel, files: Files, done: dict[bool, list[int]]
) -> None:
    files.may_answer.clear()
    model.refresh()
    qtbot.wait(20)  # it has read the log by then, or reads it later: both are well
    model.do("Delete", BoxOp(100, 0, None))
    settle(qtbot, model)
    changed = []
    model.changed.connect(lambda: changed.append(model.undo_text))
    files.may_answer.set()
    qtbot.waitUntil(lambda: bool(changed))
    settle(qtbot, model)
    assert set(changed) == {"Delete"}
    assert max(done[True]) == 1
    assert is_exact(model)
