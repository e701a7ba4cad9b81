"""Adding footage: drop, sheet, weights, start; the empty window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, record
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from codefx_desktop.domain.job import JobMetadata, JobSpec, QualityPreset, SessionKind
from codefx_desktop.jobs.messages import StartDefaults
from codefx_desktop.settings.weights import DEMO_NOTICE, FoundWeights
from codefx_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme

CLIPS = [Path("/footage/a.mp4"), Path("/footage/b.mov")]
BEST = FoundWeights(Path("/data/model_weights/best.pt"), "found in /data/model_weights")


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag(target: object, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(
        QPoint(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(target, event)
    return event


def drop(target: object, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(target, event)


def test_dropped_clips_fill_one_sheet_and_enter_starts_them(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    hub.found_weights = BEST
    data = files(*CLIPS)
    assert drag(window, data).isAccepted()
    assert window.highlight.isVisible()
    drop(window, data)
    assert not window.highlight.isVisible()
    sheet = window.sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.start_button.isEnabled)
    assert [sheet.clips.item(row).text() for row in range(2)] == ["a.mp4", "b.mov"]
    sheet.metadata.series.setFocus()
    qtbot.keyClicks(sheet.metadata.series, "WEC")
    qtbot.keyClicks(sheet.metadata.race, "Spa 24 h")
    sheet.metadata.session.setCurrentText("Race")
    sheet.confidence_slider.setValue(35)
    qtbot.keyClick(sheet.metadata.race, Qt.Key.Key_Return)
    ((paths, spec, metadata),) = hub.of("add_clips")
    assert paths == tuple(CLIPS)
    assert spec == JobSpec(confidence=0.35)
    assert metadata == JobMetadata("WEC", "Spa 24 h", session=SessionKind.RACE)
    assert window.sheet is None


def test_sheet_begins_from_the_last_one(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> None:
    spec = JobSpec(demo_model=True, confidence=0.7, iou=0.4, device="cpu", image_size_px=960)
    metadata = JobMetadata("WEC", "Monza", "wet", camera="Boom")
    hub.start_defaults.emit(StartDefaults(spec, metadata, ("F2", "WEC"), ("Monza",)))
    window.start_with(CLIPS)
    sheet = window.sheet
    assert sheet is not None
    assert sheet.weights.demo.isChecked()
    assert sheet.metadata.series.count() == 2
    qtbot.mouseClick(sheet.start_button, Qt.MouseButton.LeftButton)
    assert hub.of("add_clips") == [(tuple(CLIPS), spec, metadata)]


def test_without_weights_nothing_can_be_queued_before_a_choice(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    window.start_with(CLIPS)
    sheet = window.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: "Choose a weights file" in sheet.hindrance.whole)
    assert not sheet.start_button.isEnabled()
    assert not sheet.weights.found.isEnabled()
    assert sheet.weights.found_line.text() == hub.weights_message
    qtbot.keyClick(sheet.metadata.camera, Qt.Key.Key_Return)
    assert hub.of("add_clips") == []
    assert sheet.weights.demo_line.text() == DEMO_NOTICE
    sheet.weights.demo.click()
    assert sheet.start_button.isEnabled()
    sheet.start_button.click()
    assert hub.of("add_clips") == [(tuple(CLIPS), JobSpec(demo_model=True), JobMetadata())]


def test_chosen_weights_file_is_checked_and_used(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "codefx_desktop.ui.weights_box.QFileDialog.getOpenFileName",
        lambda *_args: ("/models/gt3.pt", ""),
    )
    window.start_with(CLIPS)
    sheet = window.sheet
    assert sheet is not None
    sheet.weights.choose_button.click()
    assert sheet.weights.file.isChecked()
    assert sheet.weights.file_line.whole == "gt3.pt"
    assert replace(JobSpec(), weights=Path("/models/gt3.pt")) in [
        spec for (spec,) in hub.of("request_weights")
    ]
    qtbot.waitUntil(sheet.start_button.isEnabled)
    sheet.start_button.click()
    ((_, spec, _),) = hub.of("add_clips")
    assert spec.weights == Path("/models/gt3.pt")


def test_names_are_held_to_a_hundred_characters(window: MainWindow) -> None:
    window.start_with(CLIPS)
    assert window.sheet is not None
    line = window.sheet.metadata.series.lineEdit()
    assert line.maxLength() == 100
    line.setText("x" * 200)
    assert len(window.sheet.metadata.value().series) == 100


def test_more_options_open(qtbot: QtBot, window: MainWindow) -> None:
    window.start_with(CLIPS)
    sheet = window.sheet
    assert sheet is not None
    assert not sheet.more.isVisible()
    sheet.more_button.click()
    assert sheet.more.isVisible()
    sheet.iou.setValue(0.25)
    assert sheet.form.iou == 0.25
    assert sheet.iou_slider.value() == 25


def test_the_quality_of_the_video_can_be_chosen(window: MainWindow) -> None:
    window.start_with(CLIPS)
    sheet = window.sheet
    assert sheet is not None
    offered = [sheet.quality.itemText(place) for place in range(sheet.quality.count())]
    assert offered == ["Small file", "Standard", "High quality"]
    assert sheet.quality.currentText() == "Standard"
    sheet.quality.setCurrentText("High quality")
    assert sheet.form.spec().quality is QualityPreset.HIGH


def test_a_second_drop_joins_the_open_sheet(window: MainWindow) -> None:
    window.start_with(CLIPS[:1])
    window.start_with(CLIPS[1:])
    assert window.sheet is not None
    assert window.sheet.form.clips == tuple(CLIPS)


def test_footage_dropped_before_the_history_is_open_waits(
    qtbot: QtBot, hub: FakeHub, theme: object
) -> None:
    window = MainWindow(hub, theme)
    qtbot.addWidget(window)
    window.show()
    window.start_with(CLIPS)
    window.preview.empty.sample_button.click()
    assert window.sheet is None
    assert hub.of("add_demo") == []
    hub.start()
    qtbot.waitUntil(lambda: window.sheet is not None)
    assert hub.of("add_demo") == [()]


def test_text_and_web_links_are_not_taken(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("hello")
    assert not drag(window, data).isAccepted()
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.mp4")])
    assert not drag(window, web).isAccepted()
    assert not window.highlight.isVisible()


@pytest.mark.parametrize("place", ["queue.view", "job.metadata.notes", "history.search"])
def test_drop_works_over_any_panel(window: MainWindow, hub: FakeHub, place: str) -> None:
    hub.put(record())
    target: object = window
    for name in place.split("."):
        target = getattr(target, name)
    target = target.viewport() if hasattr(target, "viewport") else target
    assert drag(target, files(*CLIPS)).isAccepted()
    assert window.highlight.isVisible()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.highlight.isVisible()


def test_no_text_field_swallows_a_drop(window: MainWindow) -> None:
    fields = [*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit)]
    assert len(fields) > 5
    assert not [field for field in fields if field.acceptDrops()]


def test_empty_window_offers_the_sample_and_says_what_the_machine_can(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    from codefx_desktop.domain.ports import DeviceInfo

    empty = window.preview.empty
    assert empty.isVisible()
    assert "Looking at this machine" in empty.device_label.text()
    qtbot.waitUntil(empty.weights_note.isVisible)
    assert hub.weights_message in empty.weights_label.text()
    hub.device.emit(DeviceInfo("cuda:0", "RTX 4070", "CUDA works", 8_000_000_000))
    assert empty.device_label.text() == "Runs on RTX 4070, 8.0 GB memory"
    qtbot.mouseClick(empty.sample_button, Qt.MouseButton.LeftButton)
    assert hub.of("add_demo") == [()]
    hub.put(record())
    assert not empty.isVisible()


def test_without_its_history_the_window_says_why_nothing_begins(
    qtbot: QtBot, hub: FakeHub, theme: Theme
) -> None:
    window = MainWindow(hub, theme)
    qtbot.addWidget(window)
    window.show()

    def bring() -> None:
        drag(window, files(*CLIPS))
        drop(window, files(*CLIPS))

    bring()  # while it is being opened
    assert not window.banner.isVisible()
    hub.unopened.emit("history.sqlite cannot be written. Change the permissions of its folder.")
    assert "Change the permissions of its folder. Then start" in window.banner.text.text()
    assert "Looking at" not in window.preview.empty.device_label.text()
    assert "loading" not in window.statusBar().device.text()
    for ask in (window.preview.empty.sample_button.click, bring):
        window.banner.hide()
        ask()
        assert window.banner.isVisible()
    assert window.sheet is None
    assert not hub.of("add_demo")


def test_open_clips_asks_for_files(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "codefx_desktop.ui.intake.QFileDialog.getOpenFileNames",
        lambda *_args: ([str(path) for path in CLIPS], ""),
    )
    window.actions_.open.trigger()
    assert window.sheet is not None
    assert window.sheet.form.clips == tuple(CLIPS)


def test_while_the_window_is_made_nothing_of_it_is_a_window_of_its_own(
    qtbot: QtBot, hub: FakeHub, theme: Theme
) -> None:
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 # as Qt has it
            if event.type() is QEvent.Type.PlatformSurface and isinstance(watched, QWidget):
                shown.append(type(watched).__name__)
            return False

    watch, app = Watch(), QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    try:
        window = MainWindow(hub, theme)
    finally:
        app.removeEventFilter(watch)
    qtbot.addWidget(window)
    assert shown == []
