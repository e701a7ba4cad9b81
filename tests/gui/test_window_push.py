"""Pushing from the window under hands: the dialog and the status bar."""

# ruff: noqa: F811 - fixtures are imported by their names

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from gui.fake_push import offline, push, pushed, sending, slowed, some_estimate, stopped
from gui.fake_targets import TEAM, USB
from gui.pushing_hands import complete, desk, dialog_of, job, targets  # noqa: F401 - fixtures
from PySide6.QtCore import Qt

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.models import Transfer
from codefx_desktop.domain.push import PushEstimate, PushOptions, PushPart, PushProgress, PushState
from codefx_desktop.jobs.push_values import CopyStep
from codefx_desktop.jobs.target_values import TargetList
from codefx_desktop.ui.push_dialog import PushDialog

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from gui.fake_push import FakePushDesk
    from gui.fake_targets import FakeTargetDesk
    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


# -- the push dialog ------------------------------------------------------------------------------


def open_push(qtbot: QtBot, window: MainWindow) -> PushDialog:
    window.pushing.actions.push.trigger()
    dialog = dialog_of(window, PushDialog)
    assert isinstance(dialog, PushDialog)
    qtbot.waitUntil(lambda: dialog.form.estimate is not None)
    return dialog


def test_a_key_asks_what_is_pushed(
    qtbot: QtBot, window: MainWindow, targets: FakeTargetDesk, job: JobRecord
) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_U, CTRL)
    dialog = dialog_of(window, PushDialog)
    assert isinstance(dialog, PushDialog)
    qtbot.waitUntil(lambda: dialog.form.estimate is not None)
    assert dialog.title.whole == "Push “job-1.mp4”"
    assert [label.text() for label in dialog.amounts[PushPart.FRAMES]] == ["400 files", "31.0 MB"]
    assert not dialog.parts[PushPart.SOURCE].isChecked()
    assert dialog.total.text() == "1,206 files, 61.4 MB"
    assert not dialog.copies.isEnabled()
    dialog.parts[PushPart.SOURCE].click()
    assert dialog.total.text() == "1,207 files, 246 MB"
    assert dialog.copies.isEnabled()


def test_it_is_pushed_and_remembered(
    qtbot: QtBot,
    window: MainWindow,
    desk: FakePushDesk,
    targets: FakeTargetDesk,
    job: JobRecord,
) -> None:
    dialog = open_push(qtbot, window)
    dialog.target.setCurrentIndex(dialog.target.findData(USB.name))
    dialog.target.activated.emit(dialog.target.currentIndex())
    dialog.parts[PushPart.FRAMES].click()
    dialog.parts[PushPart.SOURCE].click()
    dialog.copies.setCurrentIndex(2)
    dialog.copies.activated.emit(2)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    parts = frozenset(PushPart) - {PushPart.FRAMES}
    options = PushOptions(parts, remove_source_copy=False)
    assert desk.of("push") == [(("job-1",), USB.name, options)]
    assert window.docks.outbox.isVisible()
    again = open_push(qtbot, window)
    assert again.form.target == USB.name
    assert again.form.parts == parts
    assert again.form.remove_copy is None


def test_footage_of_a_drive_is_copied_before_it_is_pushed(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk, targets: FakeTargetDesk, job: JobRecord
) -> None:
    desk.estimates = replace(some_estimate(), to_copy_bytes=184_320_000, may_leave=True)
    dialog = open_push(qtbot, window)
    assert not dialog.copy_first.isEnabled()  # the source does not go
    assert not dialog.copy_note_box.isVisible()
    dialog.parts[PushPart.SOURCE].click()
    assert "drive that can be taken away" in dialog.copy_note.text()
    assert "184 MB" in dialog.copy_note.text()
    assert not dialog.copy_first.isChecked()  # offered, not done unasked
    dialog.copy_first.click()
    dialog.push_button.click()
    assert desk.of("copy_sources") == [(("job-1",),)]
    assert not desk.of("push")
    request = desk._request
    desk.copied.emit(CopyStep(request, "job-1.mp4", Transfer(92_160_000, 184_320_000)))
    assert dialog.copy_state.text() == "Copying job-1.mp4 · 92.2 of 184 MB"
    assert dialog.bar.value() == 500
    assert not dialog.push_button.isEnabled()
    assert not dialog.parts[PushPart.FRAMES].isEnabled()
    desk.copied.emit(CopyStep(request, is_final=True))
    assert desk.of("push")[0][0] == ("job-1",)
    assert not dialog.isVisible()


def test_copying_can_be_stopped_and_its_trouble_is_told(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk, targets: FakeTargetDesk, job: JobRecord
) -> None:
    desk.estimates = replace(some_estimate(), to_copy_bytes=184_320_000)
    dialog = open_push(qtbot, window)
    dialog.parts[PushPart.SOURCE].click()
    assert not dialog.copy_note_box.isVisible()  # its drive stays; a copy can be had all the same
    dialog.copy_first.click()
    dialog.push_button.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert desk.of("stop_copy") == [(desk._request,)]
    assert dialog.isVisible()
    assert dialog.trouble.text() == "Stopped."
    assert not desk.of("push")
    dialog.push_button.click()
    text = "A copy of lap.mp4 needs 900 MB, and 3 MB are free."
    desk.copied.emit(CopyStep(desk._request, message=text, is_final=True))
    assert dialog.trouble.text() == text
    dialog.copy_first.click()
    dialog.push_button.click()
    assert len(desk.of("push")) == 1


def test_without_a_target_it_leads_to_them(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakePushDesk, job: JobRecord
) -> None:
    assert hub.targets is not None
    hub.targets.list = TargetList()
    dialog = open_push(qtbot, window)
    assert not dialog.push_button.isEnabled()
    assert "There is no target yet" in dialog.trouble.text()
    assert dialog.targets_button.text() == "Add a target…"
    dialog.targets_button.click()
    assert window.pushing.targets_window is not None
    assert window.pushing.targets_window.isVisible()
    hub.targets.save(TEAM, "secret")
    assert dialog.push_button.isEnabled()
    assert dialog.form.target == TEAM.name
    window.pushing.targets_window.close()


def test_a_target_that_lacks_something_says_so(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk, job: JobRecord
) -> None:
    dialog = open_push(qtbot, window)
    assert dialog.form.target == TEAM.name  # the first that is ready
    dialog.target.setCurrentIndex(0)
    dialog.target.activated.emit(0)
    assert "R2_ACCOUNT_ID" in dialog.trouble.text()
    assert not dialog.push_button.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    assert not desk.of("push")


def test_what_is_not_there_cannot_be_chosen(
    qtbot: QtBot,
    window: MainWindow,
    desk: FakePushDesk,
    targets: FakeTargetDesk,
    job: JobRecord,
) -> None:
    known = some_estimate()
    files = {part: n for part, n in known.files.items() if part is not PushPart.REPORT}
    desk.estimates = PushEstimate(files, known.size_bytes)
    dialog = open_push(qtbot, window)
    assert not dialog.parts[PushPart.REPORT].isEnabled()
    assert not dialog.parts[PushPart.REPORT].isChecked()
    for part in (PushPart.ANALYSIS, PushPart.FRAMES, PushPart.OUTPUT):
        dialog.parts[part].click()
    dialog.form.choose_part(PushPart.REPORT, on=False)
    assert dialog.trouble.text() == "Choose what is pushed."


def test_what_was_pushed_before_is_told(
    qtbot: QtBot,
    window: MainWindow,
    desk: FakePushDesk,
    targets: FakeTargetDesk,
    job: JobRecord,
) -> None:
    desk.show(pushed(7, job_id="job-1"))
    dialog = open_push(qtbot, window)
    assert "What is the same is not sent again" in dialog.before.text()
    dialog.form.choose_target(USB.name)
    assert not dialog.before.isVisible()


def test_several_are_pushed_from_the_history(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakePushDesk, targets: FakeTargetDesk
) -> None:
    done = [record(f"{n}.mp4", id=f"job-{n}", status=JobStatus.COMPLETE) for n in range(3)]
    hub.history = [*done, record("waits.mp4", id="waits")]
    panel = window.history
    window._show_dock(window.docks.history)
    panel.search.setText("mp4")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 4)
    qtbot.waitUntil(lambda: panel.model.index(3, 0).data() is not None)
    panel.view.selectAll()
    assert len(panel.chosen()) == 4
    panel.push_action.trigger()
    dialog = dialog_of(window, PushDialog)
    assert isinstance(dialog, PushDialog)
    assert dialog.title.whole == "Push 3 jobs"
    assert dialog.left_out.text() == "1 job is not finished yet and left out."
    assert desk.of("estimate")[-1] == (("job-0", "job-1", "job-2"),)
    qtbot.waitUntil(dialog.push_button.isEnabled)
    dialog.push_button.click()
    assert desk.of("push")[0][0] == ("job-0", "job-1", "job-2")


def test_panels_push_their_job(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, targets: FakeTargetDesk, job: JobRecord
) -> None:
    assert window.job.push_button.isVisible()
    window.job.push_button.click()
    dialog_of(window, PushDialog)
    running = record("runs.mp4", id="runs", status=JobStatus.PROCESSING)
    hub.put(running)
    window.selection.choose("runs")
    assert not window.pushing.actions.push.isEnabled()
    assert not window.queue.push_action.isEnabled()
    assert not window.job.push_button.isVisible()


# -- the status bar -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("nothing", "Nothing to send"),
        ("sending", "Sending 620 of 1,624 files, 8.4 MB/s"),
        ("offline", "Waiting: offline, next try in 40 s"),
        ("slowed", "Waiting: slowed down, next try in 20 s"),
        ("stopped", "Stopped: needs you (1 push)"),
        ("paused", "1 push paused"),
    ],
)
def test_the_status_bar_tells_the_outbox(
    window: MainWindow, desk: FakePushDesk, state: str, text: str
) -> None:
    pushes = {
        "nothing": (pushed(1),),
        "sending": (sending(1), sending(2), pushed(3)),
        "offline": (offline(1, 40.4), pushed(2)),
        "slowed": (slowed(1, 20.4), offline(2, 40.4)),
        "stopped": (stopped(1), offline(2)),
        "paused": (PushProgress(push(1, PushState.PAUSED)),),
    }
    desk.show(*pushes[state])
    line = window.statusBar()
    assert line.outbox.text() == text
    assert line._outbox_sign.isVisible() is (state == "stopped")
    assert line.outbox.accessibleName() == f"Outbox: {text}"


def seconds_in(text: str) -> int:
    """Return how many seconds a text names."""
    found = re.search(r"(\d+) s\b", text)
    assert found is not None, text
    return int(found[1])


def test_it_counts_down_and_leads_to_the_outbox(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk
) -> None:
    desk.show(offline(1, 40.4))
    line = window.statusBar()
    begun = seconds_in(line.outbox.text())
    assert begun == 40
    qtbot.waitUntil(lambda: seconds_in(line.outbox.text()) < begun)
    window.docks.outbox.hide()
    qtbot.mouseClick(line.outbox, Qt.MouseButton.LeftButton)
    assert window.docks.outbox.isVisible()


def test_pausing_and_the_limit_are_kept(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakePushDesk
) -> None:
    pushing = window.pushing
    desk.show(sending(1))
    pushing.actions.pause.trigger()
    assert desk.of("pause_all")[-1] == (True,)
    assert pushing.memory.paused
    assert window.statusBar().outbox.text() == "Sending is paused, 1 push waits"
    pushing.panel.limit.setValue(8.0)
    assert desk.of("set_limit") == [(8.0,)]
    assert pushing.memory.limit_mbit(0.0) == 8.0
    hub.ready.emit()  # as at the next start
    assert desk.of("pause_all")[-1] == (True,)
    assert desk.of("set_limit")[-1] == (8.0,)
    assert pushing.panel.limit.value() == 8.0


def test_a_limit_of_the_environment_is_locked(
    window: MainWindow, hub: FakeHub, desk: FakePushDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEFX_PUSH_LIMIT_MBIT", "4")
    hub.settings = hub.settings.model_copy(update={"push_limit_mbit": 4.0})
    hub.ready.emit()
    limit = window.pushing.panel.limit
    assert not limit.isEnabled()
    assert limit.value() == 4.0
    assert "CODEFX_PUSH_LIMIT_MBIT" in limit.toolTip()


def test_troubles_and_news_are_told(window: MainWindow, desk: FakePushDesk) -> None:
    desk.pushed.emit(push(1))
    assert "boom-lap-1.mp4 is in the outbox" in window.statusBar().currentMessage()
    desk.trouble.emit("The outbox cannot be read.")
    assert window.banner.text.text() == "The outbox cannot be read."


# -- what a job's own card says -------------------------------------------------------------------


def test_a_job_tells_how_its_pushes_stand(
    window: MainWindow, hub: FakeHub, desk: FakePushDesk, job: JobRecord
) -> None:
    panel, word = window.job, window.history.delegate.push_word
    assert not panel.pushes.isVisible()
    assert word("job-1") == ""
    desk.show(pushed(1, job_id="job-1"), stopped(2))
    assert panel.pushes.text().startswith("Pushed to Team R2, 2026-11-21")
    assert word("job-1") == "pushed"
    assert word("job-2") == "push needs you"
    desk.show(pushed(1, job_id="job-1"), PushProgress(push(3, job_id="job-1", target=USB.name)))
    assert panel.pushes.text().splitlines()[1] == f"In the outbox for {USB.name}"
    assert word("job-1") == "push waits"
    desk.show(PushProgress(push(1, PushState.CANCELLED, job_id="job-1")))
    assert not panel.pushes.isVisible()
    assert word("job-1") == ""
