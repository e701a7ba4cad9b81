"""Log book and history model."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import T0, FakeHub, past_jobs, record
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from codefx_desktop.domain.job import JobFilter, JobMetadata, JobStatus, LogLine, Stage
from codefx_desktop.jobs.messages import HistoryPage, JobLogs, Notice
from codefx_desktop.ui.models.history_model import Column, HistoryModel, second_line
from codefx_desktop.ui.models.log_book import MOST_LINES, LogBook, LogRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.models.job_book import JobBook


@pytest.fixture
def log(hub: FakeHub, book: JobBook) -> LogBook:
    return LogBook(hub, book)


def texts(log: LogBook) -> list[str]:
    return [row.line.text for row in log.rows()]


def test_log_is_bounded(hub: FakeHub, log: LogBook) -> None:
    for number in range(MOST_LINES + 10):
        hub.log("a", "INFO", str(number))
    assert len(log.rows()) == MOST_LINES
    assert texts(log)[0] == "10"


def test_lines_that_came_while_the_log_was_read_are_neither_lost_nor_doubled(
    hub: FakeHub, log: LogBook
) -> None:
    log.show_job("a")
    old = LogLine(T0, "INFO", "old", Stage.IMPORT, "a")
    log.set_only_selected(True)
    both = hub.log("a", "INFO", "stored and seen")
    hub.log("a", "INFO", "only seen")
    hub.job_logs.emit(JobLogs(1, "a", (old, both)))
    assert texts(log) == ["old", "stored and seen", "only seen"]
    hub.job_logs.emit(JobLogs(2, "b", (old,)))  # an answer about another job
    assert texts(log) == ["old", "stored and seen", "only seen"]


def test_only_lines_that_pass_are_announced(hub: FakeHub, log: LogBook) -> None:
    log.show_job("a")
    log.set_only_selected(True)
    log.set_least_level(30)
    seen: list[LogRow] = []
    log.appended.connect(seen.append)
    errors = QSignalSpy(log.error_seen)
    hub.log("a", "INFO", "no")
    hub.log("b", "ERROR", "no, but it counts")
    hub.log("a", "WARNING", "yes")
    assert [row.line.text for row in seen] == ["yes"]
    assert errors.count() == 1


def test_notices_are_logged(hub: FakeHub, log: LogBook) -> None:
    hub.notice.emit(Notice("warning", "The history was set aside."))
    assert log.rows()[0].level == 30


def test_row_text_names_the_clip_only_among_others(hub: FakeHub, log: LogBook) -> None:
    hub.put(record("boom-lap-14-car-33-double-stack.mp4", id="a"))
    hub.log("a", "INFO", "opened")
    row = log.rows()[0]
    assert "boom-lap-1…stack.mp4  opened" in row.text(with_clip=True)
    assert "boom" not in row.text(with_clip=False)
    assert LogRow(LogLine(T0, "ODD", "x"), "").level == 20


# -- history ----------------------------------------------------------------------------------


@pytest.fixture
def model(qtbot: QtBot, hub: FakeHub) -> HistoryModel:
    hub.history = past_jobs(1_250)
    model = HistoryModel(hub)
    hub.start()
    qtbot.waitUntil(lambda: model.rowCount() == 1_250)
    return model


def offsets(hub: FakeHub) -> list[int]:
    return [offset for _, _, offset in hub.of("request_history")]


def test_nothing_is_asked_before_the_history_is_open(hub: FakeHub) -> None:
    model = HistoryModel(hub)
    model.set_filter(JobFilter(text="x"))
    assert offsets(hub) == []


def test_a_page_is_fetched_when_a_row_of_it_is_looked_at(
    qtbot: QtBot, hub: FakeHub, model: HistoryModel
) -> None:
    assert model.index(1_249, Column.CLIP).data() == "…"
    assert model.index(1_201, Column.CLIP).data() == "…"
    qtbot.waitUntil(lambda: model.record(1_249) is not None)
    assert offsets(hub) == [0, 1_200]
    assert model.index(1_249, Column.CLIP).data() == "stop-0001.mp4"
    assert model.row_of("job-0001") == 1_249


def test_answers_to_an_older_filter_are_dropped(
    qtbot: QtBot, hub: FakeHub, model: HistoryModel
) -> None:
    model.set_filter(JobFilter(text="stop-00"))
    old = hub._request
    model.set_filter(JobFilter(text="stop-0007"))
    hub.history_page.emit(HistoryPage(old, tuple(past_jobs(3)), 3, 0))
    assert model.rowCount() == 1_250
    qtbot.waitUntil(lambda: model.rowCount() == 1)


def test_a_changed_job_changes_in_place(hub: FakeHub, model: HistoryModel) -> None:
    spy = QSignalSpy(model.dataChanged)
    changed = record("stop-1250.mp4", id="job-1250", metadata=JobMetadata("F1"))
    hub.job_changed.emit(changed)
    assert model.index(0, Column.SERIES).data() == "F1"
    assert spy.count() == 1
    assert offsets(hub) == [0]


def test_growing_and_shrinking_keeps_qts_rules(
    qtbot: QtBot, hub: FakeHub, model: HistoryModel
) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets = QSignalSpy(model.modelReset)
    hub.history.insert(0, record("new.mp4", id="new"))
    hub.job_changed.emit(hub.history[0])
    qtbot.waitUntil(lambda: model.rowCount() == 1_251)
    assert model.record(0).id == "new"
    del hub.history[:1_100]
    hub.job_removed.emit("new")
    qtbot.waitUntil(lambda: model.rowCount() == 151)
    qtbot.waitUntil(lambda: model.record(0) is not None and model.record(0).id != "new")
    assert resets.count() == 0
    del tester


def test_cells_and_second_line() -> None:
    job = record(
        "a.mp4",
        status=JobStatus.COMPLETE,
        started_at=T0,
        finished_at=T0 + timedelta(seconds=62),
        metadata=JobMetadata("WEC", "Spa", event_date=T0.date()),
    )
    from codefx_desktop.ui.models.history_model import cell

    assert cell(job, Column.TOOK) == "1:02"
    assert cell(job, Column.EVENT_DATE) == "2025-11-21"
    assert cell(job, Column.SESSION) == ""
    assert second_line(job).endswith(" · WEC · Spa")
