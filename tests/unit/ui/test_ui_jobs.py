"""Job book, selection, cards, queue model, facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_hub import FakeHub, past_jobs, record
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, OutputFile, Stage
from codefx_desktop.domain.run import JobFinished, StageProgress
from codefx_desktop.jobs.messages import Thumbnail
from codefx_desktop.ui.models import facts
from codefx_desktop.ui.models.cards import card_of
from codefx_desktop.ui.models.job_book import PICTURES_KEPT, Entry, JobBook
from codefx_desktop.ui.models.plan_facts import spec_facts
from codefx_desktop.ui.models.queue_model import QueueModel, Role
from codefx_desktop.ui.models.selection import Selection

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

OUTPUT = OutputFile(Path("/data/jobs/a/output/a_annotated.mp4"), 48_200_000, "ab" * 32)


def three() -> list:
    return [record(f"{name}.mp4", id=name) for name in ("a", "b", "c")]


# -- job book ---------------------------------------------------------------------------------


def test_running_first_then_queued_then_ended_newest_first(hub: FakeHub, book: JobBook) -> None:
    a, b, c = three()
    hub.put(a, b, c)
    a = hub.change(a, status=JobStatus.PROCESSING)
    assert book.running() == "a"
    hub.finish(a, JobStatus.COMPLETE, output=OUTPUT)
    b = hub.change(b, status=JobStatus.PROCESSING)
    hub.finish(b, JobStatus.FAILED, "why")
    assert book.ids() == ["c", "b", "a"]
    assert book.queued() == ["c"]
    assert book.running() is None


def test_an_old_job_that_changes_is_not_listed(hub: FakeHub, book: JobBook) -> None:
    old = past_jobs(1)[0]
    hub.job_changed.emit(old)
    assert book.ids() == []
    book.know(old)
    hub.job_changed.emit(record(id=old.id, status=old.status, metadata=JobMetadata("WEC")))
    assert book.ids() == []
    assert book.get(old.id).record.metadata.series == "WEC"


def test_a_job_found_interrupted_now_is_listed(hub: FakeHub, book: JobBook) -> None:
    now = datetime.now(UTC) + timedelta(seconds=1)
    hub.job_changed.emit(record(id="x", status=JobStatus.INTERRUPTED, finished_at=now))
    assert book.ids() == ["x"]


def test_running_again_forgets_the_last_run(hub: FakeHub, book: JobBook) -> None:
    a = three()[0]
    hub.put(a)
    hub.say_progress("a", 0.7)
    hub.finish(a, JobStatus.FAILED, "why")
    hub.put(record("a.mp4", id="a"))
    entry = book.get("a")
    assert (entry.progress, entry.finished, entry.overall) == (None, None, 0.0)


def test_a_job_run_again_keeps_its_card_before_the_queue_is_told(
    hub: FakeHub, book: JobBook
) -> None:
    a, b, _ = three()
    hub.put(a, b)
    for job in (a, b):
        hub.finish(hub.change(job, status=JobStatus.PROCESSING), JobStatus.CANCELLED)
    hub.queue_changed.emit(())
    model = QueueModel(book)
    card = QPersistentModelIndex(model.index(model.row_of("b")))
    hub.job_changed.emit(record("b.mp4", id="b", status=JobStatus.QUEUED))
    assert card.isValid()
    assert card.data(Role.ID) == "b"
    assert book.ids() == ["b", "a"]


def test_cleared_jobs_do_not_come_back_by_an_edit(hub: FakeHub, book: JobBook) -> None:
    a = three()[0]
    hub.put(a)
    ended = hub.change(a, status=JobStatus.CANCELLED)
    book.clear_ended()
    hub.change(ended, metadata=JobMetadata("WEC"))
    assert book.ids() == []
    hub.put(record("a.mp4", id="a"))
    assert book.ids() == ["a"]


def test_few_pictures_are_kept(hub: FakeHub, book: JobBook) -> None:
    for number in range(PICTURES_KEPT + 3):
        hub.show(f"job-{number}", 1, (0, 0, 0))
    assert book.picture("job-0") is None
    assert book.picture(f"job-{PICTURES_KEPT + 2}") is not None


def test_thumbnail_is_asked_once_and_copied(hub: FakeHub, book: JobBook) -> None:
    hub.put(*three())
    hub.put(*three())
    assert sorted(hub.of("request_thumbnail")) == [("a",), ("b",), ("c",)]
    pixels = np.full((36, 64, 3), 90, np.uint8)
    hub.thumbnail.emit(Thumbnail("a", pixels))
    pixels[:] = 0
    assert book.get("a").thumbnail.pixelColor(5, 5).red() == 90
    hub.thumbnail.emit(Thumbnail("b", None))
    assert book.get("b").thumbnail is None


# -- selection --------------------------------------------------------------------------------


def test_selection_follows_until_a_person_chooses(hub: FakeHub, book: JobBook) -> None:
    selection = Selection(book)
    a, b, c = three()
    hub.put(a, b, c)
    assert selection.job_id == "a"
    a = hub.change(a, status=JobStatus.PROCESSING)
    hub.finish(a, JobStatus.COMPLETE)
    hub.change(b, status=JobStatus.PROCESSING)
    assert selection.job_id == "b"
    selection.choose("a")
    assert selection.away
    hub.change(c, status=JobStatus.PROCESSING)
    assert selection.job_id == "a"
    selection.follow()
    assert selection.job_id == "b"
    assert not selection.away


def test_selection_leaves_a_deleted_job(hub: FakeHub, book: JobBook) -> None:
    selection = Selection(book)
    hub.put(*three())
    selection.choose("b")
    hub.job_removed.emit("b")
    assert selection.job_id == "a"
    for job_id in ("a", "c"):
        hub.job_removed.emit(job_id)
    assert selection.job_id is None


# -- cards ------------------------------------------------------------------------------------


def test_card_of_a_running_job() -> None:
    progress = StageProgress(
        "a", {Stage.IMPORT: 1.0, Stage.DETECTING: 0.5}, 0.41, Stage.DETECTING, 10, 20, 84.34, 23.6
    )
    entry = Entry(record("a.mp4", status=JobStatus.PROCESSING), progress)
    card = card_of(entry, 0)
    assert card.headline == "Processing · 41 %"
    assert [chip.word for chip in card.chips] == [
        "Import",
        "Detect",
        "Track",
        "Events",
        "Render",
        "Transcode",
    ]
    assert [chip.progress for chip in card.chips] == [1.0, 0.5, 0.0, 0.0, 0.0, 0.0]
    assert (card.left, card.right, card.action) == ("84.3 frames/s", "0:24 left", "cancel")


def test_card_says_starting_before_there_is_a_speed() -> None:
    card = card_of(Entry(record(status=JobStatus.PROCESSING)), 0)
    assert (card.left, card.right, card.overall) == ("Starting…", "", 0.0)


@pytest.mark.parametrize(
    ("status", "fields", "headline", "left", "action"),
    [
        (JobStatus.QUEUED, {}, "Queued · number 3", "Not read yet", "remove"),
        (JobStatus.COMPLETE, {"output": OUTPUT}, "Complete", "", "open"),
        (JobStatus.COMPLETE, {}, "Complete", "", ""),
        (JobStatus.FAILED, {"error_message": "why"}, "Failed", "why", "retry"),
        (JobStatus.CANCELLED, {"progress": 0.3}, "Cancelled · at 30 %", "", "retry"),
        (JobStatus.INTERRUPTED, {}, "Interrupted", "", "retry"),
    ],
)
def test_cards_of_the_other_statuses(
    status: JobStatus, fields: dict, headline: str, left: str, action: str
) -> None:
    card = card_of(Entry(record("a.mp4", status=status, **fields)), 3)
    assert (card.headline, card.left, card.action) == (headline, left, action)
    assert card.chips == ()
    assert card.spoken.startswith("a.mp4, ")


# -- queue model ------------------------------------------------------------------------------


def test_queue_model_keeps_qts_rules_while_the_queue_changes(
    qtbot: QtBot, hub: FakeHub, book: JobBook
) -> None:
    model = QueueModel(book)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    a, b, c = three()
    hub.put(a, b, c)
    moved = QSignalSpy(model.rowsMoved)
    reset = QSignalSpy(model.modelReset)
    hub.put(c, a, b)
    assert moved.count() > 0
    hub.put(b)
    hub.job_removed.emit("a")
    hub.change(b, status=JobStatus.PROCESSING)
    assert [model.index(row).data(Role.ID) for row in range(model.rowCount())] == ["b"]
    assert reset.count() == 0  # single moves, so that selection and scrolling stay
    del tester


@pytest.mark.parametrize(
    ("dragged", "row", "place"), [("c", 1, 0), ("a", 4, 2), ("b", 4, 2), ("c", 2, 1)]
)
def test_drop_asks_for_a_place_among_the_waiting(
    hub: FakeHub, book: JobBook, dragged: str, row: int, place: int
) -> None:
    running = record("r.mp4", id="r", status=JobStatus.PROCESSING)
    hub.put(running, *three())
    model = QueueModel(book)
    spy = QSignalSpy(model.move_wanted)
    data = model.mimeData([model.index(model.row_of(dragged))])
    model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, QModelIndex())
    assert [spy.at(n) for n in range(spy.count())] == [[dragged, place]]


def test_drop_where_it_was_asks_for_nothing(hub: FakeHub, book: JobBook) -> None:
    hub.put(*three())
    model = QueueModel(book)
    spy = QSignalSpy(model.move_wanted)
    data = model.mimeData([model.index(1)])
    for row in (1, 2):
        model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, QModelIndex())
    assert spy.count() == 0


def test_only_waiting_jobs_can_be_dragged(hub: FakeHub, book: JobBook) -> None:
    hub.put(record("r.mp4", id="r", status=JobStatus.PROCESSING), *three())
    model = QueueModel(book)
    can = [bool(model.flags(model.index(row)) & Qt.ItemFlag.ItemIsDragEnabled) for row in range(4)]
    assert can == [False, True, True, True]
    assert model.summary() == "1 running, 3 queued"
    model.paused = True
    assert model.summary() == "Paused, 3 queued"


# -- facts ------------------------------------------------------------------------------------


def values(found: tuple) -> dict[str, str]:
    return {fact.label: fact.value for fact in found}


def test_result_facts_only_say_what_is_known() -> None:
    assert facts.result_facts(Entry(record())) == ()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = {"started_at": start, "finished_at": start + timedelta(seconds=95)}
    assert facts.result_facts(Entry(record(status=JobStatus.FAILED, **times))) == ()
    old = Entry(record(status=JobStatus.COMPLETE, **times))
    assert values(facts.result_facts(old)) == {"Took": "1:35"}
    finished = JobFinished("a", JobStatus.COMPLETE, "", 400, 400, 8.0, 50.0)
    new = Entry(record(output=OUTPUT), finished=finished)
    found = values(facts.result_facts(new))
    assert found["Frames"] == "400 in, 400 out"
    assert (found["Speed"], found["Took"]) == ("50.0 frames/s", "0:08")
    assert found["SHA-256"] == "abababababab…"
    cancelled = JobFinished("a", JobStatus.CANCELLED, "", 149, 0, 9.0)
    found = values(
        facts.result_facts(Entry(record(status=JobStatus.CANCELLED), finished=cancelled))
    )
    assert found["Frames"] == "149 in, 0 out"
    assert "Speed" not in found, "a run that did not end has none"


@pytest.mark.parametrize(
    ("spec", "weights"),
    [
        (JobSpec(), "As found"),
        (JobSpec(demo_model=True), "Demo model"),
        (JobSpec(weights=Path("/m/gt3.pt")), "gt3.pt"),
    ],
)
def test_weights_are_named(spec: JobSpec, weights: str) -> None:
    assert values(spec_facts(Entry(record(spec=spec))))["Detection"] == weights


def test_failures_name_the_clip_once() -> None:
    assert facts.failure_text("a.mp4", "The disk is full.") == "a.mp4 failed. The disk is full."
    assert facts.failure_text("a.mp4", "a.mp4 is empty.") == "a.mp4 is empty."


def test_deletion_names_what_goes_and_what_stays() -> None:
    job = record("a.mp4", id="a", status=JobStatus.COMPLETE, output=OUTPUT)
    question, detail = facts.deletion_text(job)
    assert "a.mp4" in question
    assert "a_annotated.mp4 (48.2 MB)" in detail
    assert str(job.job_dir) in detail
    assert f"The footage stays where it is:\n{job.input_path}" in detail
    assert "cancelled" not in detail
