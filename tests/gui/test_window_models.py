"""The models window: looking, adding, getting, removing, by mouse, keys and drops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_models import COCO, FOLDER, FakeModelDesk, some_models
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QInputDialog, QWidget

from codefx_desktop.domain.models import ModelKept, Transfer
from codefx_desktop.jobs.model_values import (
    DeedKind,
    DeedPhase,
    ModelDeed,
    NameTaken,
)
from codefx_desktop.ui.models_window import ModelsWindow

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme

BEST = f"model:{FOLDER}/best.pt"
M = "yolo11m.pt"


@pytest.fixture
def models(qtbot: QtBot, hub: FakeHub, theme: Theme) -> ModelsWindow:
    window = ModelsWindow(hub, theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.rows.is_known)
    return window


@pytest.fixture
def desk(models: ModelsWindow, hub: FakeHub) -> FakeModelDesk:
    assert hub.models is not None
    return hub.models


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the folders that the file manager was asked to show."""
    seen: list[str] = []

    def open_url(url: QUrl) -> bool:
        seen.append(url.toLocalFile())
        return True

    monkeypatch.setattr("codefx_desktop.ui.models_window.QDesktopServices.openUrl", open_url)
    return seen


def running(name: str, done: int, total: int = 40_684_120) -> ModelDeed:
    return ModelDeed(DeedKind.GET, name, DeedPhase.RUNNING, Transfer(done, total, 3_200_000.0))


def shown(window: ModelsWindow, page: QWidget) -> bool:
    return window.pages.currentWidget() is page


# -- looking --------------------------------------------------------------------------------------


def test_the_first_model_is_shown_with_all_that_is_known(models: ModelsWindow) -> None:
    pane = models.model
    assert shown(models, pane)
    assert pane.name.whole == "best.pt"
    assert "Detection model" in pane.summary.text()
    assert pane.taken.isVisible()
    assert not pane.trouble.isVisible()
    assert pane.classes.words[:2] == ("car", "wheel")
    assert pane.classes_title.text() == "Classes (5)"
    assert pane.file.text("Path") == f"{FOLDER}/best.pt"
    assert "boom-lap-14.mp4" in pane.uses.text()
    assert pane.remove_button.isVisible()


def test_arrows_walk_over_headings(qtbot: QtBot, models: ModelsWindow) -> None:
    assert models.list.hasFocus()
    for _ in range(len(some_models().models)):
        qtbot.keyClick(models.list, Qt.Key.Key_Down)
    assert shown(models, models.offer)
    assert models.offer.name.whole == "yolo11n.pt"
    qtbot.keyClick(models.list, Qt.Key.Key_Up)
    assert shown(models, models.model)
    assert models.model.name.whole == "old.pt"
    assert not models.model.show_button.isEnabled()
    assert not models.model.remove_button.isVisible()


def test_a_model_of_no_use_says_why(models: ModelsWindow) -> None:
    models.choose(f"model:{FOLDER}/broken.pt")
    assert "cut short" in models.model.trouble.text()
    assert models.model.trouble.isVisible()
    assert not models.model.classes.isVisible()
    models.choose(f"model:{FOLDER}/poses.pt")
    assert "another task" in models.model.trouble.text()


@pytest.mark.dressed
def test_eighty_classes_break_into_lines(qtbot: QtBot, models: ModelsWindow) -> None:
    models.choose(f"model:{FOLDER}/yolo11n-seg.pt")
    chips = models.model.classes
    assert chips.words == COCO
    qtbot.waitUntil(lambda: chips.height() == chips.heightForWidth(chips.width()))
    assert chips.height() > 100
    assert chips.accessibleName().startswith("Classes: person, bicycle")
    assert chips.grab().width() == chips.width()


def test_values_are_copied(models: ModelsWindow) -> None:
    clipboard = QGuiApplication.clipboard()
    models.model.copy_button.click()
    assert clipboard.text() == f"{FOLDER}/best.pt"
    models.model.file.copy("SHA-256")
    assert clipboard.text() == "3f9a" * 16
    models.model.copy_classes.click()
    assert clipboard.text().splitlines()[0] == "car"
    models.choose("offer:yolo11n.pt")
    models.offer.source.copy("Address")
    assert clipboard.text().endswith("/v8.4.0/yolo11n.pt")


def test_folders_are_shown(models: ModelsWindow, opened: list[str]) -> None:
    models.model.show_button.click()
    models.folder_button.click()
    assert opened == [str(FOLDER), str(FOLDER)]


def test_every_control_has_a_name(models: ModelsWindow) -> None:
    controls = models.findChildren(QAbstractButton)
    unnamed = [one for one in controls if not (one.text() or one.accessibleName())]
    assert controls
    assert not unnamed
    assert models.list.accessibleName() == "Models"


def test_it_is_looked_at_again_whenever_it_is_shown(
    qtbot: QtBot, models: ModelsWindow, desk: FakeModelDesk
) -> None:
    models.close()
    with qtbot.waitActive(models):
        models.show()
        models.activateWindow()
    assert len(desk.of("request_list")) == 2
    qtbot.keyClick(models, Qt.Key.Key_F5)
    assert len(desk.of("request_list")) == 3
    qtbot.keyClick(models, Qt.Key.Key_Escape)
    assert not models.isVisible()
    assert not desk.of("shutdown")


@pytest.mark.dressed
@pytest.mark.parametrize("name", ["dark", "light", "sunlight"])
def test_it_is_painted_in_every_theme(
    models: ModelsWindow, desk: FakeModelDesk, theme: Theme, name: str
) -> None:
    desk.get(M)
    desk.deed.emit(running(M, 20_000_000))
    desk.add(Path("/media/usb/mine.pt"))
    theme.set(name)
    for row in range(models.rows.rowCount()):
        models.list.scrollTo(models.rows.index(row))
    assert not models.grab().isNull()


# -- adding ---------------------------------------------------------------------------------------


def files(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def test_dropped_files_are_added(models: ModelsWindow, desk: FakeModelDesk) -> None:
    data = files("/media/usb/a.pt", "/media/usb/b.pt")
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(models, enter)
    assert models.highlight.isVisible()
    assert models.highlight.accessibleDescription() == "Drop to add 2 files"
    QApplication.sendEvent(models, QDragLeaveEvent())
    assert not models.highlight.isVisible()
    QApplication.sendEvent(models, enter)
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(models, drop)
    assert not models.highlight.isVisible()
    assert desk.of("add") == [(Path("/media/usb/a.pt"), ""), (Path("/media/usb/b.pt"), "")]


def test_files_are_chosen(
    models: ModelsWindow, desk: FakeModelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: (["/media/a.pt"], ""))
    models.add_button.click()
    assert desk.of("add") == [(Path("/media/a.pt"), "")]


def test_what_was_added_is_shown(models: ModelsWindow, desk: FakeModelDesk) -> None:
    found = some_models()
    new = replace(found.models[0], path=FOLDER / "mine.pt", roles=())
    assert new.facts is not None
    kept = ModelKept(new.path, new.facts)
    desk.add(Path("/media/usb/mine.pt"))
    desk.deed.emit(ModelDeed(DeedKind.ADD, "/media/usb/mine.pt", DeedPhase.DONE, kept=kept))
    desk.list(replace(found, models=(*found.models, new)))
    assert models.model.name.whole == "mine.pt"
    assert not models.banner.isVisible()
    there = replace(kept, was_there=True, path=FOLDER / "best.pt")
    desk.deed.emit(ModelDeed(DeedKind.ADD, "/media/usb/again.pt", DeedPhase.DONE, kept=there))
    assert models.banner.text.text() == "again.pt is there already, as best.pt."
    assert models.model.name.whole == "best.pt"


def test_a_file_that_is_refused_says_why(models: ModelsWindow, desk: FakeModelDesk) -> None:
    desk.add(Path("/media/usb/bad.pt"))
    desk.deed.emit(
        ModelDeed(DeedKind.ADD, "/media/usb/bad.pt", DeedPhase.FAILED, message="It runs code.")
    )
    assert models.banner.isVisible()
    assert models.banner.text.text() == "It runs code."


@pytest.mark.parametrize(("answer", "asked"), [(("best-3.pt", True), 1), (("", False), 0)])
def test_a_taken_name_asks_for_another(
    models: ModelsWindow,
    desk: FakeModelDesk,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[str, bool],
    asked: int,
) -> None:
    seen: list[str] = []

    def ask(_parent: object, _title: str, question: str, *, text: str) -> tuple[str, bool]:
        seen.extend((question, text))
        return answer

    monkeypatch.setattr(QInputDialog, "getText", ask)
    source = Path("/media/usb/best.pt")
    desk.name_taken.emit(NameTaken(source, "best.pt", "best-2.pt"))
    assert "best.pt" in seen[0]
    assert seen[1] == "best-2.pt"
    assert desk.of("add") == [(source, "best-3.pt")] * asked


# -- getting --------------------------------------------------------------------------------------


def test_a_standard_model_is_fetched_stopped_and_resumed(
    models: ModelsWindow, desk: FakeModelDesk
) -> None:
    models.choose("offer:yolo11n.pt")
    pane = models.offer
    assert pane.get_button.text() == "Get (5.6 MB)"
    assert not pane.bar.isVisible()
    assert pane.promise.isVisible()
    pane.get_button.click()
    assert desk.of("get") == [("yolo11n.pt",)]
    assert pane.status.text() == "Waits for its turn"
    assert not pane.get_button.isVisible()
    desk.deed.emit(running("yolo11n.pt", 2_806_882, 5_613_764))
    assert pane.bar.value() == 500
    assert "2.8 of 5.6 MB" in pane.status.text()
    assert "2.8 of 5.6 MB" in pane.bar.accessibleName()
    pane.stop_button.click()
    assert desk.of("cancel") == [(DeedKind.GET, "yolo11n.pt")]
    assert not pane.stop_button.isEnabled()
    desk.deed.emit(ModelDeed(DeedKind.GET, "yolo11n.pt", DeedPhase.STOPPED))
    found = some_models()
    part = replace(found.offers[0], part_bytes=2_806_882)
    desk.list(replace(found, offers=(part, *found.offers[1:])))
    assert pane.get_button.text() == "Resume (2.8 MB left)"
    assert pane.bar.isVisible()
    pane.discard_button.click()
    assert desk.of("discard") == [("yolo11n.pt",)]


def test_a_failure_is_told_where_it_happened(models: ModelsWindow, desk: FakeModelDesk) -> None:
    models.choose(f"offer:{M}")
    failed = ModelDeed(DeedKind.GET, M, DeedPhase.FAILED, message="No network: nobody answers.")
    desk.deed.emit(failed)
    assert models.offer.failure.isVisible()
    assert models.offer.failure.text().startswith("No network")
    assert models.offer.get_button.isVisible()
    assert not models.banner.isVisible()
    models.choose(BEST)
    desk.deed.emit(replace(failed, name="yolo11s.pt"))
    assert models.banner.isVisible()


def test_it_is_taken_from_a_drive(
    models: ModelsWindow, desk: FakeModelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.choose(f"offer:{M}")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (f"/media/usb/{M}", ""))
    models.offer.bring_button.click()
    assert desk.of("get_from") == [(M, Path("/media/usb") / M)]


def test_what_is_here_can_be_shown(models: ModelsWindow) -> None:
    models.choose("offer:yolo11n-seg.pt")
    pane = models.offer
    assert pane.kept.isVisible()
    assert not pane.get_button.isVisible()
    pane.show_button.click()
    assert shown(models, models.model)
    assert models.model.name.whole == "yolo11n-seg.pt"


def test_enter_gets_or_shows(
    qtbot: QtBot, models: ModelsWindow, desk: FakeModelDesk, opened: list[str]
) -> None:
    qtbot.keyClick(models.list, Qt.Key.Key_Return)
    assert opened == [str(FOLDER)]
    models.choose(f"offer:{M}")
    qtbot.keyClick(models.list, Qt.Key.Key_Return)
    qtbot.keyClick(models.list, Qt.Key.Key_Return)
    assert desk.of("get") == [(M,)]
    models.choose("offer:yolo11n-seg.pt")
    qtbot.keyClick(models.list, Qt.Key.Key_Return)
    assert models.model.name.whole == "yolo11n-seg.pt"


def test_nothing_is_fetched_by_looking(models: ModelsWindow, desk: FakeModelDesk) -> None:
    for row in range(models.rows.rowCount()):
        models.list.setCurrentIndex(models.rows.index(row))
    assert {call[0] for call in desk.calls} == {"request_list"}


# -- removing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("yes", [True, False])
def test_a_file_is_removed_after_a_question(
    qtbot: QtBot,
    models: ModelsWindow,
    desk: FakeModelDesk,
    monkeypatch: pytest.MonkeyPatch,
    yes: bool,
) -> None:
    monkeypatch.setattr("codefx_desktop.ui.models_window.ask_remove_model", lambda *_: yes)
    models.model.remove_button.click()
    assert desk.of("remove") == [(FOLDER / "best.pt",)] * yes
    qtbot.keyClick(models.list, Qt.Key.Key_Delete)
    assert len(desk.of("remove")) == 2 * yes
    models.choose(f"model:{FOLDER}/demo_model.pt")
    qtbot.keyClick(models.list, Qt.Key.Key_Delete)
    assert len(desk.of("remove")) == 2 * yes


def test_the_next_one_is_shown_when_it_is_gone(models: ModelsWindow, desk: FakeModelDesk) -> None:
    found = some_models()
    desk.list(replace(found, models=found.models[1:]))
    assert models.model.name.whole == "yolo11n-seg.pt"


def test_why_it_was_kept_is_told(models: ModelsWindow, desk: FakeModelDesk) -> None:
    desk.trouble.emit("1 waiting job needs best.pt.")
    assert models.banner.text.text() == "1 waiting job needs best.pt."
