"""The start sheet's profiles, stages and artifacts: clicked, typed, started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDoubleSpinBox, QScrollArea

from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import EVERYTHING, PIT_STOP, VIDEO, Profile, StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.domain.stop_settings import StopSettings
from codefx_desktop.settings.weights import FoundWeights
from codefx_desktop.ui.models.artifact_words import NOTHING

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow
    from codefx_desktop.ui.start_sheet import StartSheet

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
CLIPS = [Path("/footage/a.mp4"), Path("/footage/b.mov")]
BEST = FoundWeights(Path("/data/model_weights/best.pt"), "found in /data/model_weights")
SEGMENTER = FoundWeights(Path("/data/model_weights/best-seg.pt"), "found in /data/model_weights")


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    """Click a check box where its mark is."""
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))


@pytest.fixture
def sheet(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> StartSheet:
    """The start sheet with all weights there and both clips' sizes known."""
    hub.found_weights, hub.found_segment_weights = BEST, SEGMENTER
    hub.sizes = dict.fromkeys(CLIPS, ClipSize(3000, 120.0, 1280, 720))
    window.start_with(CLIPS)
    sheet = window.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.form.sizes is not None and sheet.start_button.isEnabled())
    return sheet


def choose(qtbot: QtBot, box: QComboBox, word: str) -> None:
    """Choose an entry as a person does with the keyboard: by its first letters."""
    box.setFocus()
    qtbot.keyClicks(box, word)
    assert box.currentText().startswith(word)


def enter(qtbot: QtBot, spin: QDoubleSpinBox, text: str) -> None:
    """Type another number, letter by letter."""
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, text)


def started(hub: FakeHub) -> JobSpec:
    ((_paths, spec, _metadata),) = hub.of("add_clips")
    assert isinstance(spec, JobSpec)
    return spec


def test_a_profile_switches_its_stages_on(qtbot: QtBot, sheet: StartSheet, hub: FakeHub) -> None:
    plan = sheet.plan
    assert sheet.profile.box.currentText() == "Pit stop"
    assert plan.weights.isVisible()
    assert not plan.segment_weights.isVisible()
    assert sheet.artifacts.estimate.text() == NOTHING
    choose(qtbot, sheet.profile.box, "Video")
    for stage in (plan.detect, plan.scenes, plan.segment, plan.faces):
        assert stage.switch.isChecked()
    assert not plan.events.switch.isChecked()
    assert plan.segment_weights.isVisible()
    assert sheet.artifacts.frames.currentText() == "Middle of each scene"
    assert sheet.artifacts.estimate.text().startswith("≈ 2 frames, 8 pictures, 12 files, 1.4 MB")
    qtbot.mouseClick(sheet.start_button, Qt.MouseButton.LeftButton)
    assert started(hub) == JobSpec(profile="video", plan=VIDEO.plan)


def test_a_click_changes_a_profile_and_choosing_it_again_undoes_it(
    qtbot: QtBot, sheet: StartSheet
) -> None:
    click(qtbot, sheet.plan.scenes.switch)
    box = sheet.profile.box
    assert box.currentText() == "Changed from Pit stop"
    assert sheet.form.plan.scenes
    choose(qtbot, box, "Pit")
    assert not sheet.plan.scenes.switch.isChecked()
    assert [box.itemText(place) for place in range(box.count())] == [
        "Pit stop",
        "Video analysis",
        "Everything",
    ]


def test_without_detection_its_weights_are_gone(
    qtbot: QtBot, sheet: StartSheet, hub: FakeHub
) -> None:
    click(qtbot, sheet.plan.detect.switch)
    assert not sheet.weights.isVisible()
    assert not sheet.confidence.isVisible()
    assert sheet.hindrance.whole == ""  # motion and sound tell of stops too
    click(qtbot, sheet.plan.events.switch)
    assert sheet.hindrance.whole.startswith("Switch on at least one")
    assert not sheet.start_button.isEnabled()
    click(qtbot, sheet.plan.scenes.switch)
    assert sheet.hindrance.whole == ""
    sheet.start_button.click()
    assert started(hub) == JobSpec(plan=StagePlan(detect=False, scenes=True))


def test_segmentation_is_set_up_by_typing(
    qtbot: QtBot, sheet: StartSheet, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "codefx_desktop.ui.weights_box.QFileDialog.getOpenFileName",
        lambda *_args: ("/models/tyres-seg.pt", ""),
    )
    plan = sheet.plan
    click(qtbot, plan.segment.switch)
    assert sheet.hindrance.whole.startswith("Segmentation and faces look at the frames")
    qtbot.keyClicks(plan.classes, "person, tyre")
    plan.segment_weights.choose_button.click()
    assert sheet.weights.found.isChecked()  # the detector's are another choice
    choose(qtbot, sheet.artifacts.frames, "Every")
    enter(qtbot, sheet.artifacts.every_n, "30")
    assert "≈ 200 frames, 600 pictures, 1,000 files" in sheet.artifacts.estimate.text()
    sheet.start_button.click()
    assert started(hub).plan == StagePlan(
        segment=True,
        events=True,
        artifacts=ArtifactChoice.parse("every:30"),
        segment_weights=Path("/models/tyres-seg.pt"),
        segment_classes=("person", "tyre"),
    )


def test_stops_are_set_up_by_hand(qtbot: QtBot, sheet: StartSheet, hub: FakeHub) -> None:
    stops = sheet.plan.stops
    camera = CameraProfile("Spa, boom", mirrored=True)
    hub.cameras.cameras = [camera]
    hub.cameras.request_list()
    qtbot.waitUntil(lambda: stops.camera.count() == 2)
    choose(qtbot, stops.template, "NASCAR")
    choose(qtbot, stops.camera, "Spa")
    click(qtbot, stops.draw)
    choose(qtbot, sheet.artifacts.frames, "Nearest")
    assert sheet.profile.box.currentText() == "Changed from Pit stop"
    sheet.start_button.click()
    plan = started(hub).plan
    assert plan.stop == StopSettings("nascar", camera, draw=False)
    assert plan.artifacts == ArtifactChoice.parse("events")


def test_without_stops_their_settings_are_gone(qtbot: QtBot, sheet: StartSheet) -> None:
    assert sheet.plan.stops.isVisible()
    click(qtbot, sheet.plan.events.switch)
    assert not sheet.plan.stops.isVisible()


def test_missing_segmentation_weights_say_what_to_do(
    qtbot: QtBot, sheet: StartSheet, hub: FakeHub
) -> None:
    hub.found_segment_weights = None
    sheet.form.look_for_weights()
    choose(qtbot, sheet.profile.box, "Everything")
    qtbot.waitUntil(lambda: "Models… (Ctrl+M)" in sheet.hindrance.whole)
    assert not sheet.start_button.isEnabled()
    assert sheet.plan.segment_weights.found_line.text() == hub.segment_message
    click(qtbot, sheet.plan.segment.switch)
    assert sheet.start_button.isEnabled()


def test_models_can_be_got_while_the_sheet_is_open(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    hub.found_weights = BEST
    window.start_with(CLIPS)
    sheet = window.sheet
    assert sheet is not None
    assert sheet.isModal()
    sheet.form.profile.choose(EVERYTHING)
    button = sheet.plan.segment_weights.models_button
    qtbot.waitUntil(button.isVisible)
    assert not sheet.weights.models_button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.models_window is not None
    assert window.models_window.isVisible()
    assert window.sheet is sheet
    assert sheet.isVisible()
    assert not sheet.isModal()
    hub.found_segment_weights = SEGMENTER
    sheet.form.look_for_weights()  # as on coming back
    qtbot.waitUntil(sheet.start_button.isEnabled)
    assert not button.isVisible()


def test_faces_and_where_to_look_for_them(qtbot: QtBot, sheet: StartSheet, hub: FakeHub) -> None:
    plan = sheet.plan
    assert not plan.places.isVisible()
    click(qtbot, plan.faces.switch)
    click(qtbot, plan.blur)
    choose(qtbot, plan.places, "Every")
    sheet.more_button.click()
    more = sheet.more
    assert not more.detector.isVisible()
    sheet.more.face_slider.setValue(80)
    enter(qtbot, more.smallest_face, "40")
    sheet.start_button.click()
    assert started(hub).plan == StagePlan(
        events=True,
        faces=True,
        every_frame=True,
        blur_faces=True,
        face_confidence=0.8,
        smallest_face_px=40,
    )


def test_a_scene_detector_of_ones_own(qtbot: QtBot, sheet: StartSheet, hub: FakeHub) -> None:
    click(qtbot, sheet.plan.scenes.switch)
    sheet.more_button.click()
    more = sheet.more
    assert more.threshold.value() == 27.0
    choose(qtbot, more.detector, "Hash")
    assert more.threshold.value() == 0.35
    enter(qtbot, more.threshold, "3")
    assert "hash scene detector must be above 0" in sheet.hindrance.whole
    enter(qtbot, more.threshold, "0.45")
    enter(qtbot, more.shortest, "60")
    sheet.start_button.click()
    assert started(hub).plan == StagePlan(
        events=True, scenes=True, scene=SceneSettings(SceneKind.HASH, 0.45, 60)
    )


def test_switches_are_kept_as_a_profile_and_deleted(
    qtbot: QtBot, sheet: StartSheet, hub: FakeHub
) -> None:
    row = sheet.profile
    assert not row.save_button.isEnabled()
    assert not row.delete_button.isVisible()
    click(qtbot, sheet.plan.scenes.switch)
    qtbot.mouseClick(row.save_button, Qt.MouseButton.LeftButton)
    naming = row.naming
    assert naming is not None
    qtbot.keyClicks(naming.name, "Video")
    assert naming.line.text() == "Video is a built-in profile: choose another name."
    assert not naming.save_button.isEnabled()
    qtbot.keyClick(naming.name, Qt.Key.Key_Return)
    assert hub.of("save_profile") == []
    qtbot.keyClicks(naming.name, " of tyres")
    qtbot.keyClick(naming.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row.box.currentText() == "Video of tyres")
    saved = Profile(
        "Video of tyres", "Video of tyres", StagePlan(scenes=True, events=True), is_own=True
    )
    assert hub.of("save_profile") == [(saved,)]
    assert row.delete_button.isVisible()
    row.delete_button.click()
    qtbot.waitUntil(lambda: row.box.currentText() == "Changed from Pit stop")
    assert hub.of("delete_profile") == [("Video of tyres",)]
    assert sheet.plan.scenes.switch.isChecked()


def test_the_next_sheet_knows_a_profile_saved_in_one_that_was_cancelled(
    qtbot: QtBot, sheet: StartSheet, window: MainWindow
) -> None:
    click(qtbot, sheet.plan.scenes.switch)
    sheet.form.profile.save("Shots")
    qtbot.waitUntil(lambda: sheet.profile.box.currentText() == "Shots")
    sheet.reject()
    window.start_with(CLIPS)
    assert window.sheet is not None
    box = window.sheet.profile.box
    assert box.itemText(box.count() - 1) == "Shots"


def test_tab_goes_through_the_sheet_as_it_is_read(qtbot: QtBot, sheet: StartSheet) -> None:
    choose(qtbot, sheet.profile.box, "Everything")
    sheet.profile.box.setFocus()
    seen: list[str] = []
    for _ in range(60):
        field = QApplication.focusWidget()
        assert field is not None
        if field is sheet.profile.box and seen:
            break
        seen.append(field.accessibleName() or field.text().replace("&", ""))
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    wanted = ["Profile", "Clips", "Series", "Notes", "Frames with artifacts", "Every n-th frame"]
    wanted += ["Detection and tracking", "Pit stops", "Template of the stop", "Camera profile"]
    wanted += ["Scenes", "Segmentation", "Classes to segment", "Faces"]
    wanted += ["Confidence", "Segmentation and faces in", "More options", "Cancel", "Start"]
    assert [name for name in seen if name in wanted] == wanted
    assert all(seen)


@pytest.mark.dressed
@pytest.mark.parametrize("profile", [PIT_STOP, VIDEO, EVERYTHING])
def test_the_sheet_fits_a_small_screen_and_cuts_nothing_off(
    qtbot: QtBot, sheet: StartSheet, profile: Profile
) -> None:
    sheet.form.profile.choose(profile)
    sheet.resize(1200, 640)
    sheet.more_button.setChecked(True)
    qtbot.wait(50)
    left, right = sheet.findChildren(QScrollArea, options=DIRECT)
    sheet.resize(1200, 640)
    qtbot.wait(50)
    assert not left.verticalScrollBar().isVisible()
    for area in (left, right):
        side = area.widget()
        assert side.height() >= side.minimumSizeHint().height()
        assert area.viewport().width() == side.width() >= side.minimumSizeHint().width()


@pytest.mark.dressed
def test_the_sheet_grows_with_what_it_shows_and_never_shrinks(
    qtbot: QtBot, sheet: StartSheet
) -> None:
    sheet.resize(1200, 400)
    sheet.form.profile.choose(EVERYTHING)
    qtbot.waitUntil(lambda: sheet.height() > 500)
    qtbot.wait(50)  # it grows in steps
    height = sheet.height()
    assert height <= sheet.screen().availableSize().height()
    sheet.form.profile.choose(PIT_STOP)
    qtbot.wait(50)
    assert sheet.height() == height


def test_more_options_are_scrolled_to(qtbot: QtBot, sheet: StartSheet) -> None:
    sheet.form.profile.choose(EVERYTHING)
    sheet.setFixedHeight(500)
    qtbot.wait(50)
    sheet.more_button.click()
    _, right = sheet.findChildren(QScrollArea, options=DIRECT)
    last = sheet.quality

    def is_seen() -> bool:
        place = last.mapTo(right.viewport(), last.rect().center())
        return right.viewport().rect().contains(place)

    qtbot.waitUntil(is_seen)


def test_coming_back_to_the_sheet_looks_for_weights_again(sheet: StartSheet, hub: FakeHub) -> None:
    before = len(hub.of("request_segment_weights"))
    QApplication.sendEvent(sheet, QEvent(QEvent.Type.ActivationChange))
    assert len(hub.of("request_segment_weights")) == before + sheet.isActiveWindow()
