"""The history: paging, search, filters, what can be done with a past job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, past_jobs, record
from PySide6.QtCore import Qt, QUrl

from codefx_desktop.domain.job import JobFilter, JobStatus
from codefx_desktop.jobs.messages import StartDefaults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


@pytest.fixture
def hub(qapp: object, home: Path) -> FakeHub:
    hub = FakeHub()
    hub.history = past_jobs(2000)
    return hub


@pytest.fixture
def history(qtbot: QtBot, window: MainWindow) -> object:
    window.docks.history.raise_()
    qtbot.waitUntil(lambda: window.history.model.rowCount() == 2000)
    qtbot.waitUntil(window.history.view.isVisible)
    return window.history


def choose(history: object, row: int) -> None:
    history.view.setCurrentIndex(history.model.index(row, 0))


def test_thousands_are_paged_as_they_are_looked_at(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, history: object
) -> None:
    asked = {offset for _, _, offset in hub.of("request_history")}
    assert asked == {0}
    assert all(limit == 100 for _, limit, _ in hub.of("request_history"))
    history.view.scrollToBottom()
    history.view.viewport().repaint()
    qtbot.waitUntil(lambda: history.model.record(1999) is not None)
    assert history.model.record(1999).input_filename == "stop-0001.mp4"
    asked = {offset for _, _, offset in hub.of("request_history")}
    assert asked <= {0, 1800, 1900}
    assert window.docks.history_title.label.whole == "2,000 jobs"


def test_typing_searches_once(qtbot: QtBot, hub: FakeHub, history: object) -> None:
    before = len(hub.of("request_history"))
    qtbot.keyClicks(history.search, "stop-17")
    qtbot.waitUntil(lambda: history.model.rowCount() == 100)
    filters = [wanted for wanted, _, _ in hub.of("request_history")[before:]]
    assert filters == [JobFilter(text="stop-17")]
    qtbot.keyClicks(history.search, "zzz")
    qtbot.waitUntil(lambda: history.model.rowCount() == 0)
    assert "No job matches" in history._hint.text()


def test_filters_narrow_and_reset(qtbot: QtBot, hub: FakeHub, history: object) -> None:
    hub.start_defaults.emit(
        StartDefaults(hub.defaults.spec, hub.defaults.metadata, ("Formula 2", "WEC"), ("Monza",))
    )
    history.filter_button.click()
    assert history.filters.isVisible()
    history.filters.status.setCurrentText("Failed")
    qtbot.waitUntil(lambda: 0 < history.model.rowCount() < 2000)
    assert history.model.filter == JobFilter(statuses=(JobStatus.FAILED,))
    history.filters.series.setCurrentText("Formula 2")
    assert history.model.filter.series == "Formula 2"
    from datetime import date

    history.filters.since.set_value(date(2025, 11, 20))
    assert history.model.filter.since == date(2025, 11, 20)
    history.filters.reset_button.click()
    qtbot.waitUntil(lambda: history.model.rowCount() == 2000)
    assert history.model.filter == JobFilter()


def test_double_click_shows_the_job(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, history: object
) -> None:
    index = history.model.index(2, 0)
    at = history.view.visualRect(index).center()
    viewport = history.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    assert window.selection.job_id == "job-1998"
    assert window.job.name.whole == "stop-1998.mp4"
    assert not window.preview.empty.isVisible()
    assert window.queue.model.rowCount() == 0  # looked at, not queued


def test_open_folder_save_retry_delete(
    window: MainWindow, hub: FakeHub, history: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "codefx_desktop.ui.job_deeds.QDesktopServices.openUrl",
        lambda url: opened.append(QUrl.toLocalFile(url)) or True,
    )
    monkeypatch.setattr(
        "codefx_desktop.ui.job_deeds.QFileDialog.getSaveFileName",
        lambda *_args: ("/out/x.mp4", ""),
    )
    monkeypatch.setattr("codefx_desktop.ui.job_deeds.ask_delete", lambda *_args: True)
    choose(history, 0)
    output = history.current().output.path
    history.open_action.trigger()
    history.folder_action.trigger()
    assert opened == [str(output), str(output.parent)]
    history.save_action.trigger()
    assert hub.of("save_output_as") == [("job-2000", Path("/out/x.mp4"))]
    assert not history.retry_action.isEnabled()
    history.delete_action.trigger()
    assert hub.of("delete") == [("job-2000",)]
    choose(history, 6)
    assert history.current().status is JobStatus.FAILED
    assert not history.open_action.isEnabled()
    history.retry_action.trigger()
    assert hub.of("retry") == [("job-1994",)]


def test_edit_metadata_goes_to_the_job_panel(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, history: object
) -> None:
    window.docks.job.close()
    choose(history, 1)
    history.edit_action.trigger()
    assert window.docks.job.isVisible()
    assert window.selection.job_id == "job-1999"
    window.job.metadata.camera.setText("Wall")
    window.job.save_button.click()
    ((job_id, metadata),) = hub.of("set_metadata")
    assert job_id == "job-1999"
    assert (metadata.camera, metadata.series) == ("Wall", "Formula 2")


def test_list_follows_what_happens(qtbot: QtBot, hub: FakeHub, history: object) -> None:
    hub.history.insert(0, record("new.mp4", id="new"))
    hub.job_changed.emit(hub.history[0])
    qtbot.waitUntil(lambda: history.model.rowCount() == 2001)
    qtbot.waitUntil(lambda: history.model.index(0, 0).data() == "new.mp4")
    del hub.history[0]
    hub.job_removed.emit("new")
    qtbot.waitUntil(lambda: history.model.rowCount() == 2000)


@pytest.mark.dressed
def test_wide_it_has_columns(qtbot: QtBot, window: MainWindow, history: object) -> None:
    assert history.view.isColumnHidden(1)
    window.docks.history.setFloating(True)
    window.docks.history.resize(1000, 500)
    qtbot.waitUntil(lambda: not history.view.isColumnHidden(1))
    assert history.view.horizontalHeader().isVisible()
    assert history.model.index(0, 1).data() == "Complete"
