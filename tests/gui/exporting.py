"""What tests of exports share: jobs that have something to export, and their dialog."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.browsing import JOB

from codefx_desktop.domain.job import JobRecord, JobSpec
from codefx_desktop.domain.plan import EVERYTHING

if TYPE_CHECKING:
    from codefx_desktop.ui.export_sheet import ExportSheet
    from codefx_desktop.ui.main_window import MainWindow

WHOLE: JobRecord = replace(JOB, spec=JobSpec(plan=EVERYTHING.plan), stop_count=1)
"""A complete job that looked for everything and has artifacts."""


def opened(window: MainWindow, job: JobRecord = WHOLE) -> ExportSheet:
    """Show a job and its export dialog, as a person does from the menu."""
    window.book.know(job)
    window.selection.choose(job.id)
    window.exports.action.trigger()
    return window.exports.dialogs[job.id]
