"""The palette, the sheet of keys and the settings, by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.reviewing import CTRL
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDoubleSpinBox, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.domain.statistics import GroupBy
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.ui.keys_dialog import KeysDialog
from codefx_desktop.ui.models.key_map import LEAVES, SCOPES
from codefx_desktop.ui.models.workspace import Workspace
from codefx_desktop.ui.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow
    from codefx_desktop.ui.theme import Theme


def test_a_workspace_is_found_by_some_of_its_letters(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.commands.palette
    assert palette.isVisible()
    qtbot.keyClicks(palette.field, "compa")
    assert palette.texts()[0].startswith("Compare")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.workspaces.current is Workspace.COMPARE
    qtbot.waitUntil(lambda: window.commands.palette is None)


def test_the_palette_has_every_entry_of_the_menus_and_every_key(window: MainWindow) -> None:
    offered = {command.text.partition(" (")[0] for command in window.commands.commands()}
    for row in window.commands.keys.rows:
        assert row.text.partition(" (")[0] in offered | {"Commands"}
    assert {"Dark", "Reset layout", "About CodeFx Desktop", "Settings"} <= offered


def test_what_cannot_be_done_now_is_said_and_not_done(qtbot: QtBot, window: MainWindow) -> None:
    window.commands.show_palette()
    palette = window.commands.palette
    qtbot.keyClicks(palette.field, "first frame")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()  # no clip is open
    assert not palette.nothing.isVisible()
    qtbot.keyClicks(palette.field, "zzz")
    assert palette.texts() == ()
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.commands.palette is None)


def test_no_two_actions_share_a_key_where_both_are_heard(window: MainWindow) -> None:
    told = [
        f"{one.key.toString()}: {one.group}/{one.text}, {other.group}/{other.text}"
        for one, other in window.commands.keys.collisions()
    ]
    assert told == []


def test_every_key_of_the_window_is_in_the_sheet(window: MainWindow) -> None:
    listed = {row.action for row in window.commands.keys.rows}
    missing = [
        f"{action.text()}: {action.shortcut().toString()}"
        for action in window.findChildren(QAction)
        if action not in listed and any(key != LEAVES for key in action.shortcuts())
    ]
    assert missing == []
    assert set(SCOPES) <= {row.group for row in window.commands.keys.rows}


def test_keys_of_boxes_are_rivals_of_the_clip_and_escape_is_nobodys(
    qtbot: QtBot, window: MainWindow
) -> None:
    rows = {(row.group, row.text): row for row in window.commands.keys.rows}
    frame = rows["Clip", "One frame forward"]
    told = window.commands.keys.rivals(frame, QKeySequence("Alt+Shift+Right"))
    assert [(one.group, one.text) for one in told] == [
        ("Boxes", "Move the chosen box one pixel right")
    ]
    window.actions_.keys.trigger()
    (sheet,) = window.findChildren(KeysDialog)
    sheet.tree.setCurrentItem(sheet._items[frame])
    sheet.edit.setKeySequence(QKeySequence("Esc"))
    assert not sheet.use.isEnabled()
    assert "no action can have it" in sheet.said.text()
    sheet.close()


def test_the_sheet_opens_while_a_chooser_has_the_keyboard_and_letters_still_choose(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_4, CTRL)
    chooser = window.statistics.page.ask.by
    chooser.setFocus()
    qtbot.keyClicks(chooser, "m")
    assert chooser.currentText() == "Month"
    qtbot.keyClick(chooser, Qt.Key.Key_Question)
    (sheet,) = window.findChildren(KeysDialog)
    assert sheet.isVisible()
    sheet.close()


def test_the_list_of_a_chooser_is_chosen_from_with_return(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_4, CTRL)
    chooser = window.statistics.page.ask.by
    chooser.setFocus()
    chooser.showPopup()
    rows = chooser.view()
    qtbot.waitUntil(rows.hasFocus)
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert not rows.isVisible()
    assert window.statistics.view.question.by is GroupBy.SERIES


def test_a_key_is_changed_in_the_sheet_and_taken_from_another(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.actions_.keys.trigger()
    (sheet,) = window.findChildren(KeysDialog)
    rows = {row.text: row for row in window.commands.keys.rows}
    assert sheet._items[rows["Open clips"]].text(1) == "Ctrl+O"
    assert sheet._items[rows["Move up"]].text(1) == "Alt+Up"
    sheet.search.setText("models")
    assert not sheet._items[rows["Models"]].isHidden()
    assert sheet._items[rows["Open clips"]].isHidden()
    sheet.tree.setCurrentItem(sheet._items[rows["Models"]])
    sheet.edit.setKeySequence(QKeySequence("Ctrl+O"))
    assert "belongs to “Open clips”" in sheet.said.text()
    qtbot.mouseClick(sheet.use, Qt.MouseButton.LeftButton)
    assert window.actions_.models.shortcut().toString() == "Ctrl+O"
    assert window.actions_.open.shortcut().isEmpty()
    qtbot.mouseClick(sheet.reset_all, Qt.MouseButton.LeftButton)
    assert window.actions_.open.shortcut().toString() == "Ctrl+O"
    sheet.close()


def test_a_setting_is_changed_and_holds_from_the_next_start(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEFX_DEVICE", "cpu")
    qtbot.keyClick(window, Qt.Key.Key_Comma, CTRL)
    (dialog,) = window.findChildren(SettingsDialog)
    field = dialog.fields["yolo_threshold"]
    assert isinstance(field, QDoubleSpinBox)
    assert (field.minimum(), field.maximum(), field.accessibleName()) == (0.0, 1.0, "Confidence")
    assert not dialog.fields["device"].isEnabled()
    assert not dialog.save_button.isEnabled()
    dialog.search.setText("history database")
    assert dialog.fields["database_url"].isVisible()
    assert not field.isVisible()
    dialog.search.clear()
    dialog.fields["database_url"].setText("postgres://x")
    assert "kept in SQLite" in dialog.troubles["database_url"].text()
    assert not dialog.save_button.isEnabled()
    dialog.fields["database_url"].setText("")
    field.setValue(0.65)
    with qtbot.waitSignal(dialog._desk.saved):
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert "next start" in dialog.state.text()
    monkeypatch.delenv("CODEFX_DEVICE")
    assert load_settings().yolo_threshold == 0.65
    dialog.close()


@pytest.mark.dressed
def test_a_button_that_has_the_keyboard_has_one_frame(qtbot: QtBot, theme: Theme) -> None:
    page, one, other = QWidget(), QPushButton("Close"), QPushButton("Close")
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(one)
    column.addWidget(other)
    page.show()
    page.activateWindow()
    one.setFocus()
    qtbot.waitUntil(one.hasFocus)
    inside = other.rect().adjusted(4, 4, -4, -4)
    before = other.grab().copy(inside).toImage()
    qtbot.keyClick(one, Qt.Key.Key_Tab)
    assert other.hasFocus()
    assert other.grab().copy(inside).toImage() == before
    assert theme.name == "dark"
