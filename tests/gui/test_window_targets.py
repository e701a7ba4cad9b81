"""The targets window under hands: fields by kind, secrets, tests of the connection, rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_targets import BEGUN, TEAM, USB, FakeTargetDesk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit

from codefx_desktop.domain.object_store import LifecycleRule
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.target_values import (
    CheckName,
    CheckState,
    CheckStep,
    LifecycleView,
    TargetCheck,
    TargetList,
)
from codefx_desktop.ui.targets_window import TargetsWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme

SECRET = "wJalrXUtnFEMI-K7MDENG"  # noqa: S105 - opens nothing


@pytest.fixture
def desk(qapp: object) -> FakeTargetDesk:
    return FakeTargetDesk()


@pytest.fixture
def targets(qtbot: QtBot, desk: FakeTargetDesk, theme: Theme) -> TargetsWindow:
    window = TargetsWindow(desk, theme)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture(autouse=True)
def leaves(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Answer whether to leave what was typed; the last one counts."""
    answers = [True]
    monkeypatch.setattr("codefx_desktop.ui.targets_window.ask_leave_target", lambda *_: answers[-1])
    return answers


def type_into(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def fill_in(qtbot: QtBot, targets: TargetsWindow, **texts: str) -> None:
    for name, text in texts.items():
        type_into(qtbot, targets.page.fields.texts[name], text)


def saved(desk: FakeTargetDesk) -> list[object]:
    return [given for call, given in desk.asked if call == "save"]


# -- looking --------------------------------------------------------------------------------------


def test_what_was_begun_in_the_environment_is_locked_and_named(targets: TargetsWindow) -> None:
    page = targets.page
    assert page.title.whole == BEGUN.name
    assert page.locked.isVisible()
    assert "R2_ACCOUNT_ID, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY" in page.note.text()
    assert "was begun" in targets.banner.text.text()
    fields = page.fields.texts
    assert not fields["bucket"].isEnabled()
    assert fields["bucket"].text() == "races"
    assert "R2_BUCKET" in fields["bucket"].toolTip()
    assert not page.test_button.isEnabled()
    assert not page.remove_button.isVisible()
    assert page.fields.secret.isEnabled()


def test_each_kind_has_its_fields(targets: TargetsWindow) -> None:
    fields = targets.page.fields
    targets.choose(TEAM.name)
    assert fields.texts["account_id"].isVisible()
    assert fields.secret.isVisible()
    assert not fields.texts["folder"].isVisible()
    assert not fields.texts["input_prefix"].isVisible()
    targets.choose(USB.name)
    assert fields.texts["folder"].text() == "/media/pit"
    assert not fields.secret.isVisible()
    assert not fields.ttl.isVisible()
    assert not targets.page.rules.isVisible()
    targets.add()
    assert fields.kind.isEnabled()
    fields.kind.setCurrentIndex(fields.kind.findData("s3"))
    fields.kind.activated.emit(fields.kind.currentIndex())
    assert fields.texts["region"].text() == "us-east-1"
    assert fields.texts["output_prefix"].text() == "output/"
    assert fields.token.isVisible()


def test_arrows_choose(qtbot: QtBot, targets: TargetsWindow) -> None:
    targets.list.setFocus()
    qtbot.keyClick(targets.list, Qt.Key.Key_Down)
    assert targets.page.title.whole == TEAM.name
    qtbot.keyClick(targets.list, Qt.Key.Key_Down)
    assert targets.page.title.whole == USB.name


def test_without_any_a_new_one_is_begun(qtbot: QtBot, desk: FakeTargetDesk, theme: Theme) -> None:
    desk.list = TargetList()
    window = TargetsWindow(desk, theme)
    qtbot.addWidget(window)
    window.show()
    assert window.page.title.whole == "New target"
    assert not window.page.save_button.isEnabled()


# -- filling in -----------------------------------------------------------------------------------


def test_a_bucket_is_added_with_its_secret(
    qtbot: QtBot, targets: TargetsWindow, desk: FakeTargetDesk
) -> None:
    targets.add_button.click()
    page = targets.page
    fill_in(qtbot, targets, name="Race week")
    assert page.note.text() == "Still to be filled in: Account id, Bucket, Access key id."
    fill_in(qtbot, targets, account_id="0123", bucket="stops", access_key_id="key-9")
    type_into(qtbot, page.fields.secret, SECRET)
    assert page.fields.secret.echoMode() is QLineEdit.EchoMode.Password
    assert page.save_button.isEnabled()
    qtbot.keyClick(targets, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    target = Target("Race week", TargetKind.R2, "stops", "0123", access_key_id="key-9")
    assert saved(desk) == [(target, SECRET, "", "")]
    assert page.title.whole == "Race week"
    assert page.fields.secret.text() == ""
    assert targets.form.secret == ""
    assert page.fields.secret.placeholderText() == "Kept; type to replace it"
    assert "keyring" in page.fields.secret_note.whole
    assert not page.save_button.isEnabled()


def test_a_secret_that_is_kept_for_this_run_only_is_told(
    qtbot: QtBot, targets: TargetsWindow, desk: FakeTargetDesk
) -> None:
    desk.note = "This system offers no keyring. The secret is known until the program ends."
    targets.choose(TEAM.name)
    type_into(qtbot, targets.page.fields.secret, SECRET)
    targets.page.save_button.click()
    assert "until the program ends" in targets.banner.text.text()


def test_the_secret_of_the_environments_target_is_kept_alone(
    qtbot: QtBot, targets: TargetsWindow, desk: FakeTargetDesk
) -> None:
    type_into(qtbot, targets.page.fields.secret, SECRET)
    targets.page.save_button.click()
    assert ("set_secret", (BEGUN.name, SECRET, "")) in desk.asked


def test_a_secret_is_forgotten(targets: TargetsWindow, desk: FakeTargetDesk) -> None:
    targets.choose(TEAM.name)
    targets.page.fields.forget_button.click()
    assert ("forget_secret", TEAM.name) in desk.asked


def test_a_target_is_renamed_and_its_values_checked(
    qtbot: QtBot, targets: TargetsWindow, desk: FakeTargetDesk
) -> None:
    targets.choose(TEAM.name)
    fill_in(qtbot, targets, endpoint="ftp://x")
    assert "endpoint must look like" in targets.page.note.text()
    assert not targets.page.save_button.isEnabled()
    fill_in(qtbot, targets, endpoint="https://eu.example.com", name="Team EU")
    targets.page.fields.retention.setValue(30)
    targets.page.save_button.click()
    target = replace(TEAM, name="Team EU", endpoint="https://eu.example.com", retention_days=30)
    assert saved(desk) == [(target, "", "", TEAM.name)]


def test_a_folder_is_chosen(
    qtbot: QtBot, targets: TargetsWindow, desk: FakeTargetDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/media/nas")
    targets.add()
    kind = targets.page.fields.kind
    kind.setCurrentIndex(kind.findData("folder"))
    kind.activated.emit(kind.currentIndex())
    fill_in(qtbot, targets, name="NAS")
    targets.page.fields.folder_button.click()
    targets.page.save_button.click()
    assert saved(desk) == [
        (Target("NAS", TargetKind.FOLDER, folder=Path("/media/nas")), "", "", "")
    ]


def test_what_was_typed_is_not_lost_unasked(
    qtbot: QtBot, targets: TargetsWindow, desk: FakeTargetDesk, leaves: list[bool]
) -> None:
    targets.choose(TEAM.name)
    fill_in(qtbot, targets, bucket="other")
    leaves.append(False)
    targets.list.setCurrentIndex(targets.rows.index(2))
    assert targets.page.title.whole == TEAM.name
    assert targets.list.currentIndex().row() == 1
    targets.close()
    assert targets.isVisible()
    desk.request_list()  # news of the same target
    assert targets.page.fields.texts["bucket"].text() == "other"
    targets.page.revert_button.click()
    assert targets.page.fields.texts["bucket"].text() == "races"
    fill_in(qtbot, targets, bucket="other")
    leaves.append(True)
    targets.list.setCurrentIndex(targets.rows.index(2))
    assert targets.page.title.whole == USB.name


def test_a_target_is_removed(
    targets: TargetsWindow, desk: FakeTargetDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codefx_desktop.ui.target_page.ask_remove_target", lambda *_: True)
    targets.choose(TEAM.name)
    targets.page.remove_button.click()
    assert ("remove", TEAM.name) in desk.asked
    assert targets.rows.find(TEAM.name) < 0
    assert targets.page.title.whole == BEGUN.name


# -- the connection -------------------------------------------------------------------------------


def test_a_connection_is_tested_step_by_step(targets: TargetsWindow, desk: FakeTargetDesk) -> None:
    targets.choose(TEAM.name)
    page = targets.page
    page.test_button.click()
    assert desk.asked[-1] == ("test", (TEAM, "", ""))
    assert page.check.summary.text() == "Testing…"
    clock = CheckStep(CheckName.CLOCK, CheckState.PASSED, 52.4, "The clock is 72 seconds slow.")
    desk.check.emit(TargetCheck(TEAM.name, (clock,)))
    assert page.check.steps == ["Clock: passed · 52 ms: The clock is 72 seconds slow."]
    put = CheckStep(CheckName.PUT, CheckState.FAILED, 61, "The secret does not fit.")
    read = CheckStep(CheckName.READ, CheckState.SKIPPED)
    desk.check.emit(TargetCheck(TEAM.name, (clock, put, read), is_over=True))
    assert page.check.summary.text() == "It cannot be pushed to as it is."
    assert page.check.steps[1:] == [
        "Put a test object: failed · 61 ms: The secret does not fit.",
        "Read it back: skipped",
    ]
    desk.check.emit(TargetCheck(TEAM.name, (clock,), is_over=True))
    assert page.check.summary.text() == "Everything works (52 ms)."
    targets.choose(USB.name)
    assert not page.check.isVisible()
    assert ("stop_test", None) in desk.asked


def test_what_is_typed_is_tested_before_it_is_kept(
    qtbot: QtBot, targets: TargetsWindow, desk: FakeTargetDesk
) -> None:
    targets.choose(TEAM.name)
    fill_in(qtbot, targets, bucket="other")
    type_into(qtbot, targets.page.fields.secret, SECRET)
    targets.page.test_button.click()
    assert desk.asked[-1] == ("test", (replace(TEAM, bucket="other"), SECRET, ""))
    desk.trouble.emit("test", "The keyring is locked.")
    assert targets.banner.text.text() == "The keyring is locked."
    assert not targets.page.check.isVisible()


# -- what the bucket deletes by itself ------------------------------------------------------------


def test_rules_are_shown_applied_after_asking_and_exported(
    targets: TargetsWindow, desk: FakeTargetDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []

    def ask(_name: str, days: int | None, _parent: object) -> bool:
        asked.append(days)
        return len(asked) > 1

    monkeypatch.setattr("codefx_desktop.ui.target_page.ask_set_rules", ask)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/media/rules.json", ""))
    targets.choose(TEAM.name)
    rules = targets.page.rules
    rules.look_button.click()
    assert desk.asked[-1] == ("request_lifecycle", TEAM.name)
    abort = LifecycleRule("codefx-abort-jobs", "jobs/", abort_days=1)
    expire = LifecycleRule("codefx-expire-jobs", "jobs/", expire_days=7)
    foreign = LifecycleRule("old", "", expire_days=3)
    desk.lifecycle.emit(LifecycleView(TEAM.name, "R2 bucket", (abort, expire), (abort, foreign)))
    text = rules.text.text()
    assert "unfinished uploads under “jobs/” are dropped after 1 day" in text
    assert "Wanted and not set:\n• objects under “jobs/” are deleted after 7 days" in text
    assert "sooner than you want:\n• objects under everywhere are deleted after 3 days" in text
    rules.apply_button.click()
    assert desk.asked[-1][0] != "set_lifecycle"  # the answer was no
    rules.apply_button.click()
    assert desk.asked[-1] == ("set_lifecycle", (TEAM.name, True))
    rules.expire.setChecked(False)
    rules.apply_button.click()
    assert asked == [7, 7, None]
    assert desk.asked[-1] == ("set_lifecycle", (TEAM.name, False))
    rules.export_button.click()
    assert desk.asked[-1] == ("export_lifecycle", (TEAM.name, Path("/media/rules.json"), False))
    assert rules.text.text() == "Written: /media/rules.json"


def test_a_bucket_that_tells_no_rules_says_why(
    targets: TargetsWindow, desk: FakeTargetDesk
) -> None:
    targets.choose(TEAM.name)
    abort = LifecycleRule("codefx-abort-jobs", "jobs/", abort_days=1)
    view = LifecycleView(TEAM.name, "R2 bucket", (abort,), None, "The key may not read rules.")
    desk.lifecycle.emit(view)
    assert targets.page.rules.text.text().startswith("The key may not read rules.\nWanted:")
    desk.trouble.emit("request_lifecycle", "Nobody answers.")
    assert targets.page.rules.text.text() == "Nobody answers."


# -- looks ----------------------------------------------------------------------------------------


def test_every_control_has_a_name(targets: TargetsWindow) -> None:
    controls = targets.findChildren(QAbstractButton)
    assert controls
    assert not [one for one in controls if not (one.text() or one.accessibleName())]
    fields = [one for one in targets.findChildren(QLineEdit) if one.parent() is not None]
    named = [one for one in fields if one.objectName() != "qt_spinbox_lineedit"]
    assert all(one.accessibleName() for one in named)


@pytest.mark.dressed
@pytest.mark.parametrize("name", ["dark", "light", "sunlight"])
def test_it_is_painted_in_every_theme(
    targets: TargetsWindow, desk: FakeTargetDesk, theme: Theme, name: str
) -> None:
    theme.set(name)
    targets.choose(TEAM.name)
    step = CheckStep(CheckName.PUT, CheckState.FAILED, 61, "No.")
    desk.check.emit(TargetCheck(TEAM.name, (step,), is_over=True))
    assert not targets.grab().isNull()
