"""A window whose job can be pushed, and what tests of it have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from PySide6.QtCore import Qt

from codefx_desktop.domain.job import JobStatus, OutputFile
from codefx_desktop.jobs.target_values import TargetList

if TYPE_CHECKING:
    from pathlib import Path

    from gui.fake_hub import FakeHub
    from gui.fake_push import FakePushDesk
    from gui.fake_targets import FakeTargetDesk

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(window: MainWindow, hub: FakeHub) -> FakePushDesk:
    assert hub.pushing is not None
    return hub.pushing


@pytest.fixture
def targets(window: MainWindow, hub: FakeHub) -> FakeTargetDesk:
    """Two targets that are ready."""
    assert hub.targets is not None
    hub.targets.list = TargetList(hub.targets.list.rows[1:])
    hub.targets.request_list()
    return hub.targets


@pytest.fixture
def job(window: MainWindow, tmp_path: Path) -> JobRecord:
    """A complete job in focus."""
    return complete(window, "job-1", tmp_path)


def complete(window: MainWindow, job_id: str, folder: Path) -> JobRecord:
    output = OutputFile(folder / "a.mp4", 24_400_000, "ab" * 32)
    job = record(f"{job_id}.mp4", id=job_id, status=JobStatus.COMPLETE, output=output)
    window.book.know(job)
    window.selection.choose(job_id)
    return job


def dialog_of(window: MainWindow, kind: type) -> object:
    dialog = window.pushing.dialog
    assert isinstance(dialog, kind)
    assert dialog.isVisible()
    return dialog
