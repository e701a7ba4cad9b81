"""What tests of exports share: jobs that have something to export, and their dialog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gui.browsing import JOB
from PySide6.QtCore import QPoint, Qt

from codefx_desktop.domain.job import JobRecord, JobSpec
from codefx_desktop.domain.plan import EVERYTHING

if TYPE_CHECKING:
    import pytest
    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.export_sheet import ExportSheet
    from codefx_desktop.ui.main_window import MainWindow

WHOLE: JobRecord = replace(JOB, spec=JobSpec(plan=EVERYTHING.plan), stop_count=1)
"""A complete job that looked for everything and has artifacts."""


LEFT = Qt.MouseButton.LeftButton
USB = Path("/media/usb")
REPORT = WHOLE.job_dir / "report"


def tick(qtbot: QtBot, button: QAbstractButton) -> None:
    """Click on the mark: beyond its words a wide one takes no clicks."""
    qtbot.mouseClick(button, LEFT, pos=QPoint(8, button.height() // 2))


def folders_asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer every question for a folder with the same one; return where each began."""
    asked: list[str] = []

    def answer(_parent: object, _title: str, where: str) -> str:
        asked.append(where)
        return str(USB)

    monkeypatch.setattr("codefx_desktop.ui.export_sheet.QFileDialog.getExistingDirectory", answer)
    return asked


def opened(window: MainWindow, job: JobRecord = WHOLE) -> ExportSheet:
    """Show a job and its export dialog, as a person does from the menu."""
    window.book.know(job)
    window.selection.choose(job.id)
    window.exports.action.trigger()
    return window.exports.dialogs[job.id]
