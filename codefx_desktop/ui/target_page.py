"""One target: its fields, the test of its connection, the rules of its bucket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.domain.target import TargetKind
from codefx_desktop.ui.dialogs import ask_remove_target, ask_set_rules
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.lifecycle_box import LifecycleBox
from codefx_desktop.ui.model_parts import boxed, heading, scrolled
from codefx_desktop.ui.models import target_words
from codefx_desktop.ui.target_check_box import TargetCheckBox
from codefx_desktop.ui.target_fields import TargetFields
from codefx_desktop.ui.widgets import row_layout, section, wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.target_desk import TargetDesk
    from codefx_desktop.jobs.target_values import LifecycleView, TargetCheck
    from codefx_desktop.ui.models.target_form import TargetForm
    from codefx_desktop.ui.theme import Theme

LOCKED = "The environment or the settings file makes this target. Only its secret is entered here."


class TargetPage(QWidget):
    """Shows and changes one target.

    Args:
        form: What is filled in.
        desk: Keeps, tests and asks.
        theme: The theme.
    """

    revert_wanted = Signal()

    def __init__(self, form: TargetForm, desk: TargetDesk, theme: Theme) -> None:
        super().__init__()
        self._form, self._desk = form, desk
        self.fields = TargetFields(form)
        self.check = TargetCheckBox(theme)
        self.rules = LifecycleBox()
        self.save_button = self._button("Save")
        self.save_button.setProperty("primary", True)
        self.revert_button = self._button("Revert")
        self.test_button = self._button("Test connection")
        wear(self.test_button, "check", theme)
        self.remove_button = self._button("Remove…")
        wear(self.remove_button, "trash", theme)
        self._lay_out()
        self._listen()
        self.show_form()

    def forget(self) -> None:
        """Let go of what was tried with another target."""
        self._desk.stop_test()
        self.check.clear()
        self.rules.clear()

    # -- building -----------------------------------------------------------------------------

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        self.title = heading()
        self.locked = wrapped(LOCKED, "muted")
        self.note = wrapped()
        self.note_box = boxed("noteBox", self.note)
        self.rules_title = section("What the bucket deletes by itself")
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.locked)
        column.addWidget(self.note_box)
        column.addWidget(self.fields)
        buttons = row_layout(self.save_button, self.revert_button, self.test_button)
        buttons.addStretch(1)
        buttons.addWidget(self.remove_button)
        column.addLayout(buttons)
        column.addWidget(self.check)
        column.addSpacing(8)
        column.addWidget(self.rules_title)
        column.addWidget(self.rules)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = scrolled(column)
        whole.addWidget(self.area)

    def _listen(self) -> None:
        desk, form = self._desk, self._form
        form.changed.connect(self.show_form)
        self.save_button.clicked.connect(self.save)
        self.revert_button.clicked.connect(self.revert_wanted)
        self.test_button.clicked.connect(self.test)
        self.remove_button.clicked.connect(self._remove)
        self.fields.forget_wanted.connect(lambda: desk.forget_secret(form.was))
        self.rules.look_wanted.connect(self._look)
        self.rules.apply_wanted.connect(self._apply)
        self.rules.export_wanted.connect(self._export)
        desk.check.connect(self._on_check)
        desk.lifecycle.connect(self._on_rules)

    # -- what is shown ------------------------------------------------------------------------

    def show_form(self) -> None:
        """Show what is filled in and what can be done with it."""
        form = self._form
        self.title.say(form.was or "New target")
        self.locked.setVisible(form.is_locked)
        note = self._note()
        self.note.setText(note)
        self.note_box.setVisible(bool(note))
        can_save = form.is_changed and not form.trouble
        self.save_button.setEnabled(can_save and (not form.is_locked or bool(form.secret)))
        self.revert_button.setVisible(form.is_changed)
        self.test_button.setEnabled(not form.trouble and not form.missing)
        self.remove_button.setVisible(form.row is not None and not form.is_locked)
        has_rules = form.kind is not TargetKind.FOLDER and form.row is not None
        for widget in (self.rules_title, self.rules):
            widget.setVisible(has_rules)
        self.rules.allow(form.row is not None and form.row.is_ready and not form.is_changed)

    def _note(self) -> str:
        form = self._form
        if form.is_changed:
            if form.trouble:
                return form.trouble if form.texts.get("name") else ""
            return f"Still to be filled in: {form.missing}." if form.missing else ""
        return target_words.lacks(form.row) if form.row is not None else ""

    def _on_check(self, check: TargetCheck) -> None:
        shown = self._form.was or self._form.texts.get("name", "").strip()
        if check.target == shown or not self._form.was:
            self.check.show_check(check)
            if check.is_over:  # once it has its height
                QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.check))

    def _on_rules(self, view: LifecycleView) -> None:
        if view.target == self._form.was:
            self.rules.show_rules(view)

    # -- what a person does -------------------------------------------------------------------

    def save(self) -> None:
        """Keep what was filled in."""
        form = self._form
        if not self.save_button.isEnabled():
            return
        if form.is_locked:
            self._desk.set_secret(form.was, form.secret, form.session_token)
        else:
            self._desk.save(form.target(), form.secret, form.session_token, was=form.was)

    def test(self) -> None:
        """Test the connection with what is filled in, kept or not."""
        if self.test_button.isEnabled():
            self.check.begin()
            form = self._form
            self._desk.test(form.target(), form.secret, form.session_token)

    def _remove(self) -> None:
        if ask_remove_target(self._form.was, self):
            self._desk.remove(self._form.was)

    def _look(self) -> None:
        self.rules.say("Asking the bucket…")
        self._desk.request_lifecycle(self._form.was)

    def _apply(self, expire: bool) -> None:
        days = self._form.numbers["retention_days"] if expire else None
        if ask_set_rules(self._form.was, days, self):
            self.rules.say("Writing the rules…")
            self._desk.set_lifecycle(self._form.was, expire=expire)

    def _export(self, expire: bool) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Export the rules", f"{self._form.was} lifecycle.json", "JSON (*.json)"
        )
        if name:
            self._desk.export_lifecycle(self._form.was, Path(name), expire=expire)
