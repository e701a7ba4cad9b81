"""Templates of stops: copied, checked while typed, saved; nothing that is typed is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from codefx_desktop.jobs.camera_values import TemplateCheck
from codefx_desktop.settings.templates import read_template_text

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow
    from codefx_desktop.ui.template_window import TemplateWindow


def test_an_own_template_is_a_copy_checked_while_it_is_typed(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    window.cameras.show_templates("imsa")
    shown = window.cameras.templates
    assert shown is not None
    qtbot.waitUntil(lambda: '"imsa"' in shown.text.toPlainText())
    assert shown.text.isReadOnly()
    shown.copy_button.click()
    qtbot.waitUntil(lambda: '"My imsa 1"' in shown.text.toPlainText())
    assert not shown.text.isReadOnly()
    good = json.loads(shown.text.toPlainText())
    shown.text.setPlainText(json.dumps({**good, "order": [{"before": "stop", "after": "stop"}]}))
    qtbot.waitUntil(lambda: shown.line.objectName() == "fault")
    assert not shown.save_button.isEnabled()
    shown.text.setPlainText("{")
    qtbot.waitUntil(lambda: "line 1" in shown.line.text())
    shown.text.setPlainText(json.dumps({**good, "name": "f1"}))
    qtbot.waitUntil(lambda: "built-in" in shown.line.text())
    assert not shown.save_button.isEnabled()
    shown.text.setPlainText(json.dumps({**good, "label": "Club race"}))
    qtbot.waitUntil(shown.save_button.isEnabled)
    shown.save_button.click()
    qtbot.waitUntil(lambda: shown.list.count() == 5)
    ((saved,),) = hub.cameras.of("save_template")
    assert (saved.name, saved.label, saved.is_own) == ("My imsa 1", "Club race", True)
    assert not shown.save_button.isEnabled()


@pytest.fixture
def own(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> TemplateWindow:
    """The window of templates with a saved one of the person's own, and nobody who may leave it."""
    monkeypatch.setattr("codefx_desktop.ui.template_window.ask_leave_template", lambda _p: False)
    window.cameras.show_templates("imsa")
    shown = window.cameras.templates
    assert shown is not None
    qtbot.waitUntil(lambda: '"imsa"' in shown.text.toPlainText())
    shown.copy_button.click()
    qtbot.waitUntil(lambda: '"My imsa 1"' in shown.text.toPlainText())
    qtbot.waitUntil(shown.save_button.isEnabled)
    shown.save_button.click()
    qtbot.waitUntil(lambda: shown.list.count() == 5 and not shown.save_button.isEnabled())
    return shown


def retyped(shown: TemplateWindow, label: str) -> str:
    text = json.dumps({**json.loads(shown.text.toPlainText()), "label": label})
    shown.text.setPlainText(text)
    return text


def test_what_is_typed_while_a_template_is_saved_is_still_unsaved(
    qtbot: QtBot, own: TemplateWindow, hub: FakeHub
) -> None:
    retyped(own, "Saved")
    qtbot.waitUntil(own.save_button.isEnabled)
    own.save_button.click()
    more = retyped(own, "Typed on")
    # The newer text is checked before the older one is kept.
    hub.cameras.checked.emit(TemplateCheck(more, read_template_text(more)))
    qtbot.waitUntil(lambda: own._clean != "" and '"Saved"' in own._clean)
    assert own._is_changed
    own.close()
    assert own.isVisible()  # nobody agreed to lose it
    assert own.text.toPlainText() == more


def test_another_template_that_was_asked_for_does_not_take_what_is_typed(
    qtbot: QtBot, window: MainWindow, own: TemplateWindow, hub: FakeHub
) -> None:
    typed = retyped(own, "Mine")
    window.cameras.show_templates("late")  # not known yet: it comes with the next list
    hub.cameras.templates = [
        *hub.cameras.templates,
        replace(hub.cameras.templates[-1], name="late"),
    ]
    hub.cameras.request_list()
    qtbot.waitUntil(lambda: own.list.count() == 6)
    QApplication.processEvents()
    assert own.text.toPlainText() == typed
    own.list.setCurrentRow(0)
    assert own.text.toPlainText() == typed


def test_nothing_can_be_typed_into_a_text_that_is_about_to_go_and_a_failed_delete_loses_nothing(
    qtbot: QtBot, own: TemplateWindow, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codefx_desktop.ui.template_window.ask_delete_template", lambda *_a: True)
    before = own.text.toPlainText()
    monkeypatch.setattr(hub.cameras, "delete_template", lambda _name: None)
    own.delete_button.click()
    hub.cameras.trouble.emit("delete_template", "The disk is full.")
    assert own.text.toPlainText() == before
    assert own.line.text() == "The disk is full."
    monkeypatch.undo()
    own.list.setCurrentRow(0)
    assert own.text.isReadOnly()
    qtbot.waitUntil(lambda: own.text.toPlainText() != before)


@pytest.mark.parametrize("copies", [False, True], ids=["another", "a copy"])
def test_what_was_chosen_while_a_template_is_deleted_stays(
    qtbot: QtBot,
    own: TemplateWindow,
    hub: FakeHub,
    monkeypatch: pytest.MonkeyPatch,
    copies: bool,
) -> None:
    monkeypatch.setattr("codefx_desktop.ui.template_window.ask_delete_template", lambda *_a: True)
    with monkeypatch.context() as waiting:  # the disk takes its time
        waiting.setattr(hub.cameras, "delete_template", lambda _name: None)
        own.delete_button.click()
    if copies:
        own.copy_button.click()
    else:
        own.list.setCurrentRow(1)
    name = '"My My imsa 1 1"' if copies else f'"{hub.cameras.templates[1].name}"'
    qtbot.waitUntil(lambda: name in own.text.toPlainText())
    before = own.text.toPlainText()
    hub.cameras.delete_template("My imsa 1")
    qtbot.waitUntil(lambda: own.list.count() == 4)
    QApplication.processEvents()
    assert own.text.toPlainText() == before
    assert own.list.currentRow() == (-1 if copies else 1)
