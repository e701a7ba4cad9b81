"""Keys that a person may change, what the palette finds, the settings as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.settings.settings import Settings, load_settings
from codefx_desktop.ui.models.key_map import KeyMap
from codefx_desktop.ui.models.palette_rows import Command, found, match
from codefx_desktop.ui.models.settings_form import SettingsForm, Shape

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def action(text: str, key: str) -> QAction:
    made = QAction(text)
    made.setShortcut(QKeySequence(key))
    made.setToolTip(f"{text} ({key})")
    return made


@pytest.fixture
def keys(qtbot: QtBot, tmp_path: Path) -> KeyMap:
    return new_map(tmp_path)


def new_map(folder: Path) -> KeyMap:
    store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    made = KeyMap(store)
    made.take(
        (
            ("Window", [action("&Open…", "Ctrl+O")]),
            ("Clip", [action("Play", "Space"), action("Stop", "K")]),
            ("Compare", [action("Play", "Space")]),
        )
    )
    return made


def key_of(keys: KeyMap, name: str) -> str:
    return next(row for row in keys.rows if row.name == name).key.toString()


def test_a_changed_key_is_kept_and_an_untouched_one_is_not(keys: KeyMap, tmp_path: Path) -> None:
    play = keys.rows[1]
    assert play.name == "clip/play"
    keys.give(play, QKeySequence("P"))
    assert play.action.toolTip() == "Play (P)"
    keys._store.sync()
    again = new_map(tmp_path)
    assert key_of(again, "clip/play") == "P"
    again.reset_all()
    again._store.sync()
    assert key_of(new_map(tmp_path), "clip/play") == "Space"


def test_a_key_is_taken_only_from_what_is_heard_in_the_same_place(keys: KeyMap) -> None:
    opened, play, stop, compare = keys.rows
    assert keys.rivals(play, QKeySequence("Space")) == ()  # Compare is another workspace
    assert keys.rivals(stop, QKeySequence("Ctrl+O")) == (opened,)  # the window's is everywhere
    assert keys.rivals(opened, QKeySequence("Space")) == (play, compare)
    keys.give(stop, QKeySequence("Space"))
    assert (key_of(keys, "clip/play"), key_of(keys, "clip/stop")) == ("", "Space")
    assert key_of(keys, "compare/play") == "Space"
    assert keys.collisions() == ()
    keys.reset(play)
    assert (key_of(keys, "clip/play"), key_of(keys, "clip/stop")) == ("Space", "")


def test_words_are_found_by_their_beginnings_and_letters() -> None:
    texts = ("Reset layout", "Review: Play", "Go to frame or time", "Export…")
    commands = [Command(text, "View", "", lambda: None) for text in texts]
    assert found(commands, "lay")[0].text == "Reset layout"
    assert found(commands, "gtf")[0].text == "Go to frame or time"
    assert [one.text for one in found(commands, "view play")] == ["Review: Play"]
    assert found(commands, "zzz") == ()
    assert [one.text for one in found(commands, "")] == list(texts)
    assert match("layout", "Reset layout") > match("layout", "Let a yacht out")


def test_what_cannot_be_done_now_comes_last() -> None:
    able = Command("Undo the last step", "Edit", "", lambda: None)
    unable = Command("Undo", "Edit", "", lambda: None, "not possible now")
    assert found([unable, able], "undo") == (able, unable)


def test_each_typed_setting_is_a_row_with_its_words_and_limits() -> None:
    form = SettingsForm(load_settings())
    assert {row.name for row in form.rows} == set(Settings.model_fields)
    assert all(row.title != row.name and row.help for row in form.rows)
    row = form.row("yolo_threshold")
    assert (row.shape, row.least, row.most, row.default) == (Shape.NUMBER, 0.0, 1.0, 0.5)
    assert form.row("video_encoder").shape is Shape.CHOICE
    assert "libx264" in form.row("video_encoder").choices
    assert form.row("yolo_weights_path").is_optional


def test_a_form_keeps_only_what_differs_and_nothing_wrong() -> None:
    form = SettingsForm(load_settings())
    assert form.set("yolo_threshold", 2) == "Confidence: Input should be less than or equal to 1."
    assert form.changed == {}
    assert form.set("yolo_threshold", 0.7) == ""
    assert form.set("url_ttl_s", 3600) == ""
    assert form.changed == {"yolo_threshold": 0.7}
    form.set("yolo_threshold", 0.5)
    assert form.changed == {}
    assert form.found("links work") == {"url_ttl_s"}


def test_what_was_saved_can_be_changed_back_before_the_next_start() -> None:
    form = SettingsForm(load_settings())
    form.set("yolo_threshold", 0.7)
    saved = dict(form.changed)
    form.keep(saved)
    for again in (form, SettingsForm(load_settings(), saved)):
        assert (again.value("yolo_threshold"), again.changed) == (0.7, {})
        assert again.set("yolo_threshold", 0.5) == ""
        assert again.changed == {"yolo_threshold": None}
    form.keep(form.changed)
    assert (form.value("yolo_threshold"), form.changed) == (0.5, {})


def test_what_the_environment_fixes_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEFX_DEVICE", "cpu")
    form = SettingsForm(load_settings())
    assert form.row("device").is_locked
    assert form.set("device", "auto") == "CODEFX_DEVICE in the environment fixes it."
    assert form.value("device") == "cpu"
