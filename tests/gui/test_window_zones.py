"""Cameras and zones: drawn with the mouse, typed, saved; the templates beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from gui.reviewing import A
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QApplication

from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.stop import Heading
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet
from codefx_desktop.jobs.camera_values import SizeWanted, ZonesFound
from codefx_desktop.ui.camera_files import DrawnSizeDialog
from codefx_desktop.ui.zone_canvas import Tool
from codefx_desktop.ui.zone_paint import apart

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow
    from codefx_desktop.ui.zone_editor import ZoneEditor

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
SQUARE = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))
FL = Zone("FL", SQUARE, ZoneRole.CORNER, Place.FRONT_LEFT)
SPA = CameraProfile("Spa", zones=ZoneSet((FL,)))
CAR = CarPlace((0.3, 0.3, 0.7, 0.5), {})


@pytest.fixture
def editor(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> ZoneEditor:
    """The editor with one saved camera and a clip's frame."""
    monkeypatch.setattr("codefx_desktop.ui.zone_editor.ask_leave_camera", lambda *_a: True)
    hub.cameras.cameras = [SPA]
    window.cameras.show(A)
    editor = window.cameras.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.edit.camera == SPA)
    qtbot.waitUntil(lambda: editor.pages.currentWidget() is editor.canvas)
    return editor


def at(editor: ZoneEditor, x: float, y: float) -> QPoint:
    """Return where a place of the picture is on the canvas."""
    return QPoint(*(round(value) for value in editor.canvas.to_view((x, y))))


def press(
    qtbot: QtBot, editor: ZoneEditor, x: float, y: float, keys: Qt.KeyboardModifier = NONE
) -> None:
    qtbot.mouseClick(editor.canvas, LEFT, keys, at(editor, x, y))


def drag(
    qtbot: QtBot,
    editor: ZoneEditor,
    begin: tuple[float, float],
    end: tuple[float, float],
    keys: Qt.KeyboardModifier = NONE,
) -> None:
    canvas = editor.canvas
    qtbot.mousePress(canvas, LEFT, keys, at(editor, *begin))
    for part in (0.3, 0.6, 1.0):
        place = [a + part * (b - a) for a, b in zip(begin, end, strict=True)]
        qtbot.mouseMove(canvas, at(editor, *place))
        QApplication.processEvents()
    qtbot.mouseRelease(canvas, LEFT, keys, at(editor, *end))


def near(point: tuple[float, float], wanted: tuple[float, float]) -> bool:
    return all(abs(a - b) < 0.006 for a, b in zip(point, wanted, strict=True))


def test_a_zone_is_drawn_named_and_saved(qtbot: QtBot, editor: ZoneEditor, hub: FakeHub) -> None:
    editor.zones.draw_button.click()
    assert editor.canvas.tool is Tool.DRAW
    for x, y in ((0.7, 0.3), (0.9, 0.3), (0.9, 0.7)):
        press(qtbot, editor, x, y)
    qtbot.mouseDClick(editor.canvas, LEFT, pos=at(editor, 0.9, 0.7))
    assert editor.canvas.tool is Tool.SELECT
    zone = editor.edit.zones[1]
    assert [
        near(a, b) for a, b in zip(zone.points, ((0.7, 0.3), (0.9, 0.3), (0.9, 0.7)), strict=True)
    ]
    editor.zones.name.selectAll()
    qtbot.keyClicks(editor.zones.name, "Filler")
    editor.zones.role.setCurrentIndex(3)
    editor.zones.role.activated.emit(3)
    assert editor.zones.list.item(1).text() == "Filler\nFuel · on the picture"
    assert editor.windowTitle().startswith("*")
    editor.save_button.click()
    ((saved, was),) = hub.cameras.of("save")
    assert (saved.zones.zones[1].name, saved.zones.zones[1].role) == ("Filler", ZoneRole.FUEL)
    assert was == "Spa"
    qtbot.waitUntil(lambda: not editor.edit.is_changed)
    assert not editor.save_button.isEnabled()


def test_enter_closes_backspace_takes_back_and_escape_leaves(
    qtbot: QtBot, editor: ZoneEditor
) -> None:
    qtbot.keyClick(editor, Qt.Key.Key_D)
    canvas = editor.canvas
    assert canvas.tool is Tool.DRAW
    for x, y in ((0.7, 0.3), (0.9, 0.3), (0.95, 0.9)):
        press(qtbot, editor, x, y)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    assert len(canvas.draft) == 2
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert editor.hint.whole == "A zone needs at least 3 corners."
    press(qtbot, editor, 0.9, 0.7)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert len(editor.edit.zones) == 2
    qtbot.keyClick(editor, Qt.Key.Key_D)
    press(qtbot, editor, 0.1, 0.9)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.tool is Tool.SELECT
    assert editor.isVisible()
    assert len(editor.edit.zones) == 2
    assert canvas.draft == []


def test_points_and_zones_are_dragged_and_undone(qtbot: QtBot, editor: ZoneEditor) -> None:
    drag(qtbot, editor, (0.2, 0.2), (0.1, 0.12))
    assert near(editor.edit.zones[0].points[0], (0.1, 0.12))
    drag(qtbot, editor, (0.4, 0.4), (0.5, 0.5))
    assert near(editor.edit.zones[0].points[2], (0.7, 0.7))
    qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL)
    assert editor.edit.camera == SPA
    qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL | SHIFT)
    assert near(editor.edit.zones[0].points[0], (0.1, 0.12))


def test_a_point_is_pulled_out_of_a_side_and_deleted(qtbot: QtBot, editor: ZoneEditor) -> None:
    press(qtbot, editor, 0.4, 0.4)
    drag(qtbot, editor, (0.4, 0.2), (0.4, 0.08))
    points = editor.edit.zones[0].points
    assert len(points) == 5
    assert near(points[1], (0.4, 0.08))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Delete)
    assert editor.edit.zones[0].points == SQUARE
    assert editor.edit.undo.count() == 2
    qtbot.mouseDClick(editor.canvas, LEFT, pos=at(editor, 0.3, 0.6))
    assert len(editor.edit.zones[0].points) == 5


def test_drawn_corners_snap_unless_shift_is_held(qtbot: QtBot, editor: ZoneEditor) -> None:
    editor.zones.draw_button.click()
    spot = at(editor, 0.6, 0.2) + QPoint(5, -4)
    qtbot.mouseClick(editor.canvas, LEFT, NONE, spot)
    assert editor.canvas.draft[0] == pytest.approx((0.6, 0.2))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Backspace)
    qtbot.mouseClick(editor.canvas, LEFT, SHIFT, spot)
    assert editor.canvas.draft[0] != pytest.approx((0.6, 0.2), abs=1e-4)


def test_arrow_keys_nudge_by_a_pixel_of_the_clip(qtbot: QtBot, editor: ZoneEditor) -> None:
    press(qtbot, editor, 0.2, 0.2)
    before = editor.view.position
    for _ in range(3):
        qtbot.keyClick(editor.canvas, Qt.Key.Key_Right)
    assert editor.edit.zones[0].points[0][0] == pytest.approx(0.2 + 3 / 320)
    assert editor.edit.undo.count() == 1
    assert editor.view.position == before


def test_faults_stand_where_they_are(qtbot: QtBot, editor: ZoneEditor) -> None:
    drag(qtbot, editor, (0.2, 0.2), (0.8, 0.5), SHIFT)
    assert editor.zones.fault.text() == "Sides 2 and 4 cross."
    assert editor.zones.fault.isVisible()
    assert editor.zones.list.item(0).text().startswith("⚠ FL")
    assert not editor.save_button.isEnabled()
    assert "sides 2 and 4 cross" in editor.trouble.whole
    qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL)
    assert not editor.zones.fault.isVisible()


def test_zones_are_proposed_from_a_finished_job(
    qtbot: QtBot, editor: ZoneEditor, hub: FakeHub
) -> None:
    editor.zones.propose_button.click()
    assert hub.cameras.of("propose") == [(A, None, Heading(None, "camera"), (320, 180))]
    qtbot.waitUntil(editor.banner.isVisible)
    assert "No finished job" in editor.banner.text.text()
    proposed = Zone("Rear jack", SQUARE, ZoneRole.JACK, Place.REAR, ZoneAnchor.CAR)
    hub.cameras.proposal = ZonesFound(ZoneSet((proposed,), CAR), "the car of stop 1")
    editor.zones.propose_button.click()
    qtbot.waitUntil(lambda: len(editor.edit.zones) == 2)
    assert not editor.banner.isVisible()
    assert editor.edit.camera.zones.car == CAR
    assert editor.hint.whole == "1 zone from the car of stop 1."


def test_older_zones_ask_for_the_size_they_were_drawn_on(
    editor: ZoneEditor, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path("/footage/old.json")
    monkeypatch.setattr(
        "codefx_desktop.ui.camera_files.QFileDialog.getOpenFileName", lambda *_a: (str(file), "")
    )

    def answer(dialog: DrawnSizeDialog) -> int:
        assert dialog.size_px() == (320, 180)
        dialog.width_px.setValue(1020)
        dialog.height_px.setValue(500)
        return 1

    monkeypatch.setattr(DrawnSizeDialog, "exec", answer)
    editor.zones.import_button.click()
    hub.cameras.size_wanted.emit(SizeWanted(file, (320, 180)))
    assert hub.cameras.of("import_zones") == [
        (file, None, (320, 180)),
        (file, (1020, 500), (320, 180)),
    ]


def test_zones_are_exported(
    editor: ZoneEditor, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "spa"
    monkeypatch.setattr(
        "codefx_desktop.ui.camera_files.QFileDialog.getSaveFileName", lambda *_a: (str(target), "")
    )
    editor.zones.export_button.click()
    assert hub.cameras.of("export_zones") == [(target.with_suffix(".json"), SPA.zones)]


def test_the_front_is_set_flipped_and_mirrored(editor: ZoneEditor) -> None:
    page = editor.page
    editor.tabs.setCurrentIndex(1)
    assert not page.flip_button.isVisible()
    page.front.setCurrentIndex(1)
    page.front.activated.emit(1)
    assert editor.edit.camera.front_deg == 180.0
    page.flip_button.click()
    assert editor.edit.camera.front_deg == 0.0
    page.angle.setValue(30)
    assert editor.edit.camera.front_deg == 30.0
    page.mirrored.click()
    assert editor.edit.camera.mirrored
    page.slow.click()
    assert editor.edit.camera.capture_rate_hz == 120.0
    assert editor.edit.trouble == ""


def test_four_clicks_calibrate_metres(qtbot: QtBot, editor: ZoneEditor, hub: FakeHub) -> None:
    editor.tabs.setCurrentIndex(1)
    editor.page.marks_button.click()
    assert "front left" in editor.hint.whole
    corners = ((0.1, 0.3), (0.9, 0.3), (0.95, 0.8), (0.05, 0.8))
    for x, y in corners:
        press(qtbot, editor, x, y)
    marks = editor.edit.camera.marks
    assert isinstance(marks, BoxMarks)
    assert all(near(a, b) for a, b in zip(marks.corners, corners, strict=True))
    assert not editor.page.marks_button.isChecked()
    editor.page.length.setValue(8.5)
    assert editor.edit.camera.marks is not None
    assert editor.edit.camera.marks.length_m == 8.5
    qtbot.waitUntil(lambda: len(editor.canvas.grid) == 1)
    drag(qtbot, editor, (0.9, 0.3), (0.85, 0.25))
    assert near(editor.edit.camera.marks.corners[1], (0.85, 0.25))
    editor.page.clear_button.click()
    assert editor.edit.camera.marks is None


def test_the_car_is_marked_by_hand(qtbot: QtBot, editor: ZoneEditor) -> None:
    editor.zones.car_button.click()
    drag(qtbot, editor, (0.3, 0.4), (0.8, 0.7))
    car = editor.edit.camera.zones.car
    assert car is not None
    assert near(car.box[:2], (0.3, 0.4))
    assert near(car.box[2:], (0.8, 0.7))


def test_leaving_what_is_not_saved_is_asked(
    qtbot: QtBot, editor: ZoneEditor, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "codefx_desktop.ui.zone_editor.ask_leave_camera", lambda name, _w: bool(asked.append(name))
    )
    editor.edit.put("mirror", mirrored=True)
    editor.choose("")
    assert asked == ["Spa"]
    assert editor.edit.camera.mirrored
    editor.reject()
    assert editor.isVisible()
    editor.edit.undo.undo()
    editor.reject()
    assert not editor.isVisible()
    editor.show()
    editor.choose("")
    assert editor.edit.camera.name == "Camera 1"
    monkeypatch.setattr("codefx_desktop.ui.zone_editor.ask_delete_camera", lambda *_a: True)
    editor.choose("Spa")
    editor.delete_button.click()
    assert hub.cameras.of("delete") == [("Spa",)]
    qtbot.waitUntil(lambda: editor.edit.camera.name == "Camera 1")


def test_a_camera_that_cannot_be_saved_says_so(
    qtbot: QtBot, editor: ZoneEditor, hub: FakeHub
) -> None:
    hub.cameras.refuses = "The disk is full."
    editor.edit.put("mirror", mirrored=True)
    qtbot.keyClick(editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(editor.banner.isVisible)
    assert editor.banner.text.text() == "The disk is full."
    assert editor.edit.is_changed


def test_the_menu_opens_it_on_the_chosen_jobs_clip(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    plan = JobSpec().plan
    spec = JobSpec(plan=replace(plan, stop=replace(plan.stop, camera=SPA)))
    job = record("stop.mp4", spec=spec)
    hub.cameras.cameras = [CameraProfile("Monza"), SPA]
    hub.put(job)
    window.selection.choose(job.id)
    window.actions_.cameras.trigger()
    editor = window.cameras.editor
    assert editor is not None
    assert (editor.view.path, editor.view.job_id) == (job.input_path, job.id)
    qtbot.waitUntil(lambda: editor.edit.camera == SPA)


def test_review_opens_it_on_the_frame_in_view(qtbot: QtBot, review: MainWindow) -> None:
    review.review.view.step(7)
    review.actions_.cameras.trigger()
    editor = review.cameras.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.view.shown is not None and editor.view.position == 7)


def test_the_start_sheet_lets_cameras_be_edited_beside_it(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    window.start_with([A])
    sheet = window.sheet
    assert sheet is not None
    qtbot.mouseClick(sheet.plan.stops.edit_camera, LEFT)
    editor = window.cameras.editor
    assert editor is not None
    assert editor.view.path == A
    assert not sheet.isModal()
    qtbot.waitUntil(lambda: editor.edit.camera.name == "Camera 1")
    editor.save_button.click()
    qtbot.waitUntil(lambda: sheet.plan.stops.camera.count() == 2)


def test_the_editor_tells_only_of_what_it_asked_for(editor: ZoneEditor, hub: FakeHub) -> None:
    for what in ("delete_template", "request_template_text", "request_check", "save_template"):
        hub.cameras.trouble.emit(what, "The template is gone.")
        assert not editor.banner.isVisible()
    hub.cameras.trouble.emit("save", "The disk is full.")
    assert editor.banner.text.text() == "The disk is full."


def test_names_of_zones_do_not_cover_each_other() -> None:
    """The first stays where it is; only so many are moved, and none far."""
    box = QRectF(100, 50, 60, 20)
    placed = apart([box, box.translated(30, 5), QRectF(300, 50, 60, 20), box, box, box])
    assert placed[0] == box
    assert placed[2].left() == 300
    assert placed[2].top() == 50
    assert not any(a.intersects(b) for n, a in enumerate(placed[:-1]) for b in placed[:n])
    assert max(abs(one.top() - 50) for one in placed) <= 2 * 21 + 5
