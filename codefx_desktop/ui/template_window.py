"""The templates of stops: which there are, and a person's own as JSON, checked while typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.settings.named_entries import same_name
from codefx_desktop.settings.templates import BUILT_IN_NAMES
from codefx_desktop.ui.dialogs import ask_delete_template, ask_leave_template
from codefx_desktop.ui.icons import refresh, wear
from codefx_desktop.ui.models.camera_form import free_name
from codefx_desktop.ui.widgets import resize_within_screen, row_layout, tool_button, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QShowEvent

    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.jobs.camera_desk import CameraDesk
    from codefx_desktop.jobs.camera_values import CameraList, TemplateCheck
    from codefx_desktop.ui.theme import Theme

SIZE: Final = QSize(980, 680)
CHECK_MS: Final = 250
"""So long after the last key the text is checked."""
BUILT_IN: Final = "Comes with the program and stays as it is: copy it to make one of your own."
FINE: Final = "Can be used."


class TemplateWindow(QDialog):
    """All templates in a list, the chosen one as a text.

    Args:
        desk: Keeps and checks templates.
        theme: The theme.
        parent: The window it belongs to.
    """

    def __init__(self, desk: CameraDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self._templates: tuple[StopTemplate, ...] = ()
        self._chosen, self._wanted = "", ""
        self._clean = ""
        self._saving = self._deleting = ""
        self._is_loading = False
        self._check: TemplateCheck | None = None
        self.setWindowTitle("Templates of stops")
        self.setMinimumSize(700, 440)
        self.list = QListWidget()
        self.list.setAccessibleName("Templates")
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Template as JSON")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.line = wrapped("", "muted")
        self.copy_button = QPushButton("Copy as my own")
        self.save_button = QPushButton("Save")
        self.save_button.setProperty("primary", True)
        self.delete_button = tool_button("trash", "Delete this template", theme)
        for button in (self.copy_button, self.save_button):
            button.setAutoDefault(False)
        wear(self.copy_button, "copy", theme)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(CHECK_MS)
        self._lay_out()
        self._listen()
        self._show_state()
        resize_within_screen(self, SIZE)

    def choose(self, name: str) -> None:
        """Show the template of a name, as soon as it is known."""
        found = self._find(name)
        if found is None:
            self._wanted = name
        elif not same_name(name, self._chosen) and self._may_leave():
            self._load(found, found.name)

    def save(self) -> None:
        """Keep the text as an own template, if it can be."""
        if self._check is not None and self._check.template is not None and self._can_save:
            self._saving = self._check.text
            self._desk.save_template(self._check.template)

    def copy(self) -> None:
        """Begin an own template that is like the chosen one."""
        chosen = self._find(self._chosen)
        if chosen is not None and self._may_leave():
            name = free_name((one.name for one in self._templates), f"My {chosen.name}")
            self._ask_text(chosen, name, "")
            self.text.setFocus()

    # -- building -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.list, 1)
        column.addWidget(self.copy_button)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.text, 1)
        row = row_layout(self.line, self.delete_button, self.save_button)
        row.setStretch(0, 1)
        column.addLayout(row)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(side)
        parts.addWidget(page)
        parts.setStretchFactor(1, 1)
        parts.setSizes([250, SIZE.width() - 250])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def _listen(self) -> None:
        desk = self._desk
        desk.listed.connect(self._on_list)
        desk.template_text.connect(self._on_text)
        desk.checked.connect(self._on_check)
        desk.template_saved.connect(self._on_saved)
        desk.trouble.connect(self._on_trouble)
        self.list.currentRowChanged.connect(self._on_row)
        self.text.textChanged.connect(self._on_typed)
        self._due.timeout.connect(lambda: desk.request_check(self.text.toPlainText()))
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.save)
        self.delete_button.clicked.connect(self._delete)
        QShortcut(QKeySequence.StandardKey.Save, self, self.save)
        self._theme.changed.connect(lambda: refresh(self, self._theme))

    # -- what is shown ------------------------------------------------------------------------

    @property
    def _is_built_in(self) -> bool:
        return any(same_name(self._chosen, name) for name in BUILT_IN_NAMES)

    @property
    def _is_changed(self) -> bool:
        return not self._is_built_in and self.text.toPlainText() != self._clean

    @property
    def _can_save(self) -> bool:
        is_checked = self._check is not None and self._check.text == self.text.toPlainText()
        return is_checked and not self._trouble and (self._is_changed or not self._chosen)

    @property
    def _trouble(self) -> str:
        check = self._check
        if check is None or check.template is None:
            return check.trouble if check is not None else ""
        if any(same_name(check.template.name, name) for name in BUILT_IN_NAMES):
            return f"{check.template.name} is a built-in template: choose another name."
        return ""

    def _show_state(self) -> None:
        # What would be typed until another text is there would be gone with the one before.
        read_only = self._is_built_in or self._is_loading or not self.text.toPlainText()
        self.text.setReadOnly(read_only)
        self.copy_button.setEnabled(bool(self._chosen))
        self.save_button.setVisible(not self._is_built_in)
        self.save_button.setEnabled(self._can_save)
        self.delete_button.setVisible(bool(self._chosen) and not self._is_built_in)
        self._say(BUILT_IN if self._is_built_in else self._trouble or (FINE if self._check else ""))
        self._mark()

    def _say(self, text: str) -> None:
        is_fault = bool(self._trouble) and not self._is_built_in
        name = "fault" if is_fault else "muted"
        if self.line.objectName() != name:
            self.line.setObjectName(name)
            self.line.style().polish(self.line)
        self.line.setText(text)

    def _mark(self) -> None:
        names = [one.name for one in self._templates]
        row = names.index(self._chosen) if self._chosen in names else -1
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)

    def _load(self, template: StopTemplate, name: str) -> None:
        self._ask_text(template, name, name)

    def _ask_text(self, template: StopTemplate, name: str, chosen: str) -> None:
        self._chosen, self._is_loading = chosen, True
        self._desk.request_template_text(template, name)
        self._show_state()

    def _find(self, name: str) -> StopTemplate | None:
        return next((one for one in self._templates if same_name(one.name, name)), None)

    def _may_leave(self) -> bool:
        return not self._is_changed or ask_leave_template(self)

    # -- what is done and answered ------------------------------------------------------------

    def _on_row(self, row: int) -> None:
        template = self._templates[row] if 0 <= row < len(self._templates) else None
        if template is not None and self._may_leave():
            self._load(template, template.name)
        else:
            self._mark()

    def _on_list(self, found: CameraList) -> None:
        self._templates = found.templates
        self.list.blockSignals(True)
        self.list.clear()
        for one in found.templates:
            self.list.addItem(f"{one.label}\n{one.name}{'' if one.is_own else ' · built in'}")
        self.list.blockSignals(False)
        if self._deleting and self._find(self._deleting) is None:
            # Another may have been chosen since: its text stays.
            if same_name(self._deleting, self._chosen):
                self._chosen = self._clean = ""
                self._check = None
                self.text.clear()
            self._deleting = ""
        wanted, self._wanted = self._wanted, ""
        chosen = self._find(wanted) if wanted else None
        if chosen is None and not self.text.toPlainText() and found.templates:
            chosen = found.templates[0]
        if chosen is not None and self._may_leave():
            self._load(chosen, chosen.name)
        self._show_state()

    def _on_text(self, text: str) -> None:
        self._clean, self._check = (text if self._chosen else ""), None
        self._is_loading = False
        self.text.setPlainText(text)
        self._desk.request_check(text)
        self._show_state()

    def _on_typed(self) -> None:
        self.save_button.setEnabled(False)
        self._due.start()

    def _on_check(self, check: TemplateCheck) -> None:
        if check.text == self.text.toPlainText():
            self._check = check
            self._show_state()

    def _on_saved(self, name: str) -> None:
        """Take note of what was saved; more may have been typed meanwhile."""
        self._chosen, self._clean = name, self._saving
        self._show_state()

    def _on_trouble(self, what: str, why: str) -> None:
        if what == "request_template_text":
            self._is_loading = False
            self._show_state()
        if what == "delete_template":
            self._deleting = ""
        if what in ("save_template", "delete_template", "request_template_text"):
            self.line.setText(why)

    def _delete(self) -> None:
        if self._chosen and ask_delete_template(self._chosen, self):
            self._deleting = self._chosen
            self._desk.delete_template(self._chosen)

    # -- events -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look again which templates there are."""
        super().showEvent(event)
        self._desk.request_list()

    def reject(self) -> None:
        """Close with Escape, unless something typed would be lost."""
        if self._may_leave():
            self.forget()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, unless something typed would be lost."""
        if self._may_leave():
            self.forget()
            event.accept()
        else:
            event.ignore()

    def forget(self) -> None:
        """Let go of what is not saved."""
        if self._is_changed:
            self.text.setPlainText(self._clean)
