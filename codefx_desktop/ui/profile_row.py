"""The profile: chosen from a list, saved under a name, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.plan import MAX_PROFILE_CHARS
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, tool_button, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.profile_form import ProfileForm
    from codefx_desktop.ui.theme import Theme


class ProfileRow(QWidget):
    """All profiles in a list, what became of the chosen one, and what can be done with it.

    Args:
        form: The profiles.
        theme: The theme.
    """

    def __init__(self, form: ProfileForm, theme: Theme) -> None:
        super().__init__()
        self._form = form
        self.box = QComboBox()
        self.box.setAccessibleName("Profile")
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(18)
        label = QLabel("&Profile")
        label.setBuddy(self.box)
        self.save_button = QPushButton("Sa&ve as profile…")
        self.save_button.setAutoDefault(False)
        self.delete_button = tool_button("trash", "Delete this profile", theme)
        self.trouble = ElidedLabel()
        self.naming: ProfileNameDialog | None = None
        row = row_layout(label, self.box, self.save_button, self.delete_button)
        row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.trouble)
        self.box.activated.connect(self._on_chosen)
        self.save_button.clicked.connect(self.ask_for_name)
        self.delete_button.clicked.connect(form.delete)
        form.changed.connect(self._show)
        self._show()

    def ask_for_name(self) -> None:
        """Let the person name the profile that the switches make."""
        self.naming = ProfileNameDialog(self._form, self)
        self.naming.open()

    def _on_chosen(self, place: int) -> None:
        if place < len(self._form.profiles):
            self._form.choose(self._form.profiles[place])

    def _show(self) -> None:
        form = self._form
        titles = [profile.title for profile in form.profiles]
        if form.is_changed:
            titles.append(f"Changed from {form.chosen.title}")
        if titles != [self.box.itemText(place) for place in range(self.box.count())]:
            self.box.clear()
            self.box.addItems(titles)
        place = len(titles) - 1 if form.is_changed else form.profiles.index(form.chosen)
        self.box.setCurrentIndex(place)
        self.save_button.setEnabled(form.can_save and (form.is_changed or form.chosen.is_own))
        self.delete_button.setVisible(form.chosen.is_own)
        self.delete_button.setToolTip(f"Delete the profile {form.chosen.title}")
        self.trouble.say(form.trouble)
        self.trouble.setVisible(bool(form.trouble))


class ProfileNameDialog(QDialog):
    """Asks what a profile is to be called, and says what hinders it.

    Args:
        form: Saves it.
        parent: Over which the dialog stands.
    """

    def __init__(self, form: ProfileForm, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self.setWindowTitle("Save as profile")
        self.setMinimumWidth(380)
        self.name = QLineEdit(form.chosen.name if form.chosen.is_own else "")
        self.name.setMaxLength(MAX_PROFILE_CHARS)
        self.name.setAccessibleName("Name of the profile")
        self.name.selectAll()
        label = QLabel("&Name")
        label.setBuddy(self.name)
        self.line = wrapped("", "muted")
        buttons = QDialogButtonBox()
        self.save_button = QPushButton("Save")
        self.save_button.setProperty("primary", True)
        self.save_button.setDefault(True)
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        row = row_layout(label, self.name)
        row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.line)
        column.addWidget(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._show)
        self._show()

    def accept(self) -> None:
        """Save, if the name can be used."""
        name = self.name.text().strip()
        if self._form.name_trouble(name):
            return
        self._form.save(name)
        super().accept()

    def _show(self) -> None:
        name = self.name.text().strip()
        trouble = self._form.name_trouble(name)
        replaced = self._form.replaces(name)
        if not name:
            text = "All switches and their settings are kept under this name."
        elif replaced is not None:
            text = f"Replaces the profile {replaced.name}."
        else:
            text = trouble or "Can be used in the terminal too, by this name."
        self.line.setText(text)
        self.save_button.setEnabled(not trouble)
