"""Pushing from the window under hands: the dialog, links, fetching, making room, the status bar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from gui.fake_push import offline, push, pushed, sending, some_estimate, stopped
from gui.fake_targets import TEAM, USB
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMessageBox, QTableView

from codefx_desktop.domain.job import JobStatus, OutputFile
from codefx_desktop.domain.push import PushEstimate, PushOptions, PushPart, PushProgress, PushState
from codefx_desktop.jobs.fetch_files import FetchProgress
from codefx_desktop.jobs.links import Link, Links
from codefx_desktop.jobs.push_values import FetchStep, Freeable, FreeSpace, LinksAnswer
from codefx_desktop.jobs.target_values import TargetList
from codefx_desktop.ui.fetch_dialog import FetchDialog
from codefx_desktop.ui.free_dialog import FreeDialog
from codefx_desktop.ui.links_dialog import LinksDialog
from codefx_desktop.ui.models.link_rows import Column
from codefx_desktop.ui.push_dialog import PushDialog
from codefx_desktop.ui.qr_view import QUIET, QrView

if TYPE_CHECKING:
    from pathlib import Path

    from gui.fake_hub import FakeHub
    from gui.fake_push import FakePushDesk
    from gui.fake_targets import FakeTargetDesk
    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakePushDesk:
    assert hub.pushing is not None
    return hub.pushing


@pytest.fixture
def targets(window: MainWindow, hub: FakeHub) -> FakeTargetDesk:
    """Two targets that are ready."""
    assert hub.targets is not None
    hub.targets.list = TargetList(hub.targets.list.rows[1:])
    hub.targets.request_list()
    return hub.targets


@pytest.fixture
def job(window: MainWindow, tmp_path: Path) -> JobRecord:
    """A complete job in focus."""
    return complete(window, "job-1", tmp_path)


def complete(window: MainWindow, job_id: str, folder: Path) -> JobRecord:
    output = OutputFile(folder / "a.mp4", 24_400_000, "ab" * 32)
    job = record(f"{job_id}.mp4", id=job_id, status=JobStatus.COMPLETE, output=output)
    window.book.know(job)
    window.selection.choose(job_id)
    return job


def dialog_of(window: MainWindow, kind: type) -> object:
    dialog = window.pushing.dialog
    assert isinstance(dialog, kind)
    assert dialog.isVisible()
    return dialog


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
        "stopped": (stopped(1), offline(2)),
        "paused": (PushProgress(push(1, PushState.PAUSED)),),
    }
    desk.show(*pushes[state])
    line = window.statusBar()
    assert line.outbox.text() == text
    assert line._outbox_sign.isVisible() is (state == "stopped")
    assert line.outbox.accessibleName() == f"Outbox: {text}"


def test_it_counts_down_and_leads_to_the_outbox(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk
) -> None:
    desk.show(offline(1, 40.4))
    line = window.statusBar()
    qtbot.waitUntil(lambda: "39 s" in line.outbox.text(), timeout=3_000)
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


# -- links ----------------------------------------------------------------------------------------


def some_links(count: int = 40) -> Links:
    def link(name: str, part: PushPart | None, content_type: str = "application/json") -> Link:
        url = f"https://0123.r2.cloudflarestorage.com/races/jobs/job-1/{name}?X-Amz-Signature=7f"
        return Link(name, part, 4_000, content_type, "ab" * 32, url)

    frames = (link(f"frames/original/frame_{n}.jpg", PushPart.FRAMES) for n in range(count))
    return Links(
        "job-1",
        "Team R2",
        "R2 bucket races",
        3600,
        datetime(2026, 11, 21, 14, 3, tzinfo=UTC),
        (
            link("manifest.json", None),
            *frames,
            link("report/stops.csv", PushPart.REPORT),
            link("output/a_annotated.mp4", PushPart.OUTPUT, "video/mp4"),
        ),
    )


@pytest.fixture
def links(window: MainWindow, desk: FakePushDesk, job: JobRecord) -> LinksDialog:
    """The dialog with 43 links."""
    desk.show(pushed(7, job_id="job-1"))
    window.pushing.actions.links.trigger()
    dialog = dialog_of(window, LinksDialog)
    assert isinstance(dialog, LinksDialog)
    request = len(desk.of("links"))
    answer = LinksAnswer(request, "job-1", "Team R2", some_links(), '{"a": 1}', "a: 1")
    desk.links_ready.emit(answer)
    return dialog


def test_links_are_shown_with_a_code(links: LinksDialog, desk: FakePushDesk) -> None:
    assert desk.of("links") == [("job-1", "Team R2", 3600)]
    assert links.rows.rowCount() == 43
    first = links.current()
    assert first is not None
    assert first.name == "output/a_annotated.mp4"
    assert links.qr.text == first.url
    assert "output/a_annotated.mp4" in links.qr.accessibleName()
    assert "43 files, until 2026-11-21" in links.expiry.text()
    names = [links.rows.index(row, Column.NAME).data() for row in range(3)]
    assert names == ["output/a_annotated.mp4", "report/stops.csv", "manifest.json"]


def test_another_time_signs_anew(
    window: MainWindow, links: LinksDialog, desk: FakePushDesk
) -> None:
    links.ttl.setCurrentIndex(2)
    links.ttl.activated.emit(2)
    assert desk.of("links")[-1] == ("job-1", "Team R2", 7 * 24 * 3600)
    assert window.pushing.memory.ttl_s(3600) == 7 * 24 * 3600
    desk.links_ready.emit(LinksAnswer(1, "job-1", "Team R2", message="too late"))
    assert not links.trouble_box.isVisible()  # the answer to what nobody waits for any more
    desk.links_ready.emit(LinksAnswer(2, "job-1", "Team R2", message="Nobody answers."))
    assert links.trouble_box.isVisible()
    assert links.rows.rowCount() == 0
    assert not links.qr.text
    assert not links.json_button.isEnabled()


def test_links_are_copied(qtbot: QtBot, links: LinksDialog) -> None:
    clipboard = QGuiApplication.clipboard()
    links.copy_button.click()
    assert clipboard.text().startswith("https://0123.r2")
    links.json_button.click()
    assert clipboard.text() == '{"a": 1}'
    links.toon_button.click()
    assert clipboard.text() == "a: 1"
    links.text_button.click()
    assert len(clipboard.text().splitlines()) == 43
    assert clipboard.text().startswith("manifest.json\thttps://")
    links.table.setFocus()
    qtbot.keyClick(links.table, Qt.Key.Key_Down)
    qtbot.keyClick(links.table, Qt.Key.Key_C, CTRL)
    assert "report/stops.csv" in clipboard.text()
    assert "report/stops.csv" in links.told.whole


def test_links_are_filtered(qtbot: QtBot, links: LinksDialog) -> None:
    qtbot.keyClicks(links.search, "frame_3")
    assert links.rows.rowCount() == 11  # 3 and 30 to 39
    current = links.current()
    assert current is not None
    assert links.qr.text == current.url
    links.search.clear()
    kept = links.current()
    assert kept is not None
    assert kept.name == current.name


def test_links_go_to_the_clipboard_without_a_dialog(
    window: MainWindow, desk: FakePushDesk, job: JobRecord
) -> None:
    desk.show(pushed(7, job_id="job-1"))
    window.pushing.panel.choose(7)
    window.pushing.panel.copy_action.trigger()
    desk.links_ready.emit(LinksAnswer(1, "job-1", "Team R2", some_links(2), "{}", ""))
    assert len(QGuiApplication.clipboard().text().splitlines()) == 5
    assert "5 links copied" in window.statusBar().currentMessage()
    window.pushing.panel.copy_action.trigger()
    desk.links_ready.emit(LinksAnswer(2, "job-1", "Team R2", message="A folder has no links."))
    assert window.banner.text.text() == "A folder has no links."


def test_a_code_is_drawn_in_whole_pixels(qtbot: QtBot) -> None:
    view = QrView()
    qtbot.addWidget(view)
    view.show_text("https://example.com/" + "a" * 300, "a.mp4")
    view.show()
    image = view.grab().toImage()
    unit = view.module_px
    assert unit >= 3
    shades = {image.pixelColor(x, view.height() // 2).lightness() for x in range(image.width())}
    assert shades <= {0, 255, image.pixelColor(0, 0).lightness()}  # nothing is blurred
    edge = unit * (len(view._rows) + 2 * QUIET)
    start = (view.width() - edge) // 2
    corner = start + QUIET * unit
    assert image.pixelColor(corner, corner).lightness() == 0
    assert image.pixelColor(corner - 1, corner).lightness() == 255
    view.show_text("a" * 4000)
    assert not view.text
    assert view.accessibleName() == "No QR code"


# -- fetching -------------------------------------------------------------------------------------


def open_fetch(window: MainWindow) -> FetchDialog:
    window.pushing.actions.fetch.trigger()
    dialog = dialog_of(window, FetchDialog)
    assert isinstance(dialog, FetchDialog)
    return dialog


def test_a_pushed_job_is_opened(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk, targets: FakeTargetDesk
) -> None:
    dialog = open_fetch(window)
    assert not dialog.open_button.isEnabled()
    qtbot.keyClicks(dialog.what, "4f1c")
    assert dialog.target.isEnabled()
    dialog.parts[PushPart.FRAMES].click()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    parts = frozenset({PushPart.REPORT, PushPart.ANALYSIS, PushPart.OUTPUT})
    assert desk.of("fetch") == [("4f1c", TEAM.name, parts)]
    desk.fetched.emit(FetchStep(1, "a.mp4", FetchProgress(812, 310, 61_400_000, 30_700_000)))
    assert dialog.bar.value() == 500
    assert dialog.status.text() == "a.mp4 · 310 of 812 files · 30.7 of 61.4 MB"
    desk.fetched.emit(FetchStep(1, "a.mp4", FetchProgress(812, 310, 1, 1, "No network.")))
    assert dialog.status.text() == "No network."
    job = record("a.mp4", id="4f1c", status=JobStatus.COMPLETE)
    desk.fetched.emit(FetchStep(1, "a.mp4", record=job, is_final=True))
    assert window.pushing.dialog is None
    assert window.selection.job_id == "4f1c"
    assert "a.mp4 is here now" in window.statusBar().currentMessage()


def test_an_address_names_its_target_itself(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk, targets: FakeTargetDesk
) -> None:
    dialog = open_fetch(window)
    qtbot.keyClicks(dialog.what, "https://x/races/jobs/1/manifest.json")
    assert not dialog.target.isEnabled()
    dialog.open_button.click()
    dialog.stop_button.click()
    assert desk.of("stop_fetch") == [(1,)]
    desk.fetched.emit(FetchStep(1, message="Stopped.", is_final=True))
    assert dialog.isVisible()
    assert dialog.trouble.text() == "Stopped."
    assert dialog.open_button.isEnabled()
    dialog.stop_button.click()
    assert window.pushing.dialog is None


# -- making room ----------------------------------------------------------------------------------


def test_space_is_freed_of_what_was_chosen(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk
) -> None:
    desk.free = FreeSpace(
        (
            Freeable("job-1", "a.mp4", "Team R2", 805, 55_400_000),
            Freeable("job-2", "b.mp4", "Team R2", 9, 1_400_000),
        )
    )
    window.pushing.actions.free.trigger()
    dialog = dialog_of(window, FreeDialog)
    assert isinstance(dialog, FreeDialog)
    qtbot.waitUntil(lambda: dialog.list.count() == 2)
    assert not dialog.free_button.isEnabled()  # nothing goes that nobody chose
    dialog.list.item(1).setCheckState(Qt.CheckState.Checked)
    assert dialog.free_button.text() == "Free 1.4 MB"
    dialog.free_button.click()
    assert desk.of("free_space") == [(("job-2",),)]
    assert not dialog.free_button.isEnabled()
    left = replace(desk.free, jobs=desk.free.jobs[:1], freed_bytes=1_400_000, message="One stays.")
    desk.space.emit(left)
    assert dialog.note.text() == "1.4 MB freed.\nOne stays."
    assert dialog.list.count() == 1


def test_nothing_to_free_is_told(qtbot: QtBot, window: MainWindow, desk: FakePushDesk) -> None:
    window.pushing.actions.free.trigger()
    dialog = dialog_of(window, FreeDialog)
    assert isinstance(dialog, FreeDialog)
    qtbot.waitUntil(lambda: "nothing that could go" in dialog.note.text())


# -- deleting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("everywhere", [False, True])
def test_deleting_a_pushed_job_asks_about_the_bucket(
    window: MainWindow,
    hub: FakeHub,
    desk: FakePushDesk,
    job: JobRecord,
    monkeypatch: pytest.MonkeyPatch,
    everywhere: bool,
) -> None:
    desk.show(pushed(7, job_id="job-1"))
    seen: list[str] = []

    def answer(box: QMessageBox) -> int:
        tick = box.checkBox()
        seen.append(tick.text())
        assert not tick.isChecked()
        tick.setChecked(everywhere)
        next(one for one in box.buttons() if one.text() == "Delete").click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    window.deeds.delete("job-1")
    assert seen == ["Also delete it in Team R2"]
    assert desk.of("delete_remote") == [("job-1",)] * everywhere
    assert hub.of("delete") == [("job-1",)] * (not everywhere)
    if everywhere:
        desk.deleted.emit("job-1")
        assert hub.of("delete") == [("job-1",)]


def test_every_control_has_a_name(
    qtbot: QtBot, window: MainWindow, links: LinksDialog, desk: FakePushDesk
) -> None:
    unnamed: list[QAbstractButton] = []
    for widget in (links, window.pushing.panel):
        controls = widget.findChildren(QAbstractButton)
        unnamed += [one for one in controls if not (one.text() or one.accessibleName())]
    # Qt's own parts: the cross in a field, the corner of a table.
    own = [one for one in unnamed if not isinstance(one.parent(), QLineEdit | QTableView)]
    assert own == []
