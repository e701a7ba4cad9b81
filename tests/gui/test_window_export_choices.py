"""What is chosen on the export sheet: products, stop, event, folder; what is remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.browsing import JOB, KEY
from gui.exporting import LEFT, REPORT, USB, WHOLE, folders_asked, opened, tick
from gui.fake_stops import pit_stop
from gui.reviewing import CTRL
from PySide6.QtCore import Qt

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.sheet import Paper, Product, WantedEvent
from codefx_desktop.jobs.stop_values import StopShown, StopsRead, StopState
from codefx_desktop.settings.templates import built_in_templates, event_kinds

if TYPE_CHECKING:
    from gui.fake_exports import FakeExportDesk
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakeExportDesk:
    assert hub.exports is not None
    return hub.exports


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer every question for a folder with the same one; return where each began."""
    return folders_asked(monkeypatch)


def test_what_the_job_has_nothing_of_says_why(window: MainWindow) -> None:
    plain = opened(window, JOB)  # detection alone, no artifacts, no stops
    can = {product for product, box in plain.ticks.items() if box.isEnabled()}
    assert can == {Product.VIDEO, Product.YOLO, Product.COCO, Product.MOT}
    said = plain.ticks[Product.FRAMES_JSON].accessibleDescription()
    assert said == "This job was run without artifacts."
    pdf = plain.ticks[Product.PDF]
    assert pdf.toolTip() == "Stops are known when the job has looked at the whole clip."
    plain.close()
    none = opened(window, replace(WHOLE, stop_count=0))
    assert none.ticks[Product.XLSX].toolTip() == "No pit stop was found."
    none.close()
    whole = opened(window)
    assert all(box.isEnabled() for box in whole.ticks.values())


def test_one_key_and_enter_will_do(qtbot: QtBot, window: MainWindow, desk: FakeExportDesk) -> None:
    dialog = opened(window)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog.focusWidget(), KEY.Key_Return)
    (request,) = desk.requests()
    assert request.products == (Product.PDF, Product.XLSX)
    assert request.folder == REPORT
    assert (request.stop, request.paper, request.replace) == (1, Paper.A4, False)


def test_keys_alone_choose(qtbot: QtBot, window: MainWindow, desk: FakeExportDesk) -> None:
    dialog = opened(window)
    qtbot.waitUntil(dialog.isActiveWindow)
    ticks, alt = dialog.ticks, Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(dialog, KEY.Key_R, alt)  # a key's click takes a moment, to be seen
    qtbot.waitUntil(lambda: not ticks[Product.PDF].isChecked())
    qtbot.keyClick(dialog, KEY.Key_W, alt)
    qtbot.waitUntil(lambda: not ticks[Product.XLSX].isChecked())
    qtbot.keyClick(dialog, KEY.Key_Y, alt)
    qtbot.waitUntil(lambda: dialog.form.products == (Product.YOLO,))
    dialog.pictures.setFocus()
    qtbot.keyClick(dialog.focusWidget(), KEY.Key_Space)
    dialog.folder.setFocus()
    dialog.folder.selectAll()
    qtbot.keyClicks(dialog.folder, str(USB))
    qtbot.keyClick(dialog.folder, KEY.Key_Return)
    (request,) = desk.requests()
    assert request.products == (Product.YOLO,)
    assert (request.pictures, request.folder) == (True, USB)


def test_choices_of_what_is_not_ticked_are_greyed(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(window)
    assert dialog.paper.isEnabled()
    for field in (dialog.about, dialog.pre, dialog.burn, dialog.pictures, dialog.only_corrected):
        assert not field.isEnabled()
    tick(qtbot, dialog.ticks[Product.CLIP])
    assert dialog.about.isEnabled()
    assert dialog.pre.isEnabled()
    tick(qtbot, dialog.ticks[Product.COCO])
    assert dialog.only_corrected.isEnabled()
    assert not dialog.pictures.isEnabled()
    assert dialog.names.whole.endswith("a_stop1.mp4 and 1 more")
    for product in (Product.PDF, Product.XLSX, Product.CLIP, Product.COCO):
        tick(qtbot, dialog.ticks[product])
    assert dialog.hindrance.whole == "Tick what is to be exported."
    assert not dialog.export_button.isEnabled()


def test_a_clip_is_of_the_stop_or_of_one_of_its_events(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, desk: FakeExportDesk
) -> None:
    desks = len(hub.stop_desks)
    dialog = opened(window)
    (stops,) = hub.stop_desks[desks:]
    template = next(one for one in built_in_templates() if one.name == "f1")
    told = tuple(StopShown(stop, breakdown(stop, template)) for stop in (pit_stop(), pit_stop()))
    told = (told[0], replace(told[1], stop=replace(told[1].stop, number=2)))
    labels = {kind.kind: kind.label for kind in event_kinds()}
    stops.read.emit(StopsRead("a", StopState.FOUND, stops=told, labels=labels))
    assert dialog.stop.count() == 2
    tick(qtbot, dialog.ticks[Product.CLIP])
    dialog.about.setCurrentIndex(dialog.about.findText("Wheel off FL"))
    dialog.about.activated.emit(dialog.about.currentIndex())
    dialog.pre.setValue(0.5)
    qtbot.mouseClick(dialog.export_button, LEFT)
    (request,) = desk.requests()
    assert request.event == WantedEvent("wheel_off", Place.FRONT_LEFT)
    assert (request.stop, request.pre_s, request.post_s) == (1, 0.5, 1.0)
    desk.finish()
    dialog.stop.setCurrentIndex(1)
    dialog.stop.activated.emit(1)
    assert dialog.about.currentText() == "the whole stop"  # the event was of the other one
    assert "a_stop2.mp4" in dialog.names.toolTip()


def test_a_folder_is_chosen_or_typed_whole(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk, asked: list[str]
) -> None:
    dialog = opened(window)
    assert dialog.folder.text() == str(REPORT)
    dialog.folder.setFocus()
    dialog.folder.selectAll()
    qtbot.keyClick(dialog.folder, KEY.Key_Delete)
    assert dialog.hindrance.whole == "Choose a folder."
    assert not dialog.export_button.isEnabled()
    qtbot.keyClicks(dialog.folder, "usb")
    assert dialog.hindrance.whole == "Give the whole path of the folder."
    qtbot.mouseClick(dialog.choose_button, LEFT)
    assert asked == ["usb"]
    assert dialog.folder.text() == str(USB)
    assert dialog.hindrance.whole == ""
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert desk.requests()[0].folder == USB


def test_what_was_chosen_is_offered_again(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk, asked: list[str]
) -> None:
    dialog = opened(window)
    tick(qtbot, dialog.ticks[Product.MOT])
    tick(qtbot, dialog.ticks[Product.PDF])
    dialog.post.setValue(2.5)
    qtbot.mouseClick(dialog.choose_button, LEFT)
    qtbot.mouseClick(dialog.export_button, LEFT)
    desk.finish()
    dialog.close()
    again = opened(window)
    assert again is not dialog
    ticked = [product for product, box in again.ticks.items() if box.isChecked()]
    assert ticked == [Product.XLSX, Product.MOT]
    assert again.folder.text() == str(USB)
    assert again.post.value() == 2.5
    assert not again.outcome.result.isVisible()


def test_the_own_folder_of_a_job_is_not_offered_to_another(
    qtbot: QtBot, window: MainWindow, desk: FakeExportDesk
) -> None:
    dialog = opened(window)
    qtbot.mouseClick(dialog.export_button, LEFT)
    desk.finish()
    dialog.close()
    other = opened(window, replace(WHOLE, id="z", job_dir=Path("/data/jobs/z")))
    assert other.folder.text() == str(Path("/data/jobs/z/report"))
