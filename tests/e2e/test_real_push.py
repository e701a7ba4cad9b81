"""The real program on a real (virtual) screen: a finished job goes to a drive, by hand."""

# ruff: noqa: F811 - the fixture is imported by its name

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from e2e.test_real_window import (
    HISTORY_TAB,
    REQUIRED,
    appear,
    bright_button,
    leave,
    program,
    screen,  # noqa: F401 - a fixture
    terminal,
    ticks,
)
from e2e.virtual_screen import XVFB, Screen, wait_for
from fakes import FakeVision
from pushed_samples import FILES, JOB, record_of
from runs import shop_with

from codefx_desktop.artifacts.job_json import write_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.settings.targets import save_target

if TYPE_CHECKING:
    from pathlib import Path

    from Xlib.xobject.drawable import Window

FIRST_ROW = (140, 150)
TITLE = "Push"

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        not REQUIRED and (XVFB is None or not sys.platform.startswith("linux")),
        reason="needs Xvfb (Debian's package xvfb)",
    ),
]


def prepare(folder: Path) -> Path:
    """Put a finished job into the history, and a target beside it; return the target's folder."""
    shop = shop_with(FakeVision())
    layout = JobLayout(shop.paths.data, JOB)
    clip, drive = folder / "lap12.mp4", folder / "drive"
    clip.write_bytes(b"clip" * 1000)
    drive.mkdir()
    record = record_of(layout, clip=clip)
    for rest, data in FILES.items():
        path = layout.dir / rest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    write_job_json(record, layout)
    shop.history.restore([record])
    shop.history.close()
    save_target(shop.paths, Target("Drive", TargetKind.FOLDER, folder=drive))
    return drive


def test_a_finished_job_goes_to_a_drive(screen: Screen, home: Path, tmp_path: Path) -> None:
    drive = prepare(tmp_path)
    with program(screen, home) as process:
        window = appear(screen, process)
        wait_for("the window drawn", lambda: bright_button(screen.picture(window))[2] > 80, 30)
        screen.click(window, *HISTORY_TAB)
        wait_for("the job in the history", lambda: ticks(screen, window), 30)
        dialog = ask_to_push(screen, window)
        wait_for("its button", lambda: bright_button(screen.picture(dialog))[2] > 50, 30)
        screen.press(dialog, "Return")
        manifest = drive / "jobs" / JOB / "manifest.json"
        wait_for("the manifest on the drive", manifest.is_file, 60)
        wait_for("all of it verified", lambda: state(home) == "pushed", 30)
        leave(screen, window, process)
    entries = json.loads(manifest.read_text("utf-8"))["entries"]
    there = {entry["key"]: (drive / entry["key"]).read_bytes() for entry in entries}
    for rest, data in FILES.items():
        assert there.get(f"jobs/{JOB}/{rest}", data) == data
    assert f"jobs/{JOB}/output/lap12_annotated.mp4" in there


def ask_to_push(screen: Screen, window: Window) -> Window:
    """Choose the job and ask for its push; again where the row was not there yet."""
    for _ in range(5):
        screen.click(window, *FIRST_ROW)
        screen.press(window, "Control_L", "u")
        with suppress(TimeoutError):
            wait_for("the push dialog", lambda: screen.window(TITLE) is not None, 5)
            break
    dialog = screen.window(TITLE)
    assert dialog is not None
    return dialog


def state(home: Path) -> str:
    """Return how the push stands, as the terminal tells it beside the open window."""
    pushes = json.loads(terminal(home, "outbox", "--json"))["pushes"]
    return str(pushes[0]["state"]) if pushes else ""
