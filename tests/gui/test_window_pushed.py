"""What was pushed, under hands: links, fetching, making room, deleting."""

# ruff: noqa: F811 - fixtures are imported by their names

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from gui.fake_push import pushed
from gui.fake_review import demo_review
from gui.fake_targets import TEAM
from gui.pushing_hands import complete, desk, dialog_of, job, targets  # noqa: F401 - fixtures
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMessageBox, QTableView

from codefx_desktop.domain.edit import EditStep
from codefx_desktop.domain.edit_merge import Conflict
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.push import PushPart
from codefx_desktop.jobs.fetch_files import FetchProgress
from codefx_desktop.jobs.links import Link, Links
from codefx_desktop.jobs.push_values import FetchStep, Freeable, FreeSpace, LinksAnswer
from codefx_desktop.ui.fetch_dialog import FetchDialog
from codefx_desktop.ui.free_dialog import FreeDialog
from codefx_desktop.ui.links_dialog import LinksDialog
from codefx_desktop.ui.models.link_rows import Column
from codefx_desktop.ui.qr_view import QUIET, QrView

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from gui.fake_push import FakePushDesk
    from gui.fake_targets import FakeTargetDesk
    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


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


@pytest.mark.dressed
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


@pytest.mark.dressed
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


def test_others_steps_of_a_review_are_told_and_shown(
    window: MainWindow, desk: FakePushDesk, targets: FakeTargetDesk
) -> None:
    joined: list[str] = []
    window.pushing.review_joined.connect(joined.append)
    dialog = open_fetch(window)
    dialog.what.setText("4f1c")
    dialog.open_button.click()
    job = record("a.mp4", id="4f1c", status=JobStatus.COMPLETE)
    note = "2 changes of the review by others came in."
    desk.fetched.emit(FetchStep(1, "a.mp4", record=job, is_final=True, note=note))
    assert joined == ["4f1c"]
    assert f"a.mp4 is here now. {note}" in window.banner.text.text()


def test_two_who_corrected_the_same_are_told_when_the_job_is_under_review(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    assert hub.reviews is not None
    steps = [EditStep(n, "2026", who, text, (), key=who) for n, who, text in
             ((2, "Ann", "Move Stop by +1 frame"), (3, "Bob", "Confirm Stop"))]  # fmt: skip
    conflict = Conflict(steps[1], steps[0], ("stop of stop 1",))
    hub.reviews.put(demo_review("a", steps=tuple(steps), conflicts=(conflict,)))
    window.reviewing.model.open("a")
    said = "Ann corrected the same as you in one place. Decide which holds: Conflicts"
    qtbot.waitUntil(lambda: said in window.banner.text.text())
    # Others' steps that come in later are told, too.
    before = len(hub.reviews.of("open"))
    window.pushing.review_joined.emit("b")
    assert len(hub.reviews.of("open")) == before
    window.pushing.review_joined.emit("a")
    assert len(hub.reviews.of("open")) == before + 1


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


def test_a_job_that_is_here_is_updated_only_when_asked(
    qtbot: QtBot, window: MainWindow, desk: FakePushDesk, targets: FakeTargetDesk
) -> None:
    dialog = open_fetch(window)
    dialog.what.setText("4f1c")
    dialog.open_button.click()
    text = "Job 4f1c is on this machine already, and 2 files of it are not as pushed."
    others = ("report/mot.txt", "job.json")
    desk.fetched.emit(FetchStep(1, "a.mp4", message=text, is_final=True, others=others))
    assert dialog.others_box.isVisible()
    assert "what was changed in them here is lost" in dialog.others.text()
    assert not dialog.trouble_box.isVisible()
    assert dialog.open_button.text() == "Update"
    dialog.what.setText("77aa")  # another job is another question
    assert dialog.open_button.text() == "Open"
    dialog.what.setText("4f1c")
    dialog.open_button.click()
    assert len(desk.of("fetch")[-1]) == 3
    desk.fetched.emit(FetchStep(2, "a.mp4", message=text, is_final=True, others=others))
    dialog.open_button.click()
    assert desk.of("fetch")[-1][-1] == "update"
    assert not dialog.others_box.isVisible()
    desk.fetched.emit(FetchStep(3, "a.mp4", message="No network.", is_final=True))
    assert dialog.trouble.text() == "No network."
    assert dialog.open_button.text() == "Open"
    dialog.reject()
