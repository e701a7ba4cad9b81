"""Small dialogs: keys, about, and the questions before something is lost."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop import __version__
from codefx_desktop.settings.weights import DEMO_NOTICE
from codefx_desktop.ui.models import model_words
from codefx_desktop.ui.models.facts import deletion_text
from codefx_desktop.ui.models.machine import OFFLINE_WHY
from codefx_desktop.ui.widgets import section, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.models import Model
    from codefx_desktop.settings.paths import AppPaths


LICENCE = (
    "Free software under the GNU Affero General Public License, version 3. It comes without any "
    "warranty. The detector library (Ultralytics) is under the same licence."
)


class AboutDialog(QDialog):
    """Version, licence, the demo model, where data lies.

    Args:
        paths: The app's folders.
        parent: The window.
    """

    def __init__(self, paths: AppPaths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About CodeFx Desktop")
        title = QLabel("CodeFx Desktop")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        title.setFont(font)
        picture = QLabel()
        picture.setPixmap(parent.windowIcon().pixmap(56, 56))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(picture)
        column.addWidget(title)
        column.addWidget(
            wrapped(f"Version {__version__}. Takes pit stops apart on video.", "muted")
        )
        for heading, text in (
            ("Licence", LICENCE),
            ("Demo model", DEMO_NOTICE),
            ("Your footage", OFFLINE_WHY),
            ("Data folder", str(paths.data)),
        ):
            column.addSpacing(4)
            column.addWidget(section(heading))
            column.addWidget(wrapped(text))
        column.addSpacing(8)
        column.addWidget(_close_box(self))
        self.setFixedWidth(480)
        self.resize(480, column.heightForWidth(480))


def ask_delete(record: JobRecord, parent: QWidget) -> bool:
    """Ask before a job is deleted; say which files go and that the footage stays."""
    question, detail = deletion_text(record)
    return _ask(parent, "Delete job", question, detail, "Delete")


class DeleteChoice(Enum):
    """What of a pushed job is to go."""

    NOTHING = "nothing"
    HERE = "here"
    EVERYWHERE = "everywhere"


def ask_delete_pushed(record: JobRecord, places: Sequence[str], parent: QWidget) -> DeleteChoice:
    """Ask before a job is deleted that targets have, too; they keep it unless that is ticked."""
    question, detail = deletion_text(record)
    box = _box(parent, "Delete job", question, detail)
    also = QCheckBox(f"Also delete it in {' and '.join(places)}")
    box.setCheckBox(also)
    if not _is_agreed(box, "Delete"):
        return DeleteChoice.NOTHING
    return DeleteChoice.EVERYWHERE if also.isChecked() else DeleteChoice.HERE


def ask_remove_model(model: Model, parent: QWidget) -> bool:
    """Ask before a weights file is removed; say what that means for jobs."""
    question, detail = model_words.removal(model)
    return _ask(parent, "Remove model", question, detail, "Remove")


def ask_remove_target(name: str, parent: QWidget) -> bool:
    """Ask before a target is forgotten."""
    detail = "Its secret is forgotten, too. What was pushed there stays there."
    return _ask(parent, "Remove target", f"Remove the target “{name}”?", detail, "Remove")


def ask_leave_target(name: str, parent: QWidget) -> bool:
    """Ask before what was typed for a target is lost."""
    shown = f"“{name}”" if name else "the new target"
    detail = "What you typed there is not kept yet."
    return _ask(parent, "Targets", f"Leave {shown} without saving?", detail, "Leave")


def ask_leave_camera(name: str, parent: QWidget) -> bool:
    """Ask before what was drawn or typed for a camera is lost."""
    shown = f"“{name}”" if name else "the new camera"
    detail = "What you drew and typed there is not saved yet."
    return _ask(parent, "Cameras and zones", f"Leave {shown} without saving?", detail, "Leave")


def ask_delete_camera(name: str, parent: QWidget) -> bool:
    """Ask before a camera profile is deleted."""
    detail = "Jobs that were run with it keep what they had of it."
    return _ask(parent, "Delete camera", f"Delete the camera “{name}”?", detail, "Delete")


def ask_leave_template(parent: QWidget) -> bool:
    """Ask before what was typed for a template is lost."""
    detail = "What you typed there is not saved yet."
    return _ask(parent, "Templates", "Leave the template without saving?", detail, "Leave")


def ask_delete_template(name: str, parent: QWidget) -> bool:
    """Ask before an own template is deleted."""
    detail = "Jobs that were run with it keep it."
    return _ask(parent, "Delete template", f"Delete the template “{name}”?", detail, "Delete")


def ask_set_rules(name: str, days: int | None, parent: QWidget) -> bool:
    """Ask before a bucket's rules are written; say what they will delete."""
    detail = "Uploads that never ended are dropped. Rules of others stay as they are."
    if days is not None:
        told = "1 day" if days == 1 else f"{days} days"
        detail = (
            f"The bucket then deletes pushed results after {told}, also those that were pushed "
            f"before. {detail}"
        )
    return _ask(parent, "Bucket rules", f"Write the rules into “{name}”?", detail, "Apply")


def ask_quit(parent: QWidget) -> bool:
    """Ask before a running job is ended by quitting."""
    return _ask(
        parent,
        "Quit",
        "A job is running. Quit and cancel it?",
        "It can be run again from the history. Waiting jobs stay in the queue.",
        "Quit",
    )


def _ask(parent: QWidget, title: str, question: str, detail: str, yes: str) -> bool:
    return _is_agreed(_box(parent, title, question, detail), yes)


def _box(parent: QWidget, title: str, question: str, detail: str) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(detail)
    return box


def _is_agreed(box: QMessageBox, yes: str) -> bool:
    """Show a question; return whether the answer is the one that does it."""
    button = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    return box.clickedButton() is button


def _close_box(dialog: QDialog) -> QDialogButtonBox:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.rejected.connect(dialog.reject)
    return box
